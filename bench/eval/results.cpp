// SPDX-License-Identifier: Apache-2.0
#include "bench/eval/results.hpp"

#include <cmath>
#include <functional>

#include "bench/device/call.hpp"
#include "bench/numbers/types.hpp"
#include "bench/rows/rows.hpp"
#include "reference/rows.hpp"

namespace actbench::bench::eval {
namespace {

constexpr int exact_digits = 50;

/// What results are held against at one element.
struct Right {
  double rounded;
  std::function<double(double value)> error;
};

Result judged(const Kernel* kernel, Type type, std::uint64_t pattern, const Right& right) {
  const double value = value_of(type, pattern);
  const bool correct = value == right.rounded || (std::isnan(value) && std::isnan(right.rounded));
  return {kernel, pattern, right.error(value), correct};
}

// ---- Element by element

std::uint64_t output_of(const Kernel& kernel, std::span<const double> parameters, const Point& point) {
  // Little-endian, as pattern_at() has it: a pattern begins with the bytes of its number.
  std::uint64_t out = 0;
  device::run(kernel, taken(multipliers_of(kernel), {&point.x, &point.dy, &point.a}), &out, 1, parameters);
  return out;
}

Element at_point(const Case& c, reference::Ulp ulp) {
  const Kernel& any = *c.kernels[0];
  const Point& point = c.elements[0];
  const reference::Exact exact = exact_at(any, point, c.parameters);
  const Right right{exact.rounded(), [&](double value) { return exact.ulp_error(value, ulp); }};
  Element element{point, exact.decimal(exact_digits), {}};
  element.results.push_back(judged(nullptr, any.type, pattern_of(any.type, right.rounded), right));
  for (const Kernel* kernel : c.kernels)
    element.results.push_back(judged(kernel, any.type, output_of(*kernel, c.parameters, point), right));
  return element;
}

// ---- Over rows

RowInputs inputs_of(const Case& c) {
  const Kernel& any = *c.kernels[0];
  RowInputs row;
  for (const Point& element : c.elements) {
    row.x.push_back(value_of(any.type, element.x));
    if (takes_dy(any.direction)) row.dy.push_back(value_of(any.type, element.dy));
  }
  return row;
}

std::vector<Element> over_row(const Case& c, reference::Ulp ulp) {
  const Kernel& any = *c.kernels[0];
  const RowInputs row = inputs_of(c);
  const reference::ExactRow exact(any.activation->name, name(any.direction), format_of(any.type), row.x, row.dy);
  std::vector<std::vector<double>> got;
  for (const Kernel* kernel : c.kernels) got.push_back(run_row(*kernel, row));
  std::vector<Element> elements;
  for (std::size_t i = 0; i < c.elements.size(); ++i) {
    const Right right{exact.rounded(i), [&](double value) { return exact.ulp_error(i, value, ulp); }};
    Element& element = elements.emplace_back(Element{c.elements[i], exact.decimal(i, exact_digits), {}});
    element.results.push_back(judged(nullptr, any.type, pattern_of(any.type, right.rounded), right));
    for (std::size_t k = 0; k < got.size(); ++k)
      element.results.push_back(judged(c.kernels[k], any.type, pattern_of(any.type, got[k][i]), right));
  }
  return elements;
}

}  // namespace

Results results_of(const Cases& cases, reference::Ulp ulp) {
  Results results{ulp, {}, cases.notes};
  for (const Case& c : cases.all) {
    const bool over_rows = c.kernels[0]->activation->shape == Shape::rows;
    results.all.push_back({c.kernels[0], c.parameters, over_rows ? over_row(c, ulp) : std::vector{at_point(c, ulp)}});
  }
  return results;
}

}  // namespace actbench::bench::eval
