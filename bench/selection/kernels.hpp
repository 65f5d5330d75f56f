// SPDX-License-Identifier: Apache-2.0
//
// Which kernels a command is about: filters and names of facets, matched against the table.
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

/// The kernels that filters and options choose, whether they run here or not. Throws UsageError where there are none,
/// MissingError where --backend asks for one that this build lacks.
std::vector<const Kernel*> chosen(const Selection&);

/// Where the kernels end that stand next to that one and share its activation, direction and type.
std::size_t group_end(std::span<const Kernel* const>, std::size_t first);

/// Those of a device, or all the others: the two are timed apart.
std::vector<const Kernel*> on_device(std::span<const Kernel* const>, bool device);

/// Whether filters and options choose a kernel.
bool matches(const Selection&, const Kernel&);

/// Of those, what runs on this machine.
struct Runnable {
  std::vector<const Kernel*> kernels;
  std::vector<std::string> notes;  ///< what was left out, and why
};
/// Throws as chosen(), and MissingError where --backend asks for one that does not run here, or where nothing is left.
Runnable runnable(const Selection&);

/// The kernels over rows, taken out of a list; those that are left go element by element.
std::vector<const Kernel*> take_rows(std::vector<const Kernel*>&);
/// For a command that knows single elements alone: takes kernels over rows out, with a note. Throws UsageError where
/// nothing is left.
void leave_out_rows(Runnable&, const std::string& command);

/// The activation of that name, or of that other name. Throws UsageError with what comes near.
const Activation& activation_named(const std::string& wanted);

}  // namespace actbench::bench
