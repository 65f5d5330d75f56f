// SPDX-License-Identifier: Apache-2.0
//
// The options that subcommands share: which kernels, with which parameters, and how results are shown.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bench/cli/output.hpp"
#include "bench/selection/kernels.hpp"
#include "reference/reference.hpp"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace actbench::bench {

/// The names of options that the program looks at itself: plug-ins are in the table when a command begins, and so are
/// their backends.
inline constexpr char plugin_option[] = "--plugin", patience_option[] = "--plugin-patience";
inline constexpr char backend_option[] = "--backend";
/// That which names a folder of plug-ins.
inline constexpr char peers_option[] = "--peers";
/// That of the gate which takes peers, those of the default folder where none are named.
inline constexpr char at_least_option[] = "--at-least";

struct Options : Selection {
  std::vector<std::string> parameters;  ///< "alpha=0.2"
  Output output;
  std::vector<std::string> plugins;  ///< which the program has loaded (program.cpp)
  double plugin_patience_s = 10;
};

/// Has each option of a command take one value, so that what follows it is a FILTER again. Several values are given by
/// commas, where the option knows them, or by the option several times.
void one_value_each(CLI::App&);
/// What a number may be, both ends included.
template <class Number>
struct Range {
  Number least, most;
};
inline constexpr Range<std::uint64_t> any_seed{0, UINT64_MAX};
inline constexpr Range<double> any_seconds{0.1, 1e6};

/// An option that takes a finite number, or a whole one, within a range, which the help shows. Every option that takes
/// a number is one of these, or is read by the functions that these call (bench/numbers/types.hpp): what is out of
/// range, too large for the type, NaN, no number, or a number with something behind it throws UsageError. value: what
/// the help calls it.
CLI::Option* add_number(CLI::App&, const std::string& option, double& into, Range<double>, const std::string& value,
                        const std::string& help);
CLI::Option* add_whole(CLI::App&, const std::string& option, std::uint64_t& into, Range<std::uint64_t>,
                       const std::string& value, const std::string& help);
CLI::Option* add_whole(CLI::App&, const std::string& option, unsigned& into, Range<unsigned>, const std::string& value,
                       const std::string& help);

/// --format, --color.
void add_output_options(CLI::App&, Options&);
/// The backends' names: the program's own, and those of the plug-ins that are loaded.
std::vector<std::string> backend_names();
/// --direction, --type, --tier, --backend, --device, --plugin, and those of the output. A value of --backend may be any
/// word: the program compares it with the names that there are.
void add_shared_options(CLI::App&, Options&);
void add_filter(CLI::App&, Options&);
void add_parameters(CLI::App&, Options&);
/// --threads.
void add_threads(CLI::App&, unsigned& threads,
                 const char* text = "How many threads; default: one for every CPU that may be used");
/// --ulp.
void add_ulp(CLI::App&, reference::Ulp&);

}  // namespace actbench::bench
