# SPDX-License-Identifier: Apache-2.0
"""What the fits of this folder share. scripts/fit/ has its own: kernels and reference share nothing. Needs mpmath."""
from mpmath import cos, mpf, pi


def interpolant(function, low, high, degree):
    """Coefficients, lowest first, of the polynomial of that degree through the Chebyshev points of [low, high]."""
    low, high, count = mpf(low), mpf(high), degree + 1
    points = [(low + high) / 2 + (high - low) / 2 * cos(pi * (2 * k + 1) / (2 * count)) for k in range(count)]
    # Newton's divided differences, expanded into powers.
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
