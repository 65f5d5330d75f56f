# SPDX-License-Identifier: Apache-2.0
"""Functions over arrays, or their outputs, against the exact values. The judge is the engine of `actbench score`."""

from __future__ import annotations

import contextlib
import json
import math
import shutil
import sys
import tempfile
from typing import Any, Callable, Iterator, Literal

import numpy

from . import _core
from ._arrays import PATTERNS, Patterns, dtype, is_torch, patterns, to_torch, type_name
from ._kernels import Taken, parameter_a, settings, shape_of, take

# Arrays beyond so many bytes, all together, lie in files for as long as they are needed.
IN_MEMORY = 1 << 31
DEFAULT_INPUTS = 1 << 20
NUMBERS = {"inf": math.inf, "-inf": -math.inf, "nan": math.nan}


class Score:
    """What a function or its outputs are worth.

    The fields of the row are attributes: inputs, exhaustive (whether these are all of the type), max_ulp, mean_ulp,
    not_correctly_rounded, above_1_ulp, wrong_zeros, wrong_infinities, wrong_nans, zero_signs, promised_ulp, verdict,
    and the worst input: input, got and expected as text that reads back the same, input_bits and so on as patterns.
    kept says whether the promise is kept; it is True where there is none. print(score) shows all of it.
    """

    def __init__(self, found: dict[str, Any]) -> None:
        self._tables = {table["name"]: table for table in json.loads(found["json"])["tables"]}
        self._text: str = found["text"]
        table = self._tables["score"]
        self._row = {
            name: _number(name, value) for name, value in {**table.get("facts", {}), **table["rows"][0]}.items()
        }
        self.kept: bool = found["kept"]

    def __getattr__(self, name: str) -> Any:
        row = self.__dict__.get("_row", {})
        if name in row:
            return row[name]
        raise AttributeError(f"a Score has no {name}; it has {', '.join(row)}")

    def asdict(self) -> dict[str, Any]:
        """The row: names of columns and plain values (numbers, text, None)."""
        return dict(self._row)

    def table(self, name: str = "worst_inputs") -> list[dict[str, Any]]:
        """A table as a list of rows: pandas.DataFrame(score.table("faults")).

        name: "score" (the row), "worst_inputs", "histogram" (errors by size) or "faults" (wrong zeros, infinities,
        signs, results out of range or against the slope, flushed subnormals; first and last input). A table without
        rows is []."""
        if name not in ("score", "worst_inputs", "histogram", "faults"):
            raise ValueError(f"there is no table {name!r}; there are score, worst_inputs, histogram, faults")
        if name == "score":
            return [self.asdict()]
        rows = self._tables.get(name, {"rows": []})["rows"]
        return [{column: _number(column, value) for column, value in row.items()} for row in rows]

    @property
    def worst(self) -> list[dict[str, Any]]:
        """The worst inputs, at most one of each sign and exponent: ulp, x, got, expected, and their bits."""
        return self.table("worst_inputs")

    @property
    def faults(self) -> list[dict[str, Any]]:
        """What is wrong in kind: fault, what (in words), count, first_x, last_x, got, expected."""
        return self.table("faults")

    def __str__(self) -> str:
        return self._text

    def __repr__(self) -> str:
        row = self._row
        wrong = [
            f"{row[key]} {what}"
            for key, what in (
                ("wrong_zeros", "wrong zeros"),
                ("wrong_infinities", "wrong infinities"),
                ("wrong_nans", "wrong NaNs"),
            )
            if row.get(key)
        ]
        return (
            f"<Score of {row['activation']} {row['direction']} {row['type']}: at most {row['max_ulp']:.5g} ULP, at "
            f"{row['input']}, {row['not_correctly_rounded']} of {row['inputs']} misrounded"
            + "".join(", " + w for w in wrong)
            + ">"
        )


def _number(name: str, value: Any) -> Any:
    """JSON has no infinity and NaN; columns of numbers of the judged type are text on purpose."""
    return (
        NUMBERS.get(value, value)
        if isinstance(value, str) and name in ("max_ulp", "mean_ulp", "promised_ulp", "ulp", "up_to")
        else value
    )


def backward_of(f: Callable[[Any], Any]) -> Callable[[Any, Any], Any]:
    """The backward pass of a function over torch tensors, as score(…, direction="backward") takes it: g(x, dy) is the
    gradient that autograd hands to x where dy arrives from above."""
    import torch

    def gradient(x: Any, dy: Any) -> Any:
        x = x.detach().clone().requires_grad_()
        return torch.autograd.grad(f(x), x, dy)[0]

    gradient.__name__ = f"backward of {_name_of(f)}"
    gradient.__module__ = "torch"
    return gradient


