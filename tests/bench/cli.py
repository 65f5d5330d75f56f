# SPDX-License-Identifier: Apache-2.0
"""The program from outside: every subcommand, every format, exit codes, error sentences, and what is left behind."""

import csv
import functools
import io
import json
import os
import pty
import re
import resource
import select
import signal
import subprocess
import sys
import tempfile
import time
import unittest

PROGRAM = os.path.abspath(sys.argv[1])
ENVIRONMENT = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "COLUMNS", "ACTBENCH_CPU_MASK")}


def run(*arguments, env=None, **options):
    return subprocess.run([PROGRAM, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=600,
                          env={**ENVIRONMENT, **(env or {})}, **options)


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def fnv1a(contents):
    digest = 0xcbf29ce484222325
    for byte in contents:
        digest = (digest ^ byte) * 0x100000001b3 % 2**64
    return digest


LIST = rows(run("list", "--format", "csv").stdout)
SMALL = ("--inputs", "20000")
FAST_BENCH = ("--sizes", "1024", "--repetitions", "2", "--min-time", "0.0005")


class Program(unittest.TestCase):
    def ok(self, *arguments, code=0, **options):
        result = run(*arguments, **options)
        self.assertEqual(result.returncode, code, f"{arguments}: {result.stderr}{result.stdout[-500:]}")
        if code == 0:
            self.assertEqual(result.stderr, "", arguments)
        return result.stdout

    def error(self, code, pattern, *arguments, **options):
        result = run(*arguments, **options)
        self.assertEqual(result.returncode, code, f"{arguments}: {result.stderr}")
        self.assertEqual(result.stdout, "", arguments)
        self.assertRegex(result.stderr, r"\Aactbench: [^\n]*\n\Z", "one sentence")
        self.assertRegex(result.stderr, pattern)


class Help(Program):
    def test_says_what_there_is_at_once(self):
        start = time.monotonic()
        text = self.ok("--help")
        self.assertLess(time.monotonic() - start, 2)
        for command in ("list", "eval", "accuracy", "overflow", "properties", "claims", "bench", "report"):
            self.assertIn(command, text)
            self.assertIn("--format", self.ok(command, "--help"))
        self.assertIn("Exit codes", text)

    def test_positional_names_are_words(self):
        """Versions of CLI11 from 2.4 on refuse others, and with them every command line."""
        for command in re.findall(r"^  ([a-z]+) {2}", self.ok("--help").partition("Subcommands:")[2], re.MULTILINE):
            positionals = self.ok(command, "--help").partition("Positionals:\n")[2].partition("\nOptions:")[0]
            for line in filter(lambda line: re.match(r"  \S", line), positionals.splitlines()):
                self.assertRegex(line, r"\A  [A-Z]+( REQUIRED| \.\.\.)*( {2,}\S|$)", command)

    def test_is_narrow_enough_to_be_read(self):
        commands = re.findall(r"^  ([a-z]+) {2}", self.ok("--help").partition("Subcommands:")[2], re.MULTILINE)
        self.assertGreater(len(commands), 10)
        for command in ([], *([c] for c in commands)):
            text = self.ok(*command, "--help")
            self.assertEqual([line for line in text.splitlines() if len(line) > 100 or line != line.rstrip() and line.strip() == ""], [], command)
            described = text.partition("\nOptions:\n")[2].partition("\n\n")[0]
            self.assertTrue(all(re.match(r"  -| {28}\S", line) for line in described.splitlines()), described)

    def test_version(self):
        self.assertRegex(self.ok("--version"), r"\Aactbench \d+\.\d+\.\d+ \(([0-9a-f]{40}|unknown)")

    def test_wrong_usage(self):
        self.assertEqual(run().returncode, 2)
        self.error(2, "no command 'lisst'; did you mean list", "lisst")
        self.error(2, r"actbench list --help", "list", "--nonsense")
        self.error(2, "--format", "list", "--format", "xml")
        self.error(2, "--backend", "list", "--backend", "sse")
        self.error(2, "ACTIVATION", "eval")
        self.error(2, "X", "eval", "gelu")


class List(Program):
    def test_csv_has_every_kernel_once(self):
        self.assertEqual(list(LIST[0]), ["activation", "direction", "type", "tier", "backend", "promised_ulp", "suffix",
                                         "parameters", "runnable", "reason", "shape"])
        identities = {tuple(r[k] for k in ("activation", "direction", "type", "tier", "backend")) for r in LIST}
        self.assertEqual(len(identities), len(LIST))
        for row in LIST:
            self.assertEqual(row["runnable"] == "no", row["reason"] != "", row)
            if row["tier"] == "accurate" and row["type"] == "f32":
                self.assertEqual((row["promised_ulp"], row["suffix"]), ("0.5", "u05"))
            if row["tier"] == "fast" and row["shape"] != "rows":
                self.assertEqual(row["promised_ulp"], "4" if row["type"] in ("f32", "f64") else "1")
            if row["tier"] == "naive":
                self.assertEqual((row["promised_ulp"], row["suffix"]), ("", ""))
        self.assertTrue(any(r["parameters"] == "alpha=0.01" for r in LIST if r["activation"] == "leaky_relu"))

    def test_formats_agree(self):
        data = json.loads(self.ok("list", "--format", "json"))
        self.assertEqual(len(data["tables"][0]["rows"]), len(LIST))
        self.assertIn("gelu_u05", self.ok("list"))
        self.assertIn("| gelu |", self.ok("list", "--format", "md"))
        self.assertLess(len(self.ok("list").splitlines()), 130, "what kernels share is said once")

    def test_has_no_hole(self):
        self.assertEqual([r for r in LIST if "was not built" in r["reason"]], [])

    def test_filters(self):
        self.assertEqual(len(rows(self.ok("list", "gelu", "--format", "csv"))), sum(r["activation"] == "gelu" for r in LIST))
        both = rows(self.ok("list", "{gelu,silu}/forward", "--tier", "accurate", "--format", "csv"))
        self.assertEqual({r["activation"] for r in both}, {"gelu", "silu"})
        self.assertEqual({r["tier"] for r in both}, {"accurate"})
        self.assertEqual({r["activation"] for r in rows(self.ok("list", "gelu_{tanh,normal}", "--format", "csv"))},
                         {"gelu_tanh", "gelu_normal"})
        self.assertEqual({r["activation"] for r in rows(self.ok("list", "!*glu", "!*softm??", "--format", "csv"))},
                         {r["activation"] for r in LIST if not r["activation"].endswith("glu") and "softm" not in r["activation"]})
        self.error(2, "no kernel matches 'gellu'; did you mean .*gelu", "list", "gellu")
        self.error(2, "not together in that order; gelu goes on with forward", "list", "gelu/scalar")
        self.error(2, "no kernel matches 'gelu/forward/float'; gelu/forward goes on with f32", "list", "gelu/forward/float")
        self.error(2, "sideways not in .*forward,derivative,backward,alpha_gradient", "list", "--direction", "sideways")
        self.error(2, "what matches gelu has the directions forward", "list", "gelu", "--direction", "alpha_gradient")
        self.error(2, "is no glob", "list", "gelu(")
        self.error(2, "braces", "list", "{gelu")
        self.error(2, r"no kernel matches all of: gelu/\*/\*/accurate naive; what matches gelu/\*/\*/accurate has the tiers accurate", "list", "gelu/*/*/accurate", "--tier", "naive")


    def test_what_it_prints_is_accepted(self):
        self.assertIn("gelu_tanh_u05", self.ok("list", "gelu_tanh"))
        for name, wanted in (("gelu_u05", {"suffix": "u05", "activation": "gelu"}), ("softplus_u40", {"suffix": "u40", "activation": "softplus"}),
                             ("*_u05", {"suffix": "u05"}), ("silu_u05/backward", {"suffix": "u05", "activation": "silu", "direction": "backward"}),
                             ("gelu_erf", {"activation": "gelu"}), ("swish-1", {"activation": "silu"}), ("soft_relu", {"activation": "softplus"})):
            found = rows(self.ok("list", name, "--format", "csv"))
            self.assertEqual(found, [r for r in LIST if all(r[k] == v for k, v in wanted.items())], name)
            self.assertNotEqual(found, [], name)
        self.assertEqual({r["activation"] for r in rows(self.ok("list", "*relu", "--format", "csv"))} & {"softplus"}, set())
        self.assertEqual({r["kernel"].split("/")[3] for r in rows(self.ok("eval", "gelu_u05", "1", "--type", "f32", "--format", "csv")) if "/" in r["kernel"]},
                         {"accurate"})
        self.assertEqual({r["activation"] for r in rows(self.ok("properties", "gelu_u05", "silu_u40", "--format", "csv"))}, {"gelu", "silu"})

    def test_an_option_takes_one_value(self):
        everything = [r for r in LIST if r["activation"] == "gelu" and r["type"] in ("f32", "f64")]
        for arguments in (("--type", "f32,f64", "gelu"), ("gelu", "--type", "f32", "--type", "f64"), ("--type=f32", "gelu", "--type=f64"),
                          ("--type", "f32,f64", "--", "gelu")):
            self.assertEqual(rows(self.ok("list", *arguments, "--format", "csv") if "--" not in arguments else self.ok("list", "--format", "csv", *arguments)),
                             everything, arguments)
        for option, value in (("--backend", "scalar"), ("--tier", "naive"), ("--direction", "forward")):
            self.assertEqual({r["activation"] for r in rows(self.ok("list", option, value, "gelu", "--format", "csv"))}, {"gelu"})
        for arguments in (("--param", "alpha=2", "elu", "1"), ("elu", "--param", "alpha=2", "1"), ("elu", "1", "--param", "alpha=2")):
            self.assertEqual({r["parameters"] for r in rows(self.ok("eval", *arguments, "--format", "csv"))}, {"alpha=2"})

    def test_the_two_new_gelus_are_told_apart(self):
        for arguments in (("list", "new_gelu"), ("list", "gelu_new"), ("eval", "gelu_new", "1"), ("eval", "new_gelu", "1"), ("gap", "gelu_new", "gelu", "--no-timing", "--quick"),
                          ("accuracy", "{gelu,gelu_new}/forward/f16", *SMALL), ("properties", "new_gelu")):
            self.assertIn("which is gelu_tanh here", " ".join(self.ok(*arguments).split()), arguments)
        self.assertNotIn("which is gelu_tanh here", " ".join(self.ok("list", "gelu*").split()))


class Eval(Program):
    def test_gelu_at_minus_five_and_a_half(self):
        text = self.ok("eval", "gelu", "-5.5", "--type", "f32", "--format", "csv")
        table = rows(text)
        # erfc(5.5/sqrt 2)·(-5.5)/2 by Python's own erfc, good to about 15 digits.
        import math
        self.assertAlmostEqual(float(table[0]["exact"]) / (-5.5 / 2 * math.erfc(5.5 / math.sqrt(2))), 1, delta=1e-13)
        self.assertGreaterEqual(len(re.sub(r"e.*|[-.]", "", table[0]["exact"]).lstrip("0")), 50)
        self.assertEqual(table[0]["kernel"], "correctly rounded")
        self.assertEqual(table[0]["x_bits"], "0xc0b00000")
        for row in table:
            if "/accurate/" in row["kernel"]:
                self.assertEqual(row["result_bits"], table[0]["result_bits"], row["kernel"])
                self.assertLessEqual(float(row["ulp_error"]), 0.5)
        naive = [float(r["ulp_error"]) for r in table if "/naive/" in r["kernel"]]
        self.assertTrue(naive and max(naive) > 10, "the naive formula cancels here")

    def test_every_notation(self):
        expected = {r["result_bits"] for r in rows(self.ok("eval", "tanh", "-5.5", "--type", "f32", "--tier", "accurate", "--format", "csv"))}
        for text in ("-0x1.6p+2", "0xc0b00000", "-55e-1"):
            self.assertEqual({r["result_bits"] for r in rows(self.ok("eval", "tanh", text, "--type", "f32", "--tier", "accurate", "--format", "csv"))},
                             expected)
        for x, y in (("inf", "1"), ("-inf", "-1"), ("nan", "nan"), ("0x7f800001", "nan"), ("-0", "-0"), ("-.5", "-0.46211717")):
            table = rows(self.ok("eval", "tanh", x, "--type", "f32", "--tier", "accurate", "--format", "csv"))
            self.assertEqual({r["result"] for r in table}, {y}, x)
            self.assertEqual({float(r["ulp_error"]) <= 0.5 for r in table}, {True}, x)

    def test_every_type_and_direction(self):
        here = {(r["direction"], r["type"]) for r in LIST if r["activation"] == "silu" and r["runnable"] == "yes"}
        table = rows(self.ok("eval", "silu", "-1.25", "--format", "csv"))
        self.assertEqual({(r["direction"], r["type"]) for r in table}, {(d, t) for d, t in here if d == "forward"})
        width = {"f16": 4, "bf16": 4, "f32": 8, "f64": 16}
        for row in table:
            self.assertEqual(len(row["x_bits"]), 2 + width[row["type"]])
            self.assertEqual(row["dy"], "")
        for direction in {d for d, _ in here}:
            for row in rows(self.ok("eval", "silu", "-1.25", "--direction", direction, "--tier", "accurate", "--format", "csv")):
                self.assertEqual(row["direction"], direction)
                if "/accurate/" in row["kernel"]:
                    self.assertLess(float(row["ulp_error"]), 1, row["kernel"])
        for direction in {d for d, _ in here} & {"backward"}:
            table = rows(self.ok("eval", "relu", "2", "--dy", "-3", "--format", "csv"))
            self.assertEqual({(r["direction"], r["dy"], r["result"]) for r in table}, {(direction, "-3", "-3")})
        # A bit pattern is of the types of its width, a number of those that have it.
        for text, types in (("0x3f800000", {"f32"}), ("0x3f80", {"f16", "bf16"}), ("0x3ff0000000000000", {"f64"}), ("1e40", {"f64"})):
            present = types & {t for d, t in here if d == "forward"}
            if present:
                self.assertEqual({r["type"] for r in rows(self.ok("eval", "silu", text, "--format", "csv"))}, present)
            else:
                self.error(2, "fits none|beyond", "eval", "silu", text)
        self.assertLess(len(self.ok("eval", "gelu", "-5.5").splitlines()), 60)

    def test_several_inputs_options_aliases_parameters(self):
        table = rows(self.ok("eval", "gelu", "1", "2", "--backend", "scalar", "--format", "csv"))
        self.assertEqual({r["x"] for r in table}, {"1", "2"})
        self.assertEqual(len(json.loads(self.ok("eval", "gelu", "1", "2", "--type", "f32", "--format", "json"))["tables"]), 2)
        self.assertIn("gelu at 1", self.ok("eval", "gelu_erf", "1"))
        table = rows(self.ok("eval", "leaky_relu", "-1", "--param", "alpha=0.5", "--tier", "accurate", "--format", "csv"))
        self.assertEqual({(r["result"], r["parameters"]) for r in table}, {("-0.5", "alpha=0.5")})

    def test_parameters_are_shown_as_they_are_used(self):
        used = {"f64": "alpha=0.3", "f32": "alpha=0.30000001192092896", "f16": "alpha=0.300048828125", "bf16": "alpha=0.30078125"}
        for command in (("eval", "leaky_relu", "-1"), ("accuracy", "leaky_relu/forward", *SMALL), ("overflow", "leaky_relu/forward", *SMALL)):
            table = rows(self.ok(*command, "--param", "alpha=0.3", "--tier", "accurate", "--backend", "scalar", "--format", "csv"))
            self.assertEqual({r["type"]: r["parameters"] for r in table if r["type"]}, used, command)
        text = self.ok("eval", "leaky_relu", "-1", "--param", "alpha=0.3", "--type", "bf16")
        self.assertIn("alpha=0.30078125", text)
        text = self.ok("accuracy", "leaky_relu/forward/*/accurate/scalar", *SMALL, "--param", "alpha=0.3", "--type", "f64,bf16", "--format", "md")
        self.assertIn("alpha=0.3 (bf16 takes 0.30078125)", text)
        self.assertIn("prelu alpha=0.12345678", self.ok("properties", "prelu", "--param", "alpha=0.12345678"))

    def test_parameters_that_do_not_fit(self):
        rounded = "parameter beta of softplus must be other than 0, and f32 rounds 1e-60 to 0; f64 holds it"
        for command in (("eval", "softplus", "1"), ("accuracy", "softplus", *SMALL), ("overflow", "softplus", *SMALL), ("bench", "softplus", *FAST_BENCH)):
            self.error(2, rounded, *command, "--type", "f32", "--param", "beta=1e-60")
        self.error(2, "must be finite, and f16 rounds 1e\\+300 to infinity; f64 holds it", "eval", "elu", "1", "--type", "f16", "--param", "alpha=1e300")
        self.ok("eval", "softplus", "1", "--type", "f64", "--param", "beta=1e-60")
        for activation, parameter, rule in (("softshrink", "lambda=-0.1", "lambda of softshrink must be at least 0"),
                                            ("hardtanh", "lower=2", "upper of hardtanh must be at least lower, and 1 is below 2"),
                                            ("clip", "upper=-3", "upper of hardtanh must be at least lower, and -3 is below -1"),
                                            ("rrelu", "upper=0", "upper of rrelu must be at least lower, and 0 is below 0.125")):
            self.error(2, rule, "eval", activation, "1", "--param", parameter)
        self.error(2, rule, "properties", "rrelu", "--param", "upper=0")
        self.ok("eval", "hardtanh", "1", "--param", "lower=3,upper=3")
        for value, said in (("tanh", "gelu_tanh"), ("none", "the activation gelu, without"), ("x", r"gelu \(none\), gelu_tanh \(tanh\)")):
            for activation in ("gelu", "geglu", "elu"):
                self.error(2, f"--param approximate={value}: .*{said}", "eval", activation, "1", "--param", f"approximate={value}")

    def test_gated_units(self):
        for arguments, expected in (((), {("forward", "", "1", "2")}),
                                    (("--a", "3"), {("forward", "", "3", "6")}),
                                    (("--dy", "4", "--a", "3"), {("gradient_a", "4", "", "8"), ("gradient_b", "4", "3", "12")}),
                                    (("--direction", "gradient_a", "--dy", "4"), {("gradient_a", "4", "", "8")})):
            table = rows(self.ok("eval", "reglu", "2", *arguments, "--format", "csv"))
            self.assertEqual({(r["direction"], r["dy"], r["a"], r["result"]) for r in table}, expected)
        self.assertIn("swiglu at -1.5, a 0.3, forward", self.ok("eval", "swiglu", "-1.5", "--a", "0.3"))
        self.error(2, r"--a is for gated units, a·f\(b\), which gelu is not", "eval", "gelu", "1", "--a", "2")
        self.error(2, "--a is for directions that take it", "eval", "glu", "1", "--direction", "gradient_a", "--a", "2")
        self.error(2, "functions of one number, which glu is not", "gap", "glu", "gelu")
        self.error(2, "functions of one number, which glu is not", "properties", "glu")

    def test_errors(self):
        self.error(2, "no activation 'geluu'; did you mean .*gelu", "eval", "geluu", "1")
        for bad in ("abc", "1.2.3", "0x1c0b00000", "1e40", "0x3f80", ""):
            self.error(2, r"not a number|bits|beyond", "eval", "gelu", bad, "--type", "f32")
        self.error(2, "0x3f80' is a pattern of 16 bits, but f32 has 32", "eval", "gelu", "0x3f80", "--type", "f32")
        self.error(2, "not a number", "eval", "gelu", "one")
        self.error(2, "--dy is for directions that take it", "eval", "gelu", "1", "--direction", "forward", "--dy", "1")
        self.error(2, "what matches gelu/.* has the directions forward", "eval", "gelu", "1", "--direction", "alpha_gradient")
        self.error(2, "has a parameter|no parameter", "eval", "gelu", "1", "--param", "alpha=1")
        self.error(2, "NAME=VALUE", "eval", "elu", "1", "--param", "alpha")
        self.error(2, "finite", "eval", "elu", "1", "--param", "alpha=inf")
        self.error(2, "other than 0", "eval", "celu", "1", "--param", "alpha=0")
        self.error(2, "above 0", "eval", "gelu_normal", "1", "--param", "sigma=-1")


class Accuracy(Program):
    def test_rows(self):
        table = rows(self.ok("accuracy", "tanh", *SMALL, "--format", "csv"))
        runnable = [r for r in LIST if r["activation"] == "tanh" and r["runnable"] == "yes"]
        self.assertEqual(len(table), len(runnable))
        for row in table:
            self.assertEqual(row["inputs"], "20000")
            self.assertEqual(row["searched"], "2500" if row["max_ulp"] != "inf" else "0")
            self.assertEqual(row["verdict"], "no promise" if row["tier"] == "naive" else "pass")
            self.assertEqual(row["dy"] != "", row["direction"] in ("backward", "alpha_gradient"))
            if row["tier"] == "accurate" and row["promised_ulp"] == "0.5":
                self.assertLessEqual(float(row["max_ulp"]), 0.5)
                self.assertEqual(row["not_correctly_rounded"], "0")
            for column in ("input", "input_hex", "input_bits", "got", "expected", "mean_ulp", "above_1_ulp", "wrong_zeros",
                           "wrong_infinities", "wrong_nans", "zero_signs"):
                self.assertNotEqual(row[column], "", column)

    def test_formats(self):
        self.assertEqual(len(json.loads(self.ok("accuracy", "relu/forward/f32/*/scalar", *SMALL, "--format", "json"))["tables"][0]["rows"]), 3)
        text = self.ok("accuracy", "relu", *SMALL)
        self.assertIn("Goldberg", text)
        self.assertTrue(all(len(line) <= 120 for line in text.splitlines()))
        self.assertIn("|---:", self.ok("accuracy", "relu", *SMALL, "--format", "md"))

    def test_saves_the_worst_inputs(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "deep", "worst.csv")
            self.ok("accuracy", "tanh/forward/f32", *SMALL, "--save-worst", path)
            with open(path, newline="") as file:
                vectors = list(csv.DictReader(file))
            self.assertGreater(len(vectors), 4)
            for v in vectors:
                self.assertEqual((v["activation"], v["direction"], v["type"], v["dy"]), ("tanh", "forward", "f32", ""))
                right = rows(self.ok("eval", "tanh", v["x"], "--format", "csv"))[0]
                self.assertEqual(right["result_bits"], v["expected"])
            self.error(2, "worst.csv", "accuracy", "tanh", *SMALL, "--save-worst", os.path.join(path, "below"))
            self.assertEqual(os.listdir(os.path.dirname(path)), ["worst.csv"])

    def test_does_not_depend_on_threads(self):
        outputs = {self.ok("accuracy", "{gelu,mish}", "--inputs", "150000", "--threads", t, "--format", "csv") for t in ("1", "2", "5")}
        self.assertEqual(len(outputs), 1)
        self.assertNotIn(self.ok("accuracy", "{gelu,mish}", "--inputs", "150000", "--seed", "2", "--format", "csv"), outputs)

    def test_errors(self):
        for bad in ("0", "-5", "abc", "2^99", "1.5", ""):
            self.error(2, "--inputs", "accuracy", "relu", "--inputs", bad)
        self.error(2, "--search", "accuracy", "relu", "--search", "some")
        for row in LIST:
            if row["activation"] == "relu" and (row["direction"], row["type"]) in (("forward", "f64"), ("backward", "f32")):
                self.error(2, r"has 2\^64 .*too many for all", "accuracy", f"relu/{row['direction']}/{row['type']}", "--inputs", "all")
        self.error(2, "--threads", "accuracy", "relu", "--threads", "0")
        self.error(2, "--seed", "accuracy", "relu", "--seed", "x")
        self.error(2, "did you mean", "accuracy", "geluu")


class Overflow(Program):
    def test_records(self):
        table = rows(self.ok("overflow", "{gelu,sigmoid}/forward/f32", *SMALL, "--format", "csv"))
        runnable = {"/".join(r[k] for k in ("activation", "direction", "type", "tier", "backend")) for r in LIST
                    if r["activation"] in ("gelu", "sigmoid") and r["direction"] == "forward" and r["type"] == "f32"
                    and r["runnable"] == "yes"}
        self.assertEqual({r["kernel"] for r in table}, runnable)
        for row in table:
            if row["tier"] != "accurate":
                continue
            wanted = {"verdict": "pass", "special": "right", "threshold": "right", "fault": "none"}[row["finding"]]
            self.assertEqual(row["verdict"], wanted, row)
        zero = [r for r in table if r["what"] == "to -inf: becomes 0"]
        self.assertEqual({(r["activation"], r["expected"]) for r in zero},
                         {("gelu", "-14.356069"), ("sigmoid", "-103.972084")})
        self.assertEqual({r["verdict"] for r in zero if r["tier"] == "naive"}, {"wrong"})
        nan = [r for r in table if r["what"] == "nan" and r["kernel"] == "gelu/forward/f32/naive/scalar"]
        self.assertEqual([(r["count"], r["x"], r["got"], r["expected"]) for r in nan], [("1", "-inf", "nan", "-0")])

    def test_formats(self):
        text = self.ok("overflow", "sigmoid/forward/f32", *SMALL)
        self.assertTrue(all(len(line) <= 120 for line in text.splitlines()))
        for part in ("special values", "thresholds", "-103.972084", "becomes 0", "smallest subnormal"):
            self.assertIn(part, text)
        self.assertIn("|---:", self.ok("overflow", "relu/forward/f32", *SMALL, "--format", "md"))
        self.assertTrue(json.loads(self.ok("overflow", "relu/forward/f32", *SMALL, "--format", "json"))["tables"][0]["rows"])
        many = ("overflow", "{relu,tanh,gelu,silu}/forward/f32/*/scalar", *SMALL)
        self.assertIn("--details", self.ok(*many))
        self.assertNotIn("smallest subnormal", self.ok(*many))
        self.assertIn("smallest subnormal", self.ok(*many, "--details"))

    def test_does_not_depend_on_threads(self):
        outputs = {self.ok("overflow", "mish/forward/f32", "--inputs", "150000", "--threads", t, "--format", "csv")
                   for t in ("1", "2", "5")}
        self.assertEqual(len(outputs), 1)

    def test_errors(self):
        for bad in ("0", "-5", "abc", "1.5"):
            self.error(2, "--inputs", "overflow", "relu", "--inputs", bad)
        self.error(2, r"sample holds, 2\^25", "overflow", "relu/forward/f32", "--inputs", "2^30")
        self.error(2, "--threads", "overflow", "relu", "--threads", "0")
        self.error(2, "did you mean", "overflow", "geluu")
        self.error(2, "has a parameter|no parameter", "overflow", "gelu/forward/f32", "--param", "alpha=1")


class Backends(Program):
    def test_one_that_does_not_run_here(self):
        mask = {"ACTBENCH_CPU_MASK": "avx2,avx512"}
        masked = rows(self.ok("list", "--format", "csv", env=mask))
        self.assertEqual(len(masked), len(LIST))
        self.assertEqual({r["runnable"] for r in masked if r["backend"] in ("avx2", "avx512")}, {"no"})
        self.assertEqual({r["runnable"] for r in masked if r["backend"] == "scalar"}, {"yes"})
        self.error(3, "AVX2", "accuracy", "relu", "--backend", "avx2", *SMALL, env=mask)
        self.error(3, "AVX-512", "eval", "gelu", "1", "--backend", "avx512", env=mask)
        self.error(3, "AVX-512", "bench", "relu", "--backend", "avx512", env=mask)
        self.error(3, "none of the kernels", "accuracy", "relu/*/*/*/avx512", *SMALL, env=mask)
        table = rows(self.ok("accuracy", "relu", *SMALL, "--format", "csv", env=mask))
        self.assertEqual({r["backend"] for r in table}, {"scalar"})
        self.assertIn("Left out", self.ok("accuracy", "relu", *SMALL, env=mask))

    def test_one_that_was_not_built(self):
        if any(r["backend"] == "cuda" for r in LIST):
            self.skipTest("this build has it")
        self.error(3, "cuda", "accuracy", "--backend", "cuda")


class Bench(Program):
    def test_rows_and_ceilings(self):
        table = rows(self.ok("bench", "relu/*/*/accurate", *FAST_BENCH, "--format", "csv"))
        ceilings = [r for r in table if r["kernel"].startswith("copy/")]
        kernels = [r for r in table if not r["kernel"].startswith("copy/")]
        self.assertTrue(ceilings and kernels)
        for row in kernels:
            self.assertEqual(row["elements"], "1024")
            self.assertGreater(float(row["ns_per_element"]), 0)
            self.assertLessEqual(float(row["ns_low"]), float(row["ns_per_element"]))
            self.assertLessEqual(float(row["ns_per_element"]), float(row["ns_high"]))
            self.assertGreater(float(row["percent_of_copy"]), 0)
            self.assertAlmostEqual(float(row["gb_per_second"]) * float(row["ns_per_element"]), float(row["bytes_per_element"]),
                                   delta=0.05 * float(row["bytes_per_element"]))
        text = self.ok("bench", "relu/*/*/accurate/scalar", *FAST_BENCH)
        self.assertIn("% of copy", text.replace("\n", " ") if "% of copy" in text else text + "% of copy")
        self.assertEqual(len(json.loads(self.ok("bench", "relu/*/*/accurate/scalar", *FAST_BENCH, "--format", "json"))["tables"]), 2)

    def test_passes_google_benchmarks_flags_through(self):
        names = self.ok("bench", "relu/*/*/*/scalar", *FAST_BENCH, "--", "--benchmark_list_tests=true")
        self.assertIn("relu/forward/f32/accurate/scalar", names)
        data = json.loads(self.ok("bench", "relu/*/*/accurate/scalar", *FAST_BENCH, "--", "--benchmark_format=json"))
        self.assertTrue(any("relu/forward/f32/accurate/scalar" in b["name"] for b in data["benchmarks"]))
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "run.json")
            self.ok("bench", "relu/*/*/accurate/scalar", *FAST_BENCH, "--", "--benchmark_out=" + path)
            with open(path) as file:
                self.assertTrue(json.load(file)["benchmarks"])

    def test_bytes_and_parameters_of_every_type_and_direction(self):
        table = rows(self.ok("bench", "elu/*/*/accurate/scalar", "--param", "alpha=0.1", *FAST_BENCH, "--format", "csv"))
        here = {(r["direction"], r["type"]) for r in LIST if r["activation"] == "elu" and r["tier"] == "accurate"}
        self.assertEqual({(r["direction"], r["type"]) for r in table if r["activation"] == "elu"}, here)
        size = {"f64": 8, "f32": 4, "f16": 2, "bf16": 2}
        for row in table:
            if row["activation"] == "elu":
                arrays = 3 if row["direction"] == "backward" else 2
                self.assertEqual(int(row["bytes_per_element"]), arrays * size[row["type"]], row["kernel"])

    def test_errors(self):
        self.error(2, "huge", "bench", "relu", "--sizes", "huge")
        self.error(2, "odd", "bench", "relu", "--like", "odd")
        self.error(2, "two bounds", "bench", "relu", "--like", "normal,uniform:1")
        self.error(2, "--like normal,wide", "bench", "relu", "--inputs", "normal,wide")
        self.error(2, "--repetitions", "bench", "relu", "--repetitions", "0")
        self.error(2, "--benchmark_nonsense", "bench", "relu", *FAST_BENCH, "--", "--benchmark_nonsense=1")
        self.error(2, "share", "bench", "{elu,tanh}", "--param", "alpha=2")


