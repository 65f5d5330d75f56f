// SPDX-License-Identifier: Apache-2.0
#include "bench/doctor/doctor.hpp"

#include <fmt/format.h>
#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <sstream>

#include "bench/performance/performance.hpp"
#include "bench/timing/clock.hpp"
#include "bench/timing/timing.hpp"
#include "reports/files.hpp"

namespace actbench::bench {
namespace fs = std::filesystem;
namespace {

constexpr double loaded_share = 0.1, stolen_share = 0.005, unsteady = 0.01, often_late = 0.1;

using reports::first_line;

/// Whether the counter of instructions can be opened for this process.
bool has_counters() {
  perf_event_attr attributes{};
  attributes.type = PERF_TYPE_HARDWARE;
  attributes.size = sizeof attributes;
  attributes.config = PERF_COUNT_HW_INSTRUCTIONS;
  attributes.exclude_kernel = 1;
  attributes.exclude_hv = 1;
  const long file = ::syscall(SYS_perf_event_open, &attributes, 0, -1, -1, 0);
  if (file < 0) return false;
  ::close(static_cast<int>(file));
  return true;
}

/// "200000 100000": microseconds of CPU in so many of the clock; "max 100000" where there is no limit.
std::string quota(const fs::path& root) {
  const std::string text = first_line(root / "sys/fs/cgroup/cpu.max");
  return text.starts_with("max") ? "" : text;
}

std::string capitalised(std::string sentence) {
  if (!sentence.empty() && sentence[0] >= 'a' && sentence[0] <= 'z') sentence[0] = static_cast<char>(sentence[0] - 32);
  return sentence;
}

std::string percent(double share) { return fmt::format("{:.1f} %", 100 * share); }

}  // namespace

CpuTicks read_ticks(const fs::path& root) {
  std::istringstream line(first_line(root / "proc/stat"));
  std::string cpu;
  line >> cpu;
  CpuTicks ticks;
  unsigned long long value = 0;
  // user nice system idle iowait irq softirq steal; guest time is within user's.
  for (int i = 0; i < 8 && line >> value; ++i) {
    ticks.all += value;
    if (i == 3 || i == 4) ticks.idle += value;
    if (i == 7) ticks.stolen += value;
  }
  return ticks;
}

Steadiness measure_steadiness() {
  constexpr std::size_t runs = 401;
  constexpr int steps = 100000;
  Steadiness result;
  result.cpu_time = timing::cpu_clock_is_fine();
  const auto now = [&] {
    if (result.cpu_time) return timing::thread_cpu_seconds();
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
  };
  std::vector<double> seconds;
  volatile unsigned sink = 0;
  for (std::size_t run = 0; run < runs; ++run) {
    unsigned state = sink;
    const double start = now();
    // Each step waits for the one before: the time depends on the clock's frequency and on nothing else.
    for (int i = 0; i < steps; ++i) state = state * 1664525u + 1013904223u;
    sink = state;
    seconds.push_back(now() - start);
  }
  std::vector<double> sorted = seconds;
  std::sort(sorted.begin(), sorted.end());
  result.median_s = sorted[runs / 2];
  result.spread = (sorted[runs * 3 / 4] - sorted[runs / 4]) / result.median_s;
  result.late_share = static_cast<double>(std::count_if(seconds.begin(), seconds.end(),
                                                        [&](double s) { return s > 1.03 * result.median_s; })) /
                      runs;
  return result;
}

namespace {

/// Collects conditions one after the other.
class Diagnosis {
 public:
  explicit Diagnosis(const fs::path& root) : root_(root), machine_(timing::read_machine(root)) {}

  void look_at_settings();
  void look_at_load(CpuTicks before, CpuTicks after);
  void look_at_host();
  void look_at_clock(const Steadiness&);
  void look_at_counters();
  std::vector<Condition> all() && { return std::move(all_); }

