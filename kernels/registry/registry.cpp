// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <deque>
#include <map>
#include <tuple>
#include <vector>

#include "actbench/rows.hpp"
#include "kernels/cuda/launch.hpp"
#include "kernels/cuda/stage.hpp"
#include "kernels/float_state.hpp"
#include "kernels/registry/foreign.hpp"
#include "kernels/registry/sharing.hpp"
#include "kernels/registry/streaming.hpp"
#include "kernels/table.hpp"

namespace actbench {
namespace {

// Instruction sets are x86-64's. Elsewhere their rows are in the table all the same, without a function: whoever lists
// them or asks for one learns what they need.
#if defined(__x86_64__)
#define ACTBENCH_LACKS(title, features) "this CPU has no " title " (" features ")"
constexpr bool only_scalar = false;
#elif defined(__aarch64__)
#define ACTBENCH_LACKS(title, features) title " needs x86-64, and this is built for aarch64"
constexpr bool only_scalar = true;
#else
#define ACTBENCH_LACKS(title, features) title " needs x86-64, and this is built for another processor"
constexpr bool only_scalar = true;
#endif

struct InstructionSet {
  Backend backend;
  unsigned feature;
  const char* lacking;  ///< why its kernels do not run
};
constexpr InstructionSet instruction_sets[] = {
#define ACTBENCH_BACKEND(name, title, features, ...) {Backend::name, cpu_##name, ACTBENCH_LACKS(title, features)},
#include "actbench/backends.def"
#undef ACTBENCH_BACKEND
};

/// What was added to the table. Names stay where they are.
struct Added {
  std::deque<std::string> backends;
  std::map<std::string, std::string> unrunnable;  ///< by identity
};
Added& added() {
  static Added all;
  return all;
}

/// Foreign kernels with parameters of their own come last among those of a function and type: the others share theirs.
auto order(const Kernel& k, bool apart = false) {
  return std::tuple(std::string_view(k.activation->name), k.direction, k.type, apart, k.tier, k.backend);
}

// Every instruction set brings its own copy of an activation's facts, and two bring the scalar backend: of those, the
// one that needs more of the CPU is taken where it runs.
std::vector<Kernel> collect() {
  std::vector<Kernel> all;
  std::vector<const KernelTable*> tables(all_tables, all_tables + all_tables_count);
  std::stable_sort(tables.begin(), tables.end(),
                   [](const KernelTable* a, const KernelTable* b) { return a->cpu_features > b->cpu_features; });
  for (const KernelTable* table : tables) {
    for (const Kernel& kernel : std::span(table->kernels, table->count)) {
      const bool last_choice = table->cpu_features == 0 || kernel.backend != Backend::scalar;
      if (last_choice || !(table->cpu_features & ~cpu_features())) all.push_back(kernel);
      for (const InstructionSet& absent : instruction_sets) {
        if (!only_scalar || kernel.backend != Backend::scalar) continue;
        all.push_back(kernel);
        all.back().backend = absent.backend;
        all.back().run = nullptr;
      }
    }
  }
  std::stable_sort(all.begin(), all.end(), [](const Kernel& a, const Kernel& b) { return order(a) < order(b); });
  const auto same = [](const Kernel& a, const Kernel& b) { return order(a) == order(b); };
  all.erase(std::unique(all.begin(), all.end(), same), all.end());
  const Activation* facts = nullptr;
  for (Kernel& kernel : all) {
    if (!facts || std::strcmp(facts->name, kernel.activation->name) != 0) facts = kernel.activation;
    kernel.activation = facts;
  }
  return all;
}

constexpr std::size_t first_foreign = static_cast<std::size_t>(Backend::cuda) + 1;
std::size_t foreign_index(Backend backend) { return static_cast<std::size_t>(backend) - first_foreign; }

std::vector<Kernel>& table() {
  static std::vector<Kernel> all = collect();
  return all;
}

template <class Enum>
bool parse(std::string_view text, Enum last, Enum& value) {
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    value = static_cast<Enum>(i);
    if (text == name(value)) return true;
  }
  return false;
}

// A double to a format of so many significand bits, to nearest even, by adding and taking off a power of two that
// leaves just those bits.
double round_bits(double value, int precision, int min_exponent, double largest) {
  if (!std::isfinite(value) || value == 0) return value;
  const int exponent = std::max(std::ilogb(value), min_exponent);
  const double spacing = std::ldexp(1.0, exponent - (precision - 1));
  const double rounded = std::nearbyint(value / spacing) * spacing;
  return std::fabs(rounded) > largest ? std::copysign(HUGE_VAL, value) : std::copysign(rounded, value);
}

/// round_to, in the default floating-point state.
double rounded_to(Type type, double value) {
  switch (type) {
    case Type::f32:
      return static_cast<float>(value);
    case Type::f64:
      return value;
    case Type::f16:
      return round_bits(value, 11, -14, 65504);
    case Type::bf16:
      return round_bits(value, 8, -126, 0x1.fep127);
  }
  return type == f8_e4m3fn ? round_bits(value, 4, -6, 448) : round_bits(value, 3, -14, 57344);
}

// The shortest decimal number that reads back the same, in every locale.
std::string decimal(double value) {
  char text[32];
  return {text, std::to_chars(text, std::end(text), value).ptr};
}

std::string called(const Activation& activation, std::size_t i) {
  return std::string("parameter ") + activation.parameters[i].name + " of " + activation.name;
}

// What parameter i would have to be, where it is not: "finite".
std::string broken_rule(const Activation& activation, std::span<const double> parameters, std::size_t i) {
  const double value = parameters[i];
  if (!std::isfinite(value)) return "finite";
  switch (activation.parameters[i].domain) {
    case Domain::any:
      return {};
    case Domain::nonzero:
      return value == 0 ? "other than 0" : "";
    case Domain::positive:
      return value > 0 ? "" : "above 0";
    case Domain::not_negative:
      return value >= 0 ? "" : "at least 0";
    case Domain::not_below_previous:
      if (value >= parameters[i - 1]) return {};
      return std::string("at least ") + activation.parameters[i - 1].name + ", and " + decimal(value) + " is below " +
             decimal(parameters[i - 1]);
  }
  return {};
}

}  // namespace

