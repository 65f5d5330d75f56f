# SPDX-License-Identifier: Apache-2.0
"""Every table that the program can print, in all four formats: no two columns of one name, a verdict in the row it is about, nothing
wider than the screen, and no file of Markdown that nobody reads to its end. And what pick and --within promise."""

import csv
import fcntl
import io
import json
import os
import pty
import re
import struct
import subprocess
import sys
import tempfile
import termios
import time
import unittest

PROGRAM, BUILD = os.path.abspath(sys.argv[1]), os.environ.get("ACTBENCH_BUILD_DIR", "")
ENVIRONMENT = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "COLUMNS", "ACTBENCH_CPU_MASK")} | {"ACTBENCH_PROGRESS": "off"}
FAST = ("--sizes", "1024", "--repetitions", "2", "--min-time", "0.0005")
RELU = "relu/forward/f16/*/scalar"
COMMANDS = [
    ("list",), ("list", "gelu"),
    ("eval", "relu", "nan"), ("eval", "prelu", "-1", "--dy", "2"), ("eval", "swiglu", "1", "--a", "2", "--type", "f32"),
    ("eval", "swiglu", "1", "--a", "2", "--dy", "1", "--type", "bf16"), ("eval", "softmax", "1", "2", "nan"),
    ("eval", "softmax", "0.5", "0.5", "--dy", "1,0", "--type", "f32"),
    ("accuracy", "{relu,prelu,tanh}/*/{f32,f16}", "--inputs", "256"), ("accuracy", "swiglu", "--inputs", "256"),
    ("accuracy", "softmax/*/f16", "--inputs", "256", "--rows", "1,10"),
    ("verify", RELU), ("overflow", "{relu,tanh}/*/f16", "--inputs", "256"),
    ("overflow", "swiglu/{forward,gradient_b}/f16", "--inputs", "256", "--details"), ("overflow", "tanh/backward/f16", "--inputs", "256"),
    ("properties", "{relu,gelu}"), ("claims", "V2", "R6", "R7"), ("claims", "V1", "V2", "R6", "R7"),
    ("bench", "relu/forward/f32/*/scalar", *FAST, "--like", "all"), ("bench", "softmax/forward/f32/*/scalar", *FAST, "--rows", "128"),
    ("gap", "hard_swish", "silu", "--no-timing", "--details"),
    ("check", RELU, "--only", "accuracy"), ("doctor",),
    ("plot", "error", "relu/forward/f16", "--type", "f16", "--inputs", "256", "--out", "/dev/null"),
    ("pick", "relu", "--budget", "0.2"), ("pick", "softmax", "--budget", "0.2", "--row", "128"),
]


