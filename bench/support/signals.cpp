// SPDX-License-Identifier: Apache-2.0
#include "bench/support/signals.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <csignal>

#include "bench/support/errors.hpp"
#include "reports/files.hpp"
#include "reports/passing.hpp"

namespace actbench::bench {
namespace {

std::atomic<bool> stop{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may touch nothing else");

constexpr unsigned patience_s = 3;

void on_signal(int) {
  stop.store(true);
  ::alarm(patience_s);
}

volatile std::sig_atomic_t on_terminal = 0;

/// The work has not looked at the flag. Does only what is safe in a handler.
void on_alarm(int) {
  if (reports::files_are_passing()) {
    ::alarm(1);
    return;
  }
  reports::remove_what_passes();
  constexpr char wipe[] = "\r\033[K", sentence[] = "actbench: interrupted; nothing more was written\n";
  [[maybe_unused]] ssize_t written = 0;
  if (on_terminal != 0) written = ::write(STDERR_FILENO, wipe, sizeof wipe - 1);
  written = ::write(STDERR_FILENO, sentence, sizeof sentence - 1);
  ::_exit(exit_usage);
}

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
  on_terminal = ::isatty(STDERR_FILENO);
  action.sa_handler = on_alarm;
  action.sa_flags = SA_RESTART;
  sigaction(SIGALRM, &action, nullptr);
  action.sa_handler = SIG_IGN;
  action.sa_flags = 0;
  sigaction(SIGPIPE, &action, nullptr);
}

void take_deadly_signals(struct sigaction action) {
  static std::array<char, 1 << 16> stack;
  stack_t other{};
  other.ss_sp = stack.data();
  other.ss_size = stack.size();
  sigaltstack(&other, nullptr);
  action.sa_flags |= SA_ONSTACK;
  for (const int signal : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGSYS})
    sigaction(signal, &action, nullptr);
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
}

std::string signal_text(int signal) {
  switch (signal) {
    case SIGSEGV:
      return "a segmentation fault";
    case SIGBUS:
      return "a bus error";
    case SIGILL:
      return "an illegal instruction";
    case SIGFPE:
      return "an arithmetic exception";
    case SIGABRT:
      return "a call of abort";
    default:
      return fmt::format("signal {}", signal);
  }
}

const std::atomic<bool>& stop_flag() { return stop; }

void check_interrupted() {
  if (stop.load()) throw Interrupted();
}

}  // namespace actbench::bench
