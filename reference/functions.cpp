// SPDX-License-Identifier: Apache-2.0
//
// The table of functions: for each activation its evaluators and its quick forms.
#include <array>

#include "reference/activations.hpp"
#include "reference/function.hpp"

namespace actbench::reference {

extern const Evaluator forward_50[], forward_100[], forward_300[], forward_1000[];
extern void (*const forward_quick[])(const double* x, Quick* out, std::size_t n, const double* parameters);
extern void (*const forward_wide[])(const double* x, Quick* out, std::size_t n, const double* parameters);

namespace {

#define ACTBENCH_NAME(name) #name,
constexpr const char* names[] = {ACTBENCH_REFERENCE_ACTIVATIONS(ACTBENCH_NAME)};
#undef ACTBENCH_NAME
#define ACTBENCH_PARAMETERS(name) activations::name::parameters,
constexpr std::size_t parameter_counts[] = {ACTBENCH_REFERENCE_ACTIVATIONS(ACTBENCH_PARAMETERS)};
#undef ACTBENCH_PARAMETERS
constexpr std::size_t count = std::size(names);

struct Table {
  std::array<Function, count> functions;
  std::array<const Function*, count> pointers;

  Table() noexcept {
    for (std::size_t i = 0; i < count; ++i) {
      functions[i] = Function{names[i],
                              "forward",
                              1,
                              parameter_counts[i],
                              {forward_50[i], forward_100[i], forward_300[i], forward_1000[i]},
                              forward_quick[i],
                              forward_wide[i]};
      pointers[i] = &functions[i];
    }
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
std::size_t parameter_count(const Function& f) noexcept { return f.parameter_count; }

const Format* find_format(std::string_view name) noexcept {
  for (const Format* f : {&f32, &f64, &f16, &bf16})
    if (f->name == name) return f;
  return nullptr;
}

}  // namespace actbench::reference
