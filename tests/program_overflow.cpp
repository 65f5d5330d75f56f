// SPDX-License-Identifier: Apache-2.0
//
// The report of faults in kind is measured: what it says of functions against facts known from elsewhere; kernels with
// seeded faults, each of which it must name; and kernels without, of which it must say nothing.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <map>
#include <set>
#include <string>

#include "bench/errors.hpp"
#include "bench/overflow.hpp"
#include "bench/types.hpp"
#include "kernels/table.hpp"

namespace actbench::bench {
namespace {

constexpr std::uint64_t sample = 1 << 19;
constexpr float largest = std::numeric_limits<float>::max();
constexpr float smallest_normal = std::numeric_limits<float>::min();
constexpr float nan = std::numeric_limits<float>::quiet_NaN();

const Kernel& kernel_named(const std::string& identity) {
  const Kernel* found = find(identity);
  if (found == nullptr) throw std::runtime_error("no kernel " + identity);
  return *found;
}
const Kernel& truth(const std::string& activation) {
  return kernel_named(activation + "/forward/f32/accurate/scalar");
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

std::uint64_t faults_in_all(const KernelFindings& kernel) {
  std::uint64_t sum = 0;
  for (const Faults& faults : kernel.faults) sum += faults.count;
  return sum;
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
        << who << " of " << value(f, f.truth.specials[i].x);
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
                             {"threshold", 0x1.99999cp-4, inf, false, false, false, 1},
                             {"silu", -0x1.1d1d34p-2, inf, false, false, false, 1},
                             {"gelu", -0x1.5c19dap-3, inf, false, false, false, 1}}) {
    const FunctionFindings f = examined({&truth(known.activation)});
    EXPECT_EQ(f.truth.monotone, known.monotone) << known.activation;
    EXPECT_EQ(f.truth.odd, known.odd) << known.activation;
    EXPECT_EQ(f.truth.even, known.even) << known.activation;
    EXPECT_EQ(f.truth.turning_points.size(), known.extrema) << known.activation;
    EXPECT_EQ(value(f, f.truth.greatest), known.greatest) << known.activation;
    EXPECT_NEAR(value(f, f.truth.least), known.least, 3e-8) << known.activation;
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
    EXPECT_GT(f.kernels[0][Fault::zero_for_normal].count, 100u) << activation;
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
  {  // (e^x - e^-x)/(e^x + e^-x) is inf/inf for large x, and cancels to zero for small.
    const FunctionFindings f = naive("tanh");
    EXPECT_GT(f.kernels[0][Fault::nan].count, 1000u);
    EXPECT_GT(f.kernels[0][Fault::zero_for_normal].count, 1000u);
    EXPECT_GT(f.kernels[0][Fault::zero_for_subnormal].count, 1000u);
    EXPECT_GT(f.kernels[0].wrong_specials(), 4u);
    for (std::size_t i = 0; i < f.truth.thresholds.size(); ++i) {
      if (f.truth.thresholds[i].saturation) EXPECT_FALSE(f.kernels[0].thresholds[i].has_value()) << "NaN in the end";
    }
  }
}

// ---- Faults that were seeded are named
// -------------------------------------------------------------------------------

/// An accurate kernel with one change to its results: a function of input and right output.
template <const char* activation, float (*Change)(float x, float y)>
void changed(const Arguments& a) noexcept {
  static const Kernel& right = truth(activation);
  const std::vector<float> x(static_cast<const float*>(a.x), static_cast<const float*>(a.x) + a.n);
  right.run(a);
  for (std::size_t i = 0; i < a.n; ++i) {
    float y;
    std::memcpy(&y, static_cast<char*>(a.y) + 4 * i, 4);
    y = Change(x[i], y);
    std::memcpy(static_cast<char*>(a.y) + 4 * i, &y, 4);
  }
}
