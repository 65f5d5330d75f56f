# SPDX-License-Identifier: Apache-2.0
"""The subcommand gap from outside: its numbers, its files, its error sentences."""

import csv
import io
import os
import subprocess
import sys
import tempfile
import unittest
import xml.dom.minidom

PROGRAM = os.path.abspath(sys.argv[1])


def run(*arguments):
    return subprocess.run([PROGRAM, "gap", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          timeout=600)


def tables(text):
    """CSV of several tables: by the columns that they begin with."""
    parts = [list(csv.DictReader(io.StringIO(part))) for part in text.split("\n\n")]
    return [part for part in parts if part]


def table(text, column):
    found = [part for part in tables(text) if column in part[0]]
    assert len(found) == 1, (column, [list(part[0]) for part in tables(text)])
    return found[0]


class Gap(unittest.TestCase):
    def ok(self, *arguments):
        result = run(*arguments)
        self.assertEqual((result.returncode, result.stderr), (0, ""), arguments)
        return result.stdout

    def error(self, code, pattern, *arguments):
        result = run(*arguments)
        self.assertEqual(result.returncode, code, f"{arguments}: {result.stderr}")
        self.assertEqual(result.stdout, "", arguments)
        self.assertRegex(result.stderr, r"\Aactbench: [^\n]*\n\Z", "one sentence")
        self.assertRegex(result.stderr, pattern)

    def test_gelu_and_its_approximations(self):
        with tempfile.TemporaryDirectory() as folder:
            out = os.path.join(folder, "deep", "gap")
            text = self.ok("--quick", "--no-timing", "--format", "csv", "--output", out)
            self.assertEqual(sorted(os.listdir(out)), [".actbench-files", "gap-close.svg", "gap.csv", "gap.md", "gap.svg"])
            with open(os.path.join(out, "gap.csv"), encoding="utf-8") as file:
                self.assertEqual(file.read(), text)
            for name in ("gap.svg", "gap-close.svg"):
                xml.dom.minidom.parse(os.path.join(out, name))
            with open(os.path.join(out, "gap.md"), encoding="utf-8") as file:
                self.assertIn("a factor that its formula applies again", file.read())
        line = {(r["function"], r["direction"]): r for r in table(text, "largest_low")}
        for name, direction, largest, at in (("gelu_tanh", "forward", 4.73235520687e-4, "±2.69894138638"),
                                             ("new_gelu", "forward", 5.52656037344e-3, "±1.81473629503"),
                                             ("quick_gelu", "forward", 2.03348722092e-2, "±2.2703977372"),
                                             ("gelu_tanh", "derivative", 8.68451834986e-4, "±2.01865575977"),
                                             ("tanh, Taylor", "forward", 7.46169326029e-4, "±2.46674223394")):
            row = line[name, direction]
            self.assertLessEqual(float(row["largest_low"]), largest * (1 + 2e-12))
            self.assertGreaterEqual(float(row["largest_high"]), largest * (1 - 2e-12))
            self.assertLess(float(row["largest_high"]) / float(row["largest_low"]) - 1, 1e-12)
            self.assertEqual(row["at"], at)
        best = float(line["best tanh, 2 coefficients", "forward"]["largest_high"])
        self.assertEqual(best, min(float(r["largest_high"]) for r in line.values()))
        self.assertEqual({r["type"] for r in table(text, "most_steps")}, {"f16", "bf16"})

    def test_any_two(self):
        text = self.ok("hard_swish", "silu", "--no-timing", "--format", "csv")
        row = table(text, "largest_low")[0]
        self.assertEqual((row["function"], row["exact"], row["at"]), ("hard_swish", "silu", "±3"))
        self.assertAlmostEqual(float(row["largest_low"]), 0.14227761953270, 13)
        # Against the other, silu is as far away.
        back = table(self.ok("silu", "hard_swish", "--no-timing", "--format", "csv"), "largest_low")[0]
        self.assertAlmostEqual(float(back["mean"]), -float(row["mean"]), 15)
        self.assertAlmostEqual(float(back["rms"]), float(row["rms"]), 15)

    def test_parameters(self):
        text = self.ok("swish", "gelu", "--param", "beta=1.702", "--no-timing", "--format", "csv")
        row = table(text, "largest_low")[0]
        self.assertEqual(row["coefficients"], "beta=1.702")
        self.assertAlmostEqual(float(row["largest_low"]), 0.020334872209239, 14)

    def test_details_are_asked_for(self):
        short, long = (self.ok("hard_swish", "silu", "--no-timing", *more) for more in ([], ["--details"]))
        for title in ("Extrema and sign changes of the gap", "Relative gap of", "The tail:"):
            self.assertNotIn(title, short)
            self.assertIn(title, long)
        self.assertIn("Distance from silu", short)

    def test_what_has_no_bound_and_what_is_the_same(self):
        self.assertIn("unbounded", self.ok("relu", "leaky_relu", "--no-timing"))
        self.assertIn("the same, as far as", self.ok("swish", "silu", "--no-timing"))

    def test_times_beside_it(self):
        text = self.ok("quick_gelu", "gelu", "--quick", "--backend", "scalar", "--tier", "naive", "--format", "csv")
        times = {r["activation"]: r for r in table(text, "ratio_low")}
        self.assertEqual(set(times), {"gelu", "quick_gelu"})
        self.assertEqual(float(times["gelu"]["ratio"]), 1)
        self.assertGreater(float(times["quick_gelu"]["ratio"]), 0)

    def test_errors(self):
        self.error(2, "did you mean gelu", "gelus", "silu", "--no-timing")
        self.error(2, "no activation 'nonsense'", "gelu", "nonsense")
        self.error(2, "two activations", "gelu")
        self.error(2, "two different", "gelu", "gelu")
        self.error(2, "two different", "gelu", "gelu_erf")
        self.error(2, "--help", "gelu", "silu", "mish")
        self.error(2, "no parameters", "--param", "beta=1")
        self.error(2, "parameter 'gamma'", "swish", "gelu", "--param", "gamma=1")
        self.error(2, "'beta=one'|not a|number", "swish", "gelu", "--param", "beta=one")
        self.error(2, "has a parameter", "gelu", "silu", "--param", "beta=1")
        self.error(2, "NAME=VALUE", "swish", "gelu", "--param", "beta")
        self.error(2, "--threads", "--threads", "0")
        self.error(2, "--nonsense", "--nonsense")
        with tempfile.NamedTemporaryFile() as file:
            self.error(2, file.name, "gelu", "silu", "--output", file.name)
        self.error(3, "do not run|no kernels", "gelu", "silu", "--backend", "cuda")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=1)
