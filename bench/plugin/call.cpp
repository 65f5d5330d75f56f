// SPDX-License-Identifier: Apache-2.0
#include "bench/plugin/call.hpp"

#include <array>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "bench/plugin/description.hpp"
#include "bench/support/signals.hpp"

namespace actbench::bench::plugin {
namespace {

std::array<actbench_plugin_kernel, most_kernels> known;
std::size_t known_count = 0;
Watch* watch = nullptr;

/// A thread's place in the watch, from its first call to its end. Threads beyond the seats go unwatched.
class Seated {
 public:
  Seated() {
    if (watch == nullptr) return;
    for (Watch::Seat& seat : watch->seats) {
      if (seat.taken.exchange(true)) continue;
      seat_ = &seat;
      return;
    }
  }
  ~Seated() {
    if (seat_ != nullptr) seat_->taken = false;
  }
  Seated(const Seated&) = delete;
  Seated& operator=(const Seated&) = delete;

  void enter(std::size_t kernel, std::size_t elements) {
    in_ = static_cast<std::uint32_t>(kernel + 1);
    elements_ = elements;
    if (seat_ == nullptr) return;
    seat_->elements.store(elements, std::memory_order_relaxed);
    seat_->calls.store(seat_->calls.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    seat_->kernel.store(in_, std::memory_order_release);
  }
  void leave() {
    in_ = 0;
    if (seat_ != nullptr) seat_->kernel.store(0, std::memory_order_release);
  }
  std::uint32_t in() const { return in_; }
  std::size_t elements() const { return elements_; }

 private:
  Watch::Seat* seat_ = nullptr;
  std::uint32_t in_ = 0;
  std::size_t elements_ = 0;
};

thread_local Seated seated;

template <std::size_t kernel>
void run(const Arguments& arguments) noexcept {
  seated.enter(kernel, arguments.n);
  call(known[kernel], arguments);
  seated.leave();
}

template <std::size_t... kernel>
constexpr std::array<Function, sizeof...(kernel)> functions_of(std::index_sequence<kernel...>) {
  return {run<kernel>...};
}
constexpr auto functions = functions_of(std::make_index_sequence<most_kernels>());

void note_kernel() {
  if (seated.in() == 0) return;
  watch->fault_elements = seated.elements();
  watch->fault_in = seated.in();
}

/// Says where the signal came, and lets it do what it does.
void on_fault(int) { note_kernel(); }

}  // namespace

Function function_for(const actbench_plugin_kernel& kernel, const std::string& identity) {
  if (known_count == most_kernels) throw Refused("describes more kernels than there is room for");
  known[known_count] = kernel;
  if (watch != nullptr) {
    char* const to = watch->identities[known_count];
    to[identity.copy(to, sizeof watch->identities[0] - 1)] = '\0';
  }
  return functions[known_count++];
}

void call(const actbench_plugin_kernel& kernel, const Arguments& a) {
  const actbench_call c{a.x, a.dy, a.a, a.y, a.n, a.row, a.parameters, kernel.context};
  kernel.run(&c);
}

SeenLoading::SeenLoading() {
  if (watch != nullptr) watch->loading = true;
}

SeenLoading::~SeenLoading() {
  if (watch != nullptr) watch->loading = false;
}

void be_watched(Watch& w) {
  watch = &w;
  std::atexit(note_kernel);  // which the thread that calls exit runs
  struct sigaction action {};
  action.sa_handler = on_fault;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  take_deadly_signals(action);
}

}  // namespace actbench::bench::plugin
