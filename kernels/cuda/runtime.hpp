// SPDX-License-Identifier: Apache-2.0
//
// What the host asks of a device, apart from the activations' kernels. Over the CUDA runtime it is runtime.cpp; tests
// put an emulation in its place, and a build without CUDA has absent.cpp.
//
// A function that can fail returns null where it went well, and otherwise CUDA's own words for what went wrong. An
// error in a kernel may show in any later call; one such as an illegal access stays, and every later call fails with
// it.
#pragma once

#include <cstddef>
#include <string>

#include "kernels/cuda/launch.hpp"

namespace actbench::cuda {

using Failure = const char*;

struct Device {
  int index = 0, count = 0;  ///< of those that CUDA_VISIBLE_DEVICES leaves
  std::string name;          ///< "NVIDIA H100 80GB HBM3"
  std::string bus;           ///< PCI address, for nvidia-smi: "0000:04:00.0"
  int architecture = 0;      ///< 90 for sm_90
  int processors = 0;        ///< streaming multiprocessors
  std::size_t memory_bytes = 0, free_bytes = 0, l2_bytes = 0;
  int driver_cuda = 0,
      runtime_cuda = 0;  ///< 13000 for CUDA 13.0: what the driver is made for, what this was built with
};

/// The device of all threads from now on, counted from 0; to be called before any other function here. Throws
/// nothing: whether there is such a device, unrunnable_reason() says.
void select(int device) noexcept;

Failure describe(Device&);

/// Of the selected device. Memory is not cleared.
Failure allocate(void** memory, std::size_t bytes) noexcept;
void release(void* memory) noexcept;

/// Whether kernels may be handed this pointer: to memory of the device, or of the host that CUDA has allocated.
bool reaches(const void* pointer) noexcept;

/// In the thread's stream (cuda.hpp), between memory of the host or the device.
Failure copy(void* to, const void* from, std::size_t bytes) noexcept;
Failure set_bytes(void* memory, unsigned char value, std::size_t bytes) noexcept;
/// Until the thread's stream has done everything.
Failure wait() noexcept;

/// Puts a kernel of a module that is no activation's into the thread's stream; parameter: what it takes.
Failure launch(const Module&, std::size_t kernel, unsigned blocks, void* parameter) noexcept;

/// The time that the device takes between two places in the thread's stream.
class Stopwatch {
 public:
  Stopwatch();
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;
  ~Stopwatch();

  Failure start() noexcept;
  Failure stop() noexcept;
  /// Waits for the second place. Resolution about half a microsecond.
  Failure seconds(double& taken) noexcept;

 private:
  [[maybe_unused]] void* events_[2] = {};  // by nothing where there is no toolkit
};

/// The first failure since the last question is that of last_error() in cuda.hpp; this adds one.
void note(Failure) noexcept;

}  // namespace actbench::cuda
