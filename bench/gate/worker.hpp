// SPDX-License-Identifier: Apache-2.0
//
// The measuring process. It loads libraries that may crash or hang, so that the gate need not, and its own place in
// memory, which the speed of code depends on, is drawn anew with every launch.
//
// Plan, on stdin, a line each, fields separated by tabs; results, on stdout, likewise:
//   list    SIDE PATH                        kernel IDENTITY RUNNABLE CODE …     (RUNNABLE 0 or 1; CODE an address)
//   measure BASE HEAD SEED BLOCKS            value INDEX LOG_RATIO BASE_NS HEAD_NS …, in any order
//   kernel  IDENTITY BASE_IDENTITY EXTRA …   (for measure)
//   done
// A kernel is compared with another one where BASE_IDENTITY says so. EXTRA: share of elements that the head computes on
// top. What goes wrong: "fault SIDE INDEX SIGNAL" (INDEX -1: while loading), "refused SIDE INDEX SENTENCE".
#pragma once

namespace actbench::bench::gate {

/// How the program is asked for it.
inline constexpr char worker_command[] = "gate-worker";

/// Reads a plan, does it, and returns the exit code.
int run_worker();

}  // namespace actbench::bench::gate
