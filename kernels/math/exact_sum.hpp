// SPDX-License-Identifier: Apache-2.0
//
// Sums of doubles and of products of two doubles without any rounding, one number at a time: what decides where terms
// cancel by any amount. The sum is an integer of 136 digits of 32 bits, in units of 2^-2176, below the smallest
// product; digits are kept in 64 bits, so that carries can wait for the end (for 2^30 terms). What comes out depends on
// no order.
#pragma once

#include <stdint.h>

#include "kernels/math/half.hpp"

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

class ExactSum {
 public:
  ExactSum() : digits_{} {}
  /// To be assigned to before use: for where it is seldom needed.
  enum Unset { unset };
  explicit ExactSum(Unset) {}

  void add(const Leading& a) {
    int place = a.exponent + lowest;
    Wide bits = a.bits;
    if (place < 0) {  // below every digit
      bits = place > -128 ? bits >> -place : 0;
      place = 0;
    }
    const int digit = place / 32, shift = place % 32;
    const Wide low = bits << shift;
    const uint64_t beyond = shift == 0 ? 0 : static_cast<uint64_t>(bits >> (128 - shift));
    const uint64_t parts[] = {static_cast<uint32_t>(low), static_cast<uint32_t>(low >> 32),
                              static_cast<uint32_t>(low >> 64), static_cast<uint32_t>(low >> 96), beyond};
    for (int i = 0; i < 5; ++i) {
      const int64_t part = static_cast<int64_t>(parts[i]);
      digits_[digit + i] += a.negative ? -part : part;
    }
  }
  void add(double a) { add(leading_of(a)); }
  void add_product(double a, double b) { add(product(leading_of(a), leading_of(b))); }

  /// The leading 97 bits or more.
  Leading leading() const {
    int64_t d[count];
    const bool negative = carried(d, 1) < 0;
    if (negative) carried(d, -1);
    int top = count - 1;
    while (top >= 0 && d[top] == 0) --top;
    if (top < 0) return {false, false, 0, 0};
    Wide bits = 0;
    bool inexact = false;
    for (int i = top; i > top - 4; --i) bits = bits << 32 | static_cast<uint32_t>(i >= 0 ? d[i] : 0);
    for (int i = 0; i <= top - 4; ++i) inexact = inexact || d[i] != 0;
    const int shift = __builtin_clzll(static_cast<uint64_t>(bits >> 64));
    if (top >= 4)
      bits = bits << shift | (shift > 0 ? static_cast<Wide>(d[top - 4]) >> (32 - shift) : 0);
    else
      bits <<= shift;
    return {negative, inexact, bits, 32 * (top - 3) - shift - lowest};
  }

 private:
  static constexpr int count = 140, lowest = 2176;

  /// The digits times sign, carried; what is left beyond the last one is negative where the sum is.
  int64_t carried(int64_t (&d)[count], int sign) const {
    int64_t carry = 0;
    for (int i = 0; i < count; ++i) {
      const int64_t digit = sign * digits_[i] + carry;
      d[i] = digit & 0xFFFFFFFF;
      carry = digit >> 32;
    }
    return carry;
  }

  int64_t digits_[count];
};

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
