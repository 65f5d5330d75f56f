# SPDX-License-Identifier: Apache-2.0
"""What surrounds the program changes nothing of what it says: a locale with a decimal comma, no home, a strict umask, no
standard input, one processor, a path with a space."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest

PROGRAM = os.path.abspath(sys.argv[1])
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
]
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

    def test_decimal_comma(self):
        """A locale made here where the system has none: without one the test would say nothing."""
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
        self.same(environment=german)
        # A comma in a number is one for nobody.
        self.assertEqual(run("eval", "gelu", "-5,5", environment=german).returncode, 2)

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
