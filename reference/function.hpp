// SPDX-License-Identifier: Apache-2.0
//
// The table of functions: each has evaluators at rising precision, and a quick form.
#pragma once

#include <mpfr.h>

#include <array>
#include <cstddef>

#include "reference/directions.hpp"
#include "reference/reference.hpp"

namespace actbench::reference {

/// anchor + rest = f(inputs) as forms.hpp means it, at one precision. Both are set exactly: they must have at least
/// the bits of that precision.
using Evaluator = void (*)(const double* inputs, const double* parameters, mpfr_t anchor, mpfr_t rest);

/// Quick forms as loops.
using QuickLoop = void (*)(const InputArrays&, const QuickArrays& out, std::size_t n, const double* parameters);
using WideLoop = void (*)(const InputArrays&, Quick* out, std::size_t n, const double* parameters);

/// Decimal digits of the working precisions. The first three serve f32; the last holds every sum and product of two
/// f64 numbers exactly.
inline constexpr int level_digits[] = {50, 100, 300, 1000};
inline constexpr int levels = 4;

/// Bits of the number types of that many decimal digits, at least.
constexpr mpfr_prec_t bits_of(int digits) { return static_cast<mpfr_prec_t>(digits) * 1000 / 301 + 4; }

/// One pointer for each of directions::All; null where the activation has no such direction.
template <class Pointer>
using EachDirection = std::array<Pointer, directions::count>;

/// Maker::make<Direction, Activation>() for each direction that the activation has.
template <class Pointer, class Maker, class Activation>
constexpr EachDirection<Pointer> each_direction() {
  const auto one = []<class Direction>(const Direction*) -> Pointer {
    if constexpr (Direction::template defined<Activation>) {
      return Maker::template make<Direction, Activation>();
    } else {
      return nullptr;
    }
  };
  return [&]<class... Direction>(const std::tuple<Direction...>*) {
    return EachDirection<Pointer>{one(static_cast<const Direction*>(nullptr))...};
  }(static_cast<const directions::All*>(nullptr));
}

class Function {
 public:
  const char* activation;
  const char* direction;
  std::size_t multiplier_count;
  std::size_t parameter_count;
  Evaluator evaluate[levels];
  QuickLoop quick;      ///< for f32 numbers
  WideLoop quick_wide;  ///< for f64 numbers
};

/// Whether these are the arrays that the function takes.
inline bool fits(const Function& f, const InputArrays& in) {
  return (in.multiplier[0] != nullptr) == (f.multiplier_count > 0) &&
         (in.multiplier[1] != nullptr) == (f.multiplier_count > 1);
}

}  // namespace actbench::reference