FILES = {".actbench-files", "index.html", "summary.md", "accuracy.md", "accuracy-relu.svg", "performance-error.svg", "performance-sizes.svg", "accuracy.csv", "overflow.md", "overflow.csv",
         "performance.md", "performance.csv", "performance-inputs.csv", "machine.json", "properties.md", "properties.csv", "properties-relu.svg"}


class Properties(Program):
    def test_rows_and_formats(self):
        table = rows(self.ok("properties", "{gelu,relu}", "--format", "csv"))
        self.assertEqual({r["activation"] for r in table}, {"gelu", "relu"})
        least = {r["activation"]: float(r["value"]) for r in table if r["property"] == "least"}
        self.assertAlmostEqual(least["gelu"], -0.16997120747990369, delta=1e-15)
        self.assertEqual(least["relu"], 0)
        for row in table:
            if row["property"] == "mean":
                self.assertLess(float(row["high"]) - float(row["low"]), 1e-13)
        text = self.ok("properties", "gelu")
        for word in ("Range and course", "-0.1699712075", "Saturation", "analytic"):
            self.assertIn(word, text)
        self.assertIn("|:---", self.ok("properties", "gelu", "--format", "md"))
        self.assertEqual(json.loads(self.ok("properties", "gelu", "--format", "json"))["tables"][0]["name"], "properties")

    def test_parameters(self):
        table = rows(self.ok("properties", "leaky_relu", "--param", "alpha=-2", "--format", "csv"))
        self.assertIn(("neither", "alpha=-2"), {(r["text"], r["parameters"]) for r in table if r["property"] == "monotone"})

    def test_folder(self):
        with tempfile.TemporaryDirectory() as folder:
            out = os.path.join(folder, "deep")
            self.ok("properties", "gelu*", "--out", out)
            self.assertIn("properties-gelu.svg", os.listdir(out))
            with open(os.path.join(out, "properties-gelu.svg")) as file:
                self.assertIn("</svg>", file.read())
            self.error(2, re.escape(os.path.join(out, "properties.md")), "properties", "gelu", "--out", os.path.join(out, "properties.md"))

    def test_errors(self):
        self.error(2, "no activation matches 'gellu'; did you mean gelu", "properties", "gellu")
        self.error(2, "no activation matches 'f32'", "properties", "f32")
        self.error(2, "braces", "properties", "{gelu")
        self.error(2, "is no glob", "properties", "gelu(")
        self.error(2, "other than 0", "properties", "celu", "--param", "alpha=0")
        self.error(2, "finite", "properties", "elu", "--param", "alpha=nan")
        self.error(2, "NAME=VALUE", "properties", "elu", "--param", "alpha")
        self.error(2, "has a parameter 'beta'", "properties", "elu", "--param", "beta=1")
        self.error(2, "--threads", "properties", "--threads", "0")


