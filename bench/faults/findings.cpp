// SPDX-License-Identifier: Apache-2.0
#include "bench/faults/findings.hpp"

#include <algorithm>
#include <cmath>

namespace actbench::bench {

std::size_t KernelFindings::wrong_specials() const {
  return static_cast<std::size_t>(std::count_if(
      specials.begin(), specials.end(), [](const SpecialResult& r) { return r.verdict == SpecialVerdict::wrong; }));
}

std::size_t KernelFindings::wrong_thresholds(const FunctionTruth& truth) const {
  std::size_t wrong = 0;
  for (std::size_t t = 0; t < thresholds.size(); ++t) wrong += thresholds[t] != truth.thresholds[t].first;
  return wrong;
}

bool breaks_promise(const FunctionFindings& function, const KernelFindings& kernel) {
  const double promised = kernel.subject.promised_ulp();
  if (!std::isfinite(promised)) return false;
  const bool faulty =
      std::any_of(kernel.faults.begin(), kernel.faults.end(), [](const Faults& f) { return f.broken > 0; });
  return faulty || kernel.wrong_specials() > 0 || (promised <= 0.5 && kernel.wrong_thresholds(function.truth) > 0);
}

}  // namespace actbench::bench
