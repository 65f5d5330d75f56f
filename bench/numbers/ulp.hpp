// SPDX-License-Identifier: Apache-2.0
//
// The measures of an error in ULP, by name, and such errors as text.
#pragma once

#include <string>

#include "reference/reference.hpp"

namespace actbench::bench {

inline constexpr reference::Ulp measures[] = {reference::Ulp::goldberg, reference::Ulp::kahan, reference::Ulp::steps};

/// "goldberg", "kahan", "steps".
const char* name(reference::Ulp);

/// One sentence that says what a table measures errors in.
const char* ulp_definition(reference::Ulp);

/// One sentence that says what an infinite error is.
inline constexpr char infinite_error[] =
    "An error of inf ULP: the result is NaN or infinite where a number is right, or a number where NaN or an infinity is "
    "right.";

/// "0.5", "0.50000003", "195.2", "8.39e+06", "inf": as many digits as show on which side of 0.5 and of 1 it lies.
std::string ulp_text(double ulp);

}  // namespace actbench::bench
