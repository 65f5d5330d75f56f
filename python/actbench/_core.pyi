# SPDX-License-Identifier: Apache-2.0
from typing import Any

import numpy
from numpy.typing import NDArray

Patterns = NDArray[numpy.unsignedinteger[Any]]
Settings = list[tuple[str, float]]

def version() -> str: ...
def kernels() -> list[dict[str, Any]]: ...
def activations() -> list[dict[str, Any]]: ...
def exact(
    activation: str,
    direction: str,
    type: str,
    x: Patterns,
    out: Patterns,
    dy: Patterns | None,
    a: Patterns | None,
    parameters: Settings,
    row: int,
    threads: int,
) -> None: ...
def identity_of(identity: str) -> str: ...
def run(
    identity: str, x: Patterns, out: Patterns, dy: Patterns | None, a: Patterns | None, parameters: Settings, row: int
) -> None: ...
def score(
    activation: str,
    direction: str,
    type: str,
    x: Patterns,
    y: Patterns,
    dy: Patterns | None,
    a: Patterns | None,
    parameters: Settings,
    row: int,
    promise: float | None,
    ulp: str,
    faults: bool,
    threads: int,
    name: str,
) -> dict[str, Any]: ...
def input_count(activation: str, direction: str, type: str, parameters: Settings, count: int, like: str) -> int: ...
def fill_inputs(
    activation: str,
    direction: str,
    type: str,
    parameters: Settings,
    count: int,
    like: str,
    seed: int,
    x: Patterns,
    dy: Patterns,
    a: Patterns,
) -> None: ...
def takes(activation: str, direction: str, type: str) -> tuple[bool, bool]: ...
