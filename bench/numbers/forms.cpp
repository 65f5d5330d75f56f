// SPDX-License-Identifier: Apache-2.0
#include "bench/numbers/forms.hpp"

#include "bench/numbers/types.hpp"

namespace actbench::bench {

NumberForms forms_of(Type type, std::uint64_t pattern) {
  const double value = value_of(type, pattern);
  return {value, decimal(type, value), hexadecimal(value), bits(type, pattern)};
}

}  // namespace actbench::bench
