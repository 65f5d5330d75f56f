// SPDX-License-Identifier: Apache-2.0
//
// From one activation's Definition to kernels over arrays, for the instruction set being compiled. The files, each of
// which includes the one before it:
//
//   elementwise/function.hpp       the function of x that a direction computes, in each number type
//   elementwise/multipliers.hpp    what that is multiplied with: dy, a, or both
//   elementwise/loop.hpp           the loop over an array, and what a step is
//   elementwise/rounding_test.hpp  accurate f32, f16 and bf16: Ziv's rounding test in f64
//   elementwise/direct.hpp         activations that round once, where there is nothing to test
//   elementwise/double_double.hpp  accurate f64
//   elementwise/body.hpp           fast, where inputs are neither in a tail nor subnormal
//   elementwise/own_precision.hpp  fast, and accurate f16 and bf16 by way of f32
//   elementwise/kernels.hpp        accurate(), fast() and naive(), the functions in the table
//
// Beside them lies elementwise/subnormal.hpp: what kernels for a CPU do with subnormal inputs.
#pragma once

#include "kernels/elementwise/kernels.hpp"