 private:
  /// effect, remedy: said where the condition is not good.
  void add(std::string what, std::string found, Health health, std::string effect, std::string remedy) {
    const bool say = health != Health::good;
    all_.push_back(
        {std::move(what), std::move(found), health, say ? std::move(effect) : "", say ? std::move(remedy) : ""});
  }
  void add(std::string what, std::string found, bool good, std::string effect, std::string remedy) {
    add(std::move(what), std::move(found), good ? Health::good : Health::bad, std::move(effect), std::move(remedy));
  }
  /// What the system has set, as far as it says so.
  void add_setting(const char* what, const std::string& found, const char* wanted, const char* effect,
                   const char* remedy) {
    const bool known = !found.empty() && found != "unknown";
    add(what, known ? found : "unknown",
        !known            ? Health::unknown
        : found == wanted ? Health::good
                          : Health::bad,
        effect, known ? remedy : "the system does not say; in a virtual machine the host decides");
  }

  const fs::path& root_;
  const timing::Machine machine_;
  std::vector<Condition> all_;
};

void Diagnosis::look_at_settings() {
  add_setting("frequency governor", machine_.governor, "performance",
              "the clock's frequency follows load and temperature, and times follow it",
              "as root: cpupower frequency-set -g performance");
  add_setting("turbo", machine_.turbo, "off", "how fast one core may run depends on what the others do",
              "as root: echo 0 > /sys/devices/system/cpu/cpufreq/boost, or echo 1 > "
              "/sys/devices/system/cpu/intel_pstate/no_turbo");
  add_setting("simultaneous multithreading", machine_.smt, "off",
              "a thread on the same core takes half of it, and CPU time does not show that",
              "as root: echo off > /sys/devices/system/cpu/smt/control");
  add("CPUs for this process", fmt::format("{} of {}", machine_.usable_cpus, machine_.logical_cpus),
      machine_.usable_cpus >= 2, "other programs take turns with what is measured",
      "give the process a second CPU (taskset, the container's limits)");
}

void Diagnosis::look_at_load(CpuTicks before, CpuTicks after) {
  const double ticks = static_cast<double>(after.all - before.all);
  const bool counted = after.all > before.all;
  const double busy = counted ? 1 - static_cast<double>(after.idle - before.idle) / ticks : 0;
  const double stolen = counted ? static_cast<double>(after.stolen - before.stolen) / ticks : 0;
  const auto health = [&](double share, double most) {
    return !counted ? Health::unknown : share > most ? Health::bad : Health::good;
  };
  add("load of others", counted ? fmt::format("{} of all CPUs", percent(busy)) : "unknown", health(busy, loaded_share),
      "other programs empty the caches and take the CPU in between",
      counted ? "end them, or wait; top shows which they are" : "/proc/stat cannot be read here");
  add("time stolen by the host", counted ? percent(stolen) : "unknown", health(stolen, stolen_share),
      "other guests of the same host take the CPU in between",
      "nothing from within; a dedicated machine has none of it");
}

void Diagnosis::look_at_host() {
  add("virtual machine", machine_.hypervisor.empty() ? "no" : machine_.hypervisor, machine_.hypervisor.empty(),
      "a guest cannot see who shares the cores, the last-level cache and the memory",
      "nothing from within; bare metal does not have the problem. Base and head see the same, and so the gate judges "
      "their ratio alone");
  const std::string limit = quota(root_);
  add("limit of CPU time", limit.empty() ? "none" : limit + " µs", limit.empty(),
      "the system stops a process that has used it up, in the middle of a measurement",
      "raise the container's limit (cpu.max)");
  const std::string aslr = first_line(root_ / "proc/sys/kernel/randomize_va_space");
  add("places in memory drawn anew",
      aslr.empty()  ? "unknown"
      : aslr == "0" ? "no"
                    : "yes",
      aslr.empty()  ? Health::unknown
      : aslr == "0" ? Health::bad
                    : Health::good,
      "all launches have one layout, whose luck then passes for the code's",
      "as root: sysctl kernel.randomize_va_space=2");
}

void Diagnosis::look_at_clock(const Steadiness& steady) {
  add("clock of CPU time", steady.cpu_time ? "fine" : "coarse", steady.cpu_time,
      "the program takes wall-clock time instead, in which the turns of others count",
      "nothing from within a sandbox that ticks it in milliseconds");
  const bool even = steady.spread <= unsteady && steady.late_share <= often_late;
  add("the same work again and again",
      fmt::format("middle half within {}, {} more than 3 % late", percent(steady.spread), percent(steady.late_share)),
      even, "single times say little; the gate needs more launches",
      "the causes above; a larger --budget of actbench check outlasts it");
}

void Diagnosis::look_at_counters() {
  const bool counters = has_counters();
  const std::string paranoid = first_line(root_ / "proc/sys/kernel/perf_event_paranoid");
  add("performance counters", counters ? "yes" : "no", counters ? Health::good : Health::unknown,
      "nothing shows what a slow-down is due to; the gate itself needs no counters",
      machine_.hypervisor.empty() && !paranoid.empty()
          ? fmt::format("as root: sysctl kernel.perf_event_paranoid=2 (it is {})", paranoid)
          : "nothing from within: the host does not hand them on, or the container forbids the call");
}

}  // namespace

std::vector<Condition> diagnose(const fs::path& root, CpuTicks before, CpuTicks after, const Steadiness& steady) {
  Diagnosis diagnosis(root);
  diagnosis.look_at_settings();
  diagnosis.look_at_load(before, after);
  diagnosis.look_at_host();
  diagnosis.look_at_clock(steady);
  diagnosis.look_at_counters();
  return std::move(diagnosis).all();
}

Condition judge(const FoundFloatState& found) {
  const std::string what = "floating-point state at the start";
  if (found.changed.empty()) return {what, "default", Health::good, "", ""};
  const std::string who = found.suspects.empty()
                              ? "no loaded file has the usual code for it: look for std::fesetround and the like in "
                                "what is preloaded or linked"
                              : fmt::format("load this program without {}, or link that without -ffast-math",
                                            fmt::join(found.suspects, " and "));
  return {what, found.changed, Health::bad,
          "actbench puts it right for itself, and its kernels do so for every call; other code that is loaded in this "
          "way computes in that state, with other results and other times",
          who};
}

reports::Table doctor_table(const std::vector<Condition>& conditions, const timing::Machine& machine, bool for_people) {
  using reports::Cell;
  using reports::Emphasis;
  reports::Table table{.name = "doctor", .title = "What makes timing bad here"};
  table.facts = {{.name = "machine", .cell = machine_text(machine)}};
  table.columns = {{.name = "what"}, {.name = "found"}, {.name = "verdict"}};
  for (const Condition& c : conditions) {
    table.rows.push_back({c.what, c.found,
                          c.health == Health::bad    ? Cell("bad").with(Emphasis::bad)
                          : c.health == Health::good ? Cell("good").with(Emphasis::good)
                                                     : Cell("unknown").with(Emphasis::faint)});
  }
  if (for_people) {
    for (const Condition& c : conditions) {
      if (c.health == Health::bad)
        table.notes.push_back(fmt::format("{}: {}. What to do: {}.", c.what, c.effect, c.remedy));
    }
    for (const Condition& c : conditions) {
      if (c.health == Health::unknown)
        table.notes.push_back(fmt::format("{}, not known: {}. {}.", c.what, c.effect, capitalised(c.remedy)));
    }
  } else {
    table.columns.push_back({.name = "effect"});
    table.columns.push_back({.name = "remedy"});
    for (std::size_t i = 0; i < conditions.size(); ++i) {
      table.rows[i].emplace_back(conditions[i].effect);
      table.rows[i].emplace_back(conditions[i].remedy);
    }
  }
  const bool any_bad =
      std::any_of(conditions.begin(), conditions.end(), [](const Condition& c) { return c.health == Health::bad; });
  table.notes.push_back(any_bad
                            ? "actbench check --selftest measures which slow-downs can be found here in spite of it."
                            : "Nothing speaks against timing here.");
  return table;
}

}  // namespace actbench::bench
