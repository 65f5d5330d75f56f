// SPDX-License-Identifier: Apache-2.0
//
// The options that commands about files of numbers share.
#pragma once

#include <optional>
#include <string>

#include "actbench/kernels.hpp"
#include "bench/arrays/files.hpp"
#include "bench/score/score.hpp"

namespace CLI {
class App;
}

namespace actbench::bench {

/// --direction, one.
void add_direction(CLI::App&, std::string& direction);
/// --type, one.
void add_array_type(CLI::App&, std::string& type, const char* help);
/// --raw TYPE, of files that are read.
void add_raw(CLI::App&, std::string& type);

/// One of those that --direction takes.
Direction direction_named(const std::string&);
/// Nothing for an empty name.
std::optional<Type> type_named(const std::string&);

/// The files that the command line names; empty what it does not.
struct ArrayFiles {
  std::string inputs, outputs, dy, a, against;
  std::optional<Type> raw, type;
};

/// The arrays in them, of one type and as many numbers each.
struct GivenArrays {
  arrays::Array x, y;
  std::optional<arrays::Array> dy, a, other;
};

/// As the engines take them.
score::Arrays engine_arrays(const GivenArrays&);

/// takes: which multipliers there must be. Those without a name are in the files that `actbench inputs` writes beside
/// x. what: "backward of gelu", for the sentences. Throws UsageError.
GivenArrays read_arrays(const ArrayFiles&, Multipliers takes, const std::string& what);

}  // namespace actbench::bench
