# SPDX-License-Identifier: Apache-2.0
"""Scores of what is right, and of what is wrong in known ways: each defect is found, where it is."""

import actbench
import numpy
import pytest


def exact_gelu(x):
    return actbench.exact("gelu", x)


def test_right_is_right():
    found = actbench.score("gelu", exact_gelu, type="f16", inputs="all", promise=0.5)
    assert found.kept and found.exhaustive and found.inputs == 1 << 16
    assert found.max_ulp <= 0.5 and found.not_correctly_rounded == 0 and found.faults == []


def test_one_step_is_found():
    def off_at_one(x):
        y = exact_gelu(x)
        y[x == 1] = numpy.nextafter(y[x == 1], numpy.float32(9))
        return y

    found = actbench.score("gelu", off_at_one, inputs=5000, promise=0.5)
    assert not found.kept and found.not_correctly_rounded == 1
    assert found.input == "1" and 0.5 < found.max_ulp < 1.5
    assert found.worst[0]["x"] == "1" and found.worst[0]["x_bits"] == "0x3f800000"


def test_kinds_of_faults():
    def flushes(x):
        y = exact_gelu(x)
        return numpy.where(numpy.abs(y) < numpy.finfo(numpy.float16).tiny, numpy.float16(0), y)

    found = actbench.score("gelu", flushes, type="f16", inputs="all")
    assert found.wrong_zeros > 0 and found.wrong_nans == 0
    assert any("0 for" in fault["what"] for fault in found.faults)


def test_outputs():
    x = numpy.float32([-1, 0, 2, 3])
    y = numpy.maximum(x, 0)
    assert actbench.score("relu", y, x).max_ulp == 0
    y[3] = numpy.nan
    found = actbench.score("relu", y, x)
    assert found.wrong_nans == 1 and found.max_ulp == numpy.inf and found.input == "3" and found.got == "nan"
    assert actbench.score("relu", y[:3], x=x[:3], label="mine").asdict()["output"] == "mine"


def test_function_over_given_inputs():
    x = numpy.float32([[0.5, -1], [2, 3]])
    assert actbench.score("relu", lambda v: numpy.maximum(v, 0), x).inputs == 4


def test_backward_and_gates():
    found = actbench.score("relu", lambda x, dy: numpy.where(x > 0, dy, 0), direction="backward", inputs=3000)
    assert found.inputs == 3000
    right = lambda x, a: actbench.exact("swiglu", x, a=a)  # noqa: E731
    assert actbench.score("swiglu", right, inputs=2000).not_correctly_rounded == 0


def test_rows():
    def softmax(x):
        assert x.shape[1] == 32
        e = numpy.exp(x - x.max(-1, keepdims=True))
        return e / e.sum(-1, keepdims=True)

    found = actbench.score("softmax", softmax, inputs=1 << 12, row=32)
    assert 0.5 < found.max_ulp < 100


def test_blocks_and_threads_change_nothing():
    rows = [
        actbench.score("gelu", lambda x: numpy.maximum(x, 0), inputs=9000, block=block, threads=threads).asdict()
        for block, threads in ((1 << 22, 1), (1000, 2))
    ]
    assert rows[0] == rows[1]


def test_f_may_change_its_input():
    def in_place(x):
        numpy.negative(x, out=x)
        return numpy.maximum(-x, 0)

    assert actbench.score("relu", in_place, inputs=3000).not_correctly_rounded == 0


def test_large_arrays_lie_in_files(monkeypatch):
    small = actbench.score("tanh", numpy.tanh, inputs=5000)
    monkeypatch.setattr("actbench._score.IN_MEMORY", 0)
    assert actbench.score("tanh", numpy.tanh, inputs=5000).asdict() == small.asdict()
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 1000}))
    with pytest.raises(ValueError, match="set TMPDIR"):
        actbench.score("tanh", numpy.tanh, inputs=5000)


def test_as_data():
    found = actbench.score("tanh", numpy.tanh, inputs=4000, promise=4)
    row = found.asdict()
    assert row["activation"] == "tanh" and row["promised_ulp"] == 4 and isinstance(row["max_ulp"], float)
    assert sum(part["count"] for part in found.table("histogram")) == 4000
    assert found.table("score") == [row]
    assert "tanh" in str(found) and "ULP" in repr(found)
    pandas = pytest.importorskip("pandas")
    assert len(pandas.DataFrame(found.table("histogram"))) > 1


