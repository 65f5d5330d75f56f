# SPDX-License-Identifier: Apache-2.0
"""actbench compare: one table a function, with plug-ins beside the kernels, and the front that its times and errors make."""

import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

PROGRAM = sys.argv[1]
SOURCE = os.environ["ACTBENCH_SOURCE_DIR"]
QUICK = ("--sizes", "4096,l1", "--repetitions", "6", "--min-time", "0.0002", "--inputs", "2000")
PEER = """#include <actbench/plugin.h>
#include <string.h>
static void same(const actbench_call* c) { memset(c->y, 0x3f, c->n * sizeof(float)); }  /* 0.747 */
static void slow(const actbench_call* c) {
  for (size_t i = 0; i < c->n; ++i) { volatile float v = 0; for (int k = 0; k < 300; ++k) v = v + 1; ((float*)c->y)[i] = 0.5f; }
}
static const actbench_plugin_kernel kernels[] = {{"sigmoid", "forward", "f32", NAME}};
ACTBENCH_PLUGIN(PEER, "of a test", kernels)
"""


def run(*arguments):
    return subprocess.run([PROGRAM, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          check=False)


class Compare(unittest.TestCase):
    def tables(self, *arguments):
        result = run("compare", *arguments, *QUICK, "--format", "json")
        self.assertEqual(result.returncode, 0, result.stderr)
        return json.loads(result.stdout)["tables"]

    def check(self, rows, size):
        """The front, and the ratios, from the numbers themselves."""
        self.assertEqual([r[f"ns_{size}"] for r in rows], sorted(r[f"ns_{size}"] for r in rows))
        ours = next(r for r in rows if r["tier"] == "fast" and r["backend"] in ("scalar", "avx2", "avx512"))
        self.assertEqual(ours[f"over_ours_{size}"], 1)
        for row in rows:
            self.assertLessEqual(row[f"ns_low_{size}"], row[f"ns_{size}"])
            self.assertLessEqual(row[f"ns_{size}"], row[f"ns_high_{size}"])
            # Of six rounds the interval is all of them: no ratio of a round lies beyond that of the extremes.
            low, over, high = (row[f"over_ours_{part}{size}"] for part in ("low_", "", "high_"))
            self.assertLessEqual(row[f"ns_low_{size}"] / ours[f"ns_high_{size}"] * (1 - 1e-9), low)
            self.assertLessEqual(high, row[f"ns_high_{size}"] / ours[f"ns_low_{size}"] * (1 + 1e-9))
            self.assertTrue(low <= over <= high, row)
            worse = [float(o["max_ulp"]) > float(row["max_ulp"]) or o[f"ns_{size}"] > row[f"ns_{size}"] or
                     (float(o["max_ulp"]), o[f"ns_{size}"]) == (float(row["max_ulp"]), row[f"ns_{size}"]) for o in rows]
            self.assertEqual(row["on_front"], all(worse), row)

    def test_one_table_a_function(self):
        tables = self.tables("relu", "gelu", "--type", "f32,bf16")
        self.assertEqual(sorted((t["rows"][0]["activation"], t["rows"][0]["type"]) for t in tables),
                         [("gelu", "bf16"), ("gelu", "f32"), ("relu", "bf16"), ("relu", "f32")])
        for table in tables:
            self.check(table["rows"], "4096")
            self.assertEqual(len({row["tier"] for row in table["rows"]}), len(table["rows"]))  # the best backend of each

    def test_rows(self):
        (table,) = self.tables("softmax", "--row", "64")
        self.check(table["rows"], "4096")
        self.assertIn("rows of 64 numbers", " ".join(table["notes"]))

    def test_backward_and_faults(self):
        (table,) = self.tables("silu", "--direction", "backward")
        self.assertEqual({row["direction"] for row in table["rows"]}, {"backward"})
        naive = next(row for row in table["rows"] if row["tier"] == "naive")
        self.assertIn("NaN", naive["faults"])
        self.assertEqual(next(row for row in table["rows"] if row["tier"] == "accurate")["faults"], None)

    def test_plugins(self):
        with tempfile.TemporaryDirectory() as folder:
            options = []
            for name in ("same", "slow"):
                source, library = os.path.join(folder, name + ".c"), os.path.join(folder, name + ".so")
                with open(source, "w", encoding="utf-8") as file:
                    file.write(PEER.replace("NAME", name).replace("PEER", f'"{name}"'))
                subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-I", os.path.join(SOURCE, "kernels", "include"), "-o", library, source],
                               check=True)
                options += ["--plugin", library]
            (table,) = self.tables("sigmoid", *options)
            rows = {row["backend"]: row for row in table["rows"]}
            self.check(table["rows"], "4096")
            self.assertTrue(rows["same"]["on_front"])  # nothing is faster
            self.assertFalse(rows["slow"]["on_front"])
            self.assertEqual(table["rows"][-1]["backend"], "slow")
            self.assertIn("0.747", run("eval", "sigmoid", "3", "--type", "f32", *options).stdout)
            (table,) = self.tables("sigmoid", *options, "--against", "same")
            self.assertNotIn("slow", [row["backend"] for row in table["rows"]])
            result = run("compare", "sigmoid", *options, "--against", "other")
            self.assertEqual(result.returncode, 2)
            self.assertRegex(result.stderr, "--against 'other': no plug-in of that name .*; there is same, slow")

    def test_picture(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "a.svg")
            self.tables("relu", "gelu", "--svg", path)
            texts = [e.text for e in xml.etree.ElementTree.parse(path).iter("{http://www.w3.org/2000/svg}text")]
        for name in ("relu, forward f32", "gelu, forward f32", "naive", "fast", "accurate", "infinite", "ns an element, arrays of the size 4096"):
            self.assertIn(name, texts)

    def test_finite_error(self):
        (table,) = self.tables("gelu")  # x·Φ(x) of the textbook is NaN at -inf, and wrong by millions elsewhere
        naive = next(row for row in table["rows"] if row["tier"] == "naive")
        self.assertEqual(naive["max_ulp"], "inf")
        self.assertGreater(naive["max_finite_ulp"], 1e6)
        fast = next(row for row in table["rows"] if row["tier"] == "fast")
        self.assertEqual(fast["max_finite_ulp"], fast["max_ulp"])

    def test_wrong_usage(self):
        for arguments, sentence in ((["gelu", "--against", "x"], "load one by --plugin FILE"),
                                    (["softmax", "--row", "4096", "--sizes", "128,64k"], "a row of 4096 numbers is more than the size 128 holds"),
                                    (["gelu", "--like", "normal,tail"], "is no kind of values"),
                                    (["nothing"], "nothing")):
            result = run("compare", *arguments, "--repetitions", "1", "--min-time", "0.0001", "--inputs", "10")
            self.assertEqual(result.returncode, 2, result.stderr)
            self.assertRegex(result.stderr, re.escape(sentence))

    def test_people(self):
        result = run("compare", "relu", *QUICK)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertRegex(result.stdout, r"(?m)^relu, forward f32$")
        self.assertRegex(result.stdout, r"(?m)^accurate .* 0\.5 ")


if __name__ == "__main__":
    if os.environ.get("ACTBENCH_EMULATOR"):
        print("an emulator times nothing")
        sys.exit(77)
    unittest.main(argv=sys.argv[:1])
