// SPDX-License-Identifier: Apache-2.0
//
// The GELU approximation x/2·(1 + tanh(√(2/π)(x + 0.044715x³))), as x·σ(x(c1 + c3 x²)) with twice the argument: c1 =
// 2√(2/π), c3 = 0.044715·c1, each as a pair of doubles.
#pragma once

#include "kernels/math/logistic.hpp"
#include "kernels/math/platform.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

struct Definition {
  static constexpr Activation facts{
      "gelu_tanh", "x/2·(1 + tanh(√(2/π)·(x + 0.044715x³)))", "gelu_new, NewGELU in model code", {}, 0};
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
    return decltype(x * x)::constant(0x1.2444f2a4d8b4bp-4, -0x1.6c843a29d1c70p-61);
  }
  // The derivative next to its zero, by scripts/fit/slopes.py.
  static constexpr Zero zero{-0x1.81429f9e97e4dp-1, 0x1.4f523ed77dbdcp-55, -0x1.a649fca8ac0e5p-109};
  static constexpr DoubleDouble<double> low[] = {
      {0x1.b8bacd2c96b91p-2, 0x1.76337abe9f7dbp-56},   {0x1.8cd1a2b2fff33p-2, -0x1.d8b0a1ab4254cp-56},
      {-0x1.029615edb077bp-6, -0x1.8d383a384f191p-60}, {-0x1.d2b77346470abp-4, 0x1.088fb85a2f4bbp-58},
      {-0x1.104a83edc0b97p-6, 0x1.c179e9de5f399p-60},  {0x1.427996dc2490cp-6, 0x1.299ee0f2b4b3fp-61},
      {0x1.58c9ed70ebbb8p-8, -0x1.43aa247c7d15ep-65}};
  static constexpr double high[] = {-0x1.3d8d6416db432p-9, -0x1.e63f28b400a25p-11, 0x1.14bf88fb249aap-12,
                                    0x1.04932282b73fcp-13, -0x1.253b68d632923p-15, -0x1.0b6f2908d60fap-16,
                                    0x1.8cf4a8b8da521p-18, 0x1.3887e2ce7e5e4p-19,  -0x1.006185ffc7043p-20};
  static constexpr double rough[] = {0x1.b8bacd2c96b99p-2,  0x1.8cd1a2b2fff3p-2,   -0x1.029615edd50cep-6,
                                     -0x1.d2b7734643a87p-4, -0x1.104a83d30f5a8p-6, 0x1.427996d24427ap-6,
                                     0x1.58c9d0edd594dp-8,  -0x1.3d8d4efc9474cp-9, -0x1.e623979194d5cp-11,
                                     0x1.14ab204725901p-12, 0x1.fcd3fefb95eb4p-14, -0x1.1c1abe06481e3p-15};
  static constexpr float single[] = {0x1.b8bacep-2f,  0x1.8cd1a4p-2f, -0x1.02a066p-6f, -0x1.d2b65cp-4f,
                                     -0x1.0ef38cp-6f, 0x1.3fcf3ep-6f, 0x1.254c62p-8f};
  template <class T>
  static T naive(T x, const T*) {
    return x / 2 * (1 + platform::tanh(T(0.79788456080286535588) * (x + T(0.044715) * x * x * x)));
  }
  template <class T>
  static T naive_derivative(T x, const T*) {
    const T slope = T(0.79788456080286535588) * (1 + 3 * T(0.044715) * x * x);
    const T t = platform::tanh(T(0.79788456080286535588) * (x + T(0.044715) * x * x * x));
    return (1 + t) / 2 + x / 2 * (1 - t * t) * slope;
  }
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
