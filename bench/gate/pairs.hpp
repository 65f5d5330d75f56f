// SPDX-License-Identifier: Apache-2.0
//
// The kernels that base and head have in common, and which of them have the same machine code.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "bench/gate/launch.hpp"

namespace actbench::bench::gate {

inline constexpr char library_file[] = "libactbench_kernels_c.so";

/// The library that this program was built with, beside it in the build folder or where it was installed. Throws
/// MissingError where it is not there.
std::filesystem::path own_library(const std::filesystem::path& program);

/// The library at a path that a user gave: the file itself, or the one in a build folder. Throws UsageError where there
/// is none. option: the name under which the user gave it.
std::filesystem::path library_at(const std::filesystem::path&, const std::string& option);

enum class Kinship : unsigned char {
  changed,    ///< or not known to be the same
  identical,  ///< machine code
  added,      ///< not in the base
};

struct Kin {
  const Kernel* kernel;
  Kinship kinship;
  bool timeable;  ///< runs here, in both
};

struct Family {
  std::vector<Kin> kernels;          ///< those asked for, in their order
  std::vector<std::string> removed;  ///< identities that the base has and the head has not
  std::string incomparable;          ///< why machine code could not be compared; empty: it was
};

/// The same of plug-ins, whose machine code is not compared.
Family compare_plugins(const Place&, const std::vector<const Kernel*>&);

/// Throws Fault, Interrupted, UsageError for a file that is no library for x86-64, MissingError for one without
/// kernels.
Family compare_libraries(const Place&, const std::vector<const Kernel*>&);

}  // namespace actbench::bench::gate
