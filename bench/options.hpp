// SPDX-License-Identifier: Apache-2.0
//
// What every subcommand shares on the command line: which kernels, with which parameters, shown how.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "actbench/kernels.hpp"
#include "bench/output.hpp"

namespace CLI {
class App;
}

namespace actbench::bench {

struct Options {
  std::vector<std::string> filters;
  std::vector<std::string> directions, types, tiers, backends;  ///< empty: any
  std::vector<std::string> parameters;                          ///< "alpha=0.2"
  Output output;
};

/// --format, --color.
void add_output_options(CLI::App&, Options&);
/// --direction, --type, --tier, --backend, --device, and those of the output.
void add_shared_options(CLI::App&, Options&);
void add_filter(CLI::App&, Options&);
void add_parameters(CLI::App&, Options&);
/// --threads.
void add_threads(CLI::App&, unsigned& threads, const char* text = "Default: every CPU that may be used");

/// The kernels that filters and options choose, whether they run here or not. Throws UsageError where there are none,
/// MissingError where --backend asks for one that this build lacks.
std::vector<const Kernel*> chosen(const Options&);

/// Where the kernels end that stand next to that one and share its activation, direction and type.
std::size_t group_end(std::span<const Kernel* const>, std::size_t first);

/// Those of a device, or all the others: the two are timed apart.
std::vector<const Kernel*> on_device(std::span<const Kernel* const>, bool device);

/// Whether filters and options choose a kernel.
bool matches(const Options&, const Kernel&);

/// Of those, what runs on this machine.
struct Runnable {
  std::vector<const Kernel*> kernels;
  std::vector<std::string> notes;  ///< what was left out, and why
};
/// Throws as chosen(), and MissingError where --backend asks for one that does not run here, or where nothing is left.
Runnable runnable(const Options&);

/// The kernels over rows, taken out of a list; those that are left go element by element.
std::vector<const Kernel*> take_rows(std::vector<const Kernel*>&);
/// For a command that knows single elements alone: takes kernels over rows out, with a note. Throws UsageError where
/// nothing is left.
void leave_out_rows(Runnable&, const std::string& command);

/// The activation of that name, or of that other name. Throws UsageError with what comes near.
const Activation& activation_named(const std::string& wanted);

/// name=value on the command line.
struct Setting {
  std::string name;
  double value;
};
/// Throws UsageError for what is no name=value, and for names that none of the kernels' activations has.
std::vector<Setting> settings(std::span<const std::string> texts, std::span<const Kernel* const> kernels);

/// All parameters of an activation: the settings where it has them, its defaults elsewhere.
std::vector<double> unrounded_parameters(const Activation&, std::span<const Setting>);

/// The same as a kernel gets them, rounded to its type. Throws UsageError for values outside a parameter's domain.
std::vector<double> parameters_of(const Kernel&, std::span<const Setting>);

/// "alpha=0.01, beta=1", or "" without parameters: the shortest numbers that the kernel's type rounds to these. The
/// name under which results are kept; what is shown is used_parameters().
std::string describe_parameters(const Kernel&, std::span<const double> parameters);

/// "alpha=0.009999999776482582": the numbers that the kernel computes with.
std::string used_parameters(const Kernel&, std::span<const double> parameters);

/// What is said where a kernel promises nothing for the parameters that were set.
inline constexpr const char* promised_parameters =
    "No promise: of activations that round more than once it is for parameters between 2^-100 and 2^100 in size (f64: "
    "2^-8 and 2^8), and 0.";

/// "alpha=0.3 (bf16 takes 0.30078125)": what was set, and what the types of these kernels make of it.
std::string describe_settings(std::span<const Setting>, std::span<const Kernel* const> kernels);

/// The seed of everything random: any whole number below 2^64.
inline constexpr unsigned long long default_seed = 1;

/// A subcommand: adds itself and its options to the program, and gives back what to do once the line is parsed.
struct Command {
  CLI::App* app;
  std::function<int()> run;  ///< returns the exit code
};
Command add_list(CLI::App& program);
Command add_eval(CLI::App& program);
Command add_accuracy(CLI::App& program);
Command add_merge(CLI::App& program);
Command add_verify(CLI::App& program);
Command add_bench(CLI::App& program, const std::vector<std::string>& google_arguments);
Command add_overflow(CLI::App& program);
Command add_gap(CLI::App& program);
Command add_properties(CLI::App& program);
Command add_claims(CLI::App& program);
Command add_report(CLI::App& program);
Command add_check(CLI::App& program);
Command add_doctor(CLI::App& program);

}  // namespace actbench::bench
