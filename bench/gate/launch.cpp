// SPDX-License-Identifier: Apache-2.0
#include "bench/gate/launch.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstring>
#include <functional>
#include <optional>

#include "bench/gate/worker.hpp"
#include "bench/numbers/random.hpp"
#include "bench/support/errors.hpp"
#include "bench/support/signals.hpp"
#include "reports/files.hpp"

extern char** environ;

namespace actbench::bench::gate {
namespace {

template <class T>
T number(const std::string& text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size())
    throw MissingError(fmt::format("the measuring process gave '{}' where a number belongs", text));
  return value;
}

constexpr std::size_t most_of_a_line = 1 << 20;  ///< the longest lines are identities or an error

/// A child process, with pipes to and from it. The destructor kills it.
class Worker {
 public:
  Worker(const Place& place, std::uint64_t padding) {
    int to[2], from[2];
    if (::pipe2(to, O_CLOEXEC) != 0) fail(errno);
    if (::pipe2(from, O_CLOEXEC) != 0) fail(errno);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, to[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, from[1], STDOUT_FILENO);
    // The stack begins where the environment ends.
    std::string pad = "ACTBENCH_GATE_PADDING=" + std::string(padding, 'x');
    std::vector<char*> environment;
    for (char** variable = environ; *variable != nullptr; ++variable) environment.push_back(*variable);
    environment.push_back(pad.data());
    environment.push_back(nullptr);
    std::string program = place.program, command = worker_command;
    char* arguments[] = {program.data(), command.data(), nullptr};
    const int error = ::posix_spawn(&process_, program.c_str(), &actions, nullptr, arguments, environment.data());
    posix_spawn_file_actions_destroy(&actions);
    ::close(to[0]), ::close(from[1]);
    to_ = to[1], from_ = from[0];
    if (error != 0) process_ = -1, fail(error);
  }
  ~Worker() {
    if (to_ >= 0) ::close(to_);
    if (from_ >= 0) ::close(from_);
    end();
  }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  void send(const std::string& text) {
    reports::write_all(to_, text);  // this fails where the process has ended; its last words say why
    ::close(to_);
    to_ = -1;
  }

  /// Hands over line by line until there are no more. False where the worker was silent for longer than the patience;
  /// one that hangs then still says where. Throws Interrupted.
  bool listen(const Place& place, const std::function<void(const std::string&)>& line) {
    using Clock = std::chrono::steady_clock;
    auto heard = Clock::now();
    bool patient = true;
    std::string pending;
    for (;;) {
      if (place.stop != nullptr && place.stop->load()) throw Interrupted();
      const double silent = std::chrono::duration<double>(Clock::now() - heard).count();
      if (patient && silent > place.patience_s) patient = false, ::kill(process_, SIGTERM);
      if (silent > place.patience_s + 2) return false;
      pollfd ready{from_, POLLIN, 0};
      if (::poll(&ready, 1, 50) <= 0) continue;
      char part[4096];
      const ssize_t n = ::read(from_, part, sizeof part);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return patient;
      heard = patient ? Clock::now() : heard;
      pending.append(part, static_cast<std::size_t>(n));
      for (std::size_t end; (end = pending.find('\n')) != std::string::npos; pending.erase(0, end + 1))
        line(pending.substr(0, end));
      if (pending.size() > most_of_a_line)
        throw MissingError("the measuring process writes without end; is the library of kernels one?");
    }
  }

  /// Ends it. Returns the status that waitpid gives.
  int end() {
    if (process_ <= 0) return 0;
    int status = 0;
    ::kill(process_, SIGKILL);  // without effect on one that has ended
    while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
    }
    process_ = -1;
    return status;
  }

 private:
  [[noreturn]] static void fail(int error) {
    throw MissingError(fmt::format("cannot start the measuring process: {}", std::strerror(error)));
  }
  pid_t process_ = -1;
  int to_ = -1, from_ = -1;
};

/// What a library did that ended the process, by exit or _exit. status: of waitpid.
Fault called_exit(const Place& place, Side side, int status, const std::string& where) {
  return {side, fmt::format("the {} ({}) called exit({}) {}", name(side), place.paths[static_cast<int>(side)],
                            WEXITSTATUS(status), where)};
}

