# SPDX-License-Identifier: Apache-2.0
"""NumPy's array files, written and read without NumPy, and numbers of 16 and 32 bits as Python has them."""

import math
import struct

CODES = {"f32": "<f4", "f64": "<f8", "f16": "<f2", "bf16": "<V2"}
FORMATS = {"f32": "f", "f64": "d", "f16": "e"}
SIZES = {"f32": 4, "f64": 8, "f16": 2, "bf16": 2}


def header(descr, shape, version=(1, 0), fortran=False):
    text = f"{{'descr': {descr!r}, 'fortran_order': {fortran}, 'shape': {shape!r}, }}"
    before = 10 if version[0] == 1 else 12
    text += " " * (-(before + len(text) + 1) % 64) + "\n"
    return b"\x93NUMPY" + bytes(version) + struct.pack("<H" if version[0] == 1 else "<I", len(text)) + text.encode()


def pack(kind, numbers):
    """Bit patterns of the numbers, rounded to nearest even."""
    if kind == "bf16":
        def pattern(value):
            bits = struct.unpack("<I", struct.pack("<f", value))[0]
            return 0x7fc0 if math.isnan(value) else (bits + 0x7fff + (bits >> 16 & 1)) >> 16
        return struct.pack(f"<{len(numbers)}H", *map(pattern, numbers))

    def limited(value):
        try:
            struct.pack(FORMATS[kind], value)
            return value
        except OverflowError:
            return math.copysign(math.inf, value)
    return struct.pack(f"<{len(numbers)}{FORMATS[kind]}", *map(limited, numbers))


def unpack(kind, data):
    if kind == "bf16":
        return [struct.unpack("<f", struct.pack("<I", bits << 16))[0] for bits in struct.unpack(f"<{len(data) // 2}H", data)]
    return list(struct.unpack(f"<{len(data) // SIZES[kind]}{FORMATS[kind]}", data))


def write(path, kind, numbers, shape=None):
    with open(path, "wb") as file:
        file.write(header(CODES[kind], shape or (len(numbers),)) + pack(kind, numbers))
    return path


def read(path):
    """Type and numbers."""
    with open(path, "rb") as file:
        data = file.read()
    assert data[:8] == b"\x93NUMPY\1\0" and (10 + data[8] + 256 * data[9]) % 64 == 0, data[:10]
    begin = 10 + data[8] + 256 * data[9]
    about = eval(data[10:begin])  # what this project wrote itself
    kind = {code: kind for kind, code in CODES.items()}[about["descr"]]
    numbers = unpack(kind, data[begin:])
    assert not about["fortran_order"] and math.prod(about["shape"]) == len(numbers), about
    return kind, numbers
