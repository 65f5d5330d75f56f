// SPDX-License-Identifier: Apache-2.0
#include "bench/faults/sample.hpp"

#include <algorithm>
#include <random>

#include "bench/faults/layout.hpp"
#include "bench/numbers/inputs.hpp"

namespace actbench::bench::faults {

bool every_number(Type type, std::uint64_t inputs) { return bits_of(type) < 64 && inputs >> bits_of(type) != 0; }

std::uint64_t wanted_inputs(const Subject& subject, const SweepOptions& options) {
  return subject.inputs != 0 ? subject.inputs : options.inputs;
}

std::vector<std::uint64_t> sample_magnitudes(const Subject& subject, std::uint64_t inputs, std::uint64_t seed) {
  const Type type = subject.kernel->type;
  const Layout layout(type);
  std::vector<std::uint64_t> magnitudes;
  if (every_number(type, inputs)) {
    magnitudes.resize(layout.sign);
    for (std::uint64_t m = 0; m < layout.sign; ++m) magnitudes[m] = m;
    return magnitudes;
  }
  for (std::uint64_t p : special_inputs(type, subject.parameters)) magnitudes.push_back(layout.magnitude(p));
  const std::uint64_t exponents = std::uint64_t{1} << exponent_bits(type), numbers = layout.smallest_normal;
  const std::uint64_t share = std::min(inputs / 2 / exponents, numbers);
  const std::uint64_t length = std::min<std::uint64_t>(share, run_length);
  std::mt19937_64 random(seed);
  for (std::uint64_t e = 0; e < exponents && length > 0; ++e) {
    const std::uint64_t part = numbers / (share / length);
    for (std::uint64_t i = 0; i < share / length; ++i) {
      const std::uint64_t start = (e << fraction_bits(type)) + i * part + random() % (part - length + 1);
      for (std::uint64_t j = 0; j < length; ++j) magnitudes.push_back(start + j);
    }
  }
  std::sort(magnitudes.begin(), magnitudes.end());
  magnitudes.erase(std::unique(magnitudes.begin(), magnitudes.end()), magnitudes.end());
  return magnitudes;
}

}  // namespace actbench::bench::faults
