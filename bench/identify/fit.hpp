// SPDX-License-Identifier: Apache-2.0
//
// How well a formula explains outputs, and the parameters with which it does so best.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "bench/identify/formulas.hpp"

namespace actbench::bench::identify {

/// How far values are from outputs.
struct Distance {
  std::uint64_t exact = 0;  ///< outputs that are the value rounded to the type; any NaN for NaN, any zero for zero
  std::uint64_t near = 0;   ///< within 4 ULP, those included; of outputs below 1 in ULP of 1
  /// Σ log2(1 + error in ULP), of outputs below 2^-10 in ULP of that: what is minimised, and what matches are ranked
  /// by.
  double log_sum = 0;
  double max_ulp = 0;                ///< infinity where a kind differs
  double max_abs = 0;                ///< of finite outputs and values
  std::uint64_t first = UINT64_MAX;  ///< index of the first that is not exact
  void merge(const Distance& later);
};

/// index: of the first output.
Distance distance(Type, const double* values, const double* outputs, std::size_t n, std::uint64_t index = 0);

/// A value as the type has it.
double rounded(Type, double value);

/// A formula's parameters, and how well they do on a sample.
struct Fit {
  std::vector<double> parameters{};
  std::size_t fitted = 0;  ///< parameters that are none of the usual values
  Distance distance{};
  bool valid = false;  ///< false: no parameters are in the domain
};
Fit fit(const Formula&, const Data& sample, std::span<const double> outputs);

}  // namespace actbench::bench::identify
