// SPDX-License-Identifier: Apache-2.0
//
// What the tests of the report of faults share: findings about kernels, and kernels whose faults are seeded.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <limits>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "bench/faults/overflow.hpp"
#include "bench/numbers/types.hpp"
#include "kernels/table.hpp"
#include "reports/writers.hpp"

namespace actbench::bench::overflow_tests {

inline constexpr std::uint64_t sample = 1 << 19;
inline constexpr float largest = std::numeric_limits<float>::max();
inline constexpr float smallest_normal = std::numeric_limits<float>::min();
inline constexpr float nan = std::numeric_limits<float>::quiet_NaN();

inline const Kernel& kernel_named(std::string_view identity) {
  const Kernel* found = find(identity);
  if (found == nullptr) throw std::runtime_error("no kernel " + std::string(identity));
  return *found;
}
inline const Kernel& truth(std::string_view activation) {
  return kernel_named(std::string(activation) + "/forward/f32/accurate/scalar");
}

inline FunctionFindings examined(const std::vector<const Kernel*>& kernels, std::uint64_t inputs = sample) {
  SweepOptions options;
  options.inputs = inputs;
  options.threads = 2;
  std::vector<Subject> subjects;
  for (const Kernel* kernel : kernels) subjects.push_back({kernel, {}});
  std::vector<FunctionFindings> found = examine(subjects, options);
  EXPECT_EQ(found.size(), 1u);
  return std::move(found[0]);
}

inline double value(const FunctionFindings& f, std::uint64_t pattern) {
  return value_of(f.kernels[0].subject.kernel->type, pattern);
}

/// Whether nothing at all was found.
inline void expect_spotless(const FunctionFindings& f, const KernelFindings& kernel) {
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

inline constexpr char gelu[] = "gelu", gelu_tanh[] = "gelu_tanh", sigmoid[] = "sigmoid", silu[] = "silu",
                      mish[] = "mish", log_sigmoid[] = "log_sigmoid", tanh_[] = "tanh", relu[] = "relu";

using KernelRun = void (*)(const Arguments&) noexcept;

inline float at(const void* array, std::size_t i) {
  float v;
  std::memcpy(&v, static_cast<const char*>(array) + 4 * i, 4);
  return v;
}
inline void put(void* array, std::size_t i, float v) { std::memcpy(static_cast<char*>(array) + 4 * i, &v, 4); }

/// An accurate kernel with a change to its results: a function of input and right output.
template <const char* activation, float (*Change)(float x, float y)>
void changed(const Arguments& a) noexcept {
  static const Kernel& right = truth(activation);
  std::vector<float> x(a.n);
  std::memcpy(x.data(), a.x, 4 * a.n);
  right.run(a);
  for (std::size_t i = 0; i < a.n; ++i) put(a.y, i, Change(x[i], at(a.y, i)));
}

inline Kernel seeded(const char* activation, KernelRun run, double promised = 0.5) {
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
inline void expect_only(const FunctionFindings& f, const std::set<Fault>& expected) {
  for (std::size_t i = 0; i < fault_count; ++i) {
    const Fault fault = static_cast<Fault>(i);
    EXPECT_EQ(f.kernels[0][fault].count > 0, expected.count(fault) > 0)
        << description(fault) << " at " << value(f, f.kernels[0][fault].first);
  }
}

/// The threshold towards -infinity (or infinity) beyond which results are of a kind.
inline const Threshold& threshold(const FunctionFindings& f, bool negative, Kind kind) {
  const Threshold* found = nullptr;
  for (const Threshold& t : f.truth.thresholds) {
    if (t.negative == negative && !t.saturation && t.kind == kind) found = &t;
  }
  if (found == nullptr) throw std::runtime_error("no such threshold");
  return *found;
}

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

inline double plain_softplus(double x) { return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x)); }
/// ln(1 + e^x) in f16: e^x overflows from 11.09 on.
inline double overflowing_softplus(double x) {
  const double e = round_to(Type::f16, std::exp(x));
  return std::isinf(e) ? e : plain_softplus(x);
}

inline std::string records(const FunctionFindings& f) {
  return reports::write(overflow_records({&f, 1}), reports::Format::csv);
}

}  // namespace actbench::bench::overflow_tests
