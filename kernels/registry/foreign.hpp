// SPDX-License-Identifier: Apache-2.0
//
// What a program adds to the table, of which the library by itself has none: rows of libraries that its user brings,
// under backends of their own; and types of arrays in which no kernel computes, whose values are known all the same.
#pragma once

#include <span>
#include <string>

#include "actbench/kernels.hpp"

namespace actbench {

/// Backends that are added come after all others.
constexpr bool is_foreign(Backend backend) { return backend > Backend::cuda; }
inline constexpr std::size_t most_foreign_backends = 128;

/// A backend of that name, which no other may have. The caller adds no more than most_foreign_backends.
Backend add_backend(const std::string& name);

/// Types of 8 bits, after all others, with the names "f8_e4m3fn" and "f8_e5m2", of OCP's specification of such numbers
/// (OFP8, revision 1.0): a sign, 4 or 5 bits of exponent, 3 or 2 of fraction. e4m3fn has no infinities and one NaN of
/// each sign, which is what overflow gives; its largest number is 448. e5m2 is the upper half of an f16.
inline constexpr Type f8_e4m3fn{4}, f8_e5m2{5};
constexpr bool is_foreign(Type type) { return type >= f8_e4m3fn; }

struct ForeignKernel {
  /// Its activation is the one that the table's own kernels have, or, where its parameters differ from those, a copy
  /// with others as the defaults, which must live as long as the table.
  Kernel kernel;
  std::string unrunnable;  ///< why it does not run here; empty where it does
};

/// Adds rows, of identities that the table lacks. Their functions are called wherever those of other rows are. Not
/// while another thread uses the table; pointers to its rows end.
void add_kernels(std::span<const ForeignKernel>);

}  // namespace actbench
