// SPDX-License-Identifier: Apache-2.0
//
// Files that appear whole or not at all.
#pragma once

#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace actbench::reports {

/// A file or folder that cannot be written: which, and why, as one sentence.
struct FileError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// All of a file; nothing where there is none. Throws FileError where it cannot be read.
std::optional<std::string> read_file(const std::filesystem::path&);

/// The file that writing to a path replaces: the path itself, or what it is a link to. Throws FileError for what is
/// there and is no regular file: a folder, a device, a pipe. A file put in its place would take it away from others.
/// Nor may it be the file that stdout goes to, of which the rest would be lost.
std::filesystem::path replaced_by(const std::filesystem::path&);

/// Replaces the file by these contents: written beside it, flushed to the disk, renamed. Throws FileError, and then the
/// old file is as it was.
void write_file(const std::filesystem::path&, const std::string& contents);

/// A set of files that appear in one folder together. Folders that had to be made for it vanish again unless commit()
/// succeeds.
class Folder {
 public:
  /// Makes the folder where it is missing and tries whether files can be written there. Throws FileError.
  explicit Folder(std::filesystem::path);
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  void add(std::string name, std::string contents) { files_.emplace_back(std::move(name), std::move(contents)); }
  /// Writes every file added since the last time under a passing name first, and renames them only when all are on the
  /// disk. Throws FileError.
  void commit();

 private:
  std::filesystem::path path_;
  std::vector<std::filesystem::path> made_;  ///< folders of ours, outermost first
  std::vector<std::pair<std::string, std::string>> files_;
  bool committed_ = false;
};

}  // namespace actbench::reports
