// SPDX-License-Identifier: Apache-2.0
//
// What the table of functions holds for each: evaluators at rising precision, and the quick forms.
#pragma once

#include <mpfr.h>

#include <cstddef>

#include "reference/reference.hpp"

namespace actbench::reference {

/// anchor + rest = f(inputs) as forms.hpp means it, at one precision. Both are set exactly: they must have at least
/// the bits of that precision.
using Evaluator = void (*)(const double* inputs, const double* parameters, mpfr_t anchor, mpfr_t rest);

/// Decimal digits of the working precisions. The first three serve f32; the last holds every sum and product of two
/// f64 numbers exactly.
inline constexpr int level_digits[] = {50, 100, 300, 1000};
inline constexpr int levels = 4;

/// Bits of the number types of that many decimal digits, at least.
constexpr mpfr_prec_t bits_of(int digits) { return static_cast<mpfr_prec_t>(digits) * 1000 / 301 + 4; }

class Function {
 public:
  const char* activation;
  const char* direction;
  std::size_t input_count;
  std::size_t parameter_count;
  Evaluator evaluate[levels];
  /// For finite or infinite x[i], f32 numbers; null where there is none.
  void (*quick)(const double* x, Quick* out, std::size_t n, const double* parameters);
  /// For any x[i] and parameters.
  void (*quick_wide)(const double* x, Quick* out, std::size_t n, const double* parameters);
};

}  // namespace actbench::reference
