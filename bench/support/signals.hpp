// SPDX-License-Identifier: Apache-2.0
//
// SIGINT, SIGTERM and SIGHUP end long work at the next convenient point, so that nothing is left half-written.
#pragma once

#include <signal.h>

#include <atomic>
#include <string>

namespace actbench::bench {

/// From here on SIGINT, SIGTERM and SIGHUP set the flag, unless SIGHUP was ignored, as nohup has it. A second SIGINT or
/// SIGTERM ends the process at once, and so does the passing of three seconds, with a sentence, but not while files are
/// written: whatever the program computes or waits for. SIGPIPE is ignored: a reader that goes away shows as a failed
/// write.
void handle_signals();

/// From here on this action takes the signals of a process that has gone wrong, on a stack of its own, as a kernel may
/// have used up the thread's. No core file is written.
void take_deadly_signals(struct sigaction);

/// "a segmentation fault".
std::string signal_text(int signal);

/// True once a signal has come.
const std::atomic<bool>& stop_flag();

/// Throws Interrupted once a signal has come.
void check_interrupted();

}  // namespace actbench::bench
