# SPDX-License-Identifier: Apache-2.0
"""The program's commands over rows: softmax and its like in list, eval, accuracy, overflow, bench and report, and left
out, with a reason, of what goes element by element."""

import csv
import io
import os
import subprocess
import sys
import tempfile
import unittest

PROGRAM = sys.argv[1]


def run(*arguments):
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=600)


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


class Rows(unittest.TestCase):
    def ok(self, *arguments, code=0):
        done = run(*arguments)
        self.assertEqual(done.returncode, code, f"{arguments}: {done.stdout}{done.stderr}")
        return done.stdout

    def error(self, code, said, *arguments):
        done = run(*arguments)
        self.assertEqual(done.returncode, code, f"{arguments}: {done.stdout}{done.stderr}")
        self.assertIn(said, done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1)

    def test_list_says_the_shape(self):
        table = rows(self.ok("list", "--format", "csv"))
        self.assertEqual({r["activation"] for r in table if r["shape"] == "rows"}, {"softmax", "log_softmax", "softmin"})
        self.assertIn("elementwise", {r["shape"] for r in table})
        self.assertIn("rows", self.ok("list", "softmax"))

    def test_eval_takes_a_row(self):
        table = rows(self.ok("eval", "softmax", "0", "0", "-inf", "--type", "f32", "--format", "csv"))
        right = [r for r in table if r["kernel"] == "correctly rounded"]
        self.assertEqual([r["result"] for r in right], ["0.5", "0.5", "0"])
        self.assertEqual({r["tier"] for r in table}, {"correctly rounded", "naive", "fast", "accurate"})
        self.assertTrue(all(r["ulp_error"] == "0" for r in table if r["tier"] == "accurate"))
        text = self.ok("eval", "softmax", "1", "2", "3", "--type", "f64")
        self.assertIn("9.00305731703804579980221", text)
        # e^90 is no f32: the textbook's formula gives NaN, the others do not.
        table = rows(self.ok("eval", "softmax", "90", "0", "--type", "f32", "--format", "csv"))
        self.assertEqual({r["result"] for r in table if r["tier"] == "naive" and r["element"] == "0"}, {"nan"})
        self.assertNotIn("nan", {r["result"] for r in table if r["tier"] != "naive"})

    def test_eval_takes_a_gradient(self):
        table = rows(self.ok("eval", "softmax", "0.5", "0.5", "--dy", "1,0", "--type", "f32", "--format", "csv"))
        self.assertEqual({r["result"] for r in table if r["element"] == "1"}, {"-0.25"})
        self.error(2, "--dy has 3 numbers, the row 2", "eval", "softmax", "1", "2", "--dy", "1,2,3")

    def test_accuracy_measures_rows(self):
        text = self.ok("accuracy", "{softmax,log_softmax}/*/f32", "--inputs", "20000", "--rows", "1,10,1000")
        self.assertIn("Rows by length and scale", text)
        self.assertNotIn("FAIL", text)
        for threads in ("1", "3"):
            again = self.ok("accuracy", "{softmax,log_softmax}/*/f32", "--inputs", "20000", "--rows", "1,10,1000", "--threads", threads)
            self.assertEqual(text, again)
        self.assertNotEqual(text, self.ok("accuracy", "{softmax,log_softmax}/*/f32", "--inputs", "20000", "--rows", "1,10,1000", "--seed", "9"))
        self.error(2, "--rows 'x'", "accuracy", "softmax", "--rows", "x")
        self.error(2, "over whole rows", "accuracy", "softmax", "--inputs", "all")
        self.error(2, "--rows", "accuracy", "relu", "--inputs", "1000", "--rows", "4")

    def test_accuracy_shows_rows_beside_others(self):
        text = self.ok("accuracy", "{softmax,relu}/forward/f32/accurate/scalar", "--inputs", "20000")
        self.assertIn("softmax", text)
        self.assertIn("relu", text)

    def test_worst_rows_are_kept(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "rows.csv")
            self.ok("accuracy", "softmax/*/f32", "--inputs", "5000", "--save-worst-rows", path)
            with open(path, newline="", encoding="utf-8") as file:
                vectors = list(csv.DictReader(file))
        self.assertTrue(vectors)
        self.assertEqual({v["direction"] for v in vectors}, {"forward", "backward"})

    def test_overflow_shows_what_the_textbook_does(self):
        text = self.ok("overflow", "softmax/forward/f32")
        self.assertIn("Faults at special rows", text)
        self.assertIn("88.72284", text)  # where e^x overflows
        self.ok("overflow", "{softmax,log_softmax,softmin}/*/*/{fast,accurate}")

    def test_bench_times_rows(self):
        arguments = ("--repetitions", "1", "--min-time", "0.0001", "--format", "csv")
        table = rows(self.ok("bench", "softmax/*/f32/accurate/scalar", "--sizes", "l1", "--rows", "10,128", *arguments))
        timed = [r for r in table if r["activation"] == "softmax"]
        self.assertEqual(sorted((r["direction"], r["row"]) for r in timed),
                         [("backward", "10"), ("backward", "128"), ("forward", "10"), ("forward", "128")])
        self.assertTrue(all(int(r["elements"]) % int(r["row"]) == 0 for r in timed))
        self.error(2, "none of the sizes holds a row", "bench", "softmax", "--sizes", "100", "--rows", "128", *arguments)
        self.error(2, "--rows is for kernels over rows", "bench", "relu", "--rows", "128", *arguments)

    def test_report_shows_rows(self):
        of_rows = {"rows.md", "rows-accuracy.csv", "rows-lengths.csv", "rows-faults.csv", "rows-overflow.csv",
                   "rows-inputs.csv", "rows-performance.csv", "rows-lengths.svg"}
        with tempfile.TemporaryDirectory() as folder:
            def table(name):
                with open(os.path.join(folder, name), newline="", encoding="utf-8") as file:
                    return list(csv.DictReader(file))

            arguments = ("softmax/*/f32/*/scalar", "--inputs", "20000")
            self.ok("report", *arguments, "--peers", "none", "--out", folder)
            self.assertEqual(set(os.listdir(folder)), of_rows | {"index.html", "summary.md", "machine.json", ".actbench-files"})
            with open(os.path.join(folder, "summary.md"), encoding="utf-8") as file:
                summary = file.read()
            for part in ("## Rows", "**Every promise was kept**: 4 kernels", "88.72284", "| softmax backward | fast |",
                         "rows of 4096", "Left out: what tutorials claim", *of_rows):
                self.assertIn(part, summary)
            # The same numbers as the commands print.
            lengths = ",".join(sorted({r["length"] for r in table("rows-lengths.csv")}, key=int))
            self.assertIn("1024,4096,32768", lengths)
            again = self.ok("accuracy", *arguments, "--rows", lengths, "--format", "csv").split("\n\n")
            self.assertEqual([rows(text) for text in again], [table("rows-accuracy.csv"), table("rows-lengths.csv")])
            again = self.ok("overflow", "softmax/*/f32/*/scalar", "--format", "csv").split("\n\n")
            self.assertEqual([rows(text) for text in again], [table("rows-faults.csv"), table("rows-overflow.csv")])
            timed = {(r["direction"], r["tier"], r["row"]) for r in table("rows-performance.csv") if r["activation"] == "softmax"}
            self.assertLessEqual({(d, t, "4096") for d in ("forward", "backward") for t in ("naive", "fast", "accurate")}, timed)
        with tempfile.TemporaryDirectory() as folder:
            self.ok("report", "{softmax,relu}/forward/f32/accurate/scalar", "--inputs", "2000", "--peers", "none", "--out", folder)
            self.assertLessEqual(of_rows | {"accuracy.csv", "performance.csv"}, set(os.listdir(folder)))
            self.assertEqual({r["activation"] for r in table("accuracy.csv")}, {"relu"})
            self.assertEqual({r["activation"] for r in table("rows-accuracy.csv")}, {"softmax"})

    def test_others_say_that_they_leave_rows_out(self):
        self.error(2, "over whole rows", "verify", "softmax")
        self.error(2, "functions of one number, which softmax is not", "properties", "softmax")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
