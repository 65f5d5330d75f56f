// SPDX-License-Identifier: Apache-2.0
//
// The threads of a block as fibers of one thread of the host, each run until it waits for others: what lets them
// exchange numbers and meet at barriers, in an order that is the same every time.
#pragma once

namespace actbench::cuda_emulated {

/// Runs body(argument) once for each thread of a block, and says by enter(number) which of them goes on. Aborts where
/// some wait for others that have ended.
void run_block(unsigned threads, void (*enter)(unsigned thread), void (*body)(const void*), const void* argument);

/// From within: until `count` threads from `first` on are here.
void wait_for(unsigned first, unsigned count);

/// Room for what a thread hands to others.
unsigned char* slot(unsigned thread);
inline constexpr unsigned slot_bytes = 16;

}  // namespace actbench::cuda_emulated