const char* name(Direction d) noexcept {
  constexpr const char* names[] = {"forward", "derivative", "backward", "alpha_gradient", "gradient_a", "gradient_b"};
  return names[static_cast<int>(d)];
}
const char* name(Shape s) noexcept {
  constexpr const char* names[] = {"elementwise", "gated", "rows"};
  return names[static_cast<int>(s)];
}
const char* name(Type t) noexcept {
  constexpr const char* names[] = {"f32", "f64", "f16", "bf16", "f8_e4m3fn", "f8_e5m2"};
  return names[static_cast<int>(t)];
}
const char* name(Tier t) noexcept {
  constexpr const char* names[] = {"naive", "fast", "accurate"};
  return names[static_cast<int>(t)];
}
const char* name(Backend b) noexcept {
  constexpr const char* names[] = {"scalar",
#define ACTBENCH_BACKEND(name, ...) #name,
#include "actbench/backends.def"
#undef ACTBENCH_BACKEND
                                   "cuda"};
  return is_foreign(b) ? added().backends[foreign_index(b)].c_str() : names[static_cast<int>(b)];
}
std::size_t size_of(Type t) noexcept {
  constexpr std::size_t sizes[] = {4, 8, 2, 2, 1, 1};
  return sizes[static_cast<int>(t)];
}

std::span<const Kernel> kernels() noexcept { return table(); }

Backend add_backend(const std::string& name) {
  added().backends.push_back(name);
  return static_cast<Backend>(first_foreign + added().backends.size() - 1);
}

void add_kernels(std::span<const ForeignKernel> more) {
  std::vector<Kernel>& all = table();
  std::map<std::string_view, const Activation*> shared;
  for (const Kernel& kernel : all) shared.try_emplace(kernel.activation->name, kernel.activation);
  for (const ForeignKernel& foreign : more) {
    all.push_back(foreign.kernel);
    if (!foreign.unrunnable.empty()) added().unrunnable[identity(foreign.kernel)] = foreign.unrunnable;
  }
  const auto key = [&](const Kernel& k) { return order(k, k.activation != shared.at(k.activation->name)); };
  std::stable_sort(all.begin(), all.end(), [&](const Kernel& a, const Kernel& b) { return key(a) < key(b); });
}

