// SPDX-License-Identifier: Apache-2.0
//
// The ceilings: no kernel that reads and writes every element beats the best way to copy them.
#pragma once

#include <cstddef>

namespace actbench::timing {

using Copy = void (*)(void* to, const void* from, std::size_t bytes);

/// The C library's.
void copy_memcpy(void* to, const void* from, std::size_t bytes);

/// Whole cache lines stored past the caches, by the widest stores of this CPU. to: aligned to 64 bytes.
void copy_non_temporal(void* to, const void* from, std::size_t bytes);

}  // namespace actbench::timing
