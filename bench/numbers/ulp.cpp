// SPDX-License-Identifier: Apache-2.0
#include "bench/numbers/ulp.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>

namespace actbench::bench {

const char* name(reference::Ulp ulp) {
  constexpr const char* names[] = {"goldberg", "kahan", "steps"};
  return names[static_cast<int>(ulp)];
}

const char* ulp_definition(reference::Ulp ulp) {
  switch (ulp) {
    case reference::Ulp::goldberg:
      return "ULP error: |computed − exact| over the spacing of the type's numbers at the exact value (Goldberg's ulp; "
             "below the smallest normal number, the spacing there). 0.5 is correct rounding.";
    case reference::Ulp::kahan:
      return "ULP error: |computed − exact| over the distance between the two numbers of the type nearest to the exact "
             "value (Kahan's ulp, which just above a power of two is half of Goldberg's, so that errors there count "
             "twice). 0.5 is correct rounding.";
    case reference::Ulp::steps:
      return "ULP error: whole steps, numbers of the type from the correctly rounded result to the computed one. 0 is "
             "correct rounding.";
  }
  return "";
}

std::string ulp_text(double ulp) {
  if (std::isinf(ulp)) return "inf";
  if (ulp == 0) return "0";
  if (ulp >= 1e5) return fmt::format("{:.2e}", ulp);
  if (ulp >= 10) return fmt::format("{:.1f}", ulp);
  for (int decimals = 4; decimals < 9; ++decimals) {
    std::string text = fmt::format("{:.{}f}", ulp, decimals);
    const double read = std::strtod(text.c_str(), nullptr);
    if ((read > 0.5) == (ulp > 0.5) && (read > 1) == (ulp > 1)) return text;
  }
  return ulp > 1 ? ">1" : ">0.5";  // the excess is below what anybody wants to read
}

}  // namespace actbench::bench
