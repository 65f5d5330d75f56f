// SPDX-License-Identifier: Apache-2.0
//
// The environment variables that actbench reads and nobody else does.
#pragma once

namespace actbench::bench {

/// Throws UsageError for a value that says nothing, which the kernels and the progress would take for none:
/// ACTBENCH_CPU_MASK names instruction sets with commas between them (or fma, for all), ACTBENCH_STREAM_FROM is a whole
/// number of bytes, ACTBENCH_PROGRESS is seconds, or off. An empty value is as none.
void refuse_senseless_environment();

}  // namespace actbench::bench
