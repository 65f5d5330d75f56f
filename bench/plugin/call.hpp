// SPDX-License-Identifier: Apache-2.0
//
// Calls of foreign kernels: the table's rows are functions without a context, so each kernel gets one that knows its
// own. While a process is watched, shared memory says which kernel each thread is in.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>

#include "actbench/kernels.hpp"
#include "actbench/plugin.h"

namespace actbench::bench::plugin {

/// Of all plug-ins together.
inline constexpr std::size_t most_kernels = 1024;

using Function = void (*)(const Arguments&) noexcept;

/// A function for the table that calls this kernel. Throws Refused where there are too many.
Function function_for(const actbench_plugin_kernel&, const std::string& identity);

/// Calls a kernel as the table's function would, but unwatched.
void call(const actbench_plugin_kernel&, const Arguments&);

/// What a watched process and the one that watches it share. Kernels are numbers from 1 on; 0 is none.
struct Watch {
  struct Seat {  ///< of a thread
    std::atomic<bool> taken;
    std::atomic<std::uint32_t> kernel;  ///< that it is in
    std::atomic<std::uint64_t> calls;   ///< begun so far
    std::atomic<std::uint64_t> elements;
  };
  static constexpr std::size_t seat_count = 512;
  Seat seats[seat_count];
  std::atomic<std::uint32_t> fault_in;  ///< the kernel that a signal came in
  std::atomic<std::uint64_t> fault_elements;
  std::atomic<bool> loading;  ///< a plug-in is being loaded
  std::atomic<bool> done;     ///< the command has ended, and only its process has not
  std::atomic<int> code;      ///< its exit code then
  char identities[most_kernels][128];
};

/// As long as one lives, a watched process is seen to load a plug-in.
class SeenLoading {
 public:
  SeenLoading();
  ~SeenLoading();
  SeenLoading(const SeenLoading&) = delete;
  SeenLoading& operator=(const SeenLoading&) = delete;
};

/// From now on this process says there what it does, and which kernel a deadly signal comes in. The memory must be
/// zero at first and stay.
void be_watched(Watch&);

}  // namespace actbench::bench::plugin
