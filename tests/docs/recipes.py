# SPDX-License-Identifier: Apache-2.0
"""The recipes, docs/add-*.md, followed to the letter: files are written and lines added as they say, the program is built, and its
commands print what is shown.

This happens in a copy of the tree and of the build beside it, at the same place, which an overlay file system makes in a moment: what
is built already is not built again. Where nothing may be mounted, this is skipped.
"""

import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from shown import missing_line

SOURCE, BUILD = os.environ["ACTBENCH_SOURCE_DIR"], os.environ["ACTBENCH_BUILD_DIR"]
STEP = re.compile(r"^(?:New file `(?P<new>[^`]+)`|In `(?P<old>[^`]+)`, after `(?P<after>[^\n]+)`)[^\n`]*:\n\n```\w+\n(?P<code>.*?)^```$"
                  r"|^```console\n(?P<shown>.*?)^```$", re.DOTALL | re.MULTILINE)


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(77)


def steps():
    """The steps of all recipes in their order: matches of STEP with the page they are from."""
    for page in sorted(pathlib.Path(SOURCE, "docs").glob("add-*.md")):
        for step in STEP.finditer(page.read_text(encoding="utf-8")):
            yield page.name, step


def write(page, step):
    if step["new"]:
        path = pathlib.Path(SOURCE, step["new"])
        assert not path.exists(), f"{page}: {step['new']} is there already"
        path.write_text(step["code"], encoding="utf-8")
    else:
        path = pathlib.Path(SOURCE, step["old"])
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        places = [i for i, line in enumerate(lines) if line.strip() == step["after"].strip()]
        assert len(places) == 1, f"{page}: {step['old']} has {len(places)} lines {step['after']}"
        lines.insert(places[0] + 1, step["code"])
        path.write_text("".join(lines), encoding="utf-8")


def follow():
    """In the copy."""
    recipes = list(steps())
    for page, step in recipes:
        if not step["shown"]:
            write(page, step)
    done = subprocess.run([os.environ["CMAKE_COMMAND"], "--build", BUILD, "--target", "actbench"], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:]
    failures, commands = 0, 0
    with tempfile.TemporaryDirectory() as folder:
        for page, step in recipes:
            if not step["shown"]:
                continue
            printed = []
            lines = step["shown"].rstrip("\n").split("\n")
            shown = [line for line in lines if not line.startswith("$ ")]
            for line in lines:
                if not line.startswith("$ "):
                    continue
                words = shlex.split(line[2:])
                if words[0] == "actbench":
                    words[0] = os.path.join(BUILD, "bench", "actbench")
                result = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder, check=False,
                                        env=os.environ | {"COLUMNS": "120"}, timeout=600)
                commands += 1
                if result.returncode != 0:
                    failures += 1
                    print(f"{page}: {line}: exit code {result.returncode}: {result.stderr}")
                printed = result.stdout.split("\n")
            wrong = missing_line(shown, printed)
            if wrong is not None:
                failures += 1
                print(f"{page}: what was printed lacks, or has elsewhere: {wrong}\n" + "\n".join(printed))
    assert commands >= 5, commands
    print(f"{sum(not step['shown'] for _, step in recipes)} steps followed, {commands} commands run, {failures} failures")
    return 1 if failures else 0


def main():
    if sys.argv[2:] == ["follow"]:
        return follow()
    if os.geteuid() != 0 or not shutil.which("unshare") or not shutil.which("mount"):
        skip("a copy by an overlay file system takes root, unshare and mount")
    if os.path.commonpath([SOURCE, BUILD]) != SOURCE:
        skip("the build is not below the source")
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(os.path.join(folder, "upper"))
        os.mkdir(os.path.join(folder, "work"))
        mount = 'mount -t overlay overlay -o "lowerdir=$1,upperdir=$0/upper,workdir=$0/work" "$1"'
        inside = ["unshare", "--mount", "sh", "-c", f'{mount} || exit 77; shift; cd / && exec "$@"', folder, SOURCE]
        if subprocess.run([*inside, "true"], stderr=subprocess.DEVNULL, check=False).returncode != 0:
            skip("no overlay file system can be mounted over the tree")
        return subprocess.run([*inside, sys.executable, "-B", *sys.argv[:2], "follow"], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
