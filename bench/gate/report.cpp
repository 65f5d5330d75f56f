// SPDX-License-Identifier: Apache-2.0
#include "bench/gate/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "bench/numbers/ulp.hpp"
#include "bench/selection/kernel_columns.hpp"
#include "bench/support/build_info.hpp"
#include "bench/support/errors.hpp"
#include "reports/text.hpp"
#include "reports/writers.hpp"
#include "reports/xml.hpp"

namespace actbench::bench::gate {
namespace {

using reports::Cell;
using reports::Display;
using reports::Emphasis;
using reports::Table;

double percent(double log_ratio) { return 100 * std::expm1(log_ratio); }

int badness(Verdict v) {
  return v == Verdict::slower ? 3 : v == Verdict::inconclusive ? 2 : v == Verdict::faster ? 1 : 0;
}

std::vector<const Comparison*> worst_first(const SpeedResult& speed) {
  std::vector<const Comparison*> all;
  for (const Comparison& c : speed.comparisons) all.push_back(&c);
  std::stable_sort(all.begin(), all.end(), [](const Comparison* a, const Comparison* b) {
    return std::pair(badness(a->verdict), a->median) > std::pair(badness(b->verdict), b->median);
  });
  return all;
}

int badness(const OutputRow& row) {
  switch (row.verdict) {
    case Outputs::broken:
      return 5;
    case Outputs::unpromised:
    case Outputs::within:
      return 4;
    case Outputs::added:
      return 3;
    case Outputs::improved:
      return 2;
    case Outputs::other_libm:
      return 1;
    case Outputs::unchanged:
      return 0;
  }
  return 0;
}

std::vector<const OutputRow*> worst_first(const std::vector<OutputRow>& rows) {
  std::vector<const OutputRow*> all;
  for (const OutputRow& row : rows) all.push_back(&row);
  std::stable_sort(all.begin(), all.end(),
                   [](const OutputRow* a, const OutputRow* b) { return badness(*a) > badness(*b); });
  return all;
}

template <class Rows, class Is>
std::size_t how_many(const Rows& rows, Is is) {
  return static_cast<std::size_t>(std::count_if(rows.begin(), rows.end(), is));
}
std::size_t how_many(const SpeedResult& speed, Verdict v) {
  return how_many(speed.comparisons, [&](const Comparison& c) { return c.verdict == v; });
}
std::size_t how_many(const std::vector<OutputRow>& rows, Outputs o) {
  return how_many(rows, [&](const OutputRow& row) { return row.verdict == o; });
}

std::string signed_percent(double log_ratio) {
  return std::isinf(log_ratio) ? (log_ratio > 0 ? "inf" : "-inf") : fmt::format("{:+.2f}", percent(log_ratio));
}

Cell percent_cell(double log_ratio) { return Cell(percent(log_ratio)).as(signed_percent(log_ratio)); }

Emphasis emphasis_of(Verdict v) {
  return v == Verdict::slower         ? Emphasis::bad
         : v == Verdict::faster       ? Emphasis::good
         : v == Verdict::inconclusive ? Emphasis::faint
                                      : Emphasis::plain;
}

void append(std::vector<Cell>& to, std::vector<Cell> more) {
  for (Cell& cell : more) to.push_back(std::move(cell));
}

std::string list_of(const std::vector<std::string>& names, std::size_t most = 8) {
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < most; ++i) text += (i > 0 ? ", " : "") + names[i];
  if (names.size() > most) text += fmt::format(" and {} more", names.size() - most);
  return text;
}

/// How many kernels were timed, with what verdicts, and how many did not have to be.
std::string timed_sentence(const CheckResult& result) {
  const SpeedResult& speed = result.speed;
  std::string verdicts;
  for (const auto& [verdict, text] : {std::pair(Verdict::slower, "slower"),
                                      {Verdict::faster, "faster"},
                                      {Verdict::same, "the same"},
                                      {Verdict::inconclusive, "inconclusive"}}) {
    const std::size_t n = how_many(speed, verdict);
    verdicts += fmt::format("{}{} {}", verdicts.empty() ? "" : ", ", n, text);
  }
  const std::string timed = speed.comparisons.empty()
                                ? "No kernel was timed."
                                : fmt::format("{} timed in {} and {}: {}.",
                                              reports::counted(speed.comparisons.size(), "kernel was", "kernels were"),
                                              reports::counted(speed.launches, "launch", "launches"),
                                              reports::duration(speed.seconds), verdicts);
  if (result.against_baseline || result.identical.empty()) return timed;
  return fmt::format("{} {} not timed, as the machine code is the same in both.", timed,
                     reports::counted(result.identical.size(), "kernel was", "kernels were"));
}

Table speed_table(const CheckResult& result, bool all, std::size_t most) {
  Table table{.name = "speed", .title = "Speed, head against base"};
  table.facts = {{.name = "tolerance_percent",
                  .heading = "tolerance",
                  .cell = Cell(100 * result.tolerance).as(fmt::format("{:g} %", 100 * result.tolerance))}};
  table.columns = kernel_columns();
  const reports::Column others[] = {
      {.name = "verdict"},
      {.name = "change_percent", .heading = "change", .unit = "%", .right = true},
      {.name = "low_percent", .heading = "from", .unit = "%", .right = true},
      {.name = "high_percent", .heading = "to", .unit = "%", .right = true},
      {.name = "base_ns", .heading = "base", .unit = "ns", .display = Display::significant, .digits = 4, .right = true},
      {.name = "head_ns", .heading = "head", .unit = "ns", .display = Display::significant, .digits = 4, .right = true},
      {.name = "launches", .right = true},
      {.name = "missing_launches", .heading = "more needed", .right = true},
      {.name = "basis", .audience = reports::Audience::machines}};
  table.columns.insert(table.columns.end(), std::begin(others), std::end(others));
  std::size_t left_out = 0;
  for (const Comparison* c : worst_first(result.speed)) {
    if (table.rows.size() >= most) {
      ++left_out;
      continue;
    }
    std::vector<Cell> cells = kernel_cells(*actbench::find(c->planned.identity));
    const bool open = c->verdict == Verdict::inconclusive;
    append(cells,
           {Cell(name(c->verdict)).with(emphasis_of(c->verdict)), percent_cell(c->median), percent_cell(c->limits.low),
            percent_cell(c->limits.high), c->base_ns, c->head_ns, static_cast<std::uint64_t>(c->values.size()),
            !open || result.against_baseline ? Cell()
            : c->missing_launches == 0       ? Cell("very many")
                                             : Cell(static_cast<std::uint64_t>(c->missing_launches)),
            "timed"});
    table.rows.push_back(std::move(cells));
  }
  if (all) {
    for (const Kernel* kernel : result.identical) {
      std::vector<Cell> cells = kernel_cells(*kernel);
      append(cells, {name(Verdict::same), 0.0, 0.0, 0.0, Cell(), Cell(), std::uint64_t{0}, Cell(), "identical code"});
      table.rows.push_back(std::move(cells));
    }
  }
  if (left_out > 0)
    table.notes.push_back(fmt::format("{} more, none of them worse.", reports::counted(left_out, "row")));
  table.notes.push_back(timed_sentence(result));
  if (result.against_baseline) {
    table.notes.push_back(
        "A kernel is slower if that is proven by more than the tolerance, against copying and against a fixed loop, as "
        "they were when the baseline was made. The change shown is the smaller of the two.");
  } else if (!result.speed.comparisons.empty()) {
    table.notes.push_back(fmt::format(
        "A kernel is slower if that is proven by more than {0:g} %, a third of the tolerance, and the same if it is "
        "proven to differ by less than {1:g} %. \"From\" and \"to\" hold the median with 99 % probability. Times are "
        "ns an element.",
        100 * result.tolerance / 3, 200 * result.tolerance / 3));
  }
  if (how_many(result.speed, Verdict::inconclusive) > 0) {
    table.notes.push_back(fmt::format(
        "A kernel is inconclusive if this machine is too noisy for the tolerance in that time; a launch of all takes "
        "{:.1f} s. A larger --budget or --tolerance helps, or a quieter machine; actbench doctor says what makes it "
        "noisy.",
        result.speed.launch_seconds));
  }
  return table;
}

Table output_table(const CheckResult& result, bool all, std::size_t most) {
  Table table{.name = "outputs",
              .title = result.plugins ? "Outputs, against the base" : "Outputs, against what is recorded"};
  table.columns = kernel_columns();
  const reports::Column others[] = {{.name = "verdict"},
                                    {.name = "inputs", .display = Display::count, .right = true},
                                    {.name = "misrounded_before", .heading = "misrounded before", .right = true},
                                    {.name = "misrounded", .heading = "misrounded now", .right = true},
                                    {.name = "max_ulp_before", .heading = "max ULP before", .right = true},
                                    {.name = "max_ulp", .heading = "max ULP now", .right = true},
                                    {.name = "digest"},
                                    {.name = "detail", .audience = reports::Audience::machines}};
  table.columns.insert(table.columns.end(), std::begin(others), std::end(others));
  std::size_t left_out = 0;
  for (const OutputRow* row : worst_first(result.outputs)) {
    if (!all && (row->verdict == Outputs::unchanged || row->verdict == Outputs::other_libm)) continue;
    if (table.rows.size() >= most) {
      ++left_out;
      continue;
    }
    const auto ulp = [](double v) { return Cell(v).as(ulp_text(v)); };
    std::vector<Cell> cells = kernel_cells(*row->kernel);
    append(cells, {Cell(name(row->verdict)).with(row->verdict == Outputs::broken ? Emphasis::bad : Emphasis::plain),
                   row->inputs, row->before ? Cell(row->before->counts.not_correctly_rounded) : Cell(),
                   row->after ? Cell(row->after->not_correctly_rounded) : Cell(),
                   row->before ? ulp(row->before->counts.max_ulp) : Cell(),
                   row->after ? ulp(row->after->max_ulp) : Cell(), fmt::format("0x{:016x}", row->digest), row->detail});
    table.rows.push_back(std::move(cells));
  }
  if (left_out > 0)
    table.notes.push_back(fmt::format("{} more, none of them worse.", reports::counted(left_out, "row")));
  if (std::any_of(table.rows.begin(), table.rows.end(), [&](const std::vector<Cell>& row) {
        const auto infinite = [](const Cell& cell) {
          const double* number = std::get_if<double>(&cell.value);
          return number != nullptr && std::isinf(*number);
        };
        return std::any_of(row.begin(), row.end(), infinite);
      })) {
    table.notes.emplace_back(infinite_error);
  }
  std::size_t said = 0;
  for (const OutputRow& row : result.outputs) {
    if (!row.detail.empty() && said++ < 20) table.notes.push_back(row.detail + ".");
  }
  std::size_t whole = 0;
  for (const OutputRow& row : result.outputs) whole += row.whole;
  std::string counts;
  for (const Outputs o : {Outputs::unchanged, Outputs::improved, Outputs::within, Outputs::unpromised, Outputs::added,
                          Outputs::other_libm, Outputs::broken}) {
    const std::size_t n = how_many(result.outputs, o);
    if (n > 0 || o == Outputs::unchanged) counts += fmt::format("{}{} {}", counts.empty() ? "" : ", ", n, name(o));
  }
  table.notes.push_back(fmt::format("{} checked: {}. {} compared with {} on every input.",
                                    reports::counted(result.outputs.size(), "kernel was", "kernels were"), counts,
                                    whole == 0 ? "None was" : reports::counted(whole, "kernel was", "kernels were"),
                                    whole <= 1 ? "its certificate" : "their certificates"));
  if (how_many(result.outputs, Outputs::other_libm) > 0) {
    table.notes.push_back(fmt::format(
        "Other libm: naive kernels call the platform's functions, and the record is from another platform than "
        "this one ({}); they promise nothing.",
        this_platform()));
  }
  if (!result.missing.empty()) {
    table.notes.push_back(
        fmt::format("The record has kernels that are not here: {}. actbench check --update forgets them.",
                    list_of(result.missing)));
  }
  if (!result.plugins && how_many(result.outputs, Outputs::added) > 0)
    table.notes.push_back("New kernels were checked against their promise; actbench check --update records them.");
  return table;
}

nlohmann::json finite(double v) {
  return std::isfinite(v) ? nlohmann::json(v) : nlohmann::json(std::isnan(v) ? "nan" : v > 0 ? "inf" : "-inf");
}

struct Suite {
  std::string cases;
  std::size_t tests = 0, failures = 0, skipped = 0;

