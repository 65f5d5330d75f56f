# SPDX-License-Identifier: Apache-2.0
"""The objects of the instruction sets, as the build describes them."""

import json
import os
import re
import shlex
import subprocess
import sys


def without_precompiled(arguments):
    """Arguments without the build's precompiled header, which other options make invalid."""
    kept = []
    for argument in arguments:
        if "cmake_pch" in argument:
            while kept and kept[-1] in ("-include", "-include-pch", "-Xclang"):
                kept.pop()
        elif argument != "-Winvalid-pch":
            kept.append(argument)
    return kept


class Source:
    """One compiled source of an instruction set's object library."""

    def __init__(self, isa, entry):
        self.isa = isa
        self.path = os.path.join(entry["directory"], entry["file"])
        self.directory = entry["directory"]
        arguments = shlex.split(entry["command"]) if "command" in entry else list(entry["arguments"])
        output = arguments.index("-o")
        self.object = os.path.join(self.directory, arguments[output + 1])
        del arguments[output:output + 2]
        self.arguments = without_precompiled(a for a in arguments if a not in ("-c", entry["file"]))

    def compile(self, output, *flags, source=None):
        """Compiles this source, or another with its options, adding flags; sanitizers and coverage are left out."""
        plain = [a for a in self.arguments if not re.match(r"-fsanitize|--coverage|-fprofile|-ftest-coverage|-M", a)
                 and not a.endswith(".d") and not a.endswith(".o")]
        command = plain + list(flags) + ["-o", output, "-c", source or self.path]
        done = subprocess.run(command, cwd=self.directory, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"cannot compile: {shlex.join(command)}\n{done.stderr}")
        return output


def sources():
    """Every source of every object library actbench_<isa> in the build."""
    build = os.environ["ACTBENCH_BUILD_DIR"]
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        entries = json.load(file)
    found = []
    for entry in entries:
        isa = re.search(r"/CMakeFiles/actbench_(\w+)\.dir/\1/\w+\.cpp\.o", entry.get("command", ""))
        if isa and os.path.exists(os.path.join(os.environ["ACTBENCH_SOURCE_DIR"], "kernels", "isa", f"{isa.group(1)}.hpp")):
            found.append(Source(isa.group(1), entry))
    if not found:
        sys.exit("compile_commands.json names no source of an instruction set")
    return found
