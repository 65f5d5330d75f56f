// SPDX-License-Identifier: Apache-2.0
#include "reference/enclose.hpp"

#include <map>
#include <stdexcept>
#include <utility>

#include "reference/activations.hpp"
#include "reference/approximation_forms.hpp"
#include "reference/approximations.hpp"
#include "reference/function.hpp"

namespace actbench::reference {
namespace {

/// Frees the constants that MPFR keeps for each thread when the thread ends.
struct ThreadCache {
  ThreadCache() = default;
  ThreadCache(const ThreadCache&) = delete;
  ThreadCache& operator=(const ThreadCache&) = delete;
  ~ThreadCache() { mpfr_free_cache2(MPFR_FREE_LOCAL_CACHE); }
};

/// Jets go back to their full order when an evaluation ends.
struct OrderScope {
  explicit OrderScope(int order) { jet_order = order; }
  OrderScope(const OrderScope&) = delete;
  OrderScope& operator=(const OrderScope&) = delete;
  ~OrderScope() { jet_order = highest_order; }
};

template <class Activation>
constexpr std::array<Encloser, 2> both{&Activation::template forward<Jet>, &Activation::template derivative<Jet>};

const std::map<const Function*, Encloser>& enclosers() {
  static const auto all = [] {
    std::map<const Function*, Encloser> map;
    const auto add = [&]<class Activation>(const Activation*, const char* name, auto find) {
      if constexpr (directions::gated<Activation>) return;  // a function of two
      map[find(name, "forward")] = both<Activation>[0];
      map[find(name, "derivative")] = both<Activation>[1];
    };
#define ACTBENCH_ADD(name) add(static_cast<const activations::name*>(nullptr), #name, find);
    ACTBENCH_REFERENCE_ACTIVATIONS(ACTBENCH_ADD)
#undef ACTBENCH_ADD
    using namespace approximations;
    add(static_cast<const tanh_form*>(nullptr), tanh_form::name, find_approximation);
    add(static_cast<const sigmoid_form*>(nullptr), sigmoid_form::name, find_approximation);
    return map;
  }();
  return all;
}

}  // namespace

Encloser encloser_of(const Function& function) {
  const auto found = enclosers().find(&function);
  if (found == enclosers().end()) {
    throw std::invalid_argument("enclose: takes activations' forward and derivative alone");
  }
  return found->second;
}

Enclosed enclose(const Function& function, std::span<const double> parameters, const Interval& x) {
  if (parameters.size() != function.parameter_count) {
    throw std::invalid_argument("enclose: takes all of a function's parameters");
  }
  return enclose(encloser_of(function), parameters, x);
}

Enclosed enclose(Encloser f, std::span<const double> parameters, const Interval& x, int side, int order,
                 std::vector<Switch>* switches) {
  static thread_local const ThreadCache cache;
  const OrderScope scope(order);
  std::array<Jet, 8> p;
  for (std::size_t i = 0; i < parameters.size(); ++i) p.at(i) = parameters[i];
  const Jet variable = Jet::variable(x);
  JetEvaluation& evaluation = JetEvaluation::here();
  evaluation.begin(x, side, switches);
  Enclosed out{f(variable, p.data()), false};
  if (!evaluation.any()) return out;
  Interval all = out.sum.anchor.c[0] + out.sum.rest.c[0];
  while (evaluation.advance()) {
    const Anchored<Jet> other = f(variable, p.data());
    all = hull(all, other.anchor.c[0] + other.rest.c[0]);
  }
  return {{Jet(0), Jet(all)}, true};
}

}  // namespace actbench::reference
