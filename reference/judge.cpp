// SPDX-License-Identifier: Apache-2.0
//
// The quick form judges computed values where it decides, and Exact elsewhere.
#include <bit>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <limits>

#include "reference/format.hpp"
#include "reference/function.hpp"
#include "reference/quick_forms.hpp"
#include "reference/value.hpp"

namespace actbench::reference {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// head + tail rounded to odd: where the sum is no double, that neighbour of it whose last bit is one. Rounding that to
/// a format of at most 51 bits gives what rounding the sum would, and so does comparing it with numbers of that many.
double to_odd(double head, double tail) {
  const TwoSum sum = two_sum(head, tail);
  if (sum.tail == 0 || (std::bit_cast<std::uint64_t>(sum.head) & 1) != 0) return sum.head;
  return std::nextafter(sum.head, sum.tail > 0 ? infinity : -infinity);
}

/// An end of the open interval around hi + lo, rounded to odd from within: hi + (lo + offset), seen from its inner
/// side.
double inner_end(double hi, double lo, double offset) {
  const TwoSum shifted = two_sum(lo, offset);
  // What the sum lost, taken outwards.
  const double outer = shifted.tail == 0 ? shifted.head : std::nextafter(shifted.head, std::copysign(infinity, offset));
  const TwoSum sum = two_sum(hi, outer);
  if ((std::bit_cast<std::uint64_t>(sum.head) & 1) != 0) return sum.head;
  const double direction = sum.tail != 0 ? sum.tail : -offset;
  return std::nextafter(sum.head, std::copysign(infinity, direction));
}

/// The open interval that holds the exact value, its ends rounded to odd; one number where there is no error.
struct Interval {
  double lower;
  double upper;
};

Interval interval(const Quick& q) {
  if (q.error == 0) {
    double v = std::isfinite(q.hi) ? to_odd(q.hi, q.lo) : q.hi;
    if (v == 0) v = std::copysign(0.0, q.hi);
    return {v, v};
  }
  return {inner_end(q.hi, q.lo, -q.error), inner_end(q.hi, q.lo, q.error)};
}

bool identical(double a, double b) { return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b); }

int exponent_of(const Format& f, double v) { return v == 0 ? f.min_exponent : std::ilogb(v); }

double power_of_two(std::int64_t biased_exponent) {
  return std::bit_cast<double>(static_cast<std::uint64_t>(biased_exponent) << 52);
}

/// The common case without branches: computed is the number nearest to the whole interval, and its error is known to
/// 2^-20 of a spacing. False for every other case, infinities and NaN included.
bool confirm(const Format& f, const Quick& q, double computed, Judgement& out) {
  const std::uint64_t bits = std::bit_cast<std::uint64_t>(computed);
  const double difference = (q.hi - computed) + q.lo;
  const double doubt = q.error + (std::abs(q.hi - computed) + std::abs(q.lo)) * 0x1p-51;
  // Below a power of two the spacing halves, down to the smallest normal number.
  const std::int64_t smallest = f.min_exponent + 1023, own = static_cast<std::int64_t>((bits >> 52) & 2047);
  const bool halves = (bits & 0xfffffffffffff) == 0 && own > smallest && (difference < 0) == (computed > 0);
  const std::int64_t exponent = (own > smallest ? own : smallest) - halves;
  const double half = power_of_two(exponent - f.precision);
  const double value = q.hi + q.lo;
  const bool sign_known = std::abs(value) > doubt || q.error == 0 || (q.hi == 0 && std::abs(q.lo) >= q.error);
  const double zero = std::copysign(0.0, value == 0 ? q.hi : value);
  out = {computed == 0 ? zero : computed, std::abs(difference) * power_of_two(2045 - exponent + f.precision), true,
         false};
  return std::abs(difference) + doubt < half && doubt < half * 0x1p-19 && (computed != 0 || sign_known);
}

