// SPDX-License-Identifier: Apache-2.0
//
// Eigen's array expressions, which its header compiles for the instruction set that this file is compiled for. erf is
// in its unsupported SpecialFunctions. Its half types are its own, and every operation rounds to them.
#include <Eigen/Core>
#include <unsupported/Eigen/SpecialFunctions>

#include "peer.hpp"

namespace {

template <class T>
using In = Eigen::Map<const Eigen::Array<T, Eigen::Dynamic, 1>>;
template <class T>
using Out = Eigen::Map<Eigen::Array<T, Eigen::Dynamic, 1>>;

/// y = formula(x, parameters of the call in the type).
template <class T, class Formula>
void elements(const actbench_call* call) {
  const auto n = static_cast<Eigen::Index>(call->n);
  const In<T> x(static_cast<const T*>(call->x), n);
  Out<T> y(static_cast<T*>(call->y), n);
  Formula::template apply<T>(x, y, call->parameters);
}

#define FORMULA(Name, expression)                                                      \
  struct Name {                                                                        \
    template <class T>                                                                 \
    static void apply(const In<T>& x, Out<T>& y, const double* parameters) {           \
      [[maybe_unused]] const auto number = [](double v) { return T(v); };              \
      [[maybe_unused]] const auto parameter = [&](int i) { return T(parameters[i]); }; \
      y = expression;                                                                  \
    }                                                                                  \
  }

FORMULA(Relu, x.max(number(0)));
FORMULA(LeakyRelu, (x > number(0)).select(x, x* parameter(0)));
FORMULA(Relu6, x.max(number(0)).min(number(6)));
FORMULA(Hardtanh, x.max(parameter(0)).min(parameter(1)));
FORMULA(HardSigmoid, (x * number(1.0 / 6) + number(0.5)).max(number(0)).min(number(1)));
FORMULA(HardSwish, x*(x + number(3)).max(number(0)).min(number(6)) * number(1.0 / 6));
FORMULA(Sigmoid, x.logistic());
FORMULA(Silu, x* x.logistic());
FORMULA(Swish, x*(x* parameter(0)).logistic());
FORMULA(Tanh, x.tanh());
FORMULA(GeluTanh,
        number(0.5) * x * (number(1) + (number(0.7978845608028654) * (x + number(0.044715) * x.cube())).tanh()));
FORMULA(Gelu, number(0.5) * x * (number(1) + (x * number(0.7071067811865476)).erf()));
FORMULA(Elu, (x > number(0)).select(x, parameter(0) * x.expm1()));
FORMULA(Selu, number(1.0507009873554805) * (x > number(0)).select(x, number(1.6732632423543772) * x.expm1()));
FORMULA(Softplus, ((x * parameter(0)).max(number(0)) + (-(x * parameter(0)).abs()).exp().log1p()) / parameter(0));
FORMULA(LogSigmoid, x.min(number(0)) - (-x.abs()).exp().log1p());
FORMULA(Mish, x*(x.max(number(0)) + (-x.abs()).exp().log1p()).tanh());

template <class T, bool logarithm>
void rows(const actbench_call* call) {
  const auto length = static_cast<Eigen::Index>(call->row);
  for (std::size_t begin = 0; begin < call->n; begin += call->row) {
    const In<T> x(static_cast<const T*>(call->x) + begin, length);
    Out<T> y(static_cast<T*>(call->y) + begin, length);
    const T top = x.maxCoeff();
    if constexpr (logarithm) {
      using std::log;
      y = x - top;
      y -= T(log((y.exp()).sum()));
    } else {
      y = (x - top).exp();
      y *= T(1) / y.sum();
    }
  }
}

template <class T>
void add(peers::Peer& peer, const char* type) {
  const auto kernel = [&](const char* activation, peers::Run run, const char* note) {
    peer.add(activation, type, run, note);
  };
  kernel("relu", elements<T, Relu>, "max");
  kernel("leaky_relu", elements<T, LeakyRelu>, "composed of select and a product");
  kernel("relu6", elements<T, Relu6>, "composed of min and max");
  kernel("hardtanh", elements<T, Hardtanh>, "composed of min and max");
  kernel("hard_sigmoid", elements<T, HardSigmoid>, "composed of min and max");
  kernel("hard_swish", elements<T, HardSwish>, "composed of min and max");
  kernel("sigmoid", elements<T, Sigmoid>, "logistic");
  kernel("silu", elements<T, Silu>, "composed of logistic");
  kernel("swish", elements<T, Swish>, "composed of logistic");
  kernel("tanh", elements<T, Tanh>, "tanh");
  kernel("gelu_tanh", elements<T, GeluTanh>, "composed of tanh");
  kernel("gelu", elements<T, Gelu>, "composed of erf (unsupported/SpecialFunctions)");
  kernel("elu", elements<T, Elu>, "composed of expm1");
  kernel("selu", elements<T, Selu>, "composed of expm1");
  kernel("softplus", elements<T, Softplus>, "composed of exp and log1p");
  kernel("log_sigmoid", elements<T, LogSigmoid>, "composed of exp and log1p");
  kernel("mish", elements<T, Mish>, "composed of exp, log1p and tanh");
  kernel("softmax", rows<T, false>, "composed of exp");
  kernel("log_softmax", rows<T, true>, "composed of exp");
}

peers::Peer described() {
  peers::Peer peer;
  // 3.4.0 is world, major, minor; 5.0.0 major, minor, patch.
  constexpr bool has_world = EIGEN_MAJOR_VERSION < 5;
#if EIGEN_MAJOR_VERSION < 5
  constexpr int patch = 0;
#else
  constexpr int patch = EIGEN_PATCH_VERSION;
#endif
  const auto number = [](int v) { return std::to_string(v); };
  peer.about = "Eigen " + (has_world ? number(EIGEN_WORLD_VERSION) + "." : "") + number(EIGEN_MAJOR_VERSION) + "." +
               number(EIGEN_MINOR_VERSION) + (has_world ? "" : "." + number(patch)) + ", " + peers::compiler() +
               peers::compiled_for();
  add<float>(peer, "f32");
  add<double>(peer, "f64");
  add<Eigen::half>(peer, "f16");
  add<Eigen::bfloat16>(peer, "bf16");
  return peer;
}

}  // namespace

extern "C" const actbench_plugin* actbench_plugin_v1() { return peers::exported(described); }
