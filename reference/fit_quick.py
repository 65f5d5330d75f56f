#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints reference/quick_coefficients.hpp: Chebyshev interpolants, as powers of their variable. Needs mpmath."""
from mpmath import erfc, exp, fac2, factorial, log, mp, mpf, pi, polyval, sqrt, tanh

from interpolant import interpolant

mp.dps = 120


def fit(function, low, high, degree):
    """Coefficients, lowest first, of the interpolant of that degree in the Chebyshev points of [low, high], each
    rounded to double, and log2 of the largest relative error seen on a grid."""
    low, high = mpf(low), mpf(high)
    powers = interpolant(function, low, high, degree)
    rounded = [float(c) for c in powers]
    worst = max(abs(polyval([mpf(c) for c in reversed(rounded)], x) / function(x) - 1)
                for x in (low + (high - low) * mpf(2 * i + 1) / 401 / 2 for i in range(401)))
    return rounded, float(log(worst, 2))


def series(coefficient, terms):
    return lambda x: sum(coefficient(k) * x**k for k in range(terms))


def deficit(square):
    x = sqrt(square)
    return (x - tanh(x)) / x**3


def tail(u):
    """(t + 5) Φ(-t) e^(t²/2) where u = offset + scale/(t + 5) runs from -1 (t = 38) to 1 (t = 1)."""
    inverse = (u - tail_offset) / tail_scale
    t = 1 / inverse - 5
    return (t + 5) * exp(t * t / 2) * erfc(t / sqrt(mpf(2))) / 2


at_one, at_end = mpf(1) / 6, mpf(1) / 43
tail_scale = mpf(float(2 / (at_one - at_end)))
tail_offset = mpf(float(1 - tail_scale * at_one))


def show(name, comment, fitted):
    coefficients, error = fitted
    print(f"\n/// {comment} Relative error 2^{error:.1f}.")
    print(f"inline constexpr double {name}[] = {{")
    for i in range(0, len(coefficients), 4):
        print("    " + ", ".join(repr(c) for c in coefficients[i:i + 4]) + ",")
    print("};")


print("""// SPDX-License-Identifier: Apache-2.0
//
// Printed by reference/fit_quick.py. Lowest power first.
#pragma once

namespace actbench::reference {""")
show("exp_cubic", "(e^r - 1 - r - r²/2)/r³ for |r| <= 0.3467.",
     fit(series(lambda k: 1 / factorial(k + 3), 30), "-0.3467", "0.3467", 9))
show("atanh_cubic", "(atanh(s) - s)/s³ in s², for s <= 1/3.",
     fit(series(lambda k: 1 / mpf(2 * k + 3), 70), 0, mpf(1) / 9, 10))
show("tanh_deficit_cubic", "(x - tanh x)/x³ in x², for |x| <= 1.",
     fit(deficit, mpf(10)**-20, 1, 14))
show("normal_centre", "(Φ(z) - 1/2)/z in z², for |z| <= 1.",
     fit(series(lambda k: (-1)**k / (mpf(2)**k * factorial(k) * (2 * k + 1) * sqrt(2 * pi)), 40), 0, 1, 10))
show("normal_bend", "((Φ(z) - 1/2)/φ(z) - z)/z³ in z², for |z| <= 1.",
     fit(series(lambda k: 1 / fac2(2 * k + 3), 40), 0, 1, 10))
show("normal_tail", "(t + 5) Φ(-t) e^(t²/2) in u = tail_offset + tail_scale/(t + 5), for 1 <= t <= 38.", fit(tail, -1, 1, 18))
print(f"""inline constexpr double tail_scale = {float(tail_scale)!r};
inline constexpr double tail_offset = {float(tail_offset)!r};

}}  // namespace actbench::reference""")
