# SPDX-License-Identifier: Apache-2.0
"""inputs and score: files of numbers for any program, and what its outputs are worth. Each kind of fault is put into right
outputs, one at a time, and has to be found where it was put."""

import csv
import io
import json
import math
import os
import random
import signal
import struct
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import npy
from in_folder import InFolder

PROGRAM = os.path.abspath(sys.argv[1])


class Files(InFolder):
    def run_program(self, *arguments):
        return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=300, cwd=self.folder)

    def ok(self, *arguments, code=0):
        done = self.run_program(*arguments)
        self.assertEqual(done.returncode, code, f"{arguments}: {done.stdout}{done.stderr}")
        self.assertEqual(done.stderr, "")
        return done.stdout

    def error(self, pattern, *arguments):
        done = self.run_program(*arguments)
        self.assertEqual((done.returncode, done.stdout), (2, ""), f"{arguments}: {done.stderr}")
        self.assertRegex(done.stderr, r"\Aactbench: [^\n]*\n\Z", "one sentence")
        self.assertRegex(done.stderr, pattern)

    def tables(self, *arguments, code=0):
        """By name."""
        return {t["name"]: t for t in json.loads(self.ok(*arguments, "--format", "json", code=code))["tables"]}

    def inputs(self, *arguments, name="x.npy"):
        self.ok("inputs", "--out", name, *arguments)
        return npy.read(self.path(name))

    def score(self, *arguments, code=0):
        return self.tables("score", *arguments, code=code)


def relu(x):
    return x if x > 0 or math.isnan(x) else 0.0


def sigmoid(x):
    return 1 / (1 + math.exp(-x)) if x > -700 else math.exp(max(x, -800)) if not math.isnan(x) else x


