// SPDX-License-Identifier: Apache-2.0
#include "bench/numbers/eight_bits.hpp"

#include <cmath>

namespace actbench::bench {

std::optional<Type> array_type(std::string_view text) {
  for (int i = 0; i <= static_cast<int>(f8_e5m2); ++i) {
    if (text == name(static_cast<Type>(i))) return static_cast<Type>(i);
  }
  return std::nullopt;
}

void take_overflow_for_nan(Type type, double computed, reference::Judgement& judgement) {
  if (has_infinity(type) || !std::isinf(judgement.expected)) return;
  judgement.expected = std::nan("");
  if (std::isnan(computed)) judgement.ulp = judgement.measured = 0;
  judgement.correctly_rounded = std::isnan(computed);
}

}  // namespace actbench::bench
