// SPDX-License-Identifier: Apache-2.0
//
// The report of faults in kind is measured: what it says of functions against facts known from elsewhere; kernels with
// seeded faults, each of which it must name; and kernels without, of which it must say nothing.
#include "bench/faults/overflow.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "bench/numbers/types.hpp"
#include "bench/support/errors.hpp"
#include "kernels/table.hpp"
#include "reports/writers.hpp"

namespace actbench::bench {
namespace {

constexpr std::uint64_t sample = 1 << 19;
constexpr float largest = std::numeric_limits<float>::max();
constexpr float smallest_normal = std::numeric_limits<float>::min();
constexpr float nan = std::numeric_limits<float>::quiet_NaN();

const Kernel& kernel_named(std::string_view identity) {
  const Kernel* found = find(identity);
  if (found == nullptr) throw std::runtime_error("no kernel " + std::string(identity));
  return *found;
}
const Kernel& truth(std::string_view activation) {
  return kernel_named(std::string(activation) + "/forward/f32/accurate/scalar");
}

FunctionFindings examined(const std::vector<const Kernel*>& kernels, std::uint64_t inputs = sample) {
  SweepOptions options;
  options.inputs = inputs;
  options.threads = 2;
  std::vector<Subject> subjects;
  for (const Kernel* kernel : kernels) subjects.push_back({kernel, {}});
  std::vector<FunctionFindings> found = examine(subjects, options);
  EXPECT_EQ(found.size(), 1u);
  return std::move(found[0]);
}

double value(const FunctionFindings& f, std::uint64_t pattern) {
  return value_of(f.kernels[0].subject.kernel->type, pattern);
}

/// Whether nothing at all was found.
void expect_spotless(const FunctionFindings& f, const KernelFindings& kernel) {
  const std::string who = identity(*kernel.subject.kernel);
  for (std::size_t i = 0; i < fault_count; ++i) {
    EXPECT_EQ(kernel.faults[i].count, 0u)
        << who << ": " << description(static_cast<Fault>(i)) << " from " << value(f, kernel.faults[i].first) << " to "
        << value(f, kernel.faults[i].last) << ", got " << value(f, kernel.faults[i].got);
  }
  for (std::size_t i = 0; i < kernel.specials.size(); ++i) {
    EXPECT_EQ(static_cast<int>(kernel.specials[i].verdict), static_cast<int>(SpecialVerdict::right))
        << who << " of " << value(f, f.truth.specials[i].input.x);
  }
  EXPECT_EQ(kernel.wrong_thresholds(f.truth), 0u) << who;
  EXPECT_FALSE(breaks_promise(f, kernel)) << who;
}

// ---- What is said of functions
// ---------------------------------------------------------------------------------------

/// The threshold towards -infinity (or infinity) beyond which results are of a kind.
const Threshold& threshold(const FunctionFindings& f, bool negative, Kind kind) {
  const Threshold* found = nullptr;
  for (const Threshold& t : f.truth.thresholds) {
    if (t.negative == negative && !t.saturation && t.kind == kind) found = &t;
  }
  if (found == nullptr) throw std::runtime_error("no such threshold");
  return *found;
}
const Threshold* saturation(const FunctionFindings& f, bool negative) {
  for (const Threshold& t : f.truth.thresholds) {
    if (t.negative == negative && t.saturation) return &t;
  }
  return nullptr;
}

TEST(Truth, VanishesWhereItIsKnownToVanish) {
  struct Known {
    const char* activation;
    float nonzero, normal;  ///< the first such results, coming from -infinity
    Kind tail;
  };
  for (const Known& known : {Known{"gelu", -14.3560677f, -13.146246f, Kind::minus_subnormal},
                             {"gelu_tanh", -10.7708673f, -10.1006365f, Kind::minus_subnormal},
                             {"sigmoid", -103.972076f, -87.3365402f, Kind::subnormal},
                             {"softplus", -103.972076f, -87.3365402f, Kind::subnormal},
                             {"silu", -108.660301f, -91.8567734f, Kind::minus_subnormal},
                             {"mish", -108.660301f, -91.8567734f, Kind::minus_subnormal}}) {
    const FunctionFindings f = examined({&truth(known.activation)}, 1 << 17);
    const std::uint64_t zero = threshold(f, true, Kind::zero).first, tail = threshold(f, true, known.tail).first;
    EXPECT_EQ(-value(f, zero - 1), static_cast<double>(known.nonzero)) << known.activation;
    EXPECT_EQ(-value(f, tail - 1), static_cast<double>(known.normal)) << known.activation;
  }
}

TEST(Truth, SaturatesAndOverflowsWhereItMust) {
  // tanh rounds to 1 from where 2e^-2x < 2^-25 on; sigmoid where e^-x < 2^-25; 2^64 squared is 2^128.
  const FunctionFindings tanh = examined({&truth("tanh")});
  ASSERT_NE(saturation(tanh, false), nullptr);
  ASSERT_NE(saturation(tanh, true), nullptr);
  EXPECT_NEAR(value(tanh, saturation(tanh, false)->first), 13 * std::log(2.0), 1e-6);
  EXPECT_EQ(saturation(tanh, false)->first, saturation(tanh, true)->first);
  const FunctionFindings sigmoid = examined({&truth("sigmoid")});
  ASSERT_NE(saturation(sigmoid, false), nullptr);
  EXPECT_NEAR(value(sigmoid, saturation(sigmoid, false)->first), 25 * std::log(2.0), 2e-6);
  EXPECT_EQ(saturation(sigmoid, true), nullptr) << "it vanishes there";
  const FunctionFindings square = examined({&truth("squared_relu")});
  EXPECT_EQ(value(square, threshold(square, false, Kind::infinity).first), 0x1p64);
  const FunctionFindings identity = examined({&truth("identity")});
  EXPECT_TRUE(std::isinf(value(identity, threshold(identity, false, Kind::infinity).first)));
}

TEST(Truth, HasTheRangeSlopeAndSymmetryOfTheFunction) {
  struct Known {
    const char* activation;
    double least, greatest;
    bool monotone, odd, even;
    std::size_t extrema;
  };
  const double inf = HUGE_VAL;
  for (const Known& known : {Known{"sigmoid", 0, 1, true, false, false, 0},
                             {"tanh", -1, 1, true, true, false, 0},
                             {"softsign", -1, 1, true, true, false, 0},
                             {"relu6", 0, 6, true, false, false, 0},
                             {"relu", 0, inf, true, false, false, 0},
                             {"step", 0, 1, true, false, false, 0},
                             {"hardshrink", -inf, inf, true, true, false, 0},
                             {"elu", -1, inf, true, false, false, 0},
                             {"threshold", 0.1, inf, false, false, false, 1},
                             {"silu", -0.27846454276107380, inf, false, false, false, 1},
                             {"gelu", -0.16997120747990369, inf, false, false, false, 1}}) {
    const FunctionFindings f = examined({&truth(known.activation)});
    EXPECT_EQ(f.truth.monotone, known.monotone) << known.activation;
    EXPECT_EQ(f.truth.odd, known.odd) << known.activation;
    EXPECT_EQ(f.truth.even, known.even) << known.activation;
    EXPECT_EQ(f.truth.turning_points.size(), known.extrema) << known.activation;
    EXPECT_EQ(value(f, f.truth.greatest), known.greatest) << known.activation;
    if (std::isinf(known.least)) {
      EXPECT_EQ(value(f, f.truth.least), known.least) << known.activation;
    } else {
      EXPECT_NEAR(value(f, f.truth.least), known.least, 3e-8) << known.activation;
    }
  }
  // Minima by the zeros of the derivatives, to more digits than f32 has.
  const FunctionFindings gelu = examined({&truth("gelu")});
  EXPECT_NEAR(value(gelu, gelu.truth.turning_points[0]), -0.7517915246935645, 1e-3) << "the middle of a flat place";
  EXPECT_EQ(static_cast<float>(value(gelu, gelu.truth.least)), -0.16997120747990369f);
}

TEST(Truth, IsTheSameForAnySample) {
  const FunctionFindings one = examined({&truth("mish")}, 1 << 16), other = examined({&truth("mish")}, 1 << 20);
  ASSERT_EQ(one.truth.thresholds.size(), other.truth.thresholds.size());
  for (std::size_t i = 0; i < one.truth.thresholds.size(); ++i) {
    EXPECT_EQ(one.truth.thresholds[i].first, other.truth.thresholds[i].first);
  }
  EXPECT_EQ(one.truth.least, other.truth.least);
  EXPECT_EQ(one.truth.turning_points, other.truth.turning_points);
}

// ---- Nothing is said of kernels without faults
// -----------------------------------------------------------------------

TEST(Accurate, IsSpotless) {
  std::map<std::string, std::vector<const Kernel*>> functions;
  for (const Kernel& kernel : kernels()) {
    if (kernel.promised_ulp > 0.5 || unrunnable_reason(kernel) != nullptr) continue;
    if (kernel.activation->shape == Shape::rows) continue;
    functions[std::string(kernel.activation->name) + name(kernel.direction) + name(kernel.type)].push_back(&kernel);
  }
  ASSERT_GE(functions.size(), 33u);
  for (const auto& [function, kernels] : functions) {
    const FunctionFindings f = examined(kernels, 1 << 17);
    EXPECT_EQ(f.truth.surprises, 0u) << function;
    for (const KernelFindings& kernel : f.kernels) expect_spotless(f, kernel);
  }
}

/// The textbook formulas fail as the literature says.
TEST(Naive, IsSeenFailing) {
  const auto naive = [](const char* activation) {
    return examined({&kernel_named(std::string(activation) + "/forward/f32/naive/scalar")});
  };
  const auto crossed = [](const FunctionFindings& f, bool negative, Kind kind) {
    for (std::size_t i = 0; i < f.truth.thresholds.size(); ++i) {
      const Threshold& t = f.truth.thresholds[i];
      if (&t == &threshold(f, negative, kind)) {
        const auto& first = f.kernels[0].thresholds[i];
        return first ? value(f, *first | (negative ? 0x80000000u : 0)) : double{nan};
      }
    }
    return double{nan};
  };
  {  // 1/(1 + e^-x) is 0 once e^-x overflows, at 88.72; true until 103.97.
    const FunctionFindings f = naive("sigmoid");
    EXPECT_GT(f.kernels[0][Fault::zero_for_subnormal].count, 100u);
    EXPECT_NEAR(crossed(f, true, Kind::zero), -88.7228, 1e-3);
  }
  for (const char* activation : {"silu", "mish"}) {  // to zero before the result leaves the normal numbers; -inf·0
    const FunctionFindings f = naive(activation);
    EXPECT_GT(f.kernels[0][Fault::zero_for_normal].count, 20u) << activation;
    EXPECT_EQ(f.kernels[0][Fault::nan].count, 1u) << activation;
    EXPECT_EQ(value(f, f.kernels[0][Fault::nan].first), -HUGE_VAL) << activation;
    EXPECT_GT(crossed(f, true, Kind::zero), -91.86) << activation;
    EXPECT_EQ(f.kernels[0].wrong_specials(), 1u) << activation;
  }
  {  // ln(1 + e^x) overflows from 88.72 on, and vanishes where e^x < 2^-24.
    const FunctionFindings f = naive("softplus");
    EXPECT_GT(f.kernels[0][Fault::infinity].count, 1000u);
    EXPECT_NEAR(value(f, f.kernels[0][Fault::infinity].first), 88.7228, 1e-3 + 0.5);
    EXPECT_NEAR(crossed(f, false, Kind::infinity), 88.7228, 1e-3);
    EXPECT_GT(f.kernels[0][Fault::zero_for_normal].count, 1000u);
    EXPECT_GT(crossed(f, true, Kind::zero), -17.4);
  }
  {  // x/2·(1 + erf(x/√2)) is zero from about -5.5 on, and goes down in steps before.
    const FunctionFindings f = naive("gelu");
    EXPECT_GT(crossed(f, true, Kind::zero), -6);
    EXPECT_GT(f.kernels[0][Fault::zero_for_normal].count, 100u);
    EXPECT_GT(f.kernels[0][Fault::monotonicity].count, 100u);
    EXPECT_EQ(f.kernels[0][Fault::nan].count, 1u) << "-inf · 0";
  }
  {  // e^x - 1 cancels near 0: nothing is left of the smallest numbers.
    const FunctionFindings f = naive("elu");
    EXPECT_GT(f.kernels[0][Fault::zero_for_normal].count, 1000u);
    EXPECT_GT(f.kernels[0].wrong_specials(), 0u);
  }
  {  // (e^x - e^-x)/(e^x + e^-x) is inf/inf for large x, and cancels to zero for small.
    const FunctionFindings f = naive("tanh");
    EXPECT_GT(f.kernels[0][Fault::nan].count, 1000u);
    EXPECT_GT(f.kernels[0][Fault::zero_for_normal].count, 1000u);
    EXPECT_GT(f.kernels[0][Fault::zero_for_subnormal].count, 1000u);
    EXPECT_GT(f.kernels[0].wrong_specials(), 4u);
    for (std::size_t i = 0; i < f.truth.thresholds.size(); ++i) {
      if (f.truth.thresholds[i].saturation) {
        EXPECT_FALSE(f.kernels[0].thresholds[i].has_value()) << "NaN in the end";
      }
    }
  }
}

// ---- Faults that were seeded are named
// -------------------------------------------------------------------------------

constexpr char gelu[] = "gelu", gelu_tanh[] = "gelu_tanh", sigmoid[] = "sigmoid", silu[] = "silu", mish[] = "mish",
               log_sigmoid[] = "log_sigmoid", tanh_[] = "tanh", relu[] = "relu";

using KernelRun = void (*)(const Arguments&) noexcept;

float at(const void* array, std::size_t i) {
  float v;
  std::memcpy(&v, static_cast<const char*>(array) + 4 * i, 4);
  return v;
}
void put(void* array, std::size_t i, float v) { std::memcpy(static_cast<char*>(array) + 4 * i, &v, 4); }

/// An accurate kernel with a change to its results: a function of input and right output.
template <const char* activation, float (*Change)(float x, float y)>
void changed(const Arguments& a) noexcept {
  static const Kernel& right = truth(activation);
  std::vector<float> x(a.n);
  std::memcpy(x.data(), a.x, 4 * a.n);
  right.run(a);
  for (std::size_t i = 0; i < a.n; ++i) put(a.y, i, Change(x[i], at(a.y, i)));
}

Kernel seeded(const char* activation, KernelRun run, double promised = 0.5) {
  return {truth(activation).activation, Direction::forward, Type::f32, Tier::accurate, Backend::scalar, promised, run};
}

/// Faults of a kernel by its activation's right kernel with a change.
template <const char* activation, float (*Change)(float x, float y)>
FunctionFindings found(double promised = 0.5) {
  const Kernel kernel = seeded(activation, changed<activation, Change>, promised);
  FunctionFindings f = examined({&kernel});
  f.kernels[0].subject.kernel = &truth(activation);  // outlives this function
  return f;
}

/// Whether it is this fault, and no other than those, that was found.
void expect_only(const FunctionFindings& f, const std::set<Fault>& expected) {
  for (std::size_t i = 0; i < fault_count; ++i) {
    const Fault fault = static_cast<Fault>(i);
    EXPECT_EQ(f.kernels[0][fault].count > 0, expected.count(fault) > 0)
        << description(fault) << " at " << value(f, f.kernels[0][fault].first);
  }
}

float same(float, float y) { return y; }
float one_wrong_nan(float x, float y) { return x == -1.f ? nan : y; }
float nan_from_unclamped_tanh(float x, float y) { return x > 40.f ? nan : y; }
float infinite_for_large(float x, float y) { return x > 1e13f ? INFINITY : y; }
float nan_from_reciprocal(float x, float y) { return x < -88.72284f ? nan : y; }
float rational(float x, float y) { return x < -20.f ? -0x1p-24f : x > 20.f ? 1 + 0x1p-23f : y; }
float zero_while_normal(float x, float y) { return x < -87.34f ? -0.f : y; }
float zero_below_six(float x, float y) { return x < -6.f ? -0.f : y; }
float nan_at_minus_infinity(float x, float y) { return x == -INFINITY ? nan : y; }
float nan_at_infinity(float x, float y) { return x == INFINITY ? nan : y; }
float minus_infinity_for_large(float x, float y) { return x < -88.f ? -INFINITY : y; }
float never_one(float, float y) { return std::fabs(y) == 1 ? std::copysign(1 - 0x1p-24f, y) : y; }
float results_flushed(float, float y) { return std::fabs(y) < smallest_normal ? std::copysign(0.f, y) : y; }
float inputs_flushed(float x, float y) { return std::fabs(x) < smallest_normal ? std::copysign(0.f, y) : y; }
float nan_lost(float x, float y) { return std::isnan(x) ? 0.f : y; }
float signalling_nan_lost(float x, float y) { return std::bit_cast<std::uint32_t>(x) == 0x7f800001 ? 1.f : y; }
float largest_for_infinity(float x, float y) { return x == INFINITY ? largest : y; }
float number_for_zero(float, float y) { return y == 0 ? 1e-45f : y; }
float plus_zero(float, float y) { return y == 0 ? 0.f : y; }
float wrong_sign(float x, float y) { return x == -3.5f ? -y : y; }
float dip(float x, float y) { return x == 2.5f ? std::nextafter(std::nextafter(y, 0.f), 0.f) : y; }
float lopsided(float x, float y) { return x == 0.5f ? std::nextafter(y, 1.f) : y; }
float below_the_minimum(float x, float y) { return x == -0.5f ? -0.1699713f : y; }
float late_zero(float x, float y) { return x < -14.3f && x > -14.5f ? -1e-45f : y; }

TEST(Seeded, NothingIsFoundWhereNothingIsWrong) {
  expect_spotless(found<gelu, same>(), found<gelu, same>().kernels[0]);
  expect_spotless(found<tanh_, same>(), found<tanh_, same>().kernels[0]);
}

TEST(Seeded, Nan) {
  for (const auto& f : {found<gelu_tanh, nan_from_unclamped_tanh>(), found<sigmoid, nan_from_reciprocal>()}) {
    expect_only(f, {Fault::nan});
    EXPECT_GT(f.kernels[0][Fault::nan].count, 1000u);
    EXPECT_GT(f.kernels[0].wrong_specials(), 0u);
    EXPECT_TRUE(breaks_promise(f, f.kernels[0]));
  }
  const FunctionFindings unclamped = found<gelu_tanh, nan_from_unclamped_tanh>();
  EXPECT_EQ(value(unclamped, unclamped.kernels[0][Fault::nan].last), HUGE_VAL);
  EXPECT_GT(value(unclamped, unclamped.kernels[0][Fault::nan].first), 40);
  EXPECT_LT(value(unclamped, unclamped.kernels[0][Fault::nan].first), 40.01);
  for (const auto& f : {found<gelu, one_wrong_nan>(), found<gelu, one_wrong_nan>(1e30)}) {
    expect_only(f, {Fault::nan});
    EXPECT_EQ(f.kernels[0][Fault::nan].count, 1u);
    EXPECT_EQ(value(f, f.kernels[0][Fault::nan].first), -1);
    EXPECT_TRUE(breaks_promise(f, f.kernels[0])) << "no promise allows a NaN";
  }
}

TEST(Seeded, NanAtInfinity) {
  for (const auto& f : {found<silu, nan_at_minus_infinity>(), found<mish, nan_at_infinity>()}) {
    expect_only(f, {Fault::nan});
    EXPECT_EQ(f.kernels[0][Fault::nan].count, 1u);
    EXPECT_EQ(f.kernels[0].wrong_specials(), 1u);
    EXPECT_TRUE(breaks_promise(f, f.kernels[0]));
  }
}

TEST(Seeded, NanThatIsLost) {
  const FunctionFindings all = found<gelu, nan_lost>(), one = found<gelu, signalling_nan_lost>();
  expect_only(all, {Fault::number_for_nan});
  EXPECT_EQ(all.kernels[0].wrong_specials(), 4u);
  expect_only(one, {Fault::number_for_nan});
  EXPECT_EQ(one.kernels[0][Fault::number_for_nan].count, 1u);
  EXPECT_EQ(one.kernels[0].wrong_specials(), 1u);
  EXPECT_TRUE(breaks_promise(one, one.kernels[0]));
}

TEST(Seeded, SpuriousOverflow) {
  const FunctionFindings large = found<gelu, infinite_for_large>();
  expect_only(large, {Fault::infinity});
  EXPECT_GT(large.kernels[0].wrong_thresholds(large.truth), 0u);
  const FunctionFindings log = found<log_sigmoid, minus_infinity_for_large>();
  expect_only(log, {Fault::infinity});
  EXPECT_EQ(value(log, log.kernels[0][Fault::infinity].first), -static_cast<double>(largest));
  EXPECT_TRUE(breaks_promise(log, log.kernels[0]));
  const FunctionFindings lost = found<relu, largest_for_infinity>();
  expect_only(lost, {Fault::finite_for_infinity});
  EXPECT_TRUE(breaks_promise(lost, lost.kernels[0]));
}

TEST(Seeded, RangeLeft) {
  const FunctionFindings f = found<sigmoid, rational>();
  expect_only(f, {Fault::range, Fault::sign, Fault::number_for_zero});
  const Faults& range = f.kernels[0][Fault::range];
  EXPECT_EQ(value(f, range.first), -HUGE_VAL);
  EXPECT_EQ(value(f, range.last), HUGE_VAL);
  EXPECT_EQ(value(f, range.got), -0x1p-24);
  EXPECT_TRUE(breaks_promise(f, f.kernels[0]));
  // Where the function has no bound of its own, but a least value.
  const FunctionFindings minimum = found<gelu, below_the_minimum>();
  EXPECT_EQ(minimum.kernels[0][Fault::range].count, 1u);
}

TEST(Seeded, SpuriousUnderflow) {
  const FunctionFindings six = found<gelu, zero_below_six>();
  expect_only(six, {Fault::zero_for_normal, Fault::zero_for_subnormal});
  bool seen = false;
  for (std::size_t i = 0; i < six.truth.thresholds.size(); ++i) {
    if (&six.truth.thresholds[i] != &threshold(six, true, Kind::zero)) continue;
    seen = true;
    EXPECT_EQ(-value(six, *six.kernels[0].thresholds[i]), std::nextafterf(-6.f, -7.f)) << "found by bisection";
  }
  EXPECT_TRUE(seen);
  for (const auto& f : {found<silu, zero_while_normal>(), found<mish, zero_while_normal>()}) {
    expect_only(f, {Fault::zero_for_normal, Fault::zero_for_subnormal});
    EXPECT_LT(value(f, f.kernels[0][Fault::zero_for_normal].last), -87.33);
    EXPECT_TRUE(breaks_promise(f, f.kernels[0]));
  }
}

TEST(Seeded, FlushToZero) {
  const FunctionFindings results = found<gelu, results_flushed>();
  expect_only(results, {Fault::zero_for_subnormal});
  EXPECT_GT(results.kernels[0].wrong_thresholds(results.truth), 0u);
  EXPECT_GT(results.kernels[0].wrong_specials(), 0u);
  EXPECT_TRUE(breaks_promise(results, results.kernels[0]));
  const FunctionFindings inputs = found<tanh_, inputs_flushed>();
  expect_only(inputs, {Fault::zero_for_subnormal});
  EXPECT_TRUE(breaks_promise(inputs, inputs.kernels[0]));
  const FunctionFindings late = found<gelu, late_zero>();
  EXPECT_GT(late.kernels[0][Fault::number_for_zero].count, 0u);
}

TEST(Seeded, ZerosSignIsListedAndNoError) {
  const FunctionFindings f = found<gelu, plus_zero>();
  expect_only(f, {Fault::zero_sign});
  EXPECT_GT(f.kernels[0][Fault::zero_sign].count, 1000u);
  EXPECT_EQ(f.kernels[0].wrong_specials(), 0u);
  EXPECT_FALSE(breaks_promise(f, f.kernels[0]));
  EXPECT_EQ(value(f, f.kernels[0][Fault::zero_sign].first), -HUGE_VAL);
  const FunctionFindings nonzero = found<gelu, number_for_zero>();
  EXPECT_GT(nonzero.kernels[0][Fault::number_for_zero].count, 1000u);
  EXPECT_TRUE(breaks_promise(nonzero, nonzero.kernels[0]));
}

TEST(Seeded, Sign) {
  const FunctionFindings f = found<gelu, wrong_sign>();
  EXPECT_EQ(f.kernels[0][Fault::sign].count, 1u);
  EXPECT_EQ(value(f, f.kernels[0][Fault::sign].first), -3.5);
}

TEST(Seeded, Monotonicity) {
  const FunctionFindings f = found<sigmoid, dip>();
  expect_only(f, {Fault::monotonicity});
  EXPECT_EQ(f.kernels[0][Fault::monotonicity].count, 1u);
  EXPECT_EQ(value(f, f.kernels[0][Fault::monotonicity].first), 2.5);
  EXPECT_TRUE(breaks_promise(f, f.kernels[0]));
}

TEST(Seeded, Symmetry) {
  const FunctionFindings f = found<tanh_, lopsided>();
  EXPECT_EQ(f.kernels[0][Fault::symmetry].count, 1u);
  EXPECT_EQ(value(f, f.kernels[0][Fault::symmetry].first), 0.5);
  EXPECT_TRUE(breaks_promise(f, f.kernels[0]));
}

TEST(Seeded, NeverReachesItsLimit) {
  const FunctionFindings f = found<tanh_, never_one>();
  for (std::size_t i = 0; i < f.truth.thresholds.size(); ++i) {
    if (f.truth.thresholds[i].saturation) {
      EXPECT_FALSE(f.kernels[0].thresholds[i].has_value());
    }
  }
  EXPECT_EQ(f.kernels[0].wrong_thresholds(f.truth), 2u);
  EXPECT_EQ(f.kernels[0].wrong_specials(), 4u) << "the largest numbers and the infinities";
  EXPECT_TRUE(breaks_promise(f, f.kernels[0]));
}

/// What a slacker promise allows: a subnormal result of three spacings may be zero, one of millions may not.
float least_flushed(float, float y) { return std::fabs(y) < 3.5e-45f ? std::copysign(0.f, y) : y; }
TEST(Seeded, SlackerPromises) {
  const FunctionFindings small = found<gelu, least_flushed>(4);
  EXPECT_GT(small.kernels[0][Fault::zero_for_subnormal].count, 0u);
  Kernel slack = seeded(gelu, changed<gelu, least_flushed>, 4);
  const FunctionFindings allowed = examined({&slack});
  EXPECT_FALSE(breaks_promise(allowed, allowed.kernels[0]));
  slack.promised_ulp = 0.5;
  const FunctionFindings exact = examined({&slack});
  EXPECT_TRUE(breaks_promise(exact, exact.kernels[0]));
  const Kernel flushing = seeded(gelu, changed<gelu, results_flushed>, 4);
  const FunctionFindings excluded = examined({&flushing});
  EXPECT_TRUE(breaks_promise(excluded, excluded.kernels[0]));
  const Kernel unpromising = seeded(gelu, changed<gelu, results_flushed>, HUGE_VAL);
  const FunctionFindings free = examined({&unpromising});
  EXPECT_FALSE(breaks_promise(free, free.kernels[0]));
}

// Faults of places: a result that is one step off, depending on more than its input.
void step(void* y, std::size_t i) { put(y, i, std::nextafter(at(y, i), 0.5f)); }
void last_lane(const Arguments& a) noexcept {
  truth(gelu).run(a);
  for (std::size_t i = 15; i < a.n; i += 16) step(a.y, i);
}
void scalar_tail(const Arguments& a) noexcept {
  truth(gelu).run(a);
  if (a.n < 8) return;
  for (std::size_t i = a.n / 8 * 8; i < a.n; ++i) step(a.y, i);
}
void disturbed_by_nan(const Arguments& a) noexcept {
  std::vector<float> x(a.n);
  std::memcpy(x.data(), a.x, 4 * a.n);
  truth(gelu).run(a);
  for (std::size_t i = 0; i < a.n; ++i) {
    bool special = false;
    for (std::size_t j = i / 8 * 8; j < std::min(a.n, i / 8 * 8 + 8); ++j) special |= j != i && std::isnan(x[j]);
    if (special) step(a.y, i);
  }
}
void wrong_in_place(const Arguments& a) noexcept {
  truth(gelu).run(a);
  if (a.x == a.y && a.n > 3) step(a.y, 3);
}
void wrong_unaligned(const Arguments& a) noexcept {
  truth(gelu).run(a);
  if (reinterpret_cast<std::uintptr_t>(a.x) % 4 != 0 && a.n > 5) step(a.y, 5);
}
void last_of_all(const Arguments& a) noexcept {
  truth(gelu).run(a);
  if (a.n > 1) step(a.y, a.n - 1);
}

TEST(Seeded, PlacesInTheArray) {
  for (const KernelRun run : {last_lane, scalar_tail, disturbed_by_nan, wrong_in_place, wrong_unaligned, last_of_all}) {
    for (const double promised : {0.5, 4.0}) {
      const Kernel kernel = seeded(gelu, run, promised);
      const FunctionFindings f = examined({&kernel});
      EXPECT_GT(f.kernels[0][Fault::position].count, 0u);
      EXPECT_NE(f.kernels[0][Fault::position].where, "");
      EXPECT_TRUE(breaks_promise(f, f.kernels[0])) << "no promise allows it";
    }
  }
}

TEST(Seeded, BackendsThatDisagree) {
  Kernel other = seeded(gelu, changed<gelu, wrong_sign>);
  other.backend = Backend::avx2;
  Kernel right = other;
  right.run = changed<gelu, same>;
  right.backend = Backend::avx512;
  const FunctionFindings f = examined({&truth(gelu), &other, &right});
  EXPECT_EQ(f.kernels[0][Fault::backends].count, 0u);
  EXPECT_EQ(f.kernels[1][Fault::backends].count, 1u);
  EXPECT_EQ(value(f, f.kernels[1][Fault::backends].first), -3.5);
  EXPECT_EQ(f.kernels[2][Fault::backends].count, 0u);
  EXPECT_FALSE(f.kernels[0].has_other_backends);
  EXPECT_TRUE(f.kernels[2].has_other_backends);
}

// ---- Other directions and types
// --------------------------------------------------------------------------------------

/// A kernel in double arithmetic, whose result is rounded to the type: right or next to it.
template <Type type, double (*Function)(double x)>
void computed(const Arguments& a) noexcept {
  for (std::size_t i = 0; i < a.n; ++i) {
    const double x = value_of(type, pattern_at(type, a.x, i));
    const double dy = a.dy == nullptr ? 1 : value_of(type, pattern_at(type, a.dy, i));
    set_pattern(type, a.y, i, pattern_of(type, round_to(type, dy * Function(x))));
  }
}
template <Type type, double (*Function)(double x)>
Kernel in_double(const char* activation, Direction direction, double promised) {
  return {truth(activation).activation, direction, type, Tier::fast, Backend::scalar, promised,
          computed<type, Function>};
}

constexpr double pi = 3.14159265358979323846;
double gelu_slope(double x) {
  if (std::isinf(x)) return x > 0 ? 1 : -0.0;
  return 0.5 * std::erfc(-x / std::sqrt(2.0)) + x * std::exp(-x * x / 2) / std::sqrt(2 * pi);
}
double wrong_near_minus_four(double x) { return x > -3.75 && x < -3.65 ? -gelu_slope(x) : gelu_slope(x); }
/// With its zero at the wrong place, by some hundred numbers.
double moved_zero(double x) { return x > -0.7518 && x < -0.7517 ? gelu_slope(x - 1e-5) : gelu_slope(x); }

TEST(Derivatives, SignsAndZeros) {
  const Kernel right = in_double<Type::f32, gelu_slope>("gelu", Direction::derivative, 4);
  const FunctionFindings f = examined({&right});
  EXPECT_EQ(f.truth.turning_points.size(), 2u) << "at ±√2";
  for (std::uint64_t x : f.truth.turning_points) EXPECT_NEAR(std::fabs(value(f, x)), std::sqrt(2.0), 1e-3);
  EXPECT_NEAR(value(f, f.truth.greatest), 1.1289, 1e-4);
  EXPECT_NEAR(-value(f, threshold(f, true, Kind::minus_normal).first), -0.75179, 1e-5) << "its zero";
  EXPECT_EQ(f.kernels[0][Fault::sign].count, 0u);
  EXPECT_EQ(f.kernels[0].wrong_thresholds(f.truth), 0u);
  EXPECT_FALSE(breaks_promise(f, f.kernels[0]));

  const Kernel flipped = in_double<Type::f32, wrong_near_minus_four>("gelu", Direction::derivative, 4);
  const FunctionFindings g = examined({&flipped});
  EXPECT_GT(g.kernels[0][Fault::sign].count, 10u);
  EXPECT_GE(value(g, g.kernels[0][Fault::sign].first), -3.75);
  EXPECT_LE(value(g, g.kernels[0][Fault::sign].last), -3.65);
  EXPECT_TRUE(breaks_promise(g, g.kernels[0]));

  const Kernel moved = in_double<Type::f32, moved_zero>("gelu", Direction::derivative, 4);
  const FunctionFindings h = examined({&moved});
  EXPECT_GT(h.kernels[0][Fault::sign].count, 0u) << "around its zero every number is looked at";
  EXPECT_EQ(h.kernels[0].wrong_thresholds(h.truth), 1u);
  EXPECT_TRUE(breaks_promise(h, h.kernels[0]));
}

/// No zero but at infinity, so that infinite gradients pass.
double tanh_slope(double x) {
  const double e = std::exp(-2 * std::fabs(x));
  return std::isinf(x) ? 0 : std::max(4 * e / ((1 + e) * (1 + e)), std::numeric_limits<double>::min());
}
TEST(Derivatives, EvenOnes) {
  const Kernel kernel = in_double<Type::f32, tanh_slope>("tanh", Direction::derivative, 4);
  const FunctionFindings f = examined({&kernel});
  EXPECT_TRUE(f.truth.even);
  EXPECT_FALSE(f.truth.odd);
  EXPECT_FALSE(f.truth.monotone) << "it turns at 0";
  EXPECT_TRUE(f.truth.turning_points.empty()) << "and nowhere else";
  EXPECT_EQ(f.kernels[0][Fault::symmetry].count, 0u);
  EXPECT_FALSE(breaks_promise(f, f.kernels[0]));
}

void loses_infinite_gradients(const Arguments& a) noexcept {
  computed<Type::f32, tanh_slope>(a);
  for (std::size_t i = 0; i < a.n; ++i) {
    if (std::isinf(at(a.dy, i))) put(a.y, i, largest);
  }
}
TEST(Backward, SpecialGradients) {
  Kernel kernel = in_double<Type::f32, tanh_slope>("tanh", Direction::backward, 4);
  const FunctionFindings f = examined({&kernel});
  EXPECT_GT(f.truth.specials.size(), 30u);
  EXPECT_EQ(f.kernels[0].wrong_specials(), 0u);
  EXPECT_EQ(f.kernels[0][Fault::position].count, 0u);
  EXPECT_FALSE(breaks_promise(f, f.kernels[0]));
  kernel.run = loses_infinite_gradients;
  const FunctionFindings g = examined({&kernel});
  EXPECT_EQ(g.kernels[0].wrong_specials(), 8u) << "two signs of dy at four inputs";
  EXPECT_TRUE(breaks_promise(g, g.kernels[0]));
}

double plain_softplus(double x) { return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x)); }
/// ln(1 + e^x) in f16: e^x overflows from 11.09 on.
double overflowing_softplus(double x) {
  const double e = round_to(Type::f16, std::exp(x));
  return std::isinf(e) ? e : plain_softplus(x);
}
TEST(Halves, AreSeenWhole) {
  const Kernel right = in_double<Type::f16, plain_softplus>("softplus", Direction::forward, 1);
  const FunctionFindings f = examined({&right});
  EXPECT_TRUE(f.exhaustive);
  EXPECT_EQ(f.inputs, 65536u);
  EXPECT_FALSE(breaks_promise(f, f.kernels[0]));
  const Kernel overflowing = in_double<Type::f16, overflowing_softplus>("softplus", Direction::forward, 1);
  const FunctionFindings g = examined({&overflowing});
  // 11.09 to 65504 is 12 binades and a part of one.
  EXPECT_GT(g.kernels[0][Fault::infinity].count, 12u * 1024);
  EXPECT_LT(g.kernels[0][Fault::infinity].count, 13u * 1024);
  EXPECT_TRUE(breaks_promise(g, g.kernels[0]));
}

