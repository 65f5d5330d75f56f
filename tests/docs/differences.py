# SPDX-License-Identifier: Apache-2.0
"""docs/differences.md: what its tables say of this project's kernels is what they give."""

import csv
import io
import os
import re
import subprocess
import sys

PROGRAM, SOURCE = sys.argv[1], os.environ["ACTBENCH_SOURCE_DIR"]


def rows():
    """The first two cells of every row of every table: the words for eval, and what that is to give."""
    with open(os.path.join(SOURCE, "docs", "differences.md"), encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip())[1:-1]]
            if len(cells) > 1 and (words := re.fullmatch(r"`(.+)`", cells[0])) and words[1] != "actbench eval":
                yield number, len(cells), words[1].split(), cells[1]


def given(words):
    """What the kernels give, by tier and backend: one number, those of a row, or "refused"."""
    result = subprocess.run([PROGRAM, "eval", *words, "--format", "csv"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if result.returncode == 2:
        return {"refused": "refused"}
    assert result.returncode == 0, f"{words}: {result.stderr}"
    found = {}
    for row in csv.DictReader(io.StringIO(result.stdout)):
        kernel = row["kernel"]
        if "/naive/" not in kernel:
            found[kernel] = (found[kernel] + " " if kernel in found else "") + row["result"]
    return found


def main():
    count, failures = 0, []
    for number, cells, words, here in rows():
        count += 1
        if cells not in (5, 6):
            failures.append(f"line {number}: {cells} cells")
        for kernel, result in given(words).items():
            # fast may be off by some ULP, and one place of the decimal with it; zeros, NaN and the like may not.
            same = result == here
            if not same and "/fast/" in kernel and len(result.split()) == 1:
                a, b = float(result), float(here) if here != "refused" else float("nan")
                same = a != 0 and abs(a - b) <= 1e-6 * abs(b)
            if not same:
                failures.append(f"line {number}: {' '.join(words)}: {kernel} gives {result}, not {here}")
    print("\n".join(failures))
    assert count > 50, f"only {count} rows were found"
    print(f"{count} rows, {len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
