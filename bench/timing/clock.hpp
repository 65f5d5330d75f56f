// SPDX-License-Identifier: Apache-2.0
//
// The clock that timed runs go by.
#pragma once

namespace actbench::timing {

/// CPU time of this thread.
double thread_cpu_seconds();

/// Whether the thread's CPU clock tells microseconds apart; sandboxes may tick it in milliseconds.
bool cpu_clock_is_fine();

}  // namespace actbench::timing
