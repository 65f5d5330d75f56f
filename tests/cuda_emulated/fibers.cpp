// SPDX-License-Identifier: Apache-2.0
//
// A context begins a fiber; from then on fibers change by _setjmp and _longjmp, which do not ask the kernel for
// anything.
#undef _FORTIFY_SOURCE  // takes a jump to another stack for a mistake
#include "tests/cuda_emulated/fibers.hpp"

#include <setjmp.h>
#include <sys/mman.h>
#include <ucontext.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <utility>
#include <vector>

namespace actbench::cuda_emulated {
namespace {

constexpr std::size_t stack_bytes = std::size_t{1} << 18;

[[noreturn]] void fail(const char* text) {
  std::fprintf(stderr, "emulated block: %s\n", text);
  std::abort();
}

struct Barrier {
  unsigned waiting = 0;
  std::uint64_t passed = 0;
};

class Block {
 public:
  void run(unsigned threads, void (*enter)(unsigned), void (*body)(const void*), const void* argument) {
    slots_.resize(std::size_t{threads} * slot_bytes);
    contexts_.resize(threads);
    places_.resize(threads);
    started_.assign(threads, false);
    ended_.assign(threads, false);
    barriers_.clear();
    body_ = body;
    argument_ = argument;
    for (unsigned t = 0; t < threads; ++t) {
      ucontext_t& context = contexts_[t];
      if (getcontext(&context) != 0) fail("getcontext");
      context.uc_stack.ss_sp = stack(t);
      context.uc_stack.ss_size = stack_bytes;
      context.uc_link = nullptr;
      makecontext(&context, start, 0);
    }
    for (bool all_ended = false; !all_ended;) {
      all_ended = true;
      const std::uint64_t before = progress_;
      for (unsigned t = 0; t < threads; ++t) {
        if (ended_[t]) continue;
        all_ended = false;
        current_ = t;
        enter(t);
        resume(t);
      }
      if (!all_ended && progress_ == before) fail("threads wait for others that never come");
    }
  }

  void wait(unsigned first, unsigned count) {
    Barrier& barrier = barriers_[{first, count}];
    const std::uint64_t passed = barrier.passed;
    ++progress_;
    if (++barrier.waiting == count) {
      barrier.waiting = 0;
      ++barrier.passed;
      return;
    }
    const unsigned self = current_;
    while (barrier.passed == passed) {
      if (_setjmp(places_[self].at) == 0) _longjmp(scheduler_, 1);
    }
  }

  unsigned char* slot(unsigned thread) { return slots_.data() + std::size_t{thread} * slot_bytes; }

  static Block& here() {
    thread_local Block block;
    return block;
  }

 private:
  static void start() {
    Block& block = here();
    block.body_(block.argument_);
    block.ended_[block.current_] = true;
    ++block.progress_;
    _longjmp(block.scheduler_, 1);
  }

  __attribute__((noinline)) void resume(unsigned thread) {
    if (_setjmp(scheduler_) != 0) return;
    if (started_[thread]) _longjmp(places_[thread].at, 1);
    started_[thread] = true;
    setcontext(&contexts_[thread]);
    fail("setcontext");
  }

  void* stack(unsigned thread) {
    while (stacks_.size() <= thread) {
      void* const memory = mmap(nullptr, stack_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
      if (memory == MAP_FAILED) fail("no memory for a stack");
      stacks_.push_back(memory);
    }
    return stacks_[thread];
  }

  std::vector<void*> stacks_;  // kept for the next block
  std::vector<ucontext_t> contexts_;
  std::vector<bool> ended_;
  std::vector<unsigned char> slots_;
  std::map<std::pair<unsigned, unsigned>, Barrier> barriers_;
  struct Place {
    jmp_buf at;
  };
  std::vector<Place> places_;
  std::vector<bool> started_;
  jmp_buf scheduler_{};
  void (*body_)(const void*) = nullptr;
  const void* argument_ = nullptr;
  unsigned current_ = 0;
  std::uint64_t progress_ = 0;
};

}  // namespace

void run_block(unsigned threads, void (*enter)(unsigned thread), void (*body)(const void*), const void* argument) {
  Block::here().run(threads, enter, body, argument);
}
void wait_for(unsigned first, unsigned count) { Block::here().wait(first, count); }
unsigned char* slot(unsigned thread) { return Block::here().slot(thread); }

}  // namespace actbench::cuda_emulated
