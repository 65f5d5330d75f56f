// SPDX-License-Identifier: Apache-2.0
#include "bench/gap/gap_text.hpp"

#include <fmt/format.h>

#include <utility>

namespace actbench::bench {

using reference::Analysis;
using reference::Bracket;

std::string certain_digits(const Bracket& b, int most) {
  if (std::isinf(b.low) || std::isinf(b.high)) return b.low == b.high ? fmt::format("{}", b.low) : "unbounded";
  const double middle = b.middle(), width = b.high - b.low;
  if (middle == 0 || std::abs(middle) < width)
    return std::max(std::abs(b.low), std::abs(b.high)) < 1e-15 ? "0" : fmt::format("{:.1g}", middle);
  int digits = most;
  const double exponent = std::floor(std::log10(std::abs(middle)));
  while (digits > 1 && std::pow(10, exponent - digits + 1) < width) --digits;
  return fmt::format("{:.{}g}", middle, digits);
}

std::string place_text(const Bracket& at, bool mirrored) {
  const bool at_zero = at.low <= 0 && at.high >= 0;
  if (at_zero) return at.high < 1e-15 ? "0" : fmt::format("0 (within {:.0e})", at.high);
  return (mirrored ? "±" : "") + certain_digits(at, most_digits);
}

std::string places_text(const Analysis& analysis) {
  if (analysis.at_end) return "towards infinity";
  const bool mirrored = symmetric(analysis.peaks);
  std::string text;
  for (const reference::Peak& peak : analysis.peaks) {
    if (mirrored && peak.at.high < 0) continue;
    const bool wide = peak.at.high - peak.at.low > 1e-6;
    text += (text.empty() ? "" : ", ") +
            (wide ? fmt::format("{:.6g} to {:.6g}", peak.at.low, peak.at.high) : place_text(peak.at, mirrored));
  }
  return text;
}

std::string largest_text(const Analysis& analysis, int digits) {
  // A size that still grows at the largest double has no bound.
  const bool unbounded = analysis.at_end && analysis.largest.low > 1e300;
  return unbounded ? "unbounded" : certain_digits(analysis.largest, digits);
}

std::string coefficients_text(const Contender& contender) {
  if (contender.activation != nullptr) {
    std::string text;
    for (std::size_t i = 0; i < contender.parameters.size(); ++i) {
      text +=
          fmt::format("{}{}={}", i > 0 ? ", " : "", contender.activation->parameters[i].name, contender.parameters[i]);
    }
    return text;
  }
  const std::vector<double>& p = contender.terms[0].parameters;
  if (p.size() == 1) return fmt::format("b={:.15g}", p[0]);
  return p[0] == 1 ? fmt::format("c={:.15g}", p[1]) : fmt::format("a={:.15g}, c={:.15g}", p[0], p[1]);
}

namespace {

/// The kernel that says most about an activation's speed: of the best tier that was timed, on the widest backend.
const TimeRatio* most_telling_time(const GapFindings& findings, const Activation* activation) {
  const auto rank = [](const TimeRatio& t) { return std::pair(t.kernel->tier, t.kernel->backend); };
  const TimeRatio* best = nullptr;
  for (const TimeRatio& t : findings.times) {
    if (t.kernel->activation != activation || t.kernel->direction != Direction::forward) continue;
    if (best == nullptr || rank(t) >= rank(*best)) best = &t;
  }
  return best;
}

std::string distance_text(const GapFindings& findings, const ContenderGap& gap) {
  const Analysis& line = *gap.line[0].analysis;
  const std::string largest = largest_text(line, 6);
  const TimeRatio* const time = most_telling_time(findings, gap.contender.activation);
  const std::string speed = time == nullptr ? ""
                                            : fmt::format("; {:.3g} of the time, {} {}", time->ratio.median,
                                                          name(time->kernel->tier), name(time->kernel->backend));
  return fmt::format("{} {} (at x = {}{})", gap.contender.name,
                     largest == "unbounded" ? "without bound" : "at most " + largest, places_text(line), speed);
}

/// The best of the forms that are no activations; null where none was analysed.
const ContenderGap* best_form(const GapFindings& findings) {
  const ContenderGap* best = nullptr;
  for (const ContenderGap& gap : findings.contenders) {
    if (gap.contender.activation != nullptr || !gap.line[0].analysis) continue;
    if (best == nullptr || gap.line[0].analysis->largest.high < best->line[0].analysis->largest.high) best = &gap;
  }
  return best;
}

}  // namespace

std::string gap_sentence(const GapFindings& findings) {
  std::string distances;
  for (const ContenderGap& gap : findings.contenders) {
    if (gap.contender.activation == nullptr || !gap.line[0].analysis) continue;
    distances += (distances.empty() ? "" : ", ") + distance_text(findings, gap);
  }
  std::string text = fmt::format("Distance from {}, proven: {}", findings.exact.name, distances);
  if (findings.factor && findings.factor->confirmed) {
    const DoubleFactor& f = *findings.factor;
    text += fmt::format(
        "; {}'s {:.{}f} is {:.12g}·√(2/π), a factor that its formula applies again, which makes its gap {:.3g} times "
        "as large",
        f.twice, f.twice_c.middle(), f.decimals, f.once_c.middle(), f.gap_twice / f.gap_once);
  }
  if (const ContenderGap* best = best_form(findings)) {
    text += fmt::format("; the best that any of the forms can do is {} ({})",
                        certain_digits(best->line[0].analysis->largest, 6), coefficients_text(best->contender));
  }
  return text + ".";
}

}  // namespace actbench::bench
