# SPDX-License-Identifier: Apache-2.0
import importlib.metadata

import mlx.core as mx
import mlx.nn as nn
import numpy

from case import SLOPE, Case, both_directions


def version():
    return importlib.metadata.version("mlx")


def to_numpy(y):
    """MLX hands over bf16 as patterns alone."""
    if y.dtype == mx.bfloat16:
        import ml_dtypes

        return numpy.array(y.view(mx.uint16)).view(ml_dtypes.bfloat16)
    return numpy.array(y)


def to_mlx(x):
    if x.dtype.name == "bfloat16":
        return mx.array(x.view(numpy.uint16)).view(mx.bfloat16)
    return mx.array(x, dtype=getattr(mx, x.dtype.name))


def derivative(f):
    def gradient(x):
        inputs = to_mlx(x)
        return to_numpy(mx.vjp(f, [inputs], [mx.ones_like(inputs)])[1][0])

    return gradient


def cases():
    mx.set_default_device(mx.cpu)
    functions = [
        ("relu", "relu(x)", nn.relu, {}),
        ("relu6", "relu6(x)", nn.relu6, {}),
        ("squared_relu", "relu2(x)", nn.relu2, {}),
        ("leaky_relu", "leaky_relu(x, 2**-7)", lambda x: nn.leaky_relu(x, SLOPE), {"alpha": SLOPE}),
        ("elu", "elu(x)", nn.elu, {}),
        ("celu", "celu(x)", nn.celu, {}),
        ("selu", "selu(x)", nn.selu, {}),
        ("sigmoid", "sigmoid(x)", nn.sigmoid, {}),
        ("log_sigmoid", "log_sigmoid(x)", nn.log_sigmoid, {}),
        ("tanh", "tanh(x)", nn.tanh, {}),
        ("hardtanh", "hard_tanh(x)", nn.hard_tanh, {}),
        ("softshrink", "softshrink(x)", nn.softshrink, {}),
        ("hardshrink", "hard_shrink(x)", nn.hard_shrink, {}),
        ("softsign", "softsign(x)", nn.softsign, {}),
        ("softplus", "softplus(x)", nn.softplus, {}),
        ("gelu", "gelu(x)", nn.gelu, {}),
        ("gelu_tanh", "gelu_approx(x)", nn.gelu_approx, {}),
        ("quick_gelu", "gelu_fast_approx(x)", nn.gelu_fast_approx, {}),
        ("silu", "silu(x)", nn.silu, {}),
        ("hard_swish", "hardswish(x)", nn.hardswish, {}),
        ("mish", "mish(x)", nn.mish, {}),
    ]
    found = []
    for activation, name, f, parameters in functions:
        found += both_directions(
            activation, f"mlx.nn.{name}", lambda x, f=f: to_numpy(f(to_mlx(x))), derivative(f), parameters
        )
    for activation, f in (("softmax", nn.softmax), ("log_softmax", nn.log_softmax)):
        found.append(Case(activation, f"mlx.nn.{activation}(x)", lambda _, f=f: lambda x: to_numpy(f(to_mlx(x)))))
    return found
