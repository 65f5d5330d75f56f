# SPDX-License-Identifier: Apache-2.0
"""Command lines that somebody may give by mistake or in bad faith (tests/data/hostile_*.txt): each ends at once, with the right
exit code and one sentence that says what is wrong; nothing hangs, crashes, or writes control characters."""

import concurrent.futures
import fcntl
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
        # @new is a file that is not there, and another one in every case: two may run at once.
        others = {b"control": b"control\x1b[2J\x9b\nname", b"new": b"new_" + where.replace(":", "_").encode()}
        words = [re.sub(rb"@([a-z_.]+)", lambda m: os.path.join(folder, others.get(m[1], m[1])), word) for word in words]
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


class TwoAtOnce(unittest.TestCase):
    """While somebody else has the file or the folder that a command would write, the command is refused before the work."""

    RELU, SMALL = "relu/forward/bf16/accurate/scalar", ("--inputs", "256")
    FILES = (("accuracy", RELU, "--inputs", "all", "--checkpoint"), ("accuracy", RELU, *SMALL, "--save-worst"),
             ("accuracy", "softmax/forward/f16/fast/scalar", *SMALL, "--save-worst-rows"), ("check", RELU, "--only", "accuracy", "--csv"),
             ("check", RELU, "--only", "accuracy", "--json"), ("check", RELU, "--only", "accuracy", "--junit"),
             ("check", RELU, "--only", "accuracy", "--markdown"), ("check", RELU, "--only", "speed", "--write-baseline"),
             ("plot", "error", RELU, *SMALL, "--out"), ("inputs", *SMALL, "--out"), ("inputs", "swiglu", *SMALL, "--out", "x.npy", "--a"),
             ("compare", "relu/forward/f32", "--sizes", "64", "--csv"), ("compare", "relu/forward/f32", "--sizes", "64", "--svg"))
    FOLDERS = (("report", RELU, "--within", "1s", "--peers", "none", "--out"), ("gap", "relu", "elu", "--no-timing", "--out"),
               ("properties", "relu", "--out"))
    ADDED_TO = (("accuracy", RELU, "--inputs", "all", "--certify"), ("check", RELU, "--only", "accuracy", "--history"))

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def inside(self, name):
        return os.path.join(self.folder.name, name)

    def run_in(self, *command):
        return subprocess.run([PROGRAM, *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT, cwd=self.folder.name,
                              timeout=60)

    def locked(self, name):
        lock = open(name, "w") if not os.path.isdir(name) else os.open(name, os.O_RDONLY)
        fcntl.flock(lock, fcntl.LOCK_EX)
        return lock

    def test_who_comes_second_is_refused(self):
        with open(self.inside("file"), "w", encoding="utf-8") as file:
            file.write("mine")
        os.mkdir(self.inside("dir"))
        with self.locked(self.inside(".file.lock")):
            folder = self.locked(self.inside("dir"))
            for commands, name in ((self.FILES, "file"), (self.FOLDERS, "dir")):
                for command in commands:
                    result = self.run_in(*command, self.inside(name))
                    self.assertEqual((result.returncode, result.stdout), (2, ""), command)
                    self.assertRegex(result.stderr, rf"\Aactbench: another run( \(process {os.getpid()}\))? is writing {self.inside(name)}: "
                                                    r"wait until it ends, or name another (file|folder)\n\Z", command)
            os.close(folder)
        self.assertEqual(set(os.listdir(self.folder.name)), {"file", ".file.lock", "dir"})
        self.assertEqual(os.listdir(self.inside("dir")), [])
        with open(self.inside("file"), encoding="utf-8") as file:
            self.assertEqual(file.read(), "mine")

    def test_what_is_added_to_waits_for_its_turn(self):
        for command in self.ADDED_TO:
            lock = self.locked(self.inside(".file.lock"))
            process = subprocess.Popen([PROGRAM, *command, self.inside("file")], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT)
            time.sleep(0.5)
            self.assertIsNone(process.poll(), command)
            self.assertFalse(os.path.exists(self.inside("file")))
            lock.close()
            _, error = process.communicate(timeout=60)
            self.assertEqual((process.returncode, error), (0, ""), command)
            self.assertEqual(os.listdir(self.folder.name), ["file"])
            os.remove(self.inside("file"))


class Interrupts(unittest.TestCase):
    """The first Ctrl-C ends every command within three seconds or little more, whatever it is at; so do the other signals that ask a
    process to end."""

    COMMANDS = (["properties", "--threads", "2"], ["claims", "--no-timing"], ["claims", "P3", "--budget", "60"], ["gap", "--no-timing"],
                ["gap", "gelu", "tanh"], ["doctor"], ["report", "--peers", "none"], ["bench"], ["verify"], ["check", "--only", "accuracy"],
                ["overflow"], ["accuracy"], ["accuracy", "softmax"], ["accuracy", "gelu/forward/f32", "--inputs", "all"],
                ["pick", "gelu", "--budget", "60"], ["compare", "gelu", "--budget", "60"], ["plot", "sizes", "gelu", "--budget", "60"],
                ["plot", "error", "gelu", "--inputs", "all"], ["inputs", "--inputs", "2^30", "--like", "normal", "--out", "x.npy"],
                ["check", "gelu/forward/f32/fast", "--only", "speed", "--selftest", "--budget", "60"],
                ["check", "gelu/forward/f32", "--only", "speed", "--write-baseline", "baseline.json", "--budget", "60"])
    SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def test_first(self):
        with tempfile.TemporaryDirectory() as folder:
            def ends(command, number, after):
                # Who runs this by nohup has SIGHUP ignored, and so would the program.
                process = subprocess.Popen([PROGRAM, *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT, cwd=folder,
                                           preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL))
                time.sleep(after)
                if process.poll() is not None:
                    process.communicate()
                    return
                start = time.monotonic()
                process.send_signal(number)
                _, error = process.communicate(timeout=600)
                self.assertEqual((process.returncode, error[:22]), (2, "actbench: interrupted;"), (command, number, error))
                self.assertRegex(error, r"\A[^\n]*\n\Z", "one sentence")
                self.assertLess(time.monotonic() - start, 30, command)
            for i, command in enumerate(self.COMMANDS):
                ends(command, self.SIGNALS[i % 3], 0.2)
                ends(command, self.SIGNALS[(i + 1) % 3], 0.7)
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
