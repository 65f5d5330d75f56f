// SPDX-License-Identifier: Apache-2.0
//
// An accurate kernel rounds its Rough result where every number within rough_error of it rounds alike. Here that error
// is measured against the full result, over inputs of all sizes and over parameters, and must keep to half of what is
// granted.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "kernels/table.hpp"

namespace actbench {

extern const KernelTable* const rough_error_tables[];
extern const std::size_t rough_error_tables_count;

namespace {

constexpr double granted = 0x1p-39;  // rough_error of kernels/numbers/rough.hpp

// As many inputs from each binade up to 2^20, subnormals among them, half of each sign.
std::vector<float> inputs() {
  std::mt19937 random(1);
  std::vector<float> x;
  for (std::uint32_t exponent = 0; exponent < 127 + 20; ++exponent)
    for (int i = 0; i < 2000; ++i) {
      const std::uint32_t pattern = (exponent << 23) | (random() & 0x807fffffu);
      x.emplace_back();
      std::memcpy(&x.back(), &pattern, sizeof pattern);
    }
  return x;
}

class RoughError : public testing::TestWithParam<const KernelTable*> {};

TEST_P(RoughError, IsHalfOfWhatIsGranted) {
  const std::vector<float> x = inputs();
  std::vector<float> error(x.size());
  for (const Kernel& kernel : std::span(GetParam()->kernels, GetParam()->count)) {
    std::vector<std::vector<double>> choices;
    const Activation& activation = *kernel.activation;
    std::vector<double> defaults;
    for (std::size_t i = 0; i < activation.parameter_count; ++i)
      defaults.push_back(round_to(Type::f32, activation.parameters[i].default_value));
    choices.push_back(defaults);
    for (std::size_t i = 0; i < defaults.size(); ++i)
      for (const float other : {0.0f, 0.1f, 0.5f, 1.702f, 10.0f, 1000.0f, -0.3f, -1.0f, -5.0f}) {
        std::vector<double> changed = defaults;
        changed[i] = other;
        if (parameter_error(activation, changed).empty()) choices.push_back(changed);
      }
    for (std::vector<double>& parameters : choices) {
      parameters.push_back(0);  // never an empty array
      kernel.run({x.data(), nullptr, error.data(), x.size(), parameters.data()});
      for (std::size_t i = 0; i < x.size(); ++i)
        ASSERT_LE(error[i], granted / 2) << activation.name << ' ' << name(kernel.direction) << " of " << x[i]
                                         << ", parameters " << testing::PrintToString(parameters);
      RecordProperty("log2_of_worst_" + std::string(name(kernel.direction)),
                     std::to_string(std::log2(*std::max_element(error.begin(), error.end()))));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Kernels, RoughError,
                         testing::ValuesIn(rough_error_tables, rough_error_tables + rough_error_tables_count),
                         [](const auto& instance) {
                           const bool on_device = 2 * instance.index >= rough_error_tables_count;
                           return instance.param->kernels[0].activation->name +
                                  std::string(on_device ? "_on_device" : "");
                         });

}  // namespace
}  // namespace actbench
