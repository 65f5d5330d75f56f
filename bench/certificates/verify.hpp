// SPDX-License-Identifier: Apache-2.0
//
// Certificates, checked again: the digests of a kernel's outputs at the speed of the kernel, without the reference.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "bench/certificates/certificate.hpp"
#include "bench/sweep/sweep.hpp"

namespace actbench::bench {

struct VerifyOptions {
  /// Only a fixed 64th of the inputs, spread over all of them, of kernels with more than 2^16; where that differs, all,
  /// and on a device always all.
  bool quick = false;
  unsigned threads = 0;
  std::function<void(double fraction)> progress;
  const std::atomic<bool>* stop = nullptr;
};

struct Verification {
  std::uint64_t inputs = 0;  ///< tried
  bool quick = false;        ///< not all
  Digest digest;             ///< quick alone where quick
  std::vector<std::size_t> different_ranges;
  double seconds = 0;

  bool passed = false;
};

/// Whether the outputs of a runnable kernel are those of the certificate. Throws Interrupted.
Verification verify(const Subject&, const Certificate&, const VerifyOptions&);

/// "0x40000000 … 0x4fffffff (2 … 8.589934e+09)": the inputs of a range.
std::string range_text(const Kernel&, std::size_t range);

}  // namespace actbench::bench
