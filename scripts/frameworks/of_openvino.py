# SPDX-License-Identifier: Apache-2.0
import numpy
import openvino
from openvino import opset15 as ops

from case import SLOPE, Case

TYPES = {"f32": numpy.float32, "f16": numpy.float16}


def version():
    return openvino.__version__.partition("-")[0]


def cases():
    core = openvino.Core()

    def made(build):
        def make(type):
            kind = TYPES[type]
            x = ops.parameter([-1, -1] if build in ROWS else [-1], kind, name="x")
            program = core.compile_model(
                openvino.Model([build(x, kind)], [x]),
                "CPU",
                {"INFERENCE_PRECISION_HINT": type, "INFERENCE_NUM_THREADS": 1},
            )
            return lambda inputs: program(inputs)[0]

        return make

    def constant(value, kind):
        return ops.constant(numpy.array(value, kind))

    operators = [
        ("relu", "ReLU", lambda x, _: ops.relu(x), {}),
        ("prelu", "PReLU(0.25)", lambda x, kind: ops.prelu(x, constant([0.25], kind)), {}),
        ("leaky_relu", "PReLU(2**-7)", lambda x, kind: ops.prelu(x, constant([SLOPE], kind)), {"alpha": SLOPE}),
        ("elu", "Elu", lambda x, _: ops.elu(x, 1.0), {}),
        ("sigmoid", "Sigmoid", lambda x, _: ops.sigmoid(x), {}),
        ("hard_sigmoid", "HSigmoid", lambda x, _: ops.hsigmoid(x), {}),
        ("hard_swish", "HSwish", lambda x, _: ops.hswish(x), {}),
        ("silu", "Swish", lambda x, kind: ops.swish(x, constant(1, kind)), {}),
        ("tanh", "Tanh", lambda x, _: ops.tanh(x), {}),
        ("softsign", "SoftSign", lambda x, _: ops.softsign(x), {}),
        ("softplus", "SoftPlus", lambda x, _: ops.softplus(x), {}),
        ("mish", "Mish", lambda x, _: ops.mish(x), {}),
        ("gelu", "Gelu(erf)", lambda x, _: ops.gelu(x, "erf"), {}),
        ("gelu_tanh", "Gelu(tanh)", lambda x, _: ops.gelu(x, "tanh"), {}),
        ("softmax", "SoftMax", softmax, {}),
        ("log_softmax", "LogSoftmax", log_softmax, {}),
    ]
    return [
        Case(activation, f"OpenVINO {name}", made(build), types=tuple(TYPES), parameters=parameters)
        for activation, name, build, parameters in operators
    ]


def softmax(x, _):
    return ops.softmax(x, 1)


def log_softmax(x, _):
    return ops.log_softmax(x, 1)


ROWS = (softmax, log_softmax)
