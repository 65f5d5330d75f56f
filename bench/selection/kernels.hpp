// SPDX-License-Identifier: Apache-2.0
//
// Which kernels a command is about. Filters and names of components are matched against the table of kernels.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "actbench/kernels.hpp"

namespace actbench::bench {

struct Selection {
  std::vector<std::string> filters;
  std::vector<std::string> directions, types, tiers, backends;  ///< empty: any
};

/// Has a choice without a type, or without a direction, be f32, or forward.
void default_to_f32_forward(Selection&);

/// The kernels that filters and options choose, whether they run here or not. Throws UsageError where there are none,
/// and MissingError where --backend names one that this build lacks.
std::vector<const Kernel*> chosen(const Selection&);

/// The end of the run of kernels from `first` on that share its function (functions.hpp) and the defaults of its
/// parameters, which are others in a plug-in's kernel that has parameters of its own.
std::size_t group_end(std::span<const Kernel* const>, std::size_t first);

/// The kernels of a device, or all others; the two are timed apart.
std::vector<const Kernel*> on_device(std::span<const Kernel* const>, bool device);

/// Whether filters and options choose a kernel.
bool matches(const Selection&, const Kernel&);

/// The chosen kernels that run on this machine.
struct Runnable {
  std::vector<const Kernel*> kernels;
  std::vector<std::string> notes;  ///< what was left out, and why
};
/// Throws what chosen() throws, and MissingError where --backend names one that does not run here or nothing is left.
Runnable runnable(const Selection&);

/// Moves the kernels over rows out of a list and returns them; those that stay go element by element.
std::vector<const Kernel*> take_rows(std::vector<const Kernel*>&);
/// Takes kernels over rows out, with a note; for a command that goes element by element. Throws UsageError where
/// nothing is left.
void leave_out_rows(Runnable&, const std::string& command);

}  // namespace actbench::bench
