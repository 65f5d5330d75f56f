# SPDX-License-Identifier: Apache-2.0
"""The tests of the Python package (python/tests), where the package was built."""

import os
import pathlib
import subprocess
import sys

BUILD, SOURCE = pathlib.Path(os.environ["ACTBENCH_BUILD_DIR"]), pathlib.Path(os.environ["ACTBENCH_SOURCE_DIR"])


def skip(why):
    print(f"skipped: {why}")
    sys.exit(77)


def main():
    built = BUILD / "python"
    if not list(built.glob("actbench/_core*.so")):
        skip("the Python package was not built; -DACTBENCH_PYTHON=ON builds it, and needs nanobind (pip install nanobind, or Debian 13's python3-nanobind)")
    python = (built / "interpreter").read_text(encoding="utf-8").strip()
    for module in ("numpy", "pytest"):
        if subprocess.run([python, "-c", f"import {module}"], stderr=subprocess.DEVNULL, check=False).returncode != 0:
            skip(f"{python} has no {module} (pip install {module})")
    environment = os.environ | {"PYTHONPATH": str(built), "PYTHONDONTWRITEBYTECODE": "1", "ACTBENCH_PROGRAM": sys.argv[1]}
    tests = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(SOURCE / "python" / "tests")]
    sys.exit(subprocess.run(tests, env=environment, check=False).returncode)


if __name__ == "__main__":
    main()
