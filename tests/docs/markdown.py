# SPDX-License-Identifier: Apache-2.0
"""Every Markdown file of the tree: lines that fit, links and paths that lead somewhere, and an index that lists all."""

import glob
import os
import re
import sys
import tempfile

README_LINES, COLUMNS = 150, 120
FOLDERS = ("bench", "cmake", "data", "docs", "kernels", "python", "reference", "reports", "results", "scripts", "tests")
# The example that docs/add-an-activation.md has its reader write.
EXAMPLES = {"kernels/activations/lisht.hpp", "reference/activations/lisht.hpp"}
# Programs write the tables of measurements there.
MEASURED = re.compile(r"(reports/gallery|results)/")


def markdown_files(root):
    """Relative to the tree's root, without what is built in it, and reports."""
    for folder, folders, files in os.walk(root):
        at_root = os.path.samefile(folder, root)
        measured = MEASURED.match(os.path.relpath(folder, root) + "/")
        folders[:] = sorted(f for f in folders if not f.startswith(".") and f != "__pycache__"
                            and not (at_root and re.match(r"build|report(?!s$)", f))
                            and not (measured and f == "report"))  # the program wrote it: tests/bench/tables.py
        for file in sorted(files):
            if file.endswith(".md"):
                yield os.path.relpath(os.path.join(folder, file), root)


def read(root, name):
    with open(os.path.join(root, name), encoding="utf-8") as file:
        return file.read()


def without_code(text):
    """The text with its blocks and spans of code emptied, line by line."""
    lines, fenced = [], False
    for line in text.split("\n"):
        fence = line.lstrip().startswith("```")
        indented = line.startswith("    ") and not re.match(r"\s*([-*]|\d+[.])\s", line) and (
            not lines or lines[-1] == "" or lines[-1] == "CODE" or lines[-1].startswith("#"))
        lines.append("CODE" if fenced or fence or indented else line)
        fenced ^= fence
    return re.sub(r"`[^`]*`", lambda span: re.sub(r"[^\n]", " ", span[0]), "\n".join(lines))


def anchors(text):
    """Of its headings, as GitHub names them."""
    found, plain = set(), without_code(text)
    for line, bare in zip(text.split("\n"), plain.split("\n")):
        if re.match(r"#{1,6} ", bare):
            name = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", line.lstrip("#").strip()).lower()
            name = re.sub(r"[^\w\- ]", "", name).replace(" ", "-")
            count, plain_name = 0, name
            while name in found:
                count += 1
                name = f"{plain_name}-{count}"
            found.add(name)
    return found


def links(text):
    plain = without_code(text)
    yield from re.findall(r"\]\(([^()\s]+)\)", plain)
    yield from re.findall(r"(?:src|srcset|href)=\"([^\"]+)\"", plain)


def paths(text):
    """What a file names in spans of code, and in blocks of code as a script to run or a header to include."""
    for span in re.findall(r"`([^`]+)`", re.sub(r"^\s*```.*?^\s*```", "", text, flags=re.DOTALL | re.MULTILINE)):
        yield from (word for word in span.split() if word.split("/")[0] in FOLDERS and "/" in word)
    yield from re.findall(r"^(?:    |\$ |[ -]*run: )(scripts/[\w./-]+)", text, flags=re.MULTILINE)
    yield from re.findall(r"#include \"([\w./-]+)\"", text)


def is_there(root, path):
    if path in EXAMPLES:
        return True
    pattern = re.sub(r"<[^>]*>|\bNAME\b", "*", path.rstrip(".,;:"))
    return bool(glob.glob(os.path.join(root, pattern)))


