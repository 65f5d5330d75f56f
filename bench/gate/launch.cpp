// SPDX-License-Identifier: Apache-2.0
#include "bench/gate/launch.hpp"

#include <fmt/format.h>
#include <sys/wait.h>

#include <charconv>
#include <chrono>
#include <functional>
#include <optional>

#include "bench/gate/worker.hpp"
#include "bench/numbers/random.hpp"
#include "bench/support/errors.hpp"
#include "bench/support/process.hpp"
#include "bench/support/signals.hpp"

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

/// Listens to a worker until there are no more lines. False where it was silent for longer than the patience; one that
/// hangs then still says where. Throws Interrupted.
bool listen(Process& worker, const Place& place, const std::function<void(const std::string&)>& line) {
  using Clock = std::chrono::steady_clock;
  auto heard = Clock::now();
  bool patient = true;
  const auto goes_on = [&] {
    if (place.stop != nullptr && place.stop->load()) throw Interrupted();
    const double silent = std::chrono::duration<double>(Clock::now() - heard).count();
    if (patient && silent > place.patience_s) patient = false, worker.terminate();
    return silent <= place.patience_s + 2;
  };
  return worker.listen(goes_on, [&](const std::string& text) {
    if (patient) heard = Clock::now();
    line(text);
  }) && patient;
}

/// What a library did that ended the process, by exit or _exit. status: of waitpid.
Fault called_exit(const Place& place, Side side, int status, const std::string& where) {
  return {side, fmt::format("the {} ({}) called exit({}) {}", place.called[static_cast<int>(side)],
                            place.paths[static_cast<int>(side)], WEXITSTATUS(status), where)};
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
  // The stack begins where the environment ends.
  const std::string padding = "ACTBENCH_GATE_PADDING=" + std::string(mix(seed) % 4096, 'x');
  Process worker(place.program, {worker_command}, {padding}, "the measuring process");
  worker.send(plan);
  bool done = false;
  std::vector<std::string> trouble;
  std::optional<Side> loading;
  const bool patient = listen(worker, place, [&](const std::string& line) {
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
  const std::string& called = place.called[static_cast<int>(side)];
  if (trouble[0] == "refused") {
    throw Fault(side, index < 0 ? trouble[3] : fmt::format("the {} refused {}: {}", called, where, trouble[3]));
  }
  if (trouble[0] == "exit") throw called_exit(place, side, worker.end(), where);
  if (!patient) throw Fault(side, fmt::format("the {} hung {}: no end after {:g} s", called, where, place.patience_s));
  throw Fault(side, fmt::format("the {} crashed {}, by {}", called, where, signal_text(number<int>(trouble[3]))));
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
