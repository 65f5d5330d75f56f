// SPDX-License-Identifier: Apache-2.0
//
// The inputs of a sweep, numbered: which number of a type an index stands for depends on nothing else but the seed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "actbench/kernels.hpp"

namespace actbench::bench {

/// Where functions, and implementations of them, break: zeros, infinities, NaNs, the ends of the subnormal, normal and
/// finite ranges, numbers from every subnormal binade, powers of two with their neighbours, multiples of 1/2 up to 128
/// with theirs, and the parameters, of both signs, with theirs. Bit patterns, none twice.
std::vector<std::uint64_t> special_inputs(Type, std::span<const double> parameters);

/// One input: bit patterns of x and, where the direction takes it, of dy (0 elsewhere).
struct Point {
  std::uint64_t x, dy;
};

/// A sweep's inputs. Either every bit pattern of the type (every pair of them where there is a dy) in order; or the
/// special inputs and then a stratified sample: every exponent of both signs equally often (the one of infinities and
/// NaNs too), and within one, patterns drawn without repetition as far as there are any left.
///
/// Pairs begin with those of the most telling values of x and of dy, each with each; then every special x has a telling
/// dy. In the sample half of the gradients take every exponent of both signs equally often with every exponent of x, a
/// quarter are special, a quarter drawn from N(0, 1) as those of training may be.
class Inputs {
 public:
  /// count: how many, at least 1; as many as the type has patterns (or pairs of them), or more: all of them.
  Inputs(Type, std::span<const double> parameters, std::uint64_t count, std::uint64_t seed, bool pairs = false);
  /// What all of them are, as a power of two, is at most 2^32.
  static Inputs all(Type, bool pairs = false);

  std::uint64_t count() const { return count_; }
  bool exhaustive() const { return exhaustive_; }

  /// The inputs first … first + n - 1 as arrays of the type; dy: null without pairs.
  void fill(std::uint64_t first, std::size_t n, void* x, void* dy = nullptr) const;
  Point point(std::uint64_t index) const;
  std::uint64_t pattern(std::uint64_t index) const { return point(index).x; }

 private:
  Inputs() = default;
  std::uint64_t gradient(std::uint64_t stratum, std::uint64_t number) const;

  Type type_{};
  bool pairs_ = false;
  std::uint64_t count_ = 0, seed_ = 0;
  bool exhaustive_ = false;
  std::vector<Point> special_;
  std::vector<std::uint64_t> special_dy_, normal_dy_;
};

/// log2 of how many inputs there are.
int input_bits(Type, bool pairs);

}  // namespace actbench::bench
