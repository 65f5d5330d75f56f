# SPDX-License-Identifier: Apache-2.0
"""The tree shows the architecture: no folder includes one above it, no header includes itself by way of others, and no file or
function is longer than one can read at a sitting."""

import os
import pathlib
import re
import sys
import tempfile
import unittest

SOURCE = pathlib.Path(os.environ["ACTBENCH_SOURCE_DIR"])

# From the lowest up. A file may include its own folder and those above it in this list.
LAYERS = """
kernels/include kernels
reference reports
bench/support bench/arrays bench/numbers bench/selection bench/cli bench/timing bench/device bench/plugin
bench/sweep bench/certificates bench/performance bench/rows bench/eval bench/faults bench/score bench/identify
bench/properties bench/gap bench/claims bench/compare bench/peers bench/gate bench/pictures bench/doctor bench/report bench/commands bench
python/src
""".split()
# The reference and the kernels know nothing of each other: what they shared could be wrong in both.
STRANGERS = [("kernels", "reference"), ("kernels", "reports"), ("reference", "kernels"), ("reference", "reports"),
             ("reports", "kernels"), ("reports", "reference")]
# The steps that a result of `actbench eval` goes through (docs/design/overview.md): each knows the one before it, whose value it takes,
# and bench/commands/eval.cpp hands values from one to the next in one expression.
STEPS = ["bench/eval/cases", "bench/eval/results", "bench/eval/tables"]
HANDED_ON = "output.print(output.condensed(eval::tables_of(eval::results_of(eval::read_cases("
ENDINGS = (".cpp", ".hpp", ".h", ".c", ".cu", ".cuh")
MOST_LINES, MOST_LINES_OF_A_FUNCTION = 500, 80
# Coefficients and recorded rows are as long as they are.
DATA = re.compile(r"(_coefficients|_data)\.hpp$")


def sources(root, folders=("kernels", "reference", "reports", "bench", "examples", "peers", "python", "tests")):
    """The files of code, as paths below root."""
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in ENDINGS:
                yield path.relative_to(root).as_posix()


def included(root, file):
    """The files of the tree that a file includes, with line numbers."""
    for number, line in enumerate((root / file).read_text(encoding="utf-8").splitlines(), 1):
        found = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
        if not found:
            continue
        for place in ("", "kernels/include/", os.path.dirname(file) + "/"):
            path = os.path.normpath(place + found[1])
            if (root / path).is_file():
                yield number, path
                break


def layer(file):
    """The longest folder in LAYERS that holds the file; None for tests."""
    return max((l for l in LAYERS if file.startswith(l + "/")), key=len, default=None)


def upward(root):
    """Sentences about each include of a folder above, or of a stranger."""
    for file in sources(root):
        own = layer(file)
        if own is None:
            continue
        for number, target in included(root, file):
            other = layer(target)
            if other is None:
                yield f"{file}:{number} includes {target}, which belongs to the tests"
            elif LAYERS.index(other) > LAYERS.index(own):
                yield f"{file}:{number} includes {target}: {own} is below {other}"
            elif (own.split("/")[0], other.split("/")[0]) in STRANGERS:
                yield f"{file}:{number} includes {target}: {own} must not know {other}"


def circles(root, graph):
    """Each circle of a graph once, as the list of its nodes."""
    done, found = set(), []

    def visit(node, path):
        if node in path:
            found.append(path[path.index(node):] + [node])
            return
        if node in done:
            return
        for target in sorted(graph.get(node, ())):
            visit(target, path + [node])
        done.add(node)

    for node in sorted(graph):
        visit(node, [])
    return found


def file_graph(root):
    return {file: {target for _, target in included(root, file) if target != file} for file in sources(root)}


def folder_graph(root):
    """Of the folders in LAYERS; one below counts as its parent."""
    graph = {}
    for file, targets in file_graph(root).items():
        if layer(file):
            graph.setdefault(layer(file), set()).update(filter(None, map(layer, targets)))
    return {own: targets - {own} for own, targets in graph.items()}