class Claims(Program):
    def test_some(self):
        table = rows(self.ok("claims", "V2", "R6", "R7", "--format", "csv"))
        self.assertEqual({(r["id"], r["verdict"]) for r in table}, {("V2", "holds"), ("R6", "fails"), ("R7", "depends")})
        text = self.ok("claims", "R6")
        self.assertIn("inf gelu", text)
        self.assertIn("Of 1 claim, 1 fails.", text)

    def test_what_is_not_timed_is_said(self):
        text = self.ok("claims", "V2", "P1", "--no-timing", env={"COLUMNS": "200"})
        self.assertIn("Left out, as nothing was timed: P1", text)
        self.error(2, "P3 is about measured times", "claims", "P3", "--quick")

    def test_times(self):
        table = rows(self.ok("claims", "P3", "--budget", "0.5", "--format", "csv"))
        self.assertTrue(all(float(r["low"]) <= float(r["value"]) <= float(r["high"]) for r in table))

    def test_errors(self):
        self.error(2, "there is no claim 'V9', only: V1", "claims", "V9")
        self.error(2, "there is no claim 'v1'", "claims", "v1")
        self.error(2, "--budget", "claims", "--budget", "-1")
        self.error(2, "--budget", "claims", "--budget", "x")


class Report(Program):
    def test_whole_folder(self):
        with tempfile.TemporaryDirectory() as folder:
            out = os.path.join(folder, "deep", "report")
            text = self.ok("report", "relu/*/f32", "--out", out, *SMALL, "--seed", "5", "--peers", "none")
            self.assertEqual(set(os.listdir(out)), FILES)
            for file in FILES:
                if not file.endswith((".svg", "-files")):
                    self.assertIn(os.path.join(out, file), text)
                self.assertGreater(os.path.getsize(os.path.join(out, file)), 100)
            with open(os.path.join(out, "machine.json")) as file:
                machine = json.load(file)
            self.assertEqual(machine["run"]["seed"], 5)
            self.assertEqual(machine["run"]["inputs_per_kernel"], 20000)
            self.assertRegex(machine["build"]["revision"], r"\A([0-9a-f]{40}|unknown)\Z")
            for key in ("glibc", "boost", "mpfr", "benchmark", "fmt", "cli11"):
                self.assertRegex(machine["build"]["libraries"][key], r"\d+\.\d+")
            with open(os.path.join(out, "summary.md")) as file:
                summary = file.read()
            for part in ("**Machine**", "Every promise was kept", "## Speed", "relu", "accuracy.md", "## What the functions are like",
                         "claims are about all kernels"):
                self.assertIn(part, summary)
            with open(os.path.join(out, "accuracy.csv"), newline="") as file:
                self.assertTrue(all(r["activation"] == "relu" for r in csv.DictReader(file)))
            with open(os.path.join(out, "performance.csv"), newline="") as file:
                self.assertTrue(any(r["activation"] == "relu" for r in csv.DictReader(file)))

    def test_what_cannot_be_written_is_said_before_the_work(self):
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "file")
            open(file, "w").close()
            start = time.monotonic()
            self.error(2, re.escape(file), "report", "--out", file)
            self.error(2, re.escape(file), "report", "--out", os.path.join(file, "below"))
            self.error(2, "/dev/full|/proc", "report", "--out", "/dev/full/x")
            self.error(2, "/proc", "report", "--out", "/proc/actbench")
            self.error(2, "exclude", "report", "--out", os.path.join(folder, "x"), "--quick", "--full")
            self.assertLess(time.monotonic() - start, 20)
            self.assertEqual(os.listdir(folder), ["file"])

    def test_what_is_of_others_is_left_alone(self):
        relu = ("relu/forward/f16/accurate/scalar", "--inputs", "256")
        with tempfile.TemporaryDirectory() as folder:
            for command in (("report", *relu), ("gap", "hard_swish", "silu", "--no-timing"), ("properties", "relu")):
                for name in {"report": ("summary.md", "rows-notes.md"), "gap": ("gap.svg",), "properties": ("properties.md",)}[command[0]]:
                    path = os.path.join(folder, name)
                    with open(path, "w") as file:
                        file.write("mine")
                    start = time.monotonic()
                    self.error(2, re.escape(path) + " is no file that actbench wrote there: move it away, or name another folder", *command, "--out",
                               folder)
                    self.assertLess(time.monotonic() - start, 5, "before the work")
                    with open(path) as file:
                        self.assertEqual(file.read(), "mine")
                    self.assertEqual(os.listdir(folder), [name])
                    os.remove(path)
            with open(os.path.join(folder, "notes.txt"), "w") as file:
                file.write("mine")
            self.ok("properties", "{relu,gelu}", "--out", folder)
            self.ok("properties", "gelu", "--out", folder)
            self.assertEqual(set(os.listdir(folder)), {".actbench-files", "notes.txt", "properties-gelu.svg", "properties.md", "properties.csv"},
                             "nothing of an earlier run stays beside it")

    def test_what_is_no_file_is_left_alone(self):
        with tempfile.TemporaryDirectory() as folder:
            pipe, file = os.path.join(folder, "pipe"), os.path.join(folder, "file")
            os.mkfifo(pipe)
            for option, arguments in (("--save-worst", ("relu", "--inputs", "2^30")), ("--certify", ("relu/forward/f32", "--inputs", "all")),
                                      ("--save-worst-rows", ("softmax", "--inputs", "2^30")),
                                      ("--checkpoint", ("relu/forward/f32", "--inputs", "all"))):
                self.error(2, re.escape(f"{pipe} is a pipe; name a file"), "accuracy", *arguments, option, pipe)
            self.error(2, re.escape(pipe), "check", "relu", "--only", "accuracy", "--markdown", pipe)
            self.assertEqual(os.listdir(folder), ["pipe"])
            with open(file, "w") as out:
                result = subprocess.run([PROGRAM, "accuracy", "relu", *SMALL, "--save-worst", file], stdout=out, stderr=subprocess.PIPE,
                                        text=True, env=ENVIRONMENT)
            self.assertEqual((result.returncode, result.stderr), (2, f"actbench: {file} is where stdout goes; name another file\n"))
            self.assertEqual(os.path.getsize(file), 0)

    def test_what_is_no_file_or_too_large_is_not_read(self):
        relu = ("relu/forward/f16/accurate/scalar",)
        readers = {"verify": ("verify", *relu, "--certificates"), "merge": ("merge",),
                   "samples": ("check", *relu, "--only", "accuracy", "--samples"),
                   "certificates": ("check", *relu, "--only", "accuracy", "--certificates"),
                   "history": ("check", *relu, "--only", "accuracy", "--history"),
                   "baseline": ("check", *relu, "--only", "speed", "--baseline"),
                   "base": ("check", *relu, "--base"), "head": ("check", *relu, "--base", PROGRAM, "--head"),
                   "checkpoint": ("accuracy", *relu, "--inputs", "all", "--checkpoint"),
                   "certify": ("accuracy", *relu, "--inputs", "all", "--certify")}
        with tempfile.TemporaryDirectory() as folder:
            pipe, huge, deep = (os.path.join(folder, name) for name in ("pipe", "huge", "deep"))
            os.mkfifo(pipe)
            with open(huge, "w") as file:
                file.truncate(1 << 40)
            with open(deep, "w") as file:
                file.write("[" * (1 << 20) + "\n")
            for path, said in (("/dev/zero", "is a device; name a file"), ("/dev/null", "is a device; name a file"),
                               (pipe, "is a pipe; name a file"), (folder, "is a folder; name a file|has no libactbench"),
                               (huge, "is larger than (64|1024) MiB")):
                for reader, arguments in readers.items():
                    start = time.monotonic()
                    self.error(2, re.escape(path) + ".*(" + said + ")", *arguments, path)
                    self.assertLess(time.monotonic() - start, 10, (reader, path))
            for reader in ("verify", "merge", "samples", "certificates", "history", "baseline", "checkpoint", "certify"):
                self.error(2, f"{deep} is no .*: it nests deeper than 16", *readers[reader], deep)
            self.assertEqual(set(os.listdir(folder)), {"pipe", "huge", "deep"})

    def test_streams_are_written_to_and_links_are_followed(self):
        check = ("check", "relu/forward/f16/*/scalar", "--only", "accuracy", "--markdown")
        null = os.stat("/dev/null")
        for arguments in (check, ("accuracy", "relu/forward/f16", *SMALL, "--save-worst"),
                          ("bench", "relu/forward/f16/*/scalar", *FAST_BENCH, "--", "--benchmark_out")):
            arguments, option = arguments[:-1], arguments[-1]
            plain = self.ok(*arguments, *(("--v=0",) if arguments[0] == "bench" else ()))
            self.assertNotEqual(plain, "")
            self.ok(*arguments, option + "=/dev/null")
            self.assertEqual((os.stat("/dev/null").st_ino, os.stat("/dev/null").st_mode), (null.st_ino, null.st_mode))
            before = os.readlink("/dev/stdout")
            for way in ("{0}", "{0} | cat", "{0} > file && cat file", "{0} >> file && cat file"):  # a pipe, and a file
                with tempfile.TemporaryDirectory() as folder:
                    command = way.format('"$0" "$@"')
                    result = subprocess.run(["bash", "-c", command, PROGRAM, *arguments, option + "=/dev/stdout"], cwd=folder, stdout=subprocess.PIPE,
                                            stderr=subprocess.PIPE, text=True, env=ENVIRONMENT)
                    self.assertEqual((result.returncode, result.stderr), (0, ""), (way, arguments))
                    self.assertGreater(len(result.stdout), len(plain) + 50, "both are there")
                    self.assertLessEqual(set(os.listdir(folder)), {"file"})
            self.assertEqual(os.readlink("/dev/stdout"), before)
            with tempfile.TemporaryDirectory() as folder:
                os.mkdir(os.path.join(folder, "elsewhere"))
                file, link = os.path.join(folder, "elsewhere", "file"), os.path.join(folder, "link")
                with open(file, "w") as out:
                    out.write("old")
                os.symlink("elsewhere/file", link)
                self.ok(*arguments, option + "=" + link)
                self.assertTrue(os.path.islink(link))
                self.assertGreater(os.path.getsize(file), 50)
                result = subprocess.run(["bash", "-c", '"$0" "$@" ' + option + '=>(cat > copy; touch done); while [ ! -e done ]; do sleep 0.05; done', PROGRAM, *arguments],
                                        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT, timeout=600)
                self.assertEqual((result.returncode, result.stderr), (0, ""))
                self.assertGreater(os.path.getsize(os.path.join(folder, "copy")), 50)
                pipe = os.path.join(folder, "pipe")
                os.mkfifo(pipe)
                self.error(2, re.escape(f"{pipe} is a pipe; name a file"), *arguments, option + "=" + pipe)
                self.error(2, "/dev/zero is a device; name a file", *arguments, option + "=/dev/zero")
                self.error(2, "/dev/full is a device; name a file", *arguments, option + "=/dev/full")
                self.assertEqual(set(os.listdir(folder)), {"elsewhere", "link", "copy", "done", "pipe"})

    def test_what_does_not_fit_is_shown_and_nothing_is_lost(self):
        def small_files():  # as a disk that is nearly full
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (300, 300))

        with tempfile.TemporaryDirectory() as folder:
            names = {"worst.csv", "run.json", "check.md", "plot.svg"}
            for name in names:
                with open(os.path.join(folder, name), "w") as file:
                    file.write("old")
            path = functools.partial(os.path.join, folder)
            for shown, arguments in (("no promise", ("accuracy", "relu", *SMALL, "--save-worst", path("worst.csv"))),
                                     ("Rows by length", ("accuracy", "softmax/*/f32", *SMALL, "--save-worst-rows", path("worst.csv"))),
                                     ("GB/s", ("bench", "relu/*/*/*/scalar", *FAST_BENCH, "--", "--benchmark_out=" + path("run.json"))),
                                     ("Check passed", ("check", "relu/forward/f16/*/scalar", "--only", "accuracy", "--format", "md", "--csv", path("check.md"))),
                                     ("Every promise was kept", ("report", "softmax/forward/f32/accurate/scalar", *SMALL, "--peers", "none", "--out", folder)),
                                     ("Every promise was kept", ("report", "softmax/forward/f32/accurate/scalar", *SMALL, "--peers", "none", "--out", path("new"))),
                                     ("Saturation", ("properties", "relu", "--out", folder)),
                                     ("The error of relu", ("plot", "error", "relu", "--type", "f16", "--inputs", "1000", "--out", path("plot.svg"))),
                                     ("hard_swish", ("gap", "hard_swish", "silu", "--no-timing", "--out", folder))):
                result = run(*arguments, preexec_fn=small_files)
                self.assertEqual(result.returncode, 2, arguments)
                self.assertIn(shown, result.stdout.replace("\n", " "), arguments)
                self.assertRegex(result.stderr, r"\Aactbench: cannot write [^\n]*: File too large\n\Z")
            self.assertEqual(set(os.listdir(folder)), names)
            for name in names:
                with open(path(name)) as file:
                    self.assertEqual(file.read(), "old", name)

    def interrupted(self, number, *arguments):
        # Who runs this by nohup has SIGHUP ignored, and so would the program.
        process = subprocess.Popen([PROGRAM, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT,
                                   preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL))
        time.sleep(1.0)
        self.assertIsNone(process.poll(), "long enough to be interrupted")
        process.send_signal(number)
        out, error = process.communicate(timeout=600)
        self.assertEqual((process.returncode, error), (2, "actbench: interrupted; nothing was written\n"))
        if arguments[0] == "report":  # it tells of parts that are ready
            out = re.sub(r"^(certificates|accuracy|overflow|rows|speed): .*\n(  .*\n)*", "", out, flags=re.MULTILINE)
        self.assertEqual(out, "")

    def test_interrupt_leaves_nothing(self):
        with tempfile.TemporaryDirectory() as folder:
            out = os.path.join(folder, "report")
            self.interrupted(signal.SIGINT, "report", "gelu", "--out", out, "--inputs", "2^30")
            self.interrupted(signal.SIGTERM, "report", "relu/*/*/*/scalar", "--out", out, "--inputs", "1000", "--full")
            self.interrupted(signal.SIGINT, "accuracy", "gelu/forward/f32", "--inputs", "all")
            self.interrupted(signal.SIGTERM, "accuracy", "gelu", "--inputs", "2^30", "--save-worst", out)
            self.interrupted(signal.SIGINT, "overflow", "gelu/forward/f32", "--inputs", "all")
            self.interrupted(signal.SIGTERM, "bench", "gelu", "--budget", "60")
            self.assertEqual(os.listdir(folder), [])

    def test_interrupt_keeps_an_older_report(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "summary.md")
            with open(path, "w") as file:
                file.write("old")
            with open(os.path.join(folder, ".actbench-files"), "w") as file:  # FNV-1a of "old"
                file.write("actbench-files 1\nreport %016x summary.md\n" % fnv1a(b"old"))
            self.interrupted(signal.SIGHUP, "report", "gelu", "--out", folder, "--inputs", "2^30")
            self.assertEqual(set(os.listdir(folder)), {"summary.md", ".actbench-files"})
            with open(path) as file:
                self.assertEqual(file.read(), "old")


