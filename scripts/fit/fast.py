#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""python3 fast.py [NAME...]: the coefficients of kernels that compute in the type's own precision (kernels/math).

Polynomials and quotients P(t)/Q(t) of least relative error, near enough: least squares at Chebyshev points, weighted
again and again by the errors (Lawson's weights), a quotient made linear by the last denominator. For f32 the coefficients
are rounded one by one, Q's first, and the rest fitted again. Lowest power first. Needs mpmath.
"""
import sys

from mpmath import atanh, cos, erfc, exp, expm1, findroot, frexp, ldexp, log, lu_solve, matrix, mp, mpf, nint, pi, sqrt, tanh

mp.prec = 256


def rounded(value, bits):
    mantissa, exponent = frexp(value)
    return ldexp(nint(ldexp(mantissa, bits)), exponent - bits)


def points(low, high, count, middle=None):
    """Chebyshev's, of [low, high]; of v = (t - middle)/(t + middle) where a middle is given."""
    if middle is not None:
        low, high = (low - middle) / (low + middle), (high - middle) / (high + middle)
    nodes = [(low + high) / 2 + (high - low) / 2 * cos(pi * (2 * k + 1) / (2 * count)) for k in range(count)]
    return nodes if middle is None else [middle * (1 + v) / (1 - v) for v in nodes]


def value(c, x):
    result = mpf(0)
    for a in reversed(c):
        result = result * x + a
    return result


def solve(rows, right, weights):
    n = len(rows[0])
    a, b = matrix(n, n), matrix(n, 1)
    for row, y, w in zip(rows, right, weights):
        for i in range(n):
            wr = w * row[i]
            b[i] += wr * y
            for j in range(i + 1):
                a[i, j] += wr * row[j]
    for i in range(n):
        for j in range(i):
            a[j, i] = a[i, j]
    return list(lu_solve(a, b))


def lawson(step, count, rounds):
    """step(weights) gives a candidate and its errors at the points; the best of so many rounds."""
    weights, best = [mpf(1)] * count, None
    for _ in range(rounds):
        candidate, errors = step(weights)
        largest = max(errors)
        if best is None or largest < best[1]:
            best = candidate, largest
        weights = [w * (e / largest + mpf("1e-6")) for w, e in zip(weights, errors)]
        total = sum(weights)
        weights = [w * count / total for w in weights]
    return best


def polynomial(xs, ys, sizes, degree, known=(), rounds=30):
    """Fit to ys; errors count relative to sizes. The first coefficients may be known."""
    free = range(len(known), degree + 1)
    rows = [[x**p for p in free] for x in xs]
    rest = [y - value(known, x) for x, y in zip(xs, ys)]

    def step(weights):
        c = solve(rows, rest, [w / s**2 for w, s in zip(weights, sizes)])
        c = list(known) + c
        return c, [abs(value(c, x) - y) / s for x, y, s in zip(xs, ys, sizes)]

    return lawson(step, len(xs), rounds)


def rounding(fit, degree, bits):
    known = []
    for i in range(degree + 1):
        c, error = fit(known)
        known.append(rounded(c[i], bits))
    return known


def quotient(xs, ys, sizes, top, bottom, known=(), rounds=40):
    """P and Q, Q(0) = 1; errors count relative to sizes. The first coefficients of Q after that may be known."""
    state = {"q": [mpf(1)] * len(xs)}
    free = range(1 + len(known), bottom + 1)
    fixed = [mpf(1)] + list(known)
    rows = [[x**p for p in range(top + 1)] + [-y * x**p for p in free] for x, y in zip(xs, ys)]
    right = [y * value(fixed, x) for x, y in zip(xs, ys)]

    def step(weights):
        scale = [w / (s * q) ** 2 for w, s, q in zip(weights, sizes, state["q"])]
        c = solve(rows, right, scale)
        p, q = c[: top + 1], fixed + c[top + 1 :]
        state["q"] = [value(q, x) for x in xs]
        return (p, q), [abs(value(p, x) / b - y) / s for x, y, s, b in zip(xs, ys, sizes, state["q"])]

    return lawson(step, len(xs), rounds)


def show(label, c, bits):
    suffix = "f" if bits == 24 else ""
    print("  %s: %s" % (label, ", ".join(short(float(rounded(a, bits)).hex()) + suffix for a in c)))


def short(text):
    mantissa, exponent = text.split("p")
    return mantissa.rstrip("0").rstrip(".") + "p" + exponent


def power_series(name, low, high, function, degree, bits, weight=None, count=None):
    xs = points(mpf(low), mpf(high), count or 6 * degree)
    ys = [function(x) for x in xs]
    sizes = [abs(y) if weight is None else 1 / weight(x) for x, y in zip(xs, ys)]
    if bits == 24:
        c = rounding(lambda known: polynomial(xs, ys, sizes, degree, known, 15), degree, bits)
    else:
        c = [rounded(a, bits) for a in polynomial(xs, ys, sizes, degree)[0]]
    grid = points(mpf(low), mpf(high), 700)
    error = max(abs(value(c, x) - function(x)) * (1 / abs(function(x)) if weight is None else weight(x)) for x in grid)
    print("%s, degree %d: error 2^%.1f" % (name, degree, log(error, 2)))
    show("c", c, bits)


def rational(name, low, high, middle, function, top, bottom, bits):
    """Errors count relative to 1 + function."""
    count = 5 * (top + bottom)
    xs = points(mpf(low), mpf(high), count, mpf(middle))
    ys = [function(x) for x in xs]
    sizes = [1 + y for y in ys]
    (p, q), error = quotient(xs, ys, sizes, top, bottom)
    print("%s, degrees %d and %d: error 2^%.1f before rounding" % (name, top, bottom, log(error, 2)))
    if bits == 24:
        known = []
        for i in range(1, bottom + 1):
            (p, q), error = quotient(xs, ys, sizes, top, bottom, known, 15)
            known.append(rounded(q[i], bits))
        q = [mpf(1)] + known
        bottoms = [value(q, x) for x in xs]
        targets, scaled = [y * b for y, b in zip(ys, bottoms)], [s * b for s, b in zip(sizes, bottoms)]
        p = rounding(lambda fixed: polynomial(xs, targets, scaled, top, fixed, 15), top, bits)
    else:
        p, q = [rounded(a, bits) for a in p], [rounded(a, bits) for a in q]
    grid = points(mpf(low), mpf(high), 1500, mpf(middle))
    error = max(abs(value(p, x) / value(q, x) - function(x)) / (1 + function(x)) for x in grid)
    print("  after: 2^%.1f" % log(error, 2))
    show("p", p, bits)
    show("q", q, bits)


def atanh_rest(z):
    s = sqrt(z)
    return (atanh(s) / s - 1) / z


def tanh_rest(z):
    x = sqrt(z)
    return (x - tanh(x)) / x**3


def mills(t):
    """Φ(-t) e^(t²/2)."""
    return exp(t * t / 2) * erfc(t / sqrt(mpf(2))) / 2


def gelu_slope(x):
    return erfc(-x / sqrt(mpf(2))) / 2 + x * exp(-x * x / 2) / sqrt(2 * pi)


SQRT = sqrt(2 * pi)
LN2 = log(2) / 2 * mpf("1.0005")
GELU_ZERO = findroot(gelu_slope, mpf("-0.75"))


def gelu_slope_rest(t):
    """2(Φ(-t) - t φ(t)) e^(t²/2)/(t0 - t) - 1, -t0 the zero of the derivative of gelu."""
    t0 = -GELU_ZERO
    if abs(t - t0) < mpf("1e-20"):
        t = t0 + mpf("1e-20")
    return 2 * (mills(t) - t / SQRT) / (t0 - t) - 1


def mills_of(k, less):
    """2(t + k) Φ(-t) e^(t²/2) less a number, of v = (t - k)/(t + k)."""
    return lambda v: 2 * k * (1 + (1 + v) / (1 - v)) * mills(k * (1 + v) / (1 - v)) - less


def silu_slope(x):
    s = 1 / (1 + exp(-x))
    return s + x * s * (1 - s)


def mish_slope(x):
    e = exp(x)
    n = e * (e + 2)
    return n / (n + 2) + 4 * x * e * (e + 1) / (n + 2) ** 2


def cubic_slope(factor):
    def slope(x):
        c = 2 * sqrt(2 / pi)
        u, w = c * (x + factor * x**3), c * (x + 3 * factor * x**3)
        s = 1 / (1 + exp(-u))
        return s + w * s * (1 - s)

    return slope


def turn(name, function, guess, degree, bits):
    zero = findroot(function, mpf(guess))
    parts, rest = [], zero
    for _ in range(2):
        parts.append(rounded(rest, bits))
        rest -= parts[-1]
    show(name + ", zero", parts, bits)
    power_series(name + "'s derivative over x - zero", -0.25, 0.25, lambda d: function(zero + d) / d, degree, bits)


def pieces(name, function, end, degree, bits):
    """Of function(t) with t + 1 in sixteen pieces, four to a binade up to 16, polynomials in t less where a piece begins.
    As tables, one a power, in the order of the two last bits of an exponent and the first two of a fraction."""
    tables, worst = [[None] * 16 for _ in range(degree + 1)], 0
    for binade in range(4):
        for part in range(4):
            low = mpf(2) ** binade * (1 + mpf(part) / 4) - 1
            high = mpf(2) ** binade * (1 + mpf(part + 1) / 4) - 1 if (binade, part) != (3, 3) else mpf(end)
            xs = points(mpf(0), high - low, 5 * degree)
            ys = [function(low + x) for x in xs]
            c = rounding(lambda known: polynomial(xs, ys, ys, degree, known, 8), degree, bits)
            worst = max([worst] + [abs(value(c, x) / y - 1) for x, y in zip(xs, ys)])
            for power in range(degree + 1):
                tables[power][(127 + binade) % 4 * 4 + part] = c[power]
    print("%s, degree %d in each of 16 pieces: error 2^%.1f" % (name, degree, log(worst, 2)))
    for power, table in enumerate(tables):
        show("table %d" % power, table, bits)


TASKS = {
    "atanh": lambda: [power_series("(atanh(s)/s - 1)/z, of z", "1e-30", mpf(1) / 9, atanh_rest, d, b,
                                   lambda z: z / (atanh(sqrt(z)) / sqrt(z))) for d, b in ((3, 24), (10, 53))],
    "tanhshrink": lambda: [power_series("(x - tanh x)/x³, of x²", "1e-30", 1, tanh_rest, d, b)
                           for d, b in ((7, 24), (16, 53))],
    "exp": lambda: power_series("coarse (e^r - 1 - r)/r²", -LN2, LN2, lambda r: (expm1(r) - r) / r**2, 2, 24,
                                lambda r: r**2 / exp(r), 80),
    # Less 1, so that the first coefficient has a bit more; it is added in two parts.
    "normal": lambda: [power_series("2(t + %d) Φ(-t) e^(t²/2)%s, of (t - %d)/(t + %d)" % (k, " - 1" if less else "", k, k), -1,
                                    (mpf(end) - k) / (mpf(end) + k), mills_of(mpf(k), less), d, b,
                                    lambda v: 1 / mills_of(mpf(k), 0)(v))
                       for k, end, d, b, less in ((5, "46.1", 22, 53, 1), (3, "16.2", 5, 24, 0))],
    "normal_pieces": lambda: pieces("Φ(-t) e^(t²/2)", mills, "16.2", 6, 24),
    "gelu": lambda: [rational("derivative of gelu", 0, h, 2, gelu_slope_rest, m, n, b)
                     for h, m, n, b in (("16.3", 4, 4, 24), ("46.1", 10, 10, 53))],
    "silu": lambda: turn("silu", silu_slope, "-1.28", 6, 24),
    "mish": lambda: turn("mish", mish_slope, "-1.19", 6, 24),
    "gelu_tanh": lambda: turn("gelu_tanh", cubic_slope(mpf("0.044715")), "-0.75", 6, 24),
    "new_gelu": lambda: turn("new_gelu", cubic_slope(mpf("0.0356774")), "-0.76", 6, 24),
}

for task in sys.argv[1:] or TASKS:
    TASKS[task]()
