// SPDX-License-Identifier: Apache-2.0
//
// The module actbench._core. What it takes and gives is plain: names, numbers, and arrays of bit patterns. The package
// around it (python/actbench) speaks NumPy, PyTorch and the rest.
#include "bench/support/errors.hpp"
#include "python/src/request.hpp"

NB_MODULE(_core, module) {
  using namespace actbench;
  module.doc() = "The engine of the package actbench. Use the package.";
  nanobind::register_exception_translator([](const std::exception_ptr& thrown, void*) {
    try {
      std::rethrow_exception(thrown);
    } catch (const bench::UsageError& error) {
      PyErr_SetString(PyExc_ValueError, error.what());
    } catch (const bench::MissingError& error) {
      PyErr_SetString(PyExc_RuntimeError, error.what());
    }
  });
  python::add_table(module);
  python::add_exact(module);
  python::add_kernels(module);
  python::add_score(module);
}
