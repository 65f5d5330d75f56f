// SPDX-License-Identifier: Apache-2.0
#include "bench/gate/baseline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

#include "bench/gate/samples.hpp"
#include "bench/gate/worker.hpp"
#include "bench/numbers/random.hpp"
#include "bench/support/errors.hpp"
#include "bench/support/json.hpp"
#include "bench/timing/timing.hpp"
#include "reports/text.hpp"

namespace actbench::bench::gate {
namespace {

constexpr std::uint64_t format_version = 1;
constexpr double least_tolerance = 0.05;
constexpr std::size_t blocks = 3, most_values = 1000;

/// A move is the difference of two medians, each of which may be wrong.
double evidence_of(std::size_t kernels) { return 2 * static_cast<double>(kernels) / Certainty::false_alarm; }
constexpr double evidence_of_same = 2 / Certainty::false_pass;

/// Twice as many launches as can prove anything at all, so that a few may lie far out.
std::size_t launches_for(std::size_t kernels) { return 2 * fewest_values(evidence_of(kernels)); }

std::string machine_here() {
  const timing::Machine m = timing::read_machine();
  return fmt::format("{} (family {}, model {}, stepping {})", m.cpu, m.family, m.model, m.stepping);
}

Baseline time_all(const Place& place, const std::vector<Planned>& planned, std::size_t launches,
                  const BaselineOptions& options) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  std::vector<Planned> plan;
  for (const Planned& p : planned) {
    plan.push_back({p.identity, copy_reference, p.extra});
    plan.push_back({p.identity, calibration_reference, p.extra});
  }
  Baseline all{.machine = machine_here(), .platform = this_platform()};
  std::map<std::string, std::vector<double>> ns;
  Random random(options.seed);
  for (std::size_t launch = 0; launch < launches; ++launch) {
    const double spent = std::chrono::duration<double>(Clock::now() - start).count();
    if (launch > 0 && spent / static_cast<double>(launch) * static_cast<double>(launches) > 2 * options.budget_s) {
      throw MissingError(fmt::format(
          "{} take {} launches, {} in all: more than twice the budget of {:g} s; choose fewer, or a "
          "larger --budget",
          reports::counted(planned.size(), "kernel"), launches,
          reports::duration(spent / static_cast<double>(launch) * static_cast<double>(launches)), options.budget_s));
    }
    for (const Measured& m : measure(place, plan, random.next(), blocks)) {
      const Planned& p = plan[m.index];
      Baseline::Series& series = all.kernels[p.identity];
      (p.base_identity == copy_reference ? series.to_copy : series.to_calibration).push_back(m.log_ratio);
      ns[p.identity].push_back(m.head_ns);
    }
    if (options.progress) options.progress(static_cast<double>(launch + 1) / static_cast<double>(launches), "launches");
  }
  for (auto& [kernel, series] : all.kernels) series.ns = median(ns[kernel]);
  return all;
}

json::json numbers(const std::vector<double>& values) {
  json::json list = json::json::array();
  for (const double v : values) list.push_back(std::round(v * 1e6) / 1e6);
  return list;
}

std::vector<double> values_of(const json::json& object, const char* field) {
  std::vector<double> all;
  for (const json::json& v : json::list(object, field, most_values)) {
    if (!v.is_number() || !std::isfinite(v.get<double>()) || std::fabs(v.get<double>()) > 100)
      throw json::FieldError(fmt::format("\"{}\" has an entry that is no logarithm of a ratio", field));
    all.push_back(v.get<double>());
  }
  if (all.empty()) throw json::FieldError(fmt::format("\"{}\" is empty", field));
  return all;
}

/// The change of a series: of its median, with limits.
struct Move {
  double median, low, high;
};
Move move_of(const std::vector<double>& now, const std::vector<double>& before, double evidence_needed) {
  const Limits a = median_limits(now, evidence_needed), b = median_limits(before, evidence_needed);
  return {median(now) - median(before), a.low - b.high, a.high - b.low};
}

}  // namespace

double baseline_tolerance(double shift) { return std::max(least_tolerance, 2 * std::expm1(shift)); }

std::string Baseline::text() const {
  std::string text = fmt::format(
      "{{\"about\": \"Times of kernels, relative to copying and to a fixed loop; docs/gate.md says more. actbench "
      "check --write-baseline makes it.\",\n"
      "\"format\": {}, \"calibration\": {}, \"machine\": {}, \"platform\": {},\n"
      "\"shift\": {}, \"tolerance\": {},\n\"kernels\": [",
      format_version, calibration_version, json::quoted(machine), json::quoted(platform), shift, tolerance);
  const char* separator = "\n";
  for (const auto& [kernel, series] : kernels) {
    text += fmt::format("{}{{\"kernel\": {}, \"ns\": {:.4g}, \"to_copy\": {}, \"to_calibration\": {}}}", separator,
                        json::quoted(kernel), series.ns, numbers(series.to_copy).dump(),
                        numbers(series.to_calibration).dump());
    separator = ",\n";
  }
  return text + "\n]}\n";
}

