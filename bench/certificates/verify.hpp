// SPDX-License-Identifier: Apache-2.0
//
// The check of certificates: digests of a kernel's outputs, at the speed of the kernel and without the reference.
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
  /// Try only a fixed 64th of the inputs, spread over all of them, of kernels with more than 2^16 inputs. Where outputs
  /// differ, and on a device, all inputs are tried all the same.
  bool quick = false;
  unsigned threads = 0;
  std::function<void(double fraction)> progress;
  const std::atomic<bool>* stop = nullptr;
};

struct Verification {
  std::uint64_t inputs = 0;  ///< tried
  bool quick = false;        ///< only a part of all inputs was tried
  Digest digest;             ///< after a quick check only Digest::quick
  std::vector<std::size_t> different_ranges;
  double seconds = 0;

  bool passed = false;
};

/// Whether the outputs of a runnable kernel are those of the certificate. Throws Interrupted.
Verification verify(const Subject&, const Certificate&, const VerifyOptions&);

/// The inputs of a range: "0x40000000 … 0x4fffffff (2 … 8.589934e+09)".
std::string range_text(const Kernel&, std::size_t range);

}  // namespace actbench::bench
