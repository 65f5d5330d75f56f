# SPDX-License-Identifier: Apache-2.0
"""docs/cli.md and the man page say what --help says, of every command, and the completions complete it."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

PROGRAM = os.path.abspath(sys.argv[1])
SOURCE = os.environ["ACTBENCH_SOURCE_DIR"]
sys.path.insert(0, os.path.join(SOURCE, "scripts"))
import cli_files  # noqa: E402  (its folder is known only now)

CLI = cli_files.describe([PROGRAM])
COMMANDS = [command["name"] for command in CLI.commands]


def on_one_line(text):
    return " ".join(text.split())


def help_of(*command):
    return subprocess.run([PROGRAM, *command, "--help"], stdout=subprocess.PIPE, check=True, text=True).stdout


class Description(unittest.TestCase):
    """describe-cli, from which everything else is written, against what --help prints."""

    def compare(self, described, text):
        options = text.partition("\nOptions:\n")[2].partition("\n\n")[0]
        in_help = {name for line in re.findall(r"^  (-\S+)", options, re.MULTILINE) for name in line.split(",")}
        self.assertEqual(in_help, {name for option in described["options"] for name in option["names"]})
        positionals = text.partition("\nPositionals:\n")[2].partition("\n\n")[0]
        self.assertEqual(re.findall(r"^  ([A-Z]\S*)", positionals, re.MULTILINE),
                         [positional["names"][0] for positional in described["positionals"]])
        line = on_one_line(text)
        for option in described["options"] + described["positionals"]:
            self.assertIn(on_one_line(f"{option.get('value', '')}"), line)
            self.assertIn(on_one_line(option["help"]), line)
        self.assertIn(on_one_line(described["footer"]), line)

    def test_program(self):
        text = help_of()
        self.assertEqual(re.findall(r"^  ([a-z]+) ", text.partition("\nSubcommands:\n")[2], re.MULTILINE), COMMANDS)
        for command in CLI.commands:
            self.assertIn(on_one_line(command["help"]), on_one_line(text))
        self.compare({"options": CLI.options, "positionals": [], "footer": CLI.footer}, text)

    def test_every_command(self):
        self.assertGreaterEqual(len(COMMANDS), 13)
        for command in CLI.commands:
            with self.subTest(command=command["name"]):
                self.compare(command, help_of(command["name"]))


class Written(unittest.TestCase):
    """What scripts/cli_files.py writes."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="actbench cli ")
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cli_files.main(["install", cls.folder, PROGRAM])

    def file(self, name):
        return os.path.join(self.folder, name)

    def text(self, name):
        with open(self.file(name), encoding="utf-8") as file:
            return file.read()

    def test_reference_is_up_to_date(self):
        with open(os.path.join(SOURCE, "docs", "cli.md"), encoding="utf-8") as file:
            written = file.read()
        if written != cli_files.markdown(CLI):
            self.fail("docs/cli.md is not what --help says now; renew it: "
                      f"scripts/cli_files.py docs {os.path.relpath(PROGRAM, SOURCE)}")
        self.assertEqual([line for line in written.splitlines() if len(line) > 120 and line[0] != "|"], [])

    def tool(self, *command):
        if shutil.which(command[0]) is None:
            self.skipTest(f"there is no {command[0]} here")
        result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False,
                                env={**os.environ, "LC_ALL": "C.UTF-8", "MANWIDTH": "100", "TERM": "dumb"})
        return result

    def test_man_page_has_everything(self):
        page = self.text("actbench.1")
        for command in CLI.commands:
            section = page.partition(f".SS actbench {command['name']} ")[2].partition("\n.S")[0]
            self.assertTrue(section, command["name"])
            for name in (name for option in command["options"] for name in option["names"]):
                if name not in ("-h", "--help"):
                    self.assertIn(cli_files.roff(name), section, command["name"])

    def test_groff(self):
        result = self.tool("groff", "-man", "-Tutf8", "-ww", "-z", self.file("actbench.1"))
        self.assertEqual((result.returncode, result.stderr), (0, ""))

    def test_man(self):
        result = self.tool("man", "--warnings", "--local-file", self.file("actbench.1"))
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertIn("--every-backend", result.stdout)

    def test_mandoc(self):
        result = self.tool("mandoc", "-Tlint", "-Wwarning", self.file("actbench.1"))
        self.assertEqual((result.returncode, result.stdout), (0, ""))

    def bash(self, *words):
        script = ('source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _actbench; '
                  'printf "%s\\n" "${COMPREPLY[@]}"')
        result = self.tool("bash", "--norc", "-c", script, self.file("actbench"), "actbench", *words)
        self.assertEqual((result.returncode, result.stderr), (0, ""), words)
        return result.stdout.split()

    def test_bash(self):
        self.assertEqual(self.bash(""), COMMANDS)
        self.assertEqual(self.bash("acc"), ["accuracy"])
        self.assertEqual(self.bash("--v"), ["--version"])
        self.assertEqual(self.bash("verify", "--ev"), ["--every-backend"])
        self.assertEqual(self.bash("list", "--ev"), [])
        self.assertEqual(self.bash("eval", "gelu_"), [name for name in CLI.activations if name.startswith("gelu_")])
        self.assertEqual(self.bash("list", "--format", ""), ["table", "md", "csv", "json"])
        self.assertEqual(self.bash("list", "--format", "=", "c"), ["csv"])
        self.assertEqual(self.bash("list", "--format", "="), ["table", "md", "csv", "json"])
        self.assertEqual(self.bash("list", "--type", "f32,f"), ["f32,f32", "f32,f64", "f32,f16"])
        self.assertEqual(self.bash("list", "--type", "f32", "mis"), ["mish"])
        self.assertEqual(self.bash("bench", "--seed", ""), [], "there are no numbers to complete")
        with open(self.file("half1.json"), "w", encoding="utf-8"):
            pass
        start = self.file("half")
        self.assertEqual(" ".join(self.bash("merge", start)), self.file("half1.json"))
        self.assertEqual(" ".join(self.bash("verify", "--certificates", start)), self.file("half1.json"))

    def test_zsh(self):
        result = self.tool("zsh", "--no-rcs", "-n", self.file("_actbench"))
        self.assertEqual((result.returncode, result.stderr), (0, ""))

    def fish(self, line):
        result = self.tool("fish", "--no-config", "-c", "source $argv[1]; complete --do-complete $argv[2]",
                           self.file("actbench.fish"), line)
        self.assertEqual((result.returncode, result.stderr), (0, ""), line)
        return [line.split("\t")[0] for line in result.stdout.splitlines()]

    def test_fish(self):
        self.assertEqual(self.fish("actbench acc"), ["accuracy"])
        self.assertEqual(self.fish("actbench verify --ev"), ["--every-backend"])
        self.assertEqual(self.fish("actbench eval mis"), ["mish"])
        self.assertEqual(sorted(self.fish("actbench list --format ")), ["csv", "json", "md", "table"])
        self.assertIn("f32,f64", self.fish("actbench list --type f32,f6"))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
