// SPDX-License-Identifier: Apache-2.0
//
// What a plug-in says of itself and its kernels, held against the table.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "actbench/kernels.hpp"
#include "actbench/plugin.h"

namespace actbench::bench::plugin {

/// One sentence, without a full stop, that says why a library is no plug-in, or none that can be used here. Its subject
/// is left out: "has no function actbench_plugin_v1".
struct Refused : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Described {
  actbench_plugin_kernel source;
  std::string identity;
  const Activation* activation;  ///< of the table, or, where the kernel has parameters of its own, a copy with these
  Direction direction;
  Type type;
  Tier tier;
  double promised_ulp;  ///< infinity: nothing
  std::string note, absent;
  bool runs;  ///< it has a function, and says nowhere why it would not run here
};

/// A kernel that the table cannot have.
struct Misfit {
  std::string kernel;    ///< as far as it is known which: "gelu/forward/f32", "kernel 3"
  std::string sentence;  ///< "there is no activation 'fancy' …"
};

struct Description {
  std::string name, about;
  std::vector<Described> kernels;
  std::vector<Misfit> misfits;
  std::vector<std::unique_ptr<Activation>> copies;
};

/// Reads the description. Throws Refused where none of it can be used.
Description describe(const actbench_plugin*);

}  // namespace actbench::bench::plugin
