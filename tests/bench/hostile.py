# SPDX-License-Identifier: Apache-2.0
"""Command lines that somebody may give by mistake or in bad faith (tests/data/hostile_*.txt): each ends at once, with the right
exit code and one sentence that says what is wrong; nothing hangs, crashes, or writes control characters."""

import concurrent.futures
import os
import pathlib
import re
import resource
import shlex
import signal
import subprocess
import sys
import tempfile
import time
import unittest

PROGRAM = os.path.abspath(sys.argv[1])
SOURCE = os.environ["ACTBENCH_SOURCE_DIR"]
DATA = pathlib.Path(SOURCE) / "tests" / "data"
sys.path.insert(0, os.path.join(SOURCE, "tests", "support"))
import hostile_files
ENVIRONMENT = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "COLUMNS", "ACTBENCH_CPU_MASK")}
# Of processor time: far more than any case takes, also in an emulator or with sanitizers, and far less than a hang.
SECONDS = 20
STEERING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")


def decoded(word):
    """<a*30> is that many of them, \\x1b a byte, @name a file of the fixture (hostile_files.py)."""
    word = re.sub(r"<(.+?)\*(\d+)>", lambda m: m[1] * int(m[2]), word)
    word = word.replace("\\n", "\n").replace("\\t", "\t").encode()
    return re.sub(rb"\\x([0-9a-f]{2})", lambda m: bytes([int(m[1], 16)]), word)