namespace {

const Kernel* row_of(const decltype(order({}))& key) {
  const auto all = kernels();
  // Those that come last for their parameters are among the few of a function.
  const auto function = [](const auto& k) { return std::tuple(std::get<0>(k), std::get<1>(k), std::get<2>(k)); };
  auto at = std::lower_bound(all.begin(), all.end(), key,
                             [&](const Kernel& k, const auto& value) { return function(order(k)) < function(value); });
  while (at != all.end() && function(order(*at)) == function(key) && order(*at) != key) ++at;
  return at != all.end() && order(*at) == key ? &*at : nullptr;
}

}  // namespace

std::string identity(const Kernel& k) {
  std::string text = k.activation->name;
  for (const char* part : {name(k.direction), name(k.type), name(k.tier), name(k.backend)}) {
    text += '/';
    text += part;
  }
  return text;
}

namespace {

bool parse_backend(std::string_view text, Backend& backend) {
  if (parse(text, Backend::cuda, backend)) return true;
  if (added().backends.empty()) return false;
  return parse(text, static_cast<Backend>(first_foreign + added().backends.size() - 1), backend);
}

}  // namespace

const Kernel* find(std::string_view wanted) noexcept {
  std::string_view part[5];
  for (int i = 0; i < 5; ++i) {
    const std::size_t slash = wanted.find('/');
    if ((slash == wanted.npos) != (i == 4)) return nullptr;
    part[i] = wanted.substr(0, slash);
    wanted.remove_prefix(i == 4 ? 0 : slash + 1);
  }
  Direction direction{};
  Type type{};
  Tier tier{};
  Backend backend{};
  if (!parse(part[1], Direction::gradient_b, direction) || !parse(part[2], Type::bf16, type) ||
      !parse(part[3], Tier::accurate, tier) || !parse_backend(part[4], backend))
    return nullptr;
  return row_of({part[0], direction, type, false, tier, backend});
}

std::string not_found_reason(std::string_view wanted) {
  if (find(wanted) != nullptr) return {};
  constexpr const char* components[] = {"activation", "direction", "type", "tier", "backend"};
  std::string reason = "no kernel is called \"" + std::string(wanted) + "\" (activation/direction/type/tier/backend): ";
  std::vector<std::string> identities;
  for (const Kernel& kernel : kernels()) identities.push_back(identity(kernel) + '/');
  std::string fitting;
  std::string_view left = wanted;
  for (const char* component : components) {
    const std::size_t slash = left.find('/');
    const std::string part(left.substr(0, slash));
    std::vector<std::string> known;
    for (const std::string& candidate : identities) {
      if (candidate.compare(0, fitting.size(), fitting) != 0) continue;
      std::string there = candidate.substr(fitting.size(), candidate.find('/', fitting.size()) - fitting.size());
      if (std::find(known.begin(), known.end(), there) == known.end()) known.push_back(std::move(there));
    }
    if (std::find(known.begin(), known.end(), part) == known.end()) {
      const std::string subject = fitting.empty() ? "there is" : std::string(fitting, 0, fitting.size() - 1) + " has";
      reason.append(subject).append(" no ").append(component).append(" \"").append(part).append("\", only ");
      for (std::size_t i = 0; i < known.size(); ++i) reason += (i > 0 ? ", " : "") + known[i];
      return reason;
    }
    fitting += part + '/';
    left = slash == left.npos ? std::string_view() : left.substr(slash + 1);
  }
  return reason + "it has more parts than these five";
}

const char* unrunnable_reason(Backend backend) noexcept {
  for (const InstructionSet& set : instruction_sets) {
    if (backend == set.backend && !(cpu_features() & set.feature)) return set.lacking;
  }
  if (backend == Backend::cuda) return cuda::unrunnable_reason();
  return nullptr;
}
const char* unrunnable_reason(const Kernel& kernel) noexcept {
  if (!is_foreign(kernel.backend)) return unrunnable_reason(kernel.backend);
  const auto reason = added().unrunnable.find(identity(kernel));
  return reason == added().unrunnable.end() ? nullptr : reason->second.c_str();
}

