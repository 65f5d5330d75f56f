// SPDX-License-Identifier: Apache-2.0
//
// The options that subcommands share: which kernels, with which parameters, and how results are shown.
#pragma once

#include <string>
#include <vector>

#include "bench/cli/output.hpp"
#include "bench/selection/kernels.hpp"
#include "reference/reference.hpp"

namespace CLI {
class App;
}

namespace actbench::bench {

struct Options : Selection {
  std::vector<std::string> parameters;  ///< "alpha=0.2"
  Output output;
};

/// Has each option of a command take one value, so that what follows it is a FILTER again. Several values are given by
/// commas, where the option knows them, or by the option several times.
void one_value_each(CLI::App&);

/// --format, --color.
void add_output_options(CLI::App&, Options&);
/// --direction, --type, --tier, --backend, --device, and those of the output.
void add_shared_options(CLI::App&, Options&);
void add_filter(CLI::App&, Options&);
void add_parameters(CLI::App&, Options&);
/// --threads.
void add_threads(CLI::App&, unsigned& threads,
                 const char* text = "How many threads; default: one for every CPU that may be used");
/// --ulp.
void add_ulp(CLI::App&, reference::Ulp&);

}  // namespace actbench::bench
