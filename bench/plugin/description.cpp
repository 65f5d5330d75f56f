// SPDX-License-Identifier: Apache-2.0
#include "bench/plugin/description.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <set>
#include <span>

#include "bench/numbers/types.hpp"
#include "bench/plugin/call.hpp"
#include "bench/selection/kernels.hpp"
#include "bench/selection/names.hpp"
#include "bench/support/errors.hpp"
#include "reports/text.hpp"

namespace actbench::bench::plugin {
namespace {

constexpr std::size_t longest_name = 31, longest_text = 200;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// A text of the plug-in, so that no terminal or table is upset by it: what does not print becomes a question mark.
std::string text_of(const char* text) {
  if (text == nullptr) return {};
  std::string shown(text, strnlen(text, longest_text));
  for (char& c : shown) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  }
  return shown;
}

void check_name(const std::string& name) {
  const bool good =
      !name.empty() && name.size() <= longest_name && is_letter(name[0]) &&
      std::all_of(name.begin(), name.end(), [](char c) { return is_letter(c) || is_digit(c) || c == '_'; });
  if (!good) {
    throw Refused(fmt::format("calls itself '{}', but a name is a letter, then letters, digits and _, {} at most", name,
                              longest_name));
  }
  bool taken = name == "best";
  for (int own = 0; own <= static_cast<int>(Backend::cuda); ++own)  // those that this build lacks, too
    taken = taken || actbench::name(static_cast<Backend>(own)) == name;
  if (taken) throw Refused(fmt::format("calls itself '{}', which is the name of another backend", name));
}

/// A kernel is no fit: the sentence says why.
struct NoFit {
  std::string sentence;
};

template <class Enum>
Enum one_of(const std::string& text, Enum last, const char* what) {
  std::string known;
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    const Enum value = static_cast<Enum>(i);
    if (text == name(value)) return value;
    known += fmt::format("{}{}", known.empty() ? "" : ", ", name(value));
  }
  throw NoFit{fmt::format("there is no {} '{}', only {}", what, text, known)};
}

const Activation& find_activation(const std::string& text) {
  if (text.empty()) throw NoFit{"it names no activation"};
  try {
    return activation_named(text);
  } catch (const UsageError& e) {
    const std::string why = e.what();
    throw NoFit{
        fmt::format("{}{} Only of the table's activations the exact values are known; a formula of one's own cannot be "
                    "given",
                    why, why.ends_with('?') ? "" : ".")};
  }
}

/// Throws NoFit where the table has no such kernel from anyone.
void check_direction(const Activation& activation, Direction direction, Type type) {
  std::string known;
  for (const Kernel& kernel : kernels()) {
    if (kernel.type != type || std::strcmp(kernel.activation->name, activation.name) != 0) continue;
    if (kernel.direction == direction) return;
    if (known.find(name(kernel.direction)) == std::string::npos)
      known += fmt::format("{}{}", known.empty() ? "" : ", ", name(kernel.direction));
  }
  throw NoFit{fmt::format("{} has no direction {}, only {}", activation.name, name(direction), known)};
}

/// "alpha=1, beta=0" as the defaults of a copy of the activation.
std::unique_ptr<Activation> with_parameters(const Activation& activation, const std::string& text, Type type) {
  auto copy = std::make_unique<Activation>(activation);
  for (const std::string_view assignment : reports::split(text, ',')) {
    std::string part(assignment);
    std::erase(part, ' ');
    const std::size_t equals = part.find('=');
    if (equals == std::string::npos)
      throw NoFit{fmt::format("its parameters '{}' are not of the form alpha=1, beta=0", text)};
    const auto parameters = std::span(copy->parameters, copy->parameter_count);
    const auto at = std::find_if(parameters.begin(), parameters.end(),
                                 [&](const Parameter& p) { return part.substr(0, equals) == p.name; });
    if (at == parameters.end())
      throw NoFit{fmt::format("{} has no parameter '{}'", activation.name, part.substr(0, equals))};
    try {
      at->default_value = parse_finite(part.substr(equals + 1));
    } catch (const UsageError& e) {
      throw NoFit{e.what()};
    }
  }
  std::vector<double> values;
  for (std::size_t i = 0; i < copy->parameter_count; ++i) values.push_back(copy->parameters[i].default_value);
  const std::string error = parameter_error(Kernel{copy.get(), {}, type, {}, {}, 0, nullptr}, values);
  if (!error.empty()) throw NoFit{error};
  return copy;
}

