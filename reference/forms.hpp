// SPDX-License-Identifier: Apache-2.0
//
// The building blocks of the definitions, over any real number type R (MPFR and cpp_bin_float numbers at any
// precision, double). Each is free of cancellation: its relative error is a few units of R's precision, however
// small, large or close to a simple number the result is.
#pragma once

#include <cmath>

namespace actbench::reference {

/// The number anchor + rest. The anchor is exact once R has enough digits for it, and the rest carries R's full
/// relative precision. So in any precision gelu(x) = x/2 + x²/√(2π) - ... near 0 lies visibly above the tie x/2, and
/// tanh(1000) below 1. Where the number is a zero, the anchor has its sign.
template <class R>
struct Anchored {
  R anchor;
  R rest;
};

template <class R>
bool is_negative(const R& v) {
  using std::signbit;
  return signbit(v) != 0;
}

template <class R>
R signed_zero(bool negative) {
  return negative ? R(-R(0)) : R(0);
}

template <class R>
R magnitude(const R& v) {
  return is_negative(v) ? R(-v) : v;
}

template <class R>
bool is_infinite(const R& v) {
  using std::isinf;
  return isinf(v) != 0;
}

/// A value without error.
template <class R>
Anchored<R> exactly(const R& v) {
  return {v, R(0)};
}

/// A value with a relative error of R's precision.
template <class R>
Anchored<R> nearly(const R& v) {
  return {signed_zero<R>(is_negative(v)), v};
}

/// 1 where a condition holds, 0 elsewhere.
template <class R>
Anchored<R> indicator(bool condition) {
  return exactly(R(condition ? 1 : 0));
}

/// x·a, where a zero wins over an infinity: these are the limits of x·g(x).
template <class R>
R times(const R& x, const R& a) {
  if (x == 0 || a == 0) return signed_zero<R>(is_negative(x) != is_negative(a));
  return x * a;
}

template <class R>
Anchored<R> times(const R& x, const Anchored<R>& s) {
  return {times(x, s.anchor), times(x, s.rest)};
}

template <class R>
Anchored<R> operator-(const Anchored<R>& s) {
  return {R(-s.anchor), R(-s.rest)};
}

/// A positive quantity that R's exponent range may not hold. It is raised to a tiny one that leaves room for further
/// factors, so that the side on which an exact value lies is never lost. at_infinity: it is truly zero.
template <class R>
R kept_positive(const R& v, bool at_infinity) {
  using std::ldexp;
  if (at_infinity) return v;
  const R tiny = ldexp(R(1), -(1 << 29));
  return v < tiny ? tiny : v;
}

/// e^-y for y >= 0, positive unless y is infinite.
template <class R>
R decay(const R& y) {
  using std::exp;
  return kept_positive(R(exp(R(-y))), is_infinite(y));
}

/// e^y - 1 - y for |y| <= 1/2: y²/2! + y³/3! + ...
template <class R>
R exp_beyond_linear(const R& y) {
  R term = y * y / 2, sum = term;
  for (int k = 3; term != 0; ++k) {
    term = term * y / k;
    const R next = sum + term;
    if (next == sum) break;
    sum = next;
  }
  return sum;
}

/// scale·(e^y - 1), where first = scale·y is more precise than the product of the two.
template <class R>
Anchored<R> scaled_expm1(const R& scale, const R& y, const R& first) {
  using std::exp;
  if (magnitude(y) < R(0.5)) return {first, times(scale, exp_beyond_linear(y))};
  return {R(-scale), times(scale, y < 0 ? decay(R(-y)) : R(exp(y)))};
}

/// e^y.
template <class R>
Anchored<R> exponential(const R& y) {
  using std::exp;
  using std::expm1;
  if (magnitude(y) < R(0.5)) return {R(1), R(expm1(y))};
  return nearly(y < 0 ? decay(R(-y)) : R(exp(y)));
}

/// σ(y) = 1/(1 + e^-y).
template <class R>
Anchored<R> logistic(const R& y) {
  using std::tanh;
  if (magnitude(y) < 1) return {R(0.5), R(tanh(R(y / 2)) / 2)};
  const R e = decay(magnitude(y));
  const R far = e / (1 + e);
  if (y > 0) return {R(1), R(-far)};
  return {R(0), far};
}

/// σ(y)σ(-y) = 1/4 - (σ(y) - 1/2)², the derivative of σ.
template <class R>
Anchored<R> logistic_slope(const R& y) {
  using std::tanh;
  if (magnitude(y) < 1) {
    const R half = tanh(R(y / 2)) / 2;
    return {R(0.25), R(-half * half)};
  }
  const R e = decay(magnitude(y));
  return nearly(R(e / ((1 + e) * (1 + e))));
}

/// The derivative of x·σ(y(x)): σ(y) + w·σ(y)σ(-y), where w = x·y'(x) has the sign of y and no smaller size.
/// w may cancel against 1 + e^-|y|, next to a zero for y < 0 and next to 1 for y > 0.
template <class R>
Anchored<R> gated_slope(const R& y, const R& w) {
  using std::tanh;
  if (is_infinite(y)) return exactly(y > 0 ? R(1) : signed_zero<R>(true));
  if (magnitude(y) < 1) {
    const R half = tanh(R(y / 2)) / 2;
    return {R(0.5), R(half + w * (R(0.25) - half * half))};
  }
  const R e = decay(magnitude(y));
  const R bend = e / ((1 + e) * (1 + e)) * (magnitude(w) - 1 - e);
  if (y > 0) return {R(1), bend};
  return nearly(R(-bend));
}

/// x - tanh x for |x| < 1: (x cosh x - sinh x)/cosh x, as a series of terms of one sign.
template <class R>
R tanh_deficit(const R& x) {
  using std::cosh;
  const R square = x * x;
  R power = x * square / 3;  // 2k x^(2k+1)/(2k+1)! at k = 1
  R sum = power;
  for (int k = 2; power != 0; ++k) {
    power = power * square / (2 * k + 1) / (2 * k - 2);
    const R next = sum + power;
    if (next == sum) break;
    sum = next;
  }
  return sum / cosh(x);
}

/// tanh x.
template <class R>
Anchored<R> hyperbolic_tangent(const R& x) {
  if (magnitude(x) < R(0.5)) return {x, R(-tanh_deficit(x))};
  const R e = decay(R(2 * magnitude(x)));
  const Anchored<R> positive{R(1), R(-2 * e / (1 + e))};
  return x > 0 ? positive : -positive;
}

/// 1/cosh²x = 1 - tanh²x, the derivative of tanh.
template <class R>
Anchored<R> tanh_slope(const R& x) {
  using std::tanh;
  if (magnitude(x) < R(0.5)) {
    const R t = tanh(x);
    return {R(1), R(-t * t)};
  }
  const R e = decay(R(2 * magnitude(x)));
  return nearly(R(4 * e / ((1 + e) * (1 + e))));
}

/// ln(1 + e^y) = max(y, 0) + log1p_decay(|y|).
template <class R>
R log1p_decay(const R& absolute_y) {
  using std::log1p;
  const R e = decay(absolute_y);
  return kept_positive(R(log1p(e)), e == 0);
}

/// Φ(z), the standard normal distribution function.
template <class R>
Anchored<R> normal_cdf(const R& z) {
  using std::erf;
  using std::erfc;
  using std::sqrt;
  const R root_two = sqrt(R(2));
  if (magnitude(z) < 1) return {R(0.5), R(erf(R(z / root_two)) / 2)};
  const bool at_infinity = is_infinite(z);
  const R far = at_infinity ? R(0) : kept_positive(R(erfc(R(magnitude(z) / root_two)) / 2), false);
  if (z > 0) return {R(1), R(-far)};
  return {R(0), far};
}

template <class R>
R pi() {
  using std::acos;
  return acos(R(-1));
}

/// √(2/π).
template <class R>
R root_two_over_pi() {
  using std::sqrt;
  return sqrt(R(2 / pi<R>()));
}

/// Φ(-z)/φ(z) for z >= 1, φ the normal density.
template <class R>
R mills_ratio(const R& z, const R& density) {
  using std::erfc;
  using std::sqrt;
  if (z < 16384) return erfc(R(z / sqrt(R(2)))) / 2 / density;
  // 1/z - 1/z³ + 3/z⁵ - 15/z⁷ + ..., whose terms fall for as long as any precision needs.
  const R inverse_square = 1 / (z * z);
  R term = 1 / z, sum = term;
  for (int k = 1; term != 0; k += 2) {
    term = -term * k * inverse_square;
    const R next = sum + term;
    if (next == sum) break;
    sum = next;
  }
  return sum;
}

/// The derivative of x·Φ(z(x)): Φ(z) + w·φ(z), where w = x·z'(x), given z + w as well as w is known.
/// Near 0 that is 1/2 + φ(z)·(z + w + z³/3 + z⁵/15 + z⁷/105 + ...).
template <class R>
Anchored<R> normal_slope(const R& z, const R& w, const R& z_plus_w) {
  using std::exp;
  if (is_infinite(z)) return exactly(z > 0 ? R(1) : signed_zero<R>(true));
  const R square = z * z;
  const R density = kept_positive(R(exp(R(-square / 2)) * root_two_over_pi<R>() / 2), false);
  if (magnitude(z) < 1) {
    R term = z * square / 3, sum = term;
    for (int k = 5; term != 0; k += 2) {
      term = term * square / k;
      const R next = sum + term;
      if (next == sum) break;
      sum = next;
    }
    return {R(0.5), R(density * (z_plus_w + sum))};
  }
  const R ratio = mills_ratio(magnitude(z), density);
  if (z > 0) return {R(1), R(density * (w - ratio))};
  return nearly(R(density * (w + ratio)));
}

/// x·σ(2√(2/π)(x + c x³)) = x/2·(1 + tanh(√(2/π)(x + c x³))).
template <class R>
Anchored<R> gelu_by_tanh(const R& x, const R& c) {
  return times(x, logistic(R(2 * root_two_over_pi<R>() * x * (1 + c * x * x))));
}

template <class R>
Anchored<R> gelu_by_tanh_slope(const R& x, const R& c) {
  const R linear = 2 * root_two_over_pi<R>() * x, cubic = c * x * x;
  return gated_slope(R(linear * (1 + cubic)), R(linear * (1 + 3 * cubic)));
}

/// x for x > 0, else slope·x.
template <class R>
Anchored<R> leaky(const R& x, const R& slope) {
  return exactly(x > 0 ? x : times(x, slope));
}

/// min(max(x, low), high).
template <class R>
R clamp(const R& x, const R& low, const R& high) {
  const R raised = x > low ? x : low;
  return raised < high ? raised : high;
}

}  // namespace actbench::reference
