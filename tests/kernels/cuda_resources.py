# SPDX-License-Identifier: Apache-2.0
"""Every kernel for CUDA keeps to registers: no stack, no spill, no local memory. What each takes is printed as a table.

The build writes what ptxas says of each kernel (kernels/cuda/compile.cpp); the table of kernels says which there are.
"""

import collections
import csv
import glob
import io
import os
import subprocess
import sys

MEMORY = ("stack_bytes", "spill_store_bytes", "spill_load_bytes", "local_bytes")
MOST_REGISTERS = 255  # that a thread can have


def reports(folder):
    found = []
    for path in sorted(glob.glob(os.path.join(folder, "*.resources.csv"))):
        with open(path, encoding="utf-8", newline="") as file:
            found += csv.DictReader(file)
    return found


def faults(rows, listed):
    """What is wrong, a line each: kernels that use memory, that are missing from a report, or that nobody listed."""
    lines = []
    for row in rows:
        used = [f"{row[column]} {column}" for column in MEMORY if int(row[column]) != 0]
        if used:
            lines.append(f"{row['kernel']} on {row['architecture']}: {', '.join(used)}")
        if not 0 < int(row["registers"]) <= MOST_REGISTERS:
            lines.append(f"{row['kernel']} on {row['architecture']}: {row['registers']} registers")
    for architecture in {row["architecture"] for row in rows}:
        reported = collections.Counter(row["kernel"] for row in rows if row["architecture"] == architecture)
        lines += [f"{kernel} on {architecture}: no report" for kernel in listed if reported[kernel] != 1]
        lines += [f"{kernel} on {architecture}: not in the table" for kernel in reported if kernel not in listed]
    return lines


def print_table(rows):
    """Registers: least, median and most of the activations, for each kind of kernel."""
    kinds = collections.defaultdict(list)
    for row in rows:
        kinds[(row["architecture"], *row["kernel"].split("/")[1:4])].append(row)
    print("| architecture | direction | type | tier | kernels | registers: least | median | most | of | bytes of memory |")
    print("|:---|:---|:---|:---|---:|---:|---:|---:|:---|---:|")
    for kind, members in kinds.items():
        members.sort(key=lambda row: int(row["registers"]))
        registers = [int(row["registers"]) for row in members]
        memory = sum(int(row[column]) for row in members for column in MEMORY)
        print("|", " | ".join([*kind, str(len(members)), str(registers[0]), str(registers[len(registers) // 2]),
                               str(registers[-1]), members[-1]["kernel"].split("/")[0], str(memory)]), "|")


def main(program):
    build = os.environ["ACTBENCH_BUILD_DIR"]
    rows = reports(os.path.join(build, "kernels", "cuda_device"))
    others = reports(os.path.join(build, "bench", "cuda_device"))  # that are no activation's
    if not rows:
        print("built without CUDA")
        return 77
    listing = subprocess.run([program, "list", "--format", "csv"], capture_output=True, text=True, check=True).stdout
    listed = {"/".join(row[part] for part in ("activation", "direction", "type", "tier", "backend"))
              for row in csv.DictReader(io.StringIO(listing)) if row["backend"] == "cuda"}

    # The check itself: memory, a lost report and a stray one must each be seen.
    sound = dict(rows[0], **{column: "0" for column in MEMORY})
    alone = {sound["kernel"]}
    seeded = [([dict(sound, **{column: "8"})], alone) for column in MEMORY]
    seeded += [([dict(sound, registers="256")], alone), ([sound], alone | {"other"}), ([sound, sound], alone), ([sound], set())]
    if faults([sound], alone) or not all(len(faults(*case)) == 1 for case in seeded):
        sys.exit("a seeded defect was not seen")

    print_table(rows)
    wrong = faults(rows, listed) + faults(others, {row["kernel"] for row in others})
    for line in wrong:
        print(line)
    print(f"{len(rows)} reports of {len(listed)} kernels, {len(wrong)} at fault")
    return len(wrong) > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
