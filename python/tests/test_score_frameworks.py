# SPDX-License-Identifier: Apache-2.0
"""scripts/score_frameworks over frameworks made up for this: one that is right, and functions that crash, that are
absent, and that are off."""

import csv
import os
import pathlib
import shutil
import subprocess
import sys

import actbench
import pytest

SCRIPTS = pathlib.Path(__file__).parents[2] / "scripts"
FRAMEWORK = """
import os
import numpy
from case import Case, absent

def version():
    return "1.2.3"

def crash(x):
    os.abort()

def cases():
    return [
        Case("relu", "right", lambda _: lambda x: numpy.maximum(x, x.dtype.type(0)), types=("f32", "f16")),
        Case("tanh", "crashes | here", lambda _: crash, types=("f32",)),
        Case("silu", "lacks", absent, types=("f32",)),
        Case("sigmoid", "off", lambda _: lambda x: x * 0, types=("f16",)),
    ]
"""


@pytest.fixture
def script(tmp_path):
    """A copy of the script whose only framework is the one above."""
    shutil.copy(SCRIPTS / "score_frameworks", tmp_path)
    (tmp_path / "frameworks").mkdir()
    shutil.copy(SCRIPTS / "frameworks" / "case.py", tmp_path / "frameworks")
    (tmp_path / "frameworks" / "of_numpy.py").write_text(FRAMEWORK, encoding="utf-8")

    def run(*arguments):
        environment = os.environ | {"PYTHONPATH": str(pathlib.Path(actbench.__file__).parents[1])}
        return subprocess.run(
            [sys.executable, tmp_path / "score_frameworks", "--out", tmp_path / "out", *arguments],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def rows_of(folder):
    with open(folder / "table.csv", newline="", encoding="utf-8") as file:
        return {(row["activation"], row["type"]): row for row in csv.DictReader(file)}


def test_table(script, tmp_path):
    result = script("--inputs", "3000")
    assert result.returncode == 0, result.stderr
    rows = rows_of(tmp_path / "out")
    assert rows["relu", "f16"]["max_ulp"] == "0.0" and rows["relu", "f16"]["exhaustive"] == "True"
    assert rows["relu", "f32"]["inputs"] == "3000" and rows["relu", "f32"]["version"] == "1.2.3"
    assert rows["tanh", "f32"]["outcome"] == "crashed: SIGABRT"
    assert rows["silu", "f32"]["outcome"] == "absent"
    assert int(rows["sigmoid", "f16"]["not_correctly_rounded"]) > 10000
    text = (tmp_path / "out" / "table.md").read_text(encoding="utf-8")
    assert "crashed: SIGABRT" in text and "crashes \\| here" in text and "silu" not in text
    assert text.index("crashes") < text.index("| off |") < text.index("| right |")
    assert "- numpy 1.2.3" in (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    assert not list((tmp_path / "out").glob("partial*"))


def test_resumes(script, tmp_path):
    assert script("--inputs", "3000").returncode == 0
    out = tmp_path / "out"
    lines = (out / "table.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    for file in out.iterdir():
        file.unlink()
    (out / "partial-3000.csv").write_text("".join(lines[:2]), encoding="utf-8")  # relu in f32
    result = script("--inputs", "3000")
    assert "numpy relu forward f32" not in result.stderr and "numpy relu forward f16" in result.stderr
    assert len(rows_of(out)) == 5
    again = script("--inputs", "2000")
    assert again.returncode == 1 and "has a table already" in again.stderr
    assert len(rows_of(out)) == 5


def test_other_files_are_left_alone(script, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "table.csv").write_text("mine\n", encoding="utf-8")
    result = script()
    assert result.returncode == 1 and "is no table of this script" in result.stderr
    assert (tmp_path / "out" / "table.csv").read_text(encoding="utf-8") == "mine\n"
