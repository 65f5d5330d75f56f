// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdint.h>

namespace actbench {

/// splitmix64's finaliser: a permutation of the 64-bit numbers that mixes every bit into every other.
constexpr uint64_t mix(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

}  // namespace actbench