class Inputs(Files):
    def test_every_type_and_count(self):
        for kind in npy.CODES:
            found, x = self.inputs("--type", kind, "--inputs", "5000")
            self.assertEqual((found, len(x)), (kind, 5000))
            self.assertTrue(any(map(math.isnan, x)) and math.inf in x and -math.inf in x)
            self.assertLess(len([v for v in x if abs(v) == 1]), 10)

    def test_all_are_every_pattern_in_order(self):
        self.inputs("--type", "f16", "--inputs", "all")
        with open(self.path("x.npy"), "rb") as file:
            self.assertEqual(file.read()[-131072:], struct.pack("<65536H", *range(65536)))

    def test_the_seed_decides(self):
        same = [self.inputs("--inputs", "70000", "--like", "normal:2", "--seed", s)[1] for s in ("3", "3", "4")]
        self.assertEqual(same[0], same[1])
        self.assertNotEqual(same[0], same[2])
        deviation = math.sqrt(sum(v * v for v in same[0]) / 70000)
        self.assertAlmostEqual(deviation, 2, delta=0.05)
        self.assertGreater(len(set(same[0])), 69000, "pieces are drawn anew")
        _, x = self.inputs("--inputs", "1e4", "--like", "uniform:-10:10")
        self.assertTrue(all(-10 <= v <= 10 for v in x))

    def test_gates_and_gradients_have_their_files(self):
        self.inputs("swiglu", "--direction", "gradient_b", "--inputs", "100")
        self.assertEqual(sorted(os.listdir(self.folder)), ["x.a.npy", "x.dy.npy", "x.npy"])
        self.inputs("gelu", "--direction", "backward", "--dy", "other.npy", "--inputs", "100", name="in")
        self.assertIn("other.npy", os.listdir(self.folder))
        self.error("both", "inputs", "gelu", "--direction", "backward", "--dy", "x", "--out", "x")
        self.error("both", "inputs", "gelu", "--direction", "backward", "--dy", "./x", "--out", "x")
        self.error("not for forward", "inputs", "gelu", "--dy", "d.npy", "--out", "x")

    def test_drawn_numbers_are_as_many_as_asked_for(self):
        for like in ("normal", "bits"):
            _, x = self.inputs("--type", "f16", "--inputs", "100000", "--like", like)
            self.assertEqual(len(x), 100000)
        _, x = self.inputs("--type", "f16", "--inputs", "100000")  # special ones and a sample: each but once
        self.assertEqual(len(x), 65536)

    def test_bounds_may_be_the_largest_number(self):
        _, x = self.inputs("--inputs", "10", "--like", "constant:3.4028235e+38")
        self.assertEqual(x, [float.fromhex("0x1.fffffep127")] * 10)
        self.inputs("--inputs", "10", "--like", "uniform:-3.4028235e+38:3.4028235e+38")
        self.error("beyond the largest number of f32", "inputs", "--like", "constant:3.5e38", "--out", "y.npy")

    def test_a_file_of_numbers(self):
        npy.write(self.path("some.npy"), "f32", [0.5, -2.0, 1e6, -math.inf], shape=(2, 2))
        for kind, third in (("f16", math.inf), ("f32", 1e6), ("bf16", 999424.0)):
            around = [0.5, -2.0, third, -math.inf] * 4
            starts = set()
            for seed in range(1, 9):
                _, x = self.inputs("--like", "some.npy", "--inputs", "11", "--type", kind, "--seed", str(seed))
                starts.add(tuple(x))
                self.assertIn(x, [around[start:start + 11] for start in range(4)])
            self.assertGreater(len(starts), 1)
        bench = ("bench", "relu/forward/f32/fast/scalar", "--sizes", "64", "--repetitions", "1", "--min-time", "0.0001",
                 "--format", "csv", "--like")
        os.rename(self.path("some.npy"), self.path("a,b.npy"))
        npy.write(self.path("one.npy"), "bf16", [1.0], shape=())
        for like, kinds in (("a,b.npy", {"a,b.npy", ""}), ("one.npy,normal", {"one.npy", "normal", ""})):
            rows = list(csv.DictReader(io.StringIO(self.run_program(*bench, like).stdout.split("\n\n")[0])))
            self.assertEqual({row["distribution"] for row in rows}, kinds)
        whole = npy.header("<f4", (6,)) + bytes(24)
        for sentence, contents in (("no numbers", npy.header("<f4", (0, 3))), ("cut short: 20 of 24", whole[:-4]), ("is empty", b""),
                                   (r"holds integers \('<i8'\), not floating-point", npy.header("<i8", (3,)) + bytes(24)),
                                   ("Fortran", npy.header("<f4", (2, 3), fortran=True) + bytes(24)), ("archive", b"PK\3\4" + bytes(99)),
                                   ("No such file", None)):
            if contents is None:
                os.remove(self.path("bad.npy"))
            else:
                with open(self.path("bad.npy"), "wb") as file:
                    file.write(contents)
            for command in (bench, ("compare", "relu", "--like"), ("inputs", "--out", "x.npy", "--like")):
                self.error(f"bad.npy.*{sentence}", *command, "bad.npy")

    def test_raw_has_the_numbers_alone(self):
        _, x = self.inputs("--inputs", "1000", "--like", "wide", "--type", "f64")
        self.ok("inputs", "--inputs", "1000", "--like", "wide", "--type", "f64", "--out", "x.bin", "--raw")
        with open(self.path("x.bin"), "rb") as file:
            self.assertEqual(npy.unpack("f64", file.read()), x)

    def test_rows_have_two_axes(self):
        self.ok("inputs", "softmax", "--inputs", "600", "--row", "30", "--out", "x.npy", "--like", "normal")
        with open(self.path("x.npy"), "rb") as file:
            self.assertIn(b"(20, 30)", file.read())
        self.error("no whole number of rows", "inputs", "softmax", "--inputs", "601", "--row", "30", "--out", "y.npy")
        self.error("forward alone", "inputs", "softmax", "--direction", "backward", "--out", "y.npy")
        self.error("--row", "inputs", "relu", "--row", "3", "--out", "y.npy")

    def test_whole_or_not_at_all(self):
        self.error("no/x.npy", "inputs", "--out", "no/x.npy")
        os.mkdir(self.path("x.dy.npy"))
        self.error("x.dy.npy is a folder", "inputs", "gelu", "--direction", "backward", "--out", "x.npy")
        self.assertEqual(os.listdir(self.folder), ["x.dy.npy"])
        running = subprocess.Popen([PROGRAM, "inputs", "--inputs", "2^31", "--out", "large.npy"], cwd=self.folder,
                                   stderr=subprocess.PIPE, text=True)
        while not any(name.startswith(".actbench") for name in os.listdir(self.folder)):
            time.sleep(0.02)
        running.send_signal(signal.SIGINT)
        self.assertIn("interrupted", running.communicate(timeout=60)[1])
        self.assertEqual((running.returncode, os.listdir(self.folder)), (2, ["x.dy.npy"]))

    def test_wrong_usage(self):
        self.error("leave out --like normal", "inputs", "--inputs", "all", "--like", "normal", "--out", "x.npy")
        self.error(r"2\^64 inputs", "inputs", "--type", "f64", "--inputs", "all", "--out", "x.npy")
        self.error("no kind of values", "inputs", "--like", "gauss", "--out", "x.npy")
        self.error("--inputs", "inputs", "--inputs", "many", "--out", "x.npy")
        self.error("did you mean gelu", "inputs", "gelo", "--out", "x.npy")
        self.error("no direction", "inputs", "gelu", "--direction", "gradient_a", "--out", "x.npy")
        self.assertEqual(os.listdir(self.folder), [])


