// SPDX-License-Identifier: Apache-2.0
//
// Outputs over rows: each element depends on its whole row.
#include "reference/rows.hpp"

#include <cmath>
#include <vector>

#include "bench/numbers/eight_bits.hpp"
#include "bench/numbers/types.hpp"
#include "bench/score/part.hpp"

namespace actbench::bench::score {
namespace {

std::vector<double> widened(Type type, const void* array, std::uint64_t first, std::size_t n) {
  std::vector<double> values(n);
  widen(type, static_cast<const char*>(array) + first * size_of(type), values.data(), n);
  return values;
}

void judge_row(const Work& work, std::uint64_t first, Part& part) {
  const Kernel& kernel = *work.subject.kernel;
  const Type type = kernel.type;
  const Arrays& all = work.arrays;
  const auto n = static_cast<std::size_t>(all.row);
  const std::vector<double> x = widened(type, all.x, first, n);
  const std::vector<double> dy = all.dy != nullptr ? widened(type, all.dy, first, n) : std::vector<double>();
  const std::vector<double> got = widened(type, all.y, first, n);
  const reference::ExactRow exact(kernel.activation->name, name(kernel.direction), format_of(type), x, dy);
  std::vector<reference::Judgement> judged(n), of_other(n);
  const auto judge = [&](const std::vector<double>& outputs, std::vector<reference::Judgement>& judgements) {
    exact.judge(outputs.data(), judgements.data(), work.options.ulp);
    for (std::size_t i = 0; i < n; ++i) take_overflow_for_nan(type, outputs[i], judgements[i]);
  };
  judge(got, judged);
  if (all.other != nullptr) judge(widened(type, all.other, first, n), of_other);
  for (std::size_t i = 0; i < n; ++i) {
    const reference::Judgement& j = judged[i];
    const std::uint64_t pattern = pattern_at(type, all.x, first + i), output = pattern_at(type, all.y, first + i);
    ++part.tally.inputs;
    count(part.tally, got[i], j);
    add_error(part.tally, j.measured);
    ++part.histogram[histogram_part(j.measured)];
    part.tally.take({j.measured,
                     first + i,
                     {pattern, all.dy != nullptr ? pattern_at(type, all.dy, first + i) : 0, 0},
                     output,
                     static_cast<std::uint32_t>(pattern >> fraction_bits(type))});
    const bool zero_sign = got[i] == 0 && j.expected == 0 && std::signbit(got[i]) != std::signbit(j.expected);
    if (!j.correctly_rounded || zero_sign)
      take_fault(work.subject, work.nature.truth(), {pattern, output, j.expected, j.ulp}, part.faults);
    if (all.other == nullptr) continue;
    part.against.other_misrounded += !of_other[i].correctly_rounded;
    compare(part.against, type, first + i, output, pattern_at(type, all.other, first + i), j.measured,
            of_other[i].measured);
  }
}

}  // namespace

Part judge_rows(const Work& work) {
  return in_parts(work, work.arrays.row, [&](unsigned, std::uint64_t first, std::uint64_t end, Part& part) {
    part.counts_up = false;
    for (std::uint64_t at = first; at < end; at += work.arrays.row) {
      if (work.options.stop != nullptr && work.options.stop->load(std::memory_order_relaxed)) return;
      judge_row(work, at, part);
    }
  });
}

}  // namespace actbench::bench::score
