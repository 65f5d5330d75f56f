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
  std::string device_compiler;        ///< "NVRTC 13.0.48 for sm_90", which compiled the kernels for CUDA; else empty
  std::vector<std::string> backends;  ///< those that have kernels in this build, runnable on this machine or not
};

BuildInfo build_info();

/// "actbench 0.1.0 (<revision>, GNU 12.2.0 Release)": one line, whose form scripts rely on.
std::string version_line(const BuildInfo&);
/// That line, and below it what the program and its kernels were compiled by, and from what.
std::string version_text(const BuildInfo&);

}  // namespace actbench::bench