  /// kind: "failure" or "skipped"; empty where the test passed.
  void add(const char* suite, const std::string& kernel, const char* kind, const std::string& message) {
    ++tests;
    const std::size_t slash = kernel.find('/');
    cases += fmt::format("    <testcase classname=\"{}.{}\" name=\"{}\"", suite,
                         reports::in_xml(kernel.substr(0, slash)), reports::in_xml(kernel));
    if (*kind == '\0') {
      cases += "/>\n";
      return;
    }
    ++(std::string_view(kind) == "failure" ? failures : skipped);
    cases += fmt::format("><{0} message=\"{1}\"/></testcase>\n", kind, reports::in_xml(message));
  }
  std::string text(const char* suite, double seconds) const {
    return fmt::format(
        "  <testsuite name=\"actbench {}\" tests=\"{}\" failures=\"{}\" skipped=\"{}\" errors=\"0\" "
        "time=\"{:.3f}\">\n{}  </testsuite>\n",
        suite, tests, failures, skipped, seconds, cases);
  }
};

const char* junit_kind(Verdict verdict, bool strict) {
  if (verdict == Verdict::inconclusive) return strict ? "failure" : "skipped";
  return verdict == Verdict::slower ? "failure" : "";
}

std::string times_text(const Comparison& c) {
  return fmt::format("{} % ({} … {} %) in {}", signed_percent(c.median), signed_percent(c.limits.low),
                     signed_percent(c.limits.high), reports::counted(c.values.size(), "launch", "launches"));
}

}  // namespace

