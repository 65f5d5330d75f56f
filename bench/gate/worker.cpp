// SPDX-License-Identifier: Apache-2.0
#include "bench/gate/worker.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "bench/gate/library.hpp"
#include "bench/gate/statistics.hpp"
#include "bench/numbers/distribution.hpp"
#include "bench/numbers/inputs.hpp"
#include "bench/numbers/random.hpp"
#include "bench/selection/lanes.hpp"
#include "bench/support/signals.hpp"
#include "bench/timing/buffer.hpp"
#include "bench/timing/clock.hpp"
#include "bench/timing/timing.hpp"
#include "reports/files.hpp"

namespace actbench::bench::gate {
namespace {

// The side and the kernel that are at work, for the handler of signals.
volatile std::sig_atomic_t working_side = 0, working_kernel = -1;

// Where the words of this process go. Stdout itself goes elsewhere while a plug-in is loaded.
volatile std::sig_atomic_t listener = STDOUT_FILENO;

void say(const std::string& line) {
  const std::string text = line + "\n";
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t n = ::write(listener, text.data() + done, text.size() - done);
    if (n <= 0) _exit(1);
    done += static_cast<std::size_t>(n);
  }
}

/// One line: a word, whose turn it is, and a number. Does only what is safe in a handler of signals.
void say_whose_turn(std::string_view word, int number) {
  char text[64];
  std::size_t length = word.copy(text, 16);
  text[length++] = '\t';
  const auto put = [&](int value) {
    char digits[12];
    int count = 0;
    if (value < 0) text[length++] = '-', value = -value;
    do digits[count++] = static_cast<char>('0' + value % 10);
    while ((value /= 10) > 0);
    while (count > 0) text[length++] = digits[--count];
  };
  put(static_cast<int>(working_side));
  text[length++] = '\t';
  put(static_cast<int>(working_kernel));
  text[length++] = '\t';
  put(number);
  text[length++] = '\n';
  [[maybe_unused]] const ssize_t written = ::write(listener, text, length);
}

/// Says whose fault ends the process.
void on_fault(int signal) {
  say_whose_turn("fault", signal);
  _exit(128 + signal);
}

/// Says whose call of exit it is. After the last word of a worker it is its own, and nobody listens.
void on_exit() { say_whose_turn("exit", 0); }

void handle_faults() {
  struct sigaction action {};
  action.sa_handler = on_fault;
  take_deadly_signals(action);
  sigaction(SIGTERM, &action, nullptr);
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGHUP, SIG_DFL);
}

KernelLibrary load(Side side, const std::string& path) {
  working_side = static_cast<int>(side);
  working_kernel = -1;
  say(fmt::format("loading\t{}", static_cast<int>(side)));
  KernelLibrary library(path);
  say("loaded");
  return library;
}

int list(Side side, const std::string& path) {
  const KernelLibrary library = load(side, path);
  for (const KernelLibrary::Entry& entry : library.list()) {
    const Kernel* const known = actbench::find(entry.identity);
    const bool usable = known != nullptr && callable(*known);
    say(fmt::format("kernel\t{}\t{}\t{}", entry.identity, usable && library.runnable(*known, entry.handle) ? 1 : 0,
                    entry.code));
  }
  say("done");
  return 0;
}

constexpr double run_s = 200e-6;         ///< of one timed run: shorter than what a scheduler lets run at a stretch
constexpr double call_s = 2e-6;          ///< of one call, so that what a call costs by itself is no part of it
constexpr std::size_t l1_bytes = 16384;  ///< of all arrays of a kernel together: half of the smallest first-level cache
constexpr std::size_t most_doublings = 3;
constexpr std::size_t page = 4096;

struct Planned {
  std::string identity, base_identity;
  double extra = 0;
};

/// The head's extra work, in whole registers. The rest of a register is owed to the next run.
class Extra {
 public:
  Extra(double share, Backend backend) : share_(share), granule_(lanes_of(backend) == 1 ? 1 : 2 * lanes_of(backend)) {}
  /// Elements to compute once more after so many.
  std::size_t after(std::size_t elements) {
    owed_ += share_ * static_cast<double>(elements);
    const auto now = static_cast<std::size_t>(owed_ / granule_) * static_cast<std::size_t>(granule_);
    owed_ -= static_cast<double>(now);
    return now;
  }

 private:
  double share_, granule_, owed_ = 0;
};

