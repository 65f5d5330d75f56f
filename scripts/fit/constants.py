#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""python3 constants.py: the numbers of kernels/ that no fit gives, but a definition: a few logarithms and roots in the parts that
they come in, and the coefficients of series. Needs mpmath."""
from common import hexadecimal, parts, rounded
from mpmath import fac, fac2, floor, log, mp, mpf, pi, sqrt

mp.prec = 512


def show(label, numbers):
    print(f"// {label}:", ", ".join(hexadecimal(n) for n in numbers))


ln2, peak = log(2), 1 / sqrt(2 * pi)
show("ln 2", parts(ln2, 2))
# The first part so short that a small whole number times it is exact.
for bits, first in ((24, 14), (53, 40)):
    high = rounded(ln2, first)
    show(f"ln 2, {first} bits and {bits}", [high, rounded(ln2 - high, bits)])
for bits in (24, 53):
    show(f"ln 2, {bits} bits", [rounded(ln2, bits)])
    show(f"log2 e, {bits} bits", [rounded(1 / ln2, bits)])
show("log2 e / 256", [rounded(1 / ln2 / 256, 53)])
words = [int(floor(ln2 * mpf(2) ** 384)) >> 64 * i & (2**64 - 1) for i in range(6)]
print("// ln 2 in units of 2^-384, the last word first:", ", ".join(f"0x{word:016x}" for word in words))

# The bits of an f32, less i in the place of its last eighth.
eighths = [int(rounded(mpf(2) ** (mpf(i) / 8), 24) * 2**23) - 2**23 - (i << 20) for i in range(8)]
print("// 2^(i/8):", ", ".join(f"0x{bits % 2**32:08x}" for bits in eighths))
eighths = [int(rounded(mpf(2) ** (mpf(i) / 8), 53) * 2**52) - 2**52 + (1023 << 52) - (i << 49) for i in range(8)]
print("// 2^(i/8) of f64:", ", ".join(f"0x{bits:x}" for bits in eighths))

show("1/√(2π)", parts(peak, 2))
show("2√(2/π)", parts(4 * peak, 2))
show("0.044715·2√(2/π)", parts(mpf("0.044715") * 4 * peak, 2))
show("0.0356774·2√(2/π)", parts(mpf("0.0356774") * 4 * peak, 2))
show("1.702", parts(mpf("1.702"), 2))
selu_lambda, selu_alpha = mpf("1.0507009873554804934193349852946"), mpf("1.6732632423543772848170429916717")
show("selu's λ", parts(selu_lambda, 2))
show("selu's λα", parts(selu_lambda * selu_alpha, 2))

# Φ(x) = 1/2 + x (c[0] + c[1] x² + …), and with x φ(x) added.
series = [(-1) ** i * peak / (2**i * fac(i) * (2 * i + 1)) for i in range(5)]
show("Φ: c[0]", parts(series[0], 2))
show("the rest", [rounded(c, 53) for c in series[1:]])
both = [c * (2 * i + 2) for i, c in enumerate(series)]
show("Φ(x) + x φ(x): c[0]", parts(both[0], 2))
show("the rest", [rounded(c, 53) for c in both[1:]])
show("Φ(-t) t/φ(t), of -1/t², without the first two terms", [(-1) ** k * fac2(2 * k - 1) for k in range(2, 10)])
show("(e^r - 1 - r)/r²", [rounded(1 / fac(k), 53) for k in range(2, 14)])

show("the largest f32 below 16, and the largest f64", [16 - mpf(2) ** -20, mpf(2) ** 1024 - mpf(2) ** 971])