std::vector<Table> check_tables(const CheckResult& result, bool all, std::size_t most) {
  std::vector<Table> tables;
  if (result.sped) tables.push_back(speed_table(result, all, most));
  if (result.peers) tables.push_back(at_least_table(*result.peers, result.tolerance, most));
  if (result.outputs_checked) tables.push_back(output_table(result, all, most));
  if (tables.empty()) tables.push_back({.name = "check"});
  auto& notes = tables.back().notes;
  if (result.fault) notes.push_back(*result.fault + ".");
  if (!result.added.empty())
    notes.push_back(
        fmt::format("The base lacks these kernels, so they were not compared with it: {}.", list_of(result.added)));
  if (!result.removed.empty())
    notes.push_back(fmt::format("The base alone has these kernels: {}.", list_of(result.removed)));
  notes.insert(notes.end(), result.notes.begin(), result.notes.end());
  if (const std::string why = why_no_verdict(result); !why.empty() && !result.recorded) notes.push_back(why + ".");
  return tables;
}

std::string check_markdown(const CheckResult& result, bool strict, std::size_t most_bytes) {
  std::string head = fmt::format("# actbench check: {}\n\n", outcome(result, strict));
  if (!result.base.empty()) head += fmt::format("{} against {}, on {}.\n\n", result.head, result.base, result.machine);
  std::size_t most = std::max(result.outputs.size(), result.speed.comparisons.size());
  for (;;) {
    std::string text = head + reports::write(check_tables(result, false, most), reports::Format::markdown);
    if (text.size() <= most_bytes || most == 0) return text;
    most = std::min(most - 1, most * most_bytes / text.size());
  }
}

