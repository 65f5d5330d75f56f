// SPDX-License-Identifier: Apache-2.0
//
// The digest over all inputs of a kernel that runs on a device, computed there: inputs are made and outputs taken in
// where they are, so that nothing but the digest crosses to the host.
#pragma once

#include <atomic>
#include <functional>
#include <span>

#include "actbench/kernels.hpp"
#include "bench/numbers/digest.hpp"

namespace actbench::bench::device {

/// As bench/numbers/digest.hpp defines it, over every input; for the types of at most 32 bits a pattern, or pair of
/// patterns. Throws MissingError, naming the kernel, where the device fails or has no memory for 2^20 inputs;
/// Interrupted.
Digest digest(const Kernel&, std::span<const double> parameters, const std::function<void(double fraction)>& progress,
              const std::atomic<bool>* stop);

}  // namespace actbench::bench::device
