// SPDX-License-Identifier: Apache-2.0
//
// The kinds of faults, and how results that have one are counted.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace actbench::bench {

/// What can be wrong with a result. One result can be wrong in several ways.
enum class Fault : unsigned char {
#define ACTBENCH_FAULT(name, description, column) name,
#include "bench/faults/kinds.def"
#undef ACTBENCH_FAULT
};
inline constexpr std::size_t fault_count = 0
#define ACTBENCH_FAULT(name, description, column) +1
#include "bench/faults/kinds.def"
#undef ACTBENCH_FAULT
    ;
const char* name(Fault) noexcept;         ///< for machines: "zero_for_normal"
const char* description(Fault) noexcept;  ///< for people: "0 for a normal number"
const char* column(Fault) noexcept;       ///< the heading of the summary's column that counts it: "zero"

/// All results of a kernel that have one fault. Inputs are bit patterns, in the order of `place`.
struct Faults {
  std::uint64_t count = 0;
  std::uint64_t broken = 0;  ///< how many of them the kernel's promise excludes
  std::uint64_t first = 0, last = 0;
  std::uint64_t got = 0, expected = 0;  ///< at the first; expected: what the result was compared with
  std::string where{};                  ///< only for Fault::position: the circumstances of the first

  void add(std::uint64_t input, std::uint64_t sign, std::uint64_t result, std::uint64_t right, bool breaks);
  /// Associative and commutative.
  void merge(const Faults&, std::uint64_t sign);
};

}  // namespace actbench::bench