/// Judges by the interval. False where it leaves something open.
bool decide(const Format& f, const Quick& q, double computed, Judgement& out) {
  if (std::isnan(q.hi)) {
    const bool right = std::isnan(computed);
    out = {q.hi, right ? 0.0 : infinity, right, false};
    return true;
  }
  if (!(q.error < infinity)) return false;
  const auto [lower, upper] = interval(q);
  const double expected = round_to(f, lower);
  if (!identical(expected, round_to(f, upper))) return false;
  if (std::isnan(computed) || std::isinf(computed) || std::isinf(lower)) {
    const bool right = computed == expected;
    out = {expected, right ? 0.0 : infinity, right, false};
    return true;
  }
  const int spacing = spacing_exponent(f, exponent_of(f, lower));
  if (spacing != spacing_exponent(f, exponent_of(f, upper))) return false;
  const double half = std::ldexp(0.5, spacing);
  int side = 0;  // of the error against a half: the same for all of the interval
  if (lower < computed && computed < upper) {
    if (!(computed - lower < half && upper - computed < half)) return false;
    side = -1;
  } else {
    // Where the half falls near the interval, the sum is exact.
    const double sign = lower < computed ? -1 : 1, middle = computed + sign * half;
    const int low_side = (lower > middle) - (lower < middle), high_side = (upper > middle) - (upper < middle);
    if (low_side != high_side) return false;
    side = low_side * static_cast<int>(sign);
  }
  const TwoSum value = two_sum(q.hi, q.lo);  // hi and lo may cancel
  double ulp = std::ldexp(std::abs((value.head - computed) + value.tail), -spacing);
  if (!(std::ldexp(q.error, -spacing) < 0x1p-20 * std::fmax(1.0, ulp))) return false;
  if (side == 0) ulp = 0.5;
  if (side < 0) ulp = std::fmin(ulp, 0x1.fffffffffffffp-2);
  if (side > 0) ulp = std::fmax(ulp, 0x1.0000000000001p-1);
  out = {expected, ulp, computed == expected, false};
  return true;
}

/// The binary exponent of a normal double.
int exponent_of_double(double v) { return static_cast<int>((std::bit_cast<std::uint64_t>(v) >> 52) & 2047) - 1023; }

double two_to(int exponent) { return power_of_two(exponent + 1023); }

/// The same for f64, whose numbers leave no bits in a double for rounding to odd. Differences decide instead, in units
/// of 2^q.scale: next to a half, and between neighbours, they are exact.
bool decide_double(const Quick& q, double computed, Judgement& out) {
  if (std::isnan(q.hi)) {
    const bool right = std::isnan(computed);
    out = {q.hi, right ? 0.0 : infinity, right, false};
    return true;
  }
  if (!(q.error < infinity)) return false;
  if (std::isinf(q.hi)) {
    const bool right = computed == q.hi;
    out = {q.hi, right ? 0.0 : infinity, right, false};
    return true;
  }
  const TwoSum value = two_sum(q.hi, q.lo);
  const double size = std::abs(value.head);
  if (size == 0) {
    if (q.error != 0) return false;
    const double zero = std::copysign(0.0, q.hi), ulp = std::ldexp(std::abs(computed), 1074);
    out = {zero, std::isnan(computed) ? infinity : ulp, computed == 0, false};
    return true;
  }
  if (q.scale < -1100) {  // nothing, on one side
    if (q.error > size) return false;
    const double ulp = std::ldexp(std::abs(computed), 1074);
    out = {std::copysign(0.0, value.head), std::isnan(computed) ? infinity : ulp, computed == 0, false};
    return true;
  }
  // The binary exponent of the exact value, which may lie on the other side of a power of two than its head.
  int exponent = exponent_of_double(value.head);
  const int least = f64.min_exponent - q.scale;
  const bool at_power = (std::bit_cast<std::uint64_t>(size) & 0xfffffffffffff) == 0;
  if (at_power && exponent > least) {
    const double beyond = value.head < 0 ? -value.tail : value.tail;
    if (beyond < 0) --exponent;
    if (std::abs(beyond) < q.error) return false;
  }
  const int last_place = (exponent > least ? exponent : least) - (f64.precision - 1);
  const double spacing = two_to(last_place), half = 0.5 * spacing, inverse = two_to(-last_place);
  if (!(q.error < half * 0x1p-19)) return false;

  // The nearest number of the format to the head, then the side of the half on which the rest lies.
  double expected = value.head, off = value.tail, end = 0;
  if (exponent <= least) {
    expected = std::nearbyint(value.head * inverse) * spacing;
    const TwoSum rest = two_sum(value.head - expected, value.tail);
    off = rest.head;
    end = rest.tail;
  }
  const double beyond_half = (std::abs(off) - half) + (off < 0 ? -end : end);
  if (q.error == 0 && beyond_half == 0) {
    if (std::fmod(expected * inverse, 2) != 0) expected += std::copysign(spacing, off);
  } else if (beyond_half >= q.error) {
    expected += std::copysign(spacing, off);
  } else if (beyond_half > -q.error) {
    return false;
  }
  double got = computed;
  if (q.scale != 0) {
    expected = std::ldexp(expected, q.scale);
    got = std::ldexp(computed, -q.scale);
    if (std::isinf(got) && !std::isinf(computed)) return false;
    if (std::ldexp(got, q.scale) != computed && !std::isnan(computed)) return false;
  }
  if (!std::isfinite(computed)) {
    const bool right = computed == expected;
    out = {expected, right ? 0.0 : infinity, right, false};
    return true;
  }

  const TwoSum apart = two_sum(value.head, -got);
  const TwoSum distance = two_sum(apart.head, apart.tail + value.tail);
  double ulp = (std::abs(distance.head) + (distance.head < 0 ? -distance.tail : distance.tail)) * inverse;
  const double past = (std::abs(distance.head) - half) + (distance.head < 0 ? -distance.tail : distance.tail);
  // The side is known: next to a tie, expected would not be.
  ulp = past == 0 ? 0.5 : (past > 0 ? std::fmax(ulp, 0x1.0000000000001p-1) : std::fmin(ulp, 0x1.fffffffffffffp-2));
  out = {expected, ulp, computed == expected, false};
  return true;
}

