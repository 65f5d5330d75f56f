// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bench/timing/google.hpp"
#include "bench/timing/timing.hpp"

namespace actbench::timing {

/// run_benchmarks for kernels of a device.
BenchResult run_device_benchmarks(const BenchOptions&, const GoogleArguments&);

}  // namespace actbench::timing
