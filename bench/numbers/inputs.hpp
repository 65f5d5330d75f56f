// SPDX-License-Identifier: Apache-2.0
//
// The inputs of a sweep, numbered: which number of a type an index stands for depends on nothing else but the seed.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "actbench/kernels.hpp"
#include "reference/reference.hpp"

namespace actbench::bench {

/// Where functions, and implementations of them, break: zeros, infinities, NaNs, the ends of the subnormal, normal and
/// finite ranges, numbers from every subnormal binade, powers of two with their neighbours, multiples of 1/2 up to 128
/// with theirs, and the parameters, of both signs, with theirs. Bit patterns, none twice.
std::vector<std::uint64_t> special_inputs(Type, std::span<const double> parameters);

/// One input: bit patterns of x and, where the kernel takes them, of dy and a (0 elsewhere).
struct Point {
  std::uint64_t x = 0, dy = 0, a = 0;
  friend auto operator<=>(const Point&, const Point&) = default;
};

/// A sweep's inputs. Either every bit pattern of the type (every pair of them where x has a multiplier) in order; or
/// the special inputs and then a stratified sample: every exponent of both signs equally often (the one of infinities
/// and NaNs too), and within one, patterns drawn without repetition as far as there are any left.
///
/// Pairs begin with those of the most telling values of x and of the multiplier (dy, or a), each with each; then every
/// special x has a telling multiplier. In the sample half of the multipliers take every exponent of both signs equally
/// often with every exponent of x, a quarter are special, a quarter drawn from N(0, 1) as those of training may be.
/// Where there are two, the second is drawn likewise and by itself, so that their exponents meet each other, too.
class Inputs {
 public:
  /// count: how many, at least 1; as many as the type has patterns (or pairs of them), or more: all of them.
  Inputs(Type, std::span<const double> parameters, std::uint64_t count, std::uint64_t seed, Multipliers = {});
  /// What all of them are, as a power of two, is at most 2^32.
  static Inputs all(Type, Multipliers = {});

  std::uint64_t count() const { return count_; }
  bool exhaustive() const { return exhaustive_; }

  /// The inputs first … first + n - 1 as arrays of the type; null what there is none of.
  void fill(std::uint64_t first, std::size_t n, void* x, void* dy = nullptr, void* a = nullptr) const;
  Point point(std::uint64_t index) const;
  std::uint64_t pattern(std::uint64_t index) const { return point(index).x; }

 private:
  Inputs() = default;
  std::uint64_t multiplier(std::uint64_t stratum, std::uint64_t number, std::uint64_t seed) const;
  Point point_of(std::uint64_t x, std::uint64_t first, std::uint64_t second) const;

  Type type_{};
  Multipliers multipliers_{};
  std::uint64_t count_ = 0, seed_ = 0;
  bool exhaustive_ = false;
  std::vector<Point> special_;
  std::vector<std::uint64_t> special_multipliers_, normal_multipliers_;
};

/// Of all arrays those that a kernel takes, and as the reference takes them.
InputArrays taken(Multipliers, const InputArrays& all);
reference::InputArrays reference_arrays(Multipliers, const double* x, const double* dy, const double* a);

/// What a kernel's result at an input should be. Throws MissingError where the reference has no such function.
reference::Exact exact_at(const Kernel&, const Point&, std::span<const double> parameters);

/// The input as numbers: "-5.5", "-5.5, dy 2, a 0.1".
std::string text_of(const Kernel&, const Point&);

/// log2 of how many inputs there are.
int input_bits(Type, Multipliers);
inline int input_bits(const Kernel& kernel) { return input_bits(kernel.type, multipliers_of(kernel)); }

}  // namespace actbench::bench
