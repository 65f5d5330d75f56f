// SPDX-License-Identifier: Apache-2.0
#include "bench/plugin/trials.hpp"

#include <fmt/format.h>
#include <ucontext.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <csignal>
#include <cstring>
#include <exception>
#include <optional>

#include "bench/numbers/distribution.hpp"
#include "bench/numbers/types.hpp"
#include "bench/plugin/call.hpp"
#include "bench/plugin/guarded.hpp"
#include "bench/support/float_state.hpp"
#include "bench/support/signals.hpp"
#include "reports/text.hpp"

namespace actbench::bench::plugin {
namespace {

TrialRecord* record = nullptr;

void on_fault(int signal, siginfo_t* info, void* context) {
  record->address = reinterpret_cast<std::uintptr_t>(info->si_addr);
  record->access_known = false;
#if defined(__x86_64__)
  const auto* const machine = &static_cast<const ucontext_t*>(context)->uc_mcontext;
  record->access_known = true;
  record->wrote = (machine->gregs[REG_ERR] & 2) != 0;
#else
  static_cast<void>(context);
#endif
  record->signal = signal;
  _exit(signal_exit);
}

constexpr std::size_t most_elements = 1031;
constexpr std::size_t lengths[] = {0, 1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 31, 33, 63, 64, 65, 127, 300, 1021};
constexpr std::size_t offsets[] = {0, 1, 6};
constexpr std::size_t row_lengths[] = {1, 2, 3, 16, 17, 200};
constexpr std::size_t rows_at_once = 5;

/// A call of some of the elements: of n from `first` on.
struct Trial {
  std::size_t first, n, row;
};

/// Fillings of the memory beside arrays, and of y before the call. What depends on them differs between the two.
constexpr std::array<unsigned char, 2> fillings = {0xa5, 0x3c};

class Trials {
 public:
  Trials(const Described& kernel, TrialRecord& r)
      : kernel_(kernel),
        record_(r),
        element_(size_of(kernel.type)),
        multipliers_{takes_dy(kernel.direction), takes_a(kernel.activation->shape, kernel.direction)} {
    for (std::size_t i = 0; i < kernel.activation->parameter_count; ++i)
      parameters_[i] = round_to(kernel.type, kernel.activation->parameters[i].default_value);
  }

  TrialResult run() {
    if (kernel_.activation->shape == Shape::rows) {
      for (const std::size_t length : row_lengths) {
        if (!try_rows(length)) break;
      }
    } else {
      try_elements();
    }
    return std::move(result_);
  }

 private:
  void fill(std::vector<unsigned char>& data, std::size_t n, std::uint64_t seed) const {
    data.resize(n * element_);
    bench::fill(kernel_.type, Distribution::normal, seed, data.data(), n);
  }

  void try_elements() {
    fill(x_, most_elements, 1), fill(dy_, most_elements, 2), fill(a_, most_elements, 3);
    constexpr double specials[] = {INFINITY, -INFINITY, NAN, 0.0, -0.0, 0x1p-24, -0x1p-24, 100, -100, 30000};
    std::size_t at = 11;
    for (const double special : specials) {
      set_pattern(kernel_.type, x_.data(), at, pattern_of(kernel_.type, round_to(kernel_.type, special)));
      at += 23;
    }
    if (!compute({0, most_elements, 0}, Placement::begin)) return;
    const std::vector<unsigned char> expected = got_[0];
    for (const std::size_t n : lengths) {
      for (const std::size_t first : offsets) {
        for (const Placement placement : {Placement::begin, Placement::end}) {
          const Trial trial{first, n, 0};
          if (!compute(trial, placement) || !agrees(trial, placement, expected)) return;
        }
      }
    }
  }

