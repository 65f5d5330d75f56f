// SPDX-License-Identifier: Apache-2.0
//
// x·tanh(ln(1 + e^x)) = x·n/(n + 2), n = e^x(e^x + 2).
//
// With u = e^−|x| that is u(u + 2)/(u(u + 2) + 2) below zero, and (1 + 2u)/(1 + 2u + 2u²) above: all terms positive,
// none beyond 5.
#pragma once

#include "kernels/math/exp.hpp"
#include "kernels/math/near_zero.hpp"
#include "kernels/math/platform.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

struct Definition {
  static constexpr Activation facts{"mish", "x·tanh(ln(1 + e^x))", "", {}, 0};
  static constexpr bool rounds_once = false;
  static double body_end(double reach, const double*) { return reach; }
  /// The derivative, as fast kernels have it, leaves too little room for the product with dy.
  static constexpr bool fast_misses_bound(Direction d, bool) { return d == Direction::backward; }

  template <class N, class P>
  static auto forward(N x, const P&) {
    const auto u = exp(-abs(x));
    const auto twice = scale(u, 2.0), square = normalized(u * u);
    const auto below = x < 0.0;
    const auto numerator = select(below, twice + square, twice + 1.0);
    const auto rest = select(below, 2.0, scale(square, 2.0));
    return x * (numerator / normalized(numerator + rest));
  }
  /// By the quotient rule tanh(ln(1 + e^x)) + 4x e^x(e^x + 1)/(n + 2)². Below zero that is u((u + 2)d + 4x(1 + u))/d²
  /// with d = u(u + 2) + 2; above ((1 + 2u)d + 4x u²(1 + u))/d² with d = 1 + 2u + 2u².
  template <class N, class P>
  static auto derivative(N x, const P&) {
    const auto u = exp(-abs(x));
    const auto twice = scale(u, 2.0), square = normalized(u * u), more = normalized(u + 1.0);
    const auto below = x < 0.0;
    const auto d =
        normalized(select(below, normalized(twice + square) + 2.0, normalized(twice + scale(square, 2.0)) + 1.0));
    const auto first = select(below, normalized(u + 2.0), normalized(twice + 1.0)) * d;
    const auto last = normalized(scale(x, 4.0) * select(below, more, normalized(square * more)));
    const auto top = normalized(normalized(first) + last);
    const auto far = normalized(select(below, u * top, top)) / normalized(d * d);
    return select(abs(leading(x) - decltype(leading(x))(zero.hi)) < decltype(leading(x))(0.25), turn(x), far);
  }
  // Next to its zero, by scripts/fit/slopes.py and fast.py.
  static constexpr Zero zero{-0x1.31432c0d12d84p+0, -0x1.bf319154da21p-55, -0x1.3b82ea8c1efc4p-109};
  static constexpr DoubleDouble<double> low[] = {
      {0x1.115acb42500bbp-2, 0x1.1adbf5392c71cp-56},  {0x1.a34a251d8ad7bp-3, 0x1.1a2cc340ac201p-58},
      {0x1.574f121a868dbp-5, 0x1.163b0204e1b9cp-61},  {-0x1.4c222fe64d4fcp-6, 0x1.bd0755a8925c3p-60},
      {-0x1.03369d4ac9032p-6, 0x1.789f68af8c745p-60}, {-0x1.b87ddfb51b49fp-9, -0x1.2851393c47846p-64},
      {0x1.1e5e1849ab8cbp-10, -0x1.d817dd805fd3bp-67}};
  static constexpr double high[] = {0x1.0379918287b01p-10,  0x1.0a79554aea689p-12,  -0x1.5fff9f19a747ap-15,
                                    -0x1.d4541800c8b99p-15, -0x1.223c2676d4695p-16, 0x1.fc10c59e7602cp-21,
                                    0x1.869f0cace2fbcp-19,  0x1.1626ca6a8e8f3p-20,  0x1.9167f805fed95p-27};
  static constexpr double rough[] = {0x1.115acb42500bbp-2,   0x1.a34a251d8ad78p-3,   0x1.574f121a87e5ep-5,
                                     -0x1.4c222fe64670ap-6,  -0x1.03369d4cbce6bp-6,  -0x1.b87ddfdd3095bp-9,
                                     0x1.1e5e208c727e5p-10,  0x1.0379a6e3053efp-10,  0x1.0a756a56750e1p-12,
                                     -0x1.605211c7979b3p-15, -0x1.d2a6269af3a53p-15, -0x1.191351edc8bf7p-16};

