// SPDX-License-Identifier: Apache-2.0
//
// The worst inputs that sweeps have ever found (tests/data/worst_inputs.csv): what is right there is still held to be,
// and every kernel keeps its promise. `actbench accuracy --save-worst FILE` writes such a file.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <map>

#include "reference/reference.hpp"
#include "tests/support/kernel_calls.hpp"

namespace actbench::test {
namespace {

struct Vector {
  std::string activation, direction, type;
  std::vector<double> parameters;
  std::uint64_t x, dy, a, expected;
};

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts{""};
  for (const char c : text) {
    if (c == at) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

std::uint64_t bits_of(const std::string& text) { return text.empty() ? 0 : std::stoull(text, nullptr, 16); }

std::vector<Vector> vectors() {
  std::ifstream file(ACTBENCH_TEST_DATA "/worst_inputs.csv");
  std::string line;
  std::getline(file, line);
  EXPECT_EQ(line, "activation,direction,type,parameters,x,dy,a,expected,ulp,tier");
  std::vector<Vector> all;
  while (std::getline(file, line)) {
    const std::vector<std::string> fields = split(line, ',');
    if (fields.size() != 10) {
      ADD_FAILURE() << line;
      break;
    }
    std::vector<double> parameters;
    if (!fields[3].empty()) {
      for (const std::string& setting : split(fields[3], ';')) {
        parameters.push_back(std::stod(setting.substr(setting.find('=') + 1)));
      }
    }
    all.push_back({fields[0], fields[1], fields[2], parameters, bits_of(fields[4]), bits_of(fields[5]),
                   bits_of(fields[6]), bits_of(fields[7])});
  }
  return all;
}

reference::Exact exact_of(const Vector& v, Type type, std::vector<double>& parameters) {
  for (double& p : parameters) p = round_to(type, p);
  const reference::Function& function = *reference::find(v.activation, v.direction);
  std::vector<double> inputs{to_double(type, v.x)};
  if (v.direction != "forward" && v.direction != "derivative") inputs.push_back(to_double(type, v.dy));
  if (inputs.size() < 1 + reference::multiplier_count(function)) inputs.push_back(to_double(type, v.a));
  return {function, *reference::find_format(v.type), inputs, parameters};
}

/// Whether a kernel's promise holds at one vector; what it gave is left in got.
bool keeps(const Kernel& kernel, const Vector& v, double ulp, std::uint64_t got) {
  if (!std::isfinite(kernel.promised_ulp)) return true;
  const double value = to_double(kernel.type, got), right = to_double(kernel.type, v.expected);
  const bool equal = value == right || (std::isnan(value) && std::isnan(right));
  return kernel.promised_ulp == 0.5 ? equal : ulp <= kernel.promised_ulp;
}

TEST(WorstInputs, AreStillRightAndStillKept) {
  const std::vector<Vector> all = vectors();
  ASSERT_GT(all.size(), 100u);
  std::map<std::string, std::vector<const Kernel*>> kernels_of;
  for (const Kernel* k : runnable_kernels()) {
    kernels_of[std::string(k->activation->name) + '/' + name(k->direction) + '/' + name(k->type)].push_back(k);
  }
  std::map<std::string, int> seen;
  for (const Vector& v : all) {
    const std::string function = v.activation + '/' + v.direction + '/' + v.type;
    const auto found = kernels_of.find(function);
    ASSERT_NE(found, kernels_of.end()) << function;
    ++seen[function];
    const Type type = found->second[0]->type;
    const Layout l = layout(type);
    std::vector<double> parameters = v.parameters;
    const reference::Exact exact = exact_of(v, type, parameters);
    const double expected = to_double(type, v.expected), rounded = exact.rounded();
    ASSERT_TRUE(std::isnan(expected) ? std::isnan(rounded) : expected == rounded)
        << function << std::hex << " at 0x" << v.x << ", 0x" << v.dy << ", 0x" << v.a;
    for (const Kernel* kernel : found->second) {
      std::uint64_t got = 0;
      run(*kernel, {&v.x, &v.dy, &v.a}, &got, 1, parameters);
      EXPECT_TRUE(keeps(*kernel, v, exact.ulp_error(to_double(type, got)), got))
          << identity(*kernel) << std::hex << " at 0x" << v.x << ", 0x" << v.dy << ", 0x" << v.a << ": 0x"
          << l.canonical(got) << " where 0x" << v.expected << " is right";
    }
  }
  for (const auto& [function, kernels] : kernels_of) EXPECT_GT(seen[function], 0) << function << " has no vector";
}

TEST(WorstInputs, AreBadEnoughToCatchTheTextbookFormula) {
  Kernel boastful = *find("gelu/forward/f32/naive/scalar");
  boastful.promised_ulp = 0.5;
  int caught = 0;
  for (const Vector& v : vectors()) {
    if (v.activation != "gelu" || v.direction != "forward" || v.type != "f32") continue;
    std::uint64_t got = 0;
    apply(boastful, &v.x, &got, 1);
    std::vector<double> none;
    caught += !keeps(boastful, v, exact_of(v, Type::f32, none).ulp_error(to_double(Type::f32, got)), got);
  }
  EXPECT_GT(caught, 3);
}

}  // namespace
}  // namespace actbench::test
