// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <filesystem>
#include <optional>
#include <string>

#include "bench/errors.hpp"
#include "reports/files.hpp"

namespace actbench::bench {

/// A file to be written, if one is named. Whether that is possible is tried before the work: it would be a pity
/// afterwards.
class Target {
 public:
  explicit Target(const std::filesystem::path& file) : file_(file) {
    if (file.empty()) return;
    if (std::filesystem::is_directory(file))
      throw UsageError(fmt::format("{} is a folder; name a file", file.string()));
    folder_.emplace(file.has_parent_path() ? file.parent_path() : ".");
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
