// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>

namespace actbench::cuda_emulated {

/// A kernel of bench/device/digest_kernels.hpp with what it is launched with, which is copied.
std::function<void()> digest_kernel(std::size_t kernel, const void* parameter);

}  // namespace actbench::cuda_emulated