std::string parameter_error(const Activation& activation, std::span<const double> parameters) {
  const DefaultFloatState state;  // a subnormal parameter is above 0
  const std::string subject = activation.name;
  if (parameters.size() != activation.parameter_count) {
    std::string text = subject + " takes " + std::to_string(activation.parameter_count) +
                       (activation.parameter_count == 1 ? " parameter" : " parameters");
    for (std::size_t i = 0; i < activation.parameter_count; ++i)
      text += (i ? ", " : " (") + std::string(activation.parameters[i].name);
    if (activation.parameter_count) text += ")";
    return text + ", not " + std::to_string(parameters.size());
  }
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const std::string rule = broken_rule(activation, parameters, i);
    if (!rule.empty()) return called(activation, i) + " must be " + rule;
  }
  return {};
}

std::string parameter_error(const Kernel& kernel, std::span<const double> given) {
  const DefaultFloatState state;
  const Activation& activation = *kernel.activation;
  if (given.size() != activation.parameter_count) return parameter_error(activation, given);
  double values[max_parameters] = {};
  std::transform(given.begin(), given.end(), values, [&](double value) { return round_to(kernel.type, value); });
  const std::span<const double> rounded(values, given.size());
  for (std::size_t i = 0; i < given.size(); ++i) {
    const std::string rule = broken_rule(activation, rounded, i);
    if (!rule.empty() && broken_rule(activation, given, i).empty()) {
      return called(activation, i) + " must be " + rule + ", and " + name(kernel.type) + " rounds " +
             decimal(given[i]) + (rounded[i] == 0 ? " to 0" : " to infinity") + "; f64 holds it";
    }
  }
  return parameter_error(activation, rounded);
}

bool rounds_once(const Kernel& kernel) noexcept {
  const Kernel* const f64 =
      row_of({kernel.activation->name, kernel.direction, Type::f64, false, Tier::accurate, Backend::scalar});
  return f64 != nullptr && f64->promised_ulp == 0.5;  // what is correctly rounded in f64
}

double promised_ulp(const Kernel& kernel, std::span<const double> parameters) noexcept {
  const DefaultFloatState state;
  const double smallest = kernel.type == Type::f64 ? 0x1p-8 : 0x1p-100;
  const bool usual = std::all_of(parameters.begin(), parameters.end(), [&](double value) {
    return value == 0 || (std::fabs(value) >= smallest && std::fabs(value) <= 1 / smallest);
  });
  return usual || rounds_once(kernel) ? kernel.promised_ulp : HUGE_VAL;
}

double round_to(Type type, double value) noexcept {
  const DefaultFloatState state;
  return observed(rounded_to(type, observed(value)));
}

namespace {
void run_plainly(const Kernel& kernel, const Arguments& arguments) noexcept { kernel.run(arguments); }
}  // namespace

void call(const Kernel& kernel, const Arguments& arguments) noexcept {
  if (kernel.backend == Backend::cuda) return cuda::apply(kernel, arguments);
  const auto run = streams(kernel, arguments) ? run_streaming : run_plainly;
  const unsigned count = sharing(kernel, arguments);
  if (count == 1) return run(kernel, arguments);
  constexpr std::size_t page = 4096;
  share(arguments.n, arguments.row > 0 ? arguments.row : page, count, [&](std::size_t begin, std::size_t end) {
    run(kernel, part(arguments, size_of(kernel.type), begin, end - begin));
  });
}

void apply(const Kernel& kernel, const InputArrays& in, void* y, std::size_t n,
           std::span<const double> parameters) noexcept {
  const DefaultFloatState state;
  double rounded[max_parameters] = {};
  for (std::size_t i = 0; i < kernel.activation->parameter_count; ++i)
    rounded[i] =
        rounded_to(kernel.type, parameters.empty() ? kernel.activation->parameters[i].default_value : parameters[i]);
  call(kernel, {in.x, in.dy, y, n, rounded, in.a, kernel.activation->shape == Shape::rows ? n : 0});
}

void apply_rows(const Kernel& kernel, const void* x, const void* dy, void* y, std::size_t rows,
                std::size_t length) noexcept {
  const DefaultFloatState state;
  const double none[max_parameters] = {};
  Arguments arguments{x, dy, y, rows * length, none};
  arguments.row = length;
  call(kernel, arguments);
}

}  // namespace actbench