def run(*arguments, code=0, env=None):
    result = subprocess.run([PROGRAM, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=900,
                            env={**ENVIRONMENT, **(env or {})}, check=False)
    assert result.returncode == code, (arguments, result.returncode, result.stderr, result.stdout[-300:])
    return result.stdout if code == 0 else result.stderr


def repeated(names):
    return sorted({name for name in names if names.count(name) > 1})


def csv_faults(text):
    """Sentences about headers of CSV that name two columns alike."""
    for part in re.split(r"\n\n", text):
        header = next(csv.reader(io.StringIO(part)), [])
        if repeated(header):
            yield f"two columns of CSV are called {repeated(header)}"


def json_faults(text):
    for table in json.loads(text)["tables"]:
        names = [c["name"] for c in table["columns"]] + list(table["facts"])
        headings = [(c["heading"].strip(), c.get("unit", "")) for c in table["columns"]]
        if repeated(names) or (repeated(headings) and len(table["columns"]) > 0):
            yield f"table {table['name']}: two columns are called {repeated(names)}{repeated(headings)}"


def markdown_tables(text):
    """The headers of each table: several where it goes on below."""
    tables, lines = [], text.split("\n")
    previous = None
    for i, line in enumerate(lines[:-1]):
        if not (line.startswith("| ") and re.fullmatch(r"(\|:?-+:?)+\|", lines[i + 1])):
            continue
        header = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        between = "\n".join(lines[previous:i]) if previous is not None else ""
        goes_on = previous is not None and not re.search(r"^[^|\n]", between, re.MULTILINE)
        if goes_on:
            tables[-1].append(header)
        else:
            tables.append([header])
        previous = i
    return tables


def markdown_faults(text):
    for headers in markdown_tables(text):
        first, seen = headers[0], []
        for header in headers:
            keys = 0
            while header is not first and keys < min(len(first), len(header)) and header[keys] == first[keys]:
                keys += 1
            seen += header[keys:]
        if repeated(seen):
            yield f"two columns are called {repeated(seen)}: {headers}"
        if "verdict" in seen and "verdict" not in first:
            yield f"the verdict stands in another table than the row it is about: {headers}"
        for header in headers:
            if sum(len(cell) for cell in header) > 240:
                yield f"a table is too wide: {header}"


class Tables(unittest.TestCase):
    def test_the_test_sees_faults(self):
        self.assertTrue(list(csv_faults("a,b,a\n1,2,3\n")))
        self.assertTrue(list(csv_faults("a,b\n1,2\n\nc,c\n1,2\n")))
        self.assertTrue(list(json_faults('{"tables": [{"name": "t", "facts": {"a": 1}, "columns": [{"name": "a", "heading": "A"}]}]}')))
        self.assertTrue(list(markdown_faults("| a | b | b |\n|---|---|---|\n| 1 | 2 | 3 |\n")))
        self.assertTrue(list(markdown_faults("| a | b |\n|---|---|\n| 1 | 2 |\n\n| a | b | c | b |\n|---|---|---|---|\n| 1 | 2 | 3 | 4 |\n")))
        self.assertTrue(list(markdown_faults("| a | b |\n|---|---|\n| 1 | 2 |\n\n| a | verdict |\n|---|---|\n| 1 | pass |\n")))
        self.assertFalse(list(markdown_faults("| a | verdict |\n|---|---|\n| 1 | pass |\n\n| a | c |\n|---|---|\n| 1 | 2 |\n")))

    def test_every_command(self):
        for command in COMMANDS:
            with self.subTest(command):
                self.assertEqual(list(csv_faults(run(*command, "--format", "csv"))), [])
                self.assertEqual(list(json_faults(run(*command, "--format", "json"))), [])
                self.assertEqual(list(markdown_faults(run(*command, "--format", "md"))), [])
                for width, most in ((60, 60), (400, 120)):
                    text = run(*command, env={"COLUMNS": str(width)})
                    wide = [line for line in text.splitlines() if len(line) > most and len(line.split()) > 2]
                    self.assertEqual(wide, [], width)

    def test_commands_that_read_files(self):
        with tempfile.TemporaryDirectory() as folder:
            x, y, a, report = (os.path.join(folder, name) for name in ("x.npy", "y.npy", "x.a.npy", "report"))
            run("inputs", "swiglu", "--out", x, "--inputs", "64", "--like", "normal")
            run("inputs", "--out", y, "--inputs", "64", "--seed", "2")
            run("report", "relu/forward/f16/fast/scalar", "--within", "1s", "--peers", "none", "--out", report)
            for command in (("inputs", "--out", y, "--inputs", "64"), ("score", "relu", x, y, "--promise", "4"), ("score", "relu", x, y, "--against", x),
                            ("score", "swiglu", x, y, "--a", a), ("identify", x, y), ("identify", x, x),
                            ("compare", "relu/forward/f32", *FAST, "--inputs", "256"), ("list", "--backend", "scalar", "!gelu"),
                            ("report", "relu/forward/f16/fast/scalar", "--within", "1s", "--peers", "none", "--out", report)):
                with self.subTest(command):
                    code = 1 if "--promise" in command else 0
                    said = lambda form: subprocess.run([PROGRAM, *command, "--format", form], stdout=subprocess.PIPE, text=True, env=ENVIRONMENT,
                                                       check=False)
                    for form, faults in (("csv", csv_faults), ("json", json_faults), ("md", markdown_faults)):
                        result = said(form)
                        self.assertEqual(result.returncode, code)
                        self.assertEqual(list(faults(result.stdout)), [])

    def test_the_width_is_the_terminals(self):
        """Of a terminal, whatever COLUMNS says of it; elsewhere what COLUMNS says."""
        for width, most in ((60, 60), (90, 90), (200, 120)):
            for command in (("list",), ("bench", "--help")):
                ours, terminal = pty.openpty()
                fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("4H", 24, width, 0, 0))
                process = subprocess.Popen([PROGRAM, *command], stdout=terminal, text=False,
                                           env={**ENVIRONMENT, "COLUMNS": "30", "NO_COLOR": "1"})
                os.close(terminal)
                text = b""
                try:
                    while part := os.read(ours, 65536):
                        text += part
                except OSError:  # Linux's word for the end
                    pass
                os.close(ours)
                self.assertEqual(process.wait(timeout=60), 0)
                # A list of choices is one word.
                widest = max(len(line) for line in text.decode().replace("\r\n", "\n").split("\n") if len(line.split()) > 1)
                self.assertLessEqual(widest, most, command)
                self.assertGreater(widest, min(most, 100) * 0.7, command)

    def test_infinite_errors_are_explained(self):
        for command in (("accuracy", "relu/forward/f32", "--inputs", "256"), ("eval", "relu", "nan")):
            text = " ".join(run(*command).split())
            self.assertIn("An error of inf ULP: the result is NaN or infinite where a number is right", text)
        self.assertIn("relu naive gives 0 for nan, where nan is right", " ".join(run("accuracy", "relu/forward/f32", "--inputs", "256").split()))
        self.assertNotIn("inf ULP", run("accuracy", "relu/forward/f32/accurate", "--inputs", "256"))


