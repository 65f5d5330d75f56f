// SPDX-License-Identifier: Apache-2.0
//
// Activations composed of a library's functions of one vector, as its users write them down: sigmoid from exp, gelu
// from erf. A library is described by a structure M:
//
//   M::T, M::V        the number that it computes with, and a vector of M::lanes of them
//   M::S              what the arrays hold: T, or a half type that load and store convert
//   load, store, set  between the two, at any address; a vector of equal numbers
//   max, min, abs, negative, select(condition, then, otherwise), and V's operators of two operands
//   exp, tanh, …      what it has; a formula for which a function is lacking is left out
#pragma once

#include <cmath>
#include <limits>

#include "peer.hpp"

namespace peers {

/// Formulas that take no parameters begin with this.
struct NoParameters {
  explicit NoParameters(const double*) {}
};

template <class M>
struct Parameter {
  typename M::V value;
  explicit Parameter(const double* parameters, int index = 0)
      : value(M::set(static_cast<typename M::T>(parameters[index]))) {}
};

template <class M>
auto constant(double value) {
  return M::set(static_cast<typename M::T>(value));
}

template <class M>
struct Relu : NoParameters {
  using NoParameters::NoParameters;
  auto operator()(typename M::V x) const { return M::max(x, constant<M>(0)); }
};

template <class M>
struct LeakyRelu : Parameter<M> {
  using Parameter<M>::Parameter;
  auto operator()(typename M::V x) const { return M::select(x > constant<M>(0), x, x * this->value); }
};

template <class M>
struct Relu6 : NoParameters {
  using NoParameters::NoParameters;
  auto operator()(typename M::V x) const { return M::min(M::max(x, constant<M>(0)), constant<M>(6)); }
};

template <class M>
struct Hardtanh {
  Parameter<M> lower, upper;
  explicit Hardtanh(const double* parameters) : lower(parameters, 0), upper(parameters, 1) {}
  auto operator()(typename M::V x) const { return M::min(M::max(x, lower.value), upper.value); }
};

template <class M>
struct HardSigmoid : NoParameters {
  using NoParameters::NoParameters;
  auto operator()(typename M::V x) const {
    return M::min(M::max(x * constant<M>(1.0 / 6) + constant<M>(0.5), constant<M>(0)), constant<M>(1));
  }
};

template <class M>
struct HardSwish : NoParameters {
  using NoParameters::NoParameters;
  auto operator()(typename M::V x) const {
    return x * M::min(M::max(x + constant<M>(3), constant<M>(0)), constant<M>(6)) * constant<M>(1.0 / 6);
  }
};

template <class M>
struct Sigmoid : NoParameters {
  using NoParameters::NoParameters;
  auto operator()(typename M::V x) const { return constant<M>(1) / (constant<M>(1) + M::exp(M::negative(x))); }
};

template <class M>
struct Silu : NoParameters {
  using NoParameters::NoParameters;
  auto operator()(typename M::V x) const { return x / (constant<M>(1) + M::exp(M::negative(x))); }
};

template <class M>
struct Swish : Parameter<M> {
  using Parameter<M>::Parameter;
  auto operator()(typename M::V x) const { return x / (constant<M>(1) + M::exp(M::negative(x * this->value))); }
};

template <class M>
struct Elu : Parameter<M> {
  using Parameter<M>::Parameter;
  auto operator()(typename M::V x) const { return M::select(x > constant<M>(0), x, this->value * M::expm1(x)); }
};

template <class M>
struct Selu : NoParameters {
  using NoParameters::NoParameters;
  auto operator()(typename M::V x) const {
    const auto scale = constant<M>(1.0507009873554804934193349852946);
    return M::select(x > constant<M>(0), x * scale,
                     scale * constant<M>(1.6732632423543772848170429916717) * M::expm1(x));
  }
};

template <class M>
struct Tanh : NoParameters {
  using NoParameters::NoParameters;
  auto operator()(typename M::V x) const { return M::tanh(x); }
};

template <class M>
struct GeluByErf : NoParameters {
  using NoParameters::NoParameters;
  auto operator()(typename M::V x) const {
    return constant<M>(0.5) * x * (constant<M>(1) + M::erf(x * constant<M>(0.70710678118654752440)));
  }
};

template <class M>
struct GeluByNormal : NoParameters {
  using NoParameters::NoParameters;
  auto operator()(typename M::V x) const { return x * M::cdfnorm(x); }
};

template <class M>
struct GeluTanh : NoParameters {
  using NoParameters::NoParameters;
  auto operator()(typename M::V x) const {
    const auto inner = constant<M>(0.79788456080286535588) * (x + constant<M>(0.044715) * x * x * x);
    return constant<M>(0.5) * x * (constant<M>(1) + M::tanh(inner));
  }
};

/// ln(1 + e^x) without overflow.
template <class M>
auto log_of_one_plus_exp(typename M::V x) {
  return M::max(x, constant<M>(0)) + M::log1p(M::exp(M::negative(M::abs(x))));
}

template <class M>
struct Softplus : Parameter<M> {
  using Parameter<M>::Parameter;
  auto operator()(typename M::V x) const { return log_of_one_plus_exp<M>(x * this->value) / this->value; }
};

template <class M>
struct LogSigmoid : NoParameters {
  using NoParameters::NoParameters;
  auto operator()(typename M::V x) const {
    return M::min(x, constant<M>(0)) - M::log1p(M::exp(M::negative(M::abs(x))));
  }
};

template <class M>
struct Mish : NoParameters {
  using NoParameters::NoParameters;
  auto operator()(typename M::V x) const { return x * M::tanh(log_of_one_plus_exp<M>(x)); }
};

/// A formula over the arrays of a call. The last elements go through a vector of their own.
template <class M, template <class> class Formula>
void elements(const actbench_call* call) {
  using S = typename M::S;
  const Formula<M> formula(call->parameters);
  const S* const x = static_cast<const S*>(call->x);
  S* const y = static_cast<S*>(call->y);
  std::size_t i = 0;
  for (; i + M::lanes <= call->n; i += M::lanes) M::store(y + i, formula(M::load(x + i)));
  if (const std::size_t left = call->n - i) {
    S last[M::lanes] = {};
    std::memcpy(last, x + i, left * sizeof(S));
    M::store(last, formula(M::load(last)));
    std::memcpy(y + i, last, left * sizeof(S));
  }
}

/// Calls visit(vector, elements in it) over a row; what fills the last vector is −∞.
template <class M, class Visit>
void along(const typename M::T* row, std::size_t length, const Visit& visit) {
  std::size_t i = 0;
  for (; i + M::lanes <= length; i += M::lanes) visit(M::load(row + i), i);
  if (i == length) return;
  typename M::T last[M::lanes];
  for (auto& element : last) element = -std::numeric_limits<typename M::T>::infinity();
  std::memcpy(last, row + i, (length - i) * sizeof *row);
  visit(M::load(last), i);
}

template <class M>
void store_part(typename M::T* row, std::size_t length, std::size_t at, typename M::V value) {
  if (at + M::lanes <= length) return M::store(row + at, value);
  typename M::T last[M::lanes];
  M::store(last, value);
  std::memcpy(row + at, last, (length - at) * sizeof *row);
}

template <class M, class Combine>
typename M::T across(typename M::V value, const Combine& combine) {
  typename M::T all[M::lanes];
  M::store(all, value);
  for (std::size_t i = 1; i < M::lanes; ++i) all[0] = combine(all[0], all[i]);
  return all[0];
}

/// softmax by its formula less the largest element: one pass for that, one for the powers and their sum, one for the
/// quotients; of log_softmax the second stores nothing.
template <class M, bool logarithm>
void rows(const actbench_call* call) {
  using T = typename M::T;
  for (std::size_t begin = 0; begin < call->n; begin += call->row) {
    const T* const x = static_cast<const T*>(call->x) + begin;
    T* const y = static_cast<T*>(call->y) + begin;
    const std::size_t length = call->row;
    auto largest = M::set(-std::numeric_limits<T>::infinity());
    along<M>(x, length, [&](auto v, std::size_t) { largest = M::max(v, largest); });
    const auto top = M::set(across<M>(largest, [](T a, T b) { return a > b ? a : b; }));
    auto sum = M::set(0);
    along<M>(x, length, [&](auto v, std::size_t at) {
      const auto power = M::exp(v - top);
      if constexpr (!logarithm) store_part<M>(y, length, at, power);
      sum = sum + power;
    });
    const T total = across<M>(sum, [](T a, T b) { return a + b; });
    if constexpr (logarithm) {
      const auto rest = M::set(std::log(total));
      along<M>(x, length, [&](auto v, std::size_t at) { store_part<M>(y, length, at, v - top - rest); });
    } else {
      const auto factor = M::set(1 / total);
      along<M>(y, length, [&](auto v, std::size_t at) { store_part<M>(y, length, at, v * factor); });
    }
  }
}

/// Adds every formula that M has the functions for. `own` says in notes what the library's own function is. Libraries
/// of functions alone leave out what takes none of them: it would be the compiler's.
template <class M, bool simple>
void add_formulas(Peer& peer, const char* type, const char* own) {
  using V = typename M::V;
  const auto add = [&](const char* activation, Run run, const char* note) { peer.add(activation, type, run, note); };
  if constexpr (simple) {
    add("relu", elements<M, Relu>, "composed of max");
    add("leaky_relu", elements<M, LeakyRelu>, "composed of comparing and multiplying");
    add("relu6", elements<M, Relu6>, "composed of min and max");
    add("hardtanh", elements<M, Hardtanh>, "composed of min and max");
    add("hard_sigmoid", elements<M, HardSigmoid>, "composed of min and max");
    add("hard_swish", elements<M, HardSwish>, "composed of min and max");
  }
  add("sigmoid", elements<M, Sigmoid>, "composed of exp");
  add("silu", elements<M, Silu>, "composed of exp");
  add("swish", elements<M, Swish>, "composed of exp");
  add("tanh", elements<M, Tanh>, own);
  add("gelu_tanh", elements<M, GeluTanh>, "composed of tanh");
  add("elu", elements<M, Elu>, "composed of expm1");
  add("selu", elements<M, Selu>, "composed of expm1");
  add("softplus", elements<M, Softplus>, "composed of exp and log1p");
  add("log_sigmoid", elements<M, LogSigmoid>, "composed of exp and log1p");
  add("mish", elements<M, Mish>, "composed of exp, log1p and tanh");
  if constexpr (requires(V v) { M::cdfnorm(v); }) {
    add("gelu", elements<M, GeluByNormal>, "composed of cdfnorm");
  } else if constexpr (requires(V v) { M::erf(v); }) {
    add("gelu", elements<M, GeluByErf>, "composed of erf");
  }
  if constexpr (std::is_same_v<typename M::S, typename M::T>) {
    add("softmax", rows<M, false>, "composed of exp");
    add("log_softmax", rows<M, true>, "composed of exp");
  }
}

}  // namespace peers