Baseline Baseline::parse(const std::string& text, const std::string& file) {
  Baseline all;
  try {
    const json::json j = json::parse(text);
    json::check_versions(j, {{"format", format_version}, {"calibration", calibration_version}});
    all.machine = json::text(j, "machine");
    all.platform = json::text(j, "platform");
    all.shift = json::size(j, "shift");
    all.tolerance = json::size(j, "tolerance");
    if (!(all.tolerance >= least_tolerance && all.tolerance <= 10 && all.shift <= 10))
      throw json::FieldError(fmt::format("\"tolerance\" is not between {} and 10", least_tolerance));
    if (const double right = baseline_tolerance(all.shift); std::fabs(all.tolerance - right) > 1e-9 * right) {
      throw json::FieldError(
          fmt::format("\"tolerance\" is {}, and a \"shift\" of {} makes {}", all.tolerance, all.shift, right));
    }
    for (const json::json& entry : json::list(j, "kernels", 100000)) {
      Series series{values_of(entry, "to_copy"), values_of(entry, "to_calibration"), json::size(entry, "ns")};
      const std::string kernel = json::text(entry, "kernel");
      if (!(series.ns > 0 && std::isfinite(series.ns)))
        throw json::FieldError(
            fmt::format("\"ns\" of {} is {}, and should be above 0 and finite", json::quoted(kernel), series.ns));
      if (series.to_copy.size() != series.to_calibration.size()) {
        throw json::FieldError(fmt::format("\"to_copy\" of {} has {} entries and \"to_calibration\" {}: one a launch",
                                           json::quoted(kernel), series.to_copy.size(), series.to_calibration.size()));
      }
      if (!all.kernels.emplace(kernel, std::move(series)).second)
        throw json::FieldError(fmt::format("{} is there twice", json::quoted(kernel)));
    }
  } catch (...) {
    json::refuse(file, "baseline of the gate");
  }
  return all;
}

Baseline make_baseline(const Place& place, const std::vector<Planned>& planned, const BaselineOptions& options) {
  Baseline all = time_all(place, planned, launches_for(planned.size()), options);
  for (const auto& [kernel, series] : all.kernels) {
    for (const std::vector<double>* values : {&series.to_copy, &series.to_calibration}) {
      const auto half = static_cast<std::ptrdiff_t>(values->size() / 2);
      if (half == 0) continue;
      const std::vector<double> first(values->begin(), values->begin() + half),
          second(values->begin() + half, values->end());
      all.shift = std::max(all.shift, std::fabs(median(first) - median(second)));
    }
  }
  all.tolerance = baseline_tolerance(all.shift);
  return all;
}

SpeedResult compare_with_baseline(const Place& place, const std::vector<Planned>& planned, const Baseline& before,
                                  const BaselineOptions& options) {
  if (before.machine != machine_here()) {
    throw MissingError(
        fmt::format("the baseline is from another CPU, {}, and this is {}; make one here by --write-baseline",
                    before.machine, machine_here()));
  }
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  SpeedResult result;
  std::vector<Planned> plan;
  for (const Planned& p : planned) {
    if (before.kernels.contains(p.identity)) plan.push_back(p);
  }
  if (plan.empty()) return result;
  result.launches = launches_for(plan.size());
  const Baseline now = time_all(place, plan, result.launches, options);
  const double tolerance = log_tolerance(before.tolerance);
  for (const Planned& p : plan) {
    const Baseline::Series &a = before.kernels.at(p.identity), &b = now.kernels.at(p.identity);
    Comparison c{.planned = p};
    c.base_ns = a.ns, c.head_ns = b.ns;
    if (!b.to_copy.empty() && !b.to_calibration.empty()) {
      const auto moves = [&](double evidence_needed) {
        return std::array{move_of(b.to_copy, a.to_copy, evidence_needed),
                          move_of(b.to_calibration, a.to_calibration, evidence_needed)};
      };
      const std::array family = moves(evidence_of(plan.size())), own = moves(evidence_of_same);
      const std::size_t less = std::fabs(own[0].median) < std::fabs(own[1].median) ? 0 : 1;
      c.values = less == 0 ? b.to_copy : b.to_calibration;
      c.median = own[less].median;
      c.limits = {own[less].low, own[less].high};
      if (family[0].low > tolerance && family[1].low > tolerance) {
        c.verdict = Verdict::slower;
      } else if (family[0].high < -tolerance && family[1].high < -tolerance) {
        c.verdict = Verdict::faster;
      } else if (std::any_of(own.begin(), own.end(),
                             [&](const Move& m) { return m.low > -tolerance && m.high < tolerance; })) {
        c.verdict = Verdict::same;
      }
    }
    result.comparisons.push_back(std::move(c));
  }
  result.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  result.launch_seconds = result.seconds / static_cast<double>(result.launches);
  return result;
}

}  // namespace actbench::bench::gate
