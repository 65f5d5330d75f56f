// SPDX-License-Identifier: Apache-2.0
//
// A score is made in four steps: the arrays are checked, the function is surveyed, the outputs are judged part by part,
// and the worst of them is held against the exact value.
#include "bench/score/score.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "bench/numbers/eight_bits.hpp"
#include "bench/numbers/inputs.hpp"
#include "bench/numbers/types.hpp"
#include "bench/score/part.hpp"
#include "bench/selection/parameters.hpp"
#include "bench/support/errors.hpp"
#include "bench/support/progress.hpp"
#include "reference/rows.hpp"

namespace actbench::bench::score {
namespace {

/// A kernel that stands for the program: its facts are those of the table's kernels of the function.
Kernel stand_in(const Claim& claim) {
  for (const Kernel& kernel : kernels()) {
    if (kernel.activation != claim.activation && std::string_view(kernel.activation->name) != claim.activation->name)
      continue;
    if (kernel.direction != claim.direction || kernel.type != table_type(claim.type)) continue;
    Kernel copy = kernel;
    copy.activation = claim.activation;
    copy.type = claim.type;
    copy.promised_ulp = claim.promise;
    copy.run = nullptr;
    return copy;
  }
  throw UsageError(fmt::format("{} has no {} in {}", claim.activation->name, name(claim.direction), name(claim.type)));
}

void check(const Kernel& kernel, const Arrays& arrays) {
  const char* const of = kernel.activation->name;
  if (arrays.n == 0) throw UsageError("there is no output to judge: the arrays are empty");
  if (arrays.x == nullptr || arrays.y == nullptr) throw UsageError("inputs or outputs are missing");
  const Multipliers takes = multipliers_of(kernel);
  for (const auto& [given, taken, what] :
       {std::tuple(arrays.dy != nullptr, takes.dy, "dy"), {arrays.a != nullptr, takes.a, "a"}}) {
    if (given == taken) continue;
    throw UsageError(fmt::format("{} {} takes {}{}, which {}", of, name(kernel.direction), taken ? "" : "no ", what,
                                 taken ? "is missing" : "was given"));
  }
  const bool over_rows = kernel.activation->shape == Shape::rows;
  if (over_rows && arrays.row == 0) throw UsageError(fmt::format("{} is over rows: give their length", of));
  if (!over_rows && arrays.row != 0) throw UsageError(fmt::format("{} goes element by element and has no rows", of));
  if (over_rows && arrays.n % arrays.row != 0)
    throw UsageError(fmt::format("{} elements are no whole number of rows of {}", arrays.n, arrays.row));
}

/// Holds the worst case against the exact value.
void finish(SweepRow& row, const Arrays& arrays) {
  const Kernel& kernel = *row.subject.kernel;
  const Type type = kernel.type;
  row.worst = row.tally.worst.at(0);
  row.input = value_of(type, row.worst.input.x);
  row.dy = value_of(type, row.worst.input.dy);
  row.a = value_of(type, row.worst.input.a);
  row.got = value_of(type, row.worst.output);
  const auto take = [&](double expected, const auto& error) {
    const bool overflows = std::isinf(expected) && !has_infinity(type);
    row.expected = overflows ? std::nan("") : expected;
    row.max_ulp = overflows && std::isnan(row.got) ? 0 : error();
  };
  if (arrays.row == 0) {
    const reference::Exact exact = exact_at(kernel, row.worst.input, row.subject.parameters);
    take(exact.rounded(), [&] { return exact.ulp_error(row.got, row.ulp); });
    return;
  }
  const std::uint64_t first = row.worst.index / arrays.row * arrays.row;
  const auto n = static_cast<std::size_t>(arrays.row), at = static_cast<std::size_t>(row.worst.index - first);
  const auto values = [&](const void* array) {
    std::vector<double> v(n);
    widen(type, static_cast<const char*>(array) + first * size_of(type), v.data(), n);
    return v;
  };
  const reference::ExactRow exact(kernel.activation->name, name(kernel.direction), format_of(type), values(arrays.x),
                                  arrays.dy != nullptr ? values(arrays.dy) : std::vector<double>());
  take(exact.rounded(at), [&] { return exact.ulp_error(at, row.got, row.ulp); });
}

}  // namespace

Score score(const Claim& claim, const Arrays& arrays, const Options& options) {
  const auto kernel = std::make_shared<const Kernel>(stand_in(claim));
  check(*kernel, arrays);
  Subject subject{kernel.get(), claim.parameters};
  subject.promise = claim.promise;
  if (subject.parameters.empty()) {
    Kernel row = *kernel;
    row.type = table_type(claim.type);
    subject.parameters = parameters_of(row, {});
  }
  const bool over_rows = arrays.row != 0;
  if (!over_rows && reference::find(claim.activation->name, name(claim.direction)) == nullptr)
    throw MissingError(fmt::format("the reference has no {} of {}", name(claim.direction), claim.activation->name));

  const double surveyed = arrays.n > (std::uint64_t{1} << 22) ? 0.05 : 0.3;
  const Nature nature(subject, options, part_of(options.progress, 0, surveyed));
  const Work work{claim, arrays, options, subject, nature, part_of(options.progress, surveyed, 1)};
  Part part = over_rows ? judge_rows(work) : judge_elements(work);

  Score result{.kernel = kernel,
               .row = {.subject = subject,
                       .ulp = options.ulp,
                       .tally = std::move(part.tally),
                       .searched = {},
                       .exhaustive = part.counts_up && multipliers_of(*kernel).count() == 0 &&
                                     bits_of(claim.type) <= 32 && arrays.n == std::uint64_t{1} << bits_of(claim.type),
                       .digest = {},
                       .worst = {}}};
  result.histogram = part.histogram;
  result.faults = std::move(part.faults);
  nature.compare_neighbours(arrays, result.faults);
  finish(result.row, arrays);
  if (arrays.other != nullptr) result.against = part.against;
  result.promised = std::isfinite(claim.promise);
  result.kept = !result.promised || keeps_promise(result.row);
  return result;
}

}  // namespace actbench::bench::score
