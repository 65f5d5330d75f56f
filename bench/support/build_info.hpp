// SPDX-License-Identifier: Apache-2.0
//
// What this program was built from and with.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace actbench::bench {

struct BuildInfo {
  std::string version;     ///< "0.1.0"
  std::string revision;    ///< git's, 40 hex digits; "unknown" where it was built outside git
  bool modified;           ///< the source differed from that revision
  std::string compiler;    ///< "GNU 12.2.0"
  std::string build_type;  ///< "Release"
  std::string flags;       ///< those of every source file; the instruction sets' own come on top
  std::vector<std::pair<std::string, std::string>> libraries;  ///< name and version, the C library's as it runs
};

BuildInfo build_info();

}  // namespace actbench::bench
