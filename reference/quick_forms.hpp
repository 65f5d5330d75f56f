// SPDX-License-Identifier: Apache-2.0
//
// The building blocks of the quick forms: double arithmetic, branch-free so that loops over them vectorise, for
// arguments and parameters that are f32 numbers (f16 and bf16 numbers are among them). An argument that is no f32
// number arrives as head + tail. Relative errors are stated at each block with a margin of about four over what its
// operations add up to; tests/reference/quick.cpp holds every function made of them against the exact value.
#pragma once

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "reference/quick_coefficients.hpp"
#include "reference/reference.hpp"

namespace actbench::reference {

/// A number near anchor + rest: the anchor is exact and the rest has a relative error below `relative`.
struct Parts {
  double anchor;
  double rest;
  double relative;
};

inline Quick finish(const Parts& p) { return {p.anchor, p.rest, std::abs(p.rest) * p.relative}; }

inline Quick exact_quick(double v) { return {v, 0.0, 0.0}; }

inline Quick quick_indicator(bool condition) { return exact_quick(condition ? 1.0 : 0.0); }

/// x·p. The anchors of the blocks below are 0, ±1/2 and ±1, so that their products are exact.
inline Parts times(double x, const Parts& p) { return {x * p.anchor, x * p.rest, p.relative}; }

/// a + b = head + tail exactly.
struct TwoSum {
  double head;
  double tail;
};

inline TwoSum two_sum(double a, double b) {
  const double head = a + b;
  const double b_part = head - a;
  return {head, (a - (head - b_part)) + (b - b_part)};
}

/// v without its lowest 27 bits: the product with an f32 number, or with itself, is exact.
inline double high_half(double v) {
  return std::bit_cast<double>(std::bit_cast<std::uint64_t>(v) & ~((std::uint64_t{1} << 27) - 1));
}

/// anchor + rest, where rest has the relative error `relative`.
inline Quick anchored(const TwoSum& anchor, double rest, double relative) {
  const double lo = anchor.tail + rest;
  const double rounding = anchor.tail == 0 || rest == 0 ? 0.0 : std::abs(lo) * 0x1p-52;
  return {anchor.head, lo, std::abs(rest) * relative + rounding};
}

/// a/b = head + tail to about 2^-100 relative, b an f32 number.
inline TwoSum divide(double a, double b) {
  const double head = a / b;
  const double high = high_half(head);
  return {head, ((a - high * b) - (head - high) * b) / b};
}

/// a/6 = head + tail; the tail is zero where the head is exact, otherwise within 2^-52 relative.
inline TwoSum sixth(double a) {
  const double head = a / 6;
  return {head, ((a - 4 * head) - 2 * head) / 6};
}

/// The polynomial's `count` terms from `first` on, over x^first. power[k] = x^(2^k). Estrin's scheme: its short chains
/// of dependent operations leave a processor more to do at once than Horner's.
template <std::size_t first, std::size_t count, std::size_t total>
inline double polynomial_terms(const double (&coefficients)[total], const double (&power)[5]) {
  if constexpr (count == 1) {
    return coefficients[first];
  } else {
    constexpr int level = std::bit_width(count - 1) - 1;
    constexpr std::size_t half = std::size_t{1} << level;
    return polynomial_terms<first, half>(coefficients, power) +
           power[level] * polynomial_terms<first + half, count - half>(coefficients, power);
  }
}

template <std::size_t count>
inline double polynomial(const double (&coefficients)[count], double x) {
  static_assert(count <= 32);
  x += 0x1p-60;  // of no consequence, but that no power underflows, which is slow
  const double x2 = x * x, x4 = x2 * x2, x8 = x4 * x4;
  return polynomial_terms<0, count>(coefficients, {x, x2, x4, x8, x8 * x8});
}

/// e^(y + tail). Beyond |y| = 300 the value is that at ±300: with any f32 factor a result as small as e^-300 rounds to
/// zero, and what is added to it is only moved off its place by as little.
struct Exponential {
  double value;    ///< relative error 2^-50 where not clamped
  double reduced;  ///< r = y + tail - n ln 2
  double cubic;    ///< (e^r - 1 - r - r²/2)/r³
  double bend;     ///< e^r - 1 - r, relative error 2^-50
  bool central;    ///< n = 0, about |y| < 0.3466: value = 1 + reduced + bend
  bool clamped;
};

inline Exponential quick_exponential(double y, double tail = 0) {
  constexpr double shift = 0x1.8p52, inverse_ln2 = 0x1.71547652b82fep0;
  constexpr double ln2_head = 0x1.62e42fefa38p-1, ln2_tail = 0x1.ef35793c7673p-45;  // n·ln2_head is exact
  const bool clamped = std::abs(y) > 300;
  y = clamped ? std::copysign(300.0, y) : y;
  tail = clamped ? 0.0 : tail;
  const double shifted = y * inverse_ln2 + shift;
  const double n = shifted - shift;
  const double r = ((y - n * ln2_head) - n * ln2_tail) + tail;
  const double cubic = polynomial(exp_cubic, r);
  const double bend = r * r * (0.5 + r * cubic);
  const double e = 1 + (r + bend);
  // The low bits of `shifted` are n in two's complement.
  const double value =
      std::bit_cast<double>(std::bit_cast<std::uint64_t>(e) + (std::bit_cast<std::uint64_t>(shifted) << 52));
  return {value, r, cubic, bend, n == 0, clamped};
}

/// What is known of something proportional to a clamped exponential: its sign, and that it is no larger.
inline double unless_clamped(const Exponential& e, double relative) { return e.clamped ? 1.0 : relative; }

/// anchor + factor·(a + b), where factor is proportional to e, a and b may cancel, and each of the three has a relative
/// error of 2^-51 or so: the error is relative to what cancels. Where e is clamped, a must be the larger by its size.
inline Quick cancelling(double anchor, double factor, double a, double b, const Exponential& e) {
  const double rest = factor * (e.clamped ? a : a + b);
  const double error = factor * (std::abs(a) + std::abs(b)) * 0x1p-48;
  return {anchor == 0 ? std::copysign(0.0, rest) : anchor, rest, e.clamped ? std::abs(rest) : error};
}

/// e^(y + tail).
inline Parts quick_exponential_parts(double y, double tail = 0) {
  const Exponential e = quick_exponential(y, tail);
  const bool beyond = e.clamped && y > 0;
  return {e.central ? 1.0 : 0.0, e.central ? e.reduced + e.bend : e.value,
          beyond ? std::numeric_limits<double>::infinity() : unless_clamped(e, 0x1p-49)};
}

/// scale·(e^(y + tail) - 1), where first = scale·(y + tail) exactly.
inline Quick quick_scaled_expm1(double scale, double y, double tail, double first) {
  const Exponential e = quick_exponential(y, tail);
  const bool beyond = e.clamped && y > 0;
  const double relative = beyond ? std::numeric_limits<double>::infinity() : unless_clamped(e, 0x1p-50);
  return finish({e.central ? first : -scale, scale * (e.central ? e.bend : e.value), relative});
}

/// σ(y + tail).
inline Parts quick_logistic(double y, double tail = 0) {
  const Exponential e = quick_exponential(-std::abs(y), y < 0 ? tail : -tail);
  const double expm1 = e.reduced + e.bend;
  const double rest = (e.central ? expm1 : e.value) / (e.central ? 4 + 2 * expm1 : 1 + e.value);
  const double far_anchor = y < 0 ? 0.0 : 1.0;
  return {e.central ? 0.5 : far_anchor, y < 0 ? rest : -rest, unless_clamped(e, 0x1p-49)};
}

/// σ(y)σ(-y).
inline Parts quick_logistic_slope(double y) {
  const Exponential e = quick_exponential(-std::abs(y));
  const double expm1 = e.reduced + e.bend;
  // 1/2 - σ(|y|) near 0
  const double quotient = (e.central ? expm1 : e.value) / (e.central ? 4 + 2 * expm1 : (1 + e.value) * (1 + e.value));
  return {e.central ? 0.25 : 0.0, e.central ? -quotient * quotient : quotient, unless_clamped(e, 0x1p-48)};
}

/// σ(y + tail) + w·σ(y + tail)σ(-y - tail), where w has the sign of y and no smaller size, and a relative error below
/// 2^-51.
inline Quick quick_gated_slope(double y, double tail, double w) {
  const Exponential e = quick_exponential(-std::abs(y), y < 0 ? tail : -tail);
  const double expm1 = e.reduced + e.bend;
  // σ(|y|) - 1/2 near 0, σ(y)σ(-y) elsewhere
  const double quotient = (e.central ? -expm1 : e.value) / (e.central ? 4 + 2 * expm1 : (1 + e.value) * (1 + e.value));
  const double half = std::copysign(quotient, y);
  const Quick central = finish({0.5, half + w * (0.25 - half * half), 0x1p-48});
  // Where e is clamped, so is w: their product falls beyond.
  const double clamped_w = std::copysign(1000.0, w);
  const double constant = std::copysign(1 + e.value, -y);
  const Quick far = cancelling(y < 0 ? 0.0 : 1.0, quotient, e.clamped ? clamped_w : w, constant, e);
  return {e.central ? central.hi : far.hi, e.central ? central.lo : far.lo, e.central ? central.error : far.error};
}

/// tanh x.
inline Parts quick_hyperbolic_tangent(double x) {
  const double a = std::abs(x);
  const Exponential e = quick_exponential(-2 * a);
  const bool central = a < 1;
  const double deficit = central ? a * (a * a) * polynomial(tanh_deficit_cubic, a * a) : 2 * e.value / (1 + e.value);
  return {central ? x : std::copysign(1.0, x), std::copysign(deficit, -x), unless_clamped(e, 0x1p-48)};
}

/// 1/cosh²x.
inline Parts quick_tanh_slope(double x) {
  const Exponential e = quick_exponential(-2 * std::abs(x));
  const double expm1 = e.reduced + e.bend;
  // -tanh |x| near 0
  const double quotient = (e.central ? expm1 : 4 * e.value) / (e.central ? 2 + expm1 : (1 + e.value) * (1 + e.value));
  return {e.central ? 1.0 : 0.0, e.central ? -quotient * quotient : quotient, unless_clamped(e, 0x1p-48)};
}

/// ln(1 + e^-|y|) = 2 atanh(s), s = e/(2 + e).
struct Logarithm {
  double value;
  double relative;
};

inline Logarithm quick_log1p_decay(double y) {
  const Exponential e = quick_exponential(-std::abs(y));
  const double s = e.value / (2 + e.value);
  const double square = s * s;
  return {2 * s * (1 + square * polynomial(atanh_cubic, square)), unless_clamped(e, 0x1p-49)};
}

/// Φ(z), where z² = square + square_tail.
inline Parts quick_normal_cdf(double z, double square, double square_tail = 0) {
  const Exponential e = quick_exponential(-0.5 * square, -0.5 * square_tail);
  const double inverse = 1 / (std::abs(z) + 5);
  const double far = polynomial(normal_tail, tail_offset + tail_scale * inverse) * inverse * e.value;
  const double centre = z * polynomial(normal_centre, square + square_tail);
  const bool central = std::abs(z) < 1;
  const double far_anchor = z < 0 ? 0.0 : 1.0;
  return {central ? 0.5 : far_anchor, central ? centre : (z < 0 ? far : -far), unless_clamped(e, 0x1p-48)};
}

/// Φ(z) + w·φ(z), where z² = square + square_tail, and w and z + w have relative errors below 2^-51.
inline Quick quick_normal_slope(double z, double square, double square_tail, double w, double z_plus_w) {
  constexpr double root = 0.3989422804014327;  // φ(0)
  const Exponential e = quick_exponential(-0.5 * square, -0.5 * square_tail);
  const double bend = z * (square + square_tail) * polynomial(normal_bend, square + square_tail);
  const Quick centre = cancelling(0.5, root * e.value, z_plus_w, bend, e);
  const double inverse = 1 / (std::abs(z) + 5);
  const double ratio = polynomial(normal_tail, tail_offset + tail_scale * inverse) * inverse;  // Φ(-|z|)/e
  Quick far = cancelling(z < 0 ? 0.0 : 1.0, e.value, root * w, std::copysign(ratio, -z), e);
  // Beyond |z| = 24 the ratio is below 0.02. With a smaller w than that bound assumes, the sign is open.
  far.error = e.clamped && !(std::abs(w) > 1) ? e.value : far.error;
  const bool central = std::abs(z) < 1;
  return {central ? centre.hi : far.hi, central ? centre.lo : far.lo, central ? centre.error : far.error};
}

/// y = x(2√(2/π) + (cubic_head + cubic_tail)x²) as head + tail; cubic_head has at most 24 bits.
inline TwoSum gelu_tanh_argument(double x, double cubic_head, double cubic_tail) {
  constexpr double linear = 0x1.9884533d43651p0, linear_tail = -0x1.cbc0d30ebfd15p-54;  // 2√(2/π)
  const double square = x * x, square_head = high_half(square);
  const TwoSum slope = two_sum(linear, cubic_head * square_head);
  const double slope_tail = slope.tail + (linear_tail + cubic_head * (square - square_head) + cubic_tail * square);
  const double slope_high = high_half(slope.head);
  return {x * slope_high, x * ((slope.head - slope_high) + slope_tail)};
}

/// x·σ(y).
inline Quick quick_gelu_by_tanh(double x, double cubic_head, double cubic_tail) {
  const TwoSum y = gelu_tanh_argument(x, cubic_head, cubic_tail);
  return finish(times(x, quick_logistic(y.head, y.tail)));
}

/// Its derivative; x·y' = y + 2(cubic_head + cubic_tail)x³.
inline Quick quick_gelu_by_tanh_slope(double x, double cubic_head, double cubic_tail) {
  const TwoSum y = gelu_tanh_argument(x, cubic_head, cubic_tail);
  return quick_gated_slope(y.head, y.tail, (y.head + y.tail) + 2 * (cubic_head + cubic_tail) * (x * x) * x);
}

}  // namespace actbench::reference
