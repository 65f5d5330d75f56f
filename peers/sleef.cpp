// SPDX-License-Identifier: Apache-2.0
//
// SLEEF's vector functions of 1 ULP (u10), which PyTorch's kernels for CPUs call.
#include <sleef.h>

#include "simd.hpp"

namespace {

template <class Number>
struct Sleef;

#if defined(__AVX512F__)
#define SLEEF_NAME(function, type, lanes) Sleef_##function##type##lanes##_u10avx512f
#define SLEEF_SINGLE(function) SLEEF_NAME(function, f, 16)
#define SLEEF_DOUBLE(function) SLEEF_NAME(function, d, 8)
#else
#define SLEEF_NAME(function, type, lanes) Sleef_##function##type##lanes##_u10avx2
#define SLEEF_SINGLE(function) SLEEF_NAME(function, f, 8)
#define SLEEF_DOUBLE(function) SLEEF_NAME(function, d, 4)
#endif

template <>
struct Sleef<float> : peers::Simd<float> {
  static V exp(V v) { return SLEEF_SINGLE(exp)(v); }
  static V tanh(V v) { return SLEEF_SINGLE(tanh)(v); }
  static V erf(V v) { return SLEEF_SINGLE(erf)(v); }
  static V log1p(V v) { return SLEEF_SINGLE(log1p)(v); }
  static V expm1(V v) { return SLEEF_SINGLE(expm1)(v); }
};

template <>
struct Sleef<double> : peers::Simd<double> {
  static V exp(V v) { return SLEEF_DOUBLE(exp)(v); }
  static V tanh(V v) { return SLEEF_DOUBLE(tanh)(v); }
  static V erf(V v) { return SLEEF_DOUBLE(erf)(v); }
  static V log1p(V v) { return SLEEF_DOUBLE(log1p)(v); }
  static V expm1(V v) { return SLEEF_DOUBLE(expm1)(v); }
};

peers::Peer described() {
  peers::Peer peer;
  peer.about = "SLEEF " + std::to_string(SLEEF_VERSION_MAJOR) + "." + std::to_string(SLEEF_VERSION_MINOR) + "." +
               std::to_string(SLEEF_VERSION_PATCHLEVEL) + ", u10" + peers::compiled_for();
  peers::add_formulas<Sleef<float>, false>(peer, "f32", "its own tanhf");
  peers::add_formulas<Sleef<double>, false>(peer, "f64", "its own tanh");
  return peer;
}

}  // namespace

extern "C" const actbench_plugin* actbench_plugin_v1() { return peers::exported(described); }