def complaints_of(root, name):
    text = read(root, name)
    lines = text.rstrip("\n").split("\n")
    if name == "README.md" and len(lines) > README_LINES:
        yield f"{name} has {len(lines)} lines; {README_LINES} are allowed"
    for number, line in enumerate(lines, 1):
        if len(line) > COLUMNS and not (MEASURED.match(name) and line.startswith("|")):
            yield f"{name}:{number}: {len(line)} columns; {COLUMNS} are allowed"
    for link in links(text):
        if re.match(r"[a-z]+:", link):
            continue
        target, _, anchor = link.partition("#")
        to = os.path.normpath(os.path.join(os.path.dirname(name), target)) if target else name
        if not os.path.exists(os.path.join(root, to)):
            yield f"{name}: the link {link} leads nowhere"
        elif anchor and (not to.endswith(".md") or anchor not in anchors(read(root, to))):
            yield f"{name}: the link {link} leads to no heading of {to}"
    for path in paths(text):
        if not is_there(root, path) and f"New file `{path}`:" not in text:  # which a recipe writes
            yield f"{name}: there is no {path}"


def complaints(root):
    names = list(markdown_files(root))
    found = [complaint for name in names for complaint in complaints_of(root, name)]
    index = links(read(root, "docs/README.md"))
    listed = {os.path.normpath(os.path.join("docs", link.partition("#")[0])) for link in index}
    for name in names:
        if name.startswith("docs/") and name != "docs/README.md" and name not in listed:
            found.append(f"docs/README.md does not list {name}")
    return names, found


GOOD = {
    "README.md": "# A\n[b](docs/b.md#a-heading-of-b)\n`kernels/x.hpp`, `kernels/isa/NAME.hpp`\n\n    scripts/run\n",
    "docs/README.md": "[b](b.md)\n",
    "docs/b.md": "# B\n## A `heading`, of b\n[up](../README.md) [in](#b)\n"
                 "```c\n#include \"kernels/x.hpp\" // [no](link)\n```\n",
    "kernels/x.hpp": "", "kernels/isa/y.hpp": "", "scripts/run": "",
}
DEFECTS = {
    "README.md has 151 lines": ("README.md", "\n" * 145 + "x"),
    "121 columns": ("docs/b.md", "x" * 121),
    "121 columns; ": ("docs/b.md", "| " + "x" * 119),
    "docs/c.md leads nowhere": ("docs/b.md", "[c](../docs/c.md)"),
    "#c leads to no heading": ("docs/b.md", "[over\ntwo lines](#c)"),
    "picture.svg leads nowhere": ("README.md", '<img src="picture.svg">'),
    "no kernels/z.hpp": ("docs/b.md", "`kernels/z.hpp`"),
    "no bench/NAME.cpp": ("docs/b.md", "`bench/NAME.cpp`"),
    "no scripts/walk": ("docs/b.md", "\n    scripts/walk\n"),
    "no kernels/w.hpp": ("docs/b.md", '```c\n#include "kernels/w.hpp"\n```'),
    "does not list docs/design/d.md": ("docs/design/d.md", "# D"),
}


def write_tree(root, defect=None):
    for name, text in GOOD.items() | ({(defect[0], "")} if defect and defect[0] not in GOOD else set()):
        os.makedirs(os.path.dirname(os.path.join(root, name)), exist_ok=True)
        with open(os.path.join(root, name), "w", encoding="utf-8") as file:
            file.write(text + (defect[1] + "\n" if defect and defect[0] == name else ""))


def check_itself():
    """It finds each defect in a tree that has this one alone, and nothing in a tree that has none."""
    for expected, defect in [("", None), *DEFECTS.items()]:
        with tempfile.TemporaryDirectory() as root:
            write_tree(root, defect)
            _, found = complaints(root)
            if defect is None:
                assert not found, found
            else:
                assert len(found) == 1 and expected in found[0], f"{expected!r}: {found}"


def main():
    check_itself()
    names, found = complaints(os.environ["ACTBENCH_SOURCE_DIR"])
    print("\n".join(found))
    assert len(names) > 20, f"only {len(names)} Markdown files were found"
    print(f"{len(names)} Markdown files, {len(found)} complaints; {len(DEFECTS)} seeded defects were found")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