/// Integer arithmetic, whose time depends on no value.
void calibration(const std::uint32_t* x, std::uint32_t* y, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    std::uint32_t v = x[i];
    for (int round = 0; round < 4; ++round) {
      v = (v ^ (v >> 15)) * 0x2c1b3c6du;
      v = (v ^ (v >> 12)) * 0x297a2d39u;
    }
    asm volatile("" : "+r"(v));  // one number at a time, so that all compilers make about the same of it
    y[i] = v;
  }
}

/// What is timed: a kernel of a library, or, without one, a reference.
struct Callee {
  const KernelLibrary* library;
  const void* handle;
  const Kernel* alike;  ///< of this program
  bool copies;
  std::size_t bytes_per_element;

  bool operator()(const InputArrays& all, void* y, std::size_t n) const {
    if (library != nullptr) return library->apply(*alike, handle, taken(multipliers_of(*alike), all), y, n);
    if (copies) {
      std::memcpy(y, all.x, n * sizeof(std::uint32_t));
    } else {
      calibration(static_cast<const std::uint32_t*>(all.x), static_cast<std::uint32_t*>(y), n);
    }
    asm volatile("" : : "r"(y) : "memory");  // so that the compiler leaves out no repetition
    return true;
  }
};

class Measurement {
 public:
  Measurement(const std::array<const KernelLibrary*, 2>& libraries, std::uint64_t seed)
      : libraries_(libraries),
        random_(seed),
        cpu_time_(timing::cpu_clock_is_fine()),
        x_(array_bytes, place(), "the gate's arrays"),
        dy_(array_bytes, place(), "the gate's arrays"),
        a_(array_bytes, place(), "the gate's arrays"),
        y_(array_bytes, place(), "the gate's arrays") {}

