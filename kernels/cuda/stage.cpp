// SPDX-License-Identifier: Apache-2.0
#include "kernels/cuda/stage.hpp"

#include "actbench/cuda.hpp"
#include "kernels/cuda/runtime.hpp"

namespace actbench::cuda {
namespace {

/// Memory of the device that grows to what is asked of it.
class Room {
 public:
  Room() = default;
  Room(const Room&) = delete;
  Room& operator=(const Room&) = delete;
  ~Room() { release(memory_); }

  Failure at_least(std::size_t bytes, void** memory) {
    if (bytes > bytes_) {
      release(memory_);
      memory_ = nullptr;
      bytes_ = 0;
      if (const Failure f = allocate(&memory_, bytes)) return f;
      bytes_ = bytes;
    }
    *memory = memory_;
    return nullptr;
  }

 private:
  void* memory_ = nullptr;
  std::size_t bytes_ = 0;
};

/// Of each thread, an input array each, and the result.
struct Rooms {
  Room x, dy, a, y;
};

/// The input where the device reaches it.
Failure bring(const void*& array, std::size_t bytes, Room& room) {
  if (array == nullptr || reaches(array)) return nullptr;
  void* there = nullptr;
  if (const Failure f = room.at_least(bytes, &there)) return f;
  if (const Failure f = copy(there, array, bytes)) return f;
  array = there;
  return nullptr;
}

Failure run(const Kernel& kernel, const Arguments& arguments, Rooms& rooms) {
  const std::size_t bytes = arguments.n * size_of(kernel.type);
  Arguments there = arguments;
  if (const Failure f = bring(there.x, bytes, rooms.x)) return f;
  if (const Failure f = bring(there.dy, bytes, rooms.dy)) return f;
  if (const Failure f = bring(there.a, bytes, rooms.a)) return f;
  const bool y_is_there = reaches(arguments.y);
  if (!y_is_there) {
    if (const Failure f = rooms.y.at_least(bytes, &there.y)) return f;
  }
  kernel.run(there);
  if (const Failure f = last_error()) return f;
  if (!y_is_there) {
    if (const Failure f = copy(arguments.y, there.y, bytes)) return f;
  }
  const bool all_there = y_is_there && there.x == arguments.x && there.dy == arguments.dy && there.a == arguments.a;
  return all_there ? nullptr : wait();
}

}  // namespace

void apply(const Kernel& kernel, const Arguments& arguments) noexcept {
  if (arguments.n == 0) return;
  thread_local Rooms rooms;
  note(run(kernel, arguments, rooms));
}

}  // namespace actbench::cuda
