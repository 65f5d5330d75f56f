// SPDX-License-Identifier: Apache-2.0
//
// Where the exponential of a normal distribution ends for fast kernels (kernels/elementwise/body.hpp).
#pragma once

namespace actbench::ACTBENCH_ISA {
namespace {

/// A t up to which t²/2 is below reach. By cases: a device's compiler has no square root here.
inline double normal_end(double reach) {
  return reach >= 690 ? 37.1 : reach >= 500 ? 31.6 : reach >= 80 ? 12.6 : reach >= 60 ? 10.9 : reach >= 50 ? 9.9 : 0;
}

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
