# SPDX-License-Identifier: Apache-2.0
"""What surrounds the program changes nothing of what it says: a locale with a decimal comma, which a library may have taken for all of
the process, no home, a strict umask, no standard input, one processor, a path with a space."""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

PROGRAM = os.path.abspath(sys.argv[1])
TESTS = os.path.join(os.environ["ACTBENCH_BUILD_DIR"], "tests")
EXAMPLE = os.path.join(TESTS, "plugin", "examples", "mine.so")
COMMANDS = [("eval", "gelu", "-5.5", "--format", fmt) for fmt in ("table", "csv", "json")] + [
    ("eval", "softmax", "1.5", "2.25", "--dy", "0.5,0"),
    ("eval", "elu", "-0.75", "--param", "alpha=0.3", "--format", "csv"),
    ("accuracy", "gelu/forward/f32", "--inputs", "20000", "--format", "csv"),
    ("accuracy", "gelu/forward/f32", "--inputs", "20000", "--format", "md"),
    ("overflow", "sigmoid/forward/f16", "--format", "csv"),
    ("properties", "gelu", "--format", "csv"),
    ("gap", "hard_swish", "silu", "--no-timing", "--format", "csv"),
    ("claims", "V4", "--no-timing"),
    ("list", "leaky_relu", "--format", "csv"),
    ("plot", "error", "relu", "gelu", "--type", "bf16", "--inputs", "20000"),
    ("eval", "relu", "1.5", "--format", "json", "--plugin", EXAMPLE),
    ("gap", "hard_swish", "silu", "--no-timing", "--format", "md"),
]
REPORT = ("report", "gelu/forward/f16/*/scalar", "--inputs", "2000", "--within", "1s", "--peers", "none")
PLAIN = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "COLUMNS", "ACTBENCH_CPU_MASK") and not k.startswith("LC_")}


def run(*arguments, program=PROGRAM, environment=None, **options):
    return subprocess.run([program, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=600, check=False,
                          env={**PLAIN, **(environment or {})}, **{"stdin": subprocess.DEVNULL, **options})


class Environment(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="actbench environment ")
        self.addCleanup(shutil.rmtree, self.folder)

    @classmethod
    def setUpClass(cls):
        cls.expected = [run(*command).stdout for command in COMMANDS]

    def same(self, commands=len(COMMANDS), **options):
        for command, expected in list(zip(COMMANDS, self.expected))[:commands]:
            result = run(*command, **options)
            self.assertEqual((result.returncode, result.stderr), (0, b""), command)
            self.assertEqual(result.stdout.decode(), expected.decode(), command)

    def german(self):
        """The environment with a locale made here where the system has none: without one a test would say nothing."""
        made = os.path.join(self.folder, "de_DE.UTF-8")
        if shutil.which("localedef"):
            subprocess.run(["localedef", "-i", "de_DE", "-f", "UTF-8", made], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                           check=False)
        german = {"LOCPATH": self.folder, "LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8"}
        # Without a definition of de_DE localedef leaves a folder behind that is no locale.
        written = subprocess.run(["printf", "%.1f", "1,5"], env={**PLAIN, **german}, stdout=subprocess.PIPE,
                                 stderr=subprocess.DEVNULL, check=False).stdout
        if written != b"1,5":
            self.skipTest("no localedef, or no definition of de_DE (package locales): no locale with a comma")
        return german

    def test_decimal_comma(self):
        german = self.german()
        self.same(environment=german)
        # A comma in a number is one for nobody.
        self.assertEqual(run("eval", "gelu", "-5,5", environment=german).returncode, 2)

    def taken(self):
        """The same, and a library that takes it for the process, as toolkits for windows do."""
        library = os.path.join(self.folder, "libtakes_the_locale.so").replace(" ", "")  # where LD_PRELOAD would end
        os.makedirs(os.path.dirname(library), exist_ok=True)
        self.addCleanup(shutil.rmtree, os.path.dirname(library))
        shutil.copy(os.path.join(TESTS, "libtakes_the_locale.so"), library)
        taken = {**self.german(), "LD_PRELOAD": library}
        python = subprocess.run([sys.executable, "-c", "import ctypes; ctypes.CDLL(None).printf(b'%.1f', ctypes.c_double(1.5))"],
                                env={**PLAIN, **taken}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        if b"ASan runtime" in run("--version", environment=taken).stderr or b"__tsan" in python.stderr:
            self.skipTest("nothing can be loaded before a sanitizer's runtime")
        self.assertEqual(python.stdout, b"1,5", "the library does what it is for")
        return taken

    def test_decimal_comma_that_a_library_took(self):
        taken = self.taken()
        self.same(environment=taken)
        self.assertEqual(run("bench", "relu/forward/f16/fast/scalar", "--sizes", "512", "--", "--benchmark_min_time=0.001x",
                             environment=taken).returncode, 0)

    def test_a_report_where_a_library_took_the_comma(self):
        taken, folder = self.taken(), os.path.join(self.folder, "report")
        result = run(*REPORT, "--out", folder, environment=taken)
        self.assertEqual((result.returncode, result.stderr), (0, b""))
        pictures = [("plot", kind, "--type", "f16", "--from", folder) for kind in ("sizes", "front")] + [("pick", "gelu", "--type", "f16", "--from", folder)]
        for command in pictures:
            here, usual = run(*command, environment=taken), run(*command)
            self.assertEqual((usual.returncode, here.stdout, here.stderr), (0, usual.stdout, b""), command)
        numbers = 0
        for name in os.listdir(folder):
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                text = file.read()
            self.assertIsNone(re.search(r"0x[01],|[0-9],[0-9]+ (ns|ULP|s|%)", text), name)
            if name.endswith(".csv"):
                for part in text.split("\n\n"):
                    rows = list(csv.reader(part.splitlines()))
                    for row in rows:
                        self.assertEqual(len(row), len(rows[0]), (name, row))
                    for row in csv.DictReader(part.splitlines()):
                        numbers += len([float(value) for column, value in row.items() if column.startswith(("ns_", "max_ulp")) and value])
            elif name.endswith(".json"):
                json.loads(text)
        self.assertGreater(numbers, 10)

    def test_no_home(self):
        for home in ("/nonexistent", "/proc"):
            self.same(1, environment={"HOME": home, "TMPDIR": "/nonexistent"})
        self.same(1, environment={"HOME": ""})

    def test_no_standard_input(self):
        self.same(1, stdin=None, preexec_fn=lambda: os.close(0))
        out = os.path.join(self.folder, "gap")
        result = run("gap", "hard_swish", "silu", "--no-timing", "--out", out, stdin=None, preexec_fn=lambda: os.close(0))
        self.assertEqual((result.returncode, result.stderr), (0, b""))
        self.assertTrue(os.path.exists(os.path.join(out, "gap.md")))

    def test_umask(self):
        out = os.path.join(self.folder, "out of the way", "gap")
        result = run("gap", "hard_swish", "silu", "--no-timing", "--out", out, umask=0o077)
        self.assertEqual((result.returncode, result.stderr), (0, b""))
        self.assertIn("gap.md", os.listdir(out))
        for name in os.listdir(out):
            self.assertEqual(os.stat(os.path.join(out, name)).st_mode & 0o777, 0o600, name)

    def test_one_processor(self):
        one = {min(os.sched_getaffinity(0))}
        self.same(6, preexec_fn=lambda: os.sched_setaffinity(0, one))

    def test_path_with_a_space(self):
        program = os.path.join(self.folder, "act bench")
        shutil.copy(PROGRAM, program)
        self.same(1, program=program)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
