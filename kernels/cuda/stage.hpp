// SPDX-License-Identifier: Apache-2.0
//
// Kernels of a device on arrays of the host.
#pragma once

#include "actbench/kernels.hpp"

namespace actbench::cuda {

/// Runs a kernel of this backend on arrays that the device may reach or not. Where it reaches all of them, this is
/// kernel.run(). Otherwise those that it does not reach are copied there first, the result is copied back, and the
/// call returns when it is there. Memory for copies is kept for the thread's next call. A failure goes to last_error();
/// the result is then what it was.
void apply(const Kernel&, const Arguments&) noexcept;

}  // namespace actbench::cuda
