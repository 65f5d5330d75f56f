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

/// The names of options that the program reads before the others: plug-ins are in the table when a command begins.
inline constexpr char plugin_option[] = "--plugin", patience_option[] = "--plugin-patience";

struct Options : Selection {
  std::vector<std::string> parameters;  ///< "alpha=0.2"
  Output output;
  std::vector<std::string> plugins;  ///< which the program has loaded (program.cpp)
  double plugin_patience_s = 10;
};

/// --format, --color.
void add_output_options(CLI::App&, Options&);
/// --direction, --type, --tier, --backend, --device, --plugin, and those of the output.
void add_shared_options(CLI::App&, Options&);
void add_filter(CLI::App&, Options&);
void add_parameters(CLI::App&, Options&);
/// --threads.
void add_threads(CLI::App&, unsigned& threads,
                 const char* text = "How many threads; default: one for every CPU that may be used");
/// --ulp.
void add_ulp(CLI::App&, reference::Ulp&);

}  // namespace actbench::bench