def _name_of(f: Any) -> str:
    return getattr(f, "__name__", None) or type(f).__name__


def _over_torch(f: Any) -> bool:
    """Whether a function says of itself that it is PyTorch's."""
    torch = sys.modules.get("torch")
    if torch is None:
        return False
    names = [
        getattr(f, "__module__", None),
        type(f).__module__,
        getattr(getattr(f, "__self__", None), "__name__", None),
    ]
    return (
        isinstance(f, torch.nn.Module)
        or any(str(n or "").split(".")[0] == "torch" for n in names)
        or f in vars(torch).values()
    )


@contextlib.contextmanager
def _room(count: int, kind: Any, arrays: int) -> Iterator[Callable[[], numpy.ndarray]]:
    """Gives what makes arrays of so many patterns: in memory, or, where all together are large, in files that
    vanish."""
    size = count * numpy.dtype(kind).itemsize * arrays
    if size <= IN_MEMORY:
        yield lambda: numpy.empty(count, kind)
        return
    folder = tempfile.gettempdir()
    free = shutil.disk_usage(folder).free
    if free < size:
        raise ValueError(
            f"{count} inputs and outputs take {size / 2**30:.0f} GiB in {folder}, which has {free / 2**30:.0f}: set "
            "TMPDIR to a folder with more, or give inputs= a smaller number"
        )
    with contextlib.ExitStack() as stack:
        yield lambda: numpy.memmap(stack.enter_context(tempfile.TemporaryFile()), dtype=kind, mode="w+", shape=(count,))


def _count(inputs: int | str) -> int:
    """0 for all of them."""
    if inputs == "all":
        return 0
    if isinstance(inputs, bool) or not isinstance(inputs, (int, numpy.integer)) or inputs < 1:
        raise ValueError(f"inputs is how many, at least 1, or 'all'; not {inputs!r}")
    return int(inputs)


class _Inputs:
    """Inputs for a function of the table, in room for them."""

    def __init__(
        self,
        name: str,
        direction: str,
        type: str,
        parameters: list[tuple[str, float]],
        inputs: int | str,
        like: str,
        seed: int,
        row: int,
        room: Callable[[], numpy.ndarray],
    ) -> None:
        self.x = room()
        takes_dy, takes_a = _core.takes(name, direction, type)
        nothing = numpy.empty(0, self.x.dtype)
        dy, a = (room() if takes_dy else nothing), (room() if takes_a else nothing)
        _core.fill_inputs(
            name,
            direction,
            type,
            parameters,
            _count(inputs),
            like,
            seed,
            self.x,
            dy,
            a,
        )
        self.dy = dy if takes_dy else None
        self.a = a if takes_a else None
        self.row = row

    @property
    def arrays(self) -> list[numpy.ndarray]:
        return [array for array in (self.x, self.dy, self.a) if array is not None]


def inputs(
    name: str,
    *,
    type: Any = "f32",
    direction: str = "forward",
    inputs: int | str = DEFAULT_INPUTS,
    like: str | None = None,
    seed: int = 1,
    **parameters: float,
) -> tuple[Any, ...]:
    """The inputs that score() gives to a function, as NumPy arrays of one axis: x, and dy and a where the direction
    takes them."""
    kind = type_name(type)
    given = settings(parameters)
    like = like or "special"
    count = _core.input_count(name, direction, kind, given, _count(inputs), like)
    with _room(count, PATTERNS[kind], 1) as room:
        found = _Inputs(name, direction, kind, given, inputs, like, seed, 0, room)
    return tuple(array.view(dtype(kind)) for array in found.arrays)


class _Caller:
    """Calls a function block by block with arrays of its kind, and holds it to their type and shape."""

    def __init__(self, f: Callable[..., Any], arrays: str, device: Any, type: str) -> None:
        if arrays not in ("auto", "numpy", "torch"):
            raise ValueError(
                f"arrays is 'numpy', 'torch' or 'auto', not {arrays!r}; wrap f to convert them for any other framework"
            )
        self.f, self.device, self.type = f, device, type
        self.torch = arrays == "torch" or device is not None or (arrays == "auto" and _over_torch(f))
        self.sure = arrays != "auto" or self.torch

    def _give(self, bits: numpy.ndarray) -> Any:
        if self.torch:
            return to_torch(numpy.array(bits), self.type, self.device)  # a copy: f may change what it is given
        return numpy.array(bits).view(dtype(self.type))

    def __call__(self, *arrays: numpy.ndarray) -> numpy.ndarray:
        """The result's patterns, in the shape of the arrays. What f raises passes through."""
        try:
            result = self.f(*map(self._give, arrays))
        except (TypeError, AttributeError):
            if self.sure or "torch" not in sys.modules:
                raise
            self.torch = self.sure = True
            result = self.f(*map(self._give, arrays))
        self.sure = True
        # Unsigned integers are patterns of the type that was asked for.
        integers = getattr(getattr(result, "dtype", None), "kind", "") == "u"
        found = patterns(result, self.type if integers else None, f"the result of {_name_of(self.f)}")
        if found.type != self.type:
            raise ValueError(
                f"{_name_of(self.f)} gave {found.type} for inputs of {self.type}: cast its result, or ask for type="
                f"'{found.type}'"
            )
        if found.bits.shape != arrays[0].shape:
            raise ValueError(
                f"{_name_of(self.f)} gave an array of shape {found.bits.shape} for inputs of shape {arrays[0].shape}"
            )
        return found.bits