Tier tier_of(const actbench_plugin_kernel& source, double promised_ulp) {
  if (source.tier != nullptr) return one_of(text_of(source.tier), Tier::accurate, "tier");
  return promised_ulp <= 0.5 ? Tier::accurate : std::isfinite(promised_ulp) ? Tier::fast : Tier::naive;
}

Described described(const actbench_plugin_kernel& source, Description& plugin) {
  Described d{source, {}, {}, {}, {}, {}, {}, text_of(source.note), text_of(source.absent), false};
  d.activation = &find_activation(text_of(source.activation));
  d.direction = source.direction == nullptr ? Direction::forward
                                            : one_of(text_of(source.direction), Direction::gradient_b, "direction");
  d.type = source.type == nullptr ? Type::f32 : one_of(text_of(source.type), Type::bf16, "type");
  check_direction(*d.activation, d.direction, d.type);
  if (!(source.promised_ulp >= 0))
    throw NoFit{
        fmt::format("it promises {} ULP; an error is at least 0, and 0 stands for no promise", source.promised_ulp)};
  d.promised_ulp = source.promised_ulp > 0 ? source.promised_ulp : HUGE_VAL;
  d.tier = tier_of(source, d.promised_ulp);
  if (source.parameters != nullptr) {
    plugin.copies.push_back(with_parameters(*d.activation, text_of(source.parameters), d.type));
    d.activation = plugin.copies.back().get();
  }
  d.runs = source.run != nullptr && d.absent.empty();
  if (!d.runs && d.absent.empty()) throw NoFit{"it has no function, and does not say why (absent)"};
  d.identity =
      fmt::format("{}/{}/{}/{}/{}", d.activation->name, name(d.direction), name(d.type), name(d.tier), plugin.name);
  return d;
}

/// As much of an identity as the description has.
std::string called(const actbench_plugin_kernel& source, std::size_t index) {
  if (source.activation == nullptr) return fmt::format("kernel {}", index + 1);
  return fmt::format("{}/{}/{}", text_of(source.activation), source.direction ? text_of(source.direction) : "forward",
                     source.type ? text_of(source.type) : "f32");
}

void check_head(const actbench_plugin* plugin) {
  if (plugin == nullptr) throw Refused("describes nothing: actbench_plugin_v1 returns NULL");
  if (plugin->version != ACTBENCH_PLUGIN_VERSION) {
    throw Refused(
        fmt::format("has version {} of the interface, and this program knows version {}: compile it with this "
                    "program's actbench/plugin.h",
                    plugin->version, ACTBENCH_PLUGIN_VERSION));
  }
  if (plugin->kernel_size < sizeof(actbench_plugin_kernel) || plugin->kernel_size > 4096) {
    throw Refused(
        fmt::format("says that the description of a kernel has {} bytes, where this program knows {}: compile "
                    "it with this program's actbench/plugin.h",
                    plugin->kernel_size, sizeof(actbench_plugin_kernel)));
  }
  if (plugin->kernel_count == 0 || plugin->kernels == nullptr) throw Refused("describes no kernel");
  if (plugin->kernel_count > most_kernels)
    throw Refused(fmt::format("describes {} kernels, and {} is the most", plugin->kernel_count, most_kernels));
}

}  // namespace

Description describe(const actbench_plugin* plugin) {
  check_head(plugin);
  Description all{text_of(plugin->name), text_of(plugin->about), {}, {}, {}};
  check_name(all.name);
  std::set<std::string> known;
  for (std::size_t i = 0; i < plugin->kernel_count; ++i) {
    // A later header may have longer descriptions, which begin like this one's.
    actbench_plugin_kernel source;
    std::memcpy(&source, reinterpret_cast<const char*>(plugin->kernels) + i * plugin->kernel_size, sizeof source);
    try {
      Described d = described(source, all);
      if (!known.insert(d.identity).second) throw NoFit{"another kernel of the plug-in has the same identity"};
      all.kernels.push_back(std::move(d));
    } catch (const NoFit& why) {
      all.misfits.push_back({called(source, i), why.sentence});
    }
  }
  return all;
}

}  // namespace actbench::bench::plugin
