// SPDX-License-Identifier: Apache-2.0
//
// A double-double with an exponent of its own, for numbers beyond the exponent range of a double.
#pragma once

#include "kernels/numbers/double_double.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

/// value·2^exponent.
struct WithExponent {
  DoubleDouble<F64> value;
  F64 exponent;
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
