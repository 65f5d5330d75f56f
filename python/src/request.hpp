// SPDX-License-Identifier: Apache-2.0
//
// What a call from Python is about: a function of the table of kernels with its parameters, and arrays of bit patterns.
// The Python side has made arrays of a framework's numbers into contiguous ones of unsigned integers.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "actbench/kernels.hpp"
#include "bench/support/locale.hpp"
#include "kernels/float_state.hpp"

namespace actbench::python {

namespace nb = nanobind;

/// Bit patterns: uint8 of types of 8 bits, uint16 of f16 and bf16, uint32 of f32, uint64 of f64. Any shape, in C's
/// order.
using Patterns = nb::ndarray<nb::ro, nb::c_contig, nb::device::cpu>;
using WritablePatterns = nb::ndarray<nb::c_contig, nb::device::cpu>;

/// Parameters by name, as they were given.
using Settings = std::vector<std::pair<std::string, double>>;

/// A function of the table, by any of its kernels, and its parameters rounded to the type; of types of 8 bits, which
/// the table lacks, by a copy of one that has them for its type, and parameters rounded to f32.
struct Request {
  const Kernel* kernel;
  std::vector<double> parameters;
};

/// Throws UsageError: an unknown activation, direction, type or parameter, or a parameter outside its domain.
Request request(const std::string& activation, const std::string& direction, const std::string& type, const Settings&);

/// The same parameters for a kernel. Throws UsageError.
std::vector<double> parameters_for(const Kernel&, const Settings&);

/// The arrays that a kernel takes. Throws UsageError where one that it takes is missing, where one that it does not
/// take is given, where sizes differ, and where an item is not as wide as the type.
InputArrays inputs_of(const Kernel&, const Patterns& x, const std::optional<Patterns>& dy,
                      const std::optional<Patterns>& a);

/// Throws UsageError where y is not as long as x, or of another width.
void check_output(const Kernel&, const Patterns& x, const Patterns& y);

/// The function, in the floating-point state and the locale that the engines are right in. The caller's are as they
/// were afterwards: PyTorch's set_flush_denormal changes the one, locale.setlocale the other.
template <class Result, class... Arguments>
auto plainly(Result (*function)(Arguments...)) {
  return [function](Arguments... arguments) -> Result {
    const DefaultFloatState state;
    const bench::PlainLocale locale;
    return function(std::forward<Arguments>(arguments)...);
  };
}

/// What long work calls now and then, without Python's lock: throws nb::python_error once the user interrupts.
std::function<void(double fraction)> until_interrupted();

void add_table(nb::module_&);
void add_exact(nb::module_&);
void add_kernels(nb::module_&);
void add_score(nb::module_&);

}  // namespace actbench::python
