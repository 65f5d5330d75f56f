// SPDX-License-Identifier: Apache-2.0
//
// What a sweep over every input has proved, in a form that any machine can check again at the speed of the kernel: the
// digest of all outputs says that they are those of the sweep.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "bench/numbers/digest.hpp"
#include "bench/sweep/sweep.hpp"

namespace actbench::bench {

/// Errors are in Goldberg's ulp.
struct Certificate {
  std::string kernel;  ///< without the backend, as all that are right have the same bits: "gelu/forward/f32/accurate"
  std::string parameters;  ///< "alpha=0.01"; empty: it has none
  std::string swept_on;    ///< the backends whose outputs were held against the reference: "avx2 avx512"
  std::uint64_t inputs = 0;
  double promised_ulp = 0;  ///< infinity: nothing is promised
  double max_ulp = 0;
  std::string worst_x, worst_dy, worst_a;  ///< bit patterns; empty where there is none
  std::uint64_t not_correctly_rounded = 0, above_one_ulp = 0;
  Digest digest;
  std::string proved_by;  ///< versions of the program and of what the reference stands on
};

/// "gelu/forward/f32/accurate".
std::string certified_name(const Kernel&);

/// What the complete ones of these rows prove. Throws UsageError where backends of a kernel differ in their outputs.
std::vector<Certificate> certificates_of(std::span<const SweepRow>);

class Certificates {
 public:
  Certificates() = default;
  /// From a file's text. Throws UsageError naming the file: what is wrong with it.
  Certificates(const std::string& text, const std::string& file);
  /// From a file; none where there is no such file and it need not exist. Throws UsageError.
  static Certificates read(const std::string& file, bool must_exist);
  /// Those that this program was built with.
  static const Certificates& built_in();

  std::string text() const;
  void set(Certificate);
  const Certificate* find(const Kernel&, const std::string& parameters) const;
  bool empty() const { return all_.empty(); }
  std::size_t size() const { return all_.size(); }

 private:
  std::map<std::pair<std::string, std::string>, Certificate> all_;  ///< by kernel and parameters
};

}  // namespace actbench::bench
