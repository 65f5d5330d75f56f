# SPDX-License-Identifier: Apache-2.0
import onnx
import onnxruntime
from onnx import TensorProto, helper

from case import SLOPE, Case

ONNX_TYPES = {"f32": TensorProto.FLOAT, "f64": TensorProto.DOUBLE, "f16": TensorProto.FLOAT16}


def version():
    return onnxruntime.__version__


def model_of(operator, type, attributes):
    """A model of one operator, in the newest version of ONNX that the runtime takes."""
    kind = ONNX_TYPES[type]
    node = helper.make_node(operator, ["x"], ["y"], **attributes)
    graph = helper.make_graph(
        [node],
        "one",
        [helper.make_tensor_value_info("x", kind, None)],
        [helper.make_tensor_value_info("y", kind, None)],
    )
    for opset in range(onnx.defs.onnx_opset_version(), 19, -1):
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=10)
        try:
            return onnxruntime.InferenceSession(
                model.SerializeToString(), options(), providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # its own kinds have no common name
            if "opset" not in str(error).lower():
                raise NotImplementedError(str(error)) from None
    raise NotImplementedError


def options():
    chosen = onnxruntime.SessionOptions()
    chosen.intra_op_num_threads = 1
    chosen.log_severity_level = 4
    return chosen


def cases():
    def made(operator, attributes):
        def make(type):
            session = model_of(operator, type, attributes)
            return lambda x: session.run(None, {"x": x})[0]

        return make

    operators = [
        ("relu", "Relu", {}, {}),
        ("leaky_relu", "LeakyRelu", {"alpha": SLOPE}, {"alpha": SLOPE}),
        ("elu", "Elu", {}, {}),
        ("celu", "Celu", {}, {}),
        ("selu", "Selu", {}, {}),
        ("sigmoid", "Sigmoid", {}, {}),
        ("hard_sigmoid", "HardSigmoid", {"alpha": 1 / 6, "beta": 0.5}, {}),
        ("hard_swish", "HardSwish", {}, {}),
        ("tanh", "Tanh", {}, {}),
        ("softsign", "Softsign", {}, {}),
        ("softplus", "Softplus", {}, {}),
        ("hardshrink", "Shrink", {"lambd": 0.5}, {}),
        ("softshrink", "Shrink", {"lambd": 0.5, "bias": 0.5}, {}),
        ("mish", "Mish", {}, {}),
        ("gelu", "Gelu", {}, {}),
        ("gelu_tanh", "Gelu", {"approximate": "tanh"}, {}),
        ("softmax", "Softmax", {"axis": -1}, {}),
        ("log_softmax", "LogSoftmax", {"axis": -1}, {}),
    ]
    found = []
    for activation, operator, attributes, parameters in operators:
        shown = ", ".join(
            f"{name}={value:.4g}" if isinstance(value, float) else f"{name}={value}"
            for name, value in attributes.items()
        )
        found.append(
            Case(
                activation,
                f"ONNX {operator}({shown})" if shown else f"ONNX {operator}",
                made(operator, attributes),
                types=tuple(ONNX_TYPES),
                parameters=parameters,
            )
        )
    return found
