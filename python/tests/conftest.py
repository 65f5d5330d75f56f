# SPDX-License-Identifier: Apache-2.0
import numpy
import pytest


@pytest.fixture(params=["f32", "f64", "f16", "bf16"])
def kind(request):
    """Each type, by name."""
    if request.param == "bf16":
        pytest.importorskip("ml_dtypes")
    return request.param


@pytest.fixture
def numbers(kind):
    """Numbers of each type, special ones first."""
    from actbench._arrays import dtype

    return numpy.array([0.0, -0.0, numpy.inf, -numpy.inf, numpy.nan, -5.5, 0.75, 3.0, -0.125, 1e-3], dtype(kind))
