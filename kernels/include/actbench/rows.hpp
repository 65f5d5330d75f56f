// SPDX-License-Identifier: Apache-2.0
//
// How to call the kernels over rows (Shape::rows): softmax, log_softmax, softmin.
#pragma once

#include "actbench/kernels.hpp"

namespace actbench {

/// Runs a kernel of Shape::rows on `rows` rows, one after the other, of `length` elements each (length at least 1). A
/// row's result depends on that row alone. forward: x, dy null. backward: x is what forward gave, dy the gradient for
/// it, and y becomes the gradient for forward's input. y may be x or dy. Checks nothing: for callers who hold a
/// runnable kernel of that shape.
void apply_rows(const Kernel&, const void* x, const void* dy, void* y, std::size_t rows, std::size_t length) noexcept;

}  // namespace actbench
