// SPDX-License-Identifier: Apache-2.0
//
// The table of functions: for each activation and direction its evaluators and its quick forms.
#include <vector>

#include "reference/activations.hpp"
#include "reference/format.hpp"
#include "reference/function.hpp"

namespace actbench::reference {

extern const EachDirection<Evaluator> evaluators_50[], evaluators_100[], evaluators_300[], evaluators_1000[];
extern const EachDirection<QuickLoop> quick_loops[];
extern const EachDirection<WideLoop> wide_loops[];

namespace {

#define ACTBENCH_NAME(name) #name,
constexpr const char* names[] = {ACTBENCH_REFERENCE_ACTIVATIONS(ACTBENCH_NAME)};
#undef ACTBENCH_NAME
#define ACTBENCH_PARAMETERS(name) activations::name::parameters,
constexpr std::size_t parameter_counts[] = {ACTBENCH_REFERENCE_ACTIVATIONS(ACTBENCH_PARAMETERS)};
#undef ACTBENCH_PARAMETERS

struct DirectionFacts {
  const char* name;
  std::size_t multipliers;
};
constexpr auto direction_facts = []<class... Direction>(const std::tuple<Direction...>*) {
  return EachDirection<DirectionFacts>{DirectionFacts{Direction::name, Direction::multipliers}...};
}(static_cast<const directions::All*>(nullptr));

struct Table {
  std::vector<Function> functions;
  std::vector<const Function*> pointers;

  Table() {
    for (std::size_t i = 0; i < std::size(names); ++i) {
      for (std::size_t d = 0; d < directions::count; ++d) {
        if (evaluators_50[i][d] == nullptr) continue;
        functions.push_back({names[i],
                             direction_facts[d].name,
                             direction_facts[d].multipliers,
                             parameter_counts[i],
                             {evaluators_50[i][d], evaluators_100[i][d], evaluators_300[i][d], evaluators_1000[i][d]},
                             quick_loops[i][d],
                             wide_loops[i][d]});
      }
    }
    for (const Function& f : functions) pointers.push_back(&f);
  }
  Table(const Table&) = delete;
};

}  // namespace

std::span<const Function* const> functions() noexcept {
  static const Table table;
  return table.pointers;
}

const Function* find(std::string_view activation, std::string_view direction) noexcept {
  for (const Function* f : functions())
    if (f->activation == activation && f->direction == direction) return f;
  return nullptr;
}

std::string_view activation_of(const Function& f) noexcept { return f.activation; }
std::string_view direction_of(const Function& f) noexcept { return f.direction; }
std::size_t multiplier_count(const Function& f) noexcept { return f.multiplier_count; }
std::size_t parameter_count(const Function& f) noexcept { return f.parameter_count; }

const Format* find_format(std::string_view name) noexcept {
  for (const Format* f : {&f32, &f64, &f16, &bf16, &f8_e4m3fn, &f8_e5m2})
    if (f->name == name) return f;
  return nullptr;
}

}  // namespace actbench::reference
