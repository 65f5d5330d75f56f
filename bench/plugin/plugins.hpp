// SPDX-License-Identifier: Apache-2.0
//
// The plug-ins of a command line: examined, loaded in a process that may be lost, and watched there. The command itself
// runs in that process. Where a kernel takes the process with it, the command begins again without that kernel.
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "actbench/kernels.hpp"
#include "actbench/plugin.h"
#include "bench/plugin/examine.hpp"

namespace actbench::bench::plugin {

/// A plug-in that was loaded.
struct Plugin {
  std::string path, name, about;
};
struct PluginKernel {
  std::string identity, parameters, note;
  std::string left_out;  ///< why it cannot be used, or does not run here; empty where it does
};

/// The plug-ins whose kernels are in the table of this process.
const std::vector<Plugin>& loaded();
const std::vector<PluginKernel>& loaded_kernels();
/// What is wrong with them, as sentences: the kernels that are left out among others.
const std::vector<Finding>& findings();

struct Request {
  std::vector<std::string> paths;
  double patience_s = 10;  ///< that a call may take, and 1 µs more for each element
  /// What is found leaves the exit code as it is: these are others' libraries, with which one's own are compared.
  bool forgiving = false;
};

/// Runs a command with the plug-ins' kernels in the table, and returns its exit code: 1 in the place of 0 where there
/// are findings, unless the request is forgiving. Says on stderr what is found. May be called once, before there are
/// threads. Throws UsageError for files that are not there, MissingError where no kernel of any can be used,
/// Interrupted.
int with_plugins(const Request&, const std::function<int()>& command);

struct Adopted {
  std::string identity;
  actbench_plugin_kernel source;
  std::array<double, max_parameters> parameters;  ///< its own or the table's, rounded to its type
  bool runs;                                      ///< here, as the plug-in has it
};
/// Loads a plug-in in this very process, unexamined: for processes that may be lost. Its kernels join the table, where
/// it has none of the same identities, of another build of the plug-in; or, if not asked to, none does. What it prints
/// meanwhile goes nowhere. Throws Refused.
std::vector<Adopted> adopt(const std::string& path, bool join = true);

}  // namespace actbench::bench::plugin