  /// Returns whether to go on.
  bool try_rows(std::size_t length) {
    const std::size_t n = rows_at_once * length;
    fill(x_, n, 1), fill(dy_, n, 2), fill(a_, n, 3);
    if (multipliers_.dy) to_results(n, length);
    if (!compute({0, n, length}, Placement::begin)) return false;
    const std::vector<unsigned char> expected = got_[0];
    for (std::size_t first = 0; first < rows_at_once; ++first) {
      for (std::size_t rows = 0; first + rows <= rows_at_once; ++rows) {
        for (const Placement placement : {Placement::begin, Placement::end}) {
          const Trial trial{first * length, rows * length, length};
          if (!compute(trial, placement) || !agrees(trial, placement, expected)) return false;
        }
      }
    }
    return true;
  }

  /// The gradient of rows takes what forward gave.
  void to_results(std::size_t n, std::size_t length) {
    const Kernel* const forward =
        find(fmt::format("{}/forward/{}/fast/scalar", kernel_.activation->name, name(kernel_.type)));
    if (forward == nullptr) return;
    std::vector<unsigned char> results(x_.size());
    for (std::size_t first = 0; first < n; first += length)
      apply(*forward, x_.data() + first * element_, results.data() + first * element_, length);
    x_ = std::move(results);
  }

  /// Calls the kernel with each filling; what came out is in got_. Returns whether the kernel may be called again.
  bool compute(const Trial& trial, Placement placement) {
    for (std::size_t i = 0; i < fillings.size(); ++i) {
      if (!call_once(trial, placement, fillings[i])) return false;
      got_[i].assign(ys_.data(), ys_.data() + ys_.size());
    }
    for (std::size_t i = 0; i < trial.n; ++i) {
      const std::uint64_t first = pattern_at(kernel_.type, got_[0].data(), i);
      const std::uint64_t second = pattern_at(kernel_.type, got_[1].data(), i);
      if (same(first, second)) continue;
      if (holds(first, fillings[0]) && holds(second, fillings[1])) {
        result_.fault = fmt::format("leaves element {} of y unwritten, {}", i, in_call(trial.n));
        return false;
      }
      note(
          fmt::format("does not give the same for the same inputs: element {}, {}, depends on what y held, on memory "
                      "beside the arrays, or on calls before",
                      i, in_call(trial.n)));
      break;
    }
    return true;
  }

  bool holds(std::uint64_t pattern, unsigned char filling) const {
    for (std::size_t byte = 0; byte < element_; ++byte) {
      if ((pattern >> (8 * byte) & 0xff) != filling) return false;
    }
    return true;
  }

  bool same(std::uint64_t a, std::uint64_t b) const {
    return a == b || (std::isnan(value_of(kernel_.type, a)) && std::isnan(value_of(kernel_.type, b)));
  }

  static std::string in_call(std::size_t n) { return fmt::format("in a call of {}", reports::counted(n, "element")); }

  void note(std::string sentence) {
    if (result_.notes.empty()) result_.notes.push_back(std::move(sentence));
  }

  /// Whether the results are those of the whole array; a note says where not. Always goes on.
  bool agrees(const Trial& trial, Placement placement, const std::vector<unsigned char>& expected) {
    for (std::size_t i = 0; i < trial.n && result_.notes.empty(); ++i) {
      const std::uint64_t got = pattern_at(kernel_.type, got_[0].data(), i);
      const std::uint64_t whole = pattern_at(kernel_.type, expected.data(), trial.first + i);
      if (same(got, whole)) continue;
      note(
          fmt::format("gives results that depend on an element's place: for x = {} it gives {} as element {} of {} "
                      "that {} a page, and {} as element {} of {}",
                      bits(kernel_.type, pattern_at(kernel_.type, x_.data(), trial.first + i)), bits(kernel_.type, got),
                      i, trial.n, placement == Placement::begin ? "begin" : "end", bits(kernel_.type, whole),
                      trial.first + i, expected.size() / element_));
    }
    return true;
  }

  void remember(std::size_t index, const char* name, const GuardedArray& array) {
    TrialRecord::Array& to = record_.arrays[index];
    std::strncpy(to.name, name, sizeof to.name - 1);
    to.begin = reinterpret_cast<std::uintptr_t>(array.data());
    to.end = to.begin + array.size();
    to.low = reinterpret_cast<std::uintptr_t>(array.pages()) - array.guard_size();
    to.high = to.low + array.pages_size() + 2 * array.guard_size();
  }

