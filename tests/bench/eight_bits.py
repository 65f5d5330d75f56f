# SPDX-License-Identifier: Apache-2.0
"""inputs, score and identify over numbers of 8 bits: every input, held against values and roundings that this file has from
the formats' definitions."""

import bisect
import json
import math
import os
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import npy

PROGRAM = os.path.abspath(sys.argv[1])


class Format:
    def __init__(self, name, fraction, largest, codes, overflow):
        self.name, self.fraction, self.largest, self.codes, self.overflow = name, fraction, largest, codes, overflow
        self.values = [self.value(pattern) for pattern in range(256)]
        self.numbers = [v for v in self.values[:128] if math.isfinite(v)]
        assert self.numbers[-1] == largest and self.numbers == sorted(self.numbers)

    def value(self, pattern):
        bias = (1 << (6 - self.fraction)) - 1
        exponent, fraction = (pattern & 127) >> self.fraction, (pattern & 127) % (1 << self.fraction)
        if exponent == 0:
            size = math.ldexp(fraction, 1 - bias - self.fraction)
        else:
            size = math.ldexp((1 << self.fraction) + fraction, exponent - bias - self.fraction)
        if size > self.largest:
            size = math.inf if (pattern & 127) == self.overflow and self.overflow != 127 else math.nan
        return -size if pattern & 128 else size

    def pattern(self, value, overflow=None):
        """Rounded to nearest, ties to even; overflow: the pattern of what is too large."""
        sign = 128 if math.copysign(1, value) < 0 else 0
        if math.isnan(value):
            return 127
        size, overflow = abs(value), self.overflow if overflow is None else overflow
        step = self.numbers[-1] - self.numbers[-2]
        if size > self.largest + step / 2 or (size == self.largest + step / 2 and len(self.numbers) % 2 == 0):
            return sign | overflow
        above = min(bisect.bisect_left(self.numbers, size), len(self.numbers) - 1)
        below = max(above - 1, 0)
        low, high = size - self.numbers[below], self.numbers[above] - size
        return sign | (above if high < low or (high == low and above % 2 == 0) else below)

    def patterns(self, function, overflow=None):
        return bytes(self.pattern(function(v), overflow) for v in self.values)


FORMATS = [Format("f8_e4m3fn", 3, 448.0, ("<V1", "|V1", "|u1", "|i1", "float8_e4m3fn"), 0x7f),
           Format("f8_e5m2", 2, 57344.0, ("<f1", "<V1", "|u1", "|i1", "float8_e5m2"), 0x7c)]


def of_numbers(function, at_infinity, at_minus_infinity):
    def whole(x):
        return x if math.isnan(x) else function(x) if math.isfinite(x) else at_infinity if x > 0 else at_minus_infinity
    return whole


def sigmoid(x):
    return 1 / (1 + math.exp(-x)) if x > -700 else math.exp(max(x, -745))


FUNCTIONS = {"sigmoid": of_numbers(sigmoid, 1.0, 0.0), "silu": of_numbers(lambda x: x * sigmoid(x), math.inf, -0.0),
             "tanh": of_numbers(math.tanh, 1.0, -1.0), "gelu": of_numbers(lambda x: x / 2 * math.erfc(-x / math.sqrt(2)), math.inf, -0.0),
             "relu": of_numbers(lambda x: x if x > 0 else 0.0, math.inf, 0.0),
             "squared_relu": of_numbers(lambda x: x * x if x > 0 else 0.0, math.inf, 0.0)}


