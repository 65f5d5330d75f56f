// SPDX-License-Identifier: Apache-2.0
//
// Inputs for a program that is no kernel here: those of a sweep, or as many as asked for of a distribution.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "bench/numbers/distribution.hpp"
#include "bench/numbers/inputs.hpp"

namespace actbench::bench {

/// Special ones are those of a sweep, which has each but once, and so at most as many as there are. Of any other
/// distribution each of x, dy and a is drawn by itself.
class MadeInputs {
 public:
  /// How many are drawn at a time. Where a part begins decides what it is.
  static constexpr std::size_t piece = 65536;

  /// count: at least 1.
  MadeInputs(Type, std::span<const double> parameters, const Distribution&, std::uint64_t count, std::uint64_t seed,
             Multipliers);
  /// Every input of the type; input_bits() is at most 32.
  static MadeInputs all(Type, Multipliers);

  std::uint64_t count() const { return count_; }
  /// The inputs first … first + n - 1, as arrays of the type; first: a multiple of piece; n: at most a piece. What the
  /// multipliers leave out is not touched.
  void fill(std::uint64_t first, std::size_t n, void* x, void* dy, void* a) const;

 private:
  MadeInputs(Type, Multipliers, Inputs);

  Type type_;
  Multipliers takes_;
  Distribution like_ = Distribution::special;
  std::uint64_t seed_ = 0;
  Inputs numbered_;  ///< of special ones
  std::uint64_t count_;
};

}  // namespace actbench::bench