double wrong_once(double x) { return x == -1.0009765625 ? HUGE_VAL : plain_softplus(x); }
TEST(Halves, OneInputOfAll) {
  const Kernel kernel = in_double<Type::f16, wrong_once>("softplus", Direction::forward, 1);
  const FunctionFindings f = examined({&kernel});
  expect_only(f, {Fault::infinity, Fault::monotonicity});
  EXPECT_EQ(f.kernels[0][Fault::infinity].count, 1u);
  EXPECT_EQ(value(f, f.kernels[0][Fault::infinity].first), -1.0009765625);
}

std::string records(const FunctionFindings& f) {
  return reports::write(overflow_records({&f, 1}), reports::Format::csv);
}

/// Every number block by block, as for a type with too many numbers to hold, gives what holding them gives.
TEST(Halves, AreTheSameInAStream) {
  for (const auto function : {plain_softplus, overflowing_softplus}) {
    Kernel kernel = in_double<Type::f16, plain_softplus>("softplus", Direction::forward, 1);
    if (function == overflowing_softplus) kernel.run = computed<Type::f16, overflowing_softplus>;
    SweepOptions options;
    options.all = true;
    const Subject subject{&kernel, {}};
    const FunctionFindings streamed = std::move(examine({subject}, options)[0]);
    EXPECT_EQ(streamed.truth.surprises, 0u);
    EXPECT_EQ(records(streamed), records(examined({&kernel})));
  }
}