def cases(path):
    """Exit code, a pattern of the sentence, and the command line, of every line that is no comment."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            code, pattern, command = (part.strip() for part in line.split(" | ", 2))
            yield f"{path.name}:{number}", int(code), pattern, [decoded(word) for word in shlex.split(command)]


def environment_of(words):
    """The variables that stand before a command, as for a shell, and the command."""
    count = next((i for i, word in enumerate(words) if not re.match(rb"[A-Z_]+=", word)), len(words))
    return dict(word.split(b"=", 1) for word in words[:count]), words[count:]


def limits():
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class Hostile(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        hostile_files.write_all(PROGRAM, SOURCE, cls.folder.name)
        cls.before = sorted(os.listdir(cls.folder.name.encode()))

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def trouble(self, case):
        """What is wrong with how the program takes a case; empty: nothing."""
        where, code, pattern, words = case
        folder = self.folder.name.encode()
        words = [re.sub(rb"@([a-z_.]+)", lambda m: os.path.join(folder, b"control\x1b[2J\x9b\nname" if m[1] == b"control" else m[1]), w)
                 for w in words]
        variables, words = environment_of(words)
        process = subprocess.run([PROGRAM.encode(), *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                 env={**{k.encode(): v.encode() for k, v in ENVIRONMENT.items()}, **variables}, cwd=folder, preexec_fn=limits)
        out, error = process.stdout, process.stderr
        try:
            shown = error.decode() + (out.decode() if b"csv" not in words and b"json" not in words else "")
        except UnicodeDecodeError:
            return f"{where}: no UTF-8: {error!r}"
        said = error.decode() if code not in (0, 1) else shown
        problems = [text for wrong, text in (
            (process.returncode != code, f"exit code {process.returncode}, not {code}"),
            (STEERING.search(shown), "control characters"),
            (code in (2, 3) and not re.fullmatch(r"actbench: [^\n]+\n", error.decode()), "not one sentence"),
            (code in (2, 3) and out, "output, although nothing was done"),
            (code == 0 and error, "words on stderr"),
            (not re.search(pattern, said), f"it does not say {pattern}")) if wrong]
        return f"{where}: {', '.join(problems)}: {shown[:400]!r}" if problems else ""

    def test_every_case(self):
        paths = sorted(DATA.glob("hostile_*.txt"))
        every = [case for path in paths for case in cases(path)]
        self.assertGreater(len(every), 500)
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            troubles = [t for t in pool.map(self.trouble, every) if t]
        self.assertEqual(troubles, [], "\n" + "\n".join(troubles))
        self.assertEqual(sorted(os.listdir(self.folder.name.encode())), self.before, "no case leaves a file")

    def test_a_wrong_expectation_is_noticed(self):
        for code, pattern, command in ((2, "gelu", "list gelu"), (0, "gelu", "list geluu"), (2, "nothing of the kind", "list geluu")):
            self.assertNotEqual(self.trouble(("here", code, pattern, [w.encode() for w in command.split()])), "")


class Streams(unittest.TestCase):
    def shell(self, command, **options):
        return subprocess.run(["bash", "-c", command, PROGRAM], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT,
                              timeout=600, **options)

    def test_closed_and_full(self):
        for command, code in (("list gelu", 0), ("eval gelu 1", 0), ("list geluu", 2), ("nonsense", 2), ("--help", 0), ("--version", 0), ("", 2),
                              ("list --format json", 0), ("check gelu/forward/f16/accurate/scalar --only accuracy", 0)):
            for redirection, expected in ((">&- 2>&-", 2), (">&-", 2), ("2>&-", code), ("<&-", code), ("<&- >&- 2>&-", 2), (">/dev/full 2>/dev/full", 2),
                                          ("2>/dev/full", code), (">/dev/full", 2)):
                result = self.shell(f'"$0" {command} {redirection}')
                self.assertEqual(result.returncode, expected, (command, redirection, result.stderr))
                if redirection in (">&-", ">/dev/full") and code == 0:
                    self.assertRegex(result.stderr, r"\Aactbench: cannot write the output: [A-Z][a-z ]+\n\Z")

    def test_no_file_takes_the_place_of_a_missing_stream(self):
        with tempfile.TemporaryDirectory() as folder:
            result = self.shell('"$0" accuracy relu/forward/f16/accurate/scalar --inputs 1000 --save-worst worst.csv <&- >&- 2>&-', cwd=folder)
            self.assertEqual(result.returncode, 2)
            with open(os.path.join(folder, "worst.csv"), encoding="utf-8") as file:
                self.assertTrue(file.readline().startswith("activation,"), "the table did not go into it")


class Names(unittest.TestCase):
    def test_long_ones_that_begin_alike(self):
        with tempfile.TemporaryDirectory() as folder:
            names = ["\u00e9" * 127, "\u00e9" * 126 + "x"]
            result = subprocess.run([PROGRAM, "accuracy", "relu/forward/f16/accurate/scalar", "--inputs", "all", "--save-worst", names[0],
                                     "--certify", names[1]], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT,
                                    cwd=folder, timeout=600)
            self.assertEqual((result.returncode, result.stderr), (0, ""))
            self.assertEqual(sorted(os.listdir(folder)), sorted(names))


class Interrupts(unittest.TestCase):
    """The first Ctrl-C ends every command within three seconds or little more, whatever it is at."""

    COMMANDS = (["properties", "--threads", "2"], ["claims", "--no-timing"], ["gap", "--no-timing"], ["gap", "gelu", "tanh"], ["doctor"], ["report"],
                ["bench"], ["verify"], ["check", "--only", "accuracy"], ["overflow"], ["accuracy"])

    def test_first(self):
        with tempfile.TemporaryDirectory() as folder:
            def ends(command, after):
                process = subprocess.Popen([PROGRAM, *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT, cwd=folder)
                time.sleep(after)
                if process.poll() is not None:
                    process.communicate()
                    return 0
                start = time.monotonic()
                process.send_signal(signal.SIGINT)
                _, error = process.communicate(timeout=600)
                self.assertEqual((process.returncode, error[:22]), (2, "actbench: interrupted;"), command)
                return time.monotonic() - start
            for command in self.COMMANDS:
                self.assertLess(ends(command, 0.2), 30, command)
            self.assertEqual(os.listdir(folder), [])

    def test_a_reader_that_does_not_read(self):
        """The output fills the pipe: the program waits in a write, which the signal does not end."""
        process = subprocess.Popen([PROGRAM, "list", "--format", "json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT)
        time.sleep(0.5)
        self.assertIsNone(process.poll())
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(timeout=60), 2)
        self.assertEqual(process.stderr.read(), b"actbench: interrupted; nothing more was written\n")
        process.stdout.close(), process.stderr.close()

    def test_second(self):
        process = subprocess.Popen([PROGRAM, "list", "--format", "json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT)
        time.sleep(0.5)
        start = time.monotonic()
        process.send_signal(signal.SIGINT)
        time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(timeout=60), -signal.SIGINT)
        self.assertLess(time.monotonic() - start, 2.5)
        process.stdout.close(), process.stderr.close()


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[2:], verbosity=1)
