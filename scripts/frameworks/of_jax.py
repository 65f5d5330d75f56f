# SPDX-License-Identifier: Apache-2.0
import jax
import jax.numpy as jnp
import numpy
from jax import nn

from case import SLOPE, Case, both_directions


def version():
    return jax.__version__


def compiled(f):
    program = jax.jit(f)
    return lambda x: numpy.asarray(program(x))


def derivative(f):
    def gradient(x):
        y, pull = jax.vjp(f, x)
        return pull(jnp.ones_like(y))[0]

    return compiled(gradient)


def cases():
    jax.config.update("jax_enable_x64", True)
    functions = [
        ("relu", "nn.relu(x)", nn.relu, {}),
        ("relu6", "nn.relu6(x)", nn.relu6, {}),
        ("squared_relu", "square(nn.relu(x))", lambda x: jnp.square(nn.relu(x)), {}),
        ("leaky_relu", "nn.leaky_relu(x, 2**-7)", lambda x: nn.leaky_relu(x, SLOPE), {"alpha": SLOPE}),
        ("elu", "nn.elu(x)", nn.elu, {}),
        ("celu", "nn.celu(x)", nn.celu, {}),
        ("selu", "nn.selu(x)", nn.selu, {}),
        ("sigmoid", "nn.sigmoid(x)", nn.sigmoid, {}),
        ("log_sigmoid", "nn.log_sigmoid(x)", nn.log_sigmoid, {}),
        ("hard_sigmoid", "nn.hard_sigmoid(x)", nn.hard_sigmoid, {}),
        ("tanh", "numpy.tanh(x)", jnp.tanh, {}),
        ("hardtanh", "nn.hard_tanh(x)", nn.hard_tanh, {}),
        ("softsign", "nn.soft_sign(x)", nn.soft_sign, {}),
        ("softplus", "nn.softplus(x)", nn.softplus, {}),
        ("gelu", "nn.gelu(x, approximate=False)", lambda x: nn.gelu(x, approximate=False), {}),
        ("gelu_tanh", "nn.gelu(x)", nn.gelu, {}),
        ("silu", "nn.silu(x)", nn.silu, {}),
        ("hard_swish", "nn.hard_swish(x)", nn.hard_swish, {}),
        ("mish", "nn.mish(x)", nn.mish, {}),
    ]
    found = []
    for activation, name, f, parameters in functions:
        found += both_directions(activation, f"jax {name}", compiled(f), derivative(f), parameters)
    for activation, f in (("softmax", nn.softmax), ("log_softmax", nn.log_softmax)):
        found.append(Case(activation, f"jax nn.{activation}(x)", lambda _, f=f: compiled(f)))
    return found
