# SPDX-License-Identifier: Apache-2.0
"""One function of a framework, as scripts/score_frameworks calls it."""

import dataclasses
from collections.abc import Callable
from typing import Any

# leaky_relu's slope, which every type has exactly: frameworks round 0.01 in ways of their own.
SLOPE = 2.0**-7


@dataclasses.dataclass(frozen=True)
class Case:
    activation: str  # as actbench calls it
    function: str  # as the framework calls it
    make: Callable[[str], Callable[..., Any]]  # for a type ("f32"): the function over the arrays
    direction: str = "forward"
    types: tuple[str, ...] = ("f32", "f16", "bf16", "f64")
    parameters: dict[str, float] = dataclasses.field(default_factory=dict)
    arrays: str = "numpy"  # what the function is called with


def absent(*_: Any) -> Any:
    """For what a framework does not have."""
    raise NotImplementedError


def both_directions(
    activation: str,
    function: str,
    forward: Callable[..., Any],
    derivative: Callable[..., Any],
    parameters: dict[str, float] | None = None,
    **more: Any,
) -> list[Case]:
    """A function and its gradient for dy = 1, which takes the inputs alone."""
    return [
        Case(activation, function, lambda _: forward, "forward", parameters=parameters or {}, **more),
        Case(activation, function, lambda _: derivative, "derivative", parameters=parameters or {}, **more),
    ]
