#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What is written about the command line, from what the program says of itself (actbench describe-cli).

  scripts/cli_files.py docs [PROGRAM...]            renews docs/cli.md
  scripts/cli_files.py install FOLDER PROGRAM...    writes the man page and the completions of bash, zsh and fish

PROGRAM... starts actbench; default build/release/bench/actbench. The build runs the second form, and tests/docs/cli.py
fails where the first has something to renew.
"""

import json
import os
import re
import subprocess
import sys
import textwrap

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
WIDTH = 118
ACTIVATIONS = ("FILTER", "ACTIVATION", "A", "B")  # positionals that an activation's name can stand for
FILES = ("FILE", "PATH")
FOLDERS = ("DIR",)


class Cli:
    """The program's description, with the options that several commands share taken apart."""

    def __init__(self, described):
        self.version = described["version"]
        self.help = described["help"]
        self.options = described["options"]
        self.commands = described["commands"]
        self.footer = described["footer"]
        self.activations = described["activations"]
        alike = {}
        for command in self.commands:
            for option in command["options"]:
                alike.setdefault(json.dumps(option), set()).add(command["name"])
        self.shared = [json.loads(option) for option, commands in alike.items() if len(commands) > 2]

    def own(self, command):
        return [option for option in command["options"] if option not in self.shared]

    def taken(self, command):
        """The names of the shared options that the command takes, but for --help, which all do."""
        return [option["names"][-1] for option in command["options"]
                if option in self.shared and "--help" not in option["names"]]


def describe(program):
    result = subprocess.run([*program, "describe-cli"], stdout=subprocess.PIPE, check=True, text=True)
    return Cli(json.loads(result.stdout))


def release_date():
    """That of the newest entry of CHANGELOG.md."""
    with open(os.path.join(ROOT, "CHANGELOG.md"), encoding="utf-8") as file:
        return re.search(r"^## \[[0-9.]+\] - (\d{4}-\d\d-\d\d)$", file.read(), re.MULTILINE)[1]


def usage(command):
    words = [f"actbench {command['name']} [OPTIONS]"]
    for positional in command["positionals"]:
        name = positional["names"][0] + ("..." if positional["many"] else "")
        words.append(name if positional["required"] else f"[{name}]")
    return " ".join(words)


def facts(option):
    """What the sentences of the help do not say: the bounds of a value, and whether an option can be repeated."""
    said = []
    if "range" in option:
        said.append(f"{option['value']} is a number from {option['range']}.")
    if "choices" in option and not all(re.search(rf"\b{re.escape(choice)}\b", option["help"])
                                       for choice in option["choices"]):
        said.append(f"One of {', '.join(option['choices'])}.")
    return said


def sentence(text):
    return text if text.endswith((".", "…", "?", "!")) else text + "."


# docs/cli.md


def markdown_text(text):
    """A help sentence in Markdown: what would be markup there is not. Within a word, _ is none."""
    return re.sub(r"([*<>|`\\]|\b_|_\b(?!\w))", r"\\\1", text)


def markdown_item(option, what):
    names = ", ".join(f"`{name}{' ' + option['value'] if what == 'option' and option.get('value') else ''}`"
                      for name in option["names"])
    text = " ".join([sentence(markdown_text(option["help"])), *map(markdown_text, facts(option))])
    return textwrap.fill(f"- {names}: {text}", WIDTH, subsequent_indent="  ",
                         break_long_words=False, break_on_hyphens=False)


def markdown_footer(footer):
    lines = [part for line in footer.rstrip("\n").splitlines()
             for part in textwrap.wrap(line, WIDTH, drop_whitespace=False, break_on_hyphens=False) or [""]]
    return ["```text", *map(str.rstrip, lines), "```", ""] if footer.strip() else []


