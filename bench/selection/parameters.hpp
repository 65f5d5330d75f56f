// SPDX-License-Identifier: Apache-2.0
//
// Parameters of activations as they are set by name, and as a kernel of a type computes with them.
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
/// Throws UsageError for what is no name=value, and for names that none of the kernels' activations has.
std::vector<Setting> settings(std::span<const std::string> texts, std::span<const Kernel* const> kernels);

/// All parameters of an activation: the settings where it has them, its defaults elsewhere.
std::vector<double> unrounded_parameters(const Activation&, std::span<const Setting>);

/// The same as a kernel gets them, rounded to its type. Throws UsageError for values outside a parameter's domain.
std::vector<double> parameters_of(const Kernel&, std::span<const Setting>);

/// "alpha=0.01, beta=1", or "" without parameters: the shortest numbers that the kernel's type rounds to these. The
/// name under which results are kept; what is shown is used_parameters().
std::string describe_parameters(const Kernel&, std::span<const double> parameters);

/// "alpha=0.009999999776482582": the numbers that the kernel computes with.
std::string used_parameters(const Kernel&, std::span<const double> parameters);

/// What is said where a kernel promises nothing for the parameters that were set.
inline constexpr const char* promised_parameters =
    "No promise: of activations that round more than once it is for parameters between 2^-100 and 2^100 in size (f64: "
    "2^-8 and 2^8), and 0.";

/// "alpha=0.3 (bf16 takes 0.30078125)": what was set, and what the types of these kernels make of it.
std::string describe_settings(std::span<const Setting>, std::span<const Kernel* const> kernels);

}  // namespace actbench::bench
