// SPDX-License-Identifier: Apache-2.0
//
// In place of kernels/cuda/runtime.cpp: a device on the host, as far as the program can see one, and stricter than a
// real one. Its memory is out of the host's reach but while it works, so that a pointer handed to the wrong side is a
// fault at once; memory of the host is out of its kernels' reach likewise. What is put into a stream happens as late as
// it may.
//
// What is wrong with it the environment variable ACTBENCH_EMULATED says, comma separated: none (there is no device),
// old (of an architecture that nothing was built for), devices=2, memory=BYTES, fail=IDENTITY (the kernel whose launch
// is an illegal access, after which every call fails).
#include <sys/mman.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <map>
#include <mutex>
#include <sstream>
#include <utility>
#include <vector>

#include "actbench/cuda.hpp"
#include "kernels/cuda/runtime.hpp"
#include "tests/cuda_emulated/call.hpp"
#include "tests/cuda_emulated/digest.hpp"

namespace actbench::cuda {

extern const Module digest_module;
const Module digest_module{nullptr, 0, nullptr};

namespace {

using Clock = std::chrono::steady_clock;

constexpr Failure out_of_memory = "out of memory", illegal_access = "an illegal memory access was encountered",
                  invalid_value = "invalid argument";

struct Settings {
  bool none = false, old = false;
  int devices = 1;
  std::size_t memory = std::size_t{1} << 30;
  std::string fail;

  Settings() {
    const char* const text = std::getenv("ACTBENCH_EMULATED");
    std::istringstream list(text ? text : "");
    for (std::string word; std::getline(list, word, ',');) {
      const std::size_t equals = word.find('=');
      const std::string name = word.substr(0, equals), value = equals == word.npos ? "" : word.substr(equals + 1);
      if (name == "none") {
        none = true;
      } else if (name == "old") {
        old = true;
      } else if (name == "devices") {
        devices = std::stoi(value);
      } else if (name == "memory") {
        memory = std::stoul(value);
      } else if (name == "fail") {
        fail = value;
      } else {
        std::abort();
      }
    }
  }
};
const Settings& settings() {
  static const Settings all;
  return all;
}

struct State {
  std::recursive_mutex mutex;
  std::map<std::uintptr_t, std::size_t> arrays;  ///< address and size
  std::size_t used = 0;
  Failure broken = nullptr;  ///< by an error that stays
};
State& state() {
  static auto* const only = new State;
  return *only;
}

int selected = 0;
thread_local Failure first_failure = nullptr;
/// Who ends with a thread after its stream may still ask for what is in it: nothing.
thread_local bool stream_ended = false;
struct Stream {
  std::vector<std::function<void()>> work;
  ~Stream() { stream_ended = true; }
};
thread_local Stream stream;

/// While the device works: its memory within reach, and nobody else's.
class Working {
 public:
  Working() : lock_(state().mutex) { protect(PROT_READ | PROT_WRITE); }
  Working(const Working&) = delete;
  Working& operator=(const Working&) = delete;
  ~Working() { protect(PROT_NONE); }

