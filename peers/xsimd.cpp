// SPDX-License-Identifier: Apache-2.0
//
// xsimd's batches, for the instruction set that this file is compiled for.
#include <xsimd/xsimd.hpp>

#include "formulas.hpp"

namespace {

template <class Number>
struct Xsimd {
  using T = Number;
  using S = Number;
  using V = xsimd::batch<T>;
  static constexpr std::size_t lanes = V::size;
  static V load(const T* p) { return V::load_unaligned(p); }
  static void store(T* p, V v) { v.store_unaligned(p); }
  static V set(T value) { return V(value); }
  static V max(V a, V b) { return xsimd::max(a, b); }
  static V min(V a, V b) { return xsimd::min(a, b); }
  static V negative(V a) { return -a; }
  static V abs(V a) { return xsimd::abs(a); }
  template <class Mask>
  static V select(Mask condition, V then, V otherwise) {
    return xsimd::select(condition, then, otherwise);
  }
  static V exp(V v) { return xsimd::exp(v); }
  static V tanh(V v) { return xsimd::tanh(v); }
  static V erf(V v) { return xsimd::erf(v); }
  static V log1p(V v) { return xsimd::log1p(v); }
  static V expm1(V v) { return xsimd::expm1(v); }
};

peers::Peer described() {
  peers::Peer peer;
  peer.about = "xsimd " + std::to_string(XSIMD_VERSION_MAJOR) + "." + std::to_string(XSIMD_VERSION_MINOR) + "." +
               std::to_string(XSIMD_VERSION_PATCH) + ", " + peers::compiler() + peers::compiled_for();
  peers::add_formulas<Xsimd<float>, true>(peer, "f32", "tanh");
  peers::add_formulas<Xsimd<double>, true>(peer, "f64", "tanh");
  return peer;
}

}  // namespace

extern "C" const actbench_plugin* actbench_plugin_v1() { return peers::exported(described); }