BLANK = re.compile(r"""//[^\n]*|/\*.*?\*/|R"(\w*)\((?s:.*?)\)\1"|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])'""", re.DOTALL)


OTHER = re.compile(r"(template\s*<.*?>\s*)*(inline\s+)?(extern|namespace|class|struct|enum|union)\b", re.DOTALL)


def functions(text):
    """(first line, lines, head) of every function that is in no other. A lambda belongs to its function."""
    text = BLANK.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), text)
    # Macros over several lines are no functions of the language.
    text = re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", lambda m: "\n" * m[0].count("\n"), text, flags=re.MULTILINE)
    depth_of_function, depth, start = None, 0, 0
    for found in re.finditer(r"[{};]", text):
        at = found.start()
        if found[0] == "{":
            head = text[start:at].strip()
            if depth_of_function is None and not OTHER.match(head) and ")" in head and not head.endswith(("=", ",", "(")):
                depth_of_function, first, name = depth, text.count("\n", 0, at - len(text[start:at].lstrip())) + 1, head
            depth += 1
        elif found[0] == "}":
            depth -= 1
            if depth == depth_of_function:
                yield first, text.count("\n", 0, at) + 2 - first, " ".join(name.split())
                depth_of_function = None
        start = found.end()


def too_long(root):
    for file in sources(root):
        if DATA.search(file):
            continue
        text = (root / file).read_text(encoding="utf-8")
        lines = text.count("\n")
        if lines > MOST_LINES:
            yield f"{file}: {lines} lines, at most {MOST_LINES} can be read at a sitting"
        for first, length, name in functions(text):
            if length > MOST_LINES_OF_A_FUNCTION:
                yield f"{file}:{first}: {length} lines, at most {MOST_LINES_OF_A_FUNCTION} make a function: {name[-100:]}"


def turns_back(root):
    """Sentences about steps of eval that know another than the one before, and about a command that stops between two."""
    for i, step in enumerate(STEPS):
        known = {os.path.splitext(target)[0] for ending in (".hpp", ".cpp") for _, target in included(root, step + ending)} - {step}
        for other in sorted(known & set(STEPS)):
            if STEPS.index(other) != i - 1:
                yield f"{step} knows {other}, which is not the step before it"
        if any(target.startswith("bench/cli/") for ending in (".hpp", ".cpp") for _, target in included(root, step + ending)):
            yield f"{step} knows bench/cli, which comes after the last step"
    command = re.sub(r"\s", "", (root / "bench/commands/eval.cpp").read_text(encoding="utf-8"))
    called = [len(re.findall(rf"\beval::{name}\(", command)) for name in ("tables_of", "results_of", "read_cases")]
    if HANDED_ON not in command or called != [1, 1, 1]:
        yield f"bench/commands/eval.cpp does not hand each step's value to the next as {HANDED_ON}…"


class Structure(unittest.TestCase):
    maxDiff = None

    def test_nothing_includes_upwards(self):
        self.assertEqual(list(upward(SOURCE)), [])

    def test_there_is_no_circle(self):
        self.assertEqual(circles(SOURCE, file_graph(SOURCE)), [])
        self.assertEqual(circles(SOURCE, folder_graph(SOURCE)), [])

    def test_every_folder_has_its_layer(self):
        self.assertEqual([file for file in sources(SOURCE, ("bench",)) if layer(file) == "bench"], ["bench/main.cpp"])

    def test_nothing_is_too_long(self):
        self.assertEqual(list(too_long(SOURCE)), [])

    def test_a_result_flows_down_one_way(self):
        self.assertEqual(list(turns_back(SOURCE)), [])

    def test_only_commands_see_the_command_line(self):
        allowed = ("bench/commands/", "bench/cli/", "bench/support/build_info.cpp")
        seen = [file for file in sources(SOURCE, ("bench",))
                if not file.startswith(allowed) and "#include <CLI/" in (SOURCE / file).read_text(encoding="utf-8")]
        self.assertEqual(seen, [])


