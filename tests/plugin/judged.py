# SPDX-License-Identifier: Apache-2.0
"""Plug-ins from the command line: the examples get the rows, verdicts and certificates that the program's own kernels get; of bad
ones every kind is named in a sentence, and takes nothing else with it."""

import csv
import io
import json
import os
import platform
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

ACTBENCH = sys.argv.pop(1)
FOLDER = os.path.join(os.environ["ACTBENCH_BUILD_DIR"], "tests", "plugin")
MINE, MINE_CPP = (os.path.join(FOLDER, "examples", name) for name in ("mine.so", "mine_cpp.so"))
SMALL = ["--inputs", "4096", "--search", "0", "--threads", "1"]
X86 = platform.machine() == "x86_64"


def path(name):
    return os.path.join(FOLDER, f"bad_{name}.so")


def run(*arguments):
    return subprocess.run([ACTBENCH, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=600)


def rows(text):
    return list(csv.DictReader(line for line in io.StringIO(text) if not line.startswith("#")))


class Good(unittest.TestCase):
    def ok(self, *arguments, code=0):
        done = run(*arguments)
        self.assertEqual((done.returncode, done.stderr), (code, ""), arguments)
        return done.stdout

    def test_list(self):
        table = rows(self.ok("list", "--plugin", MINE, "--plugin", MINE_CPP, "--backend", "mine,mine_cpp", "--format", "csv"))
        found = {"/".join(r[k] for k in ("activation", "direction", "type", "tier", "backend")): r for r in table}
        self.assertEqual(found["relu/forward/bf16/accurate/mine"]["promised_ulp"], "0.5")
        self.assertEqual(found["celu/forward/f32/naive/mine_cpp"]["parameters"], "alpha=0.5")
        absent = found["elu/derivative/f32/naive/mine_cpp"]
        self.assertEqual((absent["runnable"], absent["reason"]), ("no", "nobody has written it yet"))
        self.assertEqual({r["runnable"] for r in table if r is not absent}, {"yes"})
        people = self.ok("list", "celu", "--plugin", MINE_CPP)
        self.assertIn("α is 0.5 and nothing else", people)
        self.assertIn("mine_cpp 1.0", people)

    def test_accuracy_of_all_shapes(self):
        table = rows(self.ok("accuracy", "--plugin", MINE_CPP, "--backend", "mine_cpp", "--rows", "7", "--format", "csv", *SMALL))
        found = {r["kernel"]: r for r in table if r.get("max_ulp")}
        self.assertLess(float(found["softmax/forward/f64/naive/mine_cpp"]["max_ulp"]), 1000)
        self.assertLess(float(found["elu/forward/f64/naive/mine_cpp"]["max_ulp"]), 4)
        # With its own α, not the table's.
        self.assertLess(float(found["celu/forward/f32/naive/mine_cpp"]["max_ulp"]), 4)
        self.assertLess(float(found["reglu/forward/f32/naive/mine_cpp"]["max_ulp"]), 0.51)

    def test_parameters_are_set(self):
        table = rows(self.ok("accuracy", "elu/forward/f32", "--plugin", MINE_CPP, "--param", "alpha=0.3", "--format", "csv", *SMALL))
        (mine,) = [r for r in table if r["backend"] == "mine_cpp"]
        self.assertLess(float(mine["max_ulp"]), 4)
        done = run("accuracy", "celu/forward/f32", "--plugin", MINE_CPP, "--param", "alpha=0.3", *SMALL)
        self.assertEqual(done.returncode, 2)
        self.assertIn("celu/forward/f32/naive/mine_cpp computes with alpha=0.5 alone", done.stderr)

    def test_eval_and_overflow_and_bench(self):
        table = rows(self.ok("eval", "gelu", "-5.5", "--type", "f32", "--plugin", MINE, "--format", "csv"))
        self.assertIn("mine", {r["backend"] for r in table})
        text = self.ok("overflow", "relu/forward/bf16", "--plugin", MINE, "--threads", "1")
        self.assertIn("mine", text)
        table = rows(self.ok("bench", "reglu/forward/f32", "--plugin", MINE_CPP, "--backend", "mine_cpp", "--sizes", "l1", "--budget", "1",
                             "--format", "csv"))
        self.assertIn("reglu/forward/f32/naive/mine_cpp", {r["kernel"] for r in table})

    def test_certificate(self):
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "certificates.json")
            kernel = "relu/forward/bf16"
            self.ok("accuracy", kernel, "--plugin", MINE, "--backend", "mine", "--inputs", "all", "--certify", file)
            with open(file, encoding="utf-8") as text:
                self.assertIn('"relu/forward/bf16/accurate/mine"', text.read())
            self.assertIn("mine", self.ok("verify", kernel, "--plugin", MINE, "--backend", "mine", "--certificates", file))

    def test_gate(self):
        with tempfile.TemporaryDirectory() as folder:
            same = os.path.join(folder, "yesterday.so")
            with open(MINE, "rb") as source, open(same, "wb") as to:
                to.write(source.read())
            done = run("check", "relu/forward", "--base", same, "--head", MINE, "--budget", "1", "--format", "csv", "--threads", "1")
            self.assertIn(done.returncode, (0, 1), done.stderr)  # a loaded machine may call one slower
            self.assertIn("relu/forward/f32/accurate/mine", done.stdout)
            self.assertIn("unchanged", done.stdout)
        done = run("check", "--base", os.path.join(os.environ["ACTBENCH_BUILD_DIR"], "kernels"), "--head", MINE)
        self.assertEqual(done.returncode, 2)
        self.assertIn("the head is a plug-in, and the base is not", done.stderr)

    def test_gate_of_some_plugin_alone(self):
        for plugins, more, sentence in (
                ((MINE,), ("--head", MINE_CPP), "--head is none of the --plugin files: leave out --plugin"),
                ((MINE, MINE_CPP), (), "the base is a plug-in, and --plugin names several: say by --head which of them is compared with it")):
            named = [word for plugin in plugins for word in ("--plugin", plugin)]
            done = run("check", "relu/forward", *named, *more, "--base", MINE, "--only", "accuracy")
            self.assertEqual((done.returncode, done.stdout, done.stderr), (2, "", f"actbench: {sentence}\n"))

    def test_unknown(self):
        done = run("list", "--plugin", "/nowhere/mine.so")
        self.assertEqual((done.returncode, done.stderr), (2, "actbench: --plugin: there is no file /nowhere/mine.so\n"))
        done = run("list", "--plugin", MINE, "--backend", "yours")
        self.assertEqual(done.returncode, 2)
        self.assertIn("mine", done.stderr)


