# SPDX-License-Identifier: Apache-2.0
"""Arrays of any framework as arrays of bit patterns, and back."""

from __future__ import annotations

import dataclasses
import sys
from typing import Any, Callable

import numpy

TYPES = ("f32", "f64", "f16", "bf16", "f8_e4m3fn", "f8_e5m2")
PATTERNS = {
    "f32": numpy.uint32,
    "f64": numpy.uint64,
    "f16": numpy.uint16,
    "bf16": numpy.uint16,
    "f8_e4m3fn": numpy.uint8,
    "f8_e5m2": numpy.uint8,
}
_NUMPY = {"f32": "float32", "f64": "float64", "f16": "float16"}
_ML_DTYPES = {"bf16": "bfloat16", "f8_e4m3fn": "float8_e4m3fn", "f8_e5m2": "float8_e5m2"}
_FRAMEWORKS = _NUMPY | _ML_DTYPES
_JUDGED = "float32, float64, float16, bfloat16, float8_e4m3fn and float8_e5m2"
_NAMES = (
    {name: type for type, name in _FRAMEWORKS.items()}
    | {type: type for type in TYPES}
    | {"half": "f16", "single": "f32", "double": "f64"}
)


def type_name(type: Any) -> str:
    """One of TYPES from its name, a NumPy dtype, or a framework's (torch.bfloat16, jax.numpy.float16)."""
    text = str(getattr(type, "__name__", None) or getattr(type, "name", None) or type).rpartition(".")[2]
    if text not in _NAMES:
        raise ValueError(
            f"type is one of {', '.join(TYPES)}, or a dtype such as numpy.float32 or torch.bfloat16; not {type!r}"
        )
    return _NAMES[text]


def dtype(type: str) -> numpy.dtype:
    """NumPy's dtype of a type; bf16 and those of 8 bits are of ml_dtypes."""
    if type in _NUMPY:
        return numpy.dtype(_NUMPY[type])
    try:
        import ml_dtypes
    except ImportError:
        raise ValueError(
            f"NumPy has no {type} of its own: install ml_dtypes (pip install ml_dtypes), give torch tensors, or "
            f"give arrays of {PATTERNS[type].__name__} that hold the bit patterns, with type={type!r}"
        ) from None
    found: numpy.dtype = numpy.dtype(getattr(ml_dtypes, _ML_DTYPES[type]))
    return found


@dataclasses.dataclass(frozen=True)
class Patterns:
    """An array as bit patterns."""

    bits: numpy.ndarray  # of unsigned integers as wide as the type, in C's order, in this machine's byte order
    type: str
    give_back: Callable[[numpy.ndarray], Any]  # makes patterns of that type into an array of the kind that was given


def is_torch(x: Any) -> bool:
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(x, torch.Tensor)


def _from_torch(x: Any, what: str) -> Patterns:
    import torch

    names = {getattr(torch, name, None): type for type, name in _FRAMEWORKS.items()}
    if x.dtype not in names:
        raise ValueError(f"{what} holds {x.dtype}; what is judged are {_JUDGED}")
    type, device = names[x.dtype], x.device
    signed = {1: torch.int8, 2: torch.int16, 4: torch.int32, 8: torch.int64}[x.element_size()]
    bits = x.detach().cpu().contiguous().view(signed).numpy().view(PATTERNS[type])

    def give_back(patterns: numpy.ndarray) -> Any:
        return to_torch(patterns, type, device)

    return Patterns(bits, type, give_back)


def to_torch(bits: numpy.ndarray, type: str, device: Any = None) -> Any:
    """A tensor on the device (None: the CPU), which on the CPU shares the patterns' memory."""
    import torch

    signed = {1: numpy.int8, 2: numpy.int16, 4: numpy.int32, 8: numpy.int64}[bits.dtype.itemsize]
    tensor = torch.from_numpy(bits.view(signed)).view(getattr(torch, _FRAMEWORKS[type]))
    return tensor if device is None else tensor.to(device)


def _to_numpy(x: Any, what: str) -> numpy.ndarray:
    if isinstance(x, numpy.ndarray):
        return x
    # CuPy and others hand over nothing by __array__ alone; DLPack says on which device an array lies.
    device = getattr(x, "__dlpack_device__", None)
    if device is not None and device()[0] not in (1, 3):
        raise TypeError(
            f"{what} lies on a GPU or another device ({type(x).__module__}.{type(x).__qualname__}): copy it to the "
            f"host first, by {what}.cpu() or, of CuPy, {what}.get(); torch tensors are copied by themselves"
        )
    if device is not None and not hasattr(x, "__array__"):
        return numpy.from_dlpack(x)
    try:
        return numpy.asarray(x)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{what} is no array ({type(x).__name__}): {error}") from None


def patterns(x: Any, type: str | None = None, what: str = "x") -> Patterns:
    """An array as bit patterns. type: what it must hold; None: what it does.

    Numbers and lists of Python are rounded to the type (None: f32). Unsigned integers as wide as the type are patterns
    already. Raises ValueError for an array of another type."""
    if is_torch(x):
        result = _from_torch(x, what)
    else:
        plain = isinstance(x, (int, float, list, tuple)) and not isinstance(x, numpy.generic)
        array = _to_numpy(x, what)
        if plain and array.dtype.kind in "fiu":
            if type is None:
                type = "f32"
            with numpy.errstate(over="ignore", under="ignore"):
                array = array.astype(dtype(type))
        result = _from_numpy(array, type, what)
    if type is not None and result.type != type:
        raise ValueError(f"{what} holds {result.type}, but what is asked for is {type}: cast it, or leave out type=")
    return result


def _from_numpy(array: numpy.ndarray, type: str | None, what: str) -> Patterns:
    given = array.dtype
    if given.kind == "u" and type is not None and given.itemsize == numpy.dtype(PATTERNS[type]).itemsize:
        return Patterns(numpy.ascontiguousarray(array.astype(PATTERNS[type], copy=False)), type, lambda bits: bits)
    if given.name not in _NAMES:
        raise ValueError(
            f"{what} holds {given.name}; what is judged are {_JUDGED}, the last three of ml_dtypes, or "
            "unsigned integers that hold bit patterns, together with type="
        )
    found = _NAMES[given.name]
    native = given.newbyteorder("=") if given.kind == "f" and given.itemsize > 1 else given
    array = numpy.ascontiguousarray(array.astype(native, copy=False)).reshape(array.shape)
    return Patterns(array.view(PATTERNS[found]), found, lambda bits: bits.view(native))
