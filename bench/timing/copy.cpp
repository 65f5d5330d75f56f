// SPDX-License-Identifier: Apache-2.0
#include "bench/timing/copy.hpp"

#include <cstring>

#include "kernels/registry/streaming.hpp"

namespace actbench::timing {

void copy_memcpy(void* to, const void* from, std::size_t bytes) { std::memcpy(to, from, bytes); }

void copy_non_temporal(void* to, const void* from, std::size_t bytes) {
  constexpr std::size_t line = 64;
  const std::size_t lines = bytes / line;
  stream_lines(to, from, lines);
  streamed();
  std::memcpy(static_cast<char*>(to) + lines * line, static_cast<const char*>(from) + lines * line, bytes % line);
}

}  // namespace actbench::timing
