// SPDX-License-Identifier: Apache-2.0
#include "bench/numbers/digest.hpp"

#include <algorithm>
#include <numeric>

#include "reference/clones.hpp"

namespace actbench::bench {
namespace {

/// The weights, cut in halves: a product of 32 by 32 bits is what CPUs have an instruction for.
struct Weights {
  std::array<std::uint64_t, digest_piece> low, high;
};
constexpr Weights make_weights() {
  Weights w{};
  for (std::size_t j = 0; j < digest_piece; ++j) {
    w.low[j] = digest_weight(j) & 0xffffffff;
    w.high[j] = digest_weight(j) >> 32;
  }
  return w;
}
constexpr Weights weights = make_weights();

template <class P>
inline std::uint64_t piece_sum(const void* outputs, std::size_t n) {
  const auto* const y = static_cast<const typename P::Word*>(outputs);
  std::uint64_t low = 0, high = 0;
  for (std::size_t j = 0; j < n; ++j) {
    const std::uint64_t word = canonical_of<P>(y[j]);
    if constexpr (sizeof(typename P::Word) == 8) {
      low += word * (weights.low[j] | weights.high[j] << 32);
    } else {
      low += word * weights.low[j];
      high += word * weights.high[j];
    }
  }
  return low + (high << 32);
}

ACTBENCH_CLONES std::uint64_t sum_f32(const void* y, std::size_t n) { return piece_sum<PatternsF32>(y, n); }
ACTBENCH_CLONES std::uint64_t sum_f64(const void* y, std::size_t n) { return piece_sum<PatternsF64>(y, n); }
ACTBENCH_CLONES std::uint64_t sum_f16(const void* y, std::size_t n) { return piece_sum<PatternsF16>(y, n); }
ACTBENCH_CLONES std::uint64_t sum_bf16(const void* y, std::size_t n) { return piece_sum<PatternsBf16>(y, n); }

}  // namespace

std::uint64_t canonical(Type type, std::uint64_t pattern) {
  switch (type) {
    case Type::f32:
      return canonical_of<PatternsF32>(static_cast<std::uint32_t>(pattern));
    case Type::f64:
      return canonical_of<PatternsF64>(pattern);
    case Type::f16:
      return canonical_of<PatternsF16>(static_cast<std::uint16_t>(pattern));
    case Type::bf16:
      return canonical_of<PatternsBf16>(static_cast<std::uint16_t>(pattern));
  }
  return pattern;
}

std::uint64_t Digest::total() const { return std::accumulate(ranges.begin(), ranges.end(), std::uint64_t{0}); }

void Digest::merge(const Digest& other) {
  for (std::size_t i = 0; i < ranges.size(); ++i) ranges[i] += other.ranges[i];
  quick += other.quick;
}

void Digest::add(Type type, const void* outputs, std::uint64_t first, std::size_t n, std::uint64_t inputs) {
  auto* const sum = type == Type::f32 ? sum_f32 : type == Type::f64 ? sum_f64 : type == Type::f16 ? sum_f16 : sum_bf16;
  const std::size_t size = size_of(type);
  const std::uint64_t range = std::max<std::uint64_t>(1, inputs / digest_ranges);
  for (std::size_t done = 0; done < n; done += digest_piece) {
    const std::uint64_t piece = (first + done) / digest_piece;
    const std::uint64_t term =
        digest_term(sum(static_cast<const std::byte*>(outputs) + done * size, std::min(digest_piece, n - done)), piece);
    ranges[std::min<std::uint64_t>(digest_ranges - 1, (first + done) / range)] += term;
    if (digest_quick(piece)) quick += term;
  }
}

}  // namespace actbench::bench
