# SPDX-License-Identifier: Apache-2.0
"""No object of an instruction set defines a variable, nor a function that the linker could pick for the rest of the program.

An inline function that two objects share is a weak symbol, of which the linker keeps one. If that one was compiled with
AVX-512, the program dies on machines without it, anywhere. So without optimisation, where nothing is inlined away, no object
may define a weak symbol, nor any global one but its table of kernels.

Kernels run on any number of threads at once: what none of them can write to, none can share.
"""

import concurrent.futures
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import isa_objects

DEFECT = """
#include "kernels/table.hpp"
namespace actbench {
inline double shared(double x) { return x * 3; }
double (*use)(double) = shared;
static int calls;
int count() { return ++calls; }
const int fixed[] = {1, 2, 3};
const int* const place = fixed;
}
"""


def shared_symbols(isa, path):
    """What an object defines that others could see, beyond its tables."""
    listing = subprocess.run([os.environ.get("NM") or "nm", "--demangle", "--defined-only", path], capture_output=True, text=True, check=True)
    bad = []
    for line in listing.stdout.splitlines():
        kind, name = re.fullmatch(r"[0-9a-f]* *([A-Za-z]) (.*)", line).groups()
        table = re.fullmatch(rf"actbench::{isa}::\w+_kernels", name)
        if kind in "WwVvu" or (kind.isupper() and kind != "N" and not table):
            bad.append(f"{kind} {name}")
    return bad


def variables(path):
    """What an object can write to after it is loaded."""
    listing = subprocess.run([os.environ.get("OBJDUMP") or "objdump", "--syms", "--demangle", path],
                             capture_output=True, text=True, check=True)
    symbols = re.findall(r"^[0-9a-f]+ ......([ dfFO]) [.](data|bss|tdata|tbss)(\S*)\t[0-9a-f]+ +(.*)$", listing.stdout,
                         re.MULTILINE)
    return [name for kind, _, rest, name in symbols if kind == "O" and not rest.startswith(".rel.ro")]


def main():
    found = isa_objects.sources()
    with tempfile.TemporaryDirectory() as folder:
        # What all sources of an instruction set start with is read once: the headers of intrinsics are long.
        first_of = {source.isa: source for source in reversed(found)}
        for isa, source in first_of.items():
            with open(os.path.join(folder, f"{isa}.hpp"), "w", encoding="utf-8") as file:
                file.write(f'#define ACTBENCH_ISA {isa}\n#include "kernels/isa/{isa}.hpp"\n')
            source.compile(os.path.join(folder, f"{isa}.hpp.gch"), "-O0", "-g0", "-x", "c++-header", source=file.name)

        def check(numbered):
            number, source = numbered
            output = source.compile(os.path.join(folder, f"{number}.o"), "-O0", "-g0", "-include",
                                    os.path.join(folder, f"{source.isa}.hpp"))
            return source, shared_symbols(source.isa, output) + [f"the variable {v}" for v in variables(output)]

        failed = 0
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            for source, bad in pool.map(check, enumerate(found)):
                failed += bool(bad)
                for symbol in bad:
                    print(f"{source.isa}: {os.path.basename(source.path)} defines {symbol}")

        # The check itself: a shared inline function must be caught in every instruction set.
        defect = os.path.join(folder, "defect.cpp")
        with open(defect, "w", encoding="utf-8") as file:
            file.write(DEFECT)
        for isa, source in first_of.items():
            output = source.compile(os.path.join(folder, "defect.o"), "-O0", source=defect)
            bad = shared_symbols(isa, output)
            if sorted(bad) != ["D actbench::use", "T actbench::count()", "W actbench::shared(double)"]:
                sys.exit(f"{isa}: the seeded defect was not seen for what it is: {bad}")
            if sorted(variables(output)) != ["actbench::calls", "actbench::use"]:
                sys.exit(f"{isa}: the seeded variables were not seen for what they are: {variables(output)}")
        print(f"{len(found)} objects checked, {failed} at fault; the seeded defect was seen")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
