// SPDX-License-Identifier: Apache-2.0
//
// The measuring process. It loads libraries that may crash or hang, so that the gate need not. Every launch draws its
// place in memory anew, on which the speed of code depends.
//
// It reads a plan from stdin and writes results to stdout, both in lines with fields separated by tabs:
//   list    SIDE PATH                        kernel IDENTITY RUNNABLE CODE …     (RUNNABLE 0 or 1; CODE an address)
//   measure BASE HEAD SEED BLOCKS            value INDEX LOG_RATIO BASE_NS HEAD_NS …, in any order
//   kernel  IDENTITY BASE_IDENTITY EXTRA …   (for measure)
//   done
// BASE_IDENTITY is the same kernel, another library's of the same function, or what stands for the base instead, "copy"
// or "calibration". EXTRA is the share of
// elements that the head computes once more. Where something goes wrong, it writes "fault SIDE INDEX SIGNAL" (INDEX -1:
// while loading) or "refused SIDE INDEX SENTENCE".
#pragma once

#include <string>
#include <vector>

namespace actbench::bench::gate {

/// The argument with which the program becomes one.
inline constexpr char worker_command[] = "gate-worker";

/// References that a kernel can be compared with instead of the base's: copying as many words of 32 bits, and a loop of
/// integer arithmetic over them, whose time depends on nothing but the CPU's clock.
inline constexpr char copy_reference[] = "copy", calibration_reference[] = "calibration";
inline constexpr int calibration_version = 1;  ///< of that loop

/// The fields of a line.
std::vector<std::string> fields(const std::string& line);

/// Reads a plan, carries it out, and returns the exit code.
int run_worker();

}  // namespace actbench::bench::gate
