# SPDX-License-Identifier: Apache-2.0
"""The README's picture is what its script draws, and the README's numbers are those of the picture's data."""

import os
import re
import subprocess
import sys
import tempfile

SOURCE = os.environ["ACTBENCH_SOURCE_DIR"]
PICTURES = os.path.join(SOURCE, "docs", "pictures")


def read(*name):
    with open(os.path.join(*name), encoding="utf-8") as file:
        return file.read()


def main():
    with tempfile.TemporaryDirectory() as folder:
        drawn = subprocess.run([sys.executable, os.path.join(PICTURES, "speed_and_error.py"), folder], check=True,
                               capture_output=True, text=True)
        for mode in ("light", "dark"):
            name = f"speed_and_error-{mode}.svg"
            assert read(folder, name) == read(PICTURES, name), f"{name} is not what speed_and_error.py draws"
    printed = dict(re.findall(r"gelu (\w+): ([\d.]+) ns", drawn.stdout))
    readme = read(SOURCE, "README.md")
    shown = dict(re.findall(r"^\| (`accurate`|`fast`|the textbook)[^|]*\| ([\d.]+) ns \|", readme, flags=re.MULTILINE))
    expected = {"`accurate`": printed["accurate"], "`fast`": printed["fast"], "the textbook": printed["naive"]}
    assert shown == expected, f"README.md has {shown}, the measurements {expected}"
    pattern = r'"kernel": "gelu/forward/f32/(accurate|fast)".*?"not_correctly_rounded": (\d+).*?"max_ulp": ([\d.]+)'
    certificates = re.findall(pattern, read(SOURCE, "certificates.json"), flags=re.DOTALL)
    proved = {tier: (int(misrounded), float(ulp)) for tier, misrounded, ulp in certificates}
    assert proved["accurate"][0] == 0 and "**0 of 2^32 results misrounded**" in readme, proved
    bound = float(re.search(r"at most ([\d.]+) ULP over all", readme)[1])
    assert bound - 0.01 <= proved["fast"][1] <= bound, f"README.md says {bound} ULP; the certificate: {proved['fast']}"
    print(f"two pictures, and {shown}")


main()