class Bad(unittest.TestCase):
    def test_kernels(self):
        done = run("list", "--plugin", path("kernels"), "--plugin-patience", "2", "--backend", "bad", "--format", "csv")
        self.assertEqual(done.returncode, 1, done.stderr)
        reasons = {r["activation"]: r["reason"] for r in rows(done.stdout)}
        said = done.stderr
        expected = {
            "gelu": "crashes in a call of 1031 elements, by a segmentation fault",
            "silu": "calls abort in a call of 1031 elements",
            "mish": "calls exit(0) in a call of 1031 elements",
            "tanh": "hangs: no end of a call of 1031 elements after 2 s",
            "selu": "crashes in a call of 1031 elements, by a segmentation fault",
            "relu6": "writes past the end of y: byte 1 after it, in a call of 1031 elements",
            "sigmoid": "s before the beginning of y: byte 4 before it",
            "softplus": "s past the end of x: byte 1 after it",
            "softsign": "s before the beginning of x: byte 4 before it",
            "hardtanh": "writes to its input x: element 3, in a call of",
            "hard_swish": "leaves element 1030 of y unwritten, in a call of 1031 elements",
            "celu": "prints to stdout",
            "gelu_tanh": "computes in threads of its own",
            "log_sigmoid": "computes in threads of its own",
        }
        if X86:
            expected["elu"] = "crashes in a call of 1031 elements, by an arithmetic exception"
            expected["step"] = "leaves the floating-point state changed: flush-to-zero, rounding downward"
        for activation, sentence in expected.items():
            self.assertIn(sentence, reasons[activation])
            self.assertIn(f"actbench: {activation}/forward/f32/naive/bad ", said)
        # Noted, and judged all the same.
        self.assertIn("identity/forward/f32/naive/bad gives results that depend on an element's place", said)
        self.assertIn("tanhshrink/forward/f32/naive/bad does not give the same for the same inputs", said)
        for activation in ("relu", "squared_relu", "identity", "tanhshrink"):
            self.assertEqual(reasons[activation], "", activation)
        for sentence in (
            "fancy/forward/f32 of bad there is no activation 'fancy'",
            "rellu/forward/f32 of bad there is no activation 'rellu'; did you mean reglu or relu?",
            "a formula of one's own cannot be given",
            "kernel 22 of bad it names no activation",
            "threshold/forward/f32 of bad it has no function",
            "relu/sideways/f32 of bad there is no direction 'sideways', only forward",
            "relu/gradient_a/f32 of bad relu has no direction gradient_a, only forward",
            "relu/forward/f8 of bad there is no type 'f8', only f32, f64, f16, bf16",
            "relu has no parameter 'alpha'",
            "'many' is not",
            "it promises -1 ULP",
            "there is no tier 'quick', only naive, fast, accurate",
            "relu/forward/f32 of bad another kernel of the plug-in has the same identity",
        ):
            self.assertIn(sentence.replace(" of bad ", " of bad: "), said)

    def test_later(self):
        done = run("accuracy", "{relu,gelu,silu,mish}/forward/f32/naive", "--plugin", path("later"), "--plugin-patience", "2",
                   "--backend", "later", "--format", "csv", *SMALL)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual([r["kernel"] for r in rows(done.stdout)], ["relu/forward/f32/naive/later"])
        for activation, sentence in {"gelu": "crashes in a call of 4096 elements, by a segmentation fault",
                                     "silu": "calls exit(0) in a call of 4096 elements",
                                     "mish": "hangs: no end of a call of 4096 elements"}.items():
            self.assertIn(f"{activation}/forward/f32/naive/later {sentence}", done.stderr)

    def test_libraries(self):
        def refused(name, sentence, code=2):
            done = run("list", "relu", "--plugin", path(name), "--plugin-patience", "2")
            self.assertEqual((done.returncode, done.stdout), (code, ""), name)
            self.assertIn(sentence, done.stderr)

        refused("loading_crashes", "crashes while it is loaded, by a segmentation fault")
        refused("loading_hangs", "hangs while it is loaded: no end after 2 s")
        refused("loading_exits", "calls exit(0) while it is loaded")
        refused("start_absent", "does not run here: there is no such device", 3)
        refused("start_aborts", "crashes in its function start, by a call of abort")
        refused("version", "has version 7 of the interface, and this program knows version 1")
        refused("entry", "has version 2 of the interface, and this program knows version 1")
        refused("no_entry", "is no plug-in: it exports no function actbench_plugin_v1")
        refused("name", "calls itself 'avx2', which is the name of another backend")
        refused("name_cuda", "calls itself 'cuda', which is the name of another backend")
        refused("empty", "describes no kernel")
        with tempfile.NamedTemporaryFile(suffix=".so") as text:
            text.write(b"no library\n")
            text.flush()
            done = run("list", "--plugin", text.name)
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertIn("cannot be loaded", done.stderr)

    def test_libraries_that_are_used_all_the_same(self):
        noted = {"loading_prints": "prints to stdout when it is loaded", "loading_starts_a_thread": "starts threads when it is loaded"}
        if X86:
            noted["loading_flushes_to_zero"] = "changes the floating-point state when it is loaded: flush-to-zero"
        for name, sentence in noted.items():
            done = run("accuracy", "relu/forward/f32", "--plugin", path(name), "--backend", "bad", "--format", "csv", *SMALL)
            self.assertEqual(done.returncode, 1, name)
            self.assertIn(sentence, done.stderr)
            self.assertEqual([r["kernel"] for r in rows(done.stdout)], ["relu/forward/f32/naive/bad"])

    def test_promises_are_not_believed(self):
        with tempfile.TemporaryDirectory() as folder:
            report = os.path.join(folder, "report")
            done = run("report", "relu/forward/f32", "--plugin", path("promise"), "--backend", "liar", "--within", "5s", "--peers", "none", "--out", report)
            self.assertEqual(done.returncode, 1, done.stderr)
            with open(os.path.join(report, "summary.md"), encoding="utf-8") as file:
                summary = file.read()
            self.assertIn("promised? No.", summary)
            self.assertNotIn("fastest kernel that I may use", summary)
        done = run("pick", "relu", "--plugin", path("promise"), "--backend", "liar", "--budget", "0.5")
        self.assertEqual((done.returncode, done.stdout), (3, ""), done.stderr)

    def test_too_little_memory(self):
        def little():
            resource.setrlimit(resource.RLIMIT_AS, (1 << 31, 1 << 31))

        if subprocess.run([ACTBENCH, "--version"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=little).returncode:
            self.skipTest("the program itself needs more, as with a sanitizer")
        done = subprocess.run([ACTBENCH, "list", "--plugin", path("hungry"), "--backend", "hungry", "--format", "csv"], timeout=60,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=little)
        self.assertEqual((done.returncode, done.stderr),
                         (1, "actbench: relu/forward/f32/naive/hungry cannot be tried: there is too little memory\n"))
        self.assertEqual([r["runnable"] for r in rows(done.stdout)], ["no"])

    def test_gate(self):
        with tempfile.TemporaryDirectory() as folder:
            for name, code in (("not_absent", 0), ("loading_prints", 1)):
                base = shutil.copy(path(name), os.path.join(folder, name + ".so"))
                done = run("check", "--head", path(name), "--base", base, "--only", "accuracy", "--format", "json", "--threads", "1")
                self.assertEqual(done.returncode, code, done.stderr)
                (row,) = json.loads(done.stdout)["tables"][0]["rows"]
                self.assertIn("unchanged", json.dumps(row))
        done = run("check", "--head", path("not_absent"), "--base", path("loading_exits"))
        self.assertEqual((done.returncode, done.stdout), (3, ""), done.stderr)
        self.assertIn("loading_exits.so) called exit(0) while it was loaded", done.stderr)

    def test_a_bad_one_beside_a_good_one(self):
        done = run("accuracy", "relu/forward/f32", "--plugin", path("loading_crashes"), "--plugin", MINE, "--backend", "mine",
                   "--format", "csv", *SMALL)
        self.assertEqual(done.returncode, 1)
        self.assertEqual([r["kernel"] for r in rows(done.stdout)], ["relu/forward/f32/accurate/mine"])
        done = run("list", "--plugin", MINE, "--plugin", MINE, "--backend", "mine", "--format", "csv")
        self.assertEqual(done.returncode, 1)
        self.assertIn("calls itself 'mine', as", done.stderr)


class Signals(unittest.TestCase):
    def start(self, *arguments, hangup=signal.SIG_DFL):
        return subprocess.Popen([ACTBENCH, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                preexec_fn=lambda: signal.signal(signal.SIGHUP, hangup))

    def test_an_ignored_one(self):
        process = self.start("list", "--plugin", path("loading_hangs"), "--plugin-patience", "2", hangup=signal.SIG_IGN)
        for _ in range(5):
            time.sleep(0.2)
            process.send_signal(signal.SIGHUP)
        self.assertIn("hangs while it is loaded: no end after 2 s", process.communicate(timeout=600)[1])

    def test_one_that_a_kernel_keeps_from_being_seen(self):
        with tempfile.TemporaryDirectory() as folder:
            made = os.path.join(folder, "made")
            process = self.start("accuracy", "mish/forward/f32/naive", "--plugin", path("later"), "--plugin-patience", "60", "--backend",
                                 "later", "--save-worst", os.path.join(made, "worst.csv"), *SMALL)
            while not os.path.isdir(made) and process.poll() is None:
                time.sleep(0.05)
            time.sleep(1)
            process.send_signal(signal.SIGINT)
            out, error = process.communicate(timeout=600)
            self.assertEqual((process.returncode, out, error), (2, "", "actbench: interrupted; nothing more was written\n"))
            self.assertEqual(os.listdir(folder), [])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
