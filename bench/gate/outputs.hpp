// SPDX-License-Identifier: Apache-2.0
//
// The exact half of the gate: outputs, to the bit.
//
// Every kernel computes its sample. If the digest is the recorded one, so are the outputs; if not, the reference says
// how right they are. A kernel whose code may have changed and that has a certificate computes all of its inputs.
#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "bench/certificates/certificate.hpp"
#include "bench/gate/samples.hpp"

namespace actbench::bench::gate {

enum class Outputs : unsigned char {
  unchanged,
  improved,    ///< other bits, nowhere worse and somewhere better, as far as the sample tells
  within,      ///< other bits, the promise kept
  unpromised,  ///< other bits of a kernel that promises nothing
  added,       ///< not recorded; what is promised is kept
  other_libm,  ///< a naive kernel with other bits than on another platform, which may be its C library's or compiler's
  broken,      ///< the promise not kept or no longer proved, or less promised, or backends that should agree do not
};
const char* name(
    Outputs);  ///< "unchanged", "improved", "within the promise", "no promise", "new", "other libm", "BROKEN"

struct OutputRow {
  const Kernel* kernel;
  std::string parameters;
  Outputs verdict = Outputs::unchanged;
  std::uint64_t digest = 0;
  std::uint64_t inputs = 0;  ///< computed
  bool whole = false;        ///< all of a certificate's inputs, too
  std::optional<Sample> before{};
  std::optional<Counts> after{};  ///< the reference's, or those before where the outputs are the same
  std::string detail{};           ///< what is broken, as a sentence
};

struct OutputOptions {
  const Samples* samples;
  const Certificates* certificates;
  std::function<bool(const Kernel&)> may_have_changed;  ///< whether to compute all of a certificate's inputs
  bool quick = false;                                   ///< of these a fixed 64th, where there are 2^32
  bool record = false;                                  ///< counts for naive kernels on another platform, too
  unsigned threads = 0;
  std::function<void(double fraction, const std::string& label)> progress;
  const std::atomic<bool>* stop = nullptr;
};

/// One row for each kernel, in their order. All kernels must run here. Throws Interrupted.
std::vector<OutputRow> check_outputs(const std::vector<const Kernel*>&, const OutputOptions&);

/// The file of samples that these rows agree with.
Samples samples_of(const std::vector<OutputRow>&);

}  // namespace actbench::bench::gate