def test_assert_ulp_shows_the_worst_input():
    assert actbench.assert_ulp("tanh", numpy.tanh, 4, inputs=4000).kept
    with pytest.raises(AssertionError) as error:
        actbench.assert_ulp("gelu", lambda x: numpy.maximum(x, 0), 4, type="f16", inputs="all")
    text = str(error.value)
    assert "no gelu forward within 4 ULP in f16" in text
    assert "at        x = " in text and "got       " in text and "expected  " in text and "0x" in text


def test_torch():
    torch = pytest.importorskip("torch")
    F = torch.nn.functional
    found = actbench.score("gelu", F.gelu, type="bf16", inputs="all")
    assert found.exhaustive and found.max_ulp > 1  # its tail
    softplus = actbench.score("softplus", F.softplus, type="f32", inputs=1 << 16)
    assert softplus.not_correctly_rounded > 0
    tanh = actbench.score("tanh", actbench.backward_of(torch.tanh), direction="backward", inputs=4000)
    assert tanh.inputs == 4000 and "backward of tanh" in tanh.asdict()["output"]
    assert actbench.score("relu", torch.nn.ReLU(), inputs=1000).max_ulp == 0
    assert actbench.score("relu", lambda x: torch.relu(x), inputs=1000).max_ulp == 0


def raises(x):
    raise KeyError("mine")


@pytest.mark.parametrize(
    "call, sentence",
    [
        (lambda: actbench.score("relu", numpy.float32([1])), "outputs need the inputs that they were computed from"),
        (lambda: actbench.score("relu", lambda x: numpy.zeros(x.shape)), "gave f64 for inputs of f32"),
        (lambda: actbench.score("relu", lambda x: x[:1]), "gave an array of shape (1,)"),
        (
            lambda: actbench.score("relu", numpy.float32([1]), numpy.float32([1, 2])),
            "the outputs have the shape (1,), but x has (2,)",
        ),
        (lambda: actbench.score("relu", numpy.tanh, inputs=0), "inputs is how many, at least 1, or 'all'; not 0"),
        (lambda: actbench.score("relu", numpy.tanh, inputs="all", type="f64"), "at most 2^32"),
        (lambda: actbench.score("relu", numpy.tanh, inputs="all", type="f16", like="normal"), "leave out like="),
        (lambda: actbench.score("softmax", numpy.tanh, inputs=100, row=64), "no whole number of rows of 64"),
        (lambda: actbench.score("relu", numpy.tanh, ulp="units"), "ulp is goldberg, kahan or steps, not 'units'"),
        (lambda: actbench.score("relu", numpy.tanh, inputs=9, arrays="jax"), "arrays is 'numpy', 'torch' or 'auto'"),
        (lambda: actbench.score("relu", numpy.tanh, inputs=9).table("all"), "there is no table 'all'"),
    ],
)
def test_errors_teach(call, sentence):
    with pytest.raises(ValueError) as error:
        call()
    assert sentence in str(error.value)


def test_what_f_raises_passes_through():
    with pytest.raises(KeyError, match="mine"):
        actbench.score("relu", raises)


@pytest.mark.parametrize("wrong", [float("nan"), 0.1, float("inf"), -1])
def test_promises_that_nothing_could_break_are_refused(wrong):
    with pytest.raises(ValueError, match="at least 0.5"):
        actbench.assert_ulp("relu", lambda x: x * 0 + 7, wrong, inputs=100)


def test_blocks_have_elements():
    for block in (0, -1):
        with pytest.raises(ValueError, match="at least 1"):
            actbench.score("relu", lambda x: numpy.maximum(x, 0), inputs=100, block=block)


def test_drawn_inputs_are_as_many_as_asked_for():
    (x,) = actbench.inputs("relu", type="f16", like="normal", inputs=100000)
    assert x.size == 100000
    (x,) = actbench.inputs("relu", type="f16", inputs=100000)
    assert x.size == 65536


def test_scalars_of_numpy_keep_their_type():
    assert actbench.exact("gelu", numpy.float64(-5.5)).dtype == numpy.float64
    assert actbench.exact("scaled_tanh", [1.0], a=numpy.float32(2)).shape == (1,)
