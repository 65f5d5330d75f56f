# SPDX-License-Identifier: Apache-2.0
"""Every JSON that the program writes is as its schema in docs/schemas says, and what is not is found. Where they are installed, asv
reads what scripts/dashboard writes, and compare.py of Google Benchmark (GOOGLE_COMPARE names it) what bench and check write."""

import copy
import importlib.util
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import unittest

SOURCE, BUILD = os.environ["ACTBENCH_SOURCE_DIR"], os.environ["ACTBENCH_BUILD_DIR"]
sys.path.insert(0, os.path.join(SOURCE, "tests", "support"))

import schema  # noqa: E402

PROGRAM = os.path.abspath(sys.argv[1])
DASHBOARD = os.path.join(SOURCE, "scripts", "dashboard")
ENVIRONMENT = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "COLUMNS", "ACTBENCH_CPU_MASK")} | {"ACTBENCH_PROGRESS": "off"}
KERNEL, FAST = "relu/forward/f16/accurate/scalar", ("--sizes", "512,1024", "--repetitions", "2", "--min-time", "0.0005")
TABLES = [("list",), ("eval", "relu", "nan"), ("accuracy", KERNEL, "--inputs", "256"), ("overflow", KERNEL, "--inputs", "256"),
          ("properties", "relu"), ("claims", "R6"), ("verify", KERNEL), ("bench", KERNEL, *FAST), ("doctor",), ("compare", "relu", "--type", "f16", "--inputs", "256",
          *FAST), ("check", KERNEL, "--only", "accuracy"), ("pick", "relu", "--budget", "0.1")]


def run(*command, code=0, text=None):
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, input=text, timeout=600, env=ENVIRONMENT,
                            check=False)
    assert result.returncode == code, (command, result.returncode, result.stderr, result.stdout[-300:])
    return result.stdout if code == 0 else result.stderr


def read(*path):
    with open(os.path.join(*path), encoding="utf-8") as file:
        return file.read()


