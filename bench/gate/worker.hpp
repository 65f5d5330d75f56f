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
// BASE_IDENTITY: the same kernel, or what stands for the base instead, "copy" or "calibration". EXTRA: share of
// elements that the head computes on top. What goes wrong: "fault SIDE INDEX SIGNAL" (INDEX -1: while loading),
// "refused SIDE INDEX SENTENCE".
#pragma once

namespace actbench::bench::gate {

/// How the program is asked for it.
inline constexpr char worker_command[] = "gate-worker";

/// What a kernel can be compared with instead of the base's: copying as many words of 32 bits, and a loop of integer
/// arithmetic over them, whose time depends on nothing but the CPU's clock.
inline constexpr char copy_reference[] = "copy", calibration_reference[] = "calibration";
inline constexpr int calibration_version = 1;  ///< of that loop

/// Reads a plan, does it, and returns the exit code.
int run_worker();

}  // namespace actbench::bench::gate
