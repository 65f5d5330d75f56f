// SPDX-License-Identifier: Apache-2.0
//
// First the functions of the table, computed by the reference's quick forms; then variants that the table lacks, in
// double, each from the library or model that has it.
#include "bench/identify/formulas.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <span>
#include <string_view>

#include "bench/numbers/eight_bits.hpp"
#include "bench/numbers/inputs.hpp"
#include "bench/numbers/types.hpp"
#include "reference/approximations.hpp"
#include "reference/reference.hpp"

namespace actbench::bench::identify {
namespace {

// ---- What the reference knows

/// The reference's quick values, and exact ones where those say nothing.
void evaluate_reference(const reference::Function& f, const Data& d, Multipliers takes,
                        std::span<const double> parameters, double* out) {
  const reference::Format& format = format_of(d.type);
  const reference::InputArrays in = reference_arrays(takes, d.x, d.dy, d.a);
  std::vector<reference::Quick> quick(d.n);
  reference::quick(f, format, in, quick.data(), d.n, parameters);
  for (std::size_t i = 0; i < d.n; ++i) {
    const reference::Quick& q = quick[i];
    out[i] = q.scale == 0 ? q.hi + q.lo : std::ldexp(q.hi + q.lo, q.scale);
    if (q.error < HUGE_VAL) continue;
    double inputs[3] = {d.x[i]};
    for (std::size_t m = 0; m < reference::multiplier_count(f); ++m) inputs[1 + m] = in.multiplier[m][i];
    out[i] = reference::Exact(f, format, {inputs, 1 + reference::multiplier_count(f)}, parameters).rounded();
  }
}

/// Values and ranges by the names that the table's parameters have.
Free free_parameter(const Parameter& p) {
  static const std::map<std::string_view, Free> known{
      {"alpha", {"", {0.01, 0.1, 0.2, 0.25, 0.3, 0.5, 1, 1.67326, 2}, -4, 4}},
      {"beta", {"", {1, 1.702, 0.5, 2, 1.5, 100}, 0.05, 100}},
      {"lambda", {"", {0.5, 0.1, 0.25, 1}, 0, 10}},
      {"mu", {"", {0}, -5, 5}},
      {"sigma", {"", {1}, 0.1, 10}},
      {"lower", {"", {-1, 0, 0.125, -6, -20}, -100, 100}},
      {"upper", {"", {1, 6, 20, 0.3333333333333333}, -100, 100}},
      {"theta", {"", {0.1, 0, 1, 0.5}, -20, 20}},
      {"value", {"", {20, 0, 1}, -100, 100}},
      {"a", {"", {0, -1, -5}, -100, 100}},
      {"b", {"", {1, 5, 100}, -100, 200}}};
  const auto found = known.find(p.name);
  Free free = found != known.end() ? found->second : Free{"", {}, -100, 100};
  free.name = p.name;
  std::erase(free.usual, p.default_value);
  free.usual.insert(free.usual.begin(), p.default_value);
  free.low = std::min(free.low, p.default_value);
  free.high = std::max(free.high, p.default_value);
  return free;
}

void add_table(std::vector<Formula>& all, Direction direction, Type type, bool has_a) {
  const Activation* last = nullptr;
  for (const Kernel& kernel : kernels()) {
    const Activation& activation = *kernel.activation;
    if (kernel.direction != direction || kernel.type != table_type(type) || &activation == last ||
        activation.shape == Shape::rows)
      continue;
    const Multipliers takes = multipliers_of(kernel);
    if (takes.a != has_a || (last != nullptr && std::string_view(last->name) == activation.name)) continue;
    last = &activation;
    const reference::Function* const f = reference::find(activation.name, name(direction));
    if (f == nullptr) continue;
    const std::string aliases = activation.aliases;
    Formula formula{aliases.empty() ? activation.name : std::string(activation.name) + " (" + aliases + ")",
                    activation.formula,
                    {},
                    {}};
    for (std::size_t i = 0; i < activation.parameter_count; ++i)
      formula.parameters.push_back(free_parameter(activation.parameters[i]));
    formula.evaluate = [f, takes, &activation](const Data& d, const double* p, double* out) {
      const std::span<const double> parameters(p, activation.parameter_count);
      if (!parameter_error(activation, parameters).empty()) return false;
      evaluate_reference(*f, d, takes, parameters, out);
      return true;
    };
    all.push_back(std::move(formula));
  }
}

/// gelu's forms with tanh with their coefficients free: gelu_tanh has (1, 0.044715).
void add_gelu_forms(std::vector<Formula>& all, Direction direction) {
  const reference::Function* const f = reference::find_approximation("tanh_form", name(direction));
  if (f == nullptr) return;
  all.push_back(
      {"gelu's form with tanh, other coefficients",
       "x/2·(1 + tanh(a·√(2/π)·(x + c·x³)))",
       {{"a", {1, 1.0026513, 0.997884561}, 0.5, 2}, {"c", {0.044715, 0.0356774, 0.035677408, 0.0447}, 0, 0.2}},
       [f](const Data& d, const double* p, double* out) {
         evaluate_reference(*f, d, {}, {p, 2}, out);
         return true;
       }});
}

// ---- What libraries and models have beside these

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }
double gelu(double x) { return std::isinf(x) ? (x > 0 ? x : -0.0) : 0.5 * x * std::erfc(-x * 0.70710678118654752440); }
double gelu_tanh(double x) {
  if (std::isinf(x)) return x > 0 ? x : -0.0;
  return x * sigmoid(1.5957691216057307117 * x * (1 + 0.044715 * x * x));
}
double swish(double x, double beta) { return x == -HUGE_VAL ? -0.0 : x * sigmoid(beta * x); }
/// NaN stays NaN.
double clamp(double x, double low, double high) { return x < low ? low : x > high ? high : x; }

using Scalar = double (*)(double x, double a, const double* p);

Formula plain(std::string name, std::string text, std::vector<Free> parameters, Scalar f) {
  return {std::move(name), std::move(text), std::move(parameters), [f](const Data& d, const double* p, double* out) {
            for (std::size_t i = 0; i < d.n; ++i) out[i] = f(d.x[i], d.a != nullptr ? d.a[i] : 1, p);
            return true;
          }};
}

const Free limit{"limit", {7, 6, 10, 20, 5, 1}, 0.01, 100};
const Free slope{"alpha", {1, 1.702, 2}, 0.05, 20};

void add_variants(std::vector<Formula>& all) {
  all.push_back(plain(
      "softplus with a threshold", "x for βx > θ, else ln(1 + e^(βx))/β",
      {{"beta", {1}, 0.05, 100}, {"theta", {20, 10, 15, 30}, 0.5, 60}},
      [](double x, double, const double* p) { return p[0] * x > p[1] ? x : std::log1p(std::exp(p[0] * x)) / p[0]; }));
  all.push_back(plain("hard_sigmoid, other coefficients", "min(max(αx + β, 0), 1)",
                      {{"alpha", {0.2, 0.16666666666666666, 0.25, 0.5}, 0.01, 2}, {"beta", {0.5}, -1, 2}},
                      [](double x, double, const double* p) { return clamp(p[0] * x + p[1], 0, 1); }));
  all.push_back(plain("hard_swish, other coefficients", "x·min(max(αx + β, 0), 1)",
                      {{"alpha", {0.2, 0.16666666666666666, 0.25, 0.5}, 0.01, 2}, {"beta", {0.5}, -1, 2}},
                      [](double x, double, const double* p) { return x * clamp(p[0] * x + p[1], 0, 1); }));
  all.push_back(plain("swish of a clamped input", "z·σ(αz), z = min(x, limit)", {slope, limit},
                      [](double x, double, const double* p) { return swish(x > p[1] ? p[1] : x, p[0]); }));
  all.push_back(plain("gelu of a clamped input", "z·Φ(z), z = min(x, limit)", {limit},
                      [](double x, double, const double* p) { return gelu(x > p[0] ? p[0] : x); }));
  all.push_back(plain("clamped relu", "min(max(x, 0), limit)", {{"limit", {6, 20, 1, 7}, 0.01, 100}},
                      [](double x, double, const double* p) { return clamp(x, 0, p[0]); }));
  all.push_back(plain("sigmoid of a scaled input", "σ(αx)", {slope},
                      [](double x, double, const double* p) { return sigmoid(p[0] * x); }));
  all.push_back(plain("scaled tanh of a scaled input", "b·tanh(αx)",
                      {{"b", {1, 1.7159, 2}, 0.05, 20}, {"alpha", {1, 0.6666666666666666, 0.5, 2}, 0.05, 20}},
                      [](double x, double, const double* p) { return p[0] * std::tanh(p[1] * x); }));
  all.push_back(plain("selu, other constants", "λ·(x for x>0, else α·(e^x − 1))",
                      {{"lambda", {1.0507009873554805, 1.0507, 1.05, 1}, 0.1, 4},
                       {"alpha", {1.6732632423543772, 1.67326, 1.6733, 1}, 0.1, 4}},
                      [](double x, double, const double* p) { return p[0] * (x > 0 ? x : p[1] * std::expm1(x)); }));
  all.push_back(
      plain("squared relu, clamped", "min(max(x, 0), limit)²", {limit}, [](double x, double, const double* p) {
        const double z = clamp(x, 0, p[0]);
        return z * z;
      }));
}

/// a·f(b) where the table has another f; b is x.
void add_gates(std::vector<Formula>& all) {
  all.push_back(plain("bilinear gate", "a·b", {}, [](double b, double a, const double*) { return a * b; }));
  all.push_back(plain("geglu with tanh", "a·gelu_tanh(b)", {},
                      [](double b, double a, const double*) { return a * gelu_tanh(b); }));
  all.push_back(plain("swiglu with a slope", "a·b·σ(αb)", {slope},
                      [](double b, double a, const double* p) { return a * swish(b, p[0]); }));
  all.push_back(
      plain("gate with tanh", "a·tanh(b)", {}, [](double b, double a, const double*) { return a * std::tanh(b); }));
  all.push_back(plain(
      "swiglu of clamped inputs", "clamp(a, ±limit)·z·σ(αz), z = min(b, limit)", {slope, limit},
      [](double b, double a, const double* p) { return clamp(a, -p[1], p[1]) * swish(b > p[1] ? p[1] : b, p[0]); }));
  all.push_back(plain("swiglu of clamped inputs, a + 1", "(clamp(a, ±limit) + 1)·z·σ(αz), z = min(b, limit)",
                      {{"alpha", {1.702, 1, 2}, 0.05, 20}, limit}, [](double b, double a, const double* p) {
                        return (clamp(a, -p[1], p[1]) + 1) * swish(b > p[1] ? p[1] : b, p[0]);
                      }));
  all.push_back(
      plain("geglu of clamped inputs", "clamp(a, ±limit)·z·Φ(z), z = min(b, limit)", {limit},
            [](double b, double a, const double* p) { return clamp(a, -p[0], p[0]) * gelu(b > p[0] ? p[0] : b); }));
}

/// The same with the two inputs of a gate in each other's place.
void add_swapped(std::vector<Formula>& all) {
  const std::size_t count = all.size();
  for (std::size_t i = 0; i < count; ++i) {
    if (all[i].name == "bilinear gate") continue;
    Formula swapped = all[i];
    swapped.name += ", a and b in each other's place";
    swapped.evaluate = [f = all[i].evaluate](const Data& d, const double* p, double* out) {
      return f({d.type, d.a, d.dy, d.x, d.n}, p, out);
    };
    all.push_back(std::move(swapped));
  }
}

}  // namespace

std::vector<Formula> formulas(Direction direction, Type type, bool has_a) {
  std::vector<Formula> all;
  add_table(all, direction, type, has_a);
  if (!has_a) add_gelu_forms(all, direction);
  if (direction != Direction::forward) return all;
  if (has_a) {
    add_gates(all);
    add_swapped(all);
  } else {
    add_variants(all);
  }
  return all;
}

}  // namespace actbench::bench::identify
