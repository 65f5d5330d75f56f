// SPDX-License-Identifier: Apache-2.0
//
// Calls with arrays on either side, on the emulated device: which go straight to it, and what comes back.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "actbench/actbench.h"
#include "actbench/cuda.hpp"
#include "actbench/kernels.hpp"
#include "kernels/cuda/runtime.hpp"

namespace actbench {
namespace {

class OnDevice {
 public:
  explicit OnDevice(const std::vector<float>& values) : bytes_(values.size() * sizeof(float)) {
    EXPECT_EQ(cuda::allocate(&memory_, bytes_), nullptr);
    EXPECT_EQ(cuda::copy(memory_, values.data(), bytes_), nullptr);
  }
  OnDevice(const OnDevice&) = delete;
  OnDevice& operator=(const OnDevice&) = delete;
  ~OnDevice() { cuda::release(memory_); }

  void* data() const { return memory_; }
  std::vector<float> values() const {
    std::vector<float> all(bytes_ / sizeof(float));
    EXPECT_EQ(cuda::copy(all.data(), memory_, bytes_), nullptr);
    EXPECT_EQ(cuda::wait(), nullptr);
    return all;
  }

 private:
  std::size_t bytes_;
  void* memory_ = nullptr;
};

class Stage : public testing::Test {
 protected:
  Stage() {
    for (std::size_t i = 0; i < x.size(); ++i) {
      x[i] = static_cast<float>(i) * 0.01f - 5;
      dy[i] = static_cast<float>(i % 7) - 3;
    }
    apply(*find("gelu/backward/f32/accurate/scalar"), x.data(), dy.data(), right.data(), x.size());
  }
  const Kernel& kernel = *find("gelu/backward/f32/accurate/cuda");
  std::vector<float> x = std::vector<float>(1000), dy = x, y = x, right = x;
};

TEST_F(Stage, TakesArraysOfTheHost) {
  apply(kernel, x.data(), dy.data(), y.data(), x.size());
  EXPECT_EQ(cuda::last_error(), nullptr);
  EXPECT_EQ(y, right);  // there at once
}

TEST_F(Stage, TakesArraysOfTheDeviceWithoutWaiting) {
  const OnDevice there_x(x), there_dy(dy), there_y(y);
  apply(kernel, there_x.data(), there_dy.data(), there_y.data(), x.size());
  EXPECT_EQ(cuda::last_error(), nullptr);
  EXPECT_EQ(there_y.values(), right);
}

TEST_F(Stage, TakesEachArrayWhereItIs) {
  const OnDevice there_x(x), there_dy(dy), there_y(y);
  for (int where = 0; where < 8; ++where) {
    std::fill(y.begin(), y.end(), 0.0f);
    apply(kernel, where & 1 ? there_x.data() : x.data(), where & 2 ? there_dy.data() : dy.data(),
          where & 4 ? there_y.data() : y.data(), x.size());
    EXPECT_EQ(cuda::last_error(), nullptr);
    EXPECT_EQ(where & 4 ? there_y.values() : y, right) << where;
  }
}

TEST_F(Stage, WorksInPlace) {
  std::vector<float> in_place = x;
  apply(kernel, in_place.data(), dy.data(), in_place.data(), x.size());
  EXPECT_EQ(in_place, right);
  in_place = dy;
  apply(kernel, x.data(), in_place.data(), in_place.data(), x.size());
  EXPECT_EQ(in_place, right);
  const OnDevice there_x(x), there_dy(dy);
  apply(kernel, there_x.data(), there_dy.data(), there_dy.data(), x.size());
  EXPECT_EQ(there_dy.values(), right);
}

TEST_F(Stage, GrowsAndShrinks) {
  for (const std::size_t n : {1, 1000, 3, 999, 0}) {
    std::fill(y.begin(), y.end(), 7.0f);
    apply(kernel, x.data(), dy.data(), y.data(), n);
    EXPECT_EQ(std::memcmp(y.data(), right.data(), n * sizeof(float)), 0);
    EXPECT_TRUE(std::all_of(y.begin() + static_cast<std::ptrdiff_t>(n), y.end(), [](float v) { return v == 7; }));
  }
}

TEST_F(Stage, ChannelsTakeArraysOfTheHost) {
  const double alphas[] = {0.25, 0.5, -1};
  std::vector<float> want(x.size());
  for (const std::size_t stride : {1, 5, 400}) {
    apply_channels(*find("prelu/forward/f32/accurate/scalar"), x.data(), nullptr, want.data(), x.size(), alphas,
                   stride);
    apply_channels(*find("prelu/forward/f32/accurate/cuda"), x.data(), nullptr, y.data(), x.size(), alphas, stride);
    EXPECT_EQ(cuda::last_error(), nullptr);
    EXPECT_EQ(y, want);
  }
}

TEST_F(Stage, SaysWhatFailed) {
  // More than the device has: ACTBENCH_EMULATED is not set, so 1 GiB.
  std::vector<float> large(std::size_t{1} << 28);
  apply(*find("relu/forward/f32/accurate/cuda"), large.data(), large.data(), large.size());
  EXPECT_STREQ(cuda::last_error(), "out of memory");
  EXPECT_EQ(cuda::last_error(), nullptr);
  const actbench_kernel* relu = nullptr;
  ASSERT_EQ(actbench_find("relu/forward/f32/accurate/cuda", &relu), ACTBENCH_OK);
  EXPECT_EQ(actbench_apply(relu, large.data(), large.data(), large.size(), nullptr), ACTBENCH_DEVICE_FAILED);
  EXPECT_STREQ(actbench_error_message(), "relu/forward/f32/accurate/cuda: out of memory");
  EXPECT_EQ(actbench_apply(relu, x.data(), y.data(), x.size(), nullptr), ACTBENCH_OK);  // and goes on
}

}  // namespace
}  // namespace actbench
