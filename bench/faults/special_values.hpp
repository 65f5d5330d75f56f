// SPDX-License-Identifier: Apache-2.0
//
// The inputs at which implementations break, and what a kernel makes of them.
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "bench/faults/findings.hpp"
#include "bench/faults/oracle.hpp"
#include "bench/faults/probe.hpp"

namespace actbench::bench::faults {

/// Zeros, the ends of the subnormal, normal and finite ranges, infinities and NaNs as x; and multipliers of that kind.
std::vector<SpecialInput> special_values(const Subject&, const Oracle&);

template <class U>
std::vector<SpecialResult> special_results(const Probe<U>& probe, const std::vector<SpecialInput>& specials) {
  const Oracle oracle(probe.subject);
  const double promised = probe.subject.promised_ulp(), allowed = std::isfinite(promised) ? promised : 1.0;
  std::vector<SpecialResult> results;
  for (const SpecialInput& special : specials) {
    SpecialResult result{probe.alone(special.input), SpecialVerdict::right};
    if (probe.layout.magnitude(result.got) == 0 && probe.layout.magnitude(special.expected) == 0) {
      if (result.got != special.expected) result.verdict = SpecialVerdict::zero_sign;
    } else if (result.got != special.expected) {
      const double got = value_of(probe.kernel.type, result.got);
      const bool wrong = allowed <= 0.5 || oracle.exact(special.input).ulp_error(got) > allowed;
      if (wrong) result.verdict = SpecialVerdict::wrong;
    }
    results.push_back(result);
  }
  return results;
}

}  // namespace actbench::bench::faults