class Streams(Program):
    def test_full_device(self):
        with open("/dev/full", "w") as full:
            for arguments in (("list",), ("--help",), ("eval", "gelu", "1"), ("accuracy", "relu", *SMALL)):
                result = subprocess.run([PROGRAM, *arguments], stdout=full, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT)
                self.assertEqual(result.returncode, 2)
                self.assertRegex(result.stderr, r"\Aactbench: cannot write the output: No space left on device\n\Z")

    def test_a_reader_that_goes_away(self):
        result = subprocess.run(["bash", "-c", '"$0" list --format json | head -1; echo ${PIPESTATUS[0]}', PROGRAM],
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT)
        self.assertEqual((result.stdout.splitlines()[-1], result.stderr), ("0", ""))

    def on_terminal(self, *arguments, env=None):
        """Stdout and stderr of a run on a terminal of their own each."""
        ends = [pty.openpty(), pty.openpty()]
        process = subprocess.Popen([PROGRAM, *arguments], stdout=ends[0][1], stderr=ends[1][1],
                                   env={**ENVIRONMENT, "TERM": "xterm", "ACTBENCH_PROGRESS": "", **(env or {})})
        for _, child in ends:
            os.close(child)
        texts = {ends[0][0]: b"", ends[1][0]: b""}
        while texts and (ready := select.select([e for e, _ in ends if e is not None], [], [], 60)[0]):
            for end in ready:
                try:
                    data = os.read(end, 65536)
                except OSError:
                    data = b""
                texts[end] += data
                if not data:
                    ends = [(e if e != end else None, c) for e, c in ends]
            if all(e is None for e, _ in ends):
                break
        process.wait(60)
        for end in texts:
            os.close(end)
        return [text.decode() for text in texts.values()]

    def test_colour(self):
        self.assertNotIn("\033", self.ok("list", "gelu"))
        self.assertIn("\033", self.ok("list", "gelu", "--color", "always"))
        self.assertIn("\033", self.on_terminal("list", "gelu")[0])
        self.assertNotIn("\033", self.on_terminal("list", "gelu", env={"NO_COLOR": "1"})[0])
        self.assertNotIn("\033", self.on_terminal("list", "gelu", "--color", "never")[0])
        self.assertNotIn("\033", self.on_terminal("list", "gelu", "--format", "csv")[0])

    def test_no_name_of_a_file_steers_a_terminal(self):
        with tempfile.TemporaryDirectory() as folder:
            name = os.path.join(folder, "x\x1b[2J\u202e.npy")
            for form in ("table", "md", "csv", "json"):
                command = ("inputs", "--out", name, "--inputs", "16", "--format", form)
                shown = self.on_terminal(*command)[0].replace("\r\n", "\n")
                self.assertNotRegex(re.sub(r"\x1b\[[0-9;]*m", "", shown), "[\x00-\x09\x0b-\x1f\u202e]", form)
                self.assertIn("2J", shown)
            self.assertIn(name, [row["file"] for row in rows(self.ok("inputs", "--out", name, "--inputs", "16", "--format", "csv"))])

    def test_progress_with_time_left_on_a_terminal_alone(self):
        arguments = ("accuracy", "gelu/forward/f32/*/scalar", "--inputs", "4e7")
        out, error = self.on_terminal(*arguments)
        self.assertRegex(error, r"accuracy +\d+ %, \d+s left")
        self.assertTrue(error.endswith("\r\033[K"), "the line is wiped")
        self.assertIn("verdict", out)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[2:], verbosity=1)
