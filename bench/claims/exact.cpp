// SPDX-License-Identifier: Apache-2.0
#include "bench/claims/exact.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>

#include "bench/properties/properties.hpp"
#include "bench/support/errors.hpp"
#include "reference/operations.hpp"
#include "reference/profile.hpp"
#include "reference/reference.hpp"

namespace actbench::bench::claim_parts {

double exact(const char* activation, const char* direction, double x, const std::vector<double>& p) {
  const reference::Function* f = reference::find(activation, direction);
  if (f == nullptr) throw MissingError(fmt::format("the reference has no {} of {}", direction, activation));
  return reference::Exact(*f, reference::f64, {&x, 1}, p).rounded();
}

Precise precise(const char* activation, const char* direction, double x, const std::vector<double>& p) {
  reference::Quick q{};
  reference::quick(*reference::find(activation, direction), reference::f64, {&x}, &q, 1, p);
  const long double unit = std::ldexp(1.0L, q.scale);
  return {(static_cast<long double>(q.hi) + q.lo) * unit, q.error * unit};
}

std::vector<double> spread_inputs(double from_exponent, double to_exponent) {
  std::vector<double> xs{0};
  for (int i = 0; i < 2000; ++i) {
    const double x = std::exp2(from_exponent + (to_exponent - from_exponent) * i / 1999);
    xs.insert(xs.end(), {-x, x});
  }
  return xs;
}

std::pair<double, double> slope_range(const char* activation, double from, double to) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const reference::Profile profile(activation, {});
  double least = infinity, greatest = -infinity;
  const auto see = [&](double x) {
    const double v = exact(activation, "derivative", x);
    least = std::min(least, v);
    greatest = std::max(greatest, v);
  };
  see(from);
  see(to);
  for (const reference::Stretch& s : profile.signs(2)) {
    if (s.from > from && s.from < to) see(s.from);
  }
  return {least, greatest};
}

reference::Curve difference(const char* f, const char* g, const char* direction) {
  return reference::difference({reference::find(f, direction)}, {reference::find(g, direction)});
}

double operations(const char* activation, double x) {
  std::vector<double> defaults;
  for (const Activation* a : every_activation()) {
    if (std::string_view(a->name) != activation) continue;
    for (std::size_t i = 0; i < a->parameter_count; ++i) defaults.push_back(a->parameters[i].default_value);
  }
  return static_cast<double>(reference::operation_count(activation, defaults, x));
}

}  // namespace actbench::bench::claim_parts
