# SPDX-License-Identifier: Apache-2.0
"""The version stands in CMakeLists.txt alone; what has to repeat it says the same. So does the date of the release."""

import json
import os
import re
import subprocess
import sys
import unittest

PROGRAM = os.path.abspath(sys.argv[1])
SOURCE = os.environ["ACTBENCH_SOURCE_DIR"]


def text(*path):
    with open(os.path.join(SOURCE, *path), encoding="utf-8") as file:
        return file.read()


def run(*arguments):
    return subprocess.run([PROGRAM, *arguments], stdout=subprocess.PIPE, check=True, text=True).stdout


VERSION = re.search(r"^project\(actbench VERSION ([0-9.]+)", text("CMakeLists.txt"), re.MULTILINE)[1]


class Version(unittest.TestCase):
    def test_changelog(self):
        entries = re.findall(r"^## \[(\d[0-9.]*)\] - (\d{4}-\d\d-\d\d)$", text("CHANGELOG.md"), re.MULTILINE)
        self.assertEqual(entries[0][0], VERSION, "the newest entry of CHANGELOG.md")
        dates = [date for _, date in entries]
        self.assertEqual(dates, sorted(dates, reverse=True))

    def test_citation(self):
        citation = text("CITATION.cff")
        self.assertEqual(re.search(r'^version: "?([0-9.]+)', citation, re.MULTILINE)[1], VERSION)
        date = re.search(r'^date-released: "?([0-9-]+)', citation, re.MULTILINE)[1]
        self.assertIn(f"## [{VERSION}] - {date}", text("CHANGELOG.md"))

    def test_program(self):
        first, *rest = run("--version").splitlines()
        form = r"actbench (\S+) \(([0-9a-f]{40}|unknown)(, modified)?, (\S+ [0-9.]+) (\w+)\)"
        self.assertRegex(first, rf"\A{form}\Z")
        version, revision, modified, compiler, build_type = re.fullmatch(form, first).groups()
        self.assertEqual(version, VERSION)
        said = dict(re.split(r" {2,}", line, maxsplit=1) for line in rest)
        self.assertEqual(said["revision"].split(",")[0], revision)
        self.assertEqual("not committed" in said["revision"], modified is not None)
        self.assertEqual((said["compiler"], said["build type"]), (compiler, build_type))
        listed = json.loads(run("list", "--format", "json"))["tables"][0]["rows"]
        self.assertEqual(set(said["backends"].split(", ")), {row["backend"] for row in listed})
        self.assertEqual("cuda" in said["backends"], "CUDA compiler" in said)
        self.assertIn("mpfr 4", said["libraries"])
        self.assertEqual(json.loads(run("describe-cli"))["version"], VERSION)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
