// SPDX-License-Identifier: Apache-2.0
//
// Our own kernels over arrays.
#include <fmt/format.h>

#include "actbench/rows.hpp"
#include "bench/device/call.hpp"
#include "bench/support/errors.hpp"
#include "python/src/request.hpp"

namespace actbench::python {
namespace {

using bench::MissingError;
using bench::UsageError;

/// The kernel of an identity; without a backend the widest that runs here.
const Kernel& kernel_named(const std::string& wanted) {
  if (const Kernel* kernel = find(wanted)) return *kernel;
  for (int i = static_cast<int>(Backend::cuda) - 1; i >= 0; --i) {
    const Kernel* kernel = find(fmt::format("{}/{}", wanted, name(static_cast<Backend>(i))));
    if (kernel != nullptr && unrunnable_reason(*kernel) == nullptr) return *kernel;
  }
  throw UsageError(not_found_reason(wanted));
}

std::string identity_of(const std::string& wanted) { return identity(kernel_named(wanted)); }

void run(const std::string& wanted, const Patterns& x, const WritablePatterns& out, const std::optional<Patterns>& dy,
         const std::optional<Patterns>& a, const Settings& settings, std::size_t row) {
  const Kernel& kernel = kernel_named(wanted);
  if (const char* reason = unrunnable_reason(kernel))
    throw MissingError(fmt::format("{} does not run here: {}", wanted, reason));
  const std::vector<double> parameters = parameters_for(kernel, settings);
  const InputArrays in = inputs_of(kernel, x, dy, a);
  check_output(kernel, x, Patterns(out));
  const std::size_t n = x.size();
  if (n == 0) return;
  void* const y = out.data();
  const nb::gil_scoped_release unlocked;
  if (kernel.activation->shape == Shape::rows) {
    if (row == 0 || n % row != 0) throw UsageError("rows must be whole: x must have a multiple of their length");
    apply_rows(kernel, in.x, in.dy, y, n / row, row);
  } else {
    bench::device::run(kernel, in, y, n, parameters);
  }
}

}  // namespace

void add_kernels(nb::module_& module) {
  module.def("identity_of", plainly(identity_of), nb::arg("identity"));
  module.def("run", plainly(run), nb::arg("identity"), nb::arg("x"), nb::arg("out"), nb::arg("dy").none(),
             nb::arg("a").none(), nb::arg("parameters"), nb::arg("row"));
}

}  // namespace actbench::python
