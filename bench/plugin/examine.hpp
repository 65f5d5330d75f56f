// SPDX-License-Identifier: Apache-2.0
//
// Finds out in a child process whether a plug-in can be loaded, and which of its kernels can be called.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace actbench::bench::plugin {

struct Finding {
  std::string subject;   ///< the identity of a kernel, as much of it as is known, or the plug-in's file
  std::string sentence;  ///< without a subject and a full stop: "writes past the end of y: byte 1 after it, …"
  bool left_out;         ///< the kernel, or the plug-in, cannot be used
};

struct Examination {
  std::string name;         ///< the plug-in's own; empty where it cannot be loaded
  std::size_t kernels = 0;  ///< that it describes, and that the table can have
  bool absent = false;      ///< it says itself that it does not run here
  std::vector<Finding> findings;
};

/// patience_s: how long a call may take. Throws Interrupted.
Examination examine(const std::string& path, double patience_s);

}  // namespace actbench::bench::plugin
