// SPDX-License-Identifier: Apache-2.0
#include "bench/gate/check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <filesystem>
#include <functional>
#include <random>
#include <span>
#include <utility>

#include "bench/gate/history.hpp"
#include "bench/numbers/random.hpp"
#include "bench/numbers/types.hpp"
#include "bench/peers/peers.hpp"
#include "bench/performance/performance.hpp"
#include "bench/plugin/call.hpp"
#include "bench/plugin/description.hpp"
#include "bench/plugin/library.hpp"
#include "bench/plugin/plugins.hpp"
#include "bench/selection/filter.hpp"
#include "bench/support/errors.hpp"
#include "bench/support/process.hpp"
#include "bench/support/progress.hpp"
#include "bench/support/signals.hpp"
#include "kernels/registry/foreign.hpp"
#include "reports/text.hpp"
#include "reports/writers.hpp"

namespace actbench::bench::gate {
namespace {

/// So many of the kernels, drawn at random, in the table's order.
std::vector<const Kernel*> drawn(std::vector<const Kernel*> kernels, std::uint64_t count, std::uint64_t seed) {
  if (count == 0 || count >= kernels.size()) return kernels;
  Random random(seed);
  random.shuffle(kernels);
  kernels.resize(count);
  std::sort(kernels.begin(), kernels.end(), std::less<>());
  return kernels;
}

/// What "FILTER=PERCENT" asks for. Throws UsageError.
ExtraWork extra_work_from(const std::string& text) {
  const std::size_t equals = text.rfind('=');
  if (equals != std::string::npos && equals > 0) {
    try {
      const std::string filter = text.substr(0, equals);
      return {text, filter, parse_within(text.substr(equals + 1), 0, 100, "--extra-work") / 100};
    } catch (const UsageError&) {
      // The error below says what is wrong.
    }
  }
  throw UsageError(
      fmt::format("--extra-work '{}' is not of the form FILTER=PERCENT, such as gelu=5, with 0 to 100 percent", text));
}

void add_extra_work(std::vector<Planned>& plan, const std::vector<ExtraWork>& wanted) {
  for (const ExtraWork& work : wanted) {
    const Filter filter(work.filter);
    bool any = false;
    for (Planned& p : plan) {
      const Kernel* const kernel = find(p.identity);
      if (!(kernel != nullptr ? filter.matches(*kernel) : filter.matches(std::string_view(p.identity)))) continue;
      p.extra = work.share;
      any = true;
    }
    if (!any) throw UsageError(fmt::format("--extra-work '{}' matches none of the kernels that are timed", work.text));
  }
}

Planned planned(const Kernel& kernel) { return {identity(kernel), identity(kernel), 0}; }

std::optional<Baseline> read_baseline(const std::string& file) {
  if (file.empty()) return {};
  const auto text = reports::read_file(file);
  if (!text) throw UsageError(fmt::format("--baseline: there is no file {}", file));
  return Baseline::parse(*text, file);
}

bool chooses_nothing(const Selection& s) {
  return s.filters.empty() && s.directions.empty() && s.types.empty() && s.tiers.empty() && s.backends.empty();
}

std::function<void(double, const std::string&)> shown_by(Progress& progress) {
  return [&progress](double fraction, const std::string& label) { progress.update(fraction, label); };
}

}  // namespace

ResultFiles::ResultFiles(const CheckRequest& r)
    : markdown_(r.markdown), csv_(r.csv), json_(r.json), junit_(r.junit), history_(r.history, reports::Use::shared) {
  std::set<std::filesystem::path> names;
  for (const std::string* file : {&r.markdown, &r.csv, &r.json, &r.junit, &r.history}) {
    if (!file->empty() && !names.insert(std::filesystem::absolute(*file).lexically_normal()).second)
      throw UsageError(fmt::format("{} is named for two of the files", *file));
  }
  if (r.history.empty()) return;
  if (const auto before = reports::read_file(r.history, reports::most_read_of_large)) read_history(*before, r.history);
}

void ResultFiles::write(const CheckResult& result, bool strict) {
  if (markdown_) markdown_.write(check_markdown(result, strict));
  if (csv_) csv_.write(reports::write(check_tables(result, true), reports::Format::csv));
  if (json_) json_.write(check_json(result));
  if (junit_) junit_.write(check_junit(result, strict));
  if (!history_) return;
  history_.update([&](const auto& before) { return before.value_or("") + history_line(result, strict); },
                  reports::most_read_of_large);
}

void Check::write() {
  if (*samples_file_) samples_file_->write(samples_of(result_.outputs).text());
  files_->write(result_, request_.strict);
}

Check::Check(CheckRequest request) : request_(std::move(request)) {
  if (request_.seed == 0) request_.seed = std::random_device()() | 1u;
  baseline_ = read_baseline(request_.baseline);
  for (const std::string& text : request_.extra_work) extra_work_.push_back(extra_work_from(text));
  if (!extra_work_.empty() && request_.base.empty() && !baseline_ && request_.write_baseline.empty() &&
      request_.at_least == 0)
    throw UsageError("--extra-work is for kernels that are timed: give --base, --baseline or --at-least, too");
  result_.machine = machine_text(timing::read_machine());
  result_.tolerance = request_.tolerance_percent / 100;
  choose_plugins();
  choose_kernels();
  files_.emplace(request_);
  samples_file_.emplace(request_.update ? request_.samples : "", reports::Use::kept);
  baseline_file_.emplace(request_.write_baseline);
  find_libraries();
}

/// Where the base is a plug-in, the head is, too, and its kernels are those to check: the program has loaded it.
void Check::choose_plugins() {
  const auto is_plugin = [](const std::string& path) { return !path.empty() && plugin::looks_like_plugin(path); };
  const bool base = is_plugin(request_.base);
  if (request_.head.empty() && base && plugin::loaded().size() > 1)
    throw UsageError(
        "the base is a plug-in, and --plugin names several: say by --head which of them is compared with it");
  if (request_.head.empty() && base && plugin::loaded().size() == 1) request_.head = plugin::loaded()[0].path;
  const bool head = is_plugin(request_.head);
  if (request_.at_least > 0 && (base || head))
    throw UsageError("--at-least is about this program's kernels, and --base or --head names a plug-in");
  if (base != head && !(request_.base.empty() && head)) {
    throw UsageError(fmt::format("{} is a plug-in, and {} is not: plug-ins are compared with plug-ins (--base, --head)",
                                 base ? "the base" : "the head", base ? "the head" : "the base"));
  }
  if (!head) return;
  if (request_.base.empty())
    throw UsageError("--head names a plug-in: name another one by --base, or this by --plugin");
  if (request_.selftest || request_.update || !request_.write_baseline.empty() || !request_.baseline.empty())
    throw UsageError("of plug-ins the gate compares a base and a head: leave out --selftest, --update and baselines");
  plugins_ = result_.plugins = true;
  const auto loaded = std::find_if(plugin::loaded().begin(), plugin::loaded().end(), [&](const plugin::Plugin& p) {
    std::error_code error;
    return std::filesystem::equivalent(p.path, request_.head, error);
  });
  // Its outputs would be those of another plug-in.
  if (loaded == plugin::loaded().end()) throw UsageError("--head is none of the --plugin files: leave out --plugin");
  if (request_.selection.backends.empty()) request_.selection.backends = {loaded->name};
}

void Check::choose_kernels() {
  whole_table_ = chooses_nothing(request_.selection) && request_.draw == 0;
  if (request_.update && !whole_table_)
    throw UsageError("--update writes the file whole: leave out what chooses kernels");
  Runnable found = runnable(request_.selection);
  result_.notes = std::move(found.notes);
  const std::size_t before = found.kernels.size();
  std::erase_if(found.kernels, [](const Kernel* k) { return !callable(*k); });
  if (found.kernels.size() < before) {
    note(fmt::format("The gate leaves out {} that it cannot call: their arrays are a device's.",
                     reports::counted(before - found.kernels.size(), "kernel")));
  }
  if (!plugins_ && (!request_.base.empty() || !request_.baseline.empty() || !request_.write_baseline.empty())) {
    const std::size_t all = found.kernels.size();
    std::erase_if(found.kernels, [](const Kernel* k) { return is_foreign(k->backend); });
    if (found.kernels.size() < all) note("The gate leaves out the plug-ins: their base must be a plug-in, too.");
  }
  // They are what others are held against.
  if (request_.at_least > 0) std::erase_if(found.kernels, [](const Kernel* k) { return is_foreign(k->backend); });
  kernels_ = drawn(found.kernels, request_.draw, request_.seed);
  const bool code_alone = request_.speed && !request_.base.empty() && !request_.selftest;
  if (kernels_.empty() && !code_alone)
    throw MissingError("the gate can call none of the kernels asked for: their arrays are a device's");
  to_compare_ = kernels_;
  // The machine code of a device's kernels can be compared wherever they were built.
  if (request_.speed && request_.draw == 0) {
    for (const Kernel* kernel : on_device(chosen(request_.selection), true)) to_compare_.push_back(kernel);
  }
}

void Check::find_libraries() {
  place_ = {own_program().string(), {}, request_.patience_s, &stop_flag()};
  const bool needed =
      !request_.base.empty() || baseline_ || *baseline_file_ || request_.selftest || request_.at_least > 0;
  if (!needed) return;
  const auto head = request_.head.empty() ? own_library(place_.program) : library_at(request_.head, "--head");
  const auto base = request_.base.empty() ? head : library_at(request_.base, "--base");
  place_.paths[0] = base.string(), place_.paths[1] = head.string();
  result_.base = baseline_ ? request_.baseline : base.string();
  result_.head = head.string();
}

SelfTest Check::selftest() {
  std::vector<std::string> names;
  for (const Kernel* kernel : kernels_) names.push_back(identity(*kernel));
  Progress progress("selftest");
  return run_selftest(place_, names,
                      {.tolerance = result_.tolerance,
                       .budget_s = request_.budget_s,
                       .seed = request_.seed,
                       .progress = shown_by(progress)});
}

const CheckResult& Check::run() {
  if (!request_.base.empty()) compare_machine_code();
  if (request_.outputs) compare_outputs();
  if (baseline_ || *baseline_file_) {
    compare_speed_with_baseline();
  } else if (request_.speed && !request_.base.empty()) {
    compare_speed_with_base();
  } else if (request_.speed && request_.at_least == 0) {
    note("Speed was not compared: there is no base. --base names its library or its build folder.");
  }
  if (request_.at_least > 0) compare_with_peers();
  result_.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  return result_;
}

void Check::compare_machine_code() {
  family_ = plugins_ ? compare_plugins(place_, to_compare_) : compare_libraries(place_, to_compare_);
  std::size_t only_here = 0;
  for (const Kin& kin : family_.kernels) {
    if (kin.kinship == Kinship::identical) identical_.insert(kin.kernel);
    if (kin.kinship != Kinship::added) continue;
    if (kin.kernel->backend == Backend::cuda) {
      ++only_here;
    } else {
      result_.added.push_back(identity(*kin.kernel));
    }
  }
  if (only_here > 0) note(fmt::format("The base lacks {} for CUDA.", reports::counted(only_here, "kernel")));
  if (whole_table_) result_.removed = family_.removed;
  if (!family_.incomparable.empty()) note(fmt::format("Machine code was not compared: {}.", family_.incomparable));
}

std::vector<plugin::Adopted> Check::adopted_base() const {
  try {
    return plugin::adopt(place_.paths[0], false);
  } catch (const plugin::Refused& why) {
    throw MissingError(fmt::format("the plug-in {} {}", place_.paths[0], why.what()));
  }
}

/// What the plug-in that is the base computes, and how right that is: in the place of a file of samples.
Samples Check::samples_of_base() const {
  std::deque<Kernel> kernels;
  std::vector<const Kernel*> runnable_ones;
  for (const plugin::Adopted& adopted : adopted_base()) {
    const Kernel* const row = find(adopted.identity);
    if (row == nullptr || !adopted.runs) continue;
    if (std::find(kernels_.begin(), kernels_.end(), row) == kernels_.end()) continue;
    kernels.push_back(*row);
    kernels.back().promised_ulp = adopted.source.promised_ulp > 0 ? adopted.source.promised_ulp : HUGE_VAL;
    kernels.back().run = plugin::function_for(adopted.source, adopted.identity + " of the base");
    runnable_ones.push_back(&kernels.back());
  }
  const Samples none;
  const Certificates no_certificates;
  return samples_of(check_outputs(runnable_ones, {.samples = &none,
                                                  .certificates = &no_certificates,
                                                  .may_have_changed = [](const Kernel&) { return false; },
                                                  .threads = request_.threads,
                                                  .progress = {},
                                                  .stop = &stop_flag()}));
}

void Check::compare_outputs() {
  // A file of samples that is to be made need not be there.
  const bool own_samples = !request_.samples.empty() && (!request_.update || std::filesystem::exists(request_.samples));
  const Samples own = plugins_ ? samples_of_base() : own_samples ? Samples::read(request_.samples) : Samples();
  const Samples& samples = request_.samples.empty() && !plugins_ ? Samples::built_in() : own;
  const bool own_certificates = !request_.certificates.empty();
  const Certificates given = own_certificates ? Certificates::read(request_.certificates, true) : Certificates();
  Progress progress("outputs");
  result_.outputs =
      check_outputs(kernels_, {.samples = &samples,
                               .certificates = own_certificates ? &given : &Certificates::built_in(),
                               .may_have_changed = [&](const Kernel& k) { return !identical_.contains(&k); },
                               .quick = request_.quick,
                               .record = request_.update,
                               .threads = request_.threads,
                               .progress = shown_by(progress),
                               .stop = &stop_flag()});
  result_.outputs_checked = true;
  if (whole_table_ && !plugins_) result_.missing = samples.missing();
  if (request_.quick)
    note("--quick computed a fixed 64th of the inputs of each certificate over 2^32 inputs, spread over all of them.");
}

void Check::compare_speed_with_baseline() {
  std::vector<Planned> plan;
  for (const Kernel* kernel : kernels_) plan.push_back(planned(*kernel));
  add_extra_work(plan, extra_work_);
  Progress progress("speed");
  const BaselineOptions options{request_.budget_s, request_.seed, shown_by(progress)};
  if (*baseline_file_) make_new_baseline(plan, options);
  if (!baseline_) return;
  result_.tolerance = baseline_->tolerance;
  result_.sped = result_.against_baseline = true;
  result_.speed = compare_with_baseline(place_, plan, *baseline_, options);
  for (const Planned& p : plan) {
    if (!baseline_->kernels.contains(p.identity)) result_.added.push_back(p.identity);
  }
  if (baseline_->platform != this_platform())
    note(fmt::format("The baseline was made with {}, this program with {}.", baseline_->platform, this_platform()));
}

void Check::make_new_baseline(const std::vector<Planned>& plan, const BaselineOptions& options) {
  const Baseline made = make_baseline(place_, plan, options);
  baseline_file_->write(made.text());
  result_.recorded = true;
  note(
      fmt::format("{} has the times of {}. Between two passes none moved by more than {:.1f} %, which allows a "
                  "tolerance of {:.1f} %.",
                  request_.write_baseline, reports::counted(made.kernels.size(), "kernel"),
                  100 * std::expm1(made.shift), 100 * made.tolerance));
}

void Check::compare_speed_with_base() {
  std::vector<Planned> plan = plan_of_base();
  add_extra_work(plan, extra_work_);
  result_.sped = true;
  if (plan.empty()) return;
  Progress progress("speed");
  try {
    result_.speed = compare_speed(place_, plan,
                                  {result_.tolerance, request_.budget_s, request_.seed, 0, false, shown_by(progress)});
  } catch (const Fault& fault) {
    if (fault.side == Side::base) throw;
    result_.fault = fault.what();
  }
}

void Check::compare_with_peers() {
  Place place = place_;
  place.called[1] = "kernel here";
  Progress progress("peers");
  const AtLeastOptions options{
      .share = request_.at_least,
      .within_ulp = request_.within_ulp,
      .speed = {result_.tolerance, request_.budget_s, request_.seed, 0, true, shown_by(progress)},
      .threads = request_.threads};
  try {
    result_.peers = gate::compare_with_peers(place, peers::contenders(kernels_, request_.within_ulp), options,
                                             [&](std::vector<Planned>& plan) { add_extra_work(plan, extra_work_); });
  } catch (const Fault& fault) {
    result_.fault = fault.what();
  }
}

/// The kernels that are timed: those that both libraries have and run here, and whose machine code may differ.
std::vector<Planned> Check::plan_of_base() {
  std::vector<Planned> plan;
  std::size_t unrunnable = 0;
  std::vector<std::string> changed_on_device;
  for (const Kin& kin : family_.kernels) {
    if (kin.kinship == Kinship::added) continue;
    const bool on_device = kin.kernel->backend == Backend::cuda, same = kin.kinship == Kinship::identical;
    if (same && (on_device || !request_.time_identical)) {
      result_.identical.push_back(kin.kernel);
    } else if (on_device) {
      changed_on_device.push_back(identity(*kin.kernel));
    } else if (kin.timeable) {
      plan.push_back(planned(*kin.kernel));
    } else {
      ++unrunnable;
    }
  }
  note_what_is_not_timed(unrunnable, changed_on_device);
  return plan;
}

void Check::note_what_is_not_timed(std::size_t unrunnable, const std::vector<std::string>& changed_on_device) {
  if (unrunnable > 0) {
    note(fmt::format("The gate does not time {}, as the base does not run {} here.",
                     reports::counted(unrunnable, "kernel"), unrunnable == 1 ? "it" : "them"));
  }
  const std::size_t n = changed_on_device.size();
  if (n == 0) return;
  note(fmt::format(
      "{} for CUDA {} other machine code than in the base. The gate does not time {}, actbench bench does: "
      "{}{}.",
      reports::counted(n, "kernel"), n == 1 ? "has" : "have", n == 1 ? "it" : "them",
      fmt::join(std::span(changed_on_device).first(std::min<std::size_t>(n, 5)), ", "), n > 5 ? ", …" : ""));
}

}  // namespace actbench::bench::gate