  void run(const std::vector<Planned>& plan, std::size_t blocks) {
    std::vector<std::size_t> order(plan.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    random_.shuffle(order);
    for (const std::size_t i : order) measure(i, plan[i], blocks);
  }

 private:
  static constexpr std::size_t array_bytes = l1_bytes << most_doublings;

  std::size_t place() { return random_.next() % (page / 64) * 64; }
  bool coin() { return (random_.next() >> 32 & 1) != 0; }
  double now() const {
    if (cpu_time_) return timing::thread_cpu_seconds();
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
  }

  void fill(Type type) {
    if (filled_ && *filled_ == type) return;
    filled_ = type;
    bench::fill(type, Distribution::normal, 1, x_.data(), array_bytes / size_of(type));
    bench::fill(type, Distribution::normal, 2, dy_.data(), array_bytes / size_of(type));
    bench::fill(type, Distribution::normal, 3, a_.data(), array_bytes / size_of(type));
  }

  /// Seconds of so many calls on n elements.
  double time(Side side, const Callee& callee, std::size_t n, std::size_t calls, Extra& extra) {
    working_side = static_cast<int>(side);
    bool right = true;
    const auto call = [&](std::size_t elements) {
      right = callee({x_.data(), dy_.data(), a_.data()}, y_.data(), elements) && right;
    };
    const double start = now();
    for (std::size_t i = 0; i < calls; ++i) call(n);
    if (side == Side::head) {
      std::size_t more = extra.after(calls * n);
      for (; more > n; more -= n) call(n);
      if (more > 0) call(more);
    }
    const double end = now();
    if (!right) {
      say(fmt::format("refused\t{}\t{}\t{}", static_cast<int>(side), static_cast<int>(working_kernel),
                      callee.library->error()));
      _exit(0);
    }
    return end - start;
  }

  Callee callee(Side side, const std::string& what) {
    working_side = static_cast<int>(side);
    const Kernel* const kernel = actbench::find(what);
    if (kernel == nullptr) return {nullptr, nullptr, nullptr, what == copy_reference, 2 * sizeof(std::uint32_t)};
    const KernelLibrary* const library = libraries_[static_cast<std::size_t>(side)];
    return {library, library->find(what), kernel, false, timing::bytes_per_element(*kernel)};
  }

  void measure(std::size_t index, const Planned& planned, std::size_t blocks) {
    working_kernel = static_cast<int>(index);
    const Kernel& kernel = *actbench::find(planned.identity);
    const std::array callees{callee(Side::base, planned.base_identity), callee(Side::head, planned.identity)};
    fill(kernel.type);
    Extra extra(planned.extra, kernel.backend), none(0, kernel.backend);
    std::array<std::size_t, 2> n{}, calls{};
    const auto once = [&](Side side, Extra& more) {
      const std::size_t s = static_cast<std::size_t>(side);
      return time(side, callees[s], n[s], calls[s], more);
    };
    // Both sides of a kernel, or of a kernel and a peer's, get equal work: as much as one of them, drawn by lot, does
    // in the time aimed at. A reference has its own.
    const bool equal_work = callees[0].library != nullptr;
    const Side drawn = coin() ? Side::head : Side::base;
    for (const Side side : sides) {
      const std::size_t s = static_cast<std::size_t>(side);
      n[s] = std::max<std::size_t>(1, l1_bytes / callees[s].bytes_per_element);
      calls[s] = 1;
    }
    for (const Side side : {drawn == Side::head ? Side::base : Side::head, drawn}) {
      const std::size_t s = static_cast<std::size_t>(side);
      once(side, none);
      double one = std::min(once(side, none), once(side, none));
      for (std::size_t doubled = 0; equal_work && one < call_s && doubled < most_doublings; ++doubled) {
        n[s] *= 2;
        one = std::min(once(side, none), once(side, none));
      }
      calls[s] = static_cast<std::size_t>(std::clamp(run_s / std::max(one, 1e-9), 1.0, 1e6));
    }
    if (equal_work) {
      const std::size_t d = static_cast<std::size_t>(drawn);
      n[1 - d] = n[d], calls[1 - d] = calls[d];
    }
    for (const Side side : {drawn, drawn == Side::head ? Side::base : Side::head}) once(side, extra);

    std::vector<double> ratios, base_ns, head_ns;
    for (std::size_t block = 0; block < blocks; ++block) {
      const Side outer = coin() ? Side::head : Side::base;
      const Side inner = outer == Side::head ? Side::base : Side::head;
      double seconds[2] = {};
      for (const Side side : {outer, inner, inner, outer}) seconds[static_cast<int>(side)] += once(side, extra);
      const auto ns = [&](std::size_t s) {
        return seconds[s] * 1e9 / (2 * static_cast<double>(n[s]) * static_cast<double>(calls[s]));
      };
      base_ns.push_back(ns(0)), head_ns.push_back(ns(1));
      if (seconds[0] > 0 && seconds[1] > 0) ratios.push_back(std::log(ns(1) / ns(0)));
    }
    if (ratios.empty()) return;
    say(fmt::format("value\t{}\t{}\t{}\t{}", index, median(ratios), median(base_ns), median(head_ns)));
  }

  std::array<const KernelLibrary*, 2> libraries_;
  Random random_;
  const bool cpu_time_;
  timing::Buffer x_, dy_, a_, y_;
  std::optional<Type> filled_;
};

int measure(const std::vector<std::string>& head_line, const std::vector<Planned>& plan) {
  const std::uint64_t seed = std::stoull(head_line[3]);
  Random random(seed ^ 0x10ad);
  std::array<std::unique_ptr<KernelLibrary>, 2> libraries;
  const std::size_t first = random.next() >> 32 & 1;
  for (const std::size_t s : {first, 1 - first})
    libraries[s] = std::make_unique<KernelLibrary>(load(static_cast<Side>(s), head_line[1 + s]));
  Measurement({libraries[0].get(), libraries[1].get()}, seed).run(plan, std::stoull(head_line[4]));
  say("done");
  return 0;
}

}  // namespace

std::vector<std::string> fields(const std::string& line) {
  std::vector<std::string> all;
  std::istringstream text(line);
  for (std::string field; std::getline(text, field, '\t');) all.push_back(field);
  return all;
}

int run_worker() {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // whoever measures has ended, and a kernel that hangs would not
  if (const int copy = ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3); copy >= 0) listener = copy;
  handle_faults();
  std::atexit(on_exit);
  try {
    std::istringstream text(reports::read_all(STDIN_FILENO, reports::most_read, "the plan"));
    std::string line;
    if (!std::getline(text, line)) return 1;
    const std::vector<std::string> head_line = fields(line);
    std::vector<Planned> plan;
    while (std::getline(text, line)) {
      const std::vector<std::string> f = fields(line);
      if (f.size() == 4 && f[0] == "kernel") plan.push_back({f[1], f[2], std::stod(f[3])});
    }
    if (head_line.size() == 3 && head_line[0] == "list")
      return list(head_line[1] == "base" ? Side::base : Side::head, head_line[2]);
    if (head_line.size() == 5 && head_line[0] == "measure") return measure(head_line, plan);
  } catch (const std::exception& e) {
    say(fmt::format("refused\t{}\t{}\t{}", static_cast<int>(working_side), static_cast<int>(working_kernel), e.what()));
    return 0;
  }
  return 1;
}

}  // namespace actbench::bench::gate
