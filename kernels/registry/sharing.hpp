// SPDX-License-Identifier: Apache-2.0
//
// Threads that share a call on large arrays.
#pragma once

#include <cstddef>
#include <functional>

#include "actbench/large.hpp"
#include "kernels/table.hpp"

namespace actbench {

/// Calls work(begin, end) for parts of 0 to n of about the same size, which begin at multiples of `unit`, on so many
/// threads: this one and others that live as long as the call. Where the system gives no thread, this one does its
/// part. Work throws nothing.
void share(std::size_t n, std::size_t unit, unsigned count, const std::function<void(std::size_t, std::size_t)>& work);

/// How many threads share a call whose arrays take so many bytes together: threads(), but no more than one for each
/// MiB.
unsigned sharing(std::size_t bytes) noexcept;
/// Of that call. Of rows no more than there are, of a plug-in's kernels and a device's one.
unsigned sharing(const Kernel&, const Arguments&) noexcept;

}  // namespace actbench
