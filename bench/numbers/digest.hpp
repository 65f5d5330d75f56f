// SPDX-License-Identifier: Apache-2.0
//
// A digest over all outputs of a kernel. Two kernels of a type have the same digest where they have the same bits for
// every input; one output that differs always changes it, several that differ leave it with a chance of about 2^-64.
//
// Definition, all arithmetic modulo 2^64:
// - Inputs are numbered by their bit patterns (pairs: dy in the upper half) and cut into pieces of 1024.
// - y_j is the bit pattern of output j of a piece, every NaN as the type's canonical one (0x7fc00000, 0x7e00, 0x7fc0,
//   0x7ff8000000000000), and w_j = mix((j + 1)·φ) | 1, with φ = 0x9e3779b97f4a7c15 and SplitMix64's finaliser mix.
// - Piece p sums up to S = Σ y_j·w_j and counts as mix(S + (p + 1)·φ).
// - The digest is the sum over all pieces. Digests of parts add up, so that parts can be computed in any order and
//   anywhere, on a GPU for instance.
// A weight is odd, so that y_j·w_j tells apart all y_j; mix is a permutation. Hence the "always".
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "actbench/kernels.hpp"
#include "bench/numbers/digest_definition.hpp"

namespace actbench::bench {

inline constexpr int digest_version = 1;

struct Digest {
  std::array<std::uint64_t, digest_ranges> ranges{};
  std::uint64_t quick = 0;  ///< over the pieces of the quick check alone

  std::uint64_t total() const;
  void merge(const Digest&);
  /// Takes in the outputs for the inputs first … first + n - 1 of `inputs` in all. first must be a multiple of the
  /// piece, and n too unless it reaches the end; inputs, where more than one range, a multiple of 16 pieces.
  void add(Type, const void* outputs, std::uint64_t first, std::size_t n, std::uint64_t inputs);
  bool operator==(const Digest&) const = default;
};

/// The patterns that all stand for NaN become the canonical one; what a digest sees of an output.
std::uint64_t canonical(Type, std::uint64_t pattern);

}  // namespace actbench::bench