 private:
  static void protect(int what) {
    for (const auto& [address, size] : state().arrays) {
      if (mprotect(reinterpret_cast<void*>(address), size, what) != 0)
        std::abort();  // NOLINT(performance-no-int-to-ptr)
    }
  }
  std::unique_lock<std::recursive_mutex> lock_;
};

/// Whether all of an array is memory of the device.
bool holds(const void* array, std::size_t bytes) {
  const std::lock_guard lock(state().mutex);
  const auto address = reinterpret_cast<std::uintptr_t>(array);
  const auto after = state().arrays.upper_bound(address);
  if (after == state().arrays.begin()) return false;
  const auto& [start, size] = *std::prev(after);
  return address - start <= size && bytes <= size - (address - start);
}

void run_stream() {
  if (stream_ended) return;
  std::vector<std::function<void()>> list;
  list.swap(stream.work);
  for (const auto& work : list) {
    if (!state().broken) work();
  }
}

Failure later(std::function<void()> work) {
  if (state().broken) return state().broken;
  stream.work.push_back(std::move(work));
  return nullptr;
}

}  // namespace

void set_stream(void*) noexcept {}
void note(Failure f) noexcept {
  if (!first_failure) first_failure = f;
}
const char* last_error() noexcept { return std::exchange(first_failure, nullptr); }

const char* unrunnable_reason() noexcept {
  static const std::string reason = [] {
    if (settings().none) return std::string("built for CUDA; this machine has no CUDA device");
    if (selected >= settings().devices) return "built for CUDA; there is no device " + std::to_string(selected);
    if (settings().old) return std::string("built for CUDA on sm_90; the device is sm_75");
    return std::string();
  }();
  return reason.empty() ? nullptr : reason.c_str();
}

void select(int device) noexcept { selected = device; }

Failure describe(Device& d) {
  d = {selected,          settings().devices, "emulated device", "0000:00:00.0", 90,   1,
       settings().memory, settings().memory,  1 << 20,           13000,          13000};
  d.free_bytes -= state().used;
  return state().broken;
}

Failure allocate(void** memory, std::size_t bytes) noexcept {
  const std::lock_guard lock(state().mutex);
  if (state().broken) return state().broken;
  bytes = (bytes + 4095) / 4096 * 4096;
  if (bytes > settings().memory - state().used) return out_of_memory;
  void* const got = mmap(nullptr, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (got == MAP_FAILED) return out_of_memory;
  state().arrays[reinterpret_cast<std::uintptr_t>(got)] = bytes;
  state().used += bytes;
  *memory = got;
  return nullptr;
}
void release(void* memory) noexcept {
  if (memory == nullptr) return;
  run_stream();
  const std::lock_guard lock(state().mutex);
  const auto found = state().arrays.find(reinterpret_cast<std::uintptr_t>(memory));
  if (found == state().arrays.end()) std::abort();
  munmap(memory, found->second);
  state().used -= found->second;
  state().arrays.erase(found);
}

bool reaches(const void* pointer) noexcept { return holds(pointer, 1); }

Failure copy(void* to, const void* from, std::size_t bytes) noexcept {
  const auto work = [=] {
    const Working working;
    std::memcpy(to, from, bytes);
  };
  if (holds(from, bytes)) return later(work);
  run_stream();  // ordinary memory of the host is read before the call returns
  if (state().broken) return state().broken;
  work();
  return nullptr;
}
Failure set_bytes(void* memory, unsigned char value, std::size_t bytes) noexcept {
  if (!holds(memory, bytes)) return invalid_value;
  return later([=] {
    const Working working;
    std::memset(memory, value, bytes);
  });
}
Failure wait() noexcept {
  run_stream();
  return state().broken;
}

Failure launch(const Module& module, std::size_t kernel, unsigned, void* parameter) noexcept {
  if (&module != &digest_module) return invalid_value;
  std::function<void()> work = cuda_emulated::digest_kernel(kernel, parameter);
  return later([work = std::move(work)] {
    const Working working;
    work();
  });
}

Stopwatch::Stopwatch() {
  for (void*& event : events_) event = new Clock::time_point;
}
Stopwatch::~Stopwatch() {
  for (void* const event : events_) delete static_cast<Clock::time_point*>(event);
}
Failure Stopwatch::start() noexcept {
  return later([at = static_cast<Clock::time_point*>(events_[0])] { *at = Clock::now(); });
}
Failure Stopwatch::stop() noexcept {
  return later([at = static_cast<Clock::time_point*>(events_[1])] { *at = Clock::now(); });
}
Failure Stopwatch::seconds(double& taken) noexcept {
  run_stream();
  taken = std::chrono::duration<double>(*static_cast<Clock::time_point*>(events_[1]) -
                                        *static_cast<Clock::time_point*>(events_[0]))
              .count();
  return state().broken;
}

}  // namespace actbench::cuda

namespace actbench::cuda_emulated {

void launch(const Kernel& row, const Arguments& a, void (*walk)(const cuda::Call&)) noexcept {
  if (a.n == 0) return;
  const std::size_t bytes = a.n * size_of(row.type);
  Kernel kernel = row;
  kernel.backend = Backend::cuda;
  bool reached = cuda::holds(a.y, bytes);
  for (const void* const input : {a.x, a.dy, a.a}) reached = reached && (input == nullptr || cuda::holds(input, bytes));
  const bool fails = !reached || identity(kernel) == cuda::settings().fail;
  cuda::note(cuda::later([fails, walk, call = call_of(row, a)] {
    if (fails) {
      cuda::state().broken = cuda::illegal_access;
      return;
    }
    const cuda::Working working;
    walk(call);
  }));
}

}  // namespace actbench::cuda_emulated
