// SPDX-License-Identifier: Apache-2.0
//
// The quick forms as loops.
#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <limits>

#include "reference/activations.hpp"
#include "reference/clones.hpp"
#include "reference/function.hpp"

namespace actbench::reference {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// dy·q, where dy is an f32 number, or the product of two. The product of dy and the number nearest to q is exact, in
/// two parts, and has the sign of the whole; the other terms are rounded. A clamped q (error = |lo|) says nothing but
/// the side, and that remains: the product of lo is rounded as that of the error is.
template <std::size_t multipliers>
inline Quick product(double dy, const Quick& q) {
  const bool clamped = q.error == std::abs(q.lo);
  const TwoSum sum = two_sum(q.hi, q.lo);
  const double head = clamped || sum.head == 0 ? q.hi : sum.head, tail = clamped ? q.lo : sum.tail;
  const double high = high_half(head);
  TwoSum scaled = two_sum(dy * high, dy * (head - high));
  double lost = 0;
  if constexpr (multipliers == 2) {  // Dekker's product: 48 bits times 53
    const double whole = dy * head, dy_high = high_half(dy), dy_low = dy - dy_high, low = head - high;
    scaled = {whole, ((dy_high * high - whole) + dy_high * low + dy_low * high) + dy_low * low};
    if (whole != 0 && std::abs(whole) < 0x1p-900) lost = 0x1p-1000;  // parts of it underflow
  }
  const double small = dy * tail, lo = scaled.tail + small;
  // A product may underflow where it rests on e^-600, which mish' does near 300.
  const double small_error = clamped || small == 0 ? 0.0 : std::abs(small) * 0x1p-52 + 0x1p-1000;
  const double sum_error = scaled.tail == 0 || small == 0 ? 0.0 : std::abs(lo) * 0x1p-52;
  const bool sign_known = std::abs(sum.head) >= q.error;
  const double error = dy == 0 ? (sign_known ? 0.0 : infinity) : std::abs(dy) * q.error;
  return {scaled.head == 0 ? dy * head : scaled.head, lo, error + (small_error + sum_error + lost)};
}

/// At an infinite x, the definition's limit in double. Only selu's -λα and λ are not exact there.
template <class Direction, class Activation>
Quick limit(double x, const double* p) {
  const Anchored<double> sum = Direction::template factor<Activation>(x, p);
  if (!std::isfinite(sum.anchor + sum.rest)) return {sum.anchor + sum.rest, 0, 0};
  return {sum.anchor, sum.rest, std::abs(sum.rest) * 0x1p-48};
}

/// The value where an input is infinite or NaN.
template <class Direction, class Activation>
Quick other_value(double x, double dy, const double* p) {
  constexpr std::size_t multipliers = Direction::multipliers;
  if (std::isnan(x)) return {x, 0, 0};
  if (std::isnan(dy)) return {dy, 0, 0};
  const Quick factor =
      std::isinf(x) ? limit<Direction, Activation>(x, p) : Direction::template quick_factor<Activation>()(x, p);
  if constexpr (multipliers == 0) {
    return factor;
  } else {
    if (std::isfinite(dy) && std::isfinite(factor.hi)) return product<multipliers>(dy, factor);
    const double whole = factor.hi + factor.lo;
    if (whole == 0 && factor.error == 0) return {nan, 0, 0};
    if (!(std::abs(whole) >= factor.error)) return {0, 0, infinity};  // the sign is open
    return {dy * whole, 0, 0};
  }
}

template <directions::QuickForm form, std::size_t parameter_count>
ACTBENCH_CLONES void evaluate(const double* __restrict x, const double* parameters, std::size_t n,
                              const QuickArrays& out) {
  double p[parameter_count + 1];  // which no store to out can change
  std::copy_n(parameters, parameter_count, p);
  double* const __restrict hi = out.hi, * const __restrict lo = out.lo, * const __restrict error = out.error;
  for (std::size_t i = 0; i < n; ++i) {
    const Quick q = form(x[i], p);
    hi[i] = q.hi;
    lo[i] = q.lo;
    error[i] = q.error;
  }
}

ACTBENCH_CLONES void multiply(const double* __restrict dy, std::size_t n, const QuickArrays& values) {
  double* const __restrict hi = values.hi, * const __restrict lo = values.lo, * const __restrict error = values.error;
  for (std::size_t i = 0; i < n; ++i) {
    const Quick q = product<1>(dy[i], {hi[i], lo[i], error[i]});
    hi[i] = q.hi;
    lo[i] = q.lo;
    error[i] = q.error;
  }
}
ACTBENCH_CLONES void multiply(const double* __restrict dy, const double* __restrict a, std::size_t n,
                              const QuickArrays& values) {
  double* const __restrict hi = values.hi, * const __restrict lo = values.lo, * const __restrict error = values.error;
  for (std::size_t i = 0; i < n; ++i) {
    const Quick q = product<2>(dy[i] * a[i], {hi[i], lo[i], error[i]});
    hi[i] = q.hi;
    lo[i] = q.lo;
    error[i] = q.error;
  }
}

ACTBENCH_CLONES bool all_finite(const double* v, std::size_t n) {
  std::uint64_t others = 0;
  for (std::size_t i = 0; i < n; ++i) others += std::abs(v[i]) <= std::numeric_limits<double>::max() ? 0 : 1;
  return others == 0;
}

template <class Direction, class Activation>
void loop(const InputArrays& in, const QuickArrays& out, std::size_t n, const double* parameters) {
  const double *const dy = in.multiplier[0], *const a = in.multiplier[1];
  evaluate<Direction::template quick_factor<Activation>(), Activation::parameters>(in.x, parameters, n, out);
  bool finite = all_finite(in.x, n);
  if constexpr (Direction::multipliers == 1) multiply(dy, n, out);
  if constexpr (Direction::multipliers == 2) multiply(dy, a, n, out);
  if constexpr (Direction::multipliers > 0) finite = finite && all_finite(dy, n);
  if constexpr (Direction::multipliers > 1) finite = finite && all_finite(a, n);
  if (finite) return;
  for (std::size_t i = 0; i < n; ++i) {
    double multiplier = 1;
    if constexpr (Direction::multipliers > 0) multiplier = dy[i];
    if constexpr (Direction::multipliers > 1) multiplier *= a[i];
    if (std::isfinite(in.x[i]) && std::isfinite(multiplier)) continue;
    const Quick q = other_value<Direction, Activation>(in.x[i], multiplier, parameters);
    out.hi[i] = q.hi;
    out.lo[i] = q.lo;
    out.error[i] = q.error;
  }
}

struct Maker {
  template <class Direction, class Activation>
  static constexpr QuickLoop make() {
    return &loop<Direction, Activation>;
  }
};

}  // namespace

