// SPDX-License-Identifier: Apache-2.0
//
// The table of kernels, and the activations, as lists of dicts.
#include "bench/selection/filter.hpp"
#include "bench/support/build_info.hpp"
#include "python/src/request.hpp"

namespace actbench::python {
namespace {

nb::list kernel_list() {
  nb::list rows;
  for (const Kernel& kernel : kernels()) {
    nb::dict row;
    row["identity"] = identity(kernel);
    row["activation"] = kernel.activation->name;
    row["direction"] = name(kernel.direction);
    row["type"] = name(kernel.type);
    row["tier"] = name(kernel.tier);
    row["backend"] = name(kernel.backend);
    row["shape"] = name(kernel.activation->shape);
    row["promised_ulp"] = kernel.promised_ulp;
    const char* reason = unrunnable_reason(kernel);
    row["unrunnable_reason"] = reason == nullptr ? nb::object(nb::none()) : nb::object(nb::str(reason));
    rows.append(row);
  }
  return rows;
}

nb::list activation_list() {
  nb::list rows;
  const Activation* last = nullptr;
  nb::list directions;
  for (const Kernel& kernel : kernels()) {
    const Activation& activation = *kernel.activation;
    if (&activation != last) {
      last = &activation;
      nb::dict row;
      directions = nb::list();
      nb::dict parameters;
      for (std::size_t i = 0; i < activation.parameter_count; ++i)
        parameters[activation.parameters[i].name] = activation.parameters[i].default_value;
      nb::list others;
      for (const std::string& alias : bench::aliases(activation)) others.append(alias);
      row["name"] = activation.name;
      row["formula"] = activation.formula;
      row["aliases"] = others;
      row["shape"] = name(activation.shape);
      row["parameters"] = parameters;
      row["directions"] = directions;
      rows.append(row);
    }
    const nb::str direction(name(kernel.direction));
    if (nb::len(directions) == 0 || !directions[nb::len(directions) - 1].equal(direction)) directions.append(direction);
  }
  return rows;
}

}  // namespace

void add_table(nb::module_& module) {
  module.def("kernels", plainly(kernel_list));
  module.def("activations", plainly(activation_list));
  module.def("version", [] { return bench::build_info().version; });
}

}  // namespace actbench::python
