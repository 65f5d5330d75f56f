// SPDX-License-Identifier: Apache-2.0
//
// Settings for large arrays, of the whole process. They change no bit of a result. Any thread may ask and set at any
// time; a call that is under way goes on as it began.
#pragma once

#include <cstddef>

namespace actbench {

/// From how many bytes on, those of all arrays of a call together, results are stored past the caches, by non-temporal
/// stores, unless y is one of the inputs: they come to memory sooner, and are read back later. At first it is what the
/// environment variable ACTBENCH_STREAM_FROM says, a number of bytes, or else the size of the last-level cache, but no
/// more than 64 MiB. SIZE_MAX: never. Left as they are: naive kernels, accurate ones that round more than once, which
/// take longer than memory does, and those of plug-ins and for a device.
void set_stream_from(std::size_t bytes) noexcept;
std::size_t stream_from() noexcept;

/// How many threads share a call on arrays of the host, one for each MiB of them at most: 1 at first, which is the
/// caller's alone. The others live as long as the call. Kernels of plug-ins have the caller's thread alone.
void set_threads(unsigned count) noexcept;
unsigned threads() noexcept;

}  // namespace actbench
