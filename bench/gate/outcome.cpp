// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "bench/gate/report.hpp"
#include "bench/support/errors.hpp"

namespace actbench::bench::gate {
namespace {

bool has(const SpeedResult& speed, Verdict verdict) {
  return std::any_of(speed.comparisons.begin(), speed.comparisons.end(),
                     [&](const Comparison& c) { return c.verdict == verdict; });
}

bool has(const AtLeast& peers, Verdict verdict) {
  return std::any_of(peers.rows.begin(), peers.rows.end(),
                     [&](const AgainstPeer& row) { return row.speed.verdict == verdict; });
}

/// Whether the row's outputs were held against anything: a record that counts here, a certificate, or a promise.
bool judged(const OutputRow& row) {
  if (row.whole) return true;
  if (row.verdict == Outputs::other_libm) return false;
  return row.before.has_value() || std::isfinite(row.kernel->promised_ulp);
}

bool failed(const CheckResult& result) {
  return result.fault || has(result.speed, Verdict::slower) || (result.peers && has(*result.peers, Verdict::slower)) ||
         std::any_of(result.outputs.begin(), result.outputs.end(),
                     [](const OutputRow& row) { return row.verdict == Outputs::broken; });
}

/// Whether there were too few launches for a verdict on any kernel, however clear its times are.
bool too_few_launches(const SpeedResult& speed) {
  return speed.launches < speed.least_launches &&
         std::all_of(speed.comparisons.begin(), speed.comparisons.end(),
                     [](const Comparison& c) { return c.verdict == Verdict::inconclusive; });
}

}  // namespace

std::string why_no_verdict(const CheckResult& result) {
  // Whatever else was looked at: this was asked for.
  if (result.peers) {
    if (std::string why = why_nothing_said(*result.peers); !why.empty()) return why;
  }
  if (result.sped && !result.speed.comparisons.empty() && too_few_launches(result.speed)) {
    return fmt::format(
        "No kernel's speed could be judged: the budget was enough for {} of the {} launches that a verdict takes at "
        "least; give a larger --budget, or choose fewer kernels",
        result.speed.launches, result.speed.least_launches);
  }
  if (std::any_of(result.outputs.begin(), result.outputs.end(), judged)) return {};
  if (!result.speed.comparisons.empty() || !result.identical.empty() || result.peers) return {};
  std::vector<std::string> reasons;
  if (result.outputs_checked)
    reasons.emplace_back("these kernels promise nothing, and no outputs of theirs that would count here are recorded");
  if (result.sped) {
    reasons.emplace_back(result.against_baseline ? "the baseline has none of these kernels"
                                                 : "the base has none of these kernels, or does not run them here");
  }
  if (reasons.empty()) reasons.emplace_back("there was nothing to compare with");
  return fmt::format("Nothing was compared: {}", fmt::join(reasons, ", and "));
}

int exit_code(const CheckResult& result, bool strict) {
  if (failed(result)) return exit_check_failed;
  if (!why_no_verdict(result).empty()) return result.recorded && !result.peers ? exit_fine : exit_missing;
  const bool open = has(result.speed, Verdict::inconclusive) ||
                    (result.peers && (has(*result.peers, Verdict::inconclusive) || !result.peers->without.empty()));
  return strict && open ? exit_missing : exit_fine;
}

const char* outcome(const CheckResult& result, bool strict) {
  if (failed(result)) return "failed";
  if (!why_no_verdict(result).empty()) return "without a verdict";
  return exit_code(result, strict) == exit_fine ? "passed" : "inconclusive";
}

}  // namespace actbench::bench::gate
