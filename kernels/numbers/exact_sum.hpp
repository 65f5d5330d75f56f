// SPDX-License-Identifier: Apache-2.0
//
// Sums of doubles and of products of two doubles without any rounding, one number at a time. They decide where terms
// cancel by any amount. A sum is an integer of 140 digits of 32 bits (a superaccumulator after Kulisch), in units of
// 2^-2176, below the smallest product. Digits are kept in 64 bits, so that carries can wait for the end, for 2^30
// terms. The result does not depend on the order of the terms. Arrays whose index a compiler cannot know are the
// caller's: a device has no room for them but one that threads share.
#pragma once

#include <stdint.h>

#include "kernels/numbers/half.hpp"

#ifdef __CUDACC_RTC__
#define ACTBENCH_UNROLL _Pragma("unroll")
#define ACTBENCH_ROLLED _Pragma("unroll 1")
#else
#define ACTBENCH_UNROLL
#define ACTBENCH_ROLLED
#endif

namespace actbench::ACTBENCH_ISA {
namespace {

__extension__ typedef unsigned __int128 Wide;

/// ±bits·2^exponent, the top bit set unless all is 0; and something below that, of the same sign, where inexact.
struct Leading {
  bool negative;
  bool inexact;
  Wide bits;
  int exponent;
};

/// A finite double.
inline Leading leading_of(double a) {
  const uint64_t bits = __builtin_bit_cast(uint64_t, a) & ~(uint64_t{1} << 63);
  const int field = static_cast<int>(bits >> 52);
  const uint64_t fraction = bits & ((uint64_t{1} << 52) - 1);
  const uint64_t significand = field > 0 ? fraction | uint64_t{1} << 52 : fraction;
  if (significand == 0) return {__builtin_signbit(a) != 0, false, 0, 0};
  const int shift = 64 + __builtin_clzll(significand);
  return {__builtin_signbit(a) != 0, false, Wide{significand} << shift, (field > 0 ? field : 1) - 1075 - shift};
}

/// The product as a sum of two, the second beyond the first one's last bit.
struct LongProduct {
  Leading high, low;
};
inline LongProduct long_product(const Leading& a, const Leading& b) {
  const Wide mask = ~uint64_t{0};
  const Wide a1 = a.bits >> 64, a0 = a.bits & mask, b1 = b.bits >> 64, b0 = b.bits & mask;
  const Wide bottom = a0 * b0, first = a1 * b0 + (bottom >> 64), second = a0 * b1 + (first & mask);
  const Wide high = a1 * b1 + (first >> 64) + (second >> 64), low = (second << 64) | (bottom & mask);
  const bool negative = a.negative != b.negative, inexact = a.inexact || b.inexact;
  const int exponent = a.exponent + b.exponent;
  return {{negative, inexact || low != 0, high, exponent + 128}, {negative, inexact, low, exponent}};
}
/// Its first 128 bits.
inline Leading product(const Leading& a, const Leading& b) {
  LongProduct p = long_product(a, b);
  if (p.high.bits != 0 && p.high.bits >> 127 == 0) {
    p.high.bits = p.high.bits << 1 | p.low.bits >> 127;
    p.high.inexact = p.low.inexact || p.low.bits << 1 != 0;
    --p.high.exponent;
  }
  return p.high;
}

/// A sum is kept in digits of 32 bits, that of number i in units of 2^(32i - lowest).
struct Digits {
  int first;         ///< the number of the first
  int64_t value[5];  ///< of one addend
};
inline void put_digits(Digits& d, const Leading& a, int lowest) {
  int place = a.exponent + lowest;
  Wide bits = a.bits;
  if (place < 0) {  // below every digit
    bits = place > -128 ? bits >> -place : 0;
    place = 0;
  }
  const int shift = place % 32;
  const Wide low = bits << shift;
  const uint64_t beyond = shift == 0 ? 0 : static_cast<uint64_t>(bits >> (128 - shift));
  const uint64_t sizes[] = {static_cast<uint32_t>(low), static_cast<uint32_t>(low >> 32),
                            static_cast<uint32_t>(low >> 64), static_cast<uint32_t>(low >> 96), beyond};
  d.first = place / 32;
  ACTBENCH_UNROLL
  for (int i = 0; i < 5; ++i) {
    const auto size = static_cast<int64_t>(sizes[i]);
    d.value[i] = a.negative ? -size : size;
  }
}
inline Digits digits_of(const Leading& a, int lowest) {
  Digits d;
  put_digits(d, a, lowest);
  return d;
}
/// What it adds to the digit of that number.
inline int64_t part_of(const Digits& d, int number) {
  int64_t value = 0;
  ACTBENCH_UNROLL
  for (int i = 0; i < 5; ++i) value += number == d.first + i ? d.value[i] : 0;
  return value;
}

/// The leading 97 bits or more of a sum of so many digits, digit(i).
template <int count, class Digit>
inline Leading leading_of_digits(Digit digit, int lowest) {
  int64_t carry = 0;
  ACTBENCH_ROLLED
  for (int i = 0; i < count; ++i) carry = (digit(i) + carry) >> 32;
  const bool negative = carry < 0;
  carry = 0;
  // The last five digits, carried, and whether there is anything below; the same at the topmost one that is not 0.
  uint32_t last[5] = {}, top[5] = {};
  bool rest = false, top_rest = false;
  int place = -1;
  ACTBENCH_ROLLED
  for (int i = 0; i < count; ++i) {
    const int64_t sum = (negative ? -digit(i) : digit(i)) + carry;
    carry = sum >> 32;
    rest = rest || last[4] != 0;
    ACTBENCH_UNROLL
    for (int k = 4; k > 0; --k) last[k] = last[k - 1];
    last[0] = static_cast<uint32_t>(sum);
    if (last[0] != 0) {
      place = i;
      top_rest = rest;
      ACTBENCH_UNROLL
      for (int k = 0; k < 5; ++k) top[k] = last[k];
    }
  }
  if (place < 0) return {false, false, 0, 0};
  const uint64_t high = uint64_t{top[0]} << 32 | top[1], low = uint64_t{top[2]} << 32 | top[3];
  const int shift = __builtin_clzll(high);
  const Wide bits = (Wide{high} << 64 | low) << shift | (shift > 0 ? Wide{top[4]} >> (32 - shift) : 0);
  return {negative, top[4] != 0 || top_rest, bits, 32 * (place - 3) - shift - lowest};
}

/// The negative.
inline Leading negated(Leading a) {
  a.negative = !a.negative;
  return a;
}

/// What a sum of many terms is kept in.
namespace exact {
inline constexpr int count = 140, lowest = 2176;

/// add(number of a digit, what is added to it) for each digit of a term.
template <class Add>
inline void add_to(Add add, const Leading& a) {
  const Digits d = digits_of(a, lowest);
  ACTBENCH_UNROLL
  for (int i = 0; i < 5; ++i) add(d.first + i, d.value[i]);
}

/// Of the digits and what more(number of a digit) adds to them.
template <class More>
inline Leading leading(const int64_t* digits, More more) {
  return leading_of_digits<count>([&](int i) { return digits[i] + more(i); }, lowest);
}
inline Leading leading(const int64_t* digits) {
  return leading(digits, [](int) { return int64_t{0}; });
}
/// And one term more.
inline Leading leading(const int64_t* digits, const Leading& term) {
  const Digits d = digits_of(term, lowest);
  return leading(digits, [&](int i) { return part_of(d, i); });
}
}  // namespace exact

/// A sum of few terms to 570 bits below the largest of them.
class WindowSum {
 public:
  static constexpr int count = 20;

