# SPDX-License-Identifier: Apache-2.0
#
# docs/bit-identity.md says of every kernel what its bits depend on. Every kernel must have its line there, every column a
# test, and every test that it names must be one that ctest runs.
import json
import os
import re
import subprocess
import sys

actbench = sys.argv[1]
source, build = os.environ["ACTBENCH_SOURCE_DIR"], os.environ["ACTBENCH_BUILD_DIR"]
text = open(os.path.join(source, "docs", "bit-identity.md"), encoding="utf-8").read()


def table(name):
    found = re.search(f"<!-- {name}: begin -->\n(.*?)<!-- {name}: end -->", text, re.DOTALL)
    assert found, f"docs/bit-identity.md has no table between the marks of {name}"
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in found.group(1).strip().splitlines()]
    return rows[0], rows[2:]


heading, sheet = table("bit sheet")
_, tests = table("bit tests")

listed = subprocess.run([actbench, "list", "--format", "json"], check=True, capture_output=True, text=True)
rows = json.loads(listed.stdout)["tables"][0]["rows"]
groups = {f"{row['shape']}/{row['tier']}" for row in rows}
lines = [row[0] for row in sheet]
assert len(lines) == len(set(lines)), f"lines that are there twice: {lines}"
assert groups == set(lines), f"kernels without a line, or lines without kernels: {groups ^ set(lines)}"

for row in sheet:
    assert len(row) == len(heading), row
    assert all(cell in ("yes", "no", "—") for cell in row[1:]), row
    if not row[0].endswith("/naive"):
        allowed = {"backend", "device"} if row[0] == "rows/fast" else set()
        not_promised = {column for column, cell in zip(heading[1:], row[1:]) if cell == "no"}
        assert not_promised == allowed, f"{row[0]}: {not_promised}"

assert [row[0] for row in tests] == heading[1:], "every column needs a line that says what shows it"
ctest = os.path.join(os.path.dirname(os.environ["CMAKE_COMMAND"]), "ctest")
listed = subprocess.run([ctest, "-N", "--test-dir", build], check=True, capture_output=True, text=True)
there = set(re.findall(r"Test +#\d+: (\S+)", listed.stdout))
for column, _, names in tests:
    for name in names.split(", "):
        assert name in there, f"{column} is shown by {name}, which is no test"
print(f"{len(rows)} kernels in {len(lines)} lines, {len(tests)} columns with their tests")
