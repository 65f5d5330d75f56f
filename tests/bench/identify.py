# SPDX-License-Identifier: Apache-2.0
"""identify: outputs that Python computes by a formula are traced to that formula, whatever it is called and however its
parameters were chosen; outputs of no formula are called that."""

import json
import math
import os
import random
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import npy
from in_folder import InFolder

PROGRAM = os.path.abspath(sys.argv[1])


def sigmoid(x):
    return 1 / (1 + math.exp(-x)) if x > -700 else math.exp(x)


def by_tanh(x, cubic):
    return x * sigmoid(2 * math.sqrt(2 / math.pi) * (x + cubic * x**3))


FORMULAS = {"gelu": lambda x: x / 2 * math.erfc(-x / math.sqrt(2)), "gelu_tanh": lambda x: by_tanh(x, 0.044715),
            "new_gelu": lambda x: by_tanh(x, 0.0356774), "quick_gelu": lambda x: x * sigmoid(1.702 * x)}


class Identify(InFolder):
    def inputs(self, kind="f32", seed=1, n=4000, bound=12):
        draw = random.Random(seed)
        return npy.unpack(kind, npy.pack(kind, [draw.uniform(-bound, bound) for _ in range(n)]))

    def identify(self, kind, x, y, *arguments, **others):
        npy.write(self.path("x.npy"), kind, x)
        npy.write(self.path("y.npy"), kind, y)
        for name, numbers in others.items():
            npy.write(self.path(f"{name}.npy"), kind, numbers)
            arguments += (f"--{name}", f"{name}.npy")
        done = subprocess.run([PROGRAM, "identify", "x.npy", "y.npy", *arguments, "--format", "json"], capture_output=True,
                              text=True, timeout=300, cwd=self.folder)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        return json.loads(done.stdout)["tables"][0]

    def best(self, table):
        row = table["rows"][0]
        return row["formula"].split(" (")[0], row["parameters"].removesuffix(" (fitted)"), row["exact_percent"]

    def test_tells_formulas_of_gelu_apart(self):
        for kind in ("f16", "f32"):
            x = self.inputs(kind)
            for name, formula in FORMULAS.items():
                found, _, exact = self.best(self.identify(kind, x, [formula(v) for v in x]))
                self.assertEqual(found, name, kind)
                self.assertGreater(exact, 99.9)

    def test_finds_parameters(self):
        x = self.inputs()
        for text, formula in (("alpha=0.137", lambda v: v if v > 0 else 0.137 * v), ("beta=1.37", lambda v: v * sigmoid(1.37 * v)),
                              ("limit=5.25", lambda v: min(v, 5.25) * sigmoid(min(v, 5.25))),
                              ("lower=-2.5, upper=3.25", lambda v: min(max(v, -2.5), 3.25)),
                              ("beta=1, theta=10", lambda v: v if v > 10 else math.log1p(math.exp(v)))):
            table = self.identify("f32", x, [formula(v) for v in x])
            self.assertGreater(self.best(table)[2], 99.9, text)
            same = [r["parameters"] for r in table["rows"] if r["exact"] == table["rows"][0]["exact"]]
            self.assertTrue(any(text in p for p in same), (text, same))

    def test_gates_with_clamped_inputs(self):
        b, a = self.inputs("f32", 1), self.inputs("f32", 2)
        y = [(max(-7, min(g, 7)) + 1) * min(v, 7) * sigmoid(1.702 * min(v, 7)) for v, g in zip(b, a)]
        found, parameters, exact = self.best(self.identify("f32", b, y, a=a))
        self.assertEqual((found, parameters), ("swiglu of clamped inputs, a + 1", "alpha=1.702, limit=7"))
        self.assertGreater(exact, 99.9)
        y = [v * g * sigmoid(g) for v, g in zip(b, a)]
        self.assertEqual(self.best(self.identify("f32", b, y, a=a))[0], "swiglu, a and b in each other's place")

    def test_says_when_inputs_cannot_tell(self):
        x = [v for v in self.inputs() if abs(v) < 0.9]
        table = self.identify("f32", x, [max(v, 0) for v in x])
        self.assertIn("relu6", {r["formula"] for r in table["rows"] if r["exact"] == len(x)})
        self.assertRegex(" ".join(table["notes"]), r"relu6.* gives the same for these inputs; x = ")
        x = self.inputs()
        notes = " ".join(self.identify("f32", x, [v * sigmoid(v) for v in x])["notes"])
        self.assertIn("swish (beta=1) is the same function", notes)

    def test_inexact_outputs_and_none_at_all(self):
        x = self.inputs()
        noise = random.Random(3)
        table = self.identify("f32", x, [FORMULAS["gelu"](v) * (1 + noise.uniform(-4, 4) * 2**-24) for v in x])
        self.assertEqual(self.best(table)[0], "gelu")
        self.assertIn("not all of them rounded correctly", table["notes"][0])
        table = self.identify("f32", x, [math.sin(3 * v) for v in x])
        self.assertIn("None of these formulas", table["notes"][0])
        self.assertFalse(table["facts"]["explained"])

    def test_directions(self):
        x = self.inputs()
        table = self.identify("f32", x, [sigmoid(v) * (1 + v * (1 - sigmoid(v))) for v in x], "--direction", "derivative")
        self.assertEqual(self.best(table)[0], "silu")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
