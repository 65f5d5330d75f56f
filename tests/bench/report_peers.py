# SPDX-License-Identifier: Apache-2.0
"""The section of a report about peers: plug-ins stand for other libraries. One is quick and right, one quick and wrong, one slow; one
crashes only when it is timed."""

import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

PROGRAM = os.path.abspath(sys.argv[1])
SOURCE = os.environ["ACTBENCH_SOURCE_DIR"]
# What is right enough and slow enough: relu with a loop that takes so many rounds an element.
SLOW = """#include <actbench/plugin.h>
static void relu(const actbench_call* c) {
  const float* x = c->x;
  float* y = c->y;
  for (size_t i = 0; i < c->n; ++i) {
    volatile int spent = 0;
    for (int k = 0; k < 20; ++k) spent = spent + k;
    y[i] = x[i] < 0 ? 0 : x[i];
  }
}
static const actbench_plugin_kernel kernels[] = {{"relu", "forward", "f32", relu}};
ACTBENCH_PLUGIN("slow", "slow 2.1", kernels)
"""
# 0 everywhere: wrong, and quicker than anything that reads its input.
WRONG = """#include <actbench/plugin.h>
#include <string.h>
static void zero(const actbench_call* c) { memset(c->y, 0, c->n * sizeof(float)); }
static const actbench_plugin_kernel kernels[] = {{"relu", "forward", "f32", zero}, {"sigmoid", "forward", "f32", zero}};
ACTBENCH_PLUGIN("wrong", "wrong 0.1", kernels)
"""
# As many elements as only timing gives it.
CRASHES = """#include <actbench/plugin.h>
#include <stdlib.h>
static void relu(const actbench_call* c) {
  const float* x = c->x;
  float* y = c->y;
  if (c->n > 20000) abort();
  for (size_t i = 0; i < c->n; ++i) y[i] = x[i] < 0 ? 0 : x[i];
}
static const actbench_plugin_kernel kernels[] = {{"relu", "forward", "f32", relu}};
ACTBENCH_PLUGIN("crashes", "crashes 1.0", kernels)
"""


class ReportPeers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="actbench peers ")
        cls.folder = cls.temporary.name
        cls.peers = os.path.join(cls.folder, "peers")
        os.makedirs(cls.peers)
        for name, text in (("slow", SLOW), ("wrong", WRONG)):
            cls.plugin(cls.peers, name, text)

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    @classmethod
    def plugin(cls, folder, name, text):
        source = os.path.join(cls.folder, name + ".c")
        with open(source, "w", encoding="utf-8") as file:
            file.write(text)
        subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-I", os.path.join(SOURCE, "kernels", "include"), "-o",
                        os.path.join(folder, name + ".so"), source], check=True)

    def report(self, *arguments, out="out", expected=0, program=PROGRAM):
        out = os.path.join(self.folder, out)
        result = subprocess.run([program, "report", "{relu,sigmoid,tanh}/forward/f32", "--backend", "scalar", "--within", "3s", "--out", out,
                                 *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
        self.assertEqual(result.returncode, expected, result.stdout + result.stderr)
        return out, result

    @staticmethod
    def read(*path):
        with open(os.path.join(*path), encoding="utf-8", newline="") as file:
            return file.read()

    def test_who_is_ahead(self):
        out, _ = self.report("--peers", self.peers)
        rows = {(row["activation"], row["peer"]): row for row in csv.DictReader(self.read(out, "peers.csv").splitlines())}
        self.assertEqual(set(rows), {("relu", ""), ("relu", "slow"), ("relu", "wrong"), ("sigmoid", ""), ("sigmoid", "wrong")})
        for row in rows.values():
            self.assertTrue(float(row["over_ours_low"]) <= float(row["over_ours"]) <= float(row["over_ours_high"]), row)
            self.assertEqual((row["tier"], row["backend"]), ("fast", "scalar"))
        self.assertEqual(rows["relu", "slow"]["standing"], "ahead")
        self.assertGreater(float(rows["relu", "slow"]["over_ours"]), 1.5)
        self.assertEqual(rows["relu", "slow"]["library"], "slow 2.1")
        self.assertGreaterEqual(int(rows["relu", "slow"]["inputs"]), 1 << 14)
        self.assertEqual([rows[name]["within"] for name in (("relu", "slow"), ("relu", "wrong"))], ["true", "false"])
        self.assertEqual(rows["sigmoid", "wrong"]["standing"], "behind")
        summary = self.read(out, "summary.md")
        sentence = summary[summary.index("## Peers"):].split("\n")[2]
        self.assertRegex(sentence, r"^Against the quickest of 2 peers that is within 8 ULP, in 1 function, ours is ahead in 1 \(relu [0-9.]+ "
                                   r"\([0-9.]+ … [0-9.]+\) times as fast as slow\), behind in none, and level in none; in 1 function no peer is within "
                                   r"8 ULP; against the quickest with larger errors ours is ahead in none, behind in 1 \(sigmoid [0-9.]+ "
                                   r"\([0-9.]+ … [0-9.]+\) times as long as wrong\), and level in none\.$")
        page = self.read(out, "peers.md")
        self.assertIn("No peer has the function of tanh/forward/f32/fast/scalar", page)
        self.assertIn("slow: slow 2.1", page)
        self.assertLess(json.loads(self.read(out, "machine.json"))["run"]["seconds"], 12)
        # No other section has seen them.
        self.assertNotIn("slow", self.read(out, "accuracy.csv"))

    def test_a_peer_that_crashes(self):
        folder = os.path.join(self.folder, "crashing")
        os.makedirs(folder)
        self.plugin(folder, "crashes", CRASHES)
        shutil.copy(os.path.join(self.peers, "slow.so"), folder)
        out, _ = self.report("--peers", folder, out="crashed")
        names = [row["peer"] for row in csv.DictReader(self.read(out, "peers.csv").splitlines())]
        self.assertEqual(names, ["", "slow"])
        self.assertRegex(self.read(out, "peers.md"), "relu/forward/f32/naive/crashes crashes in a call of [0-9]+ elements, by a call of abort")

    def test_without_peers(self):
        out, _ = self.report("--peers", "none", out="none")
        self.assertNotIn("Peers", self.read(out, "summary.md"))
        self.assertNotIn("other libraries", self.read(out, "summary.md"))
        self.assertFalse(os.path.exists(os.path.join(out, "peers.csv")))
        _, result = self.report("--peers", os.path.join(self.folder, "nowhere"), expected=2)
        self.assertRegex(result.stderr, "--peers '.*nowhere': it is no folder; scripts/peers builds plug-ins")

    def test_the_folder_beside_the_build(self):
        program = os.path.join(self.folder, "build", "release", "bench", "actbench")
        os.makedirs(os.path.dirname(program))
        shutil.copy(PROGRAM, program)
        out, _ = self.report(out="default", program=program)
        self.assertIn("scripts/peers builds plug-ins of them into build/peers", self.read(out, "summary.md"))
        shutil.copytree(self.peers, os.path.join(self.folder, "build", "peers"))
        out, _ = self.report(out="default", program=program)
        self.assertIn("## Peers", self.read(out, "summary.md"))


if __name__ == "__main__":
    if os.environ.get("ACTBENCH_EMULATOR"):
        print("an emulator times nothing")
        sys.exit(77)
    unittest.main(argv=sys.argv[:1])
