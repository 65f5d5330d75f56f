# SPDX-License-Identifier: Apache-2.0
"""What README.md and docs/ show of a command is what it prints.

A block of code named "console" has a line "$ actbench ..." and below it lines of its output, in their order. "…" stands
for any lines that are left out. Blocks that show times are named "text" and are not held to anything. The recipes, docs/add-*.md,
are docs_recipes' own. What a naive kernel gives is the C library's: of its lines the first word is compared.
"""

import glob
import os
import re
import shlex
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from shown import missing_line

PROGRAM, SOURCE = sys.argv[1], os.environ["ACTBENCH_SOURCE_DIR"]


def blocks():
    """File, words of the command, lines shown."""
    pages = glob.glob(os.path.join(SOURCE, "docs", "**", "*.md"), recursive=True)
    for file in [os.path.join(SOURCE, "README.md"), *sorted(pages)]:
        if os.path.basename(file).startswith("add-"):
            continue
        with open(file, encoding="utf-8") as opened:
            text = opened.read()
        for block in re.findall(r"^```console\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE):
            command, *shown = block.rstrip("\n").split("\n")
            assert command.startswith("$ actbench "), f"{file}: a console block begins with {command}"
            yield os.path.relpath(file, SOURCE), shlex.split(command)[2:], shown


def main():
    printed = ["a", "b", "c", "d"]
    assert missing_line(["a", "b", "…"], printed) is None and missing_line(["…", "c", "d"], printed) is None
    assert missing_line(["b"], printed) == "b" and missing_line(["a", "c"], printed) == "c"
    assert missing_line(["ab…"], ["abc"]) is None and missing_line(["b…"], ["abc"]) == "b…"
    assert missing_line(["…", "c", "b"], printed) == "b" and missing_line(["a", "…", "e"], printed) == "e"

    listed = subprocess.run([PROGRAM, "list", "relu/forward/f32", "--format", "csv"], check=True, capture_output=True,
                            text=True)
    if sum(",yes," in line for line in listed.stdout.splitlines() if ",cuda," not in line) < 9:
        print("not every backend that the documents show runs here")
        return 77
    environment = os.environ | {"COLUMNS": "100"}
    count = failures = 0
    for file, words, shown in blocks():
        words += [] if "--backend" in words else ["--backend", "scalar,avx2,avx512"] if words[0] == "eval" else []
        result = subprocess.run([PROGRAM, *words], capture_output=True, text=True, env=environment)
        count += 1
        shown = ["naive…" if line.startswith("naive ") else line for line in shown]
        line = missing_line(shown, result.stdout.split("\n"))
        if line is not None:
            failures += 1
            print(f"{file}: actbench {' '.join(words)} does not print, or not there: {line}")
            print(result.stdout + result.stderr)
    assert count > 5, f"only {count} commands were found"
    print(f"{count} commands, {failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
