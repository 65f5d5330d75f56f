# SPDX-License-Identifier: Apache-2.0
import scipy
from scipy import special

from case import Case


def version():
    return scipy.__version__


def cases():
    return [
        Case("sigmoid", "scipy.special.expit(x)", lambda _: special.expit),
        Case("log_sigmoid", "scipy.special.log_expit(x)", lambda _: special.log_expit),
        Case("gelu", "x*scipy.special.ndtr(x)", lambda _: lambda x: x * special.ndtr(x)),
        Case("softmax", "scipy.special.softmax(x)", lambda _: lambda x: special.softmax(x, axis=-1)),
        Case("log_softmax", "scipy.special.log_softmax(x)", lambda _: lambda x: special.log_softmax(x, axis=-1)),
    ]
