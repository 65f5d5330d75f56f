// SPDX-License-Identifier: Apache-2.0
//
// Rows that a program adds to the table: found, named and ordered as the others are, and those are as they were.
#include "kernels/registry/foreign.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace actbench {
namespace {

void copies(const Arguments& a) noexcept { std::memcpy(a.y, a.x, a.n * sizeof(float)); }

std::vector<std::string> own_identities() {
  std::vector<std::string> all;
  for (const Kernel& kernel : kernels()) {
    if (!is_foreign(kernel.backend)) all.push_back(identity(kernel));
  }
  return all;
}

TEST(Foreign, RowsJoinTheTable) {
  const std::vector<std::string> before = own_identities();
  ASSERT_EQ(find("elu/forward/f32/naive/theirs"), nullptr);

  const Backend theirs = add_backend("theirs"), others = add_backend("others");
  EXPECT_TRUE(is_foreign(theirs) && is_foreign(others) && !is_foreign(Backend::cuda));
  EXPECT_STREQ(name(theirs), "theirs");
  EXPECT_STREQ(name(others), "others");
  EXPECT_EQ(unrunnable_reason(theirs), nullptr);

  const Activation* const elu = find("elu/forward/f32/naive/scalar")->activation;
  static Activation with_two = *elu;
  with_two.parameters[0].default_value = 2;
  const Kernel row{elu, Direction::forward, Type::f32, Tier::naive, theirs, HUGE_VAL, copies};
  Kernel apart = row, absent = row;
  apart.activation = &with_two, apart.backend = others;
  absent.direction = Direction::backward, absent.run = nullptr;
  const ForeignKernel rows[] = {{row, {}}, {apart, {}}, {absent, "it crashes"}};
  add_kernels(rows);

  const Kernel* const found = find("elu/forward/f32/naive/theirs");
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(identity(*found), "elu/forward/f32/naive/theirs");
  EXPECT_EQ(unrunnable_reason(*found), nullptr);
  const float x[] = {1, 2, 3};
  float y[3] = {};
  apply(*found, x, y, 3);
  EXPECT_EQ(std::memcmp(x, y, sizeof x), 0);
  ASSERT_NE(find("elu/backward/f32/naive/theirs"), nullptr);
  EXPECT_STREQ(unrunnable_reason(*find("elu/backward/f32/naive/theirs")), "it crashes");

  // Beside the kernels that it is to be compared with; and one with other parameters after all that share theirs.
  EXPECT_EQ(std::string_view((found - 1)->activation->name), "elu");
  EXPECT_EQ((found - 1)->tier, Tier::naive);
  const Kernel* const last = find("elu/forward/f32/naive/others");
  ASSERT_NE(last, nullptr);
  EXPECT_EQ(last->activation->parameters[0].default_value, 2);
  EXPECT_EQ((last - 1)->tier, Tier::accurate);
  EXPECT_EQ((last - 1)->direction, Direction::forward);

  EXPECT_EQ(own_identities(), before);
  for (const Kernel& kernel : kernels()) EXPECT_EQ(find(identity(kernel)), &kernel);
}

}  // namespace
}  // namespace actbench
