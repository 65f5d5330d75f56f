// SPDX-License-Identifier: Apache-2.0
//
// Who works on a row on a CPU: one thread. kernels/cuda/team.hpp has the same for a device.
#pragma once

#include "kernels/table.hpp"

#define ACTBENCH_INSTANTIATE "kernels/rows/instantiate.hpp"
/// What a row calls once at most, and what it seldom calls, out of the way of its loops.
#define ACTBENCH_APART __attribute__((noinline))
#define ACTBENCH_SELDOM __attribute__((noinline, cold))

namespace actbench::ACTBENCH_ISA {
namespace {

/// The threads that share a row. Each takes registers `rank()`, `rank() + size()`, … of it; what is common to the row
/// they put together with all(), which every one of them has to call. alone: that there is never more than one.
struct Team {
  static constexpr bool alone = true;

  explicit Team(std::size_t /*length*/) {}
  static constexpr std::size_t rank() { return 0; }
  static constexpr std::size_t size() { return 1; }
  /// The rows of a call that are this team's.
  static constexpr std::size_t first_row() { return 0; }
  static constexpr std::size_t row_step() { return 1; }

  /// The values of all threads, joined by operation.
  template <class T, class Operation>
  static T all(T value, Operation) {
    return value;
  }
  /// Until all threads are here, and see what the others have written.
  static void wait() {}
  /// to += value, where several threads may do so at a time.
  template <class T>
  static void add(T& to, T value) {
    to += value;
  }
  /// Memory for one thread at a time. All of the team call open_room() before the first calls with_room(work).
  template <class Room>
  static void open_room() {}
  template <class Room, class Work>
  static void with_room(Work work) {
    Room room;
    work(room);
  }
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
