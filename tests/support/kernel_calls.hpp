// SPDX-License-Identifier: Apache-2.0
//
// What the tests of the kernels share: numbers of any type as bit patterns, and calls that fit any direction.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "actbench/cuda.hpp"
#include "actbench/kernels.hpp"
#include "kernels/table.hpp"

namespace actbench::test {

/// A floating-point type as bits: sign, exponent, fraction.
struct Layout {
  int exponent_bits;
  int fraction_bits;

  std::uint64_t sign() const { return std::uint64_t{1} << (exponent_bits + fraction_bits); }
  std::uint64_t infinity() const { return ((std::uint64_t{1} << exponent_bits) - 1) << fraction_bits; }
  std::uint64_t smallest_normal() const { return std::uint64_t{1} << fraction_bits; }
  std::uint64_t quiet_nan() const { return infinity() | smallest_normal() >> 1; }
  std::uint64_t one() const { return ((std::uint64_t{1} << (exponent_bits - 1)) - 1) << fraction_bits; }
  std::uint64_t power_of_two(int exponent) const {
    return one() + (static_cast<std::uint64_t>(exponent) << fraction_bits);
  }
  bool is_nan(std::uint64_t bits) const { return (bits & ~sign()) > infinity(); }
  /// One pattern for every NaN.
  std::uint64_t canonical(std::uint64_t bits) const { return is_nan(bits) ? quiet_nan() : bits; }
};

inline Layout layout(Type type) {
  switch (type) {
    case Type::f32:
      return {8, 23};
    case Type::f64:
      return {11, 52};
    case Type::f16:
      return {5, 10};
    case Type::bf16:
      return {8, 7};
  }
  return {};
}

/// The value of a bit pattern; doubles hold every value of every type.
inline double to_double(Type type, std::uint64_t bits) {
  const Layout l = layout(type);
  const double sign = bits & l.sign() ? -1 : 1;
  const std::uint64_t magnitude = bits & ~l.sign();
  if (magnitude > l.infinity()) return std::numeric_limits<double>::quiet_NaN();
  if (magnitude == l.infinity()) return sign * std::numeric_limits<double>::infinity();
  const int exponent = static_cast<int>(magnitude >> l.fraction_bits);
  const std::uint64_t fraction = magnitude & (l.smallest_normal() - 1);
  const std::uint64_t significand = exponent == 0 ? fraction : fraction | l.smallest_normal();
  const int bias = (1 << (l.exponent_bits - 1)) - 1;
  return sign * std::ldexp(static_cast<double>(significand), std::max(exponent, 1) - bias - l.fraction_bits);
}

/// Copies 2, 4 or 8 bytes. Where the compiler knows how many, that is an instruction and no call.
inline void copy(void* to, const void* from, std::size_t size) {
  switch (size) {
    case 2:
      std::memcpy(to, from, 2);
      break;
    case 4:
      std::memcpy(to, from, 4);
      break;
    default:
      std::memcpy(to, from, 8);
  }
}
inline std::uint64_t get(const void* array, std::size_t i, std::size_t size) {
  std::uint64_t bits = 0;
  copy(&bits, static_cast<const char*>(array) + i * size, size);
  return bits;
}
inline void set(void* array, std::size_t i, std::size_t size, std::uint64_t bits) {
  copy(static_cast<char*>(array) + i * size, &bits, size);
}

/// Zeros, subnormals, ones, the largest number, infinities, NaNs, and powers of two from end to end, of both signs.
inline std::vector<std::uint64_t> telling_values(Type type) {
  const Layout l = layout(type);
  std::vector<std::uint64_t> values{0,
                                    1,
                                    l.smallest_normal() - 1,
                                    l.smallest_normal(),
                                    l.infinity() - 1,
                                    l.infinity(),
                                    l.one(),
                                    l.quiet_nan(),
                                    l.quiet_nan() + 1,
                                    l.infinity() + 1};
  const int step = l.exponent_bits > 8 ? 16 : 2;
  for (std::uint64_t e = 1; e < l.infinity() >> l.fraction_bits; e += step) {
    values.push_back((e << l.fraction_bits) + (e * 0x9E3779B97F4A7C15 & (l.smallest_normal() - 1)));
  }
  const std::size_t positive = values.size();
  for (std::size_t i = 0; i < positive; ++i) values.push_back(values[i] | l.sign());
  return values;
}

/// The parameters' defaults, as a kernel of this type gets them.
inline std::vector<double> default_parameters(const Kernel& kernel) {
  std::vector<double> p;
  for (std::size_t i = 0; i < kernel.activation->parameter_count; ++i) {
    p.push_back(round_to(kernel.type, kernel.activation->parameters[i].default_value));
  }
  return p;
}

/// y = what the kernel makes of those of the inputs that it takes, each of n elements.
inline void run(const Kernel& kernel, const InputArrays& in, void* y, std::size_t n,
                const std::vector<double>& parameters) {
  const Multipliers takes = multipliers_of(kernel);
  Arguments arguments{};
  arguments.x = in.x;
  arguments.dy = takes.dy ? in.dy : nullptr;
  arguments.a = takes.a ? in.a : nullptr;
  arguments.y = y;
  arguments.n = n;
  arguments.parameters = parameters.data();
  arguments.row = kernel.activation->shape == Shape::rows ? n : 0;
  call(kernel, arguments);
  if (kernel.backend != Backend::cuda) return;
  if (const char* const failure = cuda::last_error()) throw std::runtime_error(identity(kernel) + ": " + failure);
}

/// The same with one array for all that x is multiplied with.
inline void run(const Kernel& kernel, const void* x, const void* multiplier, void* y, std::size_t n,
                const std::vector<double>& parameters) {
  run(kernel, {x, multiplier, multiplier}, y, n, parameters);
}

/// Those over rows, or all others.
inline std::vector<const Kernel*> runnable_kernels(bool over_rows = false) {
  std::vector<const Kernel*> found;
  for (const Kernel& kernel : kernels()) {
    if (unrunnable_reason(kernel) == nullptr && (kernel.activation->shape == Shape::rows) == over_rows)
      found.push_back(&kernel);
  }
  return found;
}

}  // namespace actbench::test
