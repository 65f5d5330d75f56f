// SPDX-License-Identifier: Apache-2.0
//
// What the reference's tests try: inputs from every binade, and parameters beside the defaults.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

#include "reference/format.hpp"

namespace actbench::reference {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t bits() {
    state_ += 0x9e3779b97f4a7c15;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

 private:
  std::uint64_t state_;
};

/// About n finite numbers of the format, as many from each binade, of both signs; the zeros, the smallest subnormals,
/// the smallest normal and the largest number among them. n/4 of them lie in 2^-8 ... 2^8, where most functions bend.
inline std::vector<double> stratified(const Format& f, std::size_t n, std::uint64_t seed) {
  const int digits = f.precision - 1, lowest = f.min_exponent - digits;
  const double least = std::ldexp(1.0, lowest), normal = std::ldexp(1.0, f.min_exponent);
  std::vector<double> all;
  for (double v : {0.0, least, 2 * least, 3 * least, 5 * least, normal - least, normal, largest(f)}) {
    all.push_back(v);
    all.push_back(-v);
  }
  Random random(seed);
  const auto from_binade = [&](int exponent) {
    const double v = std::ldexp(1 + std::ldexp(static_cast<double>(random.bits() >> 11), -53), exponent);
    const int quantum = spacing_exponent(f, exponent);
    const double chopped = std::ldexp(std::floor(std::ldexp(v, -quantum)), quantum);
    all.push_back((random.bits() & 1) != 0 ? chopped : -chopped);
  };
  for (std::size_t i = 0; all.size() < n; ++i) {
    const int binades = f.max_exponent - lowest + 1;
    from_binade(lowest + static_cast<int>(i % static_cast<std::size_t>(binades)));
    if (i % 3 == 0) from_binade(static_cast<int>(random.bits() % 17) - 8);
  }
  return all;
}

/// n numbers of the format for dy beside stratified x: every binade in an order of its own, odd multiples of the
/// smallest number (halves and quarters of those are ties), and numbers of gradients' usual size.
inline std::vector<double> gradients(const Format& f, std::size_t n, std::uint64_t seed) {
  const double least = std::ldexp(1.0, f.min_exponent - f.precision + 1);
  std::vector<double> all = stratified(f, n, seed);
  Random random(seed + 1);
  for (std::size_t i = all.size() - 1; i > 0; --i) std::swap(all[i], all[random.bits() % (i + 1)]);
  all.resize(n);
  for (double& v : all) {
    const std::uint64_t bits = random.bits();
    const double sign = (bits >> 8 & 1) != 0 ? -1 : 1;
    if (bits % 8 == 0)
      v = sign * least * static_cast<double>(1 + 2 * (bits >> 40) % (std::uint64_t{1} << (f.precision - 1)));
    if (bits % 8 == 1) v = sign * round_to(f32, static_cast<double>(bits >> 16) * 0x1p-47);
    if (bits % 8 == 1 && f.precision < f32.precision) v = round_to(f, v);
  }
  return all;
}

/// Parameters to try, the defaults first, each rounded to f32.
inline std::vector<std::vector<double>> parameter_cases(std::string_view activation) {
  std::vector<std::vector<double>> cases = {{}};
  if (activation == "leaky_relu" || activation == "prelu") cases = {{0.01}, {0.25}, {0}, {-0.5}, {2}, {0.5}, {1e-40}};
  if (activation == "rrelu") cases = {{0.125, 1.0 / 3}, {0.3, 0.1}, {-1, 1}, {0.5, 0.5}, {1e-30, 1e30}};
  if (activation == "elu") cases = {{1}, {0}, {0.5}, {2}, {-1}, {1e-3}, {1e30}, {1e-40}};
  if (activation == "celu") cases = {{1}, {0.5}, {2}, {-1}, {1e-3}, {1e30}, {1e-40}};
  if (activation == "scaled_sigmoid") cases = {{0, 100}, {-1, 1}, {5, -5}, {1, 1 + 0x1p-23}, {1e30, 1}, {0, 1}};
  if (activation == "scaled_tanh") cases = {{-5, 5}, {-0.5, 0.5}, {0, 1}, {1, 1.5}, {5, -5}, {-1e-40, 1e-40}, {0.1, 7}};
  if (activation == "hardtanh") cases = {{-1, 1}, {2, 1}, {0, 0}, {-0.1, 1e30}};
  if (activation == "softshrink" || activation == "hardshrink") cases = {{0.5}, {0}, {-1}, {1e-40}, {1e10}};
  if (activation == "threshold") cases = {{0.1, 20}, {0, 0}, {-1, -5}};
  if (activation == "softplus") cases = {{1}, {0.5}, {10}, {-1}, {1e-30}, {1e30}};
  if (activation == "gelu_normal") cases = {{0, 1}, {0, 0.1}, {0, 100}, {1, 2}, {-3, 0.5}, {0.1, 1e-30}, {1e-30, 1e30}};
  if (activation == "swish") cases = {{1}, {0}, {0.5}, {1.702}, {10}, {-1}, {1e-30}, {1e30}};
  for (std::vector<double>& values : cases)
    for (double& v : values) v = static_cast<double>(static_cast<float>(v));
  return cases;
}

}  // namespace actbench::reference
