// SPDX-License-Identifier: Apache-2.0
#include "bench/faults/findings_text.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <utility>

#include "bench/selection/kernel_columns.hpp"

namespace actbench::bench::faults {

using reports::Cell;
using reports::Emphasis;

std::string number_text(Type type, std::uint64_t pattern) {
  const double value = value_of(type, pattern);
  if (std::isnan(value)) return (pattern & Layout(type).sign) != 0 ? "-nan" : "nan";
  return decimal(type, value);
}

std::string nature_text(Type type, const FunctionTruth& truth) {
  std::string nature;
  for (const auto& [holds, text] : {std::pair(truth.odd, "odd"), {truth.even, "even"}, {truth.monotone, "monotone"}}) {
    if (holds) nature += fmt::format("{}{}", nature.empty() ? "" : ", ", text);
  }
  for (std::size_t i = 0; i < truth.turning_points.size(); ++i) {
    const char* start = i > 0 ? ", " : nature.empty() ? "turns at " : ", turns at ";
    nature += start + number_text(type, truth.turning_points[i]);
  }
  return nature;
}

std::uint64_t input_of(Type type, const Threshold& threshold, std::uint64_t magnitude) {
  return magnitude | (threshold.negative ? Layout(type).sign : 0);
}

std::string event_text(Type type, const Threshold& t) {
  if (t.saturation) return fmt::format("stays {}", number_text(type, t.limit));
  const int before = static_cast<int>(t.before), now = static_cast<int>(t.kind);
  std::string text;
  switch (std::abs(now)) {
    case 0:
      return "becomes 0";
    case 1:
      text = "becomes subnormal";
      break;
    case 2:
      text = std::abs(before) == 2 ? "becomes" : "becomes normal";
      break;
    default:
      text = "becomes infinite";
  }
  const bool turns = before != 0 && (before < 0) != (now < 0);
  if (turns) text += now < 0 ? " negative" : " positive";
  return text;
}

Cell verdict_cell(const FunctionFindings& function, const KernelFindings& kernel) {
  if (!std::isfinite(kernel.subject.promised_ulp())) return Cell("no promise").as("—").with(Emphasis::faint);
  return promise_cell(!breaks_promise(function, kernel));
}

}  // namespace actbench::bench::faults
