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

/// A sweep's inputs. Either every bit pattern of the type in order; or the special inputs and then a stratified sample:
/// every exponent of both signs equally often (the one of infinities and NaNs too), and within one, patterns drawn
/// without repetition.
class Inputs {
 public:
  /// count: how many, at least 1; as many as the type has patterns, or more: all of them.
  Inputs(Type, std::span<const double> parameters, std::uint64_t count, std::uint64_t seed);
  static Inputs all(Type);  ///< of a type with at most 32 bits

  std::uint64_t count() const { return count_; }
  bool exhaustive() const { return exhaustive_; }

  /// Patterns of the inputs first … first + n - 1 as an array of the type.
  void fill(std::uint64_t first, std::size_t n, void* array) const;
  std::uint64_t pattern(std::uint64_t index) const;

 private:
  Inputs() = default;
  Type type_{};
  std::uint64_t count_ = 0, seed_ = 0;
  bool exhaustive_ = false;
  std::vector<std::uint64_t> special_;
};

}  // namespace actbench::bench
