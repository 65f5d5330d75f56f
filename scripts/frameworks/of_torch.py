# SPDX-License-Identifier: Apache-2.0
import torch
import torch.nn.functional as F

from case import SLOPE, Case, both_directions


def version():
    return torch.__version__


def derivative(f):
    def gradient(x):
        x = x.detach().clone().requires_grad_()
        y = f(x)
        return torch.autograd.grad(y, x, torch.ones_like(y))[0]

    return gradient


def cases():
    torch.set_num_threads(1)
    functions = [
        ("relu", "F.relu(x)", F.relu, {}),
        ("relu6", "F.relu6(x)", F.relu6, {}),
        ("leaky_relu", "F.leaky_relu(x, 2**-7)", lambda x: F.leaky_relu(x, SLOPE), {"alpha": SLOPE}),
        ("prelu", "F.prelu(x, 0.25)", lambda x: F.prelu(x, torch.tensor([0.25], dtype=x.dtype)), {"alpha": 0.25}),
        ("elu", "F.elu(x)", F.elu, {}),
        ("celu", "F.celu(x)", F.celu, {}),
        ("selu", "F.selu(x)", F.selu, {}),
        ("sigmoid", "F.sigmoid(x)", F.sigmoid, {}),
        ("log_sigmoid", "F.logsigmoid(x)", F.logsigmoid, {}),
        ("hard_sigmoid", "F.hardsigmoid(x)", F.hardsigmoid, {}),
        ("tanh", "F.tanh(x)", F.tanh, {}),
        ("hardtanh", "F.hardtanh(x)", F.hardtanh, {}),
        ("softsign", "F.softsign(x)", F.softsign, {}),
        ("tanhshrink", "F.tanhshrink(x)", F.tanhshrink, {}),
        ("softshrink", "F.softshrink(x)", F.softshrink, {}),
        ("hardshrink", "F.hardshrink(x)", F.hardshrink, {}),
        ("softplus", "F.softplus(x)", F.softplus, {}),
        ("gelu", "F.gelu(x)", F.gelu, {}),
        ("gelu_tanh", "F.gelu(x, approximate='tanh')", lambda x: F.gelu(x, approximate="tanh"), {}),
        ("silu", "F.silu(x)", F.silu, {}),
        ("hard_swish", "F.hardswish(x)", F.hardswish, {}),
        ("mish", "F.mish(x)", F.mish, {}),
    ]
    found = []
    for activation, name, f, parameters in functions:
        found += both_directions(activation, f"torch {name}", f, derivative(f), parameters, arrays="torch")
    for activation, f in (("softmax", F.softmax), ("log_softmax", F.log_softmax), ("softmin", F.softmin)):
        found.append(
            Case(activation, f"torch F.{activation}(x, -1)", lambda _, f=f: lambda x: f(x, -1), arrays="torch")
        )
    found.append(
        Case("glu", "torch F.glu", lambda _: lambda x, a: F.glu(torch.stack([a, x], -1), -1)[..., 0], arrays="torch")
    )
    return found
