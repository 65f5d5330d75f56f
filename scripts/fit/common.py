# SPDX-License-Identifier: Apache-2.0
"""What the scripts of this folder share: numbers rounded to so many bits, and written as C++ reads them. Needs mpmath."""
import sys

try:
    from mpmath import frexp, ldexp, mpf, nint
except ImportError:
    print("there is no mpmath here, which the fits compute with (apt-get install python3-mpmath)", file=sys.stderr)
    sys.exit(3)


def rounded(value, bits):
    """To nearest, a tie to even."""
    mantissa, exponent = frexp(value)
    return ldexp(nint(ldexp(mantissa, bits)), exponent - bits)


def parts(value, count, bits=53):
    """A number as a sum of so many, each of so many bits, the largest first."""
    found = []
    for _ in range(count):
        found.append(rounded(value, bits))
        value = value - found[-1]
    return found


def pair(value):
    """A number as a sum of two doubles."""
    high = float(value)
    return high, float(value - mpf(high))


def hexadecimal(value):
    """A double as a literal without zeros at the end."""
    text = float(value).hex()
    mantissa, exponent = text.split("p")
    return (mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa) + "p" + exponent