class Report(unittest.TestCase):
    def test_files(self):
        with tempfile.TemporaryDirectory() as folder:
            start = time.monotonic()
            run("report", "{relu,tanh,gelu,gelu_tanh}/{forward,backward}/{f32,f16}", "--out", folder, "--quick", "--within", "20s",
                "--peers", "none")
            taken = time.monotonic() - start
            texts = {}
            for name in sorted(os.listdir(folder)):
                with open(os.path.join(folder, name), encoding="utf-8") as file:
                    texts[name] = file.read()
                if name.endswith(".csv"):
                    self.assertEqual(list(csv_faults(texts[name])), [], name)
                if name.endswith(".md"):
                    self.assertEqual(list(markdown_faults(texts[name])), [], name)
                    self.assertLessEqual(len(texts[name].encode()), 60000, name)
            summary = texts["summary.md"].split("\n")[:10]
            for line, question in zip(summary[2:6], ("Is everything as promised? Yes", "Which is the fastest kernel that I may use",
                                                     "What does the textbook formula get wrong", "Where is the rest")):
                self.assertIn(question, line)
            self.assertIn("tanh is off by more than 1 ULP", summary[4])
            pictures = [name for name in texts if name.endswith(".svg")]
            pages = "".join(text for name, text in texts.items() if name.endswith(".md") and name != "summary.md")
            self.assertEqual(sorted(re.findall(r"\[[^]]+\]\(([^)]+\.svg)\)", pages)), sorted(pictures))  # shown or linked, once
            # A loaded machine may take longer; then the summary says so.
            self.assertTrue(taken < 30 or "Late" in texts["summary.md"], taken)
            self.assertEqual(json.loads(texts["machine.json"])["run"]["within_seconds"], 20)

            chosen = list(csv.DictReader(io.StringIO(run("pick", "tanh", "--from", folder, "--format", "csv"))))
            times = {r["kernel"]: float(r["ns_per_element"]) for r in csv.DictReader(io.StringIO(texts["performance.csv"]))
                     if r["size"] == "l1" and r["kernel"].startswith("tanh/forward/f32/")}
            self.assertEqual(chosen[0]["choice"], "use this")
            self.assertEqual(chosen[0]["kernel"], min((k for k in times if "naive" not in k), key=times.get))
            self.assertIn("--size names another", run("pick", "tanh", "--from", folder, "--size", "123", code=2))
            time_of_it = next(r["ns_per_element"] for r in csv.DictReader(io.StringIO(texts["performance.csv"]))
                              if r["size"] == "l1" and r["kernel"] == chosen[0]["kernel"])
            with open(os.path.join(folder, "performance.csv"), "w", encoding="utf-8") as file:
                file.write(texts["performance.csv"].replace(time_of_it, time_of_it + "ns"))
            self.assertIn(f"'ns_per_element' is '{time_of_it}ns', and should be a number",
                          run("pick", "tanh", "--from", folder, code=2))

    def test_bad_times(self):
        for bad in ("3", "0s", "nan", "-1m", "3d", ""):
            if bad:
                self.assertIn("--within", run("report", "relu", "--within", bad, code=2))


