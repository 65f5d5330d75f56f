# SPDX-License-Identifier: Apache-2.0
"""`report --since`: what it says of a report that was changed behind its back, and of folders that are none. And what report says while it
is still at work."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest

PROGRAM = os.path.abspath(sys.argv[1])
CHOSEN = ("relu/forward/f16/{fast,accurate}/scalar", "--inputs", "256", "--peers", "none", "--within", "1s")


def report(*arguments, code=0):
    result = subprocess.run([PROGRAM, "report", *CHOSEN, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                            timeout=600, check=False)
    assert result.returncode == code, (arguments, result.returncode, result.stderr)
    return result.stdout if code == 0 else result.stderr


def read(*path):
    with open(os.path.join(*path), encoding="utf-8") as file:
        return file.read()


def replace(folder, name, before, now):
    text = read(folder, name)
    assert before in text, (before, text)
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        file.write(text.replace(before, now))


class Since(unittest.TestCase):
    def test_since(self):
        with tempfile.TemporaryDirectory() as folder:
            old, new, seeded = (os.path.join(folder, name) for name in ("old", "new", "seeded"))
            report("--out", old)
            self.assertNotIn("What changed", read(old, "summary.md"))
            report("--out", new, "--since", old)
            line = [line for line in read(new, "summary.md").split("\n")[:10] if "What changed since" in line]
            self.assertEqual(len(line), 1)
            self.assertNotRegex(line[0], "verdict is|error grew|error shrank|new|gone")
            self.assertIn("## Since\n", read(new, "summary.md"))
            self.assertIn("(since.csv)", read(new, "summary.md"))

            shutil.copytree(old, seeded)
            replace(seeded, "accuracy.csv", ",pass,", ",fail,")
            # A report may replace the one that it is compared with; the files of the last time that it does not write go away.
            report("--out", new, "--since", seeded)
            line = next(line for line in read(new, "summary.md").split("\n")[:10] if "What changed since" in line)
            self.assertIn("2 verdicts are others", line)
            self.assertIn("errors: pass, before fail", line)
            self.assertIn("verdict,relu/forward/f16/fast/scalar,errors,fail,pass,\n", read(new, "since.csv"))
            report("--out", new, "--since", new)
            self.assertNotIn("verdicts are", read(new, "summary.md"))
            report("--out", new)
            self.assertNotIn("since.csv", os.listdir(new))

            for name, text, said in (("", "", "has no machine.json"), ("machine.json", "{}", '"run" is missing'),
                                     ("machine.json", "[", "not JSON"),
                                     ("machine.json", read(old, "machine.json"), "has none of its tables, such as accuracy.csv"),
                                     ("accuracy.csv", "a\n1\n", "accuracy.csv is not of a report of actbench: row 1 has no seed")):
                bad = os.path.join(folder, "bad")
                os.makedirs(bad, exist_ok=True)
                if name:
                    with open(os.path.join(bad, name), "w", encoding="utf-8") as file:
                        file.write(text)
                error = report("--out", new, "--since", bad, code=2)
                self.assertIn(said, error)
                self.assertEqual(error.count("\n"), 1, error)
            self.assertIn("is no folder", report("--out", new, "--since", os.path.join(folder, "none"), code=2))
            self.assertIn("--since is given an empty value", report("--out", new, "--since", "", code=2))
            self.assertIn("Is everything as promised", read(new, "summary.md"))


class FirstFindings(unittest.TestCase):
    def test_they_come_before_the_report(self):
        with tempfile.TemporaryDirectory() as folder:
            out = os.path.join(folder, "out")
            with subprocess.Popen([PROGRAM, "report", *CHOSEN[:-1], "3s", "--out", out], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                  text=True) as process:
                first = process.stdout.readline()
                self.assertFalse(os.path.exists(os.path.join(out, "summary.md")), "it is not told when all is done")
                rest = process.stdout.read()
                self.assertEqual(process.wait(timeout=600), 0)
            self.assertEqual(first, "certificates: 2 kernels of 16 bits give for every input the bits that were proved right\n")
            self.assertRegex(rest, r"(?m)^accuracy: 2 of 2 promises kept, over 256 inputs at most$")
            self.assertRegex(rest, r"(?m)^overflow: no fault in kind that a promise excludes$")
            self.assertRegex(rest, r"(?m)^speed: relu/forward/f16/\w+/scalar [\d.e-]+ ns an element$")
            self.assertIn(os.path.join(out, "summary.md"), rest)

            self.assertTrue(report("--out", out, "--format", "csv").startswith("file,what\n"), "others read it")

    def test_a_reader_that_goes_away_costs_no_report(self):
        with tempfile.TemporaryDirectory() as folder:
            with subprocess.Popen([PROGRAM, "report", *CHOSEN, "--out", folder], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
                process.stdout.close()
                process.wait(timeout=600)
            self.assertIn("summary.md", os.listdir(folder))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[2:], verbosity=1)
