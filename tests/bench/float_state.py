# SPDX-License-Identifier: Apache-2.0
#
# A library that is loaded with the program may change the floating-point state as it is loaded. The program computes in
# the default one all the same, in every thread, and doctor says what it found and whose it is.
import atexit
import csv
import io
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile

actbench = sys.argv[1]
if platform.machine() != "x86_64":
    print("the library that changes the state is one for x86-64")
    sys.exit(77)

# Names in LD_PRELOAD end at a space, which the build folder's may hold.
folder = tempfile.mkdtemp(prefix="actbench-")
atexit.register(shutil.rmtree, folder)
library = os.path.join(folder, "libflushes_to_zero.so")
shutil.copy(os.path.join(os.environ["ACTBENCH_BUILD_DIR"], "tests", "libflushes_to_zero.so"), library)


def run(*arguments, preloaded):
    environment = dict(os.environ, LD_PRELOAD=library) if preloaded else os.environ
    return subprocess.run([actbench, *arguments], env=environment, capture_output=True, text=True)


def table(result):
    """Its lines, without the time that each took."""
    return [{name: cell for name, cell in row.items() if name != "seconds"} for row in csv.DictReader(io.StringIO(result.stdout))]


if "ASan runtime" in run("--version", preloaded=True).stderr:
    print("nothing can be loaded before the address sanitizer's runtime")
    sys.exit(77)

# What is computed, by one thread and by several, and judged.
for arguments in (
    ["accuracy", "{relu,tanh,gelu}/forward/f32/accurate", "--inputs", "65536", "--threads", "2", "--format", "csv"],
    ["accuracy", "tanh/forward/f32/naive", "--inputs", "65536", "--threads", "1", "--format", "csv"],
    ["accuracy", "log_softmax/*/f32", "--inputs", "4096", "--format", "csv"],
    ["eval", "relu", "1e-40", "--format", "csv"],
    ["eval", "threshold", "20", "--type", "f32", "--format", "csv"],
    ["overflow", "gelu/forward/f16", "--format", "csv"],
    ["verify", "{gelu,silu}/forward/bf16", "--format", "csv"],
    ["properties", "{gelu,hard_swish}", "--format", "csv"],
):
    usual, here = run(*arguments, preloaded=False), run(*arguments, preloaded=True)
    assert usual.returncode == 0, (arguments, usual.stderr)
    assert here.returncode == 0, (arguments, here.stderr)
    assert table(here) == table(usual), f"{arguments} with the library loaded:\n{here.stdout}\nand without:\n{usual.stdout}"

# A picture, and what a table says of times that were measured before.
with tempfile.TemporaryDirectory() as report:
    made = run("report", "tanh/forward/bf16/*/scalar", "--inputs", "2000", "--within", "1s", "--peers", "none", "--out", report, preloaded=True)
    assert made.returncode == 0, made.stderr
    for arguments in (["plot", "error", "tanh", "--type", "bf16", "--inputs", "20000"], ["plot", "front", "--type", "bf16", "--from", report],
                      ["pick", "tanh", "--type", "bf16", "--from", report]):
        usual, here = run(*arguments, preloaded=False), run(*arguments, preloaded=True)
        assert usual.returncode == 0, (arguments, usual.stderr)
        assert (here.stdout, here.stderr) == (usual.stdout, ""), arguments


def state(preloaded):
    table = json.loads(run("doctor", "--format", "json", preloaded=preloaded).stdout)["tables"][0]
    (row,) = [row for row in table["rows"] if row["what"] == "floating-point state at the start"]
    return row


usual, here = state(False), state(True)
assert (usual["found"], usual["verdict"]) == ("default", "good"), usual
assert here["verdict"] == "bad", here
assert here["found"] == "flush-to-zero, denormals-are-zero, rounding toward zero", here
assert library in here["remedy"], here
print(f"doctor: {here['found']}; {here['remedy']}")
