// SPDX-License-Identifier: Apache-2.0
#include "bench/plugin/examine.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <iterator>
#include <new>
#include <string_view>

#include "bench/plugin/child.hpp"
#include "bench/plugin/description.hpp"
#include "bench/plugin/library.hpp"
#include "bench/plugin/trials.hpp"
#include "bench/support/errors.hpp"
#include "bench/support/float_state.hpp"
#include "bench/support/signals.hpp"
#include "reports/text.hpp"

namespace actbench::bench::plugin {
namespace {

enum Step : int { loading, starting, trying, leaving };

/// What the child shares with its parent. Findings are lines with fields separated by tabs: KIND SUBJECT SENTENCE.
struct Shared {
  TrialRecord trials;
  std::atomic<int> step;
  std::atomic<std::size_t> tried;  ///< kernels of the description that are done
  std::atomic<std::size_t> count;  ///< of all; 0: not known yet
  char name[64];                   ///< the plug-in's own
  char identity[256];              ///< of the kernel that is tried
  std::atomic<std::size_t> used;
  char text[1 << 20];
};
constexpr char fault_kind = 'F', note_kind = 'N', absent_kind = 'A';

// ---- In the child

std::size_t threads_here() {
  std::error_code error;
  const std::filesystem::directory_iterator tasks("/proc/self/task", error);
  return error ? 1 : static_cast<std::size_t>(std::distance(begin(tasks), end(tasks)));
}

double seconds(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// CPU time that threads other than this one have taken so far. Between the two clocks lies the time of reading them.
double elsewhere_s() {
  double least = HUGE_VAL;
  for (int i = 0; i < 20; ++i) {
    const double here = seconds(CLOCK_THREAD_CPUTIME_ID);
    least = std::min(least, seconds(CLOCK_PROCESS_CPUTIME_ID) - here);
  }
  return least;
}
constexpr double most_elsewhere_s = 5e-6;  ///< less than a thread that does nothing takes from its start to its end

constexpr unsigned beginning_us = 50000;  ///< that threads get to begin in, before what threads take is measured

/// Files in memory in the place of stdout and stderr, and how much was written there.
class CapturedOutput {
 public:
  CapturedOutput() {
    const int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    dup2(null, STDIN_FILENO);
    for (std::size_t i = 0; i < 2; ++i) {
      files_[i] = memfd_create("output", MFD_CLOEXEC);
      dup2(files_[i], static_cast<int>(i) + STDOUT_FILENO);
    }
  }
  /// "stdout", where something came since the last question.
  std::string where_printed() {
    std::fflush(nullptr);
    std::string where;
    constexpr const char* names[] = {"stdout", "stderr"};
    for (std::size_t i = 0; i < 2; ++i) {
      struct stat now {};
      if (fstat(files_[i], &now) != 0 || now.st_size == seen_[i]) continue;
      seen_[i] = now.st_size;
      where += fmt::format("{}{}", where.empty() ? "" : " and ", names[i]);
    }
    return where;
  }

 private:
  int files_[2] = {-1, -1};
  off_t seen_[2] = {0, 0};
};

class Examiner {
 public:
  explicit Examiner(Shared& shared) : shared_(shared) {}

  /// Tries the kernels from a number on, up to the first that cannot be used: after that one the process is not to be
  /// trusted.
  void run(const std::string& path, std::size_t from) {
    try {
      const Description plugin = open(path, from == 0);
      shared_.count = plugin.kernels.size();
      shared_.name[plugin.name.copy(shared_.name, sizeof shared_.name - 1)] = '\0';
      if (from == 0) {
        for (const Misfit& misfit : plugin.misfits)
          say(fault_kind, fmt::format("{} of {}:", misfit.kernel, plugin.name), misfit.sentence);
      }
      shared_.step = trying;
      for (std::size_t i = from; i < plugin.kernels.size(); ++i) {
        if (!try_one(plugin.kernels[i], i)) break;
      }
    } catch (const Refused& why) {
      say(refusal_, path, why.what());
    } catch (const std::exception& e) {
      say(fault_kind, shared_.step == trying ? shared_.identity : path,
          fmt::format("throws an exception: {}", e.what()));
    }
    shared_.step = leaving;
  }

 private:
  Description open(const std::string& path, bool first) {
    std::string state;
    shared_.step = loading;
    const actbench_plugin* const entry = load(path, &state);
    Description plugin = describe(entry);
    shared_.step = starting;
    refusal_ = absent_kind;
    start(*entry);
    refusal_ = fault_kind;
    const std::string printed = output_.where_printed();
    const bool threads = threads_here() > 1;
    if (threads) usleep(beginning_us);
    if (!first) return plugin;
    if (!state.empty()) {
      say(note_kind, path,
          fmt::format("changes the floating-point state when it is loaded: {}, in every program that loads it; its "
                      "kernels are called in the default state",
                      state));
    }
    if (!printed.empty()) say(note_kind, path, fmt::format("prints to {} when it is loaded", printed));
    if (threads) say(note_kind, path, "starts threads when it is loaded");
    return plugin;
  }

  bool try_one(const Described& kernel, std::size_t index) {
    shared_.identity[kernel.identity.copy(shared_.identity, sizeof shared_.identity - 1)] = '\0';
    TrialResult result;
    try {
      if (kernel.runs) result = tried(kernel);
    } catch (const std::bad_alloc&) {
      result.fault = "cannot be tried: there is too little memory";
    } catch (const std::exception& e) {
      result.fault = fmt::format("cannot be tried: {}", e.what());
    }
    for (const std::string& note : result.notes) say(note_kind, kernel.identity, note);
    if (!result.fault.empty()) say(fault_kind, kernel.identity, result.fault);
    shared_.tried = index + 1;
    return result.fault.empty();
  }

  TrialResult tried(const Described& kernel) {
    const std::size_t threads = threads_here();
    const double elsewhere = elsewhere_s();
    TrialResult result = try_kernel(kernel, shared_.trials);
    if (const std::string where = output_.where_printed(); result.fault.empty() && !where.empty())
      result.fault = fmt::format("prints to {}", where);
    if (result.fault.empty() && (threads_here() > threads || elsewhere_s() - elsewhere > most_elsewhere_s)) {
      result.fault =
          "computes in threads of its own: its times would be those of more than one CPU, and OMP_NUM_THREADS=1 may "
          "keep it to one";
    }
    return result;
  }

  void say(char kind, const std::string& subject, const std::string& sentence) {
    const std::string line =
        fmt::format("{}\t{}\t{}\n", kind, reports::printable(subject), reports::printable(sentence));
    if (shared_.used + line.size() > sizeof shared_.text) return;
    line.copy(shared_.text + shared_.used, line.size());
    shared_.used += line.size();
  }

  Shared& shared_;
  CapturedOutput output_;
  char refusal_ = fault_kind;
};

[[noreturn]] void be_examiner(Shared& shared, const std::string& path, std::size_t from) {
  record_faults(shared.trials);
  Examiner(shared).run(path, from);
  _exit(0);
}

// ---- In the parent

/// Why the child ended before it was done; its subject is left out.
std::string why_lost(const Shared& shared, int status, bool patient, double patience_s) {
  const int step = shared.step;
  const std::string when = step == loading ? "while it is loaded" : step == starting ? "in its function start" : "";
  if (step == trying && !patient) {
    return fmt::format("hangs: no end of a call of {} elements after {:g} s", shared.trials.elements.load(),
                       patience_s);
  }
  if (!patient) return fmt::format("hangs {}: no end after {:g} s", when, patience_s);
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
    return fmt::format("is killed {}: is there too little memory?", when);
  const bool signalled = shared.trials.signal != 0 || WIFSIGNALED(status);
  if (step == trying && shared.trials.signal != 0) return fault_sentence(shared.trials);
  if (signalled) {
    const int signal = shared.trials.signal != 0 ? shared.trials.signal.load() : WTERMSIG(status);
    return fmt::format("crashes {}, by {}", step == trying ? "in a call" : when, signal_text(signal));
  }
  const std::string call =
      step == trying ? fmt::format("in a call of {} elements", shared.trials.elements.load()) : when;
  return fmt::format("calls exit({}) {}", WEXITSTATUS(status), call);
}

void take_findings(const Shared& shared, Examination& all) {
  std::string_view text(shared.text, shared.used);
  while (!text.empty()) {
    const std::size_t end = text.find('\n'), first = text.find('\t'), second = text.find('\t', first + 1);
    if (end == text.npos || second > end) return;
    all.findings.push_back({std::string(text.substr(first + 1, second - first - 1)),
                            std::string(text.substr(second + 1, end - second - 1)), text[0] != note_kind});
    all.absent = all.absent || text[0] == absent_kind;
    text.remove_prefix(end + 1);
  }
}

}  // namespace

Examination examine(const std::string& path, double patience_s) {
  Examination all;
  const HeldSignals held;
  for (std::size_t from = 0, count = 1; from < count;) {
    const SharedMemory<Shared> shared;
    shared->tried = from;
    const pid_t child = fork_child();
    if (child == 0) {
      held.let_go();
      be_examiner(*shared, path, from);
    }
    Patience patience(patience_s);
    bool patient = true;
    const Ended end = await(child, [&](int signal) {
      patient =
          patient && !patience.is_over({static_cast<unsigned>(shared->step), shared->tried, shared->trials.calls});
      return patient && signal == 0;
    });
    if (end.signal != 0) throw Interrupted();
    take_findings(*shared, all);
    const bool lost = shared->step != leaving;
    const std::string subject = shared->step == trying ? shared->identity : path;
    if (lost) all.findings.push_back({subject, why_lost(*shared, end.status, patient, patience_s), true});
    if (shared->count == 0 || shared->step == loading || shared->step == starting) return all;
    all.kernels = count = shared->count;
    all.name = shared->name;
    from = std::max(from + 1, shared->tried + (lost ? 1 : 0));
  }
  return all;
}

}  // namespace actbench::bench::plugin
