// SPDX-License-Identifier: Apache-2.0
//
// The accurate AVX-512 kernels, emulated, against the AVX2 ones: the same bits for inputs spread over all patterns.
// ACTBENCH_EMULATED_INPUTS says how many; 2^26 unless set.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "kernels/table.hpp"

namespace actbench {

extern const KernelTable* const emulated_tables[];
extern const std::size_t emulated_tables_count;

namespace {

std::uint64_t input_count() {
  const char* text = std::getenv("ACTBENCH_EMULATED_INPUTS");
  return text ? std::strtoull(text, nullptr, 10) : std::uint64_t{1} << 26;
}

std::string identity_on(Kernel kernel, Backend backend) {
  kernel.backend = backend;
  return identity(kernel);
}

std::uint32_t bits(float value) {
  std::uint32_t pattern;
  std::memcpy(&pattern, &value, sizeof pattern);
  return std::isnan(value) ? 0x7fc00000u : pattern;
}

std::vector<double> defaults(const Kernel& kernel) {
  std::vector<double> values;
  for (std::size_t i = 0; i < kernel.activation->parameter_count; ++i)
    values.push_back(round_to(kernel.type, kernel.activation->parameters[i].default_value));
  values.push_back(0);  // never an empty array
  return values;
}

void compare(const Kernel& emulated, const Kernel& avx2, const std::vector<float>& x) {
  const std::vector<double> parameters = defaults(emulated);
  std::vector<float> got(x.size()), want(x.size());
  emulated.run({x.data(), nullptr, got.data(), x.size(), parameters.data()});
  avx2.run({x.data(), nullptr, want.data(), x.size(), parameters.data()});
  for (std::size_t i = 0; i < x.size(); ++i)
    ASSERT_EQ(bits(got[i]), bits(want[i])) << identity(avx2) << " of " << x[i] << " in an array of " << x.size();
}

class Avx512Emulated : public testing::TestWithParam<const KernelTable*> {};

TEST_P(Avx512Emulated, GivesTheBitsOfAvx2) {
  if (unrunnable_reason(Backend::avx2)) GTEST_SKIP() << unrunnable_reason(Backend::avx2);
  for (std::size_t k = 0; k < GetParam()->count; ++k) {
    const Kernel& emulated = GetParam()->kernels[k];
    if (emulated.tier != Tier::accurate || emulated.type != Type::f32 || emulated.direction != Direction::forward)
      continue;
    ASSERT_EQ(emulated.backend, Backend::avx512);
    const Kernel* avx2 = find(identity_on(emulated, Backend::avx2));
    ASSERT_NE(avx2, nullptr);

    using limits = std::numeric_limits<float>;
    const float special[] = {0.0f,
                             -0.0f,
                             1.0f,
                             -1.0f,
                             limits::denorm_min(),
                             -limits::denorm_min(),
                             limits::min(),
                             limits::max(),
                             limits::lowest(),
                             limits::infinity(),
                             -limits::infinity(),
                             limits::quiet_NaN(),
                             3.0f,
                             -3.0f,
                             0.5f,
                             -0.5f,
                             6.0f,
                             0.1f,
                             -14.0f};
    for (std::size_t length = 0; length < 40; ++length) {
      std::vector<float> x;
      for (std::size_t i = 0; i < length; ++i) x.push_back(special[(i * 7 + length) % std::size(special)]);
      compare(emulated, *avx2, x);
    }
    // An odd stride meets no pattern twice in 2^32 steps.
    std::vector<float> x(1 << 14);
    std::uint32_t pattern = 0;
    for (std::uint64_t done = 0; done < input_count() && !HasFatalFailure(); done += x.size()) {
      for (float& value : x) {
        std::memcpy(&value, &pattern, sizeof value);
        pattern += 0x9e3779b1u;
      }
      compare(emulated, *avx2, x);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Kernels, Avx512Emulated,
                         testing::ValuesIn(emulated_tables, emulated_tables + emulated_tables_count),
                         [](const auto& instance) { return std::string(instance.param->kernels[0].activation->name); });

}  // namespace
}  // namespace actbench
