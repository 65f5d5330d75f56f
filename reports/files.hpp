// SPDX-License-Identifier: Apache-2.0
//
// Files: read whole, up to a size beyond which none is what it should be; written whole or not at all.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "reports/lock.hpp"

namespace actbench::reports {

/// A file or folder that cannot be written: which, and why, as one sentence.
struct FileError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The most that is read of a file, in bytes: more than any that this program writes has, and little enough to be taken
/// apart in memory. Of libraries, and of histories that grow by a line a run, there may be more.
inline constexpr std::size_t most_read = std::size_t{64} << 20, most_read_of_large = std::size_t{1} << 30;

/// All of a file; nothing where there is none. Throws FileError where it cannot be read, is larger than most, or is no
/// file but a folder, a device or a pipe, which may never end or never begin.
std::optional<std::string> read_file(const std::filesystem::path&, std::size_t most = most_read);

/// All that comes from an open descriptor. Throws FileError, naming it so, where that is more than most.
std::string read_all(int descriptor, std::size_t most, const std::string& name);

/// The lines of a file in which a system says what it is like; none where it cannot be read.
std::vector<std::string> lines_of(const std::filesystem::path&);
/// The first of them; empty where there is none.
std::string first_line(const std::filesystem::path&);

/// The file that writing to a path replaces: the path itself, or what it is a link to. Throws FileError for what is
/// there and is no regular file: a folder, a device, a pipe. A file put in its place would take it away from others.
/// Nor may it be the file that stdout goes to, of which the rest would be lost.
std::filesystem::path replaced_by(const std::filesystem::path&);

/// Replaces the file by these contents: written beside it, flushed to the disk, renamed. Throws FileError, and then the
/// old file is as it was.
void write_file(const std::filesystem::path&, const std::string& contents);

/// Whether files lie under passing names: a process that ended now would leave them there, or some of a set undone.
/// Safe in a handler of signals.
bool files_are_passing() noexcept;

/// Writes all of it to an open descriptor, from where that stands. Returns errno, or 0.
int write_all(int descriptor, const std::string& contents);

/// Replaces several files, or none: all are on the disk under passing names before the first is renamed. Throws
/// FileError.
void write_files(const std::vector<std::pair<std::filesystem::path, std::string>>& paths_and_contents);

/// A folder that takes files. It is made where it is missing, and vanishes again unless keep() is called.
class Place {
 public:
  /// Tries whether files can be written there. Throws FileError.
  explicit Place(std::filesystem::path);
  ~Place();
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  const std::filesystem::path& path() const { return path_; }
  void keep();  ///< the folders that were made stay

 private:
  void unmake() const;

  std::filesystem::path path_;
  std::vector<std::filesystem::path> made_;  ///< folders of ours, outermost first
};

/// What a Target is for. result: what was found, which may go into a stream instead of a file. kept: what the program
/// itself reads again, and replaces. shared: what the program reads again, and adds to.
enum class Use : unsigned char { result, kept, shared };

/// A file to be written, if one is named, or a stream: what this process has open by that name (/dev/stdout,
/// /dev/fd/9), a terminal, /dev/null. Streams are written to as they are, files replaced whole. Whether that is
/// possible is tried before the work: it would be a pity afterwards.
///
/// No two processes have the same file as a target: while there is one, another is refused. The file of Use::shared is
/// locked for as long as update() takes, and others wait.
class Target {
 public:
  /// An empty path: nothing is to be written. Throws FileError.
  explicit Target(const std::filesystem::path&, Use = Use::result);
  ~Target();
  Target(const Target&) = delete;
  Target& operator=(const Target&) = delete;

  explicit operator bool() const { return place_.has_value() || stream_ >= 0; }
  void write(const std::string& contents);  ///< Throws FileError.
  /// Replaces the contents of a shared file by what `after` makes of those that it has by now (nothing: there is no
  /// such file). What others added since the work began stays. Throws FileError, and what `after` throws.
  void update(const std::function<std::string(const std::optional<std::string>& before)>& after,
              std::size_t most = most_read);

 private:
  std::filesystem::path file_;
  std::optional<Place> place_;
  Lock lock_;
  int stream_ = -1;
};

}  // namespace actbench::reports
