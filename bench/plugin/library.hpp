// SPDX-License-Identifier: Apache-2.0
//
// Loading a plug-in into this process. Its code runs then: only a process that may be lost does this.
#pragma once

#include <string>

#include "actbench/plugin.h"

namespace actbench::bench::plugin {

/// The function that a plug-in exports.
inline constexpr char entry_point[] = "actbench_plugin_v1";

/// Whether a file is a shared library that exports it; false where there is no such file.
bool looks_like_plugin(const std::string& path);

/// Loads the library, which stays, and asks it for its description. The thread is in the default floating-point state
/// afterwards; what loading made of it is put into `state_found`, where asked: "flush-to-zero", or nothing. Throws
/// Refused.
const actbench_plugin* load(const std::string& path, std::string* state_found = nullptr);

/// Calls its function `start`. Throws Refused with what that says.
void start(const actbench_plugin&);

}  // namespace actbench::bench::plugin
