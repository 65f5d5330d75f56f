# SPDX-License-Identifier: Apache-2.0
"""The program `actbench`, which the wheel brings along."""

from __future__ import annotations

import os
import pathlib
import sys


def main() -> None:
    """Become the program, with the arguments of this process."""
    program = pathlib.Path(__file__).with_name("bin") / "actbench"
    if not program.is_file():
        sys.exit(f"actbench: {program} is missing; this package was built without the program: install the wheel again")
    os.execv(program, [sys.argv[0], *sys.argv[1:]])


if __name__ == "__main__":
    main()