class Schemas(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.folder = cls.temporary.name
        cls.written = {}

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def path(self, name):
        return os.path.join(self.folder, name)

    def check(self, name, value):
        """It is as the schema says; without one of its members, or with another, it is not."""
        schema.check(name, value)
        if isinstance(value, list):
            self.assertTrue(list(schema.faults([{}], schema.load(name))))
            return
        for member in value:
            less = {k: v for k, v in value.items() if k != member}
            if member in schema.load(name)["required"]:
                self.assertTrue(list(schema.faults(less, schema.load(name))), f"{name} without {member}")
            wrong = {**value, member: {"wrong": [1]}}
            self.assertTrue(list(schema.faults(wrong, schema.load(name))), f"{name} with a wrong {member}")
        if name != "benchmarks":
            self.assertTrue(list(schema.faults({**value, "another": 1}, schema.load(name))), name)

    def test_the_validator_sees_faults(self):
        one = {"type": "object", "required": ["a"], "additionalProperties": False,
               "properties": {"a": {"type": "integer", "minimum": 0}, "b": {"type": "array", "maxItems": 1, "items": {"$ref": "#/$defs/b"}},
                              "c": {"const": 1}, "d": {"pattern": "^x$", "type": "string"}, "e": {"anyOf": [{"type": "null"}, {"enum": ["y"]}]}},
               "$defs": {"b": {"type": "boolean"}}}
        for right in ({"a": 0}, {"a": 1.0, "b": [True], "c": 1, "d": "x", "e": None}, {"a": 2, "b": [], "e": "y"}):
            self.assertEqual(list(schema.faults(right, one)), [])
        for wrong in ({}, {"a": -1}, {"a": True}, {"a": 0.5}, {"a": "0"}, {"a": 0, "b": [1]}, {"a": 0, "b": [True, True]}, {"a": 0, "c": True},
                      {"a": 0, "d": "xx"}, {"a": 0, "e": "z"}, {"a": 0, "f": 1}, [], None):
            self.assertEqual(len(list(schema.faults(wrong, one))), 1, wrong)
        with self.assertRaises(ValueError):
            list(schema.faults({}, {"maxProperties": 1}))

    def test_the_schemas(self):
        page = read(SOURCE, "docs", "machine-readable.md")
        for file in sorted(os.listdir(schema.FOLDER)):
            own = json.loads(read(schema.FOLDER, file))
            self.assertEqual((own["$schema"], own["$id"]), (schema.DRAFT, file))
            self.assertTrue(own["title"] and own["description"].endswith("."))
            self.assertIn(f"(schemas/{file})", page)
            # Whatever it is, it is no text; and all that the schema says is looked at, or refused.
            self.assertTrue(list(schema.faults("text", own)), file)

    def test_tables(self):
        for command in TABLES:
            with self.subTest(command):
                value = json.loads(run(PROGRAM, *command, "--format", "json"))
                self.check("tables", value)
        x = self.path("x.npy")
        for command in (("inputs", "--type", "f16", "--inputs", "200", "--out", x), ("score", "relu", x, x), ("identify", x, x)):
            with self.subTest(command):
                schema.check("tables", json.loads(run(PROGRAM, *command, "--format", "json")))
        wrong = copy.deepcopy(value)
        wrong["tables"][0]["rows"][0]["kernel"] = {"a": 1}
        self.assertEqual(len(list(schema.faults(wrong, schema.load("tables")))), 1)

    def test_what_is_committed(self):
        for name in ("certificates", "samples"):
            value = json.loads(read(SOURCE, f"{name}.json"))
            schema.check(name, value)
            value[name] = value[name][:2]
            self.check(name, value)
            del value[name][1]["kernel"]
            self.assertEqual(list(schema.faults(value, schema.load(name))), [f"$.{name}[1] lacks kernel"])
        self.check("command_line", json.loads(run(PROGRAM, "describe-cli")))

    def test_accuracy_and_report(self):
        sweep = ("accuracy", KERNEL, "prelu/forward/bf16/fast/scalar", "--inputs", "all")
        run(PROGRAM, *sweep, "--checkpoint", self.path("checkpoint"), "--certify", self.path("certificates"))
        self.check("checkpoint", json.loads(read(self.path("checkpoint"))))
        self.check("certificates", json.loads(read(self.path("certificates"))))
        for more in ((), ("--since", self.path("report"))):
            run(PROGRAM, "report", KERNEL, "--inputs", "256", "--within", "1s", "--peers", "none", "--out", self.path("report"), *more)
            self.check("machine", json.loads(read(self.path("report"), "machine.json")))

    def test_the_gate(self):
        own = os.path.join(BUILD, "kernels", "libactbench_kernels_c.so")
        files = [part for kind in ("json", "history") for part in ("--" + kind, self.path("gate-" + kind))]
        subprocess.run([PROGRAM, "check", KERNEL, "--base", own, "--head", own, "--time-identical", "--budget", "2", *files],
                       stdout=subprocess.DEVNULL, env=ENVIRONMENT, timeout=600, check=False)
        value = json.loads(read(self.path("gate-json")))
        self.assertEqual(len(value["benchmarks"]), 2)
        self.check("benchmarks", value)
        self.compare(self.path("gate-json"))
        for line in read(self.path("gate-history")).splitlines():
            self.check("history", json.loads(line))
        run(PROGRAM, "check", KERNEL, "--write-baseline", self.path("baseline"), "--head", own, "--budget", "20")
        self.check("baseline", json.loads(read(self.path("baseline"))))

    def compare(self, path):
        """Google Benchmark's own tool reads it."""
        tool = os.environ.get("GOOGLE_COMPARE")
        if not tool:
            print("not tried here: compare.py, as GOOGLE_COMPARE does not name it", file=sys.stderr)
            return
        said = run(sys.executable, tool, "--no-color", "benchmarks", path, path)
        self.assertIn("relu/forward/f16", said)
        self.assertIn("+0.0000", said)

    def test_bench(self):
        run(PROGRAM, "bench", KERNEL, *FAST, "--", f"--benchmark_out={self.path('times')}")
        self.check("benchmarks", json.loads(read(self.path("times"))))
        self.compare(self.path("times"))

    def test_dashboards(self):
        text = run(PROGRAM, "bench", KERNEL, *FAST, "--format", "json")
        rows = [row for table in json.loads(text)["tables"] for row in table["rows"]]
        entries = json.loads(run(DASHBOARD, "github", text=text))
        self.check("smaller_is_better", entries)
        self.assertEqual([e["value"] for e in entries], [r["ns_per_element"] for r in rows])
        self.assertEqual(len({e["name"] for e in entries}), len(entries), "a dashboard tells them apart by their names")
        self.assertIn(f"{KERNEL} (512)", [e["name"] for e in entries])
        for text, said in (("{}", "neither the JSON"), ("a,b\n1,2\n", "has no times"), ('{"tables": []}', "has no times"),
                           ('{"tables": [{"facts": {}, "rows": [{"ns_per_element": "nan"}]}]}', "neither the JSON")):
            self.assertIn(said, run(DASHBOARD, "github", text=text, code=2))
        self.assertIn("dashboard: ", run(DASHBOARD, "github", self.path("none"), code=2))

    def test_asv(self):
        project = self.path("project")
        text = run(PROGRAM, "bench", KERNEL, *FAST, "--format", "json")
        git = ("git", "-C", project, "-c", "user.name=a", "-c", "user.email=a@b")
        run("git", "init", "-q", "-b", "main", project)
        for commit in ("one", "two"):
            run(*git, "commit", "-q", "--allow-empty", "-m", commit)
            subprocess.run([DASHBOARD, "asv", "results", "--machine", "here"], input=text, text=True, cwd=project, env=ENVIRONMENT, check=True)
        self.no_room(project, text)
        results = os.path.join(project, "results")
        self.assertEqual(len(os.listdir(os.path.join(results, "here"))), 3)
        benchmarks = json.loads(read(results, "benchmarks.json"))
        self.assertEqual(benchmarks[KERNEL.replace("/", ".")]["params"], [["'512'", "'1024'"]])
        if importlib.util.find_spec("asv") is None:
            print("not tried here: asv, which is not installed", file=sys.stderr)
            return
        with open(os.path.join(project, "asv.conf.json"), "w", encoding="utf-8") as file:
            json.dump({"version": 1, "project": "p", "repo": ".", "branches": ["main"], "environment_type": "existing", "results_dir": "results",
                       "html_dir": "html"}, file)
        asv = (sys.executable, "-m", "asv", "--config", os.path.join(project, "asv.conf.json"))
        self.assertIn(KERNEL.replace("/", "."), run(*asv, "show", "main"))
        self.assertRegex(run(*asv, "compare", "main~1", "main", "--machine", "here"), r"\|\s+1(\.00)? \| " + KERNEL.replace("/", "."))
        run(*asv, "publish")
        self.assertIn(KERNEL.replace("/", "."), read(project, "html", "index.json"))


    def no_room(self, project, text):
        """A disk that is full costs a sentence, and leaves what was there."""
        def small_files():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))

        before = read(project, "results", "benchmarks.json")
        result = subprocess.run([DASHBOARD, "asv", "results"], input=text, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=project,
                                env=ENVIRONMENT, preexec_fn=small_files, check=False)
        self.assertEqual((result.returncode, result.stderr), (2, "dashboard: cannot write results/benchmarks.json: File too large\n"))
        self.assertEqual(read(project, "results", "benchmarks.json"), before)
        self.assertEqual(sorted(os.listdir(os.path.join(project, "results"))), ["benchmarks.json", "here"])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[2:], verbosity=1)