/// The worker is gone, and it did not say why. loading: the library that it was loading. Throws Fault, MissingError.
[[noreturn]] void end_without_a_word(const Place& place, std::optional<Side> loading, int status) {
  if (!WIFEXITED(status)) throw MissingError("the measuring process was killed; is there too little memory?");
  if (loading) throw called_exit(place, *loading, status, "while it was loaded");
  throw MissingError(fmt::format("a kernel of the base or of the head ended the measuring process, by _exit({})",
                                 WEXITSTATUS(status)));
}

/// Has a worker carry out a plan. rows: gets the fields of every line of results. name_of: the kernel of an index.
void converse(const Place& place, const std::string& plan, std::uint64_t seed,
              const std::function<void(const std::vector<std::string>&)>& rows,
              const std::function<std::string(int)>& name_of) {
  Worker worker(place, mix(seed) % 4096);
  worker.send(plan);
  bool done = false;
  std::vector<std::string> trouble;
  std::optional<Side> loading;
  const bool patient = worker.listen(place, [&](const std::string& line) {
    const std::vector<std::string> f = fields(line);
    if (f.empty()) return;
    if (f[0] == "done") {
      done = true;
    } else if (f[0] == "loading" && f.size() == 2) {
      loading = f[1] == "0" ? Side::base : Side::head;
    } else if (f[0] == "loaded") {
      loading.reset();
    } else if (f[0] == "fault" || f[0] == "refused" || f[0] == "exit") {
      if (trouble.empty()) trouble = f;  // what follows the first is the end of the process
    } else {
      rows(f);
    }
  });
  if (done) return;
  if (place.stop != nullptr && place.stop->load()) throw Interrupted();
  if (trouble.size() < 4) end_without_a_word(place, loading, worker.end());
  const Side side = trouble[1] == "0" ? Side::base : Side::head;
  const int index = number<int>(trouble[2]);
  const std::string where = index < 0 ? "while it was loaded" : "in " + name_of(index);
  if (trouble[0] == "refused") {
    throw Fault(side, index < 0 ? trouble[3] : fmt::format("the {} refused {}: {}", name(side), where, trouble[3]));
  }
  if (trouble[0] == "exit") throw called_exit(place, side, worker.end(), where);
  if (!patient)
    throw Fault(side, fmt::format("the {} hung {}: no end after {:g} s", name(side), where, place.patience_s));
  throw Fault(side, fmt::format("the {} crashed {}, by {}", name(side), where, signal_text(number<int>(trouble[3]))));
}

}  // namespace

std::vector<Listed> list_kernels(const Place& place, Side side) {
  std::vector<Listed> all;
  converse(
      place, fmt::format("list\t{}\t{}\n", name(side), place.paths[static_cast<int>(side)]), 0,
      [&](const std::vector<std::string>& f) {
        if (f.size() == 4 && f[0] == "kernel") all.push_back({f[1], f[2] == "1", number<std::uint64_t>(f[3])});
      },
      [](int) { return std::string("a kernel"); });
  return all;
}

std::vector<Measured> measure(const Place& place, const std::vector<Planned>& plan, std::uint64_t seed,
                              std::size_t blocks) {
  std::string text = fmt::format("measure\t{}\t{}\t{}\t{}\n", place.paths[0], place.paths[1], seed, blocks);
  for (const Planned& p : plan) text += fmt::format("kernel\t{}\t{}\t{}\n", p.identity, p.base_identity, p.extra);
  std::vector<Measured> all;
  converse(
      place, text, seed,
      [&](const std::vector<std::string>& f) {
        if (f.size() != 5 || f[0] != "value") return;
        const auto index = number<std::size_t>(f[1]);
        if (index < plan.size())
          all.push_back({index, number<double>(f[2]), number<double>(f[3]), number<double>(f[4])});
      },
      [&](int index) { return plan.at(static_cast<std::size_t>(index)).identity; });
  return all;
}

}  // namespace actbench::bench::gate
