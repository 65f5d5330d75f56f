# SPDX-License-Identifier: Apache-2.0
"""Numbers of 8 bits: every one of them, from ml_dtypes, as patterns, and from PyTorch."""

import actbench
import numpy
import pytest

ml_dtypes = pytest.importorskip("ml_dtypes")


@pytest.fixture(params=["float8_e4m3fn", "float8_e5m2"])
def eight(request):
    return numpy.dtype(getattr(ml_dtypes, request.param))


def silu(x):
    with numpy.errstate(all="ignore"):
        wide = x.astype(numpy.float64)
        return numpy.where(wide == -numpy.inf, -0.0, wide / (1 + numpy.exp(-wide))).astype(x.dtype)


def test_exact(eight):
    x = numpy.arange(256, dtype=numpy.uint8).view(eight)
    y = actbench.exact("silu", x)
    assert y.dtype == eight
    ours, theirs = y.astype(float), silu(x).astype(float)
    assert numpy.array_equal(ours, theirs, equal_nan=True) and numpy.isnan(ours).sum() < 10
    bits = actbench.exact("silu", x.view(numpy.uint8), type=eight)
    assert bits.dtype == numpy.uint8 and numpy.array_equal(bits, y.view(numpy.uint8))


def test_overflow():
    y = actbench.exact("squared_relu", numpy.array([20.0, 22.0], ml_dtypes.float8_e4m3fn))
    assert float(y[0]) == 384 and numpy.isnan(float(y[1]))
    y = actbench.exact("squared_relu", numpy.array([256.0], ml_dtypes.float8_e5m2))
    assert float(y[0]) == numpy.inf


def test_score(eight):
    found = actbench.score("silu", silu, type=eight, inputs="all", promise=0.5)
    assert found.kept and found.exhaustive and found.inputs == 256 and found.not_correctly_rounded == 0

    def off_at_one(x):
        y = silu(x)
        y.view(numpy.uint8)[x == 1] += 1
        return y

    found = actbench.score("silu", off_at_one, type=eight, inputs="all", promise=0.5)
    assert not found.kept and found.not_correctly_rounded == 1 and found.input == "1"


def test_directions(eight):
    def right(x, dy):
        return actbench.exact("relu", x, dy=dy, direction="backward")

    found = actbench.score("relu", right, type=eight, direction="backward", inputs="all")
    assert found.inputs == 1 << 16 and found.not_correctly_rounded == 0


def test_torch(eight):
    torch = pytest.importorskip("torch")
    x = torch.arange(256).to(torch.uint8).view(getattr(torch, eight.name))
    y = actbench.exact("silu", x)
    assert y.dtype == x.dtype
    patterns = actbench.exact("silu", x.view(torch.uint8).numpy(), type=eight)
    assert numpy.array_equal(y.view(torch.uint8).numpy(), patterns)