def markdown(cli):
    """docs/cli.md: every command with its options, those that several commands share in a section of their own."""
    lines = ["# The command line", "",
             *textwrap.wrap("This page is written by `scripts/cli_files.py docs` from what the program says of itself; "
                            "a test holds it equal to `--help`. To change a sentence, change it in "
                            "`bench/commands/` and run the script again.", WIDTH, break_on_hyphens=False), "",
             sentence(cli.help), "", "```text", "actbench COMMAND [OPTIONS]", "```", "",
             "Commands:", ""]
    lines += [textwrap.fill(f"- [{c['name']}](#{c['name']}): {sentence(markdown_text(c['help']))}", WIDTH,
                            subsequent_indent="  ", break_on_hyphens=False) for c in cli.commands]
    lines += ["", *(markdown_item(option, "option") for option in cli.options), "", *markdown_footer(cli.footer)]
    for command in cli.commands:
        lines += [f"## {command['name']}", "", *textwrap.wrap(sentence(markdown_text(command["help"])), WIDTH), "",
                  "```text", usage(command), "```", ""]
        items = [markdown_item(p, "positional") for p in command["positionals"]]
        items += [markdown_item(option, "option") for option in cli.own(command)]
        taken = cli.taken(command)
        if taken:
            items.append(textwrap.fill("- [Shared options](#shared-options): "
                                       + ", ".join(f"`{name}`" for name in taken) + ".", WIDTH,
                                       subsequent_indent="  ", break_on_hyphens=False))
        lines += [*items, "", *markdown_footer(command["footer"])]
    lines += ["## Shared options", "", "Each command above names those of these options that it takes.", "",
              *(markdown_item(option, "option") for option in cli.shared), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


# The man page


def roff(text):
    """A text for roff: no control lines, ASCII alone, a hyphen that can be searched and copied."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    text = "".join(c if ord(c) < 128 else f"\\[u{ord(c):04X}]" for c in text)
    return "\\&" + text if text[:1] in (".", "'") else text


def man_item(option, what):
    names = ", ".join(f"\\fB{roff(name)}\\fR" + (f" \\fI{roff(option['value'])}\\fR"
                                                  if what == "option" and option.get("value") else "")
                      for name in option["names"])
    return [".TP", names, roff(sentence(option["help"]))] + [roff(fact) for fact in facts(option)]


def man_footer(footer):
    return [".PP", ".nf", *map(roff, footer.rstrip("\n").splitlines()), ".fi"] if footer.strip() else []


def man(cli):
    """actbench(1), with every command and option."""
    lines = ['.\\" Written by scripts/cli_files.py.',
             f'.TH ACTBENCH 1 "{release_date()}" "actbench {cli.version}" "User Commands"',
             ".SH NAME", f"actbench \\- {roff(cli.help[0].lower() + cli.help[1:].rstrip('.'))}",
             ".SH SYNOPSIS", ".B actbench", ".I COMMAND", "[\\fIOPTIONS\\fR]",
             ".SH DESCRIPTION", roff(sentence(cli.help)), ".PP", "The commands are:"]
    for command in cli.commands:
        lines += [".TP", f".B {roff(command['name'])}", roff(sentence(command["help"]))]
    lines.append(".SH OPTIONS")
    for option in cli.options:
        lines += man_item(option, "option")
    lines.append(".SH COMMANDS")
    for command in cli.commands:
        lines += [f".SS {roff(usage(command))}", roff(sentence(command["help"]))]
        for positional in command["positionals"]:
            lines += man_item(positional, "positional")
        for option in cli.own(command):
            lines += man_item(option, "option")
        taken = cli.taken(command)
        if taken:
            lines += [".PP", f"Shared options: {roff(', '.join(taken))}."]
        lines += man_footer(command["footer"])
    lines += [".SH SHARED OPTIONS", "Each command names those of these options that it takes."]
    for option in cli.shared:
        lines += man_item(option, "option")
    lines += [".SH EXIT STATUS"]
    for code, meaning in re.findall(r"(\d) ([^,.]+)", cli.footer.splitlines()[0]):
        lines += [".TP", f".B {code}", roff(sentence(meaning))]
    return "\n".join(lines) + "\n"


# Completion


def candidates(cli, option, what):
    """What a value can be: a kind, and the words of it."""
    value = option.get("value", "")
    if what == "positional":
        if option["names"][0] in ACTIVATIONS:
            return "words", cli.activations
        value = option["names"][0]
    if "choices" in option:
        return ("list" if value.startswith("NAME,") else "words"), option["choices"]
    if value in FILES:
        return "files", []
    if value in FOLDERS:
        return "folders", []
    return "none", []


def takes_value(option):
    return "value" in option


def grouped_values(cli):
    """(kind, words) and the patterns "<command> <option>" that it holds for; "*" where it does for every command."""
    found = {}
    for command in cli.commands:
        for option in filter(takes_value, command["options"]):
            kind, words = candidates(cli, option, "option")
            for name in option["names"]:
                found.setdefault(name, {}).setdefault((kind, tuple(words)), []).append(command["name"])
    groups = {}
    for name, kinds in found.items():
        for key, commands in kinds.items():
            groups.setdefault(key, []).extend([f"*\\ {name}"] if len(kinds) == 1
                                              else [f"{command}\\ {name}" for command in commands])
    return groups


BASH_ACTIONS = {
    "words": 'COMPREPLY=($(compgen -W "{words}" -- "$cur"))',
    "list": '_actbench_list "{words}"',
    "files": 'COMPREPLY=($(compgen -f -- "$cur")); compopt -o filenames 2>/dev/null',
    "folders": 'COMPREPLY=($(compgen -d -- "$cur")); compopt -o filenames 2>/dev/null',
    "none": ":",
}
BASH_HEAD = r"""# Completion of actbench for bash. Written by scripts/cli_files.py.

# Completes the last word of a list with commas.
_actbench_list() {
  local done=
  [[ $cur == *,* ]] && done=${cur%,*},
  COMPREPLY=($(compgen -P "$done" -W "$1" -- "${cur##*,}"))
}

_actbench() {
  local cur=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command=
  ((COMP_CWORD > 1)) && command=${COMP_WORDS[1]}
  COMPREPLY=()
  # Of --format=md bash makes three words.
  if [[ $cur == = ]]; then
    cur=
  elif [[ $previous == = ]]; then
    previous=${COMP_WORDS[COMP_CWORD - 2]}
  fi
"""


def bash(cli):
    lines = [BASH_HEAD.rstrip("\n"), "  case \"$command $previous\" in"]
    for (kind, words), patterns in sorted(grouped_values(cli).items()):
        action = BASH_ACTIONS[kind].format(words=" ".join(words))
        lines += [f"    {' | '.join(patterns)})", f"      {action}", "      return", "      ;;"]
    lines += ["  esac", "  local options= words= files=", "  case $command in"]
    names = [name for option in cli.options for name in option["names"]]
    lines.append(f"    '') options='{' '.join(names)}' words='{' '.join(c['name'] for c in cli.commands)}' ;;")
    for command in cli.commands:
        options = " ".join(name for option in command["options"] for name in option["names"])
        kinds = [candidates(cli, p, "positional") for p in command["positionals"]]
        words = " words=$activations" if any(words for _, words in kinds) else ""
        files = " files=yes" if any(kind == "files" for kind, _ in kinds) else ""
        lines.append(f"    {command['name']}) options='{options}'{words}{files} ;;")
    lines += ["  esac",
              "  if [[ $cur == -* ]]; then",
              '    COMPREPLY=($(compgen -W "$options" -- "$cur"))',
              "  elif [[ $files ]]; then",
              '    COMPREPLY=($(compgen -f -- "$cur"))',
              "    compopt -o filenames 2>/dev/null",
              "  else",
              '    COMPREPLY=($(compgen -W "$words" -- "$cur"))',
              "  fi", "}", "complete -F _actbench actbench"]
    text = "\n".join(lines) + "\n"
    names = textwrap.fill(" ".join(cli.activations), WIDTH, break_long_words=False)
    return text.replace("  local options=", f"  local activations='{names}'\n  local options=", 1)


def short(help_text):
    """The part of a help sentence that fits beside a word."""
    text = re.split(r"[;:(]|\. ", help_text)[0].strip().rstrip(".")
    return textwrap.shorten(text, 72, placeholder="…")


def zsh_quoted(text):
    """Within single quotes, as the text of a specification of _arguments."""
    return re.sub(r"([\[\]:\\])", r"\\\1", text).replace("'", "'\\''")


def zsh_action(cli, option, what):
    kind, words = candidates(cli, option, what)
    return {"words": "(" + " ".join(words) + ")", "list": "_sequence compadd - " + " ".join(words),
            "files": "_files", "folders": "_files -/", "none": " "}[kind]


def zsh_option(cli, option):
    many = "*" if option.get("many") else ""
    value = f":{zsh_quoted(option['value'].rstrip(',…'))}:{zsh_action(cli, option, 'option')}" \
        if takes_value(option) else ""
    for name in option["names"]:
        equals = "=" if value and name.startswith("--") else ""
        yield f"'{many}{name}{equals}[{zsh_quoted(short(option['help']))}]{value}'"


def zsh(cli):
    lines = ["#compdef actbench", "# Completion of actbench for zsh. Written by scripts/cli_files.py.", "",
             "local curcontext=$curcontext state line", "local -a commands", "commands=("]
    lines += [f"  '{c['name']}:{zsh_quoted(short(c['help']))}'" for c in cli.commands]
    lines += [")", "_arguments -C \\",
              *(f"  {spec} \\" for option in cli.options for spec in zsh_option(cli, option)),
              "  '1:command:->command' '*::argument:->argument'",
              "case $state in", "  command) _describe -t commands command commands ;;",
              "  argument)", "    case $line[1] in"]
    for command in cli.commands:
        specs = [spec for option in command["options"] for spec in zsh_option(cli, option)]
        for position, positional in enumerate(command["positionals"], 1):
            place = "*" if positional["many"] else str(position)
            specs.append(f"'{place}:{positional['names'][0]}:{zsh_action(cli, positional, 'positional')}'")
        lines += [f"      {command['name']})", "        _arguments \\",
                  " \\\n".join(f"          {spec}" for spec in specs), "        ;;"]
    return "\n".join(lines + ["    esac", "    ;;", "esac"]) + "\n"


def fish_quoted(text):
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def fish_value(cli, option):
    kind, words = candidates(cli, option, "option")
    return {"words": f" -x -a '{' '.join(words)}'",
            "list": f" -x -a '(__fish_complete_list , \"string split \\\\  \\\"{' '.join(words)}\\\"\")'",
            "files": " -r -F", "folders": " -x -a '(__fish_complete_directories)'", "none": " -x"}[kind]


def fish(cli):
    lines = ["# Completion of actbench for fish. Written by scripts/cli_files.py.", "complete -c actbench -f"]
    scopes = [("__fish_use_subcommand", cli.options, [])]
    scopes += [(f"__fish_seen_subcommand_from {c['name']}", c["options"], c["positionals"]) for c in cli.commands]
    for command in cli.commands:
        lines.append(f"complete -c actbench -n __fish_use_subcommand -a {command['name']} "
                     f"-d {fish_quoted(short(command['help']))}")
    for scope, options, positionals in scopes:
        start = f"complete -c actbench -n '{scope}'"
        for option in options:
            names = " ".join(f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}"
                             for name in option["names"])
            value = fish_value(cli, option) if takes_value(option) else ""
            lines.append(f"{start} {names}{value} -d {fish_quoted(short(option['help']))}")
        kinds = {candidates(cli, positional, "positional")[0] for positional in positionals}
        if "words" in kinds:
            lines.append(f"{start} -a '{' '.join(cli.activations)}'")
        if "files" in kinds:
            lines.append(f"{start} -F")
    return "\n".join(lines) + "\n"


def write(text, *path):
    path = os.path.join(*path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def main(arguments):
    if arguments[:1] == ["docs"]:
        cli = describe(arguments[1:] or [os.path.join(ROOT, "build", "release", "bench", "actbench")])
        write(markdown(cli), ROOT, "docs", "cli.md")
    elif arguments[:1] == ["install"] and len(arguments) > 2:
        folder, cli = arguments[1], describe(arguments[2:])
        write(man(cli), folder, "actbench.1")
        write(bash(cli), folder, "actbench")
        write(zsh(cli), folder, "_actbench")
        write(fish(cli), folder, "actbench.fish")
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
