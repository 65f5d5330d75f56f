// SPDX-License-Identifier: Apache-2.0
//
// Lengths of time as users write them.
#pragma once

#include <string>

namespace actbench::bench {

/// "90s", "3m", "1h", "1h30m": seconds, from 1 to 30 days. Throws UsageError that names what the text is for, such as
/// "--within".
double parse_duration(const std::string& text, const char* what);

}  // namespace actbench::bench
