// SPDX-License-Identifier: Apache-2.0
//
// The program's own floating-point state. The reference's bounds and every judgement hold in the default one only, and
// a shared library that is loaded with the program, or by it, may have changed it: the start-up code of -ffast-math
// does.
#pragma once

#include <string>
#include <vector>

namespace actbench::bench {

/// What another's code had made of it when the program began.
struct FoundFloatState {
  std::string changed;                ///< "flush-to-zero, rounding upward"; empty where it was the default
  std::vector<std::string> suspects;  ///< the loaded files whose code sets flush-to-zero, as far as can be told
};

/// Puts the calling thread into the default state: at the start of the program, of each of its threads, and after a
/// library was loaded. The first call keeps what it found.
void take_default_float_state();
const FoundFloatState& float_state_at_start();

/// In words, what of the thread's state is not the default: "flush-to-zero, rounding upward"; empty where all is.
std::string float_state_changed();

}  // namespace actbench::bench
