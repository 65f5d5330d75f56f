// SPDX-License-Identifier: Apache-2.0
//
// Division and the functions of Wide, in fixed-point arithmetic: polynomials over 128-bit integers need no normalising.
// "In 2^-k" says that an integer counts units of 2^-k. Errors are stated in units of 2^-128 of something near 1.
#include "reference/wide.hpp"

#include <cmath>

#include "reference/wide_coefficients.hpp"

namespace actbench::reference {
namespace {

using SignedWord = __int128;

/// a·b/2^128, below it by less than 1: of fractions in 2^-128 the product.
Word fraction_product(Word a, Word b) { return multiply(a, b).high; }

/// |v| in 2^-fraction_bits, rounded down; |v| < 2^(128 - fraction_bits).
Word fixed(const Wide& v, int fraction_bits) {
  const std::int64_t excess = -(v.exponent + fraction_bits);
  return v.significand == 0 || excess >= 128 ? 0 : v.significand >> excess;
}

/// c[0] + x(c[1] + x(... c[count - 1])), or with alternating signs, in 2^-128. Errors of the single steps add up to no
/// more than 2 units for x <= 1/2, and 2·count for any x < 1.
Word series(const Word* c, int count, Word x, bool alternating) {
  Word sum = c[count - 1];
  for (int k = count - 2; k >= 0; --k) {
    const Word product = fraction_product(x, sum);
    sum = alternating ? c[k] - product : c[k] + product;
  }
  return sum;
}

/// The argument is below 2^-bits.
bool is_below(const Wide& v, int bits) { return v.significand == 0 || v.top() <= -bits; }

/// The error is below half of the number, so that its sign is right.
bool known(const Wide& v) { return v.error < static_cast<double>(v.significand >> 64) * 0x1p63; }

Wide magnitude_of(const Wide& v) { return {v.significand, v.exponent, v.error, false}; }

Wide with_sign(const Wide& v, bool negative) { return {v.significand, v.exponent, v.error, v.negative != negative}; }

}  // namespace

template <>
Wide pi<Wide>() {
  return normalised(pi_word, -126, 1, false);
}

template <>
Wide root_two_over_pi<Wide>() {
  return normalised(root_two_over_pi_word, -128, 1, false);
}

/// Long division with three digits of 50, 50 and 27 bits, guessed in double arithmetic and allowed to be off by a few:
/// the next digit makes up for it. The operands lose their last four bits, room for remainders of a few divisors.
Wide operator/(const Wide& a, const Wide& b) {
  if (b.significand == 0) return unknown();
  const double doubt = b.error * 0x1p-127;
  if (!(doubt < 0.5)) return unknown();
  const bool negative = a.negative != b.negative;
  if (a.significand == 0) return {0, a.exponent - b.exponent - 128, 4 * a.error, negative};
  const double carried = 2 * (a.error + b.error) * (1 + 2 * doubt);
  if (b.significand == Word{1} << 127)  // a power of two
    return {a.significand, a.exponent - b.exponent - 127, b.error == 0 ? a.error : carried, negative};
  const Word dividend = a.significand >> 4, divisor = b.significand >> 4;
  const bool chopped = ((a.significand | b.significand) & 15) != 0;
  const double inverse = 0x1p60 / static_cast<double>(static_cast<std::int64_t>(divisor >> 64));
  Word quotient = 0, remainder = dividend;
  for (const int bits : {50, 50, 27}) {
    const double top = static_cast<double>(static_cast<std::int64_t>(static_cast<SignedWord>(remainder) >> 64));
    const auto digit = static_cast<std::int64_t>(top * inverse * power_of_two(bits - 60));
    quotient = (quotient << bits) + static_cast<Word>(static_cast<SignedWord>(digit));
    remainder = (remainder << bits) - static_cast<Word>(static_cast<SignedWord>(digit)) * divisor;
  }
  for (; static_cast<SignedWord>(remainder) < 0; --quotient) remainder += divisor;
  for (; remainder >= divisor; ++quotient) remainder -= divisor;
  // The quotient is in 2^-127 of the significands' ratio, at least 2^126. Chopping has moved that by up to 2^-123 and
  // 2^-124 of itself.
  const double own = chopped ? 50 : (remainder != 0 ? 1 : 0);
  const Wide result = normalised(quotient, a.exponent - b.exponent - 127, own, negative);
  return {result.significand, result.exponent, result.error + carried, negative};
}

/// e^y = 2^q·2^(j/64)·e^r with 64q + j = n, r = y - n·ln 2/64 in [0, ln 2/64 + 2^-26).
Wide exp(const Wide& y) {
  if (known(y) && !is_below(y, -13)) return y.negative ? vanishing() : unknown();
  const double doubt = absolute_error(y);
  if (!(doubt < 0.25)) return unknown();
  if (!is_below(y, -12)) return y.negative ? vanishing() : unknown();
  // y and r in 2^-115, modulo 2^13.
  const Word size = fixed(y, 115), argument = y.negative ? -size : size;
  const double estimate =
      static_cast<double>(static_cast<std::int64_t>(static_cast<SignedWord>(argument) >> 64)) * 0x1p-51;
  const auto n = static_cast<std::int64_t>(std::floor(estimate * 92.332482616893656877 - 0x1p-20));
  const Word count = static_cast<Word>(n < 0 ? -n : n);
  const Word multiple = ((count * (ln2_word >> 64)) << 45) + ((count * static_cast<std::uint64_t>(ln2_word)) >> 19);
  const Word r = (n < 0 ? argument + multiple : argument - multiple) << 13;  // in 2^-128, off by less than 2^15
  // e^r - 1 = r + r²(1/2 + r/6 + ...), the terms from r^9/9! on in 64 bits.
  const auto r64 = static_cast<std::uint64_t>(r >> 64);
  std::uint64_t end = static_cast<std::uint64_t>(inverse_factorial[11] >> 64);
  for (int k = 10; k >= 7; --k)
    end = static_cast<std::uint64_t>(inverse_factorial[k] >> 64) + static_cast<std::uint64_t>((Word{r64} * end) >> 64);
  Word bend = Word{end} << 64;
  for (int k = 6; k >= 0; --k) bend = inverse_factorial[k] + fraction_product(r, bend);
  const Word growth = r + fraction_product(r, fraction_product(r, bend));
  const Word power = power_table[n & 63];
  Word significand = power + fraction_product(power, growth);
  std::int64_t exponent = (n >> 6) - 127;
  if (significand < power) {
    significand = significand >> 1 | Word{1} << 127;
    ++exponent;
  }
  return {significand, exponent, 0x1.2p15 + doubt * 0x1.5p128, false};
}

/// Near 0 the series y²(1/2 + y/6 + ...), elsewhere what is left of e^y, which costs 13 bits at most.
Wide exp_beyond_linear(const Wide& y) {
  if (!is_below(y, 6)) return exp(y) - 1 - y;
  const double doubt = absolute_error(y);
  if (!(doubt < 0x1p-6)) return unknown();
  const Word sum = series(inverse_factorial, is_below(y, 64) ? 2 : 14, fixed(y, 128), y.negative);
  return y * y * normalised(sum, -128, 4 + doubt * 0x1p126, false);
}

Wide expm1(const Wide& y) {
  if (!is_below(y, 6)) return exp(y) - 1;
  return y == 0 ? y : y + exp_beyond_linear(y);
}

Wide tanh(const Wide& x) {
  const Wide a = magnitude_of(x);
  if (is_below(x, 0)) {
    const Wide growth = expm1(ldexp(a, 1));
    return with_sign(growth / (growth + 2), x.negative);
  }
  const Wide e = exp(-ldexp(a, 1));
  return with_sign(1 - ldexp(e, 1) / (1 + e), x.negative);
}

/// x - tanh x. Near 0 the series x³(1/3 - 2x²/15 + ...), elsewhere the difference, which costs 10 bits at most.
Wide tanh_deficit(const Wide& x) {
  if (!is_below(x, 4)) return x - tanh(x);
  const Wide square = x * x;
  if (!(absolute_error(square) < 0x1p-6)) return unknown();
  const Word sum = series(tanh_deficit_series, is_below(square, 64) ? 2 : 15, fixed(square, 128), true);
  return x * square * normalised(sum, -128, 4 + absolute_error(square) * 0x1p126, false);
}

Wide cosh(const Wide& x) {
  const Wide e = exp(magnitude_of(x));
  return ldexp(e + 1 / e, -1);
}

/// ln m for m = 1 + e = 2^k·F(1 + s)/(1 - s), F in the middle of the 64th of a binade that holds m, or 1 near there:
/// k ln 2 + ln F + 2(s + s³/3 + s⁵/5 + ...).
Wide log1p(const Wide& e) {
  Wide sum, s;
  if (is_below(e, 6)) {
    if (e.significand == 0 && e.error == 0) return e;
    s = e / (2 + e);
  } else {
    const Wide m = 1 + e;
    if (m.significand == 0 || m.negative) return unknown();
    const std::int64_t k = m.exponent + 127;
    const int j = static_cast<int>(m.significand >> 121) & 63;
    const Wide middle = ldexp(Wide(129 + 2 * j), k - 7);
    s = (m - middle) / (m + middle);
    sum = Wide(k) * normalised(ln2_word, -128, 1, false) + normalised(log_table[j], -128, 1, false);
  }
  const Wide square = s * s;
  if (!(absolute_error(square) < 0x1p-6)) return unknown();
  const Word terms = fraction_product(fixed(square, 128), series(inverse_odd, 9, fixed(square, 128), false));
  const Wide factor = 1 + normalised(terms, -128, 4 + absolute_error(square) * 0x1p128, false);
  return sum + ldexp(s, 1) * factor;
}

/// 2/√π·t(1 - t²/3 + t⁴/10 - ...) below 1.
Wide erf(const Wide& t) {
  if (!is_below(t, 0)) return with_sign(1 - erfc(magnitude_of(t)), t.negative);
  const Wide square = t * t;
  if (!(absolute_error(square) < 0x1p-6)) return unknown();
  const Word z = fixed(square, 128);
  const int count = is_below(square, 64) ? 2 : (is_below(square, 8) ? 12 : 33);
  const Word less = fraction_product(z, series(erf_series, count, z, true));
  const Wide factor = 1 - normalised(less, -128, 80 + absolute_error(square) * 0x1p127, false);
  return normalised(two_over_root_pi_word, -127, 1, false) * t * factor;
}

/// e^(t²) erfc(t) for t >= 1/2: a polynomial in v = 1/(t + 15/4), times v.
static Wide scaled_erfc(const Wide& t) {
  const Wide v = 1 / (t + 3.75);
  const Word position = fixed(v, 130);  // below 2^128·16/17
  const Word* c = erfc_tail[position >> 125];
  const Word w = position << 3;
  constexpr int degree = static_cast<int>(std::size(erfc_tail[0])) - 1;
  auto sum = static_cast<SignedWord>(c[degree]);
  for (int k = degree - 1; k >= 0; --k) {
    const bool negative = sum < 0;
    const Word product = fraction_product(negative ? -static_cast<Word>(sum) : static_cast<Word>(sum), w);
    sum = static_cast<SignedWord>(negative ? c[k] - product : c[k] + product);
  }
  // In 2^-125. The polynomial's own error is below 2^-120, v's is magnified by less than 32.
  return normalised(static_cast<Word>(sum), -125, 64 + absolute_error(v) * 0x1p130, false) * v;
}

Wide erfc(const Wide& t) {
  if (t.negative || is_below(t, 1)) return 1 - erf(t);
  if (!is_below(t, -6)) return known(t) ? vanishing() : unknown();
  return exp(-(t * t)) * scaled_erfc(t);
}

/// The density is of no use here: beyond z = 90 both numbers of the quotient are vanishing().
Wide mills_ratio(const Wide& z, const Wide&) {
  return scaled_erfc(z / sqrt(Wide(2))) * ldexp(pi<Wide>(), -1) * root_two_over_pi<Wide>();
}

/// One step of Newton's iteration from the root in double arithmetic.
Wide sqrt(const Wide& v) {
  if (v.significand == 0 && v.error == 0) return v;
  if (v.significand == 0 || v.negative || !(v.error < 0x1p120)) return unknown();
  const std::int64_t half = (v.exponent + 127) >> 1;
  const Wide reduced = ldexp(v, -2 * half);  // in [1, 4)
  if (v.significand == Word{1} << 127 && v.error == 0)
    return reduced == 1 ? ldexp(reduced, half) : normalised(root_two_word, -127 + half, 1, false);
  const Wide start = std::sqrt(static_cast<double>(static_cast<std::uint64_t>(v.significand >> 64)) *
                               power_of_two(reduced.exponent + 64));
  Wide root = ldexp(start + reduced / start, half - 1);
  root.error += 0x1p25;  // half the square of the start's relative error, below 2^-51
  return root;
}

namespace {

/// A number's upper 53 bits, or all of the rest in the nearest double, in units of 2^scale.
struct Doubles {
  double head;
  double tail;
  double error;
};

double scaled(double v, std::int64_t exponent) {
  return exponent < -1022 || exponent > 1023 ? std::ldexp(v, static_cast<int>(exponent)) : v * power_of_two(exponent);
}

/// Takes a number other than zero.
Doubles split(const Wide& v, std::int64_t scale) {
  const std::int64_t exponent = v.exponent - scale;
  const double sign = v.negative ? -1 : 1;
  const auto head = static_cast<std::uint64_t>(v.significand >> 75);
  const Word rest = v.significand & ((Word{1} << 75) - 1);
  const auto tail = static_cast<std::uint64_t>(rest >> 22), end = static_cast<std::uint64_t>(rest) & 0x3fffff;
  const double h = sign * static_cast<double>(head) * 0x1p75, t = sign * static_cast<double>(tail) * 0x1p22;
  const double sum = h + t;  // to nearest, so that the tail is at most half a unit
  return {scaled(sum, exponent), scaled((h - sum) + t, exponent),
          scaled((v.error + static_cast<double>(end)) * (1 + 0x1p-30), exponent)};
}

/// 0 as long as doubles hold what matters well.
std::int64_t scale_for(const Wide& v) { return v.top() > -700 && v.top() < 900 ? 0 : v.top() - 1; }

/// Larger than any product of two or three doubles, and smaller than what a quotient by vanishing() may come to.
constexpr std::int64_t largest_top = 4000;

}  // namespace

bool sign_known(const Anchored<Wide>& s) {
  const Wide total = s.anchor + s.rest;
  return known(total) || (total.significand == 0 && total.error == 0);
}

Quick quick_of(const Anchored<Wide>& s) {
  constexpr Quick ask_exact{0, 0, std::numeric_limits<double>::infinity()};
  const Wide &anchor = s.anchor, &rest = s.rest;
  // A rest that a sum of 128 bits would lose, in part or all, beside an anchor that doubles hold exactly.
  const std::int64_t gap = anchor.top() - rest.top();
  const bool held = anchor.significand != 0 && anchor.error == 0 && (anchor.significand << 106) == 0;
  if (held && rest.significand != 0 && known(rest) && gap > 60 && anchor.top() < largest_top) {
    const std::int64_t scale = scale_for(anchor);
    const Doubles a = split(anchor, scale);
    if (gap > 106) {
      // The rest's side of the anchor is all that anybody will ask for. The tail is a multiple of `step`, and small
      // enough for another one to fit.
      const double step = scaled(0x1p22, anchor.exponent - scale);
      return {a.head, rest.negative ? a.tail - step : a.tail + step, step, static_cast<int>(scale)};
    }
    if (a.tail == 0) {
      const Doubles d = split(rest, scale);
      return {a.head, d.head, d.error + std::abs(d.tail) * (1 + 0x1p-30), static_cast<int>(scale)};
    }
  }
  const Wide total = anchor + rest;
  if (total.significand == 0) {
    if (total.error != 0) return ask_exact;
    return {anchor.negative ? -0.0 : 0.0, 0, 0};
  }
  if (!known(total) || total.top() > largest_top) return ask_exact;
  const double sign = total.negative ? -1 : 1;
  if (total.top() < -1500) return {sign, 0, 1, -1500};
  const std::int64_t scale = scale_for(total);
  const Doubles d = split(total, scale);
  return {d.head, d.tail, d.error, static_cast<int>(scale)};
}

}  // namespace actbench::reference