  bool call_once(const Trial& trial, Placement placement, unsigned char filling) {
    const std::size_t bytes = trial.n * element_, from = trial.first * element_;
    const auto bring = [&](GuardedArray& array, const std::vector<unsigned char>& data) {
      array.place(bytes, placement, filling);
      std::memcpy(array.data(), data.data() + from, bytes);
      array.protect();
    };
    bring(xs_, x_);
    if (multipliers_.dy) bring(dys_, dy_);
    if (multipliers_.a) bring(as_, a_);
    ys_.place(bytes, placement, filling);
    remember(0, "x", xs_), remember(1, multipliers_.dy ? "dy" : "", dys_);
    remember(2, multipliers_.a ? "a" : "", as_), remember(3, "y", ys_);
    record_.elements = trial.n;
    ++record_.calls;
    take_default_float_state();
    try {
      call(kernel_.source, {xs_.data(), multipliers_.dy ? dys_.data() : nullptr, ys_.data(), trial.n,
                            parameters_.data(), multipliers_.a ? as_.data() : nullptr, trial.row});
    } catch (...) {
      result_.fault = fmt::format("throws an exception {}", in_call(trial.n));
      return false;
    }
    const std::string state = float_state_changed();
    take_default_float_state();
    if (!state.empty()) result_.fault = fmt::format("leaves the floating-point state changed: {}", state);
    if (const auto at = ys_.changed_outside()) {
      result_.fault =
          *at < 0 ? fmt::format("writes before the beginning of y: byte {} before it, {}", -*at, in_call(trial.n))
                  : fmt::format("writes past the end of y: byte {} after it, {}",
                                static_cast<std::size_t>(*at) - bytes + 1, in_call(trial.n));
    }
    return result_.fault.empty();
  }

  const Described& kernel_;
  TrialRecord& record_;
  const std::size_t element_;
  const Multipliers multipliers_;
  std::array<double, max_parameters> parameters_{};
  std::vector<unsigned char> x_, dy_, a_;
  GuardedArray xs_{most_elements * 8}, dys_{most_elements * 8}, as_{most_elements * 8}, ys_{most_elements * 8};
  std::array<std::vector<unsigned char>, fillings.size()> got_;
  TrialResult result_;
};

}  // namespace

void record_faults(TrialRecord& r) {
  record = &r;
  struct sigaction action {};
  action.sa_sigaction = on_fault;
  action.sa_flags = SA_SIGINFO;
  take_deadly_signals(action);
}

std::string fault_sentence(const TrialRecord& r) {
  const std::string call = fmt::format("in a call of {}", reports::counted(r.elements, "element"));
  if (r.signal == SIGABRT) return fmt::format("calls abort {}", call);
  if (r.signal != SIGSEGV && r.signal != SIGBUS) return fmt::format("crashes {}, by {}", call, signal_text(r.signal));
  const char* const does = !r.access_known ? "reads or writes" : r.wrote ? "writes" : "reads";
  for (const TrialRecord::Array& array : r.arrays) {
    if (array.name[0] == '\0') continue;
    if (r.address >= array.begin && r.address < array.end)
      return fmt::format("writes to its input {}: element {}, {}", array.name,
                         (r.address - array.begin) / std::max<std::size_t>(1, (array.end - array.begin) / r.elements),
                         call);
    if (r.address >= array.end && r.address < array.high)
      return fmt::format("{} past the end of {}: byte {} after it, {}", does, array.name, r.address - array.end + 1,
                         call);
    if (r.address < array.begin && r.address >= array.low)
      return fmt::format("{} before the beginning of {}: byte {} before it, {}", does, array.name,
                         array.begin - r.address, call);
  }
  return fmt::format("crashes {}, by {}", call, signal_text(r.signal));
}

TrialResult try_kernel(const Described& kernel, TrialRecord& r) { return Trials(kernel, r).run(); }

}  // namespace actbench::bench::plugin
