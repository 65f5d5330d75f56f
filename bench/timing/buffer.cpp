// SPDX-License-Identifier: Apache-2.0
#include "bench/timing/buffer.hpp"

#include <sys/mman.h>

#include <cstdint>

#include "bench/timing/timing.hpp"

namespace actbench::timing {

Buffer::Buffer(std::size_t bytes, std::size_t offset, const std::string& purpose) : bytes_(bytes) {
  constexpr std::size_t alignment = std::size_t{2} << 20, page = 4096;
  mapped_bytes_ = bytes + alignment + offset;
  mapped_ = mmap(nullptr, mapped_bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped_ == MAP_FAILED) {
    throw Error("cannot get " + std::to_string(bytes >> 20) + " MiB of memory for " + purpose +
                "; choose smaller sizes");
  }
  madvise(mapped_, mapped_bytes_, MADV_HUGEPAGE);  // without effect where the system has none
  const auto address = reinterpret_cast<std::uintptr_t>(mapped_);
  data_ = static_cast<char*>(mapped_) + (alignment - address % alignment) % alignment + offset;
  for (std::size_t i = 0; i < bytes; i += page) data_[i] = 0;
}

Buffer::~Buffer() { munmap(mapped_, mapped_bytes_); }

}  // namespace actbench::timing
