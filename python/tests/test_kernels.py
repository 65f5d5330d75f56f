# SPDX-License-Identifier: Apache-2.0
"""Our own kernels from Python, and the lists of what there is."""

import actbench
import numpy
import pytest


def test_correctly_rounded_kernel_is_exact():
    x = numpy.arange(1 << 16, dtype=numpy.uint16)
    got = actbench.kernel("gelu/forward/f16/accurate")(x)
    right = actbench.exact("gelu", x, type="f16")
    nan = numpy.isnan(right.view(numpy.float16))
    assert numpy.array_equal(numpy.isnan(got.view(numpy.float16)), nan)
    assert numpy.array_equal(got[~nan] & 0x7FFF, right[~nan] & 0x7FFF)


def test_identities():
    kernel = actbench.kernel("gelu/forward/f32/accurate/scalar")
    assert kernel.identity == "gelu/forward/f32/accurate/scalar" and kernel.backend == "scalar"
    assert kernel.promised_ulp == 0.5 and kernel.unrunnable_reason is None
    assert kernel(numpy.float32([-5.5])).view(numpy.uint32)[0] == 0xB3E049EC
    assert actbench.kernel("gelu/forward/f32/accurate").unrunnable_reason is None


def test_lists():
    rows = actbench.kernels()
    assert len({kernel.identity for kernel in rows}) == len(rows) > 1000
    gelu = next(a for a in actbench.activations() if a["name"] == "gelu")
    assert gelu["shape"] == "elementwise" and gelu["directions"] == ["forward", "derivative", "backward"]
    elu = next(a for a in actbench.activations() if a["name"] == "elu")
    assert elu["parameters"] == {"alpha": 1.0}


def test_rows_gates_and_parameters():
    x = numpy.float32([[0, 0], [7, 7]])
    assert actbench.kernel("softmax/forward/f32/accurate")(x).tolist() == [[0.5, 0.5], [0.5, 0.5]]
    assert actbench.kernel("reglu/forward/f32/accurate")(x, a=x).tolist() == [[0, 0], [49, 49]]
    assert actbench.kernel("leaky_relu/forward/f32/fast")(-x, alpha=0.5).tolist() == [[0, 0], [-3.5, -3.5]]


def test_caller_keeps_its_array():
    x = numpy.float32([-1, 1])
    actbench.kernel("relu/forward/f32/fast")(x)
    assert x.tolist() == [-1, 1]


@pytest.mark.parametrize(
    "call, sentence",
    [
        (lambda: actbench.kernel("gelu/forward/f33/fast"), 'gelu/forward has no type "f33", only f32, f64, f16, bf16'),
        (lambda: actbench.kernel("gelu/backward/f32/fast")(numpy.float32([1])), "takes dy"),
        (
            lambda: actbench.kernel("gelu/forward/f32/fast")(numpy.float64([1])),
            "x holds f64, but what is asked for is f32",
        ),
    ],
)
def test_errors_teach(call, sentence):
    with pytest.raises(ValueError) as error:
        call()
    assert sentence in str(error.value)
