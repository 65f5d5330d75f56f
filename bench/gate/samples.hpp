// SPDX-License-Identifier: Apache-2.0
//
// Samples: the outputs of every kernel for a fixed sample of inputs, and how right they are. A committed file pins down
// the outputs of all kernels with them, also of those that can have no certificate.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "bench/numbers/inputs.hpp"
#include "bench/sweep/sweep.hpp"

namespace actbench::bench::gate {

/// The inputs of a sample: all of them for types with 16 bits and no dy.
inline constexpr std::uint64_t sample_inputs = std::uint64_t{1} << 16;
inline constexpr std::uint64_t sample_seed = 1;

/// The sample of a kernel with its default parameters.
Inputs sample_of(const Kernel&);

/// How right outputs are, in Goldberg's ulp. The names are those of Tally.
struct Counts {
  std::uint64_t inputs = 0, not_correctly_rounded = 0, above_one_ulp = 0, wrong_zeros = 0, wrong_infinities = 0,
                wrong_nans = 0, zero_signs = 0;
  double max_ulp = 0;
};
Counts counts_of(const SweepRow&);

struct Sample {
  std::string kernel;      ///< without the backend: "gelu/forward/f32/naive"
  std::string parameters;  ///< "alpha=0.01"
  std::string backends;    ///< those that give these outputs: "scalar avx2 avx512"
  double promised_ulp = 0;
  Counts counts;
  std::uint64_t digest = 0;
};

/// The platform, on which the outputs of naive kernels depend: C library, compiler, whether the CPU fuses multiply and
/// add.
std::string this_platform();

class Samples {
 public:
  Samples() = default;
  /// From a file's text. Throws UsageError that names the file and says what is wrong with it.
  Samples(const std::string& text, const std::string& file);
  /// Throws UsageError.
  static Samples read(const std::string& file);
  /// The samples that this program was built with.
  static const Samples& built_in();

  std::string text() const;
  /// Backends of a kernel with the same outputs share an entry.
  void add(const Kernel&, Sample);
  /// The kernel's sample. A kernel that promises the same outputs everywhere takes the one of any backend.
  const Sample* find(const Kernel&, const std::string& parameters) const;
  /// Identities of kernels that the program does not have.
  std::vector<std::string> missing() const;

  std::string platform = this_platform();  ///< where the naive ones were made

 private:
  using Key = std::tuple<std::string, std::string, std::uint64_t>;  ///< kernel, parameters, digest
  std::map<Key, Sample> all_;
};

}  // namespace actbench::bench::gate
