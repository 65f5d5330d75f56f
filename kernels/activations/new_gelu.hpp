// SPDX-License-Identifier: Apache-2.0
//
// gelu_tanh with the coefficient that tutorials print, 0.0356774: it already holds the factor √(2/π), which so counts
// twice. c1 = 2√(2/π), c3 = 0.0356774·c1, each as a pair of doubles.
#pragma once

#include "kernels/math/logistic.hpp"
#include "kernels/math/platform.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

struct Definition {
  static constexpr Activation facts{"new_gelu", "x/2·(1 + tanh(√(2/π)·(x + 0.0356774x³)))", "", {}, 0};
  static constexpr bool rounds_once = false;
  static double body_end(double reach, const double*) { return cubic_end(reach); }
  static constexpr double saturation_bound = 0x1p20;

  template <class N, class P>
  static auto forward(N x, const P&) {
    return x * logistic(cubic(x, c1(x), c3(x)));
  }
  template <class N, class P>
  static auto derivative(N x, const P&) {
    return gelu_by_tanh_slope<Definition>(x, c1(x), c3(x));
  }
  template <class N>
  static auto c1(N x) {
    return decltype(x * x)::constant(0x1.9884533d43651p+0, -0x1.cbc0d30ebfd15p-54);
  }
  template <class N>
  static auto c3(N x) {
    return decltype(x * x)::constant(0x1.d264ee53ac9d3p-5, 0x1.050318c63dffbp-63);
  }
  // The derivative next to its zero, by scripts/fit/slopes.py.
  static constexpr Zero zero{-0x1.859b6ada9af42p-1, -0x1.038b5cce37ef2p-55, 0x1.b30ba701f2f19p-112};
  static constexpr DoubleDouble<double> low[] = {
      {0x1.a8ed128a1d8d8p-2, -0x1.c35130ac212d9p-58}, {0x1.8a9fee85a45e4p-2, -0x1.1b679c1d8378p-56},
      {0x1.0e2e3a598a926p-8, -0x1.0ca87ae915eb4p-62}, {-0x1.cf96d9757bd9ep-4, 0x1.2461b4edf73fep-59},
      {-0x1.ddba8a983695p-6, -0x1.5ad80caf02601p-65}, {0x1.263117adb0f8dp-6, -0x1.5a79a2318d5bap-65},
      {0x1.4455dd813b9f8p-7, -0x1.795c97ecb025ep-63}};
  static constexpr double high[] = {-0x1.20f76b0f93d63p-10, -0x1.07f653b47c8e8p-9,  -0x1.162e2ba2284f1p-12,
                                    0x1.24f0c5972e53cp-12,  0x1.be3184aff6bdep-14,  -0x1.6ae8c800e62f8p-16,
                                    -0x1.6df5a3f1b8987p-16, -0x1.422f3165f3c9bp-20, 0x1.96f51751ff7ffp-19};
  static constexpr double rough[] = {0x1.a8ed128a1d8e3p-2,   0x1.8a9fee85a45efp-2,   0x1.0e2e3a58bc528p-8,
                                     -0x1.cf96d97588621p-4,  -0x1.ddba8a729ff3ep-6,  0x1.263117d24431ep-6,
                                     0x1.4455c977c703fp-7,   -0x1.20f807523fccep-10, -0x1.07ecacfcbd929p-9,
                                     -0x1.15e2a3d9dcddap-12, 0x1.20a8f6f5e8f21p-12,  0x1.ad518a15bada1p-14};
  static constexpr float single[] = {0x1.a8ed12p-2f,  0x1.8a9feep-2f, 0x1.0e50d2p-8f, -0x1.cf944p-4f,
                                     -0x1.df0af2p-6f, 0x1.2476ecp-6f, 0x1.5afb68p-7f};
  template <class T>
  static T naive(T x, const T*) {
    return x / 2 * (1 + platform::tanh(T(0.79788456080286535588) * (x + T(0.0356774) * x * x * x)));
  }
  template <class T>
  static T naive_derivative(T x, const T*) {
    const T slope = T(0.79788456080286535588) * (1 + 3 * T(0.0356774) * x * x);
    const T t = platform::tanh(T(0.79788456080286535588) * (x + T(0.0356774) * x * x * x));
    return (1 + t) / 2 + x / 2 * (1 - t * t) * slope;
  }
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