class Score(Files):
    def both(self, kind, x, y, names=("x.npy", "y.npy")):
        return [npy.write(self.path(name), kind, numbers) for name, numbers in zip(names, (x, y))]

    def fault(self, tables, name):
        found = [r for r in tables["faults"]["rows"] if r["fault"] == name]
        self.assertEqual(len(found), 1, tables["faults"]["rows"])
        return found[0]

    def test_right_outputs_keep_the_promise(self):
        for kind in npy.CODES:
            _, x = self.inputs("--type", kind, "--inputs", "30000")
            npy.write(self.path("y.npy"), kind, [relu(v) for v in x])
            tables = self.score("relu", "x.npy", "y.npy", "--promise", "0.5")
            row = tables["score"]["rows"][0]
            self.assertEqual((row["max_ulp"], row["not_correctly_rounded"], row["verdict"], row["inputs"]), (0, 0, "pass", 30000))
            self.assertEqual(tables["faults"]["rows"], [])
            self.assertEqual([r["count"] for r in tables["histogram"]["rows"]], [30000])

    def test_every_input_is_told(self):
        _, x = self.inputs("--type", "bf16", "--inputs", "all")
        npy.write(self.path("y.npy"), "bf16", [relu(v) for v in x])
        self.assertTrue(self.score("relu", "x.npy", "y.npy")["score"]["rows"][0]["exhaustive"])
        npy.write(self.path("x.npy"), "bf16", x[::-1])
        npy.write(self.path("y.npy"), "bf16", [relu(v) for v in x[::-1]])
        self.assertFalse(self.score("relu", "x.npy", "y.npy")["score"]["rows"][0]["exhaustive"])

    def test_each_fault_is_found_where_it_was_put(self):
        x = [i / 64 for i in range(-640, 640)] + [-0.0, 1e-40, -1e-40, 1e30, -1e30, math.inf, -math.inf, math.nan]
        right = [relu(v) for v in x]
        for fault, at, got, column in (("nan", 700, math.nan, "wrong_nans"), ("infinity", 701, math.inf, "wrong_infinities"),
                                       ("zero_for_normal", 702, 0.0, "wrong_zeros"), ("number_for_zero", 5, 1e-30, "wrong_zeros"),
                                       ("sign", 703, -x[703], None), ("zero_for_subnormal", 1281, 0.0, "wrong_zeros"),
                                       ("zero_sign", 3, -0.0, "zero_signs"), ("finite_for_infinity", 1285, 1e30, "wrong_infinities"),
                                       ("number_for_nan", 1287, 1.0, "wrong_nans"), ("range", 8, -1.0, None),
                                       ("monotonicity", 800, x[800] * 2, None)):
            y = list(right)
            y[at] = got
            self.both("f32", x, y)
            tables = self.score("relu", "x.npy", "y.npy")
            found = self.fault(tables, fault)
            self.assertEqual(found["count"], 1, fault)
            single = lambda v: struct.unpack("f", struct.pack("f", v))[0]
            where, expected = single(float(found["first_x"])), single(x[at if fault != "monotonicity" else at + 1])
            self.assertTrue(where == expected or math.isnan(where) and math.isnan(expected), (fault, where, expected))
            self.assertEqual("range" in {r["fault"] for r in tables["faults"]["rows"]}, fault in ("range", "sign"), fault)
            if column:
                self.assertEqual(tables["score"]["rows"][0][column], 1, fault)
            if fault != "zero_sign":
                self.assertEqual(tables["worst_inputs"]["rows"][0]["index"], at, fault)
                self.score("relu", "x.npy", "y.npy", "--promise", "4", code=1)
                self.assertIn("FAIL", self.ok("score", "relu", "x.npy", "y.npy", "--promise", "0.5", code=1))

    def test_the_order_of_inputs_changes_nothing(self):
        _, x = self.inputs("--type", "f16", "--inputs", "all")
        y = npy.unpack("f16", npy.pack("f16", [sigmoid(v) for v in x]))
        y[0x3c00] += 2**-9  # at x = 1
        pairs = list(zip(x, y))
        for order in ("as it is", "shuffled"):
            if order == "shuffled":
                random.Random(1).shuffle(pairs)
            self.both("f16", *zip(*pairs))
            found = self.fault(self.score("sigmoid", "x.npy", "y.npy"), "monotonicity")
            self.assertEqual((found["count"], found["first_x_bits"]), (1, "0x3c01"), order)

    def test_repeated_inputs_have_the_same_output(self):
        for kind in ("f32", "f16"):
            x = [1.0, 2.0, 3.0] * 100
            y = [relu(v) for v in x]
            self.both(kind, x, y)
            self.assertEqual(self.score("relu", "x.npy", "y.npy")["faults"]["rows"], [])
            y[298] = 2.0009765625 * 2
            self.both(kind, x, y)
            self.assertEqual(self.fault(self.score("relu", "x.npy", "y.npy"), "position")["first_x"], "2")

    def test_flushed_inputs(self):
        """With a slope of 2^100 subnormal numbers become normal ones, unless they were taken for zeros."""
        x = [-1e-40, -1e-39, -1.0, 1e-40]
        slope = 2.0**100
        self.both("f32", x, [-0.0, -0.0, -slope, 1e-40])
        found = self.fault(self.score("leaky_relu", "x.npy", "y.npy", "--param", f"alpha={slope}"), "flushed_inputs")
        self.assertEqual((found["count"], found["first_x"]), (2, "-1e-39"))

    def test_the_textbooks_tail(self):
        x = [-8 + i / 1024 for i in range(16 * 1024)]
        single = lambda v: struct.unpack("f", struct.pack("f", v))[0]
        y = [single(v / 2 * single(1 + single(math.erf(single(v * single(math.sqrt(0.5))))))) for v in x]
        self.both("f32", x, y)
        tables = self.score("gelu", "x.npy", "y.npy")
        row = tables["score"]["rows"][0]
        self.assertGreater(row["max_ulp"], 1e6)
        self.assertLess(float(row["input"]), -4.5)
        self.assertLess(float(self.fault(tables, "zero_for_normal")["last_x"]), -5)
        histogram = tables["histogram"]["rows"]
        self.assertEqual(sum(r["count"] for r in histogram), len(x))
        self.assertEqual(sum(r["count"] for r in histogram if r["up_to"] in (0, 0.5)), len(x) - row["not_correctly_rounded"])

    def test_gradients_and_gates(self):
        _, x = self.inputs("relu", "--direction", "backward", "--inputs", "20000")
        _, dy = npy.read(self.path("x.dy.npy"))
        npy.write(self.path("y.npy"), "f32", [d if v > 0 else d * 0 if v <= 0 else v for v, d in zip(x, dy)])
        self.score("relu", "x.npy", "y.npy", "--direction", "backward", "--promise", "0.5")
        os.rename(self.path("x.dy.npy"), self.path("d.npy"))
        self.error("name its file by --dy", "score", "relu", "x.npy", "y.npy", "--direction", "backward")
        self.score("relu", "x.npy", "y.npy", "--direction", "backward", "--dy", "d.npy", "--promise", "0.5")
        _, x = self.inputs("reglu", "--inputs", "20000", "--like", "normal")
        _, a = npy.read(self.path("x.a.npy"))
        npy.write(self.path("y.npy"), "f32", [g * relu(v) for v, g in zip(x, a)])
        self.score("reglu", "x.npy", "y.npy", "--promise", "0.5")
        npy.write(self.path("y.npy"), "f32", [v * relu(g) for v, g in zip(x, a)])
        self.score("reglu", "x.npy", "y.npy", "--promise", "0.5", code=1)
        self.error("not for forward of relu", "score", "relu", "x.npy", "y.npy", "--a", "x.a.npy")

    def test_rows(self):
        _, x = self.inputs("softmax", "--inputs", "3000", "--row", "30", "--like", "normal:4")
        y = []
        for first in range(0, 3000, 30):
            powers = [math.exp(v) for v in x[first:first + 30]]
            y += [p / math.fsum(powers) for p in powers]
        npy.write(self.path("y.npy"), "f32", y, (100, 30))
        self.assertEqual(self.score("softmax", "x.npy", "y.npy", "--promise", "0.5001")["score"]["rows"][0]["inputs"], 3000)
        npy.write(self.path("y.npy"), "f32", y[:77] + [math.nan] + y[78:], (100, 30))
        tables = self.score("softmax", "x.npy", "y.npy", "--promise", "1", code=1)
        self.assertEqual(tables["worst_inputs"]["rows"][0]["index"], 77)
        self.assertEqual(self.fault(tables, "nan")["count"], 1)
        npy.write(self.path("y.npy"), "f32", y, (50, 60))
        self.error("differ in shape", "score", "softmax", "x.npy", "y.npy")

    def test_raw_files_have_no_rows(self):
        self.ok("inputs", "softmax", "--inputs", "300", "--row", "30", "--raw", "--out", "x.bin")
        self.error("how long a row is", "score", "softmax", "x.bin", "x.bin", "--raw", "f32")

    def test_against(self):
        x = [i / 16 for i in range(-100, 100)]
        self.both("f32", x, [relu(v) for v in x])
        other = [relu(v) for v in x]
        npy.write(self.path("z.npy"), "f32", other)
        value = lambda tables, what: [r["value"] for r in tables["against"]["rows"] if r["what"] == what][0]
        tables = self.score("relu", "x.npy", "y.npy", "--against", "z.npy")
        self.assertEqual((value(tables, "with equal bits"), value(tables, "different")), (200, 0))
        other[150], other[120] = 3.125 + 2**-20, other[120] * (1 + 2**-23)
        npy.write(self.path("z.npy"), "f32", other)
        tables = self.score("relu", "x.npy", "y.npy", "--against", "z.npy")
        self.assertEqual([value(tables, w) for w in ("different", "first difference at index", "most steps apart", "at index")],
                         [2, 120, 4, 150])
        self.assertEqual(value(tables, "y.npy nearer to the exact value"), 2)
        self.assertIn("100 %", tables["against"]["notes"][0])

    def test_threads_and_formats(self):
        _, x = self.inputs("--inputs", "300000")
        npy.write(self.path("y.npy"), "f32", [relu(v) * 1.0000001 if v < 1e30 else relu(v) for v in x])
        outputs = {self.ok("score", "relu", "x.npy", "y.npy", "--threads", t, "--format", "csv") for t in ("1", "2", "5")}
        self.assertEqual(len(outputs), 1)
        parts = outputs.pop().split("\n\n")
        self.assertEqual(next(csv.DictReader(io.StringIO(parts[0])))["activation"], "relu")
        self.assertIn("Worst inputs", self.ok("score", "relu", "x.npy", "y.npy"))
        self.assertIn("| ", self.ok("score", "relu", "x.npy", "y.npy", "--format", "md"))
        steps = self.score("relu", "x.npy", "y.npy", "--ulp", "steps")["score"]
        self.assertEqual((steps["facts"]["ulp_definition"], steps["rows"][0]["max_ulp"]), ("steps", 2))


