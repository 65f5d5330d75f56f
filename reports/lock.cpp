// SPDX-License-Identifier: Apache-2.0
#include "reports/lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <set>
#include <string_view>
#include <thread>
#include <utility>

#include "reports/files.hpp"
#include "reports/passing.hpp"

namespace actbench::reports {
namespace fs = std::filesystem;
namespace {

/// What an open file is, whatever its name.
using Identity = std::pair<dev_t, ino_t>;
Identity identity_of(int descriptor) {
  struct stat about = {};
  return ::fstat(descriptor, &about) == 0 ? Identity{about.st_dev, about.st_ino} : Identity{};
}

/// What this process has locked.
std::set<Identity>& own_locks() {
  static std::set<Identity> all;
  return all;
}

/// The process that has the lock on a file, as the system lists it; 0 where it does not say.
long holder(const Identity& file) {
  const std::string wanted = fmt::format(":{}", file.second);
  long found = 0;
  // "1: FLOCK  ADVISORY  WRITE 1234 08:01:5678 0 EOF"
  for (const std::string& line : lines_of("/proc/locks")) {
    char kind[16] = {}, place[64] = {};
    long process = 0;
    if (std::sscanf(line.c_str(), "%*s %15s %*s %*s %ld %63s", kind, &process, place) != 3) continue;
    if (std::string_view(kind) != "FLOCK" || !std::string_view(place).ends_with(wanted)) continue;
    if (found != 0) return 0;  // of two file systems; which one it is, is hard to say
    found = process;
  }
  return found;
}

[[noreturn]] void busy(const fs::path& path, const char* kind, int descriptor) {
  const Identity file = identity_of(descriptor);
  ::close(descriptor);
  if (own_locks().contains(file)) throw FileError(fmt::format("{} is named for two of the {}s", path.string(), kind));
  const long process = holder(file);
  throw FileError(fmt::format("another run{} is writing {}: wait until it ends, or name another {}",
                              process > 0 ? fmt::format(" (process {})", process) : "", path.string(), kind));
}

enum class Taken : unsigned char { yes, no, never };

Taken take(int descriptor) {
  while (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EINTR) continue;
    return errno == EWOULDBLOCK ? Taken::no : Taken::never;  // never: the file system has no locks
  }
  return Taken::yes;
}

/// The last holder may have removed the file between our opening and locking it.
bool still_there(int descriptor, const std::string& name) {
  struct stat ours = {}, named = {};
  return ::fstat(descriptor, &ours) == 0 && ::lstat(name.c_str(), &named) == 0 && ours.st_dev == named.st_dev &&
         ours.st_ino == named.st_ino;
}

/// Of a name that leaves no room for more, so much as fits, and a number that stands for all of it (FNV-1a).
std::string name_beside(const std::string& name) {
  constexpr std::size_t most = 255, kept = 200;  // bytes
  std::string beside = fmt::format(".{}.lock", name);
  if (beside.size() <= most) return beside;
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return fmt::format(".{}-{:016x}.lock", name.substr(0, kept), hash);
}

int open_beside(const fs::path& path, const std::string& name) {
  constexpr int flags = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
  int file = ::open(name.c_str(), flags | O_RDWR | O_CREAT, 0666);
  // What another user's process has left: in a folder such as /tmp it may be read alone, and not so that it were made.
  if (file < 0 && errno == EACCES) file = ::open(name.c_str(), flags | O_RDONLY);
  if (file < 0) throw FileError(fmt::format("cannot lock {}: {}", path.string(), std::strerror(errno)));
  return file;
}

}  // namespace

Lock Lock::on_file(const fs::path& path, std::chrono::milliseconds patience) {
  constexpr std::chrono::milliseconds pause{20};
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  const std::string name = (folder / name_beside(path.filename().string())).string();
  for (std::chrono::milliseconds waited{};; waited += pause) {
    const int file = open_beside(path, name);
    const Taken taken = take(file);
    if (taken == Taken::yes && !still_there(file, name)) {
      ::close(file);
      continue;
    }
    if (taken != Taken::no) {
      Lock lock;
      lock.descriptor_ = file;
      lock.beside_ = name;
      lock_files.note(name);
      own_locks().insert(identity_of(file));
      return lock;
    }
    // What this process has itself it would wait for in vain.
    if (waited >= patience || own_locks().contains(identity_of(file))) busy(path, "file", file);
    ::close(file);
    std::this_thread::sleep_for(pause);
  }
}

Lock Lock::on_folder(const fs::path& path) {
  Lock lock;
  const int folder = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return lock;  // it cannot be read; that it can be written to is tried elsewhere
  if (take(folder) == Taken::no) busy(path, "folder", folder);
  lock.descriptor_ = folder;
  own_locks().insert(identity_of(folder));
  return lock;
}

Lock::~Lock() {
  if (descriptor_ < 0) return;
  own_locks().erase(identity_of(descriptor_));
  if (!beside_.empty()) {
    ::unlink(beside_.c_str());
    lock_files.forget(beside_);
  }
  ::close(descriptor_);
}

Lock::Lock(Lock&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), beside_(std::exchange(other.beside_, {})) {}

Lock& Lock::operator=(Lock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(beside_, other.beside_);
  return *this;
}

}  // namespace actbench::reports