def _outputs(call: _Caller, arrays: list[numpy.ndarray], row: int, block: int, y: numpy.ndarray) -> None:
    """Fills y, block by block; of rows a block has whole rows, on an axis of their own."""
    count = y.size
    step = max(1, block // row) * row if row else block
    for first in range(0, count, step):
        parts = [array.reshape(-1)[first : first + step] for array in arrays]
        if row:
            parts = [part.reshape(-1, row) for part in parts]
        y.reshape(-1)[first : first + step] = call(*parts).reshape(-1)


def score(
    name: str,
    f_or_y: Any,
    x: Any = None,
    *,
    type: Any = None,
    direction: str = "forward",
    dy: Any = None,
    a: Any = None,
    inputs: int | str = DEFAULT_INPUTS,
    like: str | None = None,
    row: int = 128,
    axis: int = -1,
    promise: float | None = None,
    ulp: Literal["goldberg", "kahan", "steps"] = "goldberg",
    arrays: Literal["auto", "numpy", "torch"] = "auto",
    device: Any = None,
    block: int = 1 << 22,
    seed: int = 1,
    threads: int = 0,
    faults: bool = True,
    label: str | None = None,
    **parameters: float,
) -> Score:
    """Holds a function over arrays, or its outputs, against the exact values of an activation.

    name        an activation or an alias (activations() lists them)
    f_or_y      a function, called with x, then dy, then a, as far as the direction takes them, and giving an array of
                their type and shape; or an array of outputs, for which x is needed
    x, dy, a    the inputs, arrays of f_or_y's type; without them f is called with inputs that the engine makes
    type        of these inputs: f32 (default), f64, f16, bf16, f8_e4m3fn, f8_e5m2, or a dtype
    direction   as exact() has it; backward_of(f) makes PyTorch's backward pass into a function of x and dy
    inputs      how many to make, or "all": every number of the type (8 bits: 2^8; f16, bf16: 2^16; f32: 2^32, in
                files of 32 GiB)
    like        what they are like: "special" (default: special values, then every exponent equally often), "bits",
                "normal" (of rows the default), "normal:1", "uniform:-10:10", "subnormal", "wide", "tail", "mixed"
    row, axis   for softmax and its like: the length of the rows to make; the axis along which the rows of x lie
    promise     the most ULP that are allowed: gives the score a verdict
    ulp         what errors are counted in: goldberg (the spacing of the type's numbers at the exact value), kahan, or
                steps
    arrays      what f is called with: NumPy arrays (bf16: of ml_dtypes), or torch tensors, on `device` ("cuda");
                "auto" asks f
    block       f gets at most so many elements at a time
    faults      False leaves out the range and the slope, which take a survey of the function first
    label       what the tables call the program; otherwise f's name

    Returns a Score. The result is the same for any number of threads (0: as many as this process may use). Raises
    ValueError for unknown names, arrays of other types or shapes, and parameters outside their domain; what f raises
    passes through.

    >>> score("gelu", torch.nn.functional.gelu, type="f16", inputs="all").max_ulp
    """
    if promise is not None and not 0.5 <= promise < math.inf:
        raise ValueError(f"a promise is a number of ULP, at least 0.5, not {promise!r}")
    if block < 1:
        raise ValueError(f"block is how many elements, at least 1, not {block!r}")
    a = parameter_a(a, parameters)
    given, shape = settings(parameters), shape_of(name)
    call = callable(f_or_y) and not is_torch(f_or_y)
    label = label or (_name_of(f_or_y) if call else "the outputs")
    rest = (given, promise, ulp, faults, threads, label)
    if x is None:
        if not call:
            raise ValueError(
                "outputs need the inputs that they were computed from: score(name, y, x); or give a function"
            )
        if dy is not None or a is not None:
            raise ValueError("dy and a go with x: give it, too, or leave them out to have all of them made")
        kind = type_name("f32" if type is None else type)
        return _score_made(
            name,
            direction,
            kind,
            _Caller(f_or_y, arrays, device, kind),
            inputs,
            like,
            seed,
            row if shape == "rows" else 0,
            block,
            rest,
        )
    taken = take(shape, x, dy, a, None if type is None else type_name(type), axis)
    if call:
        caller = _Caller(
            f_or_y,
            "torch" if arrays == "auto" and is_torch(x) else arrays,
            x.device if device is None and is_torch(x) else device,
            taken.x.type,
        )
        y = numpy.empty_like(taken.x.bits)
        _outputs(caller, [b for b in (taken.x.bits, taken.dy, taken.a) if b is not None], taken.row, block, y)
    else:
        y = take(shape, f_or_y, None, None, taken.x.type, axis).x.bits
        if y.shape != taken.x.bits.shape:
            raise ValueError(
                f"the outputs have the shape {y.shape}, but x has {taken.x.bits.shape}: they must be the same"
            )
    return _judged(name, direction, taken, y, rest)


def _score_made(
    name: str,
    direction: str,
    kind: str,
    call: _Caller,
    inputs: int | str,
    like: str | None,
    seed: int,
    row: int,
    block: int,
    rest: tuple[Any, ...],
) -> Score:
    """Of a function over inputs that the engine makes."""
    if row and inputs == "all":
        raise ValueError("of activations over rows there are too many inputs for all of them: give inputs= a number")
    like = like or ("normal" if row else "special")
    count = _core.input_count(name, direction, kind, rest[0], _count(inputs), like)
    if row and direction != "forward":
        raise ValueError(
            "of activations over rows there are inputs of forward alone, as backward takes its result: give x and dy"
        )
    if row and (row < 1 or count % row):
        raise ValueError(
            f"{count} inputs are no whole number of rows of {row}: choose inputs= and row= so that they are"
        )
    with _room(count, PATTERNS[kind], 2 + sum(_core.takes(name, direction, kind))) as room:
        made = _Inputs(name, direction, kind, rest[0], inputs, like, seed, row, room)
        y = room()
        _outputs(call, made.arrays, row, block, y)
        taken = Taken(Patterns(made.x, kind, lambda bits: bits), made.dy, made.a, row, lambda bits: bits)
        return _judged(name, direction, taken, y, rest)


def _judged(name: str, direction: str, taken: Taken, y: numpy.ndarray, rest: tuple[Any, ...]) -> Score:
    given, promise, ulp, faults, threads, label = rest
    return Score(
        _core.score(
            name,
            direction,
            taken.x.type,
            taken.x.bits,
            y,
            taken.dy,
            taken.a,
            given,
            taken.row,
            None if promise is None else float(promise),
            ulp,
            faults,
            threads,
            label,
        )
    )


def assert_ulp(name: str, f_or_y: Any, ulp: float = 4.0, x: Any = None, **options: Any) -> Score:
    """Raises AssertionError where a function, or outputs, are off by more than `ulp` (Goldberg's) anywhere that is
    looked, and says where. 0.5 means correct rounding. The other arguments are those of score(), whose result it
    returns otherwise.

    >>> def test_gelu():
    ...     assert_ulp("gelu", torch.nn.functional.gelu, 4, type="bf16", inputs="all")
    """
    found = score(name, f_or_y, x, promise=ulp, **options)
    if found.kept:
        return found
    row = found.asdict()
    arguments = ", ".join(
        f"{what} = {row[key]} ({row[key + '_bits']})"
        for what, key in (("x", "input"), ("dy", "dy"), ("a", "a"))
        if row.get(key + "_bits")
    )
    lines = [
        f"{row['output']} is no {row['activation']} {row['direction']} within {ulp:g} ULP in {row['type']}: "
        f"{row['max_ulp']:.6g} ULP at the worst of {row['inputs']} inputs",
        f"  at        {arguments}",
        f"  got       {row['got']} ({row['got_bits']})",
        f"  expected  {row['expected']} ({row['expected_bits']})",
        f"  in all    {row['not_correctly_rounded']} misrounded, {row['above_1_ulp']} off by more than 1 ULP, "
        f"{row['wrong_zeros']} wrong zeros, {row['wrong_infinities']} wrong infinities, {row['wrong_nans']} wrong NaNs",
    ]
    for fault in found.faults[:5]:
        lines.append(
            f"  fault     {fault['what']}: {fault['count']} from x = {fault['first_x']} to {fault['last_x']}, "
            f"first got {fault['got']}, compared with {fault['expected']}"
        )
    raise AssertionError("\n".join(lines))
