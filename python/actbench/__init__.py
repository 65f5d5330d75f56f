# SPDX-License-Identifier: Apache-2.0
"""How right activation functions are.

exact(name, x)              correctly rounded values of an activation, its derivative or gradients: an oracle for tests
score(name, f)              holds a function over arrays, or outputs, against the exact values
assert_ulp(name, f, 4)      the same in a test, with a message that shows the worst input
kernel(identity)(x)         runs one of actbench's own kernels
kernels(), activations()    what there is

Arrays are NumPy's, PyTorch's (on any device), or anything that NumPy takes (DLPack, the buffer protocol, JAX). Types
are f32, f64, f16, bf16, f8_e4m3fn and f8_e5m2; arrays of the last three are those of ml_dtypes or PyTorch. Errors are
in ULP, units in the last place: the spacing of the type's numbers at the exact value. The reference computes with as
many digits as it takes, and shares nothing with the kernels.
"""

from ._core import version as _version
from ._kernels import Kernel, activations, exact, kernel, kernels
from ._score import Score, assert_ulp, backward_of, inputs, score

__version__: str = _version()
__all__ = [
    "Kernel",
    "Score",
    "activations",
    "assert_ulp",
    "backward_of",
    "exact",
    "inputs",
    "kernel",
    "kernels",
    "score",
]
