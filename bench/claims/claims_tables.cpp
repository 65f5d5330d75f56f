// SPDX-License-Identifier: Apache-2.0
//
// Verdicts on claims, and their numbers, as tables.
#include <fmt/format.h>

#include <cmath>

#include "bench/claims/claims.hpp"
#include "bench/performance/performance.hpp"
#include "bench/properties/properties_text.hpp"
#include "reports/text.hpp"
#include "reports/writers.hpp"

namespace actbench::bench {

using reports::Cell;
using reports::Emphasis;

namespace {

std::string number(double v) { return number_text(v, 9); }

std::string claimed_text(const Part& p) {
  if (p.role == Role::information) return "";
  switch (p.relation) {
    case Relation::equals:
      return p.tolerance == 0 ? number(p.bound) : fmt::format("{} ± {:.2g}", number(p.bound), p.tolerance);
    case Relation::at_most:
      return "≤ " + number(p.bound);
    case Relation::at_least:
      return "≥ " + number(p.bound);
    case Relation::below:
      return "< " + number(p.bound);
    case Relation::above:
      return "> " + number(p.bound);
    case Relation::between:
      return fmt::format("{} to {}", number(p.bound), number(p.tolerance));
  }
  return "";
}

const char* name(Role role) {
  constexpr const char* names[] = {"essential", "condition", "information"};
  return names[static_cast<int>(role)];
}

Cell verdict_cell(Verdict v) {
  return Cell(name(v)).with(v == Verdict::holds   ? Emphasis::good
                            : v == Verdict::fails ? Emphasis::bad
                                                  : Emphasis::plain);
}

Cell holds_cell(const Part& p) {
  if (p.role == Role::information) return {};
  if (!p.value) return Cell("unknown").with(Emphasis::faint);
  return p.holds() ? Cell("yes").with(Emphasis::good) : Cell("no").with(Emphasis::bad);
}

/// "3 hold, 1 fails and 2 depend on conditions", by the verdicts' order; without those that no claim has.
std::string counts_text(std::span<const std::size_t> counts) {
  constexpr const char* one[] = {"holds", "fails", "depends on conditions", "cannot be decided here"};
  constexpr const char* many[] = {"hold", "fail", "depend on conditions", "cannot be decided here"};
  std::vector<std::string> words;
  for (std::size_t v = 0; v < counts.size(); ++v) {
    if (counts[v] > 0) words.push_back(reports::counted(counts[v], one[v], many[v]));
  }
  if (words.empty()) return "none was examined";
  std::string text = words[0];
  for (std::size_t i = 1; i < words.size(); ++i) text += (i + 1 == words.size() ? " and " : ", ") + words[i];
  return text;
}

/// The numbers that decide the verdict, in a line.
std::string decisive_text(const Finding& f) {
  std::string text;
  std::size_t shown = 0;
  for (const Part& p : f.parts) {
    if (p.role == Role::information || !p.value) continue;
    if (f.judged.verdict == Verdict::fails && p.holds()) continue;
    if (++shown > 3) return text + "; …";
    text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", p.label, number(*p.value));
  }
  return text;
}

}  // namespace

std::string times_note(const timing::BenchResult& times, const timing::Machine& machine) {
  return fmt::format(
      "Times: {}, one thread, {} interleaved in random order. With 6 repetitions or more, a ratio's interval holds the "
      "median ratio with a probability of at least 95 %.",
      machine_text(machine), reports::counted(static_cast<std::uint64_t>(times.repetitions), "repetition"));
}

reports::Table claims_table(std::span<const Finding> findings) {
  reports::Table table{.name = "claims", .title = "Claims put to the test"};
  table.columns = {{.name = "id", .key = true}, {.name = "verdict", .key = true}, {.name = "said in"},
                   {.name = "claim"},           {.name = "where it depends"},     {.name = "numbers"}};
  std::size_t counts[4] = {};
  for (const Finding& f : findings) {
    ++counts[static_cast<std::size_t>(f.judged.verdict)];
    table.rows.push_back({f.claim->id, verdict_cell(f.judged.verdict), f.claim->source, f.claim->sentence,
                          f.judged.condition, decisive_text(f)});
  }
  table.notes.push_back(
      fmt::format("Of {}, {}. Verdicts follow from the numbers. T1: a short survey; T2: a long interview guide.",
                  reports::counted(findings.size(), "claim"), counts_text(counts)));
  return table;
}

reports::Table claims_numbers(std::span<const Finding> findings) {
  reports::Table table{.name = "numbers", .title = "What was computed or measured"};
  table.columns = {{.name = "id", .key = true},        {.name = "number"},
                   {.name = "value", .right = true},   {.name = "interval", .right = true},
                   {.name = "claimed", .right = true}, {.name = "so?"}};
  table.notes.emplace_back(
      "Where a number says from which x on something happens, ∞ means that it never does. Numbers without a claimed "
      "value are for information.");
  for (const Finding& f : findings) {
    for (const Part& p : f.parts) {
      const bool interval = p.value && p.low < p.high;
      table.rows.push_back({f.claim->id, p.label, p.value ? Cell(*p.value).as(number(*p.value)) : Cell(),
                            interval ? Cell(fmt::format("{:.6g} – {:.6g}", p.low, p.high)) : Cell(), claimed_text(p),
                            holds_cell(p)});
    }
  }
  return table;
}

reports::Table claims_records(std::span<const Finding> findings) {
  reports::Table table{.name = "claims"};
  for (const char* column : {"id", "source", "claim", "computed", "verdict", "condition", "number", "role", "value",
                             "low", "high", "claimed", "holds"})
    table.columns.push_back({.name = column});
  for (const Finding& f : findings) {
    for (const Part& p : f.parts) {
      table.rows.push_back({f.claim->id, f.claim->source, f.claim->sentence, f.claim->computed, name(f.judged.verdict),
                            f.judged.condition, p.label, name(p.role), p.value ? Cell(*p.value) : Cell(),
                            p.value ? Cell(p.low) : Cell(), p.value ? Cell(p.high) : Cell(), claimed_text(p),
                            holds_cell(p)});
    }
  }
  return table;
}

std::string claims_in_short(std::span<const Finding> findings) {
  std::size_t counts[4] = {};
  for (const Finding& f : findings) ++counts[static_cast<std::size_t>(f.judged.verdict)];
  std::string text = fmt::format("**Of {}, {}**.\n", reports::counted(findings.size(), "claim"), counts_text(counts));
  reports::Table table;
  table.columns = {{.name = "fails", .key = true}, {.name = "claim"}, {.name = "numbers"}};
  for (const Finding& f : findings) {
    if (f.judged.verdict == Verdict::fails) table.rows.push_back({f.claim->id, f.claim->sentence, decisive_text(f)});
  }
  if (!table.rows.empty()) text += "\n" + reports::write(table, reports::Format::markdown);
  return text;
}

}  // namespace actbench::bench
