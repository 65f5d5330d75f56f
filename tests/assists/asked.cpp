// SPDX-License-Identifier: Apache-2.0
//
// A call that meets subnormal inputs asks once what its function is like at 0, in however many places they are: to ask
// takes as long as many registers of usual inputs.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "bench/timing/timing.hpp"
#include "kernels/table.hpp"

extern "C" unsigned long actbench_asked;
unsigned long actbench_asked = 0;

namespace actbench {
namespace asked {
extern const KernelTable sigmoid_kernels;
}
namespace {

class Asked : public testing::TestWithParam<timing::Distribution> {};

TEST_P(Asked, OnceACall) {
  const KernelTable& table = asked::sigmoid_kernels;
  if ((cpu_features() & table.cpu_features) != table.cpu_features) GTEST_SKIP() << "this CPU does not have AVX2";
  constexpr std::size_t n = 4096;
  for (const Kernel& kernel : std::span(table.kernels, table.count)) {
    std::vector<double> x(n), y(n);  // room enough for every type
    bench::fill(kernel.type, GetParam(), 1, x.data(), n);
    const double parameters[max_parameters] = {};
    actbench_asked = 0;
    kernel.run({x.data(), nullptr, y.data(), n, parameters, nullptr});
    EXPECT_EQ(actbench_asked, 1u) << identity(kernel);
  }
}
INSTANTIATE_TEST_SUITE_P(SubnormalInputs, Asked,
                         testing::Values(timing::Distribution::mixed, timing::Distribution::subnormal),
                         [](const auto& inputs) {
                           return inputs.param == timing::Distribution::mixed ? "OneIn64" : "All";
                         });

}  // namespace
}  // namespace actbench
