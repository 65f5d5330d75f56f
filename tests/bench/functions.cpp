// SPDX-License-Identifier: Apache-2.0
//
// Which kernels are taken for kernels of the same function.
#include "bench/selection/functions.hpp"

#include <gtest/gtest.h>

#include "bench/selection/kernels.hpp"

namespace actbench::bench {
namespace {

const Kernel& kernel(const char* identity) { return *find(identity); }

TEST(Functions, AreAnActivationADirectionAndAType) {
  const Kernel& gelu = kernel("gelu/forward/f32/accurate/scalar");
  EXPECT_TRUE(same_function(gelu, kernel("gelu/forward/f32/naive/scalar")));
  EXPECT_FALSE(same_function(gelu, kernel("gelu_tanh/forward/f32/accurate/scalar")));
  EXPECT_FALSE(same_function(gelu, kernel("gelu/backward/f32/accurate/scalar")));
  EXPECT_FALSE(same_function(gelu, kernel("gelu/forward/f16/accurate/scalar")));
  for (const char* other : {"gelu/forward/f32/naive/scalar", "gelu/backward/f32/accurate/scalar"})
    EXPECT_EQ(function_key(gelu) == function_key(kernel(other)), same_function(gelu, kernel(other))) << other;
}

TEST(Functions, APlugInsKernelMayHaveItsOwnParameters) {
  const Kernel& elu = kernel("elu/forward/f32/accurate/scalar");
  Activation copy = *elu.activation;
  const std::string name = copy.name;  // the same letters elsewhere
  copy.name = name.c_str();
  copy.parameters[0].default_value += 1;
  Kernel foreign = elu;
  foreign.activation = &copy;
  EXPECT_TRUE(same_function(elu, foreign));
  const Kernel* both[] = {&elu, &foreign};
  EXPECT_EQ(group_end(both, 0), 1u) << "their exact values differ";
}

TEST(Functions, KeepTheOrderInWhichTheyCome) {
  const Kernel &a = kernel("gelu/forward/f32/accurate/scalar"), &b = kernel("silu/forward/f32/accurate/scalar"),
               &c = kernel("gelu/forward/f32/naive/scalar");
  const Kernel* apart[] = {&a, &b, &c};
  const std::vector<std::vector<const Kernel*>> expected{{&a, &c}, {&b}};
  EXPECT_EQ(by_function(apart), expected);
}

}  // namespace
}  // namespace actbench::bench
