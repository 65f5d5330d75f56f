// SPDX-License-Identifier: Apache-2.0
//
// What every kernel gives for a fixed sample of inputs, and how right that is: a committed file that pins down the
// outputs of all kernels, also of those that no certificate can speak of.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "bench/numbers/inputs.hpp"
#include "bench/sweep/sweep.hpp"

namespace actbench::bench::gate {

/// How many inputs a sample has; of types with 16 bits and no dy, all.
inline constexpr std::uint64_t sample_inputs = std::uint64_t{1} << 16;
inline constexpr std::uint64_t sample_seed = 1;

/// The sample of a kernel with its default parameters.
Inputs sample_of(const Kernel&);

/// How right outputs are, in Goldberg's ulp; the names are those of Tally.
struct Counts {
  std::uint64_t inputs = 0, not_correctly_rounded = 0, above_one_ulp = 0, wrong_zeros = 0, wrong_infinities = 0,
                wrong_nans = 0, zero_signs = 0;
  double max_ulp = 0;
};
Counts counts_of(const SweepRow&);

struct Sample {
  std::string kernel;      ///< without the backend: "gelu/forward/f32/naive"
  std::string parameters;  ///< "alpha=0.01"
  std::string backends;    ///< that give these outputs: "scalar avx2 avx512"
  double promised_ulp = 0;
  Counts counts;
  std::uint64_t digest = 0;
};

/// What the outputs of naive kernels depend on: C library, compiler, whether the CPU fuses multiply and add.
std::string this_platform();

class Samples {
 public:
  Samples() = default;
  /// From a file's text. Throws UsageError naming the file: what is wrong with it.
  Samples(const std::string& text, const std::string& file);
  /// Throws UsageError.
  static Samples read(const std::string& file);
  /// Those that this program was built with.
  static const Samples& built_in();

  std::string text() const;
  /// Backends of a kernel with the same outputs share an entry.
  void add(const Kernel&, Sample);
  /// What is said of the kernel: of one that is promised to be the same everywhere, what is said of any backend.
  const Sample* find(const Kernel&, const std::string& parameters) const;
  /// Identities of kernels that the program has not.
  std::vector<std::string> missing() const;

  std::string platform = this_platform();  ///< where the naive ones were made

 private:
  using Key = std::tuple<std::string, std::string, std::uint64_t>;  ///< kernel, parameters, digest
  std::map<Key, Sample> all_;
};

}  // namespace actbench::bench::gate
