# SPDX-License-Identifier: Apache-2.0
"""The program that a wheel brings along."""

import pathlib
import subprocess
import sys

import actbench
import pytest

PROGRAM = pathlib.Path(actbench.__file__).with_name("bin") / "actbench"


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "actbench._cli", *arguments], capture_output=True, text=True, check=False
    )


@pytest.mark.skipif(not PROGRAM.exists(), reason="this is no wheel")
def test_program():
    assert run("--version").stdout.startswith(f"actbench {actbench.__version__}")
    assert run("eval", "gelu", "-5.5", "--type", "f32").returncode == 0
    assert run("no-such-command").returncode == 2


@pytest.mark.skipif(PROGRAM.exists(), reason="this is a wheel")
def test_without_program():
    result = run("--version")
    assert result.returncode == 1 and "install the wheel again" in result.stderr
