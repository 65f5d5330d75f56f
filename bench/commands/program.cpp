// SPDX-License-Identifier: Apache-2.0
#include "bench/commands/program.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <functional>
#include <new>
#include <optional>

#include "bench/cli/describe.hpp"
#include "bench/cli/environment.hpp"
#include "bench/cli/help.hpp"
#include "bench/cli/options.hpp"
#include "bench/cli/streams.hpp"
#include "bench/commands/commands.hpp"
#include "bench/gate/worker.hpp"
#include "bench/numbers/types.hpp"
#include "bench/peers/peers.hpp"
#include "bench/plugin/library.hpp"
#include "bench/plugin/plugins.hpp"
#include "bench/selection/names.hpp"
#include "bench/support/build_info.hpp"
#include "bench/support/errors.hpp"
#include "bench/support/float_state.hpp"
#include "bench/support/locale.hpp"
#include "bench/support/progress.hpp"
#include "bench/support/signals.hpp"
#include "bench/timing/timing.hpp"
#include "reports/files.hpp"

namespace actbench::bench {

#define ACTBENCH_COMMAND(name) Command add_##name(CLI::App& program);
#include "bench/commands/commands.def"
#undef ACTBENCH_COMMAND

namespace {

int fail(const std::string& sentence, int code) {
  write_error(sentence);
  return code;
}

/// Throws UsageError for words that CLI11 would take apart, or take for the end of something, and for an option whose
/// value it would look for in the next word.
void refuse_special_words(const std::vector<std::string>& arguments) {
  for (const std::string& word : arguments) {
    const bool brackets = word.size() > 1 && word.front() == '[' && word.back() == ']';
    if (brackets || word == "++" || word == "{}" || (word.starts_with("--") && word.ends_with("={}")))
      throw UsageError(fmt::format("'{}' stands for nothing here", word));
    if (word.starts_with("--") && word.ends_with("="))
      throw UsageError(fmt::format("{} is followed by no value", word));
  }
}

/// A library's sentence, which may have been meant for several lines.
std::string in_one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

/// Inputs of eval such as -inf look like options. With the typographic minus sign they do not, and parse_number() reads
/// that, too.
void protect_negative_numbers(std::vector<std::string>& arguments) {
  if (arguments.empty() || arguments[0] != "eval") return;
  for (std::string& text : arguments) {
    if (text == "-inf" || text == "-infinity" || text == "-nan" ||
        (text.size() > 1 && text[0] == '-' && text[1] == '.')) {
      text.replace(0, 1, "\u2212");
    }
  }
}

/// Gives what follows "--" to the command that asks for it.
void take_what_follows_dashes(const std::vector<Command>& commands, std::vector<std::string>& arguments) {
  const auto mark = std::find(arguments.begin(), arguments.end(), "--");
  if (mark == arguments.end()) return;
  for (const Command& command : commands) {
    if (command.after_dashes == nullptr || command.app->get_name() != arguments[0]) continue;
    command.after_dashes->assign(mark + 1, arguments.end());
    arguments.erase(mark, arguments.end());
    return;
  }
}

/// The values that the command line gives an option; none where the command has no such option.
std::vector<std::string> values_of(const CLI::App& command, const std::string& option) {
  const CLI::Option* const found = command.get_option_no_throw(option);
  return found == nullptr ? std::vector<std::string>() : found->results();
}

/// The plug-ins that a command line names for a command that takes them. The gate's head may be one, too.
plugin::Request plugins_of(const CLI::App& command) {
  plugin::Request request;
  const bool is_check = command.get_name() == "check";
  request.paths = values_of(command, plugin_option);
  // A report has its peers in a process of their own, where they are for one of its sections.
  if (command.get_name() != "report") {
    const std::vector<std::string> folders = values_of(command, peers_option);
    request.forgiving = request.paths.empty() && !folders.empty();
    for (const std::string& folder : folders) {
      for (std::string& file : peers::named_plugins(folder)) request.paths.push_back(std::move(file));
    }
  }
  if (request.paths.empty() && !values_of(command, at_least_option).empty()) {
    request.paths = peers::plugins_in(peers::default_folder());
    request.forgiving = true;
  }
  if (is_check && request.paths.empty()) {
    for (const std::string& head : values_of(command, "--head")) {
      if (plugin::looks_like_plugin(head)) request.paths.push_back(head);
    }
  }
  for (const std::string& text : values_of(command, patience_option))
    request.patience_s = parse_within(text, any_seconds.least, any_seconds.most, patience_option);
  return request;
}

/// The command that the command line is for, or the program itself.
const CLI::App& asked_of(const CLI::App& program, const std::vector<Command>& commands) {
  const auto asked = std::find_if(commands.begin(), commands.end(), [](const Command& c) { return c.app->parsed(); });
  return asked == commands.end() ? program : *asked->app;
}

/// Throws UsageError for an option that is given an empty value, which no option has a use for.
void refuse_empty_values(const CLI::App& command) {
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_positional()) continue;
    for (const std::string& value : option->results()) {
      if (value.empty())
        throw UsageError(fmt::format("{0} is given an empty value: give it one, or leave out {0}", option->get_name()));
    }
  }
}

