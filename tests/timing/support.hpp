// SPDX-License-Identifier: Apache-2.0
//
// Kernels made for the tests of timing, whose work and whose calls can be counted.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <type_traits>
#include <vector>

#include "bench/timing/timing.hpp"

namespace actbench::timing::testing_kernels {

namespace fs = std::filesystem;

/// Some dozens of operations an element that depend on each other, so that time goes where it can be counted.
__attribute__((noinline)) inline void polynomial(const float* x, float* y, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    float value = x[i];
    for (int step = 0; step < 12; ++step) value = value * 0.5f + 0.25f;
    y[i] = value;
  }
}

inline void once(const Arguments& a) noexcept {
  polynomial(static_cast<const float*>(a.x), static_cast<float*>(a.y), a.n);
}
inline void twice(const Arguments& a) noexcept {
  once(a);
  once(a);
}

struct Seen {
  std::uintptr_t x_first = UINTPTR_MAX, x_last = 0, y_first = UINTPTR_MAX, y_last = 0;
  std::size_t calls = 0, ones = 0, longest = 0;
  std::vector<double> parameters;
  bool dy_right = true, finite = true, apart = true;
};
inline Seen seen;

template <class T, bool Backward = false>
void watch(const Arguments& a) noexcept {
  const auto x = reinterpret_cast<std::uintptr_t>(a.x), y = reinterpret_cast<std::uintptr_t>(a.y);
  const std::size_t bytes = a.n * sizeof(T);
  seen.x_first = std::min(seen.x_first, x);
  seen.x_last = std::max(seen.x_last, x + bytes);
  seen.y_first = std::min(seen.y_first, y);
  seen.y_last = std::max(seen.y_last, y + bytes);
  seen.longest = std::max(seen.longest, a.n);
  seen.dy_right = seen.dy_right && (a.dy != nullptr) == Backward;
  seen.apart = seen.apart && (x + bytes <= y || y + bytes <= x);
  seen.parameters.assign(a.parameters, a.parameters + 2);
  ++seen.calls;
  if constexpr (!std::is_integral_v<T>) {
    const T* const values = static_cast<const T*>(a.x);
    seen.finite = seen.finite && std::isfinite(values[0]) && std::isfinite(values[a.n - 1]) && values[a.n - 1] != 0;
    seen.ones += values[0] == 1 && values[a.n - 1] == 1;
    if (a.dy) seen.finite = seen.finite && static_cast<const T*>(a.dy)[a.n - 1] != 0;
    if (a.dy) seen.dy_right = seen.dy_right && std::memcmp(a.x, a.dy, bytes) != 0;  // a gradient of its own
  }
  std::memcpy(a.y, a.x, bytes);
}

inline const Activation plain{"plain", "p", "", {}, 0};
inline const Activation slowed{"slowed", "p", "", {}, 0};
inline const Activation watched{"watched", "x", "", {{"alpha", 0.1, Domain::any}, {"beta", 2, Domain::nonzero}}, 2};

inline constexpr double inf = HUGE_VAL;
inline const Kernel fast_kernel{&plain, Direction::forward, Type::f32, Tier::naive, Backend::scalar, inf, once};
inline const Kernel slow_kernel{&slowed, Direction::forward, Type::f32, Tier::naive, Backend::scalar, inf, twice};
inline const Kernel watched_kernel{&watched, Direction::forward, Type::f32, Tier::naive, Backend::scalar,
                                   inf,      watch<float>};

inline BenchOptions small(std::vector<const Kernel*> kernels) {
  BenchOptions options;
  options.kernels = std::move(kernels);
  options.sizes = {{"1024", 0, 1024}, {"5000", 0, 5000}};
  options.distributions = {Distribution::normal, Distribution::constant};
  options.repetitions = 6;
  options.min_time_s = 0.0002;
  return options;
}

/// A file name of its own for each test, removed at the end.
struct TemporaryFile {
  fs::path path = fs::temp_directory_path() / ("actbench_run_" + std::to_string(getpid()) + "_" +
                                               testing::UnitTest::GetInstance()->current_test_info()->name());
  ~TemporaryFile() { fs::remove(path); }
  std::string text() const {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::size_t neighbours() const {  // files whose names begin alike: what was left behind
    std::size_t count = 0;
    for (const auto& entry : fs::directory_iterator(path.parent_path())) {
      count += entry.path().filename().string().rfind(path.filename().string(), 0) == 0;
    }
    return count;
  }
};

/// What run_benchmarks says; nothing where it is content.
inline std::string error_of(const BenchOptions& options) {
  try {
    run_benchmarks(options);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace actbench::timing::testing_kernels
