// SPDX-License-Identifier: Apache-2.0
//
// Foreign kernels: rows that a program adds to the table, of libraries that its user brings, under backends of their
// own. The library by itself has none.
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