class Readers(Files):
    def test_all_that_numpy_and_frameworks_write(self):
        x = [-1.5, -0.0, 0.0, 2.0, 3.0]
        for kind, descr in (("f32", "<f4"), ("f64", "<f8"), ("f16", "<f2"), ("bf16", "<V2"), ("bf16", "|V2"), ("bf16", "bfloat16")):
            for version in ((1, 0), (2, 0), (3, 0)):
                for name in ("x.npy", "y.npy"):
                    with open(self.path(name), "wb") as file:
                        file.write(npy.header(descr, (5,), version) + npy.pack(kind, [relu(v) for v in x] if name[0] == "y" else x))
                self.ok("score", "relu", "x.npy", "y.npy", "--promise", "0.5")
        for kind, descr in (("f16", "<i2"), ("bf16", "<u2"), ("f32", "<i4"), ("f64", "<u8")):
            for name in ("x.npy", "y.npy"):
                with open(self.path(name), "wb") as file:
                    file.write(npy.header(descr, (5,)) + npy.pack(kind, [relu(v) for v in x] if name[0] == "y" else x))
            self.ok("score", "relu", "x.npy", "y.npy", "--promise", "0.5", "--type", kind)
            self.error("bit patterns", "score", "relu", "x.npy", "y.npy")
            with open(self.path("x.bin"), "wb") as file:
                file.write(npy.pack(kind, [2.0, 3.0]))
            self.ok("score", "relu", "x.bin", "x.bin", "--raw", kind, "--promise", "0.5")

    def test_each_wrong_file_has_its_sentence(self):
        npy.write(self.path("x.npy"), "f32", [1.0] * 6)
        good = npy.header("<f4", (6,)) + bytes(24)
        cases = {
            "big-endian": npy.header(">f4", (6,)) + bytes(24),
            "Fortran": npy.header("<f4", (2, 3), fortran=True) + bytes(24),
            "cut short: 20 of 24 bytes": good[:-4],
            "has 4 bytes after its 6": good + bytes(4),
            "cut short within its header": good[:40],
            "is empty": b"",
            "does not begin with": b"GIF89a" + bytes(100),
            "archive": b"PK\3\4" + bytes(100),
            "pickle": b"\x80\4\x95" + bytes(100),
            "Python objects": npy.header("|O", (6,)) + bytes(48),
            "records": npy.header([("a", "<f4")], (6,)) + bytes(24),
            "version is 4.0": npy.header("<f4", (6,), (4, 0)) + bytes(24),
            "claims 4294967295 bytes": b"\x93NUMPY\2\0" + b"\xff" * 4 + bytes(100),
            "more elements than any file": npy.header("<f4", (1 << 40, 1 << 40)) + bytes(24),
            "no list of whole numbers": npy.header("<f4", (-6,)) + bytes(24),
            "say --type f8_e4m3fn or f8_e5m2": npy.header("<V1", (24,)) + bytes(24),
            "its numbers are '<c8'": npy.header("<c8", (3,)) + bytes(24),
            "has 5 numbers|6 numbers": npy.header("<f4", (5,)) + bytes(20),
            "of one type": npy.header("<f8", (6,)) + bytes(48),
            "whether fortran_order": good.replace(b"False", b"Maybe"),
            "lacks one of": good.replace(b"'fortran_order': False, ", b" " * 24),
            "a key that": good.replace(b"'shape'", b"'shapo'"),
        }
        for sentence, contents in cases.items():
            with open(self.path("y.npy"), "wb") as file:
                file.write(contents)
            self.error(sentence, "score", "relu", "x.npy", "y.npy")
            self.error("y.npy", "identify", "x.npy", "y.npy")
        self.error("none.npy: No such file", "score", "relu", "none.npy", "x.npy")
        self.error("it is no file", "score", "relu", "x.npy", "/dev/zero")
        self.error("it is no file", "score", "relu", self.folder, "x.npy")
        os.mkfifo(self.path("pipe"))
        self.error("it is no file", "score", "relu", "x.npy", "pipe")
        with open(self.path("odd.bin"), "wb") as file:
            file.write(bytes(7))
        self.error("no whole number of f32", "score", "relu", "odd.bin", "odd.bin", "--raw", "f32")
        self.error("not f16", "score", "relu", "x.npy", "x.npy", "--type", "f16")

    def test_wrong_claims(self):
        npy.write(self.path("x.npy"), "f32", [1.0, 2.0])
        self.error("did you mean gelu", "score", "gelo", "x.npy", "x.npy")
        self.error("no direction 'gradient_a'", "score", "gelu", "x.npy", "x.npy", "--direction", "gradient_a")
        self.error("has a parameter|no.*parameter", "score", "gelu", "x.npy", "x.npy", "--param", "alpha=1")
        self.error("from 0.5", "score", "gelu", "x.npy", "x.npy", "--promise", "0.4")
        self.error("not a number from 0.5", "score", "gelu", "x.npy", "x.npy", "--promise", "nan")
        npy.write(self.path("none.npy"), "f32", [])
        self.error("empty", "score", "relu", "none.npy", "none.npy")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
