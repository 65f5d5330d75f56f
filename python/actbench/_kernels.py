# SPDX-License-Identifier: Apache-2.0
"""The exact values, and actbench's own kernels."""

from __future__ import annotations

import dataclasses
from typing import Any, Callable

import numpy

from . import _core
from ._arrays import Patterns, patterns, type_name


def settings(parameters: dict[str, Any]) -> list[tuple[str, float]]:
    """Parameters of an activation as the engine takes them. lambda is a word of Python's, so lambd and lambda_ stand
    for it."""
    found = []
    for name, value in parameters.items():
        try:
            found.append(({"lambd": "lambda", "lambda_": "lambda"}.get(name, name), float(value)))
        except (TypeError, ValueError):
            raise ValueError(f"{name} must be a number, not {value!r}") from None
    return found


def parameter_a(a: Any, parameters: dict[str, Any]) -> Any:
    """A plain number a is a parameter (of scaled_tanh), and goes to the others; arrays stay the multiplier of a
    gate."""
    if isinstance(a, (int, float, numpy.number)):
        parameters["a"] = float(a)
        return None
    return a


def shape_of(name: str) -> str:
    """elementwise, gated or rows; elementwise for an activation that there is not."""
    return next((a["shape"] for a in _core.activations() if name == a["name"] or name in a["aliases"]), "elementwise")


@dataclasses.dataclass
class Taken:
    """The arrays of a call as patterns, with their rows, if any, along the last axis."""

    x: Patterns
    dy: numpy.ndarray | None
    a: numpy.ndarray | None
    row: int  # the length of a row; 0 where there are none
    given_back: Callable[[numpy.ndarray], Any]  # the result's patterns -> an array of the kind and shape of x


def take(shape: str, x: Any, dy: Any, a: Any, type: str | None, axis: int) -> Taken:
    """The arrays of a call. Raises ValueError where shapes or types differ."""
    first = patterns(x, type)

    def like_first(what: str, array: Any) -> numpy.ndarray | None:
        if array is None:
            return None
        bits = patterns(array, first.type, what).bits
        if bits.shape != first.bits.shape:
            raise ValueError(f"{what} has the shape {bits.shape}, but x has {first.bits.shape}: they must be the same")
        return bits

    taken = Taken(first, like_first("dy", dy), like_first("a", a), 0, first.give_back)
    return along(axis, taken) if shape == "rows" else taken


def along(axis: int, taken: Taken) -> Taken:
    """The same with the rows along the last axis, whichever they are along."""
    bits = taken.x.bits
    if not -bits.ndim <= axis < bits.ndim:
        raise ValueError(
            f"axis {axis} is none of an array with {bits.ndim}"
            + (f": give -{bits.ndim} to {bits.ndim - 1}" if bits.ndim else ", which has no rows")
        )

    def last(array: numpy.ndarray) -> numpy.ndarray:
        return numpy.ascontiguousarray(numpy.moveaxis(array, axis, -1))

    def given_back(result: numpy.ndarray) -> Any:
        return taken.given_back(numpy.ascontiguousarray(numpy.moveaxis(result, -1, axis)))

    x = dataclasses.replace(taken.x, bits=last(bits))
    dy, a = (None if array is None else last(array) for array in (taken.dy, taken.a))
    return Taken(x, dy, a, bits.shape[axis], given_back)


def exact(
    name: str,
    x: Any,
    *,
    type: Any = None,
    direction: str = "forward",
    dy: Any = None,
    a: Any = None,
    axis: int = -1,
    threads: int = 0,
    **parameters: float,
) -> Any:
    """The correctly rounded values of an activation: what a perfect implementation gives.

    name        an activation or an alias: "gelu", "silu", "softmax", "swiglu" (activations() lists them)
    x           inputs, an array of any shape; of a gated unit a·f(x), the gate's x; of softmax and its like rows
                along `axis`; for their "backward" the result of forward. Numbers and lists are rounded to `type`
    type        f32, f64, f16, bf16, f8_e4m3fn, f8_e5m2 or a dtype; needed only for numbers, lists and arrays
                of bit patterns
    direction   "forward"; "derivative", f'(x); "backward", dy·f'(x), rounded once; of gated units "gradient_a" and
                "gradient_b"; of prelu and its like "alpha_gradient"
    dy, a       the gradient from above, and the input that a gate multiplies: arrays like x, where the direction
                takes them
    threads     0: as many as this process may use
    parameters  the activation's own, by name (alpha=0.2; lambd for lambda), rounded to the type; the others have
                their defaults

    Returns an array of the kind, shape and type of x (a tensor on the same device for a tensor). Ties round to even,
    subnormal numbers are kept, zeros have their right signs, and NaN is quiet and positive. A core computes
    millions of values a second.

    Raises ValueError for unknown names, arrays of other types, shapes that differ, and parameters outside their domain.

    >>> exact("gelu", [-5.5], type="f32")
    array([-1.0444259e-07], dtype=float32)
    """
    a = parameter_a(a, parameters)
    taken = take(shape_of(name), x, dy, a, None if type is None else type_name(type), axis)
    out = numpy.empty_like(taken.x.bits)
    _core.exact(
        name, direction, taken.x.type, taken.x.bits, out, taken.dy, taken.a, settings(parameters), taken.row, threads
    )
    return taken.given_back(out)


@dataclasses.dataclass(frozen=True)
class Kernel:
    """One of actbench's kernels. Call it with arrays: kernel(x), with dy= and a= where its direction takes them."""

    identity: str
    activation: str
    direction: str
    type: str
    tier: str
    backend: str
    shape: str
    promised_ulp: float
    """The largest error over every input, in ULP; infinity where nothing is promised."""
    unrunnable_reason: str | None
    """None where it runs on this machine."""

    def __call__(self, x: Any, *, dy: Any = None, a: Any = None, axis: int = -1, **parameters: float) -> Any:
        """The kernel's results, as an array of the kind and shape of x. Arrays and parameters are those of exact();
        they must be of the kernel's type. Raises ValueError for others, RuntimeError where the kernel does not run on
        this machine."""
        a = parameter_a(a, parameters)
        taken = take(self.shape, x, dy, a, self.type, axis)
        out = numpy.empty_like(taken.x.bits)
        _core.run(self.identity, taken.x.bits, out, taken.dy, taken.a, settings(parameters), taken.row)
        return taken.given_back(out)


def kernels() -> list[Kernel]:
    """Every kernel of this build, those that do not run on this machine too."""
    return [Kernel(**row) for row in _core.kernels()]


def kernel(identity: str) -> Kernel:
    """The kernel "activation/direction/type/tier/backend"; without the backend, the widest that runs here.

    Raises ValueError, naming what there is, for an unknown one.

    >>> kernel("gelu/forward/f32/accurate")(numpy.float32([-5.5]))
    array([-1.0444259e-07], dtype=float32)
    """
    found = _core.identity_of(identity)
    return next(k for k in kernels() if k.identity == found)


def activations() -> list[dict[str, Any]]:
    """What there is: name, formula, aliases, shape (elementwise, gated, rows), parameters with their defaults,
    directions."""
    return _core.activations()
