// SPDX-License-Identifier: Apache-2.0
#include "bench/arrays/files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include "bench/support/errors.hpp"
#include "reports/files.hpp"
#include "reports/text.hpp"

namespace actbench::bench::arrays {
namespace {

/// A descriptor that is closed.
struct Open {
  int file;
  ~Open() {
    if (file >= 0) ::close(file);
  }
};

/// What is mapped and no longer there, since somebody cut the file, is no memory. Does only what is safe in a handler.
void on_missing_memory(int) {
  constexpr char sentence[] = "actbench: a file of numbers was cut short while it was read\n";
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, sentence, sizeof sentence - 1);
  ::_exit(exit_usage);
}

void expect_missing_memory() {
  struct sigaction action {};
  action.sa_handler = on_missing_memory;
  ::sigaction(SIGBUS, &action, nullptr);
}

}  // namespace

Array::Array(const std::filesystem::path& path, std::optional<Type> raw, std::optional<Type> type, Integers integers)
    : file_(path.string()) {
  const auto fail = [&](const std::string& why) { throw UsageError(fmt::format("{}: {}", file_, why)); };
  // O_NONBLOCK: a pipe would have us wait for somebody to write into it.
  const Open open{::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)};
  struct stat about = {};
  if (open.file < 0 || ::fstat(open.file, &about) != 0)
    throw UsageError(fmt::format("cannot read {}: {}", file_, std::strerror(errno)));
  if (!S_ISREG(about.st_mode)) fail("it is no file; arrays are read from files, which can be mapped into memory");
  const auto bytes = static_cast<std::size_t>(about.st_size);
  if (bytes == 0) fail(raw ? "it is empty" : "it is empty, and so no NPY file");
  map_ = ::mmap(nullptr, bytes, PROT_READ, MAP_PRIVATE, open.file, 0);
  if (map_ == MAP_FAILED) {
    map_ = nullptr;
    throw UsageError(fmt::format("cannot map {} into memory: {}", file_, std::strerror(errno)));
  }
  mapped_ = bytes;
  expect_missing_memory();
  try {
    if (raw) {
      type_ = *raw;
      if (type && *type != *raw) fail(fmt::format("--raw says {}, and --type {}", name(*raw), name(*type)));
      if (bytes % size_of(type_) != 0)
        fail(fmt::format("its {} bytes are no whole number of {} ({} bytes each)", bytes, name(type_), size_of(type_)));
      count_ = bytes / size_of(type_);
      shape_ = {count_};
      return;
    }
    const NpyHeader header = parse_npy({static_cast<const char*>(map_), std::min(bytes, most_header)}, file_);
    type_ = type_of(header, type, file_, integers);
    offset_ = header.data;
    count_ = header.count();
    shape_ = header.shape;
    const std::uint64_t claimed = count_ * size_of(type_), there = bytes - offset_;
    if (there < claimed) fail(fmt::format("it is cut short: {} of {} bytes of numbers are there", there, claimed));
    if (there > claimed)
      fail(fmt::format("it has {} after its {}", reports::counted(there - claimed, "byte"),
                       reports::counted(count_, "number")));
  } catch (...) {
    ::munmap(map_, mapped_);
    throw;
  }
}

Array::~Array() {
  if (map_ != nullptr) ::munmap(map_, mapped_);
}

Array::Array(Array&& other) noexcept
    : file_(std::move(other.file_)),
      type_(other.type_),
      map_(std::exchange(other.map_, nullptr)),
      mapped_(other.mapped_),
      offset_(other.offset_),
      count_(other.count_),
      shape_(std::move(other.shape_)) {}

Writer::Writer(const std::filesystem::path& path, Type type, const std::vector<std::uint64_t>& shape, bool raw)
    : target_(reports::replaced_by(path)), size_(size_of(type)) {
  const std::filesystem::path folder = target_.has_parent_path() ? target_.parent_path() : ".";
  std::string name = (folder / ".actbench-XXXXXX").string();
  file_ = ::mkostemp(name.data(), O_CLOEXEC);
  if (file_ < 0) fail(errno);
  passing_ = name;
  try {
    lock_ = reports::Lock::on_file(target_);
    const mode_t mask = ::umask(0);
    ::umask(mask);
    if (::fchmod(file_, 0666 & ~mask) != 0) fail(errno);
    const std::string header = raw ? "" : npy_header(type, shape);
    write(header.data(), header.size());
  } catch (...) {
    ::close(file_);
    ::unlink(passing_.c_str());
    throw;
  }
}

Writer::~Writer() {
  if (file_ >= 0) ::close(file_);
  if (!passing_.empty()) ::unlink(passing_.c_str());
}

Writer::Writer(Writer&& other) noexcept
    : target_(std::move(other.target_)),
      lock_(std::move(other.lock_)),
      passing_(std::exchange(other.passing_, {})),
      file_(std::exchange(other.file_, -1)),
      size_(other.size_) {}

void Writer::fail(int error) {
  throw reports::FileError(fmt::format("cannot write {}: {}", target_.string(), std::strerror(error)));
}

void Writer::write(const void* bytes, std::size_t n) {
  const char* at = static_cast<const char*>(bytes);
  while (n > 0) {
    const ssize_t done = ::write(file_, at, n);
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) fail(errno);
    at += done;
    n -= static_cast<std::size_t>(done);
  }
}

void Writer::append(const void* numbers, std::size_t n) { write(numbers, n * size_); }

void Writer::flush() {
  if (::fsync(file_) != 0) fail(errno);
  if (::close(std::exchange(file_, -1)) != 0) fail(errno);
}

void Writer::commit() {
  if (::rename(passing_.c_str(), target_.c_str()) != 0) fail(errno);
  passing_.clear();
}

std::filesystem::path beside(const std::filesystem::path& inputs, const std::string& multiplier) {
  std::filesystem::path file = inputs;
  const std::string ending = inputs.extension().string();
  return file.replace_extension(multiplier + ending);
}

}  // namespace actbench::bench::arrays