class Pick(unittest.TestCase):
    def rows(self, *arguments):
        return list(csv.DictReader(io.StringIO(run("pick", *arguments, "--budget", "0.2", "--format", "csv"))))

    def test_keeps_the_bound(self):
        loose, tight = self.rows("gelu", "--max-ulp", "4", "--type", "bf16"), self.rows("gelu", "--max-ulp", "0.5")
        for rows, most in ((loose, 4), (tight, 0.5)):
            self.assertEqual([r["choice"] for r in rows], ["use this"] + ["runner-up"] * (len(rows) - 1))
            self.assertTrue(all(float(r["bound_ulp"]) <= most for r in rows))
            times = [float(r["ns_per_element"]) for r in rows]
            self.assertEqual(times, sorted(times))
            self.assertEqual(float(rows[0]["times_the_fastest"]), 1)
        self.assertEqual({r["tier"] for r in tight}, {"accurate"})
        self.assertEqual({r["type"] for r in loose}, {"bf16"})
        self.assertTrue(all(r["evidence"] == "certified" for r in tight), tight)
        text = " ".join(run("pick", "gelu_exact" if "gelu_exact" in run("list", "gelu") else "gelu", "--budget", "0.2").split())
        self.assertIn("Use gelu/forward/f32/", text)

    def test_says_what_is_missing(self):
        said = run("pick", "gelu", "--max-ulp", "0.1", "--budget", "0.2", code=3)
        self.assertRegex(said, r"\Aactbench: no kernel of gelu forward f32 that runs here keeps 0.1 ULP; the closest is gelu/forward/f32/accurate/\w+ "
                               r"with 0.5\d* ULP \(certified\)\n\Z")
        self.assertIn("one --type", run("pick", "gelu", "--type", "f32,f16", code=2))
        self.assertIn("no activation 'gellu'", run("pick", "gellu", code=2))
        self.assertIn("folder of an actbench report", run("pick", "gelu", "--from", "/nonexistent", code=2))
        for bad in ("nan", "-1", "x"):
            self.assertIn("--max-ulp", run("pick", "gelu", "--max-ulp", bad, code=2))


class Progress(unittest.TestCase):
    def test_lines_without_a_terminal(self):
        for wish, pattern in (("0.3", r"\A(accuracy[^\n]* left\n|accuracy[^\n]*so far\n|accuracy[^\n]* %\n)+\Z"), ("off", r"\A\Z")):
            result = subprocess.run([PROGRAM, "accuracy", "tanh/forward/f32/*/scalar", "--inputs", "2^23"], stdout=subprocess.PIPE,
                                    stderr=subprocess.PIPE, text=True, env={**ENVIRONMENT, "ACTBENCH_PROGRESS": wish}, check=False)
            self.assertEqual(result.returncode, 0)
            self.assertRegex(result.stderr, pattern)

    def test_nothing_is_said_while_results_are_written(self):
        """As into a pager, which reads when it likes and has the same terminal."""
        ours, terminal = pty.openpty()
        environment = {k: v for k, v in ENVIRONMENT.items() if k != "ACTBENCH_PROGRESS"}
        process = subprocess.Popen([PROGRAM, "list", "--format", "json"], stdout=subprocess.PIPE, stderr=terminal, env=environment)
        os.close(terminal)
        self.assertEqual(process.stdout.read(1), b"{")
        time.sleep(2)
        self.assertIsNone(process.poll(), "it has all in the pipe")
        os.set_blocking(ours, False)
        try:
            said = os.read(ours, 65536)
        except BlockingIOError:
            said = b""
        self.assertEqual(said.split(b"\r\x1b[K")[-1], b"")
        process.stdout.read(), process.stdout.close()
        self.assertEqual(process.wait(timeout=600), 0)
        os.close(ours)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[2:], verbosity=1)
