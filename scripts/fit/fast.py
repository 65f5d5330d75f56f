#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""python3 fast.py [NAME...]: the coefficients of kernels that compute in the type's own precision (kernels/math).

Polynomials and quotients P(t)/Q(t) of least relative error, near enough: least squares at Chebyshev points, weighted
again and again by the errors (Lawson's weights), a quotient made linear by the last denominator. For f32 the coefficients
are rounded one by one, Q's first, and the rest fitted again. Lowest power first. Needs mpmath.
"""
import sys

from common import hexadecimal, parts, rounded
from mpmath import atanh, cos, erfc, exp, expm1, fdot, findroot, log, lu_solve, matrix, mp, mpf, pi, sqrt, tanh

mp.prec = 256


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


def multiples(xs, ys, most):
    """y x^k at all points, for each k up to most."""
    rows = [list(ys)]
    for _ in range(most):
        rows.append([a * x for a, x in zip(rows[-1], xs)])
    return rows


def solve(blocks, right):
    """The normal equations of least squares. blocks[i][j] has for unknowns of the kinds i and j the sums by the power of x, from
    the least on, which is all that an entry depends on; right has the right-hand sides of each kind."""
    sizes = [len(b) for b in right]
    a, b, row = matrix(sum(sizes), sum(sizes)), matrix(sum(sizes), 1), 0
    for i, height in enumerate(sizes):
        for k in range(height):
            b[row] = right[i][k]
            column = 0
            for j, width in enumerate(sizes):
                for l in range(width):
                    a[row, column + l] = blocks[i][j][k + l]
                column += width
            row += 1
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
    first, count = len(known), degree + 1 - len(known)
    rest = [y - value(known, x) for x, y in zip(xs, ys)]
    powers, targets = multiples(xs, [mpf(1)] * len(xs), 2 * degree), multiples(xs, rest, degree)
    scale = [1 / s**2 for s in sizes]

    def step(weights):
        weights = [w * s for w, s in zip(weights, scale)]
        sums = [fdot(weights, powers[2 * first + k]) for k in range(2 * count - 1)]
        c = list(known) + solve([[sums]], [[fdot(weights, targets[first + k]) for k in range(count)]])
        return c, [abs(value(c, x) - y) / s for x, y, s in zip(xs, ys, sizes)]

    return lawson(step, len(xs), rounds)


def rounding(fit, degree, bits, known=()):
    known = list(known)
    for i in range(len(known), degree + 1):
        c, error = fit(known)
        known.append(rounded(c[i], bits))
    return known


def quotient(xs, ys, sizes, top, bottom, known=(), rounds=40):
    """P and Q, Q(0) = 1; errors count relative to sizes. The first coefficients of Q after that may be known."""
    state = {"q": [mpf(1)] * len(xs)}
    fixed = [mpf(1)] + list(known)
    first, m, n = len(fixed), top + 1, bottom - len(known)
    right = [y * value(fixed, x) for x, y in zip(xs, ys)]
    ones, most = [mpf(1)] * len(xs), 2 * max(top, bottom)
    plain, by_y = multiples(xs, ones, most), multiples(xs, [-y for y in ys], most)
    by_square = multiples(xs, [y * y for y in ys], most)
    targets, by_y_targets = multiples(xs, right, top), multiples(xs, [-y * r for y, r in zip(ys, right)], bottom)

    def step(weights):
        weights = [w / (s * q) ** 2 for w, s, q in zip(weights, sizes, state["q"])]
        of_p = [fdot(weights, plain[k]) for k in range(2 * m - 1)]
        mixed = [fdot(weights, by_y[first + k]) for k in range(m + n - 1)]
        of_q = [fdot(weights, by_square[2 * first + k]) for k in range(2 * n - 1)]
        c = solve([[of_p, mixed], [mixed, of_q]], [[fdot(weights, targets[k]) for k in range(m)],
                                                   [fdot(weights, by_y_targets[first + k]) for k in range(n)]])
        p, q = c[:m], fixed + c[m:]
        state["q"] = [value(q, x) for x in xs]
        return (p, q), [abs(value(p, x) / b - y) / s for x, y, s, b in zip(xs, ys, sizes, state["q"])]

    return lawson(step, len(xs), rounds)


def show(label, c, bits):
    suffix = "f" if bits == 24 else ""
    print("  %s: %s" % (label, ", ".join(hexadecimal(rounded(a, bits)) + suffix for a in c)))


def power_series(name, low, high, function, degree, bits, weight=None, count=None, rounds=15):
    xs = points(mpf(low), mpf(high), count or 6 * degree)
    ys = [function(x) for x in xs]
    sizes = [abs(y) if weight is None else 1 / weight(x) for x, y in zip(xs, ys)]
    if bits == 24:
        c = rounding(lambda known: polynomial(xs, ys, sizes, degree, known, rounds), degree, bits)
    else:
        c = [rounded(a, bits) for a in polynomial(xs, ys, sizes, degree)[0]]
    grid = [(x, function(x)) for x in points(mpf(low), mpf(high), 700)]
    error = max(abs(value(c, x) - y) * (1 / abs(y) if weight is None else weight(x)) for x, y in grid)
    print("%s, degree %d: error 2^%.1f" % (name, degree, log(error, 2)))
    show("c", c, bits)
    return c


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
    grid = [(x, function(x)) for x in points(mpf(low), mpf(high), 1500, mpf(middle))]
    error = max(abs(value(p, x) / value(q, x) - y) / (1 + y) for x, y in grid)
    print("  after: 2^%.1f" % log(error, 2))
    show("p", p, bits)
    show("q", q, bits)


def exp_rest(r):
    return (expm1(r) - r) / r**2


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


def mills_of(k):
    """2(t + k) Φ(-t) e^(t²/2), of v = (t - k)/(t + k)."""
    return lambda v: 2 * k * (1 + (1 + v) / (1 - v)) * mills(k * (1 + v) / (1 - v))


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
    show(name + ", zero", parts(zero, 2, bits), bits)
    power_series(name + "'s derivative over x - zero", -0.25, 0.25, lambda d: function(zero + d) / d, degree, bits)


def of_normal(k, end, degree, bits):
    function = mills_of(mpf(k))
    c = power_series("2(t + %d) Φ(-t) e^(t²/2), of (t - %d)/(t + %d)" % (k, k, k), -1, (mpf(end) - k) / (mpf(end) + k),
                     function, degree, bits, lambda v: 1 / function(v))
    if bits == 53:
        print("  its derivative, to a tenth: %s" % ", ".join("%.4f" % (i * c[i]) for i in range(1, 8)))


def of_gelu():
    for bits, end, degree in ((24, "16.3", 4), (53, "46.1", 10)):
        show("minus the zero of gelu's derivative", parts(-GELU_ZERO, 2, bits), bits)
        rational("derivative of gelu", 0, end, 2, gelu_slope_rest, degree, degree, bits)


def pieces(name, function, end, degree, bits):
    """Of function(t) with t + 1 in sixteen pieces, four to a binade up to 16, polynomials in t less a start near where the piece
    begins, such that the function's value there, the first coefficient, is next to a number of so many bits. As tables, one of
    the starts and one a power, in the order of the two last bits of an exponent and the first two of a fraction."""
    tables, worst = [[None] * 16 for _ in range(degree + 2)], 0
    for binade in range(4):
        for part in range(4):
            low = mpf(2) ** binade * (1 + mpf(part) / 4) - 1
            width = mpf(2) ** binade / 4
            high = low + width if (binade, part) != (3, 3) else mpf(end)
            start = min((low + width * i / 4096 for i in range(256)), key=lambda t: abs(rounded(function(t), bits) / function(t) - 1))
            xs = points(low - start, high - start, 5 * degree)
            ys = [function(start + x) for x in xs]
            c = rounding(lambda known: polynomial(xs, ys, ys, degree, known, 8), degree, bits, [rounded(function(start), bits)])
            worst = max([worst] + [abs(value(c, x) / y - 1) for x, y in zip(xs, ys)])
            for table, entry in zip(tables, [start, *c]):
                table[(127 + binade) % 4 * 4 + part] = entry
    print("%s, degree %d in each of 16 pieces: error 2^%.1f" % (name, degree, log(worst, 2)))
    for label, table in zip(["starts", *("table %d" % i for i in range(degree + 1))], tables):
        show(label, table, bits)


def coarse_quotient(name, low, high, middle, function, top, bottom):
    """Relative to function; coefficients are rounded at the end, where so much is left."""
    xs = points(mpf(low), mpf(high), 80, middle and mpf(middle))
    ys = [function(x) for x in xs]
    (p, q), error = quotient(xs, ys, ys, top, bottom)
    print("coarse %s, degrees %d and %d: error 2^%.1f" % (name, top, bottom, log(error, 2)))
    show("p", p, 24)
    show("q", q, 24)


def of_coarse():
    """What the half types have. By type where the degree counts: bf16, f16."""
    half = mpf("0.5001")
    for degree in (3, 4):
        power_series("coarse 2^f", -half, half, lambda f: mpf(2)**f, degree, 24, count=60)
        power_series("coarse (2^f - 1)/f, error of 2^f", -half, half, lambda f: (mpf(2)**f - 1) / f, degree - 1, 24,
                     lambda f: abs(f) / mpf(2)**f, 60)
        power_series("coarse ln(1 + t)/t", "1e-30", 1, lambda t: log(1 + t) / t, degree + 1, 24, count=60)
    coarse_quotient("tanh x/x, of x²", "1e-30", 25, None, lambda z: tanh(sqrt(z)) / sqrt(z), 2, 2)
    coarse_quotient("Φ(-t) e^(t²/2)", 0, "16.2", 2, mills, 2, 3)
    coarse_quotient("(Φ(-t) - t φ(t)) e^(t²/2)/(t0 - t)", 0, "16.2", 2, lambda t: (1 + gelu_slope_rest(t)) / 2, 2, 2)


TASKS = {
    "atanh": lambda: [power_series("(atanh(s)/s - 1)/z, of z", "1e-30", mpf(1) / 9, atanh_rest, d, b,
                                   lambda z: z / (atanh(sqrt(z)) / sqrt(z))) for d, b in ((3, 24), (10, 53))],
    "tanhshrink": lambda: [power_series("(x - tanh x)/x³, of x²", "1e-30", 1, tanh_rest, d, b)
                           for d, b in ((7, 24), (16, 53))],
    # Over half of ln 2, and over a sixteenth beside a table of 2^(i/8).
    "exp": lambda: [*(power_series("(e^r - 1 - r)/r², error of e^r", -reach, reach, exp_rest, d, 24, lambda r: r**2, 120, 40)
                      for reach, d in ((LN2, 4), (LN2 / 8, 1)))],
    "normal": lambda: of_normal(5, "46.1", 22, 53),
    "normal_pieces": lambda: pieces("Φ(-t) e^(t²/2)", mills, "16.2", 6, 24),
    "gelu": of_gelu,
    "coarse": of_coarse,
    "silu": lambda: turn("silu", silu_slope, "-1.28", 6, 24),
    "mish": lambda: turn("mish", mish_slope, "-1.19", 6, 24),
    "gelu_tanh": lambda: turn("gelu_tanh", cubic_slope(mpf("0.044715")), "-0.75", 6, 24),
    "new_gelu": lambda: turn("new_gelu", cubic_slope(mpf("0.0356774")), "-0.76", 6, 24),
}

if __name__ == "__main__":
    for task in sys.argv[1:] or TASKS:
        if task not in TASKS:
            print(f"there is no fit {task}; there are {', '.join(TASKS)}", file=sys.stderr)
            sys.exit(2)
    for task in sys.argv[1:] or TASKS:
        TASKS[task]()
