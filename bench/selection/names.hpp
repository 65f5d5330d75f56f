// SPDX-License-Identifier: Apache-2.0
//
// The names by which users ask for activations and kernels: an activation's own, its other names, and either with what
// a kernel promises, as the command list shows it: gelu, gelu_erf, gelu_u05.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "actbench/kernels.hpp"

namespace actbench::bench {

/// The field's name for a promise, ten times its ULP: "u05" for 0.5; nothing where nothing is promised.
std::string promise_suffix(double promised_ulp);

/// An activation's other names, each one word: "gelu_erf".
std::vector<std::string> aliases(const Activation&);

/// A name beside an activation's own. spelled has a '!' for each character that a wildcard does not stand for, so that
/// *relu does not choose what is also called soft_relu, and *u* not all that promises something.
struct OtherName {
  std::string name, spelled;
};
/// Those of a kernel: "gelu_erf", "gelu_u05", "gelu_erf_u05".
std::vector<OtherName> other_names(const Kernel&);
/// A kernel's identity, and the same with its other names in the activation's place.
std::vector<OtherName> identities(const Kernel&);

/// The activation with that name: its own, another, or either with the promise of one of its kernels. Throws
/// UsageError, naming what comes near.
const Activation& activation_named(const std::string& wanted);

/// Sentences about names in these filters that mean something else elsewhere.
std::vector<std::string> notes_on_names(std::span<const std::string> filters);

/// The candidates that a mistyped word may have meant, nearest first, at most five.
std::vector<std::string> near_misses(std::string_view word, std::span<const std::string> candidates);

/// "; did you mean tanh or atanh?", or nothing.
std::string did_you_mean(std::span<const std::string> near);

}  // namespace actbench::bench
