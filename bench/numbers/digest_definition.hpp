// SPDX-License-Identifier: Apache-2.0
//
// The definition that bench/numbers/digest.hpp gives in words, for CPUs and devices. No header that a device's compiler
// lacks.
#pragma once

#include <stdint.h>

#include <cstddef>

#include "bench/numbers/mix.hpp"

namespace actbench::bench {

inline constexpr std::size_t digest_piece = 1024;
/// Contiguous sixteenths of the inputs, each with its own digest, so that a difference has a place.
inline constexpr std::size_t digest_ranges = 16;

constexpr uint64_t digest_weight(uint64_t j) { return mix((j + 1) * 0x9e3779b97f4a7c15) | 1; }
constexpr uint64_t digest_term(uint64_t sum, uint64_t piece) { return mix(sum + (piece + 1) * 0x9e3779b97f4a7c15); }
/// The pieces of the quick check: of every 64 in a row one, each time at another place.
constexpr bool digest_quick(uint64_t piece) { return (piece & 63) == ((piece >> 6) * 37 & 63); }

template <class W, int fraction>
struct Patterns {
  using Word = W;
  static constexpr Word sign = static_cast<Word>(Word{1} << (8 * sizeof(Word) - 1));
  static constexpr Word infinity = static_cast<Word>((sign - 1) >> fraction << fraction);
  static constexpr Word nan = static_cast<Word>(infinity | Word{1} << (fraction - 1));
};
using PatternsF32 = Patterns<uint32_t, 23>;
using PatternsF64 = Patterns<uint64_t, 52>;
using PatternsF16 = Patterns<uint16_t, 10>;
using PatternsBf16 = Patterns<uint16_t, 7>;

/// What a digest sees of an output: every NaN as one.
template <class P>
constexpr typename P::Word canonical_of(typename P::Word y) {
  return static_cast<typename P::Word>(y & ~P::sign) > P::infinity ? P::nan : y;
}

}  // namespace actbench::bench
