// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "reports/files.hpp"

namespace actbench::bench {

/// A file to be written, if one is named. Whether that is possible is tried before the work: it would be a pity
/// afterwards.
class Target {
 public:
  explicit Target(const std::filesystem::path& file) {
    if (file.empty()) return;
    file_ = reports::replaced_by(file);
    folder_.emplace(file_.has_parent_path() ? file_.parent_path() : ".");
  }
  explicit operator bool() const { return folder_.has_value(); }
  void write(std::string contents) {
    folder_->add(file_.filename(), std::move(contents));
    folder_->commit();
  }

 private:
  std::filesystem::path file_;
  std::optional<reports::Folder> folder_;
};

}  // namespace actbench::bench
