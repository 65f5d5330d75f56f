// SPDX-License-Identifier: Apache-2.0
//
// What gated units, y = a·f(b), need beyond kernels/elementwise.hpp, where b is the input x. Their results are a
// factor, f(b) or f'(b), times a, dy or both: two multipliers bring a factor of 2^-2100 back to a double, and one takes
// the place of a limit that rounds to infinity. Each gated unit includes this file below its Definition.
#pragma once

#include "kernels/elementwise.hpp"
#include "kernels/math/tail.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

/// Whether the exponential scaled a value up (kernels/math/exp.hpp): it is then as much above the Rough value.
inline Mask<F64> scaled_up(DoubleDouble<F64> value, F64 r) { return abs(value.hi) > abs(r) * F64(0x1p64); }

/// The factor times a multiplier, a number of f32 or a half type or the product of two. That product may be a tie; on
/// which side of the tie the result lies, a factor next to 1 or to x tells, by as little as 2^-1022. So small
/// multipliers are moved up. At an infinite x, here 2^200, the factor is the limit itself.
template <class D, Direction direction>
inline F64 gate_product(F64 multiplier, F64 x, const double* parameters) {
  DoubleDouble<F64> value = full<D, direction>(x, parameters);
  const F64 back = select(scaled_up(value, rough_out_of_line<D, direction>(x, parameters)), F64(0x1p-128), F64(1.0));
  value.lo = select(abs(x) < F64(0x1p200), value.lo, F64(0.0));
  const auto small = abs(multiplier) < F64(1.0);
  const F64 moved = multiplier * select(small, F64(0x1p600), F64(1.0));
  const F64 last = last_step(normalized(DoubleDouble<F64>(value.hi * back, value.lo * back) * Exact<F64>(moved)));
  return last * select(small, F64(0x1p-600), F64(1.0));
}

/// A power of two that brings a size other than 0 to between 2^-225 and 2^225, and takes it off the exponent.
inline F64 to_the_middle(F64 size, F64& exponent) {
  const F64 down = select(size > F64(0x1p650), F64(-837.0), F64(-425.0));
  const F64 up = select(size < F64(0x1p-650), F64(862.0), F64(425.0));
  const F64 shift = select(size > F64(0x1p200), down, select(size < F64(0x1p-200), up, F64(0.0)));
  exponent = exponent - shift;
  return power(shift);
}
inline DoubleDouble<F64> middle(DoubleDouble<F64> a, F64& exponent) {
  const F64 scale = to_the_middle(abs(a.hi), exponent);
  return {a.hi * scale, a.lo * scale};
}

/// As exact_path_f64, for a factor times dy and a (1 where the direction takes none). Every number goes to the middle
/// of the exponent range, and its exponent apart. Each lane by itself:
/// - far down a tail the factor is given as such (D::tail, beyond D::deep);
/// - f that is linear at 0 and next to the line x far out, there from x moved up, and as x itself;
/// - a multiplier that is zero or infinite, and an infinite x, whose limit counts, as IEEE arithmetic has it.
template <class D, Direction direction>
F64 gate_exact_path_f64(F64 x, F64 dy, F64 a, const double* parameters) {
  constexpr bool linear = D::linear && direction != Direction::gradient_b;
  const F64 size = abs(x);
  F64 exponent = 0.0, input = limited(x, 0x1p60);
  if constexpr (linear) {
    const F64 shift = select(size < F64(0x1p-300), select(size < F64(0x1p-700), F64(600.0), F64(200.0)), F64(0.0));
    input = input * power(shift);
    exponent = -shift;
  }
  DoubleDouble<F64> value = full<D, direction>(input, parameters);
  const auto raised = scaled_up(value, rough_out_of_line<D, direction>(input, parameters));
  exponent = select(raised, F64(-128.0), exponent);
  if constexpr (linear) {
    value = select(x > F64(0x1p60), DoubleDouble<F64>(x, F64(0.0)), value);
  }
  const auto deep = D::template on_tail<direction>(x);
  if (any(deep)) {
    const WithExponent tail = D::template tail<direction>(x);
    value = select(deep, tail.value, value);
    exponent = select(deep, tail.exponent, exponent);
  }
  const F64 sign = xor_sign(F64(1.0), value.hi);
  value = middle(value, exponent);
  value = middle(normalized(value * Exact<F64>(dy * to_the_middle(abs(dy), exponent))), exponent);
  value = middle(normalized(value * Exact<F64>(a * to_the_middle(abs(a), exponent))), exponent);

  // The result is value·2^exponent; power() reaches from 2^-1022 to 2^1023.
  const auto low = exponent < F64(-1000.0);
  const auto high = exponent > F64(600.0);
  const F64 part = select(low, F64(0x1p-400), select(high, F64(0x1p400), F64(1.0)));
  const F64 left = min(F64(1000.0), exponent + select(low, F64(400.0), select(high, F64(-400.0), F64(0.0))));
  const F64 scaled = rounded_at(DoubleDouble<F64>(value.hi * part, value.lo * part), power(max(F64(-1000.0), left)));
  const F64 zero = xor_sign(xor_sign(xor_sign(F64(0.0), sign), dy), a);
  const F64 result = select((left < F64(-1000.0)) | (scaled == F64(0.0)), zero, scaled);

  const F64 infinity = __builtin_inf();
  F64 factor = select(x == -infinity, xor_sign(F64(0.0), sign), sign);
  if constexpr (linear) {
    factor = select((x == F64(0.0)) | (x == infinity), x, factor);
  } else {
    factor = select(x == infinity, F64(D::template limit<direction>), factor);
  }
  factor = select(x == x, factor, x);
  auto ordinary =
      (abs(dy) > F64(0.0)) & (abs(dy) < infinity) & (abs(a) > F64(0.0)) & (abs(a) < infinity) & (size < infinity);
  if constexpr (linear) ordinary = ordinary & (size > F64(0.0));
  return select(ordinary, result, factor * dy * a);
}

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
