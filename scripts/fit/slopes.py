#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints coefficients for kernels/math: near-minimax polynomials (Chebyshev interpolants) of the derivatives near the
zero that each has, and of Φ's tail. Lowest power first; the first ones as pairs of doubles where so many digits count.
Needs mpmath."""
from common import hexadecimal, pair, parts
from mpmath import cos, erfc, exp, findroot, log, mp, mpf, pi, polyval, sqrt

mp.dps = 90


def interpolant(function, low, high, degree):
    """Coefficients, lowest first, of the polynomial of that degree through the Chebyshev points of [low, high]."""
    low, high, count = mpf(low), mpf(high), degree + 1
    points = [(low + high) / 2 + (high - low) / 2 * cos(pi * (2 * k + 1) / (2 * count)) for k in range(count)]
    table = [function(p) for p in points]
    for level in range(1, count):
        for k in range(count - 1, level - 1, -1):
            table[k] = (table[k] - table[k - 1]) / (points[k] - points[k - level])
    powers = [table[-1]]
    for k in range(count - 2, -1, -1):
        shifted = [mpf(0)] + powers
        powers = [shifted[i] - (points[k] * powers[i] if i < len(powers) else 0) for i in range(len(shifted))]
        powers[0] += table[k]
    return powers


def emit(label, function, low, high, degree, pairs):
    """Prints one polynomial, its first `pairs` coefficients as pairs, and the largest relative error on a grid."""
    powers = interpolant(function, low, high, degree)
    kept = [mpf(a) + mpf(b) for a, b in map(pair, powers[:pairs])] + [mpf(float(c)) for c in powers[pairs:]]
    grid = (mpf(low) + (mpf(high) - mpf(low)) * mpf(2 * i + 1) / 800 for i in range(400))
    worst = max(abs(polyval(kept[::-1], x) / function(x) - 1) for x in grid)
    print(f"// {label}: degree {degree}, relative error 2^{float(log(worst, 2)):.1f}")
    for a, b in map(pair, powers[:pairs]):
        print(f"      {{{hexadecimal(a)}, {hexadecimal(b)}}},")
    print("      " + ", ".join(hexadecimal(float(c)) for c in powers[pairs:]))


def near_zero(label, function, guess):
    """function = d·P(d), d = x - zero, |d| <= 1/4."""
    zero = findroot(function, mpf(guess))
    print(f"// {label}: zero {', '.join(map(hexadecimal, parts(zero, 3)))}")

    def quotient(d):
        return function(zero + d) / d

    # Odd degrees: an even number of points has none at d = 0.
    emit(label, quotient, -0.25, 0.25, 15, 7)
    emit(label + ", roughly", quotient, -0.25, 0.25, 11, 0)


def logistic(x):
    return 1 / (1 + exp(-x))


def gelu_slope(x):
    return erfc(-x / sqrt(2)) / 2 + x * exp(-x * x / 2) / sqrt(2 * pi)


def silu_slope(x):
    return logistic(x) * (1 + x * logistic(-x))


def mish_slope(x):
    n = exp(x) * (exp(x) + 2)
    return n / (n + 2) + x * 4 * exp(x) * (exp(x) + 1) / (n + 2)**2


def gelu_tanh_slope(c):
    c1 = 2 * sqrt(2 / pi)

    def slope(x):
        u = c1 * (x + c * x**3)
        return logistic(u) * (1 + x * c1 * (1 + 3 * c * x * x) * logistic(-u))

    return slope


def tail(k):
    """e^(t²/2) Φ(-t) over v = (t - k)/(t + k)."""

    def function(v):
        t = k * (1 + v) / (1 - v)
        return exp(t * t / 2) * erfc(t / sqrt(2)) / 2

    return function


if __name__ == "__main__":
    near, far, k = mpf(2)**-6, 55, mpf(6)
    emit("e^(t²/2) Φ(-t), 2^-6 <= t <= 55, k = 6", tail(k), (near - k) / (near + k), (far - k) / (far + k), 30, 11)
    near_zero("gelu", gelu_slope, -0.7518)
    near_zero("silu", silu_slope, -1.2785)
    near_zero("mish", mish_slope, -1.1924)
    near_zero("gelu_tanh", gelu_tanh_slope(mpf(44715) / 1000000), -0.7524)
    near_zero("new_gelu", gelu_tanh_slope(mpf(356774) / 10000000), -0.76)
