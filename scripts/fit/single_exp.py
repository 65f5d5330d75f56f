#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""python3 single_exp.py: f32 in kernels/math/working_exp.hpp: the polynomials (e^r - 1 - r)/r² on |r| <= ln(2)/2, and on
|r| <= ln(2)/16 beside the table of 2^(i/8); that table; and ln 2 in two parts.

Weighted least squares with Lawson's weights, which come near the best largest error of e^r; then coefficient by
coefficient rounded to f32, the rest fitted again.
"""
from mpmath import cos, expm1, ldexp, log, lu_solve, matrix, mp, mpf, nint, frexp, pi

mp.prec = 120
POINTS = 120


def rounded(value, bits):
    mantissa, exponent = frexp(value)
    return ldexp(nint(ldexp(mantissa, bits)), exponent - bits)


def fit(known, reach, degree):
    """The free coefficients, and the largest error of e^r, given the first ones."""
    xs = [reach * cos(pi * (2 * k + 1) / (2 * POINTS)) for k in range(POINTS)]
    free = range(len(known), degree + 1)
    rest = [(expm1(x) - x) / x**2 - sum(c * x**i for i, c in enumerate(known)) for x in xs]
    weights, best = [mpf(1)] * POINTS, None
    for _ in range(40):
        a, b = matrix(len(free), len(free)), matrix(len(free), 1)
        for x, w, y in zip(xs, weights, rest):
            for i, p in enumerate(free):
                b[i] += w * x**4 * x**p * y
                for j, q in enumerate(free):
                    a[i, j] += w * x**4 * x ** (p + q)
        c = lu_solve(a, b)
        errors = [abs(sum(c[i] * x**p for i, p in enumerate(free)) - y) * x * x for x, y in zip(xs, rest)]
        if best is None or max(errors) < best[1]:
            best = (list(c), max(errors))
        weights = [w * e / max(errors) for w, e in zip(weights, errors)]
    return best


for parts, degree in ((2, 4), (16, 1)):
    reach, known = log(2) / parts * mpf("1.0005"), []
    while len(known) < degree:
        known.append(rounded(fit(known, reach, degree)[0][0], 24))
    coefficients, error = fit(known, reach, degree)
    known.append(rounded(coefficients[0], 24))
    print(", ".join(float(c).hex() for c in known), "error 2^%.2f" % log(error, 2))
eighths = [int(rounded(mpf(2) ** (mpf(i) / 8) - 1, 40) * 2**23 + mpf("0.5")) - (i << 20) for i in range(8)]
print(", ".join(hex(bits % 2**32) for bits in eighths))
ln2 = log(2)
for bits, high in ((24, 14), (53, 40)):
    top = rounded(ln2, high)
    print("ln 2 =", float(top).hex(), "+", float(rounded(ln2 - top, bits)).hex())
