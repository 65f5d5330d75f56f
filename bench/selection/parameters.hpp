// SPDX-License-Identifier: Apache-2.0
//
// Parameters of activations: as they are set by name, and as a kernel computes with them in its type.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "actbench/kernels.hpp"

namespace actbench::bench {

/// name=value on the command line.
struct Setting {
  std::string name;
  double value;
};
/// Throws UsageError for a text that is not name=value, and for a name that no activation of the kernels has.
std::vector<Setting> settings(std::span<const std::string> texts, std::span<const Kernel* const> kernels);

/// All parameters of an activation: the value that is set, or else the default.
std::vector<double> unrounded_parameters(const Activation&, std::span<const Setting>);

/// The same as a kernel gets them, rounded to its type. Throws UsageError for values outside a parameter's domain.
std::vector<double> parameters_of(const Kernel&, std::span<const Setting>);

/// "alpha=0.01, beta=1", or "" without parameters: the shortest numbers that the kernel's type rounds to these. Results
/// are kept under this name; tables show used_parameters().
std::string describe_parameters(const Kernel&, std::span<const double> parameters);

/// "alpha=0.009999999776482582": the numbers that the kernel computes with.
std::string used_parameters(const Kernel&, std::span<const double> parameters);

/// The note for kernels that promise nothing for the parameters that were set.
inline constexpr const char* promised_parameters =
    "No promise: activations that round more than once make promises only for parameters that are 0 or between 2^-100 "
    "and 2^100 in size (f64: 2^-8 and 2^8).";

/// "alpha=0.3 (bf16 takes 0.30078125)": what was set, and what it is in the types of these kernels.
std::string describe_settings(std::span<const Setting>, std::span<const Kernel* const> kernels);

}  // namespace actbench::bench
