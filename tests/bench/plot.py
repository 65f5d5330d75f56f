# SPDX-License-Identifier: Apache-2.0
"""actbench plot and the pictures of a report: well-formed, with a title and a description, written whole or not at all."""

import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

PROGRAM = os.path.abspath(sys.argv[1])
ENVIRONMENT = {**os.environ, "ACTBENCH_PROGRESS": "off"}
SVG = "{http://www.w3.org/2000/svg}"
COLUMNS = ("kernel,activation,direction,type,tier,backend,distribution,size,cache,row,elements,bytes_per_element,ns_per_element,"
           "ns_low,ns_high\n")
HOSTILE = "<script>\x07&\"'"


def run(*arguments, code=0):
    result = subprocess.run([PROGRAM, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=300, env=ENVIRONMENT,
                            check=False)
    assert result.returncode == code, (arguments, result.returncode, result.stderr, result.stdout[-300:])
    if code:
        assert re.fullmatch(r"actbench: [^\n]+\n", result.stderr), result.stderr
        return result.stderr
    return result.stdout


def timed(activation, backend, size, elements, ns, row="", tier="fast"):
    quoted = '"' + backend.replace('"', '""') + '"'
    return f"x,{activation},forward,f32,{tier},{quoted},normal,{size},,{row},{elements},8,{ns},{ns * 0.9},{ns * 1.1}\n"


def copied(size, elements, ns):
    return f"copy/memcpy/8B,copy/memcpy/8B,,,,,,{size},,,{elements},8,{ns},{ns},{ns}\n"


def line_of_history(day, verdict="SAME", change=0.1):
    speed = [{"kernel": "gelu/forward/f32/fast/avx2", "verdict": verdict, "change_percent": change, "low_percent": change - 1,
              "high_percent": None if verdict == "INCONCLUSIVE" else change + 1, "launches": 9}]
    return json.dumps({"format": 1, "time": f"2026-01-{day:02}T12:00:00Z", "outcome": "failed" if verdict == "SLOWER" else "passed",
                       "tolerance_percent": 3.0, "timed": 1, "launches": 9, "speed": speed, "outputs": []}) + "\n"


class Plot(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        return self.path(name)

    def check(self, text):
        """The words of a picture that is as all are."""
        root = xml.etree.ElementTree.fromstring(text)
        self.assertEqual(root.tag, SVG + "svg")
        for name in ("title", "desc"):
            self.assertTrue(root.find(SVG + name).text.strip())
        self.assertIn("prefers-color-scheme:dark", text)
        self.assertNotRegex(text, r'[ "ML,](nan|inf)[ "ML,<]')
        for mark in root.iter(SVG + "circle"):
            self.assertGreaterEqual(float(mark.get("cy")), 0)
        return [e.text for e in root.iter(SVG + "text")]

    def draw(self, *arguments):
        path = self.path("picture.svg")
        run("plot", *arguments, "--out", path)
        with open(path, encoding="utf-8") as file:
            return self.check(file.read())

    def report(self):
        """A report's folder, as far as pictures need it."""
        self.write("performance.csv", COLUMNS + copied("l1", 2000, 0.02) + copied("memory", 10000000, 0.3) + timed("gelu", "avx2", "l1", 2000, 0.5)
                   + timed("gelu", "avx2", "memory", 10000000, 0.6) + timed("gelu", HOSTILE, "l1", 2000, 0.4)
                   + timed("silu", "avx2", "l1", 2000, 0.7))
        self.write("accuracy.csv", "kernel,activation,direction,type,tier,backend,max_ulp\nx,gelu,forward,f32,fast,avx2,2.5\n"
                   'x,gelu,forward,f32,fast,"' + HOSTILE.replace('"', '""') + '",inf\n')
        self.write("rows-performance.csv", COLUMNS + copied("llc", 100000, 0.1) + timed("softmax", "avx2", "llc", 100000, 0.5, 128)
                   + timed("softmax", "avx2", "llc", 100000, 0.3, 4096))

    def test_error(self):
        words = self.draw("error", "gelu", "--inputs", "20000")
        for word in ("naive", "fast", "accurate", "infinite", "−1", "2⁻⁸", "correctly rounded"):
            self.assertIn(word, words)
        self.assertRegex(" ".join(words), r"accurate \(\w+\): proven over all 2\^32 inputs, at most 0\.5")
        words = self.draw("error", "relu", "gelu", "--type", "bf16", "--inputs", "all")
        self.assertIn("relu, forward bf16 (proven over all inputs: fast, accurate)", words)
        self.assertIn("gelu, forward bf16 (proven over all inputs: fast, accurate)", words)

    def test_parameters(self):
        words = " ".join(self.draw("error", "elu", "--param", "alpha=0.3", "--inputs", "5000"))
        self.assertNotIn("proven", words)

    def test_from_a_report(self):
        self.report()
        words = self.draw("sizes", "--from", self.folder)
        for word in ("Time by size of the arrays, forward f32", "gelu", "silu", "L1", "memory", "copying the same bytes", HOSTILE.replace("\x07", "\\x07")):
            self.assertIn(word, words)
        words = self.draw("sizes", "gelu", "--from", self.path("performance.csv"))
        self.assertIn("Time by size of the arrays, gelu, forward f32", words)
        self.assertNotIn("silu", words)
        words = self.draw("front", "--from", self.folder)
        self.assertIn("infinite", words)
        self.assertIn("ns an element, arrays of the size L1", words)
        self.assertIn("ns an element, arrays of the size memory", self.draw("front", "--from", self.folder, "--size", "memory"))
        words = self.draw("rows", "--from", self.folder)
        self.assertIn("4096", words)

    def test_history(self):
        history = self.write("h", "".join(line_of_history(day) for day in range(1, 9)) + line_of_history(9, "SLOWER", 12.5)
                             + line_of_history(10, "INCONCLUSIVE"))
        words = self.draw("history", "--from", history)
        for word in ("kernel: SLOWER", "run: failed", "2026-01-01"):
            self.assertIn(word, words)
        self.assertIn("10 runs: 9 passed, 1 failed. 1 kernel was called SLOWER.", words)
        self.assertNotIn("kernel: SLOWER", self.draw("history", "relu", "--from", history))
        self.assertNotIn("2026-01-01", self.draw("history", "--from", history, "--last", "3"))

    def test_without_out_it_goes_to_stdout(self):
        self.report()
        self.check(run("plot", "sizes", "--from", self.folder))

    def test_what_cannot_be_drawn_leaves_the_file_alone(self):
        self.report()
        out = self.write("old.svg", "old")
        empty, cut = self.write("empty", ""), self.write("cut", "kernel,activation\nx,gelu\n")
        bad = self.write("bad", COLUMNS + timed("gelu", "avx2", "l1", 2000, float("nan")))
        wrong = self.write("wrong", line_of_history(1).replace("SAME", "same"))
        for arguments, sentence in (
                (["errors"], "'errors' is no kind of picture; there are error, front, sizes, rows, history"),
                (["error", "gelu", "--from", self.folder], "leave out --from"),
                (["history"], "name it by --from FILE"),
                (["history", "--from", self.path("none")], "there is no file"),
                (["history", "--from", empty], "has no runs yet"),
                (["history", "--from", cut], "is no history of the gate: line 1"),
                (["history", "--from", wrong], "should be SAME, SLOWER, FASTER or INCONCLUSIVE"),
                (["sizes", "--from", self.path("none")], "there is no file"),
                (["sizes", "--from", cut], "without the column 'direction'"),
                (["sizes", "--from", bad], "'ns_per_element' is 'nan'"),
                (["sizes", "--from", empty], "has no rows of CSV"),
                (["sizes", "mish", "--from", self.folder], "has no times of the kernels that are chosen"),
                (["sizes", "--type", "f64", "--from", self.folder], "has no times of the kernels that are chosen"),
                (["rows", "--from", self.path("performance.csv")], "has no times over rows"),
                (["front", "--from", self.path("performance.csv")], "is no folder"),
                (["front", "--from", self.folder, "--size", "l3"], "has no times at that --size"),
                (["front", "--from", self.folder, "--budget", "1"], "--budget is for what is measured now"),
                (["sizes", "--from", self.folder, "--last", "3"], "--last is for plot history"),
                (["rows", "gelu"], "over rows, such as softmax"),
                (["error", "softmax"], "element by element"),
                (["error", "nothing"], "nothing")):
            with self.subTest(arguments=arguments):
                self.assertIn(sentence, run("plot", *arguments, "--out", out, code=2))
        with open(out, encoding="utf-8") as file:
            self.assertEqual(file.read(), "old")
        self.assertIn("old.svg", run("plot", "error", "relu", "--out", self.path("old.svg/x.svg"), code=2))

    @unittest.skipIf(os.environ.get("ACTBENCH_EMULATOR"), "an emulator times nothing")
    def test_measured(self):
        self.assertIn("copying the same bytes", self.draw("sizes", "relu", "--budget", "0.5"))
        self.assertIn("128256", self.draw("rows", "softmax", "--budget", "0.5"))
        self.assertIn("relu, forward f32", self.draw("front", "relu", "--budget", "0.3", "--inputs", "1000"))

    @unittest.skipIf(os.environ.get("ACTBENCH_EMULATOR"), "an emulator times nothing")
    def test_of_a_report(self):
        folder = self.path("report")
        run("report", "{relu,softmax}/forward/f32", "--inputs", "4096", "--within", "4s", "--peers", "none", "--out", folder)
        for markdown, pictures in (("accuracy", ["accuracy-relu"]), ("performance", ["performance-error", "performance-sizes"]),
                                   ("rows", ["rows-lengths"])):
            with open(os.path.join(folder, markdown + ".md"), encoding="utf-8") as file:
                text = file.read()
            for picture in pictures:
                self.assertIn(f"({picture}.svg)", text)
                with open(os.path.join(folder, picture + ".svg"), encoding="utf-8") as file:
                    self.check(file.read())


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
