// SPDX-License-Identifier: Apache-2.0
//
// From the top: the columns, each with the cell that a kernel has in it; the notes; the table.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "bench/compare/compare.hpp"
#include "bench/numbers/inputs.hpp"
#include "bench/numbers/types.hpp"
#include "bench/numbers/ulp.hpp"
#include "bench/performance/performance.hpp"
#include "bench/selection/kernel_columns.hpp"
#include "kernels/registry/foreign.hpp"

namespace actbench::bench {
namespace {

using reports::Audience;
using reports::Cell;
using reports::Column;
using reports::Display;
using reports::Emphasis;

const Kernel& kernel(const Compared& row) { return *row.errors.subject.kernel; }

std::string worst_input(const Compared& row) {
  if (kernel(row).activation->shape == Shape::rows) return decimal(kernel(row).type, row.errors.input);
  return text_of(kernel(row), row.errors.worst.input);
}

Cell promise(const Compared& row) {
  const double promised = row.errors.subject.promised_ulp();
  return std::isfinite(promised) ? Cell(promised) : Cell();
}

/// The largest error that is a number. Nothing where NaN and infinities fill the list of the worst.
Cell finite_error(const Compared& row) {
  if (std::isfinite(row.errors.max_ulp)) return Cell(row.errors.max_ulp).as(ulp_text(row.errors.max_ulp));
  double largest = -1;
  for (const Tally* tally : {&row.errors.tally, &row.errors.searched}) {
    for (const WorstCase& worst : tally->worst) {
      if (std::isfinite(worst.ulp)) largest = std::max(largest, worst.ulp);
    }
  }
  return largest < 0 ? Cell() : Cell(largest).as(ulp_text(largest));
}

std::vector<Field<Compared>> error_columns() {
  return {{{.name = "on_front", .heading = "front", .key = true},
           [](const Compared& r) { return Cell(r.on_front).as(r.on_front ? "*" : " ").with(Emphasis::good); }},
          {{.name = "promised_ulp", .heading = "promised ULP", .right = true}, promise},
          {{.name = "max_ulp", .heading = "max ULP", .right = true},
           [](const Compared& r) { return Cell(r.errors.max_ulp).as(ulp_text(r.errors.max_ulp)); }},
          {{.name = "max_finite_ulp", .heading = "finite", .right = true}, finite_error},
          {{.name = "input", .heading = "worst input", .right = true}, worst_input}};
}

/// People see times with the errors, and what follows from times in parts of their own.
void add_times(std::vector<Field<Compared>>& fields, const Comparison& comparison) {
  for (std::size_t i = 0; i < comparison.sizes.size(); ++i) {
    const std::string size = comparison.sizes[i].name, shown = size_text(size);
    const auto number = [](std::string column, std::string heading, int part) {
      return Column{.name = std::move(column),
                    .heading = std::move(heading),
                    .display = Display::significant,
                    .digits = 3,
                    .right = true,
                    .part = part};
    };
    const auto hidden = [](std::string column) {
      return Column{.name = std::move(column), .audience = Audience::machines};
    };
    fields.push_back({number("ns_" + size, "ns, " + shown, 0),
                      [i](const Compared& r) { return Cell(r.times[i].ns_per_element.median); }});
    fields.push_back(
        {hidden("ns_low_" + size), [i](const Compared& r) { return Cell(r.times[i].ns_per_element.low); }});
    fields.push_back(
        {hidden("ns_high_" + size), [i](const Compared& r) { return Cell(r.times[i].ns_per_element.high); }});
    Column interval{
        .name = "interval_" + size, .heading = "interval, " + shown, .right = true, .audience = Audience::people};
    interval.part = 1;
    fields.push_back({interval, [i](const Compared& r) {
                        const timing::Interval& ns = r.times[i].ns_per_element;
                        return Cell(fmt::format("{} – {}", ns_text(ns.low), ns_text(ns.high)));
                      }});
    fields.push_back({number("over_ours_" + size, "÷ ours, " + shown, 2),
                      [i](const Compared& r) { return Cell(r.over_ours[i].median); }});
    fields.push_back({hidden("over_ours_low_" + size), [i](const Compared& r) { return Cell(r.over_ours[i].low); }});
    fields.push_back({hidden("over_ours_high_" + size), [i](const Compared& r) { return Cell(r.over_ours[i].high); }});
    fields.push_back({number("percent_of_copy_" + size, "% of copy, " + shown, 2),
                      [i](const Compared& r) { return Cell(100 * r.times[i].ratio_to_copy.median); }});
  }
}

std::vector<std::string> notes_of(const Comparison& comparison, const CompareOptions& options) {
  const Compared& ours = comparison.kernels[comparison.ours];
  std::vector<std::string> notes{
      fmt::format("Times are medians of ns an element, on one thread, of all kernels in random order in one run; the "
                  "second part has the intervals that hold the true medians with {:.0f} %. \"÷ ours\" is the time over "
                  "that of {}. % of copy is bytes a second over those of the better way of copying.",
                  100 * comparison.confidence, identity(kernel(ours))),
      fmt::format("Front: no other kernel is at least as fast, at {}, and as accurate, and better in one of the two.",
                  size_text(comparison.sizes[comparison.front_size].name)),
      fmt::format(
          "Errors are the largest of {} inputs, special values among them, and of a search around the worst "
          "(seed {}). An infinite error means that NaN or an infinity stands for a number, or the reverse; the largest finite "
          "error follows it.",
          options.inputs, options.seed)};
  if (kernel(ours).activation->shape == Shape::rows) {
    notes.back() = fmt::format(
        "Errors are the largest of about {} elements, in rows of {} numbers, which are timed, too (seed {}). Faults are "
        "of rows with special values.",
        options.inputs, options.row, options.seed);
  }
  return notes;
}

}  // namespace

reports::Table comparison_table(const Comparison& comparison, const CompareOptions& options) {
  const Kernel& any = kernel(comparison.kernels[0]);
  reports::Table table{.name = "compare"};
  table.title = fmt::format("{}, {} {}", any.activation->name, name(any.direction), name(any.type));
  table.facts = {
      {.name = "cpu", .heading = "machine", .cell = Cell(comparison.machine.cpu).as(machine_text(comparison.machine))},
      {.name = "seed", .cell = options.seed, .audience = Audience::machines},
      {.name = "distribution", .heading = "timed inputs", .cell = options.like}};
  std::vector<Field<Compared>> fields = error_columns();
  add_times(fields, comparison);
  fields.push_back(
      {{.name = "faults", .part = 3}, [](const Compared& r) { return r.faults.empty() ? Cell() : Cell(r.faults); }});
  fill<Compared>(table, fields, comparison.kernels, kernel);
  for (Column& column : table.columns) {  // the title has them
    if (column.name == "activation" || column.name == "direction" || column.name == "type")
      column.audience = Audience::machines;
  }
  table.notes = notes_of(comparison, options);
  return table;
}

}  // namespace actbench::bench
