// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reference/forms.hpp"
#include "reference/quick_forms.hpp"

namespace actbench::reference::activations {

struct mish {
  static constexpr std::size_t parameters = 0;

  /// tanh(ln(1 + e^x)) = n/(n + 2), n = e^x(e^x + 2), for x <= 0, and 1 - 2e²/(1 + 2e + 2e²), e = e^-x, for x > 0.
  template <class R>
  static Anchored<R> forward(const R& x, const R*) {
    const R e = decay(magnitude(x));
    if (x > 0) return {x, times(x, R(-kept_positive(R(2 * e * e / (1 + 2 * e * (1 + e))), e == 0)))};
    const R n = e * (e + 2);
    return nearly(times(x, R(n / (n + 2))));
  }

  /// With e and n as above: e((e + 2)(n + 2) + 4x(e + 1))/(n + 2)² for x <= 0; for x > 0, where q = 1 + 2e + 2e²,
  /// 1 + 2e²/q²·(2x(1 + e) - q).
  template <class R>
  static Anchored<R> derivative(const R& x, const R*) {
    if (is_infinite(x)) return exactly(x > 0 ? R(1) : signed_zero<R>(true));
    const R e = decay(magnitude(x));
    if (x > 0) {
      const R q = 1 + 2 * e * (1 + e);
      return {R(1), R(kept_positive(R(2 * e * e / (q * q)), false) * (2 * x * (1 + e) - q))};
    }
    const R d = e * (e + 2) + 2;
    return nearly(R(e * ((e + 2) * d + 4 * x * (e + 1)) / (d * d)));
  }

  static Quick quick_forward(double x, const double*) {
    const Exponential e = quick_exponential(-std::abs(x));
    const double n = e.value * (e.value + 2), d = 2 * e.value * e.value;
    const double ratio = (x > 0 ? -d : n) / (x > 0 ? 1 + 2 * e.value + d : n + 2);
    return finish({x > 0 ? x : std::copysign(0.0, x), x * ratio, unless_clamped(e, 0x1p-48)});
  }

  static Quick quick_derivative(double x, const double*) {
    const Exponential exponential = quick_exponential(-std::abs(x));
    const double e = exponential.value;
    const double above = 1 + 2 * e * (1 + e), below = e * (e + 2) + 2;
    const double denominator = x > 0 ? above : below;
    const double factor = (x > 0 ? 2 * e * e : e) / (denominator * denominator);
    const double linear = (x > 0 ? 2 : 4) * x * (1 + e), constant = x > 0 ? -above : (e + 2) * below;
    return cancelling(x > 0 ? 1.0 : 0.0, factor, linear, constant, exponential);
  }
};

}  // namespace actbench::reference::activations
