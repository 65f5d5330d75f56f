// SPDX-License-Identifier: Apache-2.0
#include "bench/numbers/settle.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "reference/clones.hpp"

namespace actbench::bench {
namespace {

constexpr double power(int exponent) {
  return std::bit_cast<double>(static_cast<std::uint64_t>(exponent + 1023) << 52);
}
constexpr double largest_double = std::numeric_limits<double>::max();
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr std::uint64_t exponent_mask = 0x7ff0000000000000;

template <int precision_, int min_exponent_, int max_exponent_>
struct Format {
  static constexpr int precision = precision_, min_exponent = min_exponent_, max_exponent = max_exponent_;
};
using F32 = Format<24, -126, 127>;
using F16 = Format<11, -14, 15>;
using Bf16 = Format<8, -126, 127>;

/// A double rounded to a format and given back as one. The half types: adding and taking off a number so large that
/// just their bits are left.
template <class F>
inline double rounded(double value) {
  if constexpr (F::precision == 24) return static_cast<double>(static_cast<float>(value));
  constexpr double beyond = power(F::max_exponent + 1), largest = beyond - power(F::max_exponent - F::precision + 1);
  const double bounded = std::max(-beyond, std::min(beyond, value));
  const auto exponent = std::bit_cast<std::uint64_t>(bounded) & exponent_mask;
  const double shift =
      std::max(std::bit_cast<double>(exponent), power(F::min_exponent)) * (1.5 * power(53 - F::precision));
  const double near = (bounded + shift) - shift;
  const double finite = std::fabs(near) > largest ? std::copysign(infinity, value) : near;
  return value != value ? value : finite;
}

template <class F, reference::Ulp measure>
inline Settled loop(const reference::QuickArrays& quick, const double* __restrict got, std::size_t n,
                    double* __restrict out) {
  const double* const __restrict his = quick.hi, * const __restrict los = quick.lo, * const __restrict bounds = quick.error;
  std::uint64_t open = 0, sum = 0, signs = 0;
  std::int64_t max = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double hi = his[i], lo = los[i], g = got[i];
    // Both ends of the interval that holds the exact value are rounded to a double first. Half a double's spacing, more
    // than that can move them, on top of the bound: then no end comes to lie on the wrong side of a tie.
    const double reach = bounds[i] + std::fabs(hi) * 0x1p-52;
    const double low = rounded<F>(hi + (lo - reach)), high = rounded<F>(hi + (lo + reach));
    const std::uint64_t right = (low == high) & (low == g), both_nan = (hi != hi) & (lo == 0) & (g != g);
    const std::uint64_t settled = right | both_nan;

    const double exact = hi + lo;
    const double binade =
        std::max(std::bit_cast<double>(std::bit_cast<std::uint64_t>(exact) & exponent_mask), power(F::min_exponent));
    // 2^(precision - 1)/binade, a power of two, by its exponent
    constexpr std::uint64_t twice_the_bias = std::uint64_t{2046 + F::precision - 1} << 52;
    double inverse = std::bit_cast<double>(twice_the_bias - std::bit_cast<std::uint64_t>(binade));
    if constexpr (measure == reference::Ulp::kahan) {
      const bool halved = std::fabs(exact) - binade < binade * power(-F::precision - 1) && std::fabs(exact) >= binade &&
                          binade > power(F::min_exponent);
      inverse = halved ? inverse * 2 : inverse;
    }
    double error = std::min(std::fabs((g - hi) - lo) * inverse, 0.5);
    if constexpr (measure == reference::Ulp::steps) error = 0;
    // A right infinity and a right NaN have no error, but the arithmetic above makes infinities and NaNs of them.
    error = std::fabs(g) <= largest_double ? error : 0.0;
    // By masks, as the compiler would make branches of conditions that follow from each other.
    const std::uint64_t counted = std::bit_cast<std::uint64_t>(error) & -settled;
    const std::uint64_t kept = counted | (std::bit_cast<std::uint64_t>(-1.0) & (settled - 1));
    out[i] = std::bit_cast<double>(kept);

    // The sum with 2^20 has the error's units as its last bits.
    static_assert(error_unit == 0x1p-32);
    sum += std::bit_cast<std::uint64_t>(std::bit_cast<double>(counted) + 0x1p20);
    max = std::max(max, static_cast<std::int64_t>(kept));
    open += settled ^ 1;
    // The conventions' sign of a zero is that of hi.
    const std::uint64_t differ = (std::bit_cast<std::uint64_t>(g) ^ std::bit_cast<std::uint64_t>(hi)) >> 63;
    signs += settled & static_cast<std::uint64_t>(g == 0) & differ;
  }
  return {open, sum - n * std::bit_cast<std::uint64_t>(0x1p20), signs, std::bit_cast<double>(max)};
}

#define ACTBENCH_SETTLE(F, measure)                                                                      \
  ACTBENCH_CLONES Settled settle_##F##_##measure(const reference::QuickArrays& quick, const double* got, \
                                                 std::size_t n, double* out) {                           \
    return loop<F, reference::Ulp::measure>(quick, got, n, out);                                         \
  }
ACTBENCH_SETTLE(F32, goldberg)
ACTBENCH_SETTLE(F32, kahan)
ACTBENCH_SETTLE(F32, steps)
ACTBENCH_SETTLE(F16, goldberg)
ACTBENCH_SETTLE(F16, kahan)
ACTBENCH_SETTLE(F16, steps)
ACTBENCH_SETTLE(Bf16, goldberg)
ACTBENCH_SETTLE(Bf16, kahan)
ACTBENCH_SETTLE(Bf16, steps)
#undef ACTBENCH_SETTLE

}  // namespace

Settled settle(Type type, reference::Ulp measure, const reference::QuickArrays& quick, const double* got, std::size_t n,
               double* error) {
  using Loop = Settled (*)(const reference::QuickArrays&, const double*, std::size_t, double*);
  static constexpr Loop loops[3][3] = {{settle_F32_goldberg, settle_F32_kahan, settle_F32_steps},
                                       {settle_F16_goldberg, settle_F16_kahan, settle_F16_steps},
                                       {settle_Bf16_goldberg, settle_Bf16_kahan, settle_Bf16_steps}};
  const int row = type == Type::f32 ? 0 : type == Type::f16 ? 1 : 2;
  return loops[row][static_cast<int>(measure)](quick, got, n, error);
}

}  // namespace actbench::bench
