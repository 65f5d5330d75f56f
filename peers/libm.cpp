// SPDX-License-Identifier: Apache-2.0
//
// glibc's libm, called element by element: what a loop over <cmath> is.
#include <gnu/libc-version.h>

#include "formulas.hpp"

namespace {

template <class Number>
struct Libm {
  using T = Number;
  using S = Number;
  using V = Number;
  static constexpr std::size_t lanes = 1;
  static V load(const T* p) { return *p; }
  static void store(T* p, V v) { *p = v; }
  static V set(T v) { return v; }
  static V max(V a, V b) { return a > b ? a : b; }
  static V min(V a, V b) { return a < b ? a : b; }
  static V negative(V a) { return -a; }
  static V abs(V a) { return std::fabs(a); }
  static V select(bool condition, V then, V otherwise) { return condition ? then : otherwise; }
  static V exp(V v) { return std::exp(v); }
  static V tanh(V v) { return std::tanh(v); }
  static V erf(V v) { return std::erf(v); }
  static V log1p(V v) { return std::log1p(v); }
  static V expm1(V v) { return std::expm1(v); }
};

peers::Peer described() {
  peers::Peer peer;
  peer.about = std::string("glibc ") + gnu_get_libc_version() + ", libm, element by element";
  peers::add_formulas<Libm<float>, false>(peer, "f32", "tanhf");
  peers::add_formulas<Libm<double>, false>(peer, "f64", "tanh");
  return peer;
}

}  // namespace

extern "C" const actbench_plugin* actbench_plugin_v1() { return peers::exported(described); }
