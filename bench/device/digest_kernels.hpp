// SPDX-License-Identifier: Apache-2.0
//
// The device's side of a digest over all inputs (bench/numbers/digest.hpp has the definition): inputs made from their
// numbers, outputs taken in. Compiled by NVRTC, and for the host by a test.
#pragma once

#include "bench/device/digest_calls.hpp"
#include "bench/numbers/digest_definition.hpp"

namespace actbench::bench::device {
namespace {

inline std::size_t thread_index() { return std::size_t{blockIdx.x} * blockDim.x + threadIdx.x; }
inline std::size_t thread_count() { return std::size_t{gridDim.x} * blockDim.x; }

template <class Word>
inline void number(const Number& c) {
  Word* const to = static_cast<Word*>(c.to);
  for (std::size_t i = thread_index(); i < c.n; i += thread_count())
    to[i] = static_cast<Word>((c.first + i) >> c.shift);
}

/// A thread takes whole pieces, their outputs 16 bytes at a time.
template <class P>
inline void take_in(const TakeIn& c) {
  using Word = typename P::Word;
  constexpr std::size_t together = 16 / sizeof(Word);
  struct alignas(16) Outputs {
    Word word[together];
  };
  const std::size_t pieces = (c.n + digest_piece - 1) / digest_piece;
  for (std::size_t k = thread_index(); k < pieces; k += thread_count()) {
    const auto* const y = static_cast<const Outputs*>(c.outputs) + k * (digest_piece / together);
    const std::size_t left = c.n - k * digest_piece, count = left < digest_piece ? left : digest_piece;
    uint64_t sum = 0;
    for (std::size_t j = 0; j < count; j += together) {
      const Outputs outputs = y[j / together];
      for (std::size_t i = 0; i < together && j + i < count; ++i)
        sum += static_cast<uint64_t>(canonical_of<P>(outputs.word[i])) * digest_weight(j + i);
    }
    const uint64_t first = c.first + k * digest_piece, piece = first / digest_piece;
    const uint64_t term = digest_term(sum, piece), range = first / c.range_size;
    atomicAdd(c.sums + (range < digest_ranges ? range : digest_ranges - 1), term);
    if (digest_quick(piece)) atomicAdd(c.sums + digest_ranges, term);
  }
}

}  // namespace

// In the order of DigestKernel.
__global__ void number_16(const __grid_constant__ Number c) { number<uint16_t>(c); }
__global__ void number_32(const __grid_constant__ Number c) { number<uint32_t>(c); }
__global__ void take_in_f32(const __grid_constant__ TakeIn c) { take_in<PatternsF32>(c); }
__global__ void take_in_f16(const __grid_constant__ TakeIn c) { take_in<PatternsF16>(c); }
__global__ void take_in_bf16(const __grid_constant__ TakeIn c) { take_in<PatternsBf16>(c); }

}  // namespace actbench::bench::device
