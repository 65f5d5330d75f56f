# SPDX-License-Identifier: Apache-2.0
"""The recipes, docs/add-*.md, followed to the letter: files are written and lines added as they say, the program is built, and its
commands print what is shown.

This happens in a copy of the tree and of the build beside it, at the same place, which an overlay file system makes in a moment: what
is built already is not built again. Where nothing may be mounted, this is skipped.

A backend and a type compile everything, so of their recipes the library of kernels is built, with two activations, and for the type
the reference beside it. A type takes more places than its recipe shows: of those the page has to name all.
"""

import os
import pathlib
import platform
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from shown import missing_line

SOURCE, BUILD = os.environ["ACTBENCH_SOURCE_DIR"], os.environ["ACTBENCH_BUILD_DIR"]
STEP = re.compile(r"^(?:New file `(?P<new>[^`]+)`|In `(?P<old>[^`]+)`, (?P<how>after|instead of) `(?P<line>[^\n]+)`)[^\n`]*:\n\n"
                  r"```\w+\n(?P<code>.*?)^```$"
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
        wanted, rest = step["line"].strip().removesuffix("…"), step["line"].endswith("…")
        places = [i for i, line in enumerate(lines) if line.strip() == wanted or rest and line.strip().startswith(wanted)]
        assert len(places) == 1, f"{page}: {step['old']} has {len(places)} lines {step['line']}"
        lines[places[0]] = (lines[places[0]] if step["how"] == "after" else "") + step["code"]
        path.write_text("".join(lines), encoding="utf-8")


def follow_program(recipes):
    """Builds the program with all of these steps, and runs the commands that they show; the number of failures."""
    for page, step in recipes:
        if not step["shown"]:
            write(page, step)
    succeed([os.environ["CMAKE_COMMAND"], "--build", BUILD, "--target", "actbench"])
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
    return failures


def succeed(command, **options):
    """What the command prints."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **options)
    assert done.returncode == 0, f"{command}: {done.stdout[-4000:]}"
    return done.stdout


# Of each kernel of the new backend and of AVX2's that it is a copy of: both names, and whether they run and agree.
ASK = r"""
#include <actbench/kernels.hpp>
#include <cstdio>
#include <cstring>
#include <vector>
int main() {
  for (const actbench::Kernel& k : actbench::kernels()) {
    if (k.backend != actbench::Backend::avx2) continue;
    std::string name = identity(k);
    const actbench::Kernel* const other = actbench::find(name.replace(name.rfind('/') + 1, name.size(), "NEW"));
    const char* verdict = "is not there";
    if (other != nullptr) verdict = unrunnable_reason(*other) != nullptr ? "does not run here" : "agrees";
    if (other != nullptr && unrunnable_reason(*other) == nullptr) {
      const std::size_t n = 4099;
      std::vector<unsigned short> x(4 * n), y(4 * n), z(4 * n);
      for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<unsigned short>(i * 40503u >> 3);
      const void* dy = k.direction == actbench::Direction::backward ? x.data() : nullptr;
      apply(k, x.data(), dy, y.data(), n);
      apply(*other, x.data(), dy, z.data(), n);
      if (std::memcmp(y.data(), z.data(), 2 * y.size()) != 0) verdict = "differs";
    }
    std::printf("%s %s\n", name.c_str(), verdict);
  }
}
"""


def follow_library(backend, type_):
    """Builds the library and the reference with both recipes and two activations; the number of failures."""
    for page, step in backend + type_:
        if step["shown"]:
            for line in step["shown"].splitlines():
                succeed(line.removeprefix("$ "), shell=True, cwd=SOURCE)
        else:
            write(page, step)
    for side in ("kernels", "reference"):
        for header in pathlib.Path(SOURCE, side, "activations").rglob("*.hpp"):
            if header.stem not in ("relu", "silu"):
                header.unlink()
    with open(os.path.join(BUILD, "CMakeCache.txt"), encoding="utf-8") as file:
        compiler = re.search(r"^CMAKE_CXX_COMPILER:\w+=(.*)$", file.read(), re.MULTILINE)[1]
    with tempfile.TemporaryDirectory() as folder:
        succeed([os.environ["CMAKE_COMMAND"], "-S", SOURCE, "-B", folder, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release",
                 f"-DCMAKE_CXX_COMPILER={compiler}", "-DACTBENCH_CUDA=OFF", "-DBUILD_TESTING=OFF"])
        succeed([os.environ["CMAKE_COMMAND"], "--build", folder, "--target", "actbench_kernels", "actbench_reference"])

        def build(program, source, *libraries):
            succeed([compiler, "-std=c++20", "-O1", f"-I{SOURCE}", f"-I{SOURCE}/kernels/include", source,
                     f"{folder}/kernels/libactbench_kernels.a", *libraries, "-o", program])

        failures = ask_type(folder, build, name_in(type_, r"inline constexpr Format (\w+)"))
        if backend:
            failures += ask_backend(folder, build, name_in(backend, r"ACTBENCH_BACKEND\((\w+)"))
    return failures


def name_in(recipe, pattern):
    """What the pattern finds in the steps of a recipe."""
    return next(found for found in (re.search(pattern, step["code"] or "", re.MULTILINE) for _, step in recipe) if found)[1]


def ask_backend(folder, build, name):
    """Whether it has the kernels that AVX2 has, with their bits."""
    ask, source = os.path.join(folder, "ask"), os.path.join(folder, "ask.cpp")
    pathlib.Path(source).write_text(ASK.replace("NEW", name), encoding="utf-8")
    build(ask, source)
    said = succeed([ask]).splitlines()
    wrong = [line for line in said if not re.fullmatch(rf"\S+/{name} (agrees|does not run here)", line)]
    print(f"{len(said)} kernels of the backend {name}, {len(wrong)} wrong", *wrong[:5], sep="\n")
    return len(wrong) + (len(said) != 2 * 3 * 5 * 3)


def ask_type(folder, build, name):
    """Whether its kernels keep their promises, over every input."""
    judged = os.path.join(folder, "new_type")
    build(judged, os.path.join(SOURCE, "tests", "support", "new_type.cpp"), f"{folder}/reference/libactbench_reference.a",
          "-lmpfr", "-lgmp")
    done = subprocess.run([judged, name], stdout=subprocess.PIPE, text=True, check=False)
    print(done.stdout, end="")
    return int(done.returncode != 0)


def code_of(path):
    """Without comments and strings."""
    return re.sub(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"', "", path.read_text(encoding="utf-8"), flags=re.DOTALL)


def type_places():
    """The number of places that docs/add-a-type.md leaves out, or has too many of."""
    page = pathlib.Path(SOURCE, "docs", "add-a-type.md").read_text(encoding="utf-8")
    page = page.partition("\n## ")[0]
    named = re.findall(r"`((?:kernels|reference|bench)/[^`]+)`", page)
    gone = [place for place in named if not pathlib.Path(SOURCE, place).exists()]
    places = {str(path.relative_to(SOURCE)) for folder in ("kernels", "reference", "reports", "bench")
              for path in pathlib.Path(SOURCE, folder).rglob("*.[ch]pp") if re.search(r"(?i)(\b|_)bf16\b", code_of(path))}
    assert len(places) > 20, places
    missing = sorted(place for place in places if place not in named and os.path.dirname(place) + "/" not in named)
    print(f"{len(places)} files name bf16; the page of types leaves out {missing or 'none'}, and names {gone or 'none'} that is gone")
    return len(missing) + len(gone)


def follow():
    """In the copy."""
    recipes = list(steps())
    backend = [(page, step) for page, step in recipes if page == "add-a-backend.md"]
    type_ = [(page, step) for page, step in recipes if page == "add-a-type.md"]
    assert (len(backend), len(type_)) == (2, 17), (len(backend), len(type_))
    failures = follow_program([recipe for recipe in recipes if recipe not in backend + type_])
    if platform.machine() != "x86_64":
        print("the backend was not added: it is for x86-64")
        backend = []
    return 1 if failures + follow_library(backend, type_) else 0


def main():
    if sys.argv[2:] == ["follow"]:
        return follow()
    if type_places():
        return 1
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
