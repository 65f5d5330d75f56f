# SPDX-License-Identifier: Apache-2.0
"""The exact values: of every kind of array, direction and shape, and the sentences about what is wrong with a call."""

import array
import math

import actbench
import numpy
import pytest


def test_known_value():
    y = actbench.exact("gelu", numpy.float32([-5.5]))
    assert y.dtype == numpy.float32
    assert y.view(numpy.uint32)[0] == 0xB3E049EC


def test_special_values(numbers):
    y = actbench.exact("relu", numbers)
    assert y.dtype == numbers.dtype and y.shape == numbers.shape
    assert numpy.isnan(float(y[4])) and float(y[2]) == math.inf and float(y[3]) == 0
    assert [float(v) for v in y[5:]] == [0, 0.75, 3, 0, float(numbers[9])]


def test_f64_is_correctly_rounded():
    # The C library's tanh is within an ULP or two, so that it and the exact value are near, and the latter is right.
    x = numpy.linspace(-3, 3, 101)
    y = actbench.exact("tanh", x)
    assert numpy.all(numpy.abs(y - numpy.tanh(x)) <= 2 * numpy.spacing(numpy.abs(y)))
    assert actbench.score("tanh", y, x).not_correctly_rounded == 0


def test_numbers_and_lists():
    assert actbench.exact("relu", 2.5).dtype == numpy.float32
    assert actbench.exact("relu", [1, -1], type="f64").tolist() == [1.0, 0.0]
    assert actbench.exact("relu", 2.5).shape == ()


def test_shapes_and_strides():
    x = numpy.arange(-12, 12, dtype=numpy.float32).reshape(4, 6)
    assert numpy.array_equal(actbench.exact("relu", x.T[::2]), numpy.maximum(x.T[::2], 0))
    assert actbench.exact("relu", x[:0]).shape == (0, 6)


def test_byte_order():
    x = numpy.array([1.5, -2.0], ">f4")
    assert actbench.exact("relu", x).tolist() == [1.5, 0.0]


class OnlyDlpack:
    def __init__(self, array):
        self.array = array

    def __dlpack__(self, **options):
        return self.array.__dlpack__(**options)

    def __dlpack_device__(self):
        return self.array.__dlpack_device__()


class OnDevice(OnlyDlpack):
    def __dlpack_device__(self):
        return (2, 0)  # CUDA


def test_dlpack_and_buffers():
    assert actbench.exact("relu", OnlyDlpack(numpy.float64([1, -1]))).tolist() == [1, 0]
    y = actbench.exact("relu", array.array("f", [2, -2]))
    assert y.dtype == numpy.float32 and y.tolist() == [2, 0]
    with pytest.raises(TypeError, match=r"x lies on a GPU .*test_exact.OnDevice\).* by x\.cpu\(\)"):
        actbench.exact("relu", OnDevice(numpy.float64([1])))
    with pytest.raises(TypeError, match=r"dy lies on a GPU .* by dy\.cpu\(\)"):
        actbench.exact("relu", numpy.float64([1]), direction="backward", dy=OnDevice(numpy.float64([1])))


def test_bit_patterns():
    bf16 = numpy.array([0x3F80, 0xBF80], numpy.uint16)
    y = actbench.exact("relu", bf16, type="bf16")
    assert y.dtype == numpy.uint16 and y.tolist() == [0x3F80, 0]


def test_directions():
    x, dy = numpy.float32([0.5, -2]), numpy.float32([2, 4])
    assert actbench.exact("leaky_relu", x, direction="derivative", alpha=0.5).tolist() == [1, 0.5]
    assert actbench.exact("leaky_relu", x, direction="backward", dy=dy, alpha=0.5).tolist() == [2, 2]
    assert actbench.exact("prelu", x, direction="alpha_gradient", dy=dy).tolist() == [0, -8]


def test_gated():
    x, a = numpy.float32([0.5, -2]), numpy.float32([3, 4])
    assert actbench.exact("reglu", x, a=a).tolist() == [1.5, 0]
    assert actbench.exact("reglu", x, a=a, dy=numpy.float32([2, 2]), direction="gradient_b").tolist() == [6, 0]


def test_rows_along_an_axis():
    x = numpy.float32([[0, 1, 2], [5, 5, 5]])
    rows = actbench.exact("softmax", x)
    assert rows[1].tolist() == [numpy.float32(1) / 3] * 3
    columns = actbench.exact("softmax", numpy.ascontiguousarray(x.T), axis=0)
    assert numpy.array_equal(columns, rows.T)


def test_parameters():
    assert actbench.exact("hardshrink", [0.6, 2.0], lambd=1).tolist() == [0, 2]
    assert actbench.exact("scaled_tanh", [0.0], a=-1, b=3).tolist() == [1]


def test_threads_change_nothing():
    x = actbench.inputs("gelu", inputs=20000)[0]
    one, two = (actbench.exact("gelu", x, threads=n).view(numpy.uint32) for n in (1, 2))
    assert numpy.array_equal(one, two)


def test_torch():
    torch = pytest.importorskip("torch")
    x = torch.tensor([[-5.5, 1.0]], dtype=torch.bfloat16, requires_grad=True)
    y = actbench.exact("gelu", x)
    assert y.dtype == torch.bfloat16 and y.shape == x.shape and y.device == x.device
    assert numpy.array_equal(
        y.view(torch.int16).numpy(),
        actbench.exact("gelu", x.detach().view(torch.int16).numpy().view(numpy.uint16), type="bf16").view(numpy.int16),
    )
    assert actbench.exact("tanh", torch.tensor([0.0, 1.0])[::1]).dtype == torch.float32


@pytest.mark.parametrize(
    "call, sentence",
    [
        (lambda x: actbench.exact("gelo", x), "there is no activation 'gelo'; did you mean gelu"),
        (
            lambda x: actbench.exact("gelu", x, direction="up"),
            "gelu has no direction 'up'; it has forward, derivative, backward",
        ),
        (
            lambda x: actbench.exact("gelu", x, direction="backward"),
            "takes dy, the gradient that arrives from above: give dy=",
        ),
        (lambda x: actbench.exact("gelu", x, dy=x), "gelu forward takes no dy: leave it out"),
        (lambda x: actbench.exact("gelu", x, alpha=1), "gelu has no parameters, so not 'alpha' either"),
        (lambda x: actbench.exact("elu", x, beta=1), "elu has no parameter 'beta', only: alpha"),
        (lambda x: actbench.exact("elu", x, alpha="one"), "alpha must be a number, not 'one'"),
        (lambda x: actbench.exact("elu", x, alpha=math.inf), "alpha must be a finite number"),
        (lambda x: actbench.exact("gelu", x, type="f64"), "x holds f32, but what is asked for is f64"),
        (lambda x: actbench.exact("gelu", x, type="int8"), "type is one of f32, f64, f16, bf16"),
        (lambda x: actbench.exact("gelu", x.astype(int)), "x holds int64"),
        (lambda x: actbench.exact("gelu", x, direction="backward", dy=x[:1]), "dy has the shape"),
        (lambda x: actbench.exact("softmax", x, axis=3), "axis 3 is none"),
        (lambda x: actbench.exact("gelu", ["one"]), "x holds str"),
    ],
)
def test_errors_teach(call, sentence):
    with pytest.raises(ValueError) as error:
        call(numpy.float32([1, 2]))
    assert sentence in str(error.value)
