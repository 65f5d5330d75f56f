// SPDX-License-Identifier: Apache-2.0
//
// The folder of a report: a set of files that appear together, in place of those of the last time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "reports/files.hpp"
#include "reports/lock.hpp"

namespace actbench::reports {

/// A set of files that appear in one folder together. The folder has a list of the files that were written so, with
/// their digests (.actbench-files). What is not on it, or was changed since, belongs to somebody else and is never
/// replaced. What the same writer wrote the last time, and does not write again, goes away once the new files are
/// there. While a process has a folder, no other can.
class Folder {
 public:
  /// Makes the folder where it is missing and tries whether files can be written there. writer: who writes, a word.
  /// stems: what the names begin with that may be added, up to a dot or a minus sign. Throws FileError, which says so
  /// where a file of somebody else has a name that begins like these.
  explicit Folder(std::filesystem::path, std::string writer = "actbench", const std::vector<std::string>& stems = {});

  using File = std::pair<std::string, std::string>;  ///< name, contents

  const std::filesystem::path& path() const { return place_.path(); }
  /// Those added since the last commit.
  std::span<const File> files() const { return files_; }
  void add(std::string name, std::string contents) { files_.emplace_back(std::move(name), std::move(contents)); }
  /// What was added and is not written yet: names and contents.
  const std::vector<std::pair<std::string, std::string>>& added() const { return files_; }
  /// Writes every file added since the last time under a passing name first, and renames them only when all are on the
  /// disk. Throws FileError.
  void commit();

 private:
  struct Entry {
    std::string writer;
    std::uint64_t digest;  ///< of the contents
    bool operator==(const Entry&) const = default;
  };
  using Entries = std::multimap<std::string, Entry>;  ///< by name

  Entries read_list() const;
  std::string list_text(const Entries&) const;
  bool is_ours(const std::string& name) const;
  void expect_ours(const std::string& name) const;
  void remove_stale(Entries&) const;

  Place place_;
  Lock lock_;
  std::string writer_;
  Entries known_;                  ///< what the list says
  std::set<std::string> written_;  ///< by this object
  std::vector<File> files_;
};

}  // namespace actbench::reports