  /// 2^top: above all terms.
  WindowSum(int top, int64_t (&room)[count]) : lowest_(32 * (count - 2) - top), digits_(room) {
    for (int64_t& digit : digits_) digit = 0;
  }
  void add(const Leading& a) {
    const Digits d = digits_of(a, lowest_);
    ACTBENCH_UNROLL
    for (int i = 0; i < 5; ++i) {
      if (d.value[i] != 0) digits_[d.first + i] += d.value[i];
    }
  }
  Leading leading() const {
    return leading_of_digits<count>([this](int i) { return digits_[i]; }, lowest_);
  }

 private:
  int lowest_;
  int64_t (&digits_)[count];
};
/// 2^top_of(a) > |a|.
inline int top_of(const Leading& a) { return a.bits == 0 ? -100000 : a.exponent + 128; }

/// a·2^exponent for a whole number or one of 53 bits, where that is a double.
inline double scaled_by(double a, int exponent) {
  for (; exponent > 1000; exponent -= 1000) a *= 0x1p1000;
  for (; exponent < -1000; exponent += 1000) a *= 0x1p-1000;
  return a * __builtin_bit_cast(double, static_cast<uint64_t>(exponent + 1023) << 52);
}

/// The double nearest to it, ties to even, subnormal numbers too; to_odd: rounded to odd instead, for numbers that are
/// to be rounded once more, to a type of at most 51 bits, and that are far from the ends of a double's range.
inline double rounded(const Leading& a, bool to_odd) {
  double result = 0;
  if (a.bits != 0) {
    const int top = a.exponent + 127;  // 2^top <= |a|
    const int precision = top >= -1022 ? 53 : 53 - (-1022 - top);
    if (precision >= 0) {
      const int drop = 128 - precision;
      uint64_t kept = drop < 128 ? static_cast<uint64_t>(a.bits >> drop) : 0;
      const Wide half = Wide{1} << (drop - 1), rest = drop < 128 ? a.bits & ((Wide{1} << drop) - 1) : a.bits;
      if (to_odd) {
        kept |= rest != 0 || a.inexact;
      } else if (rest > half || (rest == half && (a.inexact || (kept & 1) != 0))) {
        ++kept;
      }
      const int exponent = a.exponent + drop;
      result = exponent > 971 ? __builtin_inf() : scaled_by(static_cast<double>(kept), exponent);
    }
  }
  return a.negative ? -result : result;
}

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
