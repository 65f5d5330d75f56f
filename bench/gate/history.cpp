// SPDX-License-Identifier: Apache-2.0
#include "bench/gate/history.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <iterator>
#include <string_view>

#include "bench/support/build_info.hpp"
#include "bench/support/errors.hpp"
#include "bench/support/json.hpp"

namespace actbench::bench::gate {
namespace {

constexpr std::uint64_t format_version = 1;

std::string utc_now() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

nlohmann::json percent(double log_ratio) {
  return std::isfinite(log_ratio) ? nlohmann::json(std::round(1e4 * std::expm1(log_ratio)) / 100) : nlohmann::json();
}

/// A number, or null, which is NaN.
double number_or_null(const json::json& object, const char* name) {
  const json::json& value = json::field(object, name);
  if (value.is_null()) return std::nan("");
  if (!value.is_number()) throw json::FieldError(fmt::format("\"{}\" is neither a number nor null", name));
  return value.get<double>();
}

KernelChange change_of(const json::json& j) {
  KernelChange change{json::text(j, "kernel"),
                      {},
                      number_or_null(j, "change_percent"),
                      number_or_null(j, "low_percent"),
                      number_or_null(j, "high_percent")};
  const std::string verdict = json::text(j, "verdict");
  constexpr Verdict all[] = {Verdict::same, Verdict::slower, Verdict::faster, Verdict::inconclusive};
  const auto* const found = std::find_if(std::begin(all), std::end(all), [&](Verdict v) { return name(v) == verdict; });
  if (found == std::end(all))
    throw json::FieldError(
        fmt::format("\"verdict\" is {}, and should be SAME, SLOWER, FASTER or INCONCLUSIVE", json::quoted(verdict)));
  change.verdict = *found;
  if (change.low > change.high)
    throw json::FieldError(
        fmt::format("\"low_percent\" is {}, above \"high_percent\", which is {}", change.low, change.high));
  return change;
}

/// Throws FieldError for a line that contradicts itself.
void check_entry(const HistoryEntry& entry, std::size_t kernels) {
  constexpr std::string_view outcomes[] = {"passed", "failed", "inconclusive", "without a verdict"};
  if (std::find(std::begin(outcomes), std::end(outcomes), entry.outcome) == std::end(outcomes)) {
    throw json::FieldError(fmt::format("\"outcome\" is {}, and should be one of {}", json::quoted(entry.outcome),
                                       fmt::join(outcomes, ", ")));
  }
  if (entry.timed != kernels)
    throw json::FieldError(fmt::format("\"timed\" is {}, where \"speed\" has {} kernels", entry.timed, kernels));
  if (!entry.slower.empty() && entry.outcome != "failed") {
    throw json::FieldError(
        fmt::format("\"outcome\" is \"{}\", where {} is SLOWER", entry.outcome, json::quoted(entry.slower.front())));
  }
}

}  // namespace

std::vector<HistoryEntry> read_history(const std::string& text, const std::string& file) {
  std::vector<HistoryEntry> all;
  for (std::size_t begin = 0, line = 1; begin < text.size(); ++line) {
    const std::size_t end = text.find('\n', begin);
    try {
      if (end == std::string::npos) throw json::FieldError("it is cut short");
      const json::json j = json::parse(text.substr(begin, end - begin));
      json::check_versions(j, {{"format", format_version}});
      HistoryEntry entry{json::text(j, "time"),
                         json::text(j, "outcome"),
                         json::whole(j, "timed"),
                         json::whole(j, "launches"),
                         {},
                         json::size(j, "tolerance_percent"),
                         {}};
      for (const json::json& c : json::list(j, "speed", 100000)) {
        entry.changes.push_back(change_of(c));
        if (entry.changes.back().verdict == Verdict::slower) entry.slower.push_back(entry.changes.back().kernel);
      }
      check_entry(entry, json::list(j, "speed", 100000).size());
      all.push_back(std::move(entry));
    } catch (const json::FieldError& e) {
      throw UsageError(fmt::format("{} is no history of the gate: line {}: {}", file, line, e.what()));
    } catch (const json::json::exception&) {
      throw UsageError(fmt::format("{} is no history of the gate: line {} is not JSON", file, line));
    }
    begin = end + 1;
  }
  return all;
}

std::string history_line(const CheckResult& result, bool strict) {
  const BuildInfo build = build_info();
  nlohmann::ordered_json j{{"format", format_version},
                           {"time", utc_now()},
                           {"outcome", outcome(result, strict)},
                           {"revision", build.revision},
                           {"modified", build.modified},
                           {"machine", result.machine},
                           {"tolerance_percent", 100 * result.tolerance},
                           {"seconds", std::round(100 * result.seconds) / 100},
                           {"timed", result.speed.comparisons.size()},
                           {"identical", result.identical.size()},
                           {"launches", result.speed.launches},
                           {"speed", nlohmann::ordered_json::array()},
                           {"outputs", nlohmann::ordered_json::array()}};
  for (const Comparison& c : result.speed.comparisons) {
    j["speed"].push_back({{"kernel", c.planned.identity},
                          {"verdict", name(c.verdict)},
                          {"change_percent", percent(c.median)},
                          {"low_percent", percent(c.limits.low)},
                          {"high_percent", percent(c.limits.high)},
                          {"launches", c.values.size()}});
    if (c.planned.extra > 0) j["speed"].back()["extra_percent"] = 100 * c.planned.extra;
  }
  for (const OutputRow& row : result.outputs) {
    if (row.verdict == Outputs::unchanged || row.verdict == Outputs::other_libm) continue;
    j["outputs"].push_back({{"kernel", identity(*row.kernel)}, {"verdict", name(row.verdict)}});
  }
  return j.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace actbench::bench::gate
