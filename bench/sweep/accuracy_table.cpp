// SPDX-License-Identifier: Apache-2.0
//
// From the top: the columns, each with the cell that a row has in it; the notes below the table; the table.
#include "bench/sweep/accuracy_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "bench/numbers/types.hpp"
#include "bench/numbers/ulp.hpp"
#include "bench/selection/kernel_columns.hpp"
#include "bench/selection/parameters.hpp"
#include "reports/text.hpp"

namespace actbench::bench {
namespace {

using reports::Audience;
using reports::Cell;
using reports::Column;
using reports::Display;
using reports::Emphasis;
using Row = SweepRow;

const Kernel& kernel(const Row& row) { return *row.subject.kernel; }
Type type(const Row& row) { return kernel(row).type; }
bool promised(const Row& row) { return std::isfinite(row.subject.promised_ulp()); }

// How people see a column.

Column hidden(const char* name) { return {.name = name, .audience = Audience::machines}; }
Column shared(const char* name, const char* heading = "") {
  return {.name = name, .heading = heading, .display = Display::count, .right = true, .liftable = true};
}
Column counter(const char* name, const char* heading) {
  return {.name = name, .heading = heading, .display = Display::count, .right = true};
}
/// The worst input is the second part of the table.
Column worst(const char* name, const char* heading = "") {
  return {.name = name, .heading = heading, .right = true, .part = 1};
}
Column worst_bits(const char* name, const char* heading) { return {.name = name, .heading = heading, .part = 1}; }

// What a cell holds.

Cell ulp(double error) { return Cell(error).as(ulp_text(error)); }
Cell errors(std::uint64_t n) { return Cell(n).with(n > 0 ? Emphasis::plain : Emphasis::faint); }
Cell of_dy(const Row& row, const std::string& text) { return multipliers_of(kernel(row)).dy ? Cell(text) : Cell(); }
Cell of_a(const Row& row, const std::string& text) { return multipliers_of(kernel(row)).a ? Cell(text) : Cell(); }
Cell verdict(const Row& row) {
  if (!promised(row)) return Cell("no promise").with(Emphasis::faint);
  return promise_cell(keeps_promise(row));
}

// The notes.

bool over_rows(const Row& row) { return kernel(row).activation->shape == Shape::rows; }
bool exhaustive(const Row& row) { return row.exhaustive; }

/// How many promises the kernels keep, and why some kernels have none.
void note_promises(std::span<const Row> rows, std::vector<std::string>& notes) {
  std::size_t promises = 0, kept = 0;
  bool parameters_exclude = false;
  for (const Row& row : rows) {
    promises += promised(row);
    kept += promised(row) && keeps_promise(row);
    parameters_exclude = parameters_exclude || (!promised(row) && std::isfinite(kernel(row).promised_ulp));
  }
  if (promises > 0) {
    notes.push_back(
        fmt::format("{} over {}.", kept_text(kept, promises),
                    std::all_of(rows.begin(), rows.end(), exhaustive) ? "every input of the type" : "these inputs"));
  }
  if (parameters_exclude) notes.emplace_back(promised_parameters);
  notes.emplace_back(ulp_definition(rows[0].ulp));
  if (rows[0].ulp != reference::Ulp::goldberg && promises > 0)
    notes.emplace_back("Promises are in Goldberg's ulp, and are checked against errors in that.");
}

/// What the columns count.
void note_counts(std::span<const Row> rows, std::vector<std::string>& notes) {
  notes.emplace_back(
      "Misrounded: the result is not the exact value rounded to nearest, ties to even; a promise of 0.5 ULP allows "
      "none. Wrong zeros: the result is zero and the right one is another number, or the reverse. Exact values within "
      "2^-8 ULP of halfway between zero and the least number are left out, as a promise of 0.502 ULP allows either "
      "result there; a promise of 4 ULP allows either up to 4 steps from zero. Wrong inf and wrong NaN are counted "
      "likewise. A right zero of the other sign is listed (sign of 0) and is no error.");
  if (std::any_of(rows.begin(), rows.end(), [](const Row& row) { return row.tally.unmeasurable > 0; }))
    notes.emplace_back("The mean leaves out infinite errors: wrong NaNs, and infinities where a number is right.");
}

/// Which inputs these are.
void note_inputs(std::span<const Row> rows, std::uint64_t seed, Shard shard, std::vector<std::string>& notes) {
  const bool sampled = !std::all_of(rows.begin(), rows.end(), exhaustive);
  const bool elements = !std::all_of(rows.begin(), rows.end(), over_rows);
  if (shard.count > 1) {
    notes.push_back(fmt::format("The inputs are part {} of {} of all.", shard.index, shard.count));
  } else if (sampled && elements && shard.count == 1) {
    bool dy = false, a = false;
    for (const Row& row : rows) {
      const Multipliers multipliers = multipliers_of(kernel(row));
      dy = dy || multipliers.dy, a = a || multipliers.a;
    }
    notes.push_back(fmt::format(
        "The inputs are special values and a sample that takes every exponent of both signs equally often{} (seed {}). "
        "A search follows around the worst inputs of the sample (searched). Max ULP is the worst of both; the other "
        "errors of the search are counted apart.",
        dy && a ? ", with dy and a of every size"
        : dy    ? ", with dy of every size"
        : a     ? ", with a of every size"
                : "",
        seed));
  }
  if (std::any_of(rows.begin(), rows.end(), over_rows))
    notes.emplace_back("The inputs of kernels over rows are the elements of the rows in the table below.");
}

}  // namespace

std::string infinite_error_note(std::span<const SweepRow> rows, std::string_view whose) {
  constexpr std::size_t most = 3;
  std::vector<std::string> examples;
  std::size_t kernels = 0;
  for (const Row& row : rows) {
    if (!std::isinf(row.max_ulp)) continue;
    ++kernels;
    const Kernel& k = kernel(row);
    // Backends and types mostly agree: one example of each function and tier.
    const std::string example =
        fmt::format("{} gives {} for {}, where {} is right",
                    whose.empty() ? fmt::format("{} {}", k.activation->name, name(k.tier)) : std::string(whose),
                    decimal(k.type, row.got), text_of(k, row.worst.input), decimal(k.type, row.expected));
    if (examples.size() < most && std::find(examples.begin(), examples.end(), example) == examples.end())
      examples.push_back(example);
  }
  if (kernels == 0) return {};
  return fmt::format("{} {}{}.", infinite_error, kernels > examples.size() ? "For example, " : "Here ",
                     fmt::join(examples, "; "));
}

/// To add a column, add a line here.
std::span<const Field<SweepRow>> accuracy_fields() {
  static const std::vector<Field<Row>> all{
      {hidden("parameters"), [](const Row& r) { return used_parameters(kernel(r), r.subject.parameters); }},
      {shared("inputs"), [](const Row& r) { return r.tally.inputs; }},
      {hidden("exhaustive"), [](const Row& r) { return r.exhaustive; }},
      {shared("searched"), [](const Row& r) { return r.searched.inputs; }},
      {{.name = "max_ulp", .heading = "max ULP", .right = true, .key = true},
       [](const Row& r) { return ulp(r.max_ulp); }},
      {{.name = "mean_ulp", .heading = "mean ULP", .right = true},
       [](const Row& r) { return ulp(r.tally.mean_ulp()); }},
      {counter("not_correctly_rounded", "misrounded"),
       [](const Row& r) { return errors(r.tally.not_correctly_rounded); }},
      {shared("searched_misrounded", "misrounded, searched"),
       [](const Row& r) { return errors(r.searched.not_correctly_rounded); }},
      {counter("above_1_ulp", "above 1 ULP"), [](const Row& r) { return errors(r.tally.above_one_ulp); }},
      {counter("wrong_zeros", "wrong zeros"), [](const Row& r) { return errors(r.tally.wrong_zeros); }},
      {counter("wrong_infinities", "wrong inf"), [](const Row& r) { return errors(r.tally.wrong_infinities); }},
      {counter("wrong_nans", "wrong NaN"), [](const Row& r) { return errors(r.tally.wrong_nans); }},
      {counter("zero_signs", "sign of 0"), [](const Row& r) { return errors(r.tally.zero_signs); }},
      {{.name = "promised_ulp", .heading = "promised ULP", .right = true, .leads = true, .liftable = true},
       [](const Row& r) { return promised(r) ? Cell(r.subject.promised_ulp()) : Cell(); }},
      {{.name = "verdict", .leads = true}, verdict},
      {worst("input", "worst input"), [](const Row& r) { return decimal(type(r), r.input); }},
      {worst("input_hex", "hexadecimal"), [](const Row& r) { return hexadecimal(r.input); }},
      {worst_bits("input_bits", "bits"), [](const Row& r) { return bits(type(r), r.worst.input.x); }},
      {worst("dy"), [](const Row& r) { return of_dy(r, decimal(type(r), r.dy)); }},
      {hidden("dy_hex"), [](const Row& r) { return of_dy(r, hexadecimal(r.dy)); }},
      {worst_bits("dy_bits", "bits of dy"), [](const Row& r) { return of_dy(r, bits(type(r), r.worst.input.dy)); }},
      {worst("a"), [](const Row& r) { return of_a(r, decimal(type(r), r.a)); }},
      {hidden("a_hex"), [](const Row& r) { return of_a(r, hexadecimal(r.a)); }},
      {worst_bits("a_bits", "bits of a"), [](const Row& r) { return of_a(r, bits(type(r), r.worst.input.a)); }},
      {worst("got"), [](const Row& r) { return decimal(type(r), r.got); }},
      {hidden("got_hex"), [](const Row& r) { return hexadecimal(r.got); }},
      {hidden("got_bits"), [](const Row& r) { return bits(type(r), r.worst.output); }},
      {worst("expected"), [](const Row& r) { return decimal(type(r), r.expected); }},
      {hidden("expected_hex"), [](const Row& r) { return hexadecimal(r.expected); }},
      {hidden("expected_bits"), [](const Row& r) { return bits(type(r), pattern_of(type(r), r.expected)); }}};
  return all;
}

std::string kept_text(std::size_t kept, std::size_t promises) {
  if (promises == 1) return kept == 1 ? "The promise is kept" : "The promise is broken";
  if (kept == 0) return fmt::format("None of {} promises is kept", promises);
  return fmt::format("{} of {} promises {} kept", kept, promises, kept == 1 ? "is" : "are");
}

std::vector<std::string> accuracy_notes(std::span<const SweepRow> rows, std::string_view whose) {
  std::vector<std::string> notes;
  note_promises(rows, notes);
  const std::string infinite = infinite_error_note(rows, whose);
  if (!infinite.empty()) notes.push_back(infinite);
  note_counts(rows, notes);
  return notes;
}

reports::Table accuracy_table(std::span<const SweepRow> rows, std::uint64_t seed, Shard shard) {
  reports::Table table{.name = "accuracy", .title = "Accuracy"};
  table.facts = {{.name = "seed", .cell = seed, .audience = Audience::machines},
                 {.name = "ulp_definition", .cell = name(rows[0].ulp), .audience = Audience::machines}};
  fill<Row>(table, accuracy_fields(), rows, kernel);
  table.notes = accuracy_notes(rows);
  note_inputs(rows, seed, shard, table.notes);
  return table;
}

}  // namespace actbench::bench