/// x³ beyond f16's largest number: from |x| = 40.3 on, tanh' of infinity times infinity.
double slope_with_cube(double x) {
  const double cube = round_to(Type::f16, x * x * x), c = std::sqrt(2 / pi);
  const double u = c * (x + 0.044715 * cube), t = std::tanh(u), rise = c * (1 + 3 * 0.044715 * x * x);
  const double s = 1 - t * t;
  return 0.5 * (1 + t) + 0.5 * x * (std::isinf(cube) ? s * cube : s * rise);
}
TEST(Halves, CubeThatOverflows) {
  const Kernel kernel = in_double<Type::f16, slope_with_cube>("gelu_tanh", Direction::derivative, 1);
  const FunctionFindings f = examined({&kernel});
  const Faults& nans = f.kernels[0][Fault::nan];
  EXPECT_GT(nans.count, 2u * 10 * 1024);
  EXPECT_EQ(value(f, nans.first), -HUGE_VAL);
  EXPECT_TRUE(breaks_promise(f, f.kernels[0]));
}

/// PyTorch's switch to x at 20: a step down, by 2·10^-9.
double softplus_with_threshold(double x) { return x > 20 ? x : plain_softplus(x); }
TEST(Doubles, ThresholdOfSoftplus) {
  const Kernel right = in_double<Type::f64, plain_softplus>("softplus", Direction::forward, 4);
  const FunctionFindings f = examined({&right}, 1 << 12);
  EXPECT_FALSE(f.exhaustive);
  EXPECT_FALSE(breaks_promise(f, f.kernels[0]));
  // Two steps of the type against the slope are within its promise; this one is of a thousand times that.
  EXPECT_LT(value(f, f.kernels[0][Fault::monotonicity].last), 1);
  const Kernel switching = in_double<Type::f64, softplus_with_threshold>("softplus", Direction::forward, 4);
  const FunctionFindings g = examined({&switching}, 1 << 12);
  EXPECT_EQ(g.kernels[0][Fault::monotonicity].count, f.kernels[0][Fault::monotonicity].count + 1);
  EXPECT_EQ(value(g, g.kernels[0][Fault::monotonicity].last), std::nextafter(20.0, 21.0));
}

// ---- Of the whole
// ----------------------------------------------------------------------------------------------------

TEST(Overflow, DoesNotDependOnThreads) {
  std::vector<FunctionFindings> results;
  for (unsigned threads : {1u, 2u, 5u}) {
    SweepOptions options;
    options.inputs = sample;
    options.threads = threads;
    const Subject subject{&kernel_named("mish/forward/f32/naive/scalar"), {}};
    results.push_back(std::move(examine({subject}, options)[0]));
  }
  EXPECT_EQ(records(results[0]), records(results[1]));
  EXPECT_EQ(records(results[0]), records(results[2]));
}

TEST(Overflow, StopsWhenAsked) {
  const std::atomic<bool> stop{true};
  SweepOptions options;
  options.stop = &stop;
  const Subject subject{&truth("gelu"), {}};
  EXPECT_THROW(examine({subject}, options), Interrupted);
}

TEST(Overflow, RefusesWhatWouldNeverEnd) {
  SweepOptions options;
  options.all = true;
  const Kernel kernel = in_double<Type::f64, plain_softplus>("softplus", Direction::forward, 4);
  const Subject subject{&kernel, {}};
  EXPECT_THROW(examine({subject}, options), UsageError);
}

}  // namespace
}  // namespace actbench::bench