  static constexpr float single[] = {0x1.115accp-2f,  0x1.a34a26p-3f,  0x1.574898p-5f,  -0x1.4c2b0cp-6f,
                                     -0x1.0117e2p-6f, -0x1.ac6f7cp-9f, -0x1.0ef352p-12f};

  /// With n = e^x(e^x + 2) and d = n + 2, x·n/d and above 0 x - 2x/d; and its derivative e^x(4(1 + x) + e^x(6 + 4x +
  /// e^x(4 + e^x)))/d² with d² = 4 + e^x(8 + e^x(8 + e^x(4 + e^x))), above 0 1 + (4x e^x(e^x + 1) - 2d)/d². e^x is
  /// limited to where both have reached their limits.
  template <class V>
  static V in_single(double yes, double no) {
    return number<V>(sizeof(typename V::Element) == 4 ? yes : no);
  }
  template <class V, class P>
  static Scaled<V> forward(Input<V> x, const P&) {
    const auto power = decaying_limited(limited(x, V(FastRange<V>::lowest), in_single<V>(10, 20)));
    const V e = value_of(power) * scale_down<V>(), two = number<V>(2), nothing = -number<V>(0);
    const auto above = x > 0.0;
    const V scaled_x = x.v * scale_up<V>(), twice = x.v + x.v;
    const V part = select(above, -two * scaled_x, product(power, fma(x.v, e, twice))) / fma(e, e + two, two);
    return part + select(above, scaled_x, nothing);
  }
  /// Without a case of its own above 0, where the half types have no use for more digits.
  template <Short V, class P>
  static Scaled<V> forward(Input<V> x, const P&) {
    const V scaled = exp_limited(limited(x, V(FastRange<V>::lowest), number<V>(10))).v, e = scaled * scale_down<V>(),
            more = e + number<V>(2);
    return x.v * (scaled * more) / fma(e, more, number<V>(2));
  }
  template <class V, class P>
  static Scaled<V> derivative(Input<V> any_x, const P&) {
    const Input<V> x = limited(any_x, V(FastRange<V>::lowest), in_single<V>(12, 24));
    const auto power = decaying_limited(x);
    const V e = value_of(power) * scale_down<V>(), two = number<V>(2), four = number<V>(4), eight = number<V>(8);
    const auto below = x < 0.0;
    const V inner = fma(e, e + four, fma(four, x.v, number<V>(6))), first = four * (x.v + number<V>(1));
    const V top = fma(e, inner, first), top_low = fma(e, inner, first - top);
    const V missing = fma(four * x.v, fma(e, e, e), -two * fma(e, e + two, two));
    const V rest = fma(e, fma(e, e + four, eight), eight), square = fma(e, rest, four);
    const Split<V> bottom(square, fma(e, rest, four - square));
    const Split<V> quotient =
        careful_quotient(Split<V>(select(below, top, missing), select(below, top_low, number<V>(0))), bottom);
    const V far = select(below, product(power, quotient), fma(quotient.hi, scale_up<V>(), scale_up<V>()));
    return select(is_near<Definition>(x.v), fast_near_zero<Definition>(x).v, far);
  }

  template <class V>
  static Rough<V> turn(Rough<V> x) {
    return near_zero(x, V(0.0), zero, rough);
  }
  template <class V>
  static DoubleDouble<V> turn(Exact<V> x) {
    return near_zero(DoubleDouble<V>(x), zero, low, high);
  }
  template <class T>
  static T naive(T x, const T*) {
    return x * platform::tanh(platform::log(1 + platform::exp(x)));
  }
  template <class T>
  static T naive_derivative(T x, const T*) {
    const T t = platform::tanh(platform::log(1 + platform::exp(x)));
    return t + x * (1 - t * t) / (1 + platform::exp(-x));
  }
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
