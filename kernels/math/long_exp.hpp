// SPDX-License-Identifier: Apache-2.0
//
// e^y to about 2^-370, one number at a time, in integer arithmetic: for where what it is multiplied with cancels
// against something else, by more than two doubles hold. Takes some microseconds.
//
// y = n ln 2 + r with 0 <= r < ln 2, all in units of 2^-384; e^r = 1 + r + r²/2 + …, term by term
// until nothing is left.
#pragma once

#include "kernels/numbers/exact_sum.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

/// 2^n·(1 + fraction), the fraction in units of 2^-384, its last word first; and what it takes to get there.
struct LongExp {
  static constexpr int words = 6;
  int n;
  uint64_t fraction[words];

  uint64_t a[words + 1], b[words + 1], r[words], less[words], term[words], product[2 * words];
};

/// a -= b; whether that borrowed from beyond.
inline bool subtract(uint64_t (&a)[LongExp::words], const uint64_t (&b)[LongExp::words]) {
  uint64_t borrow = 0;
  ACTBENCH_ROLLED
  for (int i = 0; i < LongExp::words; ++i) {
    const Wide difference = Wide{a[i]} - b[i] - borrow;
    a[i] = static_cast<uint64_t>(difference);
    borrow = static_cast<uint64_t>(difference >> 64) & 1;
  }
  return borrow != 0;
}
/// a += b; whether that carried beyond.
inline bool add(uint64_t (&a)[LongExp::words], const uint64_t (&b)[LongExp::words]) {
  uint64_t carry = 0;
  ACTBENCH_ROLLED
  for (int i = 0; i < LongExp::words; ++i) {
    const Wide sum = Wide{a[i]} + b[i] + carry;
    a[i] = static_cast<uint64_t>(sum);
    carry = static_cast<uint64_t>(sum >> 64);
  }
  return carry != 0;
}

/// |y| as a fixed-point number: words of fraction, and one for the whole part.
inline void place(const Leading& size, uint64_t* a) {
  const int last = size.exponent + 384;  // the place of the last bit; the last 75 bits of 128 are 0
  const uint64_t top = static_cast<uint64_t>(size.bits >> 64);
  const int at = last + 64;
  const int word = at >= 0 ? at / 64 : 0, shift = at >= 0 ? at % 64 : 0;
  const Wide moved = at >= 0 ? Wide{top} << shift : Wide{top} >> -at;
  ACTBENCH_ROLLED
  for (int i = 0; i <= LongExp::words; ++i)
    a[i] = i == word ? static_cast<uint64_t>(moved) : i == word + 1 ? static_cast<uint64_t>(moved >> 64) : 0;
}

/// For 2^-300 <= |y| <= 1400.
inline void long_exp(double y, LongExp& e) {
  constexpr int words = LongExp::words;
  auto& [n, fraction, a, b, r, less, term, product] = e;
  static constexpr uint64_t ln2[words] = {0x559552fb4afa1b10, 0xe7b876206debac98, 0x8a0d175b8baafa2b,
                                          0x40f343267298b62d, 0xc9e3b39803f2f6af, 0xb17217f7d1cf79ab};
  // |y| and |n| ln 2, with a word for the whole part.
  const Leading size = leading_of(y);
  place(size, a);
  const double guess = y * 0x1.71547652b82fep+0;
  n = static_cast<int>(guess);
  if (guess < n) --n;
  const auto count = static_cast<uint64_t>(n < 0 ? -n : n);
  uint64_t carry = 0;
  ACTBENCH_ROLLED
  for (int i = 0; i < words; ++i) {
    const Wide multiple = Wide{ln2[i]} * count + carry;
    b[i] = static_cast<uint64_t>(multiple);
    carry = static_cast<uint64_t>(multiple >> 64);
  }
  b[words] = carry;
  // r = y - n ln 2, of which |y| and |n| ln 2 are the sizes, both of one sign but for rounding: modulo 2.
  const bool negative = size.negative;
  ACTBENCH_ROLLED
  for (int i = 0; i < words; ++i) {
    r[i] = negative ? b[i] : a[i];
    less[i] = negative ? a[i] : b[i];
  }
  const uint64_t whole = (negative ? b[words] - a[words] : a[words] - b[words]) - subtract(r, less);
  if (static_cast<int64_t>(whole) < 0) {  // the guess was one too large
    add(r, ln2);
    --n;
  } else {
    ACTBENCH_ROLLED
    for (int i = 0; i < words; ++i) less[i] = r[i];
    if (!subtract(less, ln2)) {  // or one too small
      ACTBENCH_ROLLED
      for (int i = 0; i < words; ++i) r[i] = less[i];
      ++n;
    }
  }

  ACTBENCH_ROLLED
  for (int i = 0; i < words; ++i) fraction[i] = term[i] = r[i];
  for (uint64_t k = 2;; ++k) {
    // term·r, its upper words, over k.
    ACTBENCH_ROLLED
    for (uint64_t& word : product) word = 0;
    ACTBENCH_ROLLED
    for (int i = 0; i < words; ++i) {
      uint64_t over = 0;
      ACTBENCH_ROLLED
      for (int j = 0; j < words; ++j) {
        const Wide sum = Wide{term[i]} * r[j] + product[i + j] + over;
        product[i + j] = static_cast<uint64_t>(sum);
        over = static_cast<uint64_t>(sum >> 64);
      }
      product[i + words] = over;
    }
    uint64_t remainder = 0;  // below k, and that below 2^32
    bool nothing = true;
    ACTBENCH_ROLLED
    for (int i = words - 1; i >= 0; --i) {
      const uint64_t high = remainder << 32 | product[words + i] >> 32;
      const uint64_t low = high % k << 32 | (product[words + i] & 0xFFFFFFFF);
      term[i] = high / k << 32 | low / k;
      remainder = low % k;
      nothing = nothing && term[i] == 0;
    }
    if (nothing) break;
    if (add(fraction, term)) {  // e^r reached 2: r was ln 2 but for its last bits
      ACTBENCH_ROLLED
      for (int i = 0; i < words; ++i) fraction[i] = 0;
      ++n;
      break;
    }
  }
}

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
