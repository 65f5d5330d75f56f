// SPDX-License-Identifier: Apache-2.0
//
// The host's side of the kernels for CUDA. No standard header: what an activation's rows see defines no function that
// the linker could share.
#pragma once

#include "actbench/kernels.hpp"

namespace actbench::cuda {

/// An activation's kernels for one architecture: machine code for devices of the same major and at least that minor
/// number, or PTX, which the driver compiles for any device from that number on.
struct Image {
  int architecture;  ///< 90 for sm_90 and compute_90
  bool ptx;
  const unsigned char* data;
};

/// What was compiled of one activation: images, and in each of them a kernel a row.
struct Module {
  const Image* images;
  std::size_t image_count;
  const char* const* kernels;
};

/// Every module, for what is to be said of all.
extern const Module* const all_modules[];
extern const std::size_t all_modules_count;

/// Puts one row's kernel into the thread's stream.
void launch(const Module& module, std::size_t row, const Kernel& kernel, const Arguments& arguments) noexcept;

/// As actbench::unrunnable_reason(Backend::cuda).
const char* unrunnable_reason() noexcept;

}  // namespace actbench::cuda
