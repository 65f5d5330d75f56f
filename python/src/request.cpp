// SPDX-License-Identifier: Apache-2.0
#include "python/src/request.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "bench/numbers/eight_bits.hpp"
#include "bench/selection/filter.hpp"
#include "bench/selection/kernels.hpp"
#include "bench/selection/parameters.hpp"
#include "bench/support/errors.hpp"

namespace actbench::python {

using bench::UsageError;

std::vector<double> parameters_for(const Kernel& kernel, const Settings& given) {
  const Activation& activation = *kernel.activation;
  std::vector<std::string> known;
  for (std::size_t i = 0; i < activation.parameter_count; ++i) known.emplace_back(activation.parameters[i].name);
  std::vector<bench::Setting> settings;
  for (const auto& [name, value] : given) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      throw UsageError(known.empty() ? fmt::format("{} has no parameters, so not '{}' either", activation.name, name)
                                     : fmt::format("{} has no parameter '{}', only: {}", activation.name, name,
                                                   fmt::join(known, ", ")));
    }
    if (!std::isfinite(value)) throw UsageError(fmt::format("{} must be a finite number, not {}", name, value));
    settings.push_back({name, value});
  }
  return bench::parameters_of(kernel, settings);
}

namespace {

/// A row of the table, or a copy of it that has another type. Calls come one at a time, with Python's lock.
const Kernel* in_type(const Kernel& row, Type type) {
  if (row.type == type) return &row;
  static std::map<std::pair<const Kernel*, Type>, Kernel> copies;
  Kernel& copy = copies.try_emplace({&row, type}, row).first->second;
  copy.type = type;
  copy.run = nullptr;
  return &copy;
}

}  // namespace

Request request(const std::string& activation, const std::string& direction, const std::string& type,
                const Settings& settings) {
  const Activation& wanted = bench::activation_named(activation);
  std::vector<std::string> directions, types;
  const auto note = [](std::vector<std::string>& list, const char* text) {
    if (std::find(list.begin(), list.end(), text) == list.end()) list.emplace_back(text);
  };
  const std::optional<Type> asked = bench::array_type(type);
  for (const Kernel& kernel : kernels()) {
    if (kernel.activation != &wanted) continue;
    note(directions, name(kernel.direction));
    note(types, name(kernel.type));
    if (name(kernel.direction) == direction && asked && kernel.type == bench::table_type(*asked))
      return {in_type(kernel, *asked), parameters_for(kernel, settings)};
  }
  const bool known = std::find(directions.begin(), directions.end(), direction) != directions.end();
  throw UsageError(
      known ? fmt::format("there is no type '{}'; {} has {}", type, wanted.name, fmt::join(types, ", "))
            : fmt::format("{} has no direction '{}'; it has {}", wanted.name, direction, fmt::join(directions, ", ")));
}

namespace {

void check(const Kernel& kernel, const char* what, const nb::ndarray<nb::ro, nb::c_contig, nb::device::cpu>& array,
           std::size_t size) {
  if (array.itemsize() != size_of(kernel.type))
    throw UsageError(fmt::format("{} must hold {}, {} bytes each, not {}", what, name(kernel.type),
                                 size_of(kernel.type), array.itemsize()));
  if (array.size() != size)
    throw UsageError(fmt::format("{} has {} elements, but x has {}: they must be as many", what, array.size(), size));
}

}  // namespace

InputArrays inputs_of(const Kernel& kernel, const Patterns& x, const std::optional<Patterns>& dy,
                      const std::optional<Patterns>& a) {
  const Multipliers takes = multipliers_of(kernel);
  check(kernel, "x", x, x.size());
  const auto given = [&](const char* what, const std::optional<Patterns>& array, bool wanted,
                         const char* meaning) -> const void* {
    if (array.has_value() != wanted) {
      throw UsageError(wanted ? fmt::format("{} {} takes {}, {}: give {}=…", kernel.activation->name,
                                            name(kernel.direction), what, meaning, what)
                              : fmt::format("{} {} takes no {}: leave it out", kernel.activation->name,
                                            name(kernel.direction), what));
    }
    if (!wanted) return nullptr;
    check(kernel, what, *array, x.size());
    return array->data();
  };
  InputArrays in{x.data()};
  in.dy = given("dy", dy, takes.dy, "the gradient that arrives from above");
  in.a = given("a", a, takes.a, "the input that the gate f(x) multiplies");
  return in;
}

void check_output(const Kernel& kernel, const Patterns& x, const Patterns& y) { check(kernel, "y", y, x.size()); }

std::function<void(double)> until_interrupted() {
  return [](double) {
    const nb::gil_scoped_acquire lock;
    if (PyErr_CheckSignals() != 0) throw nb::python_error();
  };
}

}  // namespace actbench::python
