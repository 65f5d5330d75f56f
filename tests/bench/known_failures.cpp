// SPDX-License-Identifier: Apache-2.0
//
// What has gone wrong in real libraries, each as a kernel with that defect, and which part of the suite catches it.
// Every catch is printed, so that the test's output is the list.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "bench/certificates/verify.hpp"
#include "bench/faults/overflow.hpp"
#include "bench/numbers/types.hpp"
#include "bench/sweep/sweep.hpp"

namespace actbench::bench {
namespace {

using KernelRun = void (*)(const Arguments&) noexcept;

const Kernel& right_kernel(std::string_view function, Type type, const char* backend = "scalar") {
  const Kernel* found = find(std::string(function) + "/" + name(type) + "/accurate/" + backend);
  if (found == nullptr) throw std::runtime_error("no accurate kernel of " + std::string(function));
  return *found;
}
const Kernel& best_kernel(std::string_view function, Type type) {
  for (const char* backend : {"avx512", "avx2"}) {
    const Kernel& kernel = right_kernel(function, type, backend);
    if (unrunnable_reason(kernel) == nullptr) return kernel;
  }
  return right_kernel(function, type);
}

/// Element by element, by a function of numbers of the type as doubles.
template <Type type, double (*f)(double)>
void each(const Arguments& a) noexcept {
  for (std::size_t i = 0; i < a.n; ++i)
    set_pattern(type, a.y, i, pattern_of(type, round_to(type, f(value_of(type, pattern_at(type, a.x, i))))));
}
template <float (*f)(float)>
void each(const Arguments& a) noexcept {
  for (std::size_t i = 0; i < a.n; ++i) {
    float x;
    std::memcpy(&x, static_cast<const char*>(a.x) + 4 * i, 4);
    const float y = f(x);
    std::memcpy(static_cast<char*>(a.y) + 4 * i, &y, 4);
  }
}

float half(float x) { return static_cast<float>(round_to(Type::f16, static_cast<double>(x))); }

/// What a formula makes of finite numbers, with GELU's limits: an infinite error at an infinity would outshine the
/// rest.
template <float (*f)(float)>
float finite(float x) {
  return std::isfinite(x) ? f(x) : x < 0 ? -0.f : x;
}

// Plain arithmetic of the type, as the libraries had it.
float gelu_by_erf(float x) { return 0.5f * x * (1 + std::erf(x * 0.70710678f)); }
float gelu_by_erfc_of_a_rounded_argument(float x) {
  const double y = 0.5 * static_cast<double>(x) * std::erfc(static_cast<double>(-x * 0.70710678f));
  return static_cast<float>(y);
}
float gelu_tanh_unclamped(float x) {
  const float e = std::exp(2 * (0.79788456f * (x + 0.044715f * x * x * x)));
  return 0.5f * x * (1 + (e - 1) / (e + 1));
}
float gelu_tanh_up_to_9(float x) { return std::fabs(x) < 9 ? gelu_tanh_unclamped(x) : x < 0 ? -0.f : x; }
float gelu_slope_by_erf(float x) {
  if (std::fabs(x) > 1e18f) return x < 0 ? -0.f : 1.f;  // x² would overflow
  return 0.5f * (1 + std::erf(x * 0.70710678f)) + x * 0.39894228f * std::exp(-0.5f * x * x);
}
float gelu_tanh_slope_in_f16(float x) {  // with f16 between all operations
  const float cube = half(half(x * x) * x), inner = half(0.79788456f * half(x + half(0.044715f * cube)));
  const float t = half(std::tanh(inner));
  const float slope = half(0.79788456f * half(1 + half(0.134145f * half(x * x))));
  return half(half(0.5f * half(1 + t)) + half(half(0.5f * x) * half(half(1 - half(t * t)) * slope)));
}
double gelu_tanh_slope_in_f16(double x) { return static_cast<double>(gelu_tanh_slope_in_f16(static_cast<float>(x))); }
float sigmoid_by_newton(float x) {
  const float d = 1 + std::exp(-x), r = std::bit_cast<float>(0x7ef311c7 - std::bit_cast<std::uint32_t>(d));
  const float estimate = d > 1e38f ? 1 / d : r * (2 - d * r);
  return estimate * (2 - d * estimate);
}
float sigmoid_out_of_range(float x) { return x < -18 ? -0x1p-24f : x > 18 ? 1 + 0x1p-23f : 1 / (1 + std::exp(-x)); }
float sigmoid_zero_too_early(float x) { return x < -87.34f ? 0 : 1 / (1 + std::exp(-x)); }
float silu_by_product(float x) { return x * (1 / (1 + std::exp(-x))); }
double softplus_with_a_threshold(double x) { return x > 20 ? x : std::log1p(std::exp(x)); }
double softplus_in_f16(double x) {
  const float e = half(std::exp(static_cast<float>(x)));
  return static_cast<double>(half(std::log(half(1 + e))));
}
float mish_at_infinity(float x) {  // x·n/(n + 2), n = e^x(e^x + 2)
  const float e = std::exp(x), n = e * (e + 2);
  return x * (n / (n + 2));
}
float log_sigmoid_by_log(float x) { return std::log(1 / (1 + std::exp(-x))); }
float elu_by_exp(float x) { return x > 0 ? x : std::exp(x) - 1; }
float gelu_with_erf_clamped(float x) {
  const double t = std::clamp(static_cast<double>(x) * 0.7071067811865476, -2.5, 2.5);
  return static_cast<float>(0.5 * static_cast<double>(x) * (1 + std::erf(t)));
}

/// The accurate results, changed.
template <const char* function, float (*change)(float x, float y)>
void changed(const Arguments& a) noexcept {
  static const Kernel& right = best_kernel(function, Type::f32);
  right.run(a);
  for (std::size_t i = 0; i < a.n; ++i) {
    float x, y;
    std::memcpy(&x, static_cast<const char*>(a.x) + 4 * i, 4);
    std::memcpy(&y, static_cast<char*>(a.y) + 4 * i, 4);
    y = change(x, y);
    std::memcpy(static_cast<char*>(a.y) + 4 * i, &y, 4);
  }
}
constexpr char gelu[] = "gelu/forward", tanh[] = "tanh/forward", relu[] = "relu/forward";
// 1 + 2^-27 ULP from the exact x - x³/3 at 2^-24, where 1 is promised.
float tanh_of_one_ulp(float x, float y) {
  const float size = std::fabs(x);
  return size > 0x1p-24f && size < 0x1.1p-24f ? std::copysign(std::nextafter(size, 1.f), x) : y;
}
float flushed(float, float y) { return std::fabs(y) < 0x1p-126f ? std::copysign(0.f, y) : y; }
float inputs_flushed(float x, float y) { return std::fabs(x) < 0x1p-126f ? std::copysign(0.f, x) : y; }
float zero_for_half_the_domain(float x, float y) { return x < 0 ? 0.f : y; }
float wrong_in_the_tail(float x, float y) { return x > -13.f && x < -12.99f ? y * (1 + 0x1p-20f) : y; }
float nan_becomes_a_number(float x, float y) { return std::isnan(x) ? 0.f : y; }
float new_nan(float x, float y) { return x == 3.f ? NAN : y; }
float minus_zero_lost(float, float y) { return y == 0 ? 0.f : y; }
constexpr std::uint32_t hidden_input = 0x4abcdef1, hidden_in_quick = 37 * 1024 + 65536 * 0x40c1u;

template <std::uint32_t input>
void hidden(const Arguments& a) noexcept {
  static const Kernel& right = best_kernel(relu, Type::f32);
  right.run(a);
  const auto* const x = static_cast<const std::uint32_t*>(a.x);
  for (std::size_t i = 0; i < a.n; ++i) {
    if (x[i] == input) static_cast<std::uint32_t*>(a.y)[i] ^= 1;
  }
}

/// The second half of a register and the rest of an array get another formula than the first.
void tail_by_another_formula(const Arguments& a) noexcept {
  right_kernel(gelu, Type::f32).run(a);
  for (std::size_t i = a.n / 8 * 8; i < a.n; ++i) {
    float x;
    std::memcpy(&x, static_cast<const char*>(a.x) + 4 * i, 4);
    x = gelu_by_erf(x);
    std::memcpy(static_cast<char*>(a.y) + 4 * i, &x, 4);
  }
}
void last_lane(const Arguments& a) noexcept {
  right_kernel(gelu, Type::f32).run(a);
  for (std::size_t i = 7; i < a.n; i += 8) static_cast<char*>(a.y)[4 * i] ^= 1;
}
void disturbed_by_a_neighbour(const Arguments& a) noexcept {
  std::vector<float> x(a.n);
  std::memcpy(x.data(), a.x, 4 * a.n);
  right_kernel(gelu, Type::f32).run(a);
  for (std::size_t i = 0; i + 1 < a.n; ++i) {
    if (std::isinf(x[i + 1]) && !std::isinf(x[i])) static_cast<char*>(a.y)[4 * i] ^= 1;
  }
}

enum class By : unsigned char { sweep, overflow };
struct Defect {
  const char* what;
  const char* function;
  KernelRun run;
  double promised;
  Type type;
  By by;
};

const Defect defects[] = {
    {"GELU as x/2·(1 + erf): all accuracy lost below -5", gelu, each<finite<gelu_by_erf>>, 4, Type::f32, By::sweep},
    {"GELU as x/2·(1 + erf): zero from -5.5 on", gelu, each<gelu_by_erf>, 4, Type::f32, By::overflow},
    {"GELU as x/2·erfc of a rounded argument", gelu, each<finite<gelu_by_erfc_of_a_rounded_argument>>, 4, Type::f32,
     By::sweep},
    {"tanh-GELU, argument unclamped: NaN for large inputs", "gelu_tanh/forward", each<gelu_tanh_unclamped>, 4,
     Type::f32, By::overflow},
    {"tanh-GELU, argument unclamped: accuracy below -6", "gelu_tanh/forward", each<finite<gelu_tanh_up_to_9>>, 4,
     Type::f32, By::sweep},
    {"GELU' by 1 + erf: wrong near -3.7 and near its zero", "gelu/derivative", each<gelu_slope_by_erf>, 4, Type::f32,
     By::sweep},
    {"x³ overflows f16 in tanh-GELU'", "gelu_tanh/derivative", each<Type::f16, gelu_tanh_slope_in_f16>, 1, Type::f16,
     By::overflow},
    {"sigmoid by a reciprocal's Newton step: NaN", "sigmoid/forward", each<sigmoid_by_newton>, 4, Type::f32,
     By::overflow},
    {"sigmoid out of its range: -2^-24, 1 + 2^-23", "sigmoid/forward", each<sigmoid_out_of_range>, 4, Type::f32,
     By::overflow},
    {"sigmoid 0 where the result is a normal number", "sigmoid/forward", each<sigmoid_zero_too_early>, 4, Type::f32,
     By::overflow},
    {"silu(-inf) = NaN", "silu/forward", each<silu_by_product>, 4, Type::f32, By::overflow},
    {"softplus with a threshold of 20 loses f64", "softplus/forward", each<Type::f64, softplus_with_a_threshold>, 4,
     Type::f64, By::sweep},
    {"softplus in f16: inf", "softplus/forward", each<Type::f16, softplus_in_f16>, 1, Type::f16, By::overflow},
    {"mish(+inf) = NaN", "mish/forward", each<mish_at_infinity>, 4, Type::f32, By::overflow},
    {"log_sigmoid(-large) = -inf", "log_sigmoid/forward", each<log_sigmoid_by_log>, 4, Type::f32, By::overflow},
    {"ELU as e^x - 1: cancels near 0", "elu/forward", each<elu_by_exp>, 4, Type::f32, By::sweep},
    {"erf clamped too early", gelu, each<finite<gelu_with_erf_clamped>>, 4, Type::f32, By::sweep},
    {"tanh promises 1 ULP, misses it by 2^-27 near 2^-24", tanh, changed<tanh, tanh_of_one_ulp>, 1, Type::f32,
     By::sweep},
    {"subnormal results flushed to zero", gelu, changed<gelu, flushed>, 4, Type::f32, By::sweep},
    {"subnormal inputs flushed to zero", tanh, changed<tanh, inputs_flushed>, 4, Type::f32, By::sweep},
    {"SIMD body and scalar tail disagree", gelu, tail_by_another_formula, 4, Type::f32, By::overflow},
    {"wrong on the last lane only", gelu, last_lane, 4, Type::f32, By::overflow},
    {"a lane disturbs its neighbour", gelu, disturbed_by_a_neighbour, 4, Type::f32, By::overflow},
    {"wrong in a piece of the tail only", gelu, changed<gelu, wrong_in_the_tail>, 4, Type::f32, By::sweep},
    {"wrong for NaN only", gelu, changed<gelu, nan_becomes_a_number>, 4, Type::f32, By::sweep},
    // What tools have let pass.
    {"new NaN, which a mask of 'both finite' hides", gelu, changed<gelu, new_nan>, 4, Type::f32, By::sweep},
    {"0 on half the domain, which a correlation passes", gelu, changed<gelu, zero_for_half_the_domain>, 4, Type::f32,
     By::sweep},
};

TEST(KnownFailures, EachIsCaught) {
  for (const Defect& d : defects) {
    const Kernel& right = right_kernel(d.function, d.type);
    Kernel kernel = right;
    kernel.promised_ulp = d.promised;
    kernel.tier = Tier::fast;
    SweepOptions options;
    options.inputs = 1 << 18;
    options.search = 1 << 15;
    options.threads = 2;
    for (const bool defective : {false, true}) {
      kernel.run = defective ? d.run : right.run;
      std::string caught;
      if (d.by == By::sweep) {
        const SweepRow row = sweep({{&kernel, {}}}, options)[0];
        if (!keeps_promise(row)) {
          char text[160];
          std::snprintf(text, sizeof text, "sweep: %.9g ULP at %.9g, %g promised", row.max_ulp, row.input, d.promised);
          caught = text;
        }
      } else {
        options.inputs = 1 << 16;
        const FunctionFindings found = examine({{&kernel, {}}}, options)[0];
        if (breaks_promise(found, found.kernels[0])) caught = "overflow: " + overflow_in_short(found, found.kernels[0]);
      }
      EXPECT_EQ(!caught.empty(), defective) << d.what << " " << caught;
      if (defective) std::printf("%-52s %s\n", d.what, caught.c_str());
    }
  }
}

TEST(KnownFailures, WhereTheyAre) {
  const auto swept = [](const char* function, KernelRun run, double promised) {
    static Kernel kernel;
    kernel = right_kernel(function, Type::f32);
    kernel.promised_ulp = promised;
    kernel.run = run;
    SweepOptions options;
    options.inputs = 1 << 20;
    options.search = 1 << 17;
    return sweep({{&kernel, {}}}, options)[0];
  };
  // The largest error in ULP lies in the tail, where the absolute error is 10^-43 and the value 10^-38.
  const SweepRow tail = swept(gelu, each<finite<gelu_by_erfc_of_a_rounded_argument>>, 4);
  EXPECT_LT(tail.input, -12.5);
  EXPECT_GT(tail.max_ulp, 100);
  const SweepRow one = swept(tanh, changed<tanh, tanh_of_one_ulp>, 1);
  EXPECT_GT(one.max_ulp, 1);
  EXPECT_LT(one.max_ulp, 1 + 0x1p-20);
  // The sign of a zero is told, if not counted.
  EXPECT_GT(swept(gelu, changed<gelu, minus_zero_lost>, 0.5).tally.zero_signs, 0u);
}

/// One wrong bit in one of 2^32 results is found by the sweep, and by the check of the certificate of what is right.
TEST(KnownFailures, OneInputOfAll) {
  const Kernel& right = best_kernel(relu, Type::f32);
  Kernel kernel = right;
  kernel.run = hidden<hidden_input>;
  SweepOptions options;
  options.all = true;
  // Both in one sweep: what differs must not rub off on what does not.
  const std::vector<SweepRow> rows = sweep({{&right, {}}, {&kernel, {}}}, options);
  ASSERT_TRUE(rows[0].exhaustive && rows[1].exhaustive);
  EXPECT_EQ(rows[0].tally.not_correctly_rounded, 0u);
  EXPECT_EQ(rows[1].tally.not_correctly_rounded, 1u);
  EXPECT_EQ(rows[1].worst.input.x, hidden_input);
  EXPECT_EQ(rows[1].tally.inputs, std::uint64_t{1} << 32);
  EXPECT_FALSE(keeps_promise(rows[1]));
  for (std::size_t i = 0; i < digest_ranges; ++i)
    EXPECT_EQ(rows[0].digest.ranges[i] == rows[1].digest.ranges[i], i != hidden_input >> 28) << i;
  std::printf("%-52s sweep over all inputs: at 0x%08x\n", "one bit of one output in 2^32",
              static_cast<unsigned>(rows[1].worst.input.x));

  const Certificate certificate = certificates_of(std::span(rows).first(1))[0];
  VerifyOptions all, quick;
  quick.quick = true;
  EXPECT_TRUE(verify({&right, {}}, certificate, all).passed);
  const Verification found = verify({&kernel, {}}, certificate, all);
  EXPECT_FALSE(found.passed);
  EXPECT_EQ(found.different_ranges, std::vector<std::size_t>{4});
  std::printf("%-52s verify: %s\n", "the same", range_text(kernel, 4).c_str());
  // The quick check looks at a 64th; what it sees, it then looks for everywhere.
  EXPECT_TRUE(verify({&right, {}}, certificate, quick).passed);
  EXPECT_TRUE(verify({&kernel, {}}, certificate, quick).passed);
  static_assert(!digest_quick(hidden_input / digest_piece) && digest_quick(hidden_in_quick / digest_piece));
  kernel.run = hidden<hidden_in_quick>;
  const Verification seen = verify({&kernel, {}}, certificate, quick);
  EXPECT_FALSE(seen.passed);
  EXPECT_EQ(seen.different_ranges, std::vector<std::size_t>{hidden_in_quick >> 28});
}

}  // namespace
}  // namespace actbench::bench
