// SPDX-License-Identifier: Apache-2.0
#include "bench/numbers/made_inputs.hpp"

#include <utility>

#include "bench/numbers/mix.hpp"

namespace actbench::bench {

MadeInputs::MadeInputs(Type type, Multipliers takes, Inputs numbered)
    : type_(type), takes_(takes), numbered_(std::move(numbered)), count_(numbered_.count()) {}

MadeInputs::MadeInputs(Type type, std::span<const double> parameters, const Distribution& like, std::uint64_t count,
                       std::uint64_t seed, Multipliers takes)
    : MadeInputs(type, takes, Inputs(type, parameters, like == Distribution::special ? count : 1, seed, takes)) {
  like_ = like, seed_ = seed;
  if (like != Distribution::special) count_ = count;
}

MadeInputs MadeInputs::all(Type type, Multipliers takes) { return {type, takes, Inputs::all(type, takes)}; }

void MadeInputs::fill(std::uint64_t first, std::size_t n, void* x, void* dy, void* a) const {
  if (like_ == Distribution::special)
    return numbered_.fill(first, n, x, takes_.dy ? dy : nullptr, takes_.a ? a : nullptr);
  const std::uint64_t seed = mix(seed_) + 4 * (first / piece);
  bench::fill(type_, like_, seed, x, n);
  if (takes_.dy) bench::fill(type_, like_, seed + 1, dy, n);
  if (takes_.a) bench::fill(type_, like_, seed + 2, a, n);
}

}  // namespace actbench::bench
