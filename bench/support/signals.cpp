// SPDX-License-Identifier: Apache-2.0
#include "bench/support/signals.hpp"

#include <csignal>

#include "bench/support/errors.hpp"

namespace actbench::bench {
namespace {

std::atomic<bool> stop{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may touch nothing else");

void on_signal(int) { stop.store(true); }

}  // namespace

void handle_signals() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART | static_cast<int>(SA_RESETHAND);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  // A terminal that closes sends SIGHUP, and its shell another one: none of them is in a hurry. nohup has it ignored.
  struct sigaction before {};
  if (sigaction(SIGHUP, nullptr, &before) == 0 && before.sa_handler != SIG_IGN) {
    action.sa_flags = SA_RESTART;
    sigaction(SIGHUP, &action, nullptr);
  }
  action.sa_handler = SIG_IGN;
  action.sa_flags = 0;
  sigaction(SIGPIPE, &action, nullptr);
}

const std::atomic<bool>& stop_flag() { return stop; }

void check_interrupted() {
  if (stop.load()) throw Interrupted();
}

}  // namespace actbench::bench
