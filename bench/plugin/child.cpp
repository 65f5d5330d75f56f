// SPDX-License-Identifier: Apache-2.0
#include "bench/plugin/child.hpp"

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <ctime>

#include "bench/support/errors.hpp"

namespace actbench::bench::plugin {
namespace {

constexpr double tick_s = 0.1;

/// A signal that is ignored, as nohup has it, would wait all the same.
sigset_t held() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGCHLD, SIGINT, SIGTERM, SIGHUP, SIGQUIT}) {
    struct sigaction action {};
    if (sigaction(signal, nullptr, &action) != 0 || action.sa_handler != SIG_IGN) sigaddset(&set, signal);
  }
  return set;
}

}  // namespace

HeldSignals::HeldSignals() {
  const sigset_t set = held();
  sigprocmask(SIG_BLOCK, &set, nullptr);
}

HeldSignals::~HeldSignals() { let_go(); }

void HeldSignals::let_go() const {
  const sigset_t set = held();
  sigprocmask(SIG_UNBLOCK, &set, nullptr);
}

pid_t fork_child() {
  std::fflush(nullptr);  // what waits to be written is written once
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child < 0) throw MissingError(fmt::format("cannot start a process: {}", std::strerror(errno)));
  if (child > 0) return child;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);
  return 0;
}

Ended await(pid_t child, const std::function<bool(int signal)>& goes_on) {
  const sigset_t set = held();
  Ended end{0, 0};
  while (true) {
    const pid_t ended = waitpid(child, &end.status, WNOHANG);
    if (ended == child || (ended < 0 && errno != EINTR)) return end;
    if (!goes_on(end.signal)) kill(child, SIGKILL);
    const timespec tick{0, static_cast<long>(tick_s * 1e9)};
    siginfo_t info{};
    const int signal = sigtimedwait(&set, &info, &tick);
    if (signal <= 0 || signal == SIGCHLD) continue;
    end.signal = signal;
    if (info.si_code <= 0) kill(child, signal);  // a terminal sends to all of its processes
  }
}

bool Patience::is_over(const State& state, double more_seconds) {
  if (state != state_) waited_ = 0;
  state_ = state;
  waited_ += tick_s;
  return waited_ > seconds_ + more_seconds;
}

}  // namespace actbench::bench::plugin
