// SPDX-License-Identifier: Apache-2.0
//
// The report of faults in kind is measured: what it says of functions against facts known from elsewhere, and that it
// says nothing of kernels without faults.
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

#include "bench/numbers/types.hpp"
#include "bench/support/errors.hpp"
#include "reports/writers.hpp"
#include "tests/bench/overflow_support.hpp"

namespace actbench::bench {
namespace {

using namespace overflow_tests;

// ---- What is said of functions

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

// ---- Of the whole

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
