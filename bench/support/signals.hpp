// SPDX-License-Identifier: Apache-2.0
//
// SIGINT, SIGTERM and SIGHUP end long work at the next convenient point, so that nothing is left half-written.
#pragma once

#include <atomic>

namespace actbench::bench {

/// From here on these signals set the flag; a second SIGINT or SIGTERM ends the process at once. SIGHUP stays ignored
/// where it was. SIGPIPE is ignored: a reader that
/// goes away shows as a failed write.
void handle_signals();

/// True once a signal has come.
const std::atomic<bool>& stop_flag();

/// Throws Interrupted once a signal has come.
void check_interrupted();

}  // namespace actbench::bench
