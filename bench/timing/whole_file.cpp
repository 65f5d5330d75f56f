// SPDX-License-Identifier: Apache-2.0
#include "bench/timing/whole_file.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "bench/timing/timing.hpp"

namespace actbench::timing {

WholeFile::WholeFile(const std::string& path, const std::string& option)
    : path_(path), option_(option), written_(path) {
  std::error_code none;
  if (!std::filesystem::exists(path, none) || std::filesystem::is_regular_file(path, none)) {
    written_ += ".part" + std::to_string(getpid());
  }
  stream_.open(written_);
  if (!stream_) throw Error("cannot write " + path_ + ", the file of " + option_ + ": " + std::strerror(errno));
}

WholeFile::~WholeFile() {
  std::error_code none;
  if (written_ != path_) std::filesystem::remove(written_, none);  // still there where commit() was not reached
}

void WholeFile::commit() {
  errno = 0;
  stream_.close();
  std::error_code error(stream_ ? 0 : errno, std::generic_category());
  if (stream_ && written_ != path_) std::filesystem::rename(written_, path_, error);
  if (!stream_ || error) {
    throw Error("cannot write " + path_ + ", the file of " + option_ + ", to its end" +
                (error ? ": " + error.message() : ""));
  }
}

}  // namespace actbench::timing
