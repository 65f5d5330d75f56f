// SPDX-License-Identifier: Apache-2.0
//
// One number in every form that a table shows.
#pragma once

#include <cstdint>
#include <string>

#include "actbench/kernels.hpp"

namespace actbench::bench {

/// The texts are as bench/numbers/types.hpp has them.
struct NumberForms {
  double value;
  std::string decimal, hexadecimal, bits;
};
NumberForms forms_of(Type, std::uint64_t pattern);

}  // namespace actbench::bench
