// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fstream>
#include <ostream>
#include <string>

namespace actbench::timing {

/// A file that appears whole, when commit() is called, or not at all. What is no regular file (a pipe, a terminal) is
/// written to as it is.
class WholeFile {
 public:
  /// Throws Error where the file cannot be made. option: what named it, "--benchmark_out".
  WholeFile(const std::string& path, const std::string& option);
  WholeFile(const WholeFile&) = delete;
  WholeFile& operator=(const WholeFile&) = delete;
  ~WholeFile();

  std::ostream& stream() { return stream_; }
  void commit();  ///< Throws Error where not all could be written.

 private:
  std::string path_, option_, written_;
  std::ofstream stream_;
};

}  // namespace actbench::timing
