# SPDX-License-Identifier: Apache-2.0
import tensorflow as tf
from tensorflow import nn

from case import SLOPE, Case, both_directions


def version():
    return tf.__version__


def derivative(f):
    def gradient(x):
        x = tf.constant(x)
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = f(x)
        return tape.gradient(y, x, output_gradients=tf.ones_like(y)).numpy()

    return gradient


def cases():
    keras = tf.keras.activations
    functions = [
        ("relu", "nn.relu(x)", nn.relu, {}),
        ("relu6", "nn.relu6(x)", nn.relu6, {}),
        ("leaky_relu", "nn.leaky_relu(x, 2**-7)", lambda x: nn.leaky_relu(x, SLOPE), {"alpha": SLOPE}),
        ("elu", "nn.elu(x)", nn.elu, {}),
        ("celu", "keras.activations.celu(x)", keras.celu, {}),
        ("selu", "nn.selu(x)", nn.selu, {}),
        ("sigmoid", "nn.sigmoid(x)", nn.sigmoid, {}),
        ("log_sigmoid", "math.log_sigmoid(x)", tf.math.log_sigmoid, {}),
        ("hard_sigmoid", "keras.activations.hard_sigmoid(x)", keras.hard_sigmoid, {}),
        ("tanh", "nn.tanh(x)", nn.tanh, {}),
        ("hardtanh", "keras.activations.hard_tanh(x)", keras.hard_tanh, {}),
        ("tanhshrink", "keras.activations.tanh_shrink(x)", keras.tanh_shrink, {}),
        ("softshrink", "keras.activations.soft_shrink(x)", keras.soft_shrink, {}),
        ("hardshrink", "keras.activations.hard_shrink(x)", keras.hard_shrink, {}),
        ("softsign", "nn.softsign(x)", nn.softsign, {}),
        ("softplus", "nn.softplus(x)", nn.softplus, {}),
        ("gelu", "nn.gelu(x)", nn.gelu, {}),
        ("gelu_tanh", "nn.gelu(x, approximate=True)", lambda x: nn.gelu(x, approximate=True), {}),
        ("silu", "nn.silu(x)", nn.silu, {}),
        ("hard_swish", "keras.activations.hard_silu(x)", keras.hard_silu, {}),
        ("mish", "keras.activations.mish(x)", keras.mish, {}),
    ]
    found = []
    for activation, name, f, parameters in functions:
        forward = lambda x, f=f: f(tf.constant(x)).numpy()  # noqa: E731
        found += both_directions(activation, f"tf.{name}", forward, derivative(f), parameters)
    for activation, f in (("softmax", nn.softmax), ("log_softmax", nn.log_softmax)):
        found.append(Case(activation, f"tf.nn.{activation}(x)", lambda _, f=f: lambda x: f(tf.constant(x)).numpy()))
    return found
