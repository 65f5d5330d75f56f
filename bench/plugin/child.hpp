// SPDX-License-Identifier: Apache-2.0
//
// Child processes that may be lost, and memory that they share with this one.
#pragma once

#include <sys/mman.h>
#include <sys/types.h>

#include <array>
#include <functional>
#include <new>

namespace actbench::bench::plugin {

/// Memory of zeros that children share with their parent. T needs no constructor.
template <class T>
class SharedMemory {
 public:
  SharedMemory() {
    void* const memory = mmap(nullptr, sizeof(T), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    shared_ = static_cast<T*>(memory);
  }
  ~SharedMemory() { munmap(static_cast<void*>(shared_), sizeof(T)); }
  SharedMemory(const SharedMemory&) = delete;
  SharedMemory& operator=(const SharedMemory&) = delete;
  T& operator*() const { return *shared_; }
  T* operator->() const { return shared_; }

 private:
  T* shared_;
};

/// As long as it lives, SIGCHLD and the signals that end a process, but for those that are ignored, wait in this
/// thread, for await().
class HeldSignals {
 public:
  HeldSignals();
  ~HeldSignals();
  HeldSignals(const HeldSignals&) = delete;
  HeldSignals& operator=(const HeldSignals&) = delete;
  void let_go() const;  ///< in a child, which is to get them
};

/// A copy of this process; 0 in the copy, which ends when its parent does. Throws MissingError.
pid_t fork_child();

struct Ended {
  int status;  ///< of waitpid
  int signal;  ///< one that came meanwhile and asks this process to end; 0: none
};

/// Waits for the end of a child. About every tenth of a second it asks whether to go on waiting; where not, it kills
/// the child. Signals that ask this process to end go on to the child, unless it gets them from the terminal anyway.
Ended await(pid_t child, const std::function<bool(int signal)>& goes_on);

/// Counts how long nothing has happened, in time that this process itself was running: a machine that sleeps, or a
/// user who stops both, does not make a call hang.
class Patience {
 public:
  using State = std::array<unsigned long long, 3>;
  explicit Patience(double seconds) : seconds_(seconds) {}
  /// To be asked about every tenth of a second: whether that state has been the same for so long.
  bool is_over(const State& state, double more_seconds = 0);

 private:
  double seconds_;
  State state_{};
  double waited_ = 0;
};

}  // namespace actbench::bench::plugin
