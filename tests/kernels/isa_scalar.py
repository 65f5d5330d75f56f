# SPDX-License-Identifier: Apache-2.0
"""scalar means scalar: the objects of the scalar backend do arithmetic on one number at a time.

Moves and bitwise operations on whole registers are how a compiler negates or copies a single number, and are allowed.
clang also compares and converts a single number that way.
"""

import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import isa_objects

PACKED = re.compile(r"""v?(
    (add|sub|mul|div|sqrt|min|max|hadd|hsub|addsub|rcp|rsqrt|dp|round|cmp\w*) p[sd]   # addps, cmpltpd, …
  | fn?m(add|sub|addsub|subadd)\d* p[sd]                                              # fmadd213ps, …
  | cvt\w*(ps2dq|dq2ps|pd2dq|dq2pd|ps2ph|ph2ps)                                       # conversions of several numbers
)""", re.VERBOSE)

# How clang compares a number with another, rounds it to an integer and back, and makes one of an unsigned integer of 64 bits: of its
# halves, told apart by punpckldq, the one is taken off and the other added.
SINGLE_BY_CLANG = re.compile(r"v?(cmp\w*p[sd]|cvttpd2dq|cvtdq2pd)")
OF_UNSIGNED_BY_CLANG = re.compile(r"(v?punpckldq v?subpd)|(v?subpd v?haddpd)")
# The same of aarch64: fadd v0.2d, v1.2d, v2.2d.
PACKED_AARCH64 = re.compile(r"(f(add|sub|mul|div|sqrt|ml[as]|min|max|abd|rec|rsq|rint|cvt)\w*|[su]cvtf) "
                            r".*v\d+[.](2s|4s|2d|4h|8h)\b.*")

DEFECT = """
void scale(float* y, const float* x, float a) { for (int i = 0; i < 4096; ++i) y[i] = a * x[i] + y[i]; }
"""


def is_clang(source):
    return "clang" in subprocess.run([source.arguments[0], "--version"], capture_output=True, text=True, check=True).stdout


def packed_arithmetic(path, clang):
    """The instructions of an object that compute on several numbers at once, and how many there are of any kind."""
    listing = subprocess.run([os.environ.get("OBJDUMP") or "objdump", "--disassemble", "--no-show-raw-insn", path],
                             capture_output=True, text=True, check=True)
    found, count, before = [], 0, ""
    aarch64 = "file format elf64-littleaarch64" in listing.stdout
    for line in listing.stdout.splitlines():
        instruction = re.match(r"\s*[0-9a-f]+:\s+(\S+)\s*(.*)", line)
        if not instruction:
            continue
        count += 1
        if aarch64:
            if PACKED_AARCH64.fullmatch(" ".join(instruction.groups())):
                found.append(" ".join(instruction.groups()))
            continue
        wide = re.search(r"%[yz]mm", instruction.group(2)) and "cvt" in instruction.group(1)
        name, pair, before = instruction.group(1), f"{before} {instruction.group(1)}", instruction.group(1)
        single = clang and "%xmm" in instruction.group(2) and (SINGLE_BY_CLANG.fullmatch(name) or OF_UNSIGNED_BY_CLANG.fullmatch(pair))
        if (PACKED.fullmatch(name) and not single) or wide:
            found.append(" ".join(instruction.groups()))
    return found, count


def main():
    scalar = [s for s in isa_objects.sources() if s.isa in ("scalar", "baseline")]
    isas = {s.isa for s in isa_objects.sources()}
    # Only of x86-64 there are two kinds of scalar code, beside that for wider registers.
    x86 = "avx2" in isas
    expected = ["scalar", "baseline"] if x86 else ["scalar"]
    if {s.isa for s in scalar} != set(expected):
        sys.exit(f"the build has other scalar objects than {' and '.join(expected)}")
    failed = instructions = 0
    clang = is_clang(scalar[0])
    for source in scalar:
        found, count = packed_arithmetic(source.object, clang)
        instructions += count
        failed += bool(found)
        for instruction in sorted(set(found)):
            print(f"{source.isa}: {os.path.basename(source.path)} has {instruction}")

    # The check itself: a loop that the compiler vectorises must be caught, and the same loop with the flags of the scalar
    # backend alone must pass.
    with tempfile.TemporaryDirectory() as folder:
        defect = os.path.join(folder, "defect.cpp")
        with open(defect, "w", encoding="utf-8") as file:
            file.write(DEFECT)
        vectorise = ("-O3", "-ftree-vectorize", "-ftree-slp-vectorize")
        for source in (next(s for s in scalar if s.isa == isa) for isa in expected):
            for flags in (vectorise, vectorise + ("-mavx2", "-mfma")) if x86 else (vectorise,):
                if not packed_arithmetic(source.compile(os.path.join(folder, "defect.o"), *flags, source=defect), clang)[0]:
                    sys.exit(f"{source.isa}: the seeded defect was not seen with {' '.join(flags)}")
            if packed_arithmetic(source.compile(os.path.join(folder, "plain.o"), "-O3", source=defect), clang)[0]:
                sys.exit(f"{source.isa}: the flags of the backend do not keep a loop scalar")
    print(f"{len(scalar)} objects, {instructions} instructions checked, {failed} objects at fault; "
          "the seeded defects were seen")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