/// Throws UsageError for a backend that there is not. Which there are is known once the plug-ins are loaded.
void refuse_unknown_backends(const CLI::App& command) {
  const std::vector<std::string> known = backend_names();
  for (const std::string& backend : values_of(command, backend_option)) {
    if (std::find(known.begin(), known.end(), backend) == known.end())
      throw UsageError(fmt::format("{}: {} not in {{{}}} (see: actbench {} --help)", backend_option, backend,
                                   fmt::join(known, ","), command.get_name()));
  }
}

/// Reads the command line. Returns the exit code where there is nothing more to do: something is wrong with it, which
/// is said, or it asks for the help or the version, which is shown.
std::optional<int> read(CLI::App& program, const std::vector<Command>& commands, std::vector<std::string> arguments) {
  std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants them
  try {
    program.parse(arguments);
  } catch (const CLI::CallForVersion& e) {
    write_stdout(std::string(e.what()) + "\n");
    return exit_fine;
  } catch (const CLI::CallForHelp&) {
    write_stdout(help_of(asked_of(program, commands)));
    return exit_fine;
  } catch (const CLI::ParseError& e) {
    const CLI::App& asked = asked_of(program, commands);
    return fail(fmt::format("{} (see: actbench{} --help)", in_one_line(e.what()),
                            &asked == &program ? "" : " " + asked.get_name()),
                exit_usage);
  }
  return {};
}

/// The exit code of what a function does, or of the exception that it throws, which is said.
int guarded(const std::function<int()>& function) {
  try {
    return function();
  } catch (const ReaderGone&) {
    return exit_fine;
  } catch (const MissingError& e) {
    return fail(e.what(), exit_missing);
  } catch (const timing::DeviceError& e) {
    return fail(e.what(), exit_missing);
  } catch (const std::bad_alloc&) {
    return fail("not enough memory for this; try fewer threads or smaller sizes", exit_missing);
  } catch (const std::exception& e) {
    // Usage, files, timing, interruption: their sentences say what was wrong and what would be right.
    return fail(e.what(), exit_usage);
  }
}

/// Does what the command line asks for, with the plug-ins that it names. The whole of it has been read before any of
/// them is loaded.
int obey(const Command& command) {
  refuse_senseless_environment();
  refuse_empty_values(*command.app);
  const plugin::Request plugins = plugins_of(*command.app);
  const auto obeyed = [&] {
    refuse_unknown_backends(*command.app);
    const Progress progress(command.app->get_name());
    return command.run();
  };
  return plugins.paths.empty() ? obeyed() : plugin::with_plugins(plugins, [&] { return guarded(obeyed); });
}

int run(std::vector<std::string> arguments) {
  if (arguments == std::vector<std::string>{gate::worker_command}) return gate::run_worker();
  if (arguments == std::vector<std::string>{peers::worker_command}) return peers::run_worker();
  protect_negative_numbers(arguments);

  CLI::App program("How fast and how right neural-network activation functions are.", "actbench");
  program.set_version_flag("--version", [] { return version_text(build_info()); });
  program.get_formatter()->column_width(help_indent);
  program.require_subcommand(0, 1);  // what follows is the subcommand's own, even where it is the name of another
  std::vector<Command> commands;
#define ACTBENCH_COMMAND(name) commands.push_back(add_##name(program));
#include "bench/commands/commands.def"
#undef ACTBENCH_COMMAND
  for (const Command& command : commands) one_value_each(*command.app);
  take_what_follows_dashes(commands, arguments);
  refuse_special_words(arguments);
  program.footer(
      "Exit codes: 0 fine, 1 a check failed, 2 wrong usage or bad input, 3 something needed is missing here.\n"
      "actbench COMMAND --help says more about a command.");
  if (arguments == std::vector<std::string>{describe_command}) {
    write_stdout(describe(program));
    return exit_fine;
  }
  std::vector<std::string> names;
  for (const Command& command : commands) names.push_back(command.app->get_name());
  if (arguments.empty()) {
    write_stdout(help_of(program));
    return fail(fmt::format("which command? one of {}", fmt::join(names, ", ")), exit_usage);
  }
  if (arguments[0][0] != '-') {
    if (std::find(names.begin(), names.end(), arguments[0]) == names.end()) {
      const auto near = near_misses(arguments[0], names);
      throw UsageError(
          fmt::format("there is no command '{}'{}", arguments[0],
                      near.empty() ? fmt::format("; there are {}", fmt::join(names, ", ")) : did_you_mean(near)));
    }
  }
  if (const std::optional<int> code = read(program, commands, std::move(arguments))) return *code;
  for (const Command& command : commands) {
    if (command.app->parsed()) return obey(command);
  }
  return fail("which command? see: actbench --help", exit_usage);
}

}  // namespace

int run_program(std::vector<std::string> arguments) {
  fill_missing_streams();
  take_default_float_state();
  const PlainLocale locale;
  handle_signals();
  return guarded([&] { return run(std::move(arguments)); });
}

}  // namespace actbench::bench
