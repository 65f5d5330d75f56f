// SPDX-License-Identifier: Apache-2.0
//
// In place of launch.cpp in a build without CUDA.
#include "actbench/cuda.hpp"
#include "kernels/cuda/launch.hpp"

namespace actbench::cuda {

void set_stream(void*) noexcept {}
const char* last_error() noexcept { return nullptr; }
const char* unrunnable_reason() noexcept { return "built without CUDA"; }

}  // namespace actbench::cuda
