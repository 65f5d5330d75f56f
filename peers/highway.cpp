// SPDX-License-Identifier: Apache-2.0
//
// Highway's contrib/math, for the instruction set that this file is compiled for (static dispatch). It has no erf, and
// so no gelu. Half types are promoted to f32 and demoted again, as its arithmetic is for f32 and f64.
#include <hwy/highway.h>
// After it.
#include <hwy/contrib/math/math-inl.h>

#include "formulas.hpp"

namespace {

namespace hn = hwy::HWY_NAMESPACE;

template <class Number, class Stored = Number>
struct Highway {
  using T = Number;
  using S = Stored;
  using D = hn::ScalableTag<T>;
  using Half = hn::Rebind<S, D>;
  using V = hn::Vec<D>;
  static constexpr D d{};
  static constexpr std::size_t lanes = hn::MaxLanes(D());
  static V load(const S* p) {
    if constexpr (std::is_same_v<S, T>)
      return hn::LoadU(d, p);
    else
      return hn::PromoteTo(d, hn::LoadU(Half(), p));
  }
  static void store(S* p, V v) {
    if constexpr (std::is_same_v<S, T>)
      hn::StoreU(v, d, p);
    else
      hn::StoreU(hn::DemoteTo(Half(), v), Half(), p);
  }
  static V set(T value) { return hn::Set(d, value); }
  static V max(V a, V b) { return hn::Max(a, b); }
  static V min(V a, V b) { return hn::Min(a, b); }
  static V negative(V a) { return hn::Neg(a); }
  static V abs(V a) { return hn::Abs(a); }
  template <class Mask>
  static V select(Mask condition, V then, V otherwise) {
    return hn::IfThenElse(condition, then, otherwise);
  }
  /// Beyond what its comment allows it gives anything.
  static V exp(V v) { return hn::Exp(d, hn::Min(v, hn::Set(d, sizeof(T) == 4 ? T(104) : T(706)))); }
  static V tanh(V v) { return hn::Tanh(d, v); }
  static V log1p(V v) { return hn::Log1p(d, v); }
  static V expm1(V v) { return hn::Expm1(d, v); }
};

peers::Peer described() {
  peers::Peer peer;
  peer.about = "Highway " + std::to_string(HWY_MAJOR) + "." + std::to_string(HWY_MINOR) + "." +
               std::to_string(HWY_PATCH) + ", " + peers::compiler() + peers::compiled_for();
  peers::add_formulas<Highway<float>, true>(peer, "f32", "Tanh");
  peers::add_formulas<Highway<double>, true>(peer, "f64", "Tanh");
  peers::add_formulas<Highway<float, hwy::float16_t>, true>(peer, "f16", "Tanh of f32");
  peers::add_formulas<Highway<float, hwy::bfloat16_t>, true>(peer, "bf16", "Tanh of f32");
  return peer;
}

}  // namespace

extern "C" const actbench_plugin* actbench_plugin_v1() { return peers::exported(described); }