/// The distance between the two numbers of the format nearest to the exact value, over the spacing of its binade: 1/2
/// or 1; 0 where the quick value leaves open which, or the binade.
double nearest_gap(const Format& f, const Quick& q) {
  const TwoSum value = two_sum(q.hi, q.lo);
  const double size = std::abs(value.head), tail = value.head < 0 ? -value.tail : value.tail;
  if (size == 0 || !std::isfinite(size)) return q.error == 0 ? 1 : 0;
  const int exponent = std::ilogb(size);
  const double quarter = std::ldexp(1.0, exponent - f.precision - 1);
  const double past_power = (size - std::ldexp(1.0, exponent)) + tail, past_quarter = past_power - quarter;
  const double doubt = q.error == 0 ? 0 : q.error + (std::abs(past_power) + quarter) * 0x1p-51;
  if (doubt > 0 && std::fmin(std::abs(past_power), std::abs(past_quarter)) <= doubt) return 0;
  return exponent + q.scale > f.min_exponent && past_power >= 0 && past_quarter < 0 ? 0.5 : 1;
}

/// A judgement's error by another measure; false where only Exact knows it.
bool remeasure(const Format& f, const Quick& q, double computed, Ulp measure, Judgement& j) {
  j.measured = j.ulp;
  if (measure == Ulp::goldberg || j.ulp == 0 || std::isinf(j.ulp)) return true;
  if (measure == Ulp::steps) {
    j.measured = steps_between(f, j.expected, computed);
    return true;
  }
  const double gap = nearest_gap(f, q);
  j.measured = j.ulp / gap;
  return gap > 0;
}

}  // namespace

bool judged_by(const Format& format, const Quick& quick, double computed, Ulp measure, Judgement& out) {
  const bool known = format.precision == f64.precision
                         ? decide_double(quick, computed, out)
                         : confirm(format, quick, computed, out) || decide(format, quick, computed, out);
  return known && remeasure(format, quick, computed, measure, out);
}

void judge(const Function& function, const Format& format, const InputArrays& in, const Quick* quick,
           const double* computed, Judgement* out, std::size_t n, std::span<const double> parameters, Ulp measure) {
  assert(parameters.size() == function.parameter_count && fits(function, in));
  for (std::size_t i = 0; i < n; ++i) {
    if (judged_by(format, quick[i], computed[i], measure, out[i])) continue;
    double inputs[3] = {in.x[i]};
    for (std::size_t m = 0; m < function.multiplier_count; ++m) inputs[1 + m] = in.multiplier[m][i];
    const Exact exact(function, format, {inputs, 1 + function.multiplier_count}, parameters);
    const double expected = exact.rounded();
    const bool right = computed[i] == expected || (std::isnan(computed[i]) && std::isnan(expected));
    out[i] = {expected, exact.ulp_error(computed[i]), right, true, exact.ulp_error(computed[i], measure)};
  }
}

}  // namespace actbench::reference
