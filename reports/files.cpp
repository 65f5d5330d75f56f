// SPDX-License-Identifier: Apache-2.0
#include "reports/files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace actbench::reports {
namespace fs = std::filesystem;
namespace {

[[noreturn]] void fail(const fs::path& path, const char* what, int error) {
  throw FileError(fmt::format("cannot {} {}: {}", what, path.string(), std::strerror(error)));
}

/// A file under a passing name, removed unless renamed.
class Passing {
 public:
  Passing(fs::path target, const std::string& contents) : target_(std::move(target)) {
    const fs::path folder = target_.has_parent_path() ? target_.parent_path() : fs::path(".");
    std::string name = (folder / ".actbench-XXXXXX").string();
    const int file = ::mkostemp(name.data(), O_CLOEXEC);
    if (file < 0) fail(target_, "write", errno);
    name_ = name;
    const int error = fill(file, contents);
    if (::close(file) != 0 && error == 0) discard(errno);
    if (error != 0) discard(error);
  }
  ~Passing() {
    if (!name_.empty()) ::unlink(name_.c_str());
  }
  Passing(Passing&& other) noexcept : target_(std::move(other.target_)), name_(std::exchange(other.name_, {})) {}
  Passing& operator=(Passing&&) = delete;

  void rename() {
    if (::rename(name_.c_str(), target_.c_str()) != 0) fail(target_, "write", errno);
    name_.clear();
  }

 private:
  [[noreturn]] void discard(int error) {
    ::unlink(name_.c_str());
    name_.clear();
    fail(target_, "write", error);
  }
  static int fill(int file, const std::string& contents) {
    for (std::size_t done = 0; done < contents.size();) {
      const ssize_t n = ::write(file, contents.data() + done, contents.size() - done);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return errno;
      done += static_cast<std::size_t>(n);
    }
    // mkostemp makes it private; a report is for whoever the umask lets read.
    const mode_t mask = ::umask(0);
    ::umask(mask);
    if (::fchmod(file, 0666 & ~mask) != 0) return errno;
    return ::fsync(file) == 0 ? 0 : errno;
  }

  fs::path target_;
  std::string name_;
};

bool is_stdout(const fs::path& path) {
  struct stat named = {}, output = {};
  return ::stat(path.c_str(), &named) == 0 && ::fstat(STDOUT_FILENO, &output) == 0 && named.st_dev == output.st_dev &&
         named.st_ino == output.st_ino;
}

/// The names are on the disk, too. Where a folder cannot be flushed the files are no worse for it.
void flush_folder(const fs::path& folder) {
  const int file = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return;
  ::fsync(file);
  ::close(file);
}

}  // namespace

std::optional<std::string> read_file(const fs::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0 && errno == ENOENT) return std::nullopt;
  if (file < 0) fail(path, "read", errno);
  std::string text;
  char part[65536];
  ssize_t n = 0;
  while ((n = ::read(file, part, sizeof part)) != 0) {
    if (n > 0) text.append(part, static_cast<std::size_t>(n));
    if (n < 0 && errno != EINTR) break;
  }
  const int error = errno;
  ::close(file);
  if (n < 0) fail(path, "read", error);
  return text;
}

fs::path replaced_by(const fs::path& path) {
  std::error_code none;
  const bool link = fs::is_symlink(path, none);
  const auto kind = [&]() -> const char* {
    switch (fs::status(path, none).type()) {
      case fs::file_type::directory:
        return "a folder";
      case fs::file_type::block:
      case fs::file_type::character:
        return "a device";
      case fs::file_type::fifo:
        return "a pipe";
      case fs::file_type::socket:
        return "a socket";
      case fs::file_type::regular:
        return nullptr;
      default:
        return link ? "a link to nothing" : path.has_filename() ? nullptr : "a folder";
    }
  }();
  if (kind != nullptr) throw FileError(fmt::format("{} is {}; name a file", path.string(), kind));
  if (is_stdout(path)) throw FileError(fmt::format("{} is where stdout goes; name another file", path.string()));
  return link ? fs::canonical(path) : path;
}

void write_file(const fs::path& path, const std::string& contents) {
  const fs::path file = replaced_by(path);
  Passing(file, contents).rename();
  flush_folder(file.parent_path());
}

Folder::Folder(fs::path path) : path_(std::move(path)) {
  try {
    // Outermost first, so that what was made can be unmade.
    fs::path step;
    for (const fs::path& part : path_) {
      step /= part;
      if (part.empty() || fs::exists(step)) continue;
      if (::mkdir(step.c_str(), 0777) != 0 && errno != EEXIST) fail(step, "make the folder", errno);
      made_.push_back(step);
    }
    if (!fs::is_directory(path_)) fail(path_, "write into", ENOTDIR);
    Passing(path_ / "", "x");
  } catch (const fs::filesystem_error& e) {
    for (auto folder = made_.rbegin(); folder != made_.rend(); ++folder) ::rmdir(folder->c_str());
    fail(path_, "write into", e.code().value());
  } catch (...) {
    for (auto folder = made_.rbegin(); folder != made_.rend(); ++folder) ::rmdir(folder->c_str());
    throw;
  }
}

Folder::~Folder() {
  if (committed_) return;
  for (auto folder = made_.rbegin(); folder != made_.rend(); ++folder) ::rmdir(folder->c_str());
}

void Folder::commit() {
  std::vector<Passing> passing;
  passing.reserve(files_.size());
  for (const auto& [name, contents] : files_) passing.emplace_back(replaced_by(path_ / name), contents);
  for (Passing& file : passing) file.rename();
  committed_ = true;
  files_.clear();
  flush_folder(path_);
}

}  // namespace actbench::reports
