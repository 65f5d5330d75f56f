// SPDX-License-Identifier: Apache-2.0
//
// Large arrays: results that go past the caches. A plain store reads the cache line that it writes to, and drives what
// the caches hold out of them; from arrays that no cache holds on, that read is a third of all traffic. So a call takes
// its arrays block by block: a kernel computes a block into a room that stays in the nearest cache, and whole lines are
// stored from there by non-temporal stores. Kernels know nothing of it, and elements depend on nothing but their
// inputs: so results have the same bits.
#pragma once

#include <cstddef>

#include "actbench/large.hpp"
#include "kernels/table.hpp"

namespace actbench {

/// Copies cache lines of 64 bytes past the caches, by the widest stores of this CPU; a plain copy where it has no such
/// stores. to: aligned to a line. Other threads see what is stored after streamed().
void stream_lines(void* to, const void* from, std::size_t lines) noexcept;
void streamed() noexcept;

/// The call for n elements of that size from one place on.
Arguments part(const Arguments&, std::size_t size, std::size_t at, std::size_t n) noexcept;

/// Whether the kernel's activation and direction round once at most.
bool rounds_once(const Kernel&) noexcept;

/// Whether a call goes past the caches: the arrays take stream_from() bytes, y is none of the inputs, and the kernel is
/// this library's own, for a CPU, and neither naive, which stays what anybody would write, nor one that computes for
/// so long that memory does not count: accurate, where more than one rounding is done, and of three inputs.
bool streams(const Kernel&, const Arguments&) noexcept;

/// kernel.run(arguments) in that way.
void run_streaming(const Kernel&, const Arguments&) noexcept;

}  // namespace actbench
