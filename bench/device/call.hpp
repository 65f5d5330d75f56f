// SPDX-License-Identifier: Apache-2.0
//
// How the program runs kernels, wherever they run.
#pragma once

#include <span>

#include "actbench/kernels.hpp"

namespace actbench::bench::device {

/// actbench::apply on arrays of the host. Throws MissingError, naming the kernel, where a device does not do it.
void run(const Kernel&, const InputArrays&, void* y, std::size_t n, std::span<const double> parameters);

/// Throws MissingError: what a device said of a kernel.
[[noreturn]] void fail(const Kernel&, const char* failure);

}  // namespace actbench::bench::device
