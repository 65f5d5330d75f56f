// SPDX-License-Identifier: Apache-2.0
#include "bench/cli/describe.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "actbench/kernels.hpp"
#include "bench/support/build_info.hpp"

namespace actbench::bench {
namespace {

using nlohmann::ordered_json;

/// CLI11 appends what a value must be to its name: "FORMAT:{table,md}", "N:INT in [0 - 1023]".
void describe_value(ordered_json& described, const std::string& type_name) {
  const std::size_t colon = type_name.find(':');
  described["value"] = type_name.substr(0, colon);
  const std::string must_be = colon == type_name.npos ? "" : type_name.substr(colon + 1);
  const std::size_t brace = must_be.find('{'), bracket = must_be.find('[');
  if (brace != must_be.npos) {
    described["choices"] = CLI::detail::split(must_be.substr(brace + 1, must_be.rfind('}') - brace - 1), ',');
  } else if (bracket != must_be.npos) {
    std::string range = must_be.substr(bracket + 1, must_be.rfind(']') - bracket - 1);
    const std::size_t dash = range.find(" - ");
    if (dash != range.npos) range.replace(dash, 3, " to ");
    described["range"] = range;
  }
}

ordered_json describe(const CLI::Option& option) {
  ordered_json described;
  if (option.get_positional()) {
    described["names"] = {option.get_name(true)};
  } else {
    ordered_json names = ordered_json::array();
    for (const std::string& name : option.get_snames()) names.push_back("-" + name);
    for (const std::string& name : option.get_lnames()) names.push_back("--" + name);
    described["names"] = names;
  }
  if (option.get_items_expected_max() != 0) {  // a flag takes no value
    describe_value(described, option.get_type_name());
    described["many"] = option.get_items_expected_max() > 1;
    described["required"] = option.get_required();
  }
  described["help"] = option.get_description();
  return described;
}

ordered_json describe_app(const CLI::App& app) {
  ordered_json described{{"name", app.get_name()}, {"help", app.get_description()}};
  for (const bool positional : {true, false}) {
    ordered_json& list = described[positional ? "positionals" : "options"] = ordered_json::array();
    for (const CLI::Option* option : app.get_options()) {
      if (option->get_positional() == positional && !option->get_group().empty()) list.push_back(describe(*option));
    }
  }
  described["footer"] = app.get_footer();
  return described;
}

}  // namespace

std::string describe(const CLI::App& program) {
  ordered_json described = describe_app(program);
  described["version"] = build_info().version;
  ordered_json& commands = described["commands"] = ordered_json::array();
  for (const CLI::App* command : program.get_subcommands([](const CLI::App*) { return true; })) {
    if (!command->get_group().empty()) commands.push_back(describe_app(*command));
  }
  ordered_json& activations = described["activations"] = ordered_json::array();
  for (const Kernel& kernel : kernels()) {
    const std::string name = kernel.activation->name;
    if (activations.empty() || activations.back() != name) activations.push_back(name);
  }
  return described.dump(1) + "\n";
}

}  // namespace actbench::bench
