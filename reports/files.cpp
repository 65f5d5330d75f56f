// SPDX-License-Identifier: Apache-2.0
#include "reports/files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <set>
#include <sstream>
#include <system_error>

#include "reports/passing.hpp"

namespace actbench::reports {
namespace fs = std::filesystem;
namespace {

[[noreturn]] void fail(const fs::path& path, const char* what, int error) {
  throw FileError(fmt::format("cannot {} {}: {}", what, path.string(), std::strerror(error)));
}

std::atomic<int> passing_files{0};
static_assert(std::atomic<int>::is_always_lock_free, "a handler of signals may look at nothing else");

/// Counted from before it is made until it is gone.
struct CountedPassing {
  CountedPassing() { ++passing_files; }
  CountedPassing(const CountedPassing&) noexcept { ++passing_files; }
  CountedPassing& operator=(const CountedPassing&) = default;
  ~CountedPassing() { --passing_files; }
};

/// A file under a passing name, removed unless renamed.
class Passing : CountedPassing {
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
  Passing(Passing&& other) noexcept
      : CountedPassing(other), target_(std::move(other.target_)), name_(std::exchange(other.name_, {})) {}
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
    if (const int error = write_all(file, contents); error != 0) return error;
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

/// What this is instead of a regular file; null of one.
const char* other_than_file(mode_t mode) {
  switch (mode & S_IFMT) {
    case S_IFREG:
      return nullptr;
    case S_IFDIR:
      return "a folder";
    case S_IFBLK:
    case S_IFCHR:
      return "a device";
    case S_IFIFO:
      return "a pipe";
    case S_IFSOCK:
      return "a socket";
    default:
      return "no file";
  }
}

[[noreturn]] void fail_as(const fs::path& path, const char* kind) {
  throw FileError(fmt::format("{} is {}; name a file", path.string(), kind));
}

/// Of /dev/stdout, /dev/fd/9 and their like the number of the descriptor that this process has open; -1 of other paths.
/// What a path leads to is no answer: a file that stdout goes to has a name of its own, too.
int descriptor_named(fs::path path) {
  std::error_code none;
  const fs::path own = fs::canonical("/proc/self/fd", none);
  for (int links = 0; links < 40 && !own.empty(); ++links) {
    const fs::path folder = fs::canonical(path.has_parent_path() ? path.parent_path() : ".", none);
    const std::string name = path.filename().string();
    int number = -1;
    if (folder == own) {
      const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
      return error == std::errc() && end == name.data() + name.size() ? number : -1;
    }
    if (folder.empty() || !fs::is_symlink(folder / name, none)) return -1;
    path = folder / fs::read_symlink(folder / name, none);
  }
  return -1;
}

/// A descriptor for what is no file and can do no harm; -1 where a path is to be a file.
int open_stream(const fs::path& path) {
  if (const int descriptor = descriptor_named(path); descriptor >= 0) {
    const int flags = ::fcntl(descriptor, F_GETFL);
    if (flags < 0) fail(path, "write", errno);
    if ((flags & O_ACCMODE) == O_RDONLY) throw FileError(fmt::format("{} is open for reading only", path.string()));
    const int copy = ::fcntl(descriptor, F_DUPFD_CLOEXEC, 3);
    if (copy < 0) fail(path, "write", errno);
    return copy;
  }
  struct stat there = {}, null = {};
  if (::stat(path.c_str(), &there) != 0 || !S_ISCHR(there.st_mode)) return -1;
  const bool is_null = ::stat("/dev/null", &null) == 0 && S_ISCHR(null.st_mode) && there.st_rdev == null.st_rdev;
  const int file = ::open(path.c_str(), O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (file < 0) return -1;
  if (!is_null && ::isatty(file) == 0) {
    ::close(file);
    return -1;
  }
  ::fcntl(file, F_SETFL, ::fcntl(file, F_GETFL) & ~O_NONBLOCK);
  return file;
}

/// The names are on the disk, too. Where a folder cannot be flushed the files are no worse for it.
void flush_folder(const fs::path& folder) {
  const int file = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return;
  ::fsync(file);
  ::close(file);
}

}  // namespace

std::optional<std::string> read_file(const fs::path& path, std::size_t most) {
  struct stat about = {};
  if (::stat(path.c_str(), &about) == 0 && other_than_file(about.st_mode) != nullptr)
    fail_as(path, other_than_file(about.st_mode));
  // O_NONBLOCK: a pipe that has come there since would have us wait for somebody to write into it.
  const int file = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (file < 0 && errno == ENOENT) return std::nullopt;
  if (file < 0) fail(path, "read", errno);
  try {
    if (::fstat(file, &about) != 0) fail(path, "read", errno);
    if (const char* kind = other_than_file(about.st_mode)) fail_as(path, kind);
    std::string text = read_all(file, most, path.string());
    ::close(file);
    return text;
  } catch (...) {
    ::close(file);
    throw;
  }
}

std::string read_all(int descriptor, std::size_t most, const std::string& name) {
  const auto too_large = [&] {
    const bool bytes = most < std::size_t{1} << 20;
    throw FileError(fmt::format("{} is larger than {} {}, the most that is read of such a file", name,
                                bytes ? most : most >> 20, bytes ? "bytes" : "MiB"));
  };
  struct stat about = {};
  if (::fstat(descriptor, &about) == 0 && about.st_size > 0 && static_cast<std::size_t>(about.st_size) > most)
    too_large();
  std::string text;
  char part[65536];
  for (;;) {  // a size is no promise: files grow, and those of /proc have none
    const ssize_t n = ::read(descriptor, part, sizeof part);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail(name, "read", errno);
    if (n == 0) return text;
    if (text.size() + static_cast<std::size_t>(n) > most) too_large();
    text.append(part, static_cast<std::size_t>(n));
  }
}

std::vector<std::string> lines_of(const fs::path& path) {
  std::vector<std::string> lines;
  try {
    std::istringstream text(read_file(path).value_or(""));
    for (std::string line; std::getline(text, line);) lines.push_back(line);
  } catch (const FileError&) {
    lines.clear();
  }
  return lines;
}

std::string first_line(const fs::path& path) {
  const std::vector<std::string> lines = lines_of(path);
  return lines.empty() ? "" : lines[0];
}

bool files_are_passing() noexcept { return passing_files.load() > 0; }

int write_all(int descriptor, const std::string& contents) {
  for (std::size_t done = 0; done < contents.size();) {
    const ssize_t n = ::write(descriptor, contents.data() + done, contents.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno;
    done += static_cast<std::size_t>(n);
  }
  return 0;
}

fs::path replaced_by(const fs::path& path) {
  std::error_code none;
  const bool link = fs::is_symlink(path, none);
  struct stat about = {};
  const bool there = ::stat(path.c_str(), &about) == 0;
  const char* const kind = there                 ? other_than_file(about.st_mode)
                           : link                ? "a link to nothing"
                           : path.has_filename() ? nullptr
                                                 : "a folder";
  if (kind != nullptr) fail_as(path, kind);
  if (is_stdout(path)) throw FileError(fmt::format("{} is where stdout goes; name another file", path.string()));
  return link ? fs::canonical(path) : path;
}

void write_file(const fs::path& path, const std::string& contents) {
  const fs::path file = replaced_by(path);
  Passing(file, contents).rename();
  flush_folder(file.parent_path());
}

void write_files(const std::vector<std::pair<fs::path, std::string>>& files) {
  std::vector<Passing> passing;
  passing.reserve(files.size());
  for (const auto& [path, contents] : files) passing.emplace_back(replaced_by(path), contents);
  std::set<fs::path> folders;
  for (const auto& [path, contents] : files) folders.insert(path.parent_path());
  for (Passing& file : passing) file.rename();
  for (const fs::path& folder : folders) flush_folder(folder);
}

Place::Place(fs::path path) : path_(std::move(path)) {
  try {
    // Outermost first, so that what was made can be unmade.
    fs::path step;
    for (const fs::path& part : path_) {
      step /= part;
      if (part.empty() || fs::exists(step)) continue;
      if (::mkdir(step.c_str(), 0777) != 0 && errno != EEXIST) fail(step, "make the folder", errno);
      made_.push_back(step);
      made_folders.note(step);
    }
    if (!fs::is_directory(path_)) fail(path_, "write into", ENOTDIR);
    Passing(path_ / "", "x");
  } catch (const fs::filesystem_error& e) {
    unmake();
    fail(path_, "write into", e.code().value());
  } catch (...) {
    unmake();
    throw;
  }
}

void Place::keep() {
  for (const fs::path& folder : made_) made_folders.forget(folder);
  made_.clear();
}

void Place::unmake() const {
  for (auto folder = made_.rbegin(); folder != made_.rend(); ++folder) {
    ::rmdir(folder->c_str());
    made_folders.forget(*folder);
  }
}

Place::~Place() { unmake(); }

Target::Target(const fs::path& file, Use use) : file_(file) {
  if (file.empty()) return;
  if (use == Use::result) stream_ = open_stream(file);
  if (stream_ >= 0) return;
  file_ = replaced_by(file);
  place_.emplace(file_.has_parent_path() ? file_.parent_path() : ".");
  if (use == Use::shared) {
    constexpr std::chrono::seconds patience{2};
    Lock::on_file(file_, patience);  // that somebody has it for as long as a run takes is said before the work
  } else {
    lock_ = Lock::on_file(file_);
  }
}

Target::~Target() {
  if (stream_ >= 0) ::close(stream_);
}

void Target::write(const std::string& contents) {
  if (stream_ >= 0) {
    if (const int error = write_all(stream_, contents); error != 0) fail(file_, "write", error);
    return;
  }
  write_file(file_, contents);
  place_->keep();
}

void Target::update(const std::function<std::string(const std::optional<std::string>&)>& after, std::size_t most) {
  constexpr std::chrono::seconds patience{60};  // others hold it for as long as a file takes to read and write
  const Lock lock = Lock::on_file(file_, patience);
  write(after(read_file(file_, most)));
}

}  // namespace actbench::reports
