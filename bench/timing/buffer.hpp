// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

namespace actbench::timing {

/// Zeroed memory that has been touched, aligned to 2 MiB plus an offset, on huge pages where the system gives them.
class Buffer {
 public:
  /// Throws Error, naming the purpose ("arrays of the size memory"), where there is not so much memory.
  Buffer(std::size_t bytes, std::size_t offset, const std::string& purpose);
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  ~Buffer();

  char* data() const { return data_; }
  std::size_t size() const { return bytes_; }

 private:
  std::size_t bytes_, mapped_bytes_;
  void* mapped_;
  char* data_;
};

}  // namespace actbench::timing
