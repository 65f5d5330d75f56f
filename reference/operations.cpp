// SPDX-License-Identifier: Apache-2.0
//
// A number type that counts its operations counts those of a definition.
#include "reference/operations.hpp"

#include <array>
#include <cmath>
#include <iterator>
#include <numbers>
#include <stdexcept>
#include <string>
#include <type_traits>

#include "reference/activations.hpp"

namespace actbench::reference {
namespace {

thread_local std::size_t operations = 0;

struct Counted {
  double v = 0;

  Counted() = default;
  template <class N>
  requires std::is_arithmetic_v<N> Counted(N number)
      : v(static_cast<double>(number)) {}  // NOLINT(google-explicit-constructor): definitions mix numbers

  Counted operator-() const { return -v; }
  friend bool operator==(const Counted& a, const Counted& b) { return a.v == b.v; }
  friend bool operator<(const Counted& a, const Counted& b) { return a.v < b.v; }
  friend bool operator>(const Counted& a, const Counted& b) { return a.v > b.v; }
  friend bool operator<=(const Counted& a, const Counted& b) { return a.v <= b.v; }
  friend bool operator>=(const Counted& a, const Counted& b) { return a.v >= b.v; }
};

Counted counted(double v) {
  ++operations;
  return v;
}

Counted operator+(const Counted& a, const Counted& b) { return counted(a.v + b.v); }
Counted operator-(const Counted& a, const Counted& b) { return counted(a.v - b.v); }
Counted operator*(const Counted& a, const Counted& b) { return counted(a.v * b.v); }
Counted operator/(const Counted& a, const Counted& b) { return counted(a.v / b.v); }
bool signbit(const Counted& a) { return std::signbit(a.v); }
bool isinf(const Counted& a) { return std::isinf(a.v); }
Counted exp(const Counted& a) { return counted(std::exp(a.v)); }
Counted expm1(const Counted& a) { return counted(std::expm1(a.v)); }
Counted tanh(const Counted& a) { return counted(std::tanh(a.v)); }
Counted log1p(const Counted& a) { return counted(std::log1p(a.v)); }
Counted erf(const Counted& a) { return counted(std::erf(a.v)); }
Counted erfc(const Counted& a) { return counted(std::erfc(a.v)); }
Counted sqrt(const Counted& a) { return counted(std::sqrt(a.v)); }

// The forms that forms.hpp has as loops until nothing changes, or with exponents beyond those of a double.
Counted exp_beyond_linear(const Counted& y) { return expm1(y) - y; }
Counted tanh_deficit(const Counted& y) { return y - tanh(y); }
Counted kept_positive(const Counted& v, bool) { return v; }

}  // namespace

template <>
Counted pi<Counted>() {
  return std::numbers::pi;
}

namespace {

using Counter = Anchored<Counted> (*)(const Counted& x, const Counted* parameters);

#define ACTBENCH_NAME(name) #name,
constexpr const char* names[] = {ACTBENCH_REFERENCE_ACTIVATIONS(ACTBENCH_NAME)};
#undef ACTBENCH_NAME
#define ACTBENCH_COUNTER(name) &activations::name::forward<Counted>,
constexpr Counter counters[] = {ACTBENCH_REFERENCE_ACTIVATIONS(ACTBENCH_COUNTER)};
#undef ACTBENCH_COUNTER

}  // namespace

std::size_t operation_count(std::string_view activation, std::span<const double> parameters, double x) {
  for (std::size_t i = 0; i < std::size(names); ++i) {
    if (activation != names[i]) continue;
    std::array<Counted, 8> p;
    for (std::size_t k = 0; k < parameters.size(); ++k) p.at(k) = parameters[k];
    operations = 0;
    const Anchored<Counted> sum = counters[i](x, p.data());
    const Counted total = sum.anchor + sum.rest;
    static_cast<void>(total);
    return operations;
  }
  throw std::invalid_argument("operation_count: no activation has the name " + std::string(activation));
}

}  // namespace actbench::reference