class Defects(unittest.TestCase):
    """That each of these is found."""

    def tree(self, **files):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        root = pathlib.Path(folder.name)
        for name, text in files.items():
            path = root / name.replace("__", "/").replace("_hpp", ".hpp").replace("_cpp", ".cpp")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return root

    def test_upwards(self):
        root = self.tree(bench__report__a_hpp="", bench__gap__b_cpp='\n#include "bench/report/a.hpp"\n')
        self.assertEqual(list(upward(root)), ["bench/gap/b.cpp:2 includes bench/report/a.hpp: bench/gap is below bench/report"])

    def test_strangers(self):
        root = self.tree(kernels__a_hpp="", reference__b_cpp='#include "kernels/a.hpp"\n')
        self.assertEqual(list(upward(root)), ["reference/b.cpp:1 includes kernels/a.hpp: reference must not know kernels"])

    def test_circle(self):
        root = self.tree(reports__a_hpp='#include "reports/b.hpp"\n', reports__b_hpp='#include "reports/c.hpp"\n',
                         reports__c_hpp='#include "reports/a.hpp"\n')
        self.assertEqual(len(circles(root, file_graph(root))), 1)

    def test_circle_of_folders(self):
        root = self.tree(bench__gap__a_hpp='#include "bench/rows/b.hpp"\n', bench__rows__b_hpp="", bench__gap__c_hpp="",
                         bench__rows__d_hpp='#include "bench/gap/c.hpp"\n')
        self.assertEqual(len(circles(root, folder_graph(root))), 1)

    def test_a_result_that_turns_back(self):
        steps = {"bench__eval__cases_hpp": "", "bench__eval__cases_cpp": "", "bench__eval__tables_cpp": "",
                 "bench__eval__results_hpp": '#include "bench/eval/cases.hpp"\n', "bench__eval__results_cpp": "",
                 "bench__eval__tables_hpp": '#include "bench/eval/results.hpp"\n', "bench__cli__output_hpp": "",
                 "bench__commands__eval_cpp": HANDED_ON.replace("(", "(\n  ")}
        self.assertEqual(list(turns_back(self.tree(**steps))), [])
        self.assertEqual(list(turns_back(self.tree(**steps | {"bench__eval__cases_cpp": '#include "bench/eval/tables.hpp"\n'}))),
                         ["bench/eval/cases knows bench/eval/tables, which is not the step before it"])
        self.assertEqual(list(turns_back(self.tree(**steps | {"bench__eval__results_cpp": '#include "bench/cli/output.hpp"\n'}))),
                         ["bench/eval/results knows bench/cli, which comes after the last step"])
        halts = "auto cases = eval::read_cases(x); output.print(output.condensed(eval::tables_of(eval::results_of(cases"
        self.assertEqual(len(list(turns_back(self.tree(**steps | {"bench__commands__eval_cpp": halts})))), 1)
        again = steps["bench__commands__eval_cpp"] + "; eval::tables_of(results)"
        self.assertEqual(len(list(turns_back(self.tree(**steps | {"bench__commands__eval_cpp": again})))), 1)

    def test_long(self):
        body = "  if (x) {\n    f();\n  }\n" * 27
        root = self.tree(reports__a_cpp="int f(int x) {\n" + "// }\n" + body + "}\n", reports__b_cpp="\n" * 501)
        self.assertEqual([s.split(":")[0] for s in too_long(root)], ["reports/a.cpp", "reports/b.cpp"])

    def test_functions_are_told_from_other_braces(self):
        text = ('namespace a {\nstruct S : T<int(1)> {\n  int g() const noexcept {\n    return 1;\n  }\n};\nconst int x[] = {\n1,\n};\n'
                'auto h(int a,\n       int b) -> int {\n  const auto l = [&](int c) {\n    return c; };\n  return l(a);\n}\n}\n')
        self.assertEqual([(first, lines) for first, lines, _ in functions(text)], [(3, 3), (10, 6)])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
