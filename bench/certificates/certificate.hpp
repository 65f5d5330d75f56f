// SPDX-License-Identifier: Apache-2.0
//
// What a sweep over every input has proved, in a form that any machine can check again at the speed of the kernel:
// equal digests of all outputs say that the outputs are those of the sweep.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "bench/numbers/digest.hpp"
#include "bench/sweep/sweep.hpp"

namespace actbench::bench {

/// Errors are in Goldberg's ulp.
struct Certificate {
  /// "gelu/forward/f32/accurate": without the backend, because all backends give the same bits.
  std::string kernel;
  std::string parameters;  ///< "alpha=0.01"; empty: the activation has none
  std::string swept_on;    ///< the backends whose outputs were compared with the reference: "avx2 avx512"
  std::uint64_t inputs = 0;
  double promised_ulp = 0;  ///< infinity: nothing is promised
  double max_ulp = 0;
  std::string worst_x, worst_dy, worst_a;  ///< bit patterns; empty where there is none
  std::uint64_t not_correctly_rounded = 0, above_one_ulp = 0;
  Digest digest;
  std::string proved_by;  ///< versions of the program and of the libraries that the reference uses
};

/// "gelu/forward/f32/accurate".
std::string certified_name(const Kernel&);

/// What the exhaustive rows prove; of a kernel that breaks its promise, nothing. Throws UsageError where backends of a
/// kernel differ in their outputs.
std::vector<Certificate> certificates_of(std::span<const SweepRow>);

class Certificates {
 public:
  Certificates() = default;
  /// Reads the text of a file. Throws UsageError, saying what is wrong with the file.
  Certificates(const std::string& text, const std::string& file);
  /// Reads a file. Without such a file there are none, where it need not exist. Throws UsageError.
  static Certificates read(const std::string& file, bool must_exist);
  /// The certificates that this program was built with.
  static const Certificates& built_in();

  std::string text() const;
  void set(Certificate);
  const Certificate* find(const Kernel&, const std::string& parameters) const;
  bool empty() const { return all_.empty(); }
  std::size_t size() const { return all_.size(); }

 private:
  std::map<std::pair<std::string, std::string>, Certificate> all_;  ///< by kernel and parameters
};

/// The text of a file of certificates, which had `before`, with what the exhaustive rows prove; the other certificates
/// in it stay. Throws UsageError as certificates_of() and Certificates do.
std::string with_proofs(const std::optional<std::string>& before, const std::string& file, std::span<const SweepRow>);

/// The sentence for a sweep that certifies: which kernels it does not certify, as they break their promise. Empty:
/// none.
std::string why_not_certified(std::span<const SweepRow>);

}  // namespace actbench::bench