#define ACTBENCH_ROW(name) each_direction<QuickLoop, Maker, activations::name>(),
extern const EachDirection<QuickLoop> quick_loops[];
const EachDirection<QuickLoop> quick_loops[] = {ACTBENCH_REFERENCE_ACTIVATIONS(ACTBENCH_ROW)};
#undef ACTBENCH_ROW

void quick(const Function& f, const InputArrays& in, const QuickArrays& out, std::size_t n,
           std::span<const double> parameters) {
  assert(parameters.size() == f.parameter_count && fits(f, in));
  f.quick(in, out, n, parameters.data());
}

void quick(const Function& f, const Format& format, const InputArrays& in, Quick* out, std::size_t n,
           std::span<const double> parameters) {
  assert(parameters.size() == f.parameter_count && fits(f, in));
  if (format.precision > f32.precision) return f.quick_wide(in, out, n, parameters.data());
  constexpr std::size_t block = 256;
  double hi[block], lo[block], error[block];
  for (std::size_t start = 0; start < n; start += block) {
    const std::size_t count = std::min(block, n - start);
    InputArrays here{in.x + start};
    for (std::size_t m = 0; m < f.multiplier_count; ++m) here.multiplier[m] = in.multiplier[m] + start;
    f.quick(here, {hi, lo, error}, count, parameters.data());
    for (std::size_t i = 0; i < count; ++i) out[start + i] = {hi[i], lo[i], error[i]};
  }
}

}  // namespace actbench::reference