class EightBits(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def run_program(self, *arguments):
        return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=300, cwd=self.folder)

    def ok(self, *arguments, code=0):
        done = self.run_program(*arguments, "--format", "json")
        self.assertEqual((done.returncode, done.stderr), (code, ""), f"{arguments}: {done.stdout}")
        return {t["name"]: t for t in json.loads(done.stdout)["tables"]}

    def error(self, pattern, *arguments):
        done = self.run_program(*arguments)
        self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
        self.assertRegex(done.stderr, r"\Aactbench: [^\n]*\n\Z", "one sentence")
        self.assertRegex(done.stderr, pattern)

    def write(self, name, data, descr="|u1"):
        with open(os.path.join(self.folder, name), "wb") as file:
            file.write(npy.header(descr, (len(data),)) + data)

    def read(self, name):
        with open(os.path.join(self.folder, name), "rb") as file:
            data = file.read()
        self.assertIn(b"'|u1'", data[:128])
        return data[10 + data[8] + 256 * data[9]:]

    def score(self, format, function, x, y, *arguments, code=0):
        self.write("x.npy", x)
        self.write("y.npy", y)
        return self.ok("score", function, "x.npy", "y.npy", "--type", format.name, *arguments, code=code)

    def test_inputs_are_every_pattern(self):
        for format in FORMATS:
            self.ok("inputs", "--type", format.name, "--out", "x.npy")
            self.assertEqual(self.read("x.npy"), bytes(range(256)))
            self.ok("inputs", "swiglu", "--direction", "gradient_b", "--type", format.name, "--inputs", "all", "--out", "b.npy")
            arrays = [self.read(name) for name in ("b.npy", "b.dy.npy", "b.a.npy")]
            self.assertEqual(len(arrays[0]), 1 << 24)
            for i in (0, 77, 256, 3 * 256 + 5, 0x123456, 0xffffff):
                self.assertEqual([a[i] for a in arrays], [i & 255, i >> 8 & 255, i >> 16])
            self.ok("inputs", "--type", format.name, "--like", "normal", "--inputs", "5000", "--out", "n.npy")
            drawn = [format.values[p] for p in self.read("n.npy")]
            self.assertTrue(all(map(math.isfinite, drawn)) and abs(sum(v * v for v in drawn) / 5000 - 9) < 1)

    def test_right_outputs(self):
        for format in FORMATS:
            for name, function in FUNCTIONS.items():
                tables = self.score(format, name, bytes(range(256)), format.patterns(function), "--promise", "0.5")
                row = tables["score"]["rows"][0]
                self.assertEqual((row["inputs"], row["not_correctly_rounded"], row["exhaustive"]), (256, 0, True), (format.name, name))
                self.assertEqual(tables["faults"]["rows"], [], (format.name, name))
                self.assertEqual(tables["score"]["facts"]["type"], format.name)
            # Every NaN is as good as any other.
            y = bytearray(format.patterns(FUNCTIONS["silu"]))
            y[255] = 0xff
            self.score(format, "silu", bytes(range(256)), bytes(y), "--promise", "0.5")

    def test_a_step_off(self):
        for format in FORMATS:
            at = format.pattern(1.5)
            y = bytearray(format.patterns(FUNCTIONS["silu"]))
            y[at] += 1
            tables = self.score(format, "silu", bytes(range(256)), bytes(y), "--promise", "0.5", code=1)
            row = tables["score"]["rows"][0]
            exact = FUNCTIONS["silu"](1.5)
            spacing = math.ldexp(1, math.floor(math.log2(exact)) - format.fraction)
            self.assertAlmostEqual(row["max_ulp"], abs(format.values[y[at]] - exact) / spacing, 6)
            self.assertEqual((row["input"], row["input_bits"], row["not_correctly_rounded"]), ("1.5", f"0x{at:02x}", 1))
            self.assertEqual((row["got_bits"], row["expected_bits"]), (f"0x{y[at]:02x}", f"0x{y[at] - 1:02x}"))
            steps = self.score(format, "silu", bytes(range(256)), bytes(y), "--ulp", "steps")["score"]["rows"][0]["max_ulp"]
            self.assertEqual(steps, 1)

    def test_saturation_is_told(self):
        for format, wrong, fault in zip(FORMATS, ("wrong_nans", "wrong_infinities"), ("number_for_nan", "finite_for_infinity")):
            largest = format.numbers.index(format.largest)
            y = bytearray(format.patterns(FUNCTIONS["squared_relu"], overflow=largest))
            right = format.patterns(FUNCTIONS["squared_relu"])
            beyond = [p for p, v in enumerate(format.values) if math.isfinite(v) and right[p] == format.overflow]
            for p, v in enumerate(format.values):
                if v == math.inf:
                    y[p] = format.overflow
            tables = self.score(format, "squared_relu", bytes(range(256)), bytes(y), "--promise", "0.5", code=1)
            self.assertEqual(tables["score"]["rows"][0][wrong], len(beyond))
            (row,) = tables["faults"]["rows"]
            self.assertEqual((row["fault"], row["count"]), (fault, len(beyond)))
            self.assertLess(abs(float(row["got"]) / format.largest - 1), 1 / 16)  # as many digits as tell it from others
            wanted = "NaN" if format.overflow == 127 else "an infinity"
            done = self.run_program("score", "squared_relu", "x.npy", "y.npy", "--type", format.name)
            text = " ".join(done.stdout.split())
            self.assertIn(f"The program saturates: {len(beyond)} results that overflow are {format.largest:.0f} or "
                          f"-{format.largest:.0f}, where {wanted} is right.", text)

    def test_files(self):
        for format in FORMATS:
            x, y = bytes(range(256)), format.patterns(FUNCTIONS["silu"])
            for descr in format.codes:
                self.write("x.npy", x, descr)
                self.write("y.npy", y, descr)
                self.ok("score", "silu", "x.npy", "y.npy", "--type", format.name, "--promise", "0.5")
                if descr in ("<f1", f"float8_{format.name[3:]}"):
                    self.ok("score", "silu", "x.npy", "y.npy", "--promise", "0.5")
                    self.error("not f16", "score", "silu", "x.npy", "y.npy", "--type", "f16")
                else:
                    self.error("--type f8_e4m3fn or f8_e5m2", "score", "silu", "x.npy", "y.npy")
            for name, data in (("x.bin", x), ("y.bin", y)):
                with open(os.path.join(self.folder, name), "wb") as file:
                    file.write(data)
            self.ok("score", "silu", "x.bin", "y.bin", "--raw", format.name, "--promise", "0.5")
        self.error("--raw says f8_e5m2, and --type f8_e4m3fn", "score", "silu", "x.bin", "y.bin", "--raw", "f8_e5m2", "--type", "f8_e4m3fn")

    def test_gradients_rows_and_two_programs(self):
        for format in FORMATS:
            self.ok("inputs", "relu", "--direction", "backward", "--type", format.name, "--inputs", "all", "--out", "x.npy")
            x, dy = (self.read(name) for name in ("x.npy", "x.dy.npy"))
            numbers = [i for i in range(len(x)) if math.isfinite(format.values[x[i]]) and math.isfinite(format.values[dy[i]])]
            y = bytes(dy[i] if format.values[x[i]] > 0 else dy[i] & 128 for i in numbers)
            for name, data in (("x.npy", x), ("x.dy.npy", dy)):
                self.write(name, bytes(data[i] for i in numbers))
            self.write("y.npy", y)
            worse = bytes(p ^ 1 if i % 8 == 0 else p for i, p in enumerate(y))
            self.write("z.npy", worse)
            tables = self.ok("score", "relu", "x.npy", "y.npy", "--direction", "backward", "--type", format.name, "--promise", "0.5",
                             "--against", "z.npy")
            values = {r["what"]: r["value"] for r in tables["against"]["rows"]}
            self.assertEqual((values["different"], values["y.npy nearer to the exact value"]), ((len(y) + 7) // 8,) * 2)
            row = [format.pattern(v) for v in (0.0, 1.0, -2.0, 3.0)]
            total = sum(math.exp(format.values[p]) for p in row)
            for name, data in (("x.npy", row), ("y.npy", [format.pattern(math.exp(format.values[p]) / total) for p in row])):
                self.write(name, bytes(data))
            self.ok("score", "softmax", "x.npy", "y.npy", "--type", format.name, "--promise", "0.5")

    def test_identify(self):
        for format in FORMATS:
            for name in ("silu", "tanh", "squared_relu"):
                self.write("x.npy", bytes(range(256)))
                self.write("y.npy", format.patterns(FUNCTIONS[name]))
                table = self.ok("identify", "x.npy", "y.npy", "--type", format.name)["identify"]
                self.assertEqual(table["rows"][0]["formula"].split(" (")[0], name, table["rows"][:3])
                self.assertEqual(table["rows"][0]["exact"], 256)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
