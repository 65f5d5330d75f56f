// SPDX-License-Identifier: Apache-2.0
//
// Who works on a row on a device: a warp on a short one, a block on a long one. Which, its length alone decides, so
// that a row's result hangs on nothing else.
#pragma once

#include "kernels/cuda/call.hpp"
#include "kernels/numbers/double_double.hpp"

#define ACTBENCH_INSTANTIATE "kernels/rows/instantiate.hpp"
#define ACTBENCH_APART
#define ACTBENCH_SELDOM

namespace actbench::ACTBENCH_ISA {
namespace {

/// As in kernels/rows/alone.hpp.
class Team {
 public:
  static constexpr bool alone = false;

  explicit Team(std::size_t length) : block_(cuda::row_takes_block(length)) {}
  std::size_t rank() const { return block_ ? threadIdx.x : threadIdx.x % warp; }
  std::size_t size() const { return block_ ? cuda::threads_per_block : warp; }
  std::size_t first_row() const { return block_ ? blockIdx.x : std::size_t{blockIdx.x} * warps + threadIdx.x / warp; }
  std::size_t row_step() const { return block_ ? gridDim.x : std::size_t{gridDim.x} * warps; }

  template <class T, class Operation>
  T all(T value, Operation operation) const {
    for (unsigned distance = warp / 2; distance > 0; distance /= 2)
      value = operation(value, from(value, threadIdx.x % warp + distance, warp));
    value = from(value, 0, warp);
    if (block_) {
      __shared__ T of_warp[warps];
      if (threadIdx.x % warp == 0) of_warp[threadIdx.x / warp] = value;
      __syncthreads();
      value = of_warp[0];
      for (unsigned w = 1; w < warps; ++w) value = operation(value, of_warp[w]);
      __syncthreads();  // read before the next call writes
    }
    return value;
  }

  void wait() const {
    if (block_) {
      __syncthreads();
    } else {
      __syncwarp();
    }
  }
  template <class T>
  static void add(T& to, T value) {
    static_assert(sizeof(T) == sizeof(unsigned long long));
    atomicAdd(reinterpret_cast<unsigned long long*>(&to), static_cast<unsigned long long>(value));
  }
  /// Memory that the team shares, of so many T.
  template <class T, int count>
  T* shared() const {
    __shared__ T memory[warps][count];
    return memory[block_ ? 0 : threadIdx.x / warp];
  }

  template <class Room>
  static void open_room() {
    if (threadIdx.x % warp == 0) locked<Room>().lock = 0;  // seen by the others once they have waited for each other
  }
  template <class Room, class Work>
  static void with_room(Work work) {
    Locked<Room>& own = locked<Room>();
    for (bool done = false; !done;) {
      if (atomicCAS(&own.lock, 0, 1) != 0) continue;
      work(own.room);
      __threadfence_block();
      atomicExch(&own.lock, 0);
      done = true;
    }
  }

  // Groups of so many threads, for sums whose order is the same on every backend.
  static constexpr unsigned group_size = 16;
  std::size_t groups() const { return size() / group_size; }
  std::size_t group() const { return rank() / group_size; }
  /// The value of the group's thread of that number.
  template <class T>
  static T from_thread(T value, unsigned number) {
    return from(value, number, group_size);
  }
  /// Hands each group's value, which its threads agree on, to visit, in their order.
  template <class T, class Visit>
  void each_group(T value, Visit visit) const {
    if (block_) {
      __shared__ T of_group[cuda::threads_per_block / group_size];
      if (threadIdx.x % group_size == 0) of_group[threadIdx.x / group_size] = value;
      __syncthreads();
      for (const T& one : of_group) visit(one);
      __syncthreads();
    } else {
      for (unsigned g = 0; g < warp / group_size; ++g) visit(from(value, g * group_size, warp));
    }
  }

 private:
  /// Of a warp.
  template <class Room>
  struct Locked {
    int lock;
    Room room;
  };
  template <class Room>
  static Locked<Room>& locked() {
    __shared__ Locked<Room> rooms[warps];
    return rooms[threadIdx.x / warp];
  }

  static constexpr unsigned warp = 32, warps = cuda::threads_per_block / warp;

  /// Of the thread of that number in this one's part of the warp; beyond that part, its own.
  static double from(double value, unsigned thread, unsigned part) { return shuffled(value, thread, part); }
  static int from(int value, unsigned thread, unsigned part) { return shuffled(value, thread, part); }
  static float from(float value, unsigned thread, unsigned part) { return shuffled(value, thread, part); }
  static DoubleDouble<double> from(DoubleDouble<double> value, unsigned thread, unsigned part) {
    return {shuffled(value.hi, thread, part), shuffled(value.lo, thread, part)};
  }
  template <class T>
  static T shuffled(T value, unsigned thread, unsigned part) {
    return __shfl_sync(~0u, value, static_cast<int>(thread < part ? thread : threadIdx.x % part),
                       static_cast<int>(part));
  }

  bool block_;
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