std::string check_json(const CheckResult& result) {
  using nlohmann::ordered_json;
  const BuildInfo build = build_info();
  ordered_json j;
  j["context"] = {{"executable", "actbench check"},
                  {"library_build_type", build.build_type == "Debug" ? "debug" : "release"},
                  {"actbench_version", build.version},
                  {"actbench_revision", build.revision},
                  {"base", result.base},
                  {"head", result.head},
                  {"machine", result.machine},
                  {"tolerance_percent", 100 * result.tolerance}};
  j["benchmarks"] = ordered_json::array();
  std::size_t family = 0;
  for (const Comparison& c : result.speed.comparisons) {
    for (const Side side : sides) {
      const std::string title = c.planned.identity + "/" + name(side);
      const double ns = side == Side::base ? c.base_ns : c.head_ns;
      ordered_json run{{"name", title},
                       {"family_index", family},
                       {"per_family_instance_index", 0},
                       {"run_name", title},
                       {"run_type", "iteration"},
                       {"repetitions", 1},
                       {"repetition_index", 0},
                       {"threads", 1},
                       {"iterations", c.values.size()},
                       {"real_time", ns},
                       {"cpu_time", ns},
                       {"time_unit", "ns"},
                       {"label", name(c.verdict)}};
      if (side == Side::head) {
        run["change_percent"] = finite(percent(c.median));
        run["low_percent"] = finite(percent(c.limits.low));
        run["high_percent"] = finite(percent(c.limits.high));
      }
      j["benchmarks"].push_back(std::move(run));
      ++family;
    }
  }
  return j.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

std::string check_junit(const CheckResult& result, bool strict) {
  Suite outputs, speed, peers;
  for (const OutputRow& row : result.outputs)
    outputs.add("outputs", identity(*row.kernel), row.verdict == Outputs::broken ? "failure" : "", row.detail);
  for (const Comparison& c : result.speed.comparisons) {
    speed.add("speed", c.planned.identity, junit_kind(c.verdict, strict),
              fmt::format("{}: {}", name(c.verdict), times_text(c)));
  }
  for (const Kernel* kernel : result.identical) speed.add("speed", identity(*kernel), "", "");
  if (result.peers) {
    for (const AgainstPeer& row : result.peers->rows)
      peers.add("peers", fmt::format("{} against {}", identity(*row.ours), row.peer),
                junit_kind(row.speed.verdict, strict),
                fmt::format("{}: {}", kept(row.speed.verdict), times_text(row.speed)));
  }
  if (result.fault) speed.add("speed", "head", "failure", *result.fault);
  if (const std::string why = why_no_verdict(result); !why.empty() && !result.recorded) {
    const bool of_peers = result.peers && !why_nothing_said(*result.peers).empty();
    (of_peers      ? peers
     : result.sped ? speed
                   : outputs)
        .add(of_peers      ? "peers"
             : result.sped ? "speed"
                           : "outputs",
             "check", "failure", why);
  }
  std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"actbench check\">\n";
  if (result.outputs_checked) text += outputs.text("outputs", result.seconds - result.speed.seconds);
  if (result.sped || result.fault) text += speed.text("speed", result.speed.seconds);
  if (result.peers) text += peers.text("peers", result.peers->seconds);
  return text + "</testsuites>\n";
}

}  // namespace actbench::bench::gate
