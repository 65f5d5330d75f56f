#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints reference/wide_coefficients.hpp: fixed-point constants of 128 bits. Needs mpmath."""
from mpmath import erfc, exp, factorial, floor, log, mp, mpf, pi, polyval, sqrt, taylor, tanh

from interpolant import interpolant

mp.dps = 100


def word(v, fraction):
    """v·2^fraction to the nearest integer, modulo 2^128, as a call of join()."""
    n = int(floor(v * mpf(2)**fraction + mpf(1) / 2))
    assert -2**127 <= n < 2**128, (v, fraction)
    n %= 2**128
    return f"join(0x{n >> 64:016x}, 0x{n & (2**64 - 1):016x})"


def rows(values, fraction, indent):
    words = [word(v, fraction) + "," for v in values]
    for i in range(0, len(words), 2):
        print(indent + " ".join(words[i:i + 2]))


def show(name, comment, values, fraction):
    print(f"\n/// {comment}")
    print(f"inline constexpr Word {name}[] = {{")
    rows(values, fraction, "    ")
    print("};")


def single(name, comment, value, fraction):
    print(f"\n/// {comment}")
    print(f"inline constexpr Word {name} = {word(value, fraction)};")


def chebyshev(function, degree):
    """The interpolant of that degree in the Chebyshev points of [0, 1], as powers, and its largest error on a grid."""
    powers = interpolant(function, 0, 1, degree)
    worst = max(abs(polyval(powers[::-1], w) - function(w)) for w in (mpf(2 * i + 1) / 130 for i in range(65)))
    return powers, worst


offset = mpf(15) / 4


def tail(v):
    """(t + 15/4) e^(t²) erfc(t), v = 1/(t + 15/4), for t > 30 by its asymptotic series, good to 10^-90."""
    t = 1 / v - offset
    if t > 30:
        total, term, k = mpf(0), mpf(1), 0
        while abs(term) > mpf(10)**-90:
            total += term
            term *= -(2 * k + 1) / (2 * t * t)
            k += 1
        return (t + offset) / (t * sqrt(pi)) * total
    with mp.workdps(500):
        return (t + offset) * exp(t * t) * erfc(t)


pieces, degree = 8, 22
fitted = [chebyshev(lambda w, i=i: tail((i + w) / (4 * pieces)), degree) for i in range(pieces)]
# The steepest slope in v, from differences.
slope = max(abs(tail(mpf(i + 1) / 1000) - tail(mpf(i) / 1000 + mpf(10)**-5)) * 1000 / mpf("0.99") for i in range(1, 235))

print("""// SPDX-License-Identifier: Apache-2.0
//
// Printed by reference/fit_wide.py. Fixed-point numbers: "in 2^-k" says that the integer counts units of 2^-k.
#pragma once

#include <cstdint>

#include "reference/wide.hpp"

namespace actbench::reference {

constexpr Word join(std::uint64_t high, std::uint64_t low) { return Word{high} << 64 | low; }""")
single("ln2_word", "ln 2 in 2^-128, and so ln 2/64 in 2^-134.", log(mpf(2)), 128)
single("pi_word", "π in 2^-126.", pi, 126)
single("root_two_word", "√2 in 2^-127.", sqrt(mpf(2)), 127)
single("root_two_over_pi_word", "√(2/π) in 2^-128.", sqrt(2 / pi), 128)
single("two_over_root_pi_word", "2/√π in 2^-127.", 2 / sqrt(pi), 127)
show("power_table", "2^(j/64) in 2^-127.", [mpf(2)**(mpf(j) / 64) for j in range(64)], 127)
show("log_table", "ln(1 + (2j + 1)/128) in 2^-128.", [log(1 + mpf(2 * j + 1) / 128) for j in range(64)], 128)
show("inverse_factorial", "1/(k + 2)! in 2^-128.", [1 / factorial(k + 2) for k in range(14)], 128)
show("inverse_odd", "1/(2k + 3) in 2^-128.", [1 / mpf(2 * k + 3) for k in range(9)], 128)
coefficients = taylor(tanh, 0, 34)
show("tanh_deficit_series", "The powers of x² in (x - tanh x)/x³, signs left out, in 2^-128.",
     [abs(coefficients[2 * k + 3]) for k in range(15)], 128)
show("erf_series", "1/(k! (2k + 1)) for k >= 1, in 2^-128.", [1 / (factorial(k) * (2 * k + 1)) for k in range(1, 34)], 128)
print(f"\n/// (t + 15/4) e^(t²) erfc(t) for t >= 1/2, v = 1/(t + 15/4): in the i-th piece 32v = i + w, powers of w in 2^-125,"
      f"\n/// two's complement. Absolute error 2^{float(log(max(e for _, e in fitted), 2)):.1f}; the steepest slope in v"
      f" is {float(slope):.2f}.")
print(f"inline constexpr Word erfc_tail[{pieces}][{degree + 1}] = {{")
for powers, _ in fitted:
    print("    {")
    rows(powers, 125, "        ")
    print("    },")
print("};\n\n}  // namespace actbench::reference")
