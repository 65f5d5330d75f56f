#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""python3 check.py: runs all scripts of this folder, and says which coefficients of kernels/ none of them gives, bit for bit.

A coefficient is a number of a table in braces, or any hexadecimal one, with more than 8 significant bits. A table has to come from
one script, in its order; what is short at its ends may be added by hand. Exit code 1 where one is not made by any script, 3 where
mpmath or sollya is missing. About 15 seconds.
"""
import importlib.util
import os
import pathlib
import re
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
KERNELS = HERE.parent.parent / "kernels"
SCRIPTS = ("constants.py", "fast.py", "slopes.py", "exp.sollya", "log1p.sollya", "normal_cdf.sollya", "tanh.sollya")

COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
BRACES = re.compile(r"\{[-+\s{},./0-9a-fA-FxXpP]*\}")
HEXADECIMAL = re.compile(r"-?\b0x[0-9a-f]+(?:\.[0-9a-f]*)?p[-+]?\d+")
# A number, or a quotient of two.
ENTRY = re.compile(r"\s*(-?(?:0x[0-9a-f.]+p[-+]?\d+|0x[0-9a-f]+|\d+\.?\d*(?:e[-+]?\d+)?))f?(?:\s*/\s*(\d+))?\s*", re.IGNORECASE)
# As a script prints them: decimal ones only after a label of their own.
PRINTED = re.compile(r"-?\b0x[0-9a-f]+(?:\.[0-9a-f]*)?p[-+]?\d+|\b0x(?:[0-9a-f]{8}){1,2}\b|(?<=[:,] )-?\d+\.\d{4}\b")


def number(text):
    if "p" in text:
        return float.fromhex(text)
    return int(text, 16) if "0x" in text else float(text)


def is_short(value):
    """Whether it has at most 8 significant bits."""
    if isinstance(value, float):
        value = value.as_integer_ratio()[0]
    value = abs(value)
    return value < 256 or value // (value & -value) < 256


def entries(text):
    """The numbers between braces; None where there is anything else."""
    values = []
    for item in text.replace("{", "").replace("}", "").split(","):
        found = ENTRY.fullmatch(item)
        if not found:
            return None
        values.append(number(found[1]) / int(found[2]) if found[2] else number(found[1]))
    return values


def without_short_ends(values):
    long = [i for i, value in enumerate(values) if not is_short(value)]
    return values[long[0] : long[-1] + 1] if long else []


def tables(text):
    """(line, name, numbers) of all tables in braces, and of single hexadecimal numbers, whose name is None."""
    text = COMMENT.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), text)
    rest = text
    start = text.find("{")
    while start >= 0:
        found = BRACES.match(text, start)
        values = entries(found[0]) if found else None
        end = start + 1 if values is None else found.end()
        if values is not None:
            values = without_short_ends(values)
            rest = rest[:start] + re.sub(r"[^\n]", " ", rest[start:end]) + rest[end:]
        name = re.search(r"(\w+)\s*(?:\[\w*\])*\s*=?\s*\Z", text[max(0, start - 99) : start])
        if values and name and not name[1].endswith("_t"):  # which converts an integer
            yield text.count("\n", 0, start) + 1, name[1], values
        start = text.find("{", end)
    for found in HEXADECIMAL.finditer(rest):
        if not is_short(number(found[0])):
            yield rest.count("\n", 0, found.start()) + 1, None, [number(found[0])]


def sources(kernels):
    for path in sorted(pathlib.Path(kernels).rglob("*.[hc]pp")):
        yield path, path.read_text(encoding="utf-8")


def made_by(script):
    """The numbers that a script prints, in their order; None where what it needs is missing."""
    if script.endswith(".sollya"):
        command = [shutil.which("sollya"), script]
        if command[0] is None:
            print(f"there is no sollya here, which {script} needs (apt-get install sollya)", file=sys.stderr)
            return None
    else:
        command = [sys.executable, "-B", script]
    result = subprocess.run(command, cwd=HERE, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, encoding="utf-8", check=False,
                            env={**os.environ, "PYTHONIOENCODING": "utf-8"})
    if result.returncode == 3:
        return None
    if result.returncode != 0:
        sys.exit(f"{script} fails with exit code {result.returncode}")
    return [number(text) for text in PRINTED.findall(result.stdout)]


def holds(stream, values):
    if len(values) == 1:
        return any(abs(value) == abs(values[0]) for value in stream)
    return any(stream[i : i + len(values)] == values for i, value in enumerate(stream) if value == values[0])


def unmade(kernels, streams):
    """(file, line, sentence) of what no script gives."""
    for path, text in sources(kernels):
        for line, name, values in tables(text):
            if not any(holds(stream, values) for stream in streams):
                first = values[0].hex() if isinstance(values[0], float) else hex(values[0])
                what = first if name is None else f"the table {name} from {first} on"
                yield path, line, f"{what}: no script of scripts/fit gives that"


def count(kernels):
    found = [values for _, text in sources(kernels) for _, _, values in tables(text)]
    return len(found), sum(map(len, found))


def main():
    if len(sys.argv) > 1:
        print(__doc__, file=sys.stderr)
        return 2
    if importlib.util.find_spec("mpmath") is None:
        print("there is no mpmath here, which the fits compute with (apt-get install python3-mpmath)", file=sys.stderr)
        return 3
    streams = {script: made_by(script) for script in SCRIPTS}
    missing = [script for script, stream in streams.items() if stream is None]
    found = list(unmade(KERNELS, [stream for stream in streams.values() if stream is not None]))
    for path, line, sentence in found:
        print(f"{path.relative_to(KERNELS.parent)}:{line}: {sentence}")
    if missing:
        print(f"not run: {', '.join(missing)}", file=sys.stderr)
        return 3
    number_of, numbers = count(KERNELS)
    print(f"{number_of} tables and constants, {numbers} numbers; {number_of - len(found)} of them come from the scripts, bit for bit")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
