# SPDX-License-Identifier: Apache-2.0
"""What a process has made of its locale and of its floating-point state changes nothing, and is as it was afterwards."""

import os
import pathlib
import shutil
import subprocess
import sys

import pytest

SCORE = """
import ctypes, locale, os, sys
import actbench, numpy

x = numpy.append(numpy.linspace(-5, 5, 1001, dtype=numpy.float32), numpy.float32([2.0**-140, -(2.0**-149)]))
arrays = [x, x.astype(numpy.float16)]
if "comma" in sys.argv:
    locale.setlocale(locale.LC_ALL, "de_DE.UTF-8")
if "flush" in sys.argv:
    ctypes.CDLL(os.environ["FLUSHES_TO_ZERO"])
for inputs in arrays:
    print(actbench.score("elu", inputs, inputs, alpha=0.3))
    print(actbench.score("relu", inputs, inputs).asdict())
    for y in (actbench.exact("tanh", inputs), actbench.kernel(f"tanh/forward/f{8 * inputs.itemsize}/accurate")(inputs)):
        print(y.tobytes().hex())
print([array.tobytes().hex() for array in actbench.inputs("gelu", inputs=5, like="normal:2.5")])
if "comma" in sys.argv:
    assert locale.str(0.5) == "0,5", "the locale is the caller's again"
if "flush" in sys.argv:
    assert not (x[-2:-1] * numpy.float32(0.5)).view(numpy.uint32).any(), "the state is the caller's again"
"""


def said(*words, **environment):
    result = subprocess.run([sys.executable, "-c", SCORE, *words], env=os.environ | environment, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True, timeout=300, check=False)
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_decimal_comma(tmp_path):
    if shutil.which("localedef") is None:
        pytest.skip("no localedef, which makes a locale with a comma")
    made = subprocess.run(["localedef", "-i", "de_DE", "-f", "UTF-8", tmp_path / "de_DE.UTF-8"], stderr=subprocess.DEVNULL, check=False)
    if made.returncode:
        pytest.skip("no definition of de_DE (package locales)")
    assert said("comma", LOCPATH=str(tmp_path)) == said()


def test_flushing():
    library = pathlib.Path(os.environ.get("ACTBENCH_BUILD_DIR", "")) / "tests" / "libflushes_to_zero.so"
    if not library.exists():
        pytest.skip("libflushes_to_zero.so is not built; scripts/test builds it")
    assert said("flush", FLUSHES_TO_ZERO=str(library)) == said()
