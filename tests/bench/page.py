# SPDX-License-Identifier: Apache-2.0
"""index.html of a report: one well-formed file that asks for nothing, in which every link leads somewhere and every text is text.
Where Chromium is installed it is opened there: it sorts and filters, by the keyboard too, and the commands that it shows make its
numbers again."""

import csv
import html.parser
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import chromium  # noqa: E402

PROGRAM = os.path.abspath(sys.argv.pop(1))
EXAMPLE = os.path.join(os.environ["ACTBENCH_BUILD_DIR"], "tests", "plugin", "examples", "mine.so")
# What a file's name may be, and what a page must show as text.
HOSTILE = "a'b\" & <img src=x onerror=alert(1)>.so"
MOST = 3_000_000
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Reader(html.parser.HTMLParser):
    """Finds what is not well-formed, ids, links and scripts. A template has ids of its own."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.trouble, self.scopes, self.ids, self.links, self.tags, self.text, self.data = [], [], [set()], set(), [], set(), [], ""

    def handle_starttag(self, tag, attributes):
        names = [name for name, _ in attributes]
        if len(names) != len(set(names)):
            self.trouble.append(f"{self.getpos()}: <{tag}> has an attribute twice")
        found = dict(attributes)
        self.tags.add(tag)
        self.trouble += [f"{self.getpos()}: <{tag} {name}>" for name in names if name.startswith("on")]
        if "id" in found:
            if found["id"] in self.scopes[-1]:
                self.trouble.append(f"{self.getpos()}: the id {found['id']} is there twice")
            self.scopes[-1].add(found["id"])
            if len(self.scopes) == 1:
                self.ids.add(found["id"])
        if tag not in VOID:
            self.open.append((tag, found))
        if tag == "template":
            self.scopes.append(set())
        self.links += [(tag, name, found[name]) for name in ("href", "src", "srcset", "action", "data", "xlink:href") if name in found]

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if tag in VOID or not self.open or self.open[-1][0] != tag:
            self.trouble.append(f"{self.getpos()}: </{tag}> ends {self.open[-1][0] if self.open else 'nothing'}")
            return
        self.open.pop()
        if tag == "template":
            self.scopes.pop()

    def handle_data(self, text):
        tag, attributes = self.open[-1] if self.open else ("", {})
        if tag == "script" and attributes.get("id") == "data":
            self.data += text
        elif tag not in ("script", "style"):
            self.text.append(text)


def trouble_of(page, folder):
    """Sentences about a page; and its reader."""
    reader = Reader()
    reader.feed(page)
    reader.close()
    trouble = reader.trouble + [f"<{tag}> does not end" for tag, _ in reader.open]
    for tag, name, target in reader.links:
        path = urllib.parse.unquote(target.split("#")[0])
        if target.startswith("#"):
            if target[1:] not in reader.ids:
                trouble.append(f"{target} leads nowhere")
        elif tag == "link" and target == "data:,":
            pass  # no icon, so that none is asked for
        elif tag != "a" or name != "href" or re.match(r"\w+:", target):
            trouble.append(f"<{tag} {name}={target}> is not in the page")
        elif "/" in path or not os.path.exists(os.path.join(folder, path)):
            trouble.append(f"{target} is no file of the folder")
    style = "".join(re.findall(r"<style>(.*?)</style>", page, re.DOTALL))
    trouble += [f"{found} in the style" for found in re.findall(r"@import|url\((?!#)[^)]*\)", style)]
    if len(page.encode()) > MOST:
        trouble.append(f"{len(page.encode())} bytes")
    return trouble, reader


def setUpModule():
    """One report for all."""
    base = tempfile.mkdtemp(prefix="actbench page ")
    unittest.addModuleCleanup(shutil.rmtree, base)
    plugin = os.path.join(base, HOSTILE)
    shutil.copy(EXAMPLE, plugin)
    Report.folder = os.path.join(base, "report")
    done = subprocess.run([PROGRAM, "report", "{gelu,relu,swiglu,softmax}/{forward,gradient_b}/{f16,bf16}", "--plugin", plugin, "--inputs", "256",
                           "--within", "3s", "--peers", "none", "--out", Report.folder], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, timeout=600, check=False)
    if done.returncode != 0:
        raise AssertionError(done.stderr)
    Report.page = pathlib.Path(Report.folder, "index.html").read_text(encoding="utf-8")
    Report.trouble, Report.reader = trouble_of(Report.page, Report.folder)


class Report(unittest.TestCase):
    folder, page, trouble, reader = "", "", [], None

    def rows_of(self, name):
        with open(os.path.join(self.folder, name), encoding="utf-8", newline="") as file:
            return list(csv.DictReader(line for line in file if line.strip()))


class Written(Report):
    def test_well_formed_and_alone(self):
        self.assertEqual(self.trouble, [])
        self.assertIn(f"name=\"viewport\"", self.page)
        for name in ("main", "summary", "tables", "pictures", "data"):
            self.assertIn(name, self.reader.ids)

    def test_reader_sees_trouble(self):
        """Each of these in the page is found."""
        for wrong in ("<b>", "</i>", '<a href="#nowhere">x</a>', '<a href="absent.csv">x</a>', '<img src="https://example.org/x.png">',
                      '<link rel="stylesheet" href="x.css">', '<p id="main"></p>', '<p onclick="f()"></p>', "<style>@import 'x';</style>",
                      "<style>p{background:url(x.png)}</style>", '<a href="https://example.org">x</a>', "x" * MOST):
            seeded = self.page.replace("</main>", wrong + "</main>")
            self.assertNotEqual(trouble_of(seeded, self.folder)[0], [], wrong)

    def test_without_script(self):
        """The answers, and links to what a script would show, are there as they are."""
        text = " ".join("".join(self.reader.text).split())
        self.assertIn("Is everything as promised?", text)
        self.assertIn("Without it these files have the numbers", text)
        linked = {target for tag, _, target in self.reader.links if tag == "a"}
        files = {name for name in os.listdir(self.folder) if not name.startswith(".") and not name.startswith("properties-")}
        self.assertEqual(files - linked, set())

    def test_hostile_names_are_text(self):
        self.assertNotIn("<img", self.page)
        self.assertEqual(self.reader.tags & {"img", "iframe", "object", "embed", "form", "base"}, set())
        (plugin,) = json.loads(self.reader.data)["plugins"]
        self.assertEqual(os.path.basename(plugin["file"]), HOSTILE)

    def test_data_is_what_the_files_say(self):
        tables = {table["file"]: table for table in json.loads(self.reader.data)["tables"]}
        wanted = {name for name in os.listdir(self.folder) if name.endswith(".csv") and self.rows_of(name)}
        self.assertEqual(set(tables), wanted)
        rows, table = self.rows_of("accuracy.csv"), tables["accuracy.csv"]
        self.assertEqual(table["rows"], len(rows))
        for column in table["columns"]:
            if "k" in column:
                continue
            values = column.get("v") or ([column["s"]] * len(rows) if "s" in column else None)
            if values is None and "i" in column:
                values = [column["d"][i] for i in column["i"]]
            if values is None:
                values = [column["d"][i] for i, n in zip(column["r"][::2], column["r"][1::2]) for _ in range(n)]
            for row, value in zip(rows, values, strict=True):
                text = row[column["n"]]
                if isinstance(value, str):
                    self.assertEqual(value, text, column["n"])
                else:
                    self.assertAlmostEqual(value, float(text), delta=1e-3 * abs(float(text)), msg=column["n"])

    def test_pictures_are_inside(self):
        for name in os.listdir(self.folder):
            if name.endswith(".svg"):
                self.assertIn(f"picture-{name[:-4]}", self.reader.ids)
                self.assertIn(pathlib.Path(self.folder, name).read_text(encoding="utf-8"), self.page)

    def test_belongs_to_the_report(self):
        """The folder's list knows the page, so that the next report replaces it."""
        with open(os.path.join(self.folder, ".actbench-files"), encoding="utf-8") as file:
            self.assertRegex(file.read(), r"(?m)^report [0-9a-f]{16} index\.html$")


CHROMIUM = chromium.program()
ABSENT = "no Chromium here (Debian's package chromium)"


@unittest.skipUnless(CHROMIUM, ABSENT)
class Opened(Report):
    @classmethod
    def setUpClass(cls):
        cls.url = pathlib.Path(cls.folder, "index.html").as_uri()
        cls.browser = chromium.Page(CHROMIUM)
        cls.addClassCleanup(cls.browser.close)

    def setUp(self):
        self.browser.console.clear()
        self.browser.requests.clear()

    def tearDown(self):
        """Whatever was done: nothing on the console, and nothing asked for but the page."""
        self.assertEqual(self.browser.console, [])
        foreign = [url for url in self.browser.requests if url.split("#")[0] not in (self.url, "about:blank", "data:,")]
        self.assertEqual(foreign, [])

    def shown(self, column):
        """The cells of a column of the table that is shown."""
        return self.browser.run(f"""(() => {{
          const at = [...document.querySelectorAll('.big thead th')].findIndex((th) => th.dataset.name === {json.dumps(column)});
          return at < 0 ? null : [...document.querySelectorAll('.big tbody tr')].map((tr) => tr.cells[at].textContent); }})()""")

    def test_opens_with_the_answers_first(self):
        self.browser.open(self.url)
        top, bottom = self.browser.run("[document.querySelector('.answers').getBoundingClientRect().top, innerHeight]")
        self.assertLess(top, bottom / 3)
        self.assertTrue(self.browser.run("document.getElementById('without-script').hidden"))

    def test_filters(self):
        self.browser.open(f"{self.url}#table=accuracy")
        rows = self.rows_of("accuracy.csv")
        for name, wanted in (("activation", "gelu"), ("type", "bf16"), ("tier", "fast"), ("direction", "forward"), ("backend", "scalar")):
            self.browser.run(f"""(() => {{ const select = document.getElementById('choose-{name}'); select.value = '{wanted}';
              select.dispatchEvent(new Event('change')); }})()""")
            rows = [row for row in rows if row[name] == wanted]
            self.assertEqual(self.shown(name), [wanted] * min(50, len(rows)), name)
            self.assertIn(f"{len(rows)} of", self.browser.run("document.querySelector('[role=status]').textContent"))
        self.browser.run("[...document.querySelectorAll('button')].find((b) => b.textContent === 'Clear').click()")
        self.browser.run("(() => { const words = document.getElementById('words'); words.value = 'MINE bf16'; words.dispatchEvent(new Event('input')); })()")
        self.assertEqual(set(self.shown("backend")), {"mine"})
        self.browser.open(f"{self.url}#table=accuracy&peer=none")
        self.assertNotIn("mine", self.shown("backend"))
        self.browser.open(f"{self.url}#table=accuracy&peer=mine")
        self.assertEqual(set(self.shown("backend")), {"mine"})

    def test_sorts_by_the_keyboard(self):
        self.browser.open(f"{self.url}#table=accuracy")
        value = lambda text: {"inf": float("inf"), "nan": float("nan")}.get(text) or float(text)
        for expected in ("descending", "ascending"):
            self.browser.run("document.querySelector('th[data-name=max_ulp] button').focus()")
            self.browser.press("Enter", 13)
            self.assertEqual(self.browser.run("document.querySelector('th[data-name=max_ulp]').getAttribute('aria-sort')"), expected)
            self.assertEqual(self.browser.run("document.activeElement.closest('th').dataset.name"), "max_ulp")
            numbers = [value(text) for text in self.shown("max_ulp")]
            self.assertEqual(numbers, sorted(numbers, reverse=expected == "descending"))
            self.assertNotEqual(numbers[0], numbers[-1])

    def test_a_number_leads_to_its_worst_input_and_command(self):
        rows = {row["kernel"]: row for row in self.rows_of("accuracy.csv") + self.rows_of("rows-accuracy.csv")}
        for kernel in ("gelu/forward/f16/naive/scalar", "relu/forward/bf16/accurate/mine", "swiglu/gradient_b/f16/fast/scalar",
                       "softmax/forward/bf16/naive/scalar"):
            row = rows[kernel]
            parts = dict(zip(("activation", "direction", "type", "tier", "backend"), kernel.split("/")))
            self.browser.open(f"{self.url}#{urllib.parse.urlencode({'table': 'kernels', **parts})}")
            self.browser.run("document.querySelector('.big tbody td.n a.value').focus()")
            self.browser.press("Enter", 13)
            self.browser.until("document.getElementById('row').open")
            self.assertEqual(self.browser.run("document.getElementById('row-heading').textContent"), kernel)
            text = self.browser.run("document.getElementById('row').textContent")
            for name in ("input", "input_bits", "got", "expected"):
                self.assertIn(row[name], text, (kernel, name))
            commands = dict(self.browser.run("[...document.querySelectorAll('#row .command')].map((c) => [c.dataset.command, c.querySelector('code').textContent])"))
            again = self.again(kernel, commands["all inputs"])
            self.assertEqual((again["max_ulp"], again["input"]), (row["max_ulp"], row["input"]), commands["all inputs"])
            self.assertEqual("this input" in commands, not kernel.startswith("softmax"))  # of a row one element says nothing
            if "this input" in commands:
                self.assertEqual(self.again(kernel, commands["this input"])["result"], row["got"], commands["this input"])
            self.browser.press("Escape", 27)
            self.browser.until("!document.getElementById('row').open && !location.hash.includes('row=')")
            # Back where it was.
            self.assertEqual(self.browser.run("document.activeElement.className"), "value")

    def again(self, kernel, command):
        """The row that the command of the page, given to a shell, prints."""
        self.assertEqual(command.split()[0], "actbench")
        done = subprocess.run(f"{shlex.quote(PROGRAM)} {command.removeprefix('actbench ')} --format csv", shell=True, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=600, check=False)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        return next(row for row in csv.DictReader(done.stdout.splitlines()) if row["kernel"] == kernel)

    def test_every_row_opens(self):
        """The commands of every table are of the program: it takes their options."""
        self.browser.open(self.url)
        keys = self.browser.run("[...document.querySelectorAll('.list a')].map((a) => new URLSearchParams(a.hash.slice(1)).get('table'))")
        self.assertIn("accuracy", keys)
        seen = set()
        for key in keys:
            self.browser.open(f"{self.url}#table={key}&row={key}:0")
            self.assertTrue(self.browser.run("document.getElementById('row').open"), key)
            for command in self.browser.run("[...document.querySelectorAll('#row .command code')].map((c) => c.textContent)"):
                words = shlex.split(command)
                self.assertEqual(words[0], "actbench")
                if words[1] in seen:
                    continue
                seen.add(words[1])
                options = subprocess.run([PROGRAM, words[1], "--help"], stdout=subprocess.PIPE, text=True, check=True).stdout
                for option in (w for w in words[2:] if w.startswith("--")):
                    self.assertIn(option, options, command)
        self.assertLessEqual({"accuracy", "eval", "bench", "overflow"}, seen)

    def test_pictures(self):
        self.browser.open(f"{self.url}#table=accuracy&activation=gelu&row=accuracy:0")
        self.assertGreater(self.browser.run("document.querySelectorAll('#row figure').length"), 0)
        self.browser.open(f"{self.url}#picture-properties-gelu")
        self.assertTrue(self.browser.run("document.getElementById('picture-properties-gelu').checkVisibility()"))
        # Its own style reaches it, and nothing else of the page.
        fill = "getComputedStyle(document.querySelector('#picture-properties-gelu .picture').shadowRoot.querySelector('.paper')).fill"
        self.browser.run("document.documentElement.style.colorScheme === 'dark' || document.getElementById('theme').click()")
        light, dark = "rgb(255, 255, 255)", "rgb(20, 23, 28)"
        first = self.browser.run(fill)
        self.browser.run("document.getElementById('theme').click()")
        self.assertEqual({first, self.browser.run(fill)}, {light, dark})

    def test_dark_and_light(self):
        colour = "getComputedStyle(document.body).backgroundColor"
        for scheme, other in (("dark", "light"), ("light", "dark")):
            self.browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
            self.browser.run("try { localStorage.clear() } catch {}")
            self.browser.open(self.url)
            shade = {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 23, 28)"}
            self.assertEqual(self.browser.run(colour), shade[scheme])
            self.browser.run("document.getElementById('theme').click()")
            self.assertEqual(self.browser.run(colour), shade[other])
            self.assertEqual(self.browser.run("document.getElementById('theme').getAttribute('aria-pressed')"), str(other == "dark").lower())
        self.browser.run("try { localStorage.clear() } catch {}")
        self.browser.call("Emulation.setEmulatedMedia", features=[])

    def test_names_for_those_who_do_not_see(self):
        for place in ("", "#table=overflow", "#table=kernels&row=kernels:0"):
            self.browser.open(self.url + place)
            self.browser.run("for (const details of document.querySelectorAll('details')) details.open = true")
            nodes = self.browser.call("Accessibility.getFullAXTree")["nodes"]
            roles = {"button", "link", "combobox", "searchbox", "textbox", "checkbox", "dialog", "columnheader", "image", "heading", "img"}
            nameless = [node["role"]["value"] for node in nodes if not node.get("ignored") and node.get("role", {}).get("value") in roles
                        and not node.get("name", {}).get("value", "").strip()]
            self.assertEqual(nameless, [], place)
            self.assertGreater(sum(node.get("role", {}).get("value") in roles for node in nodes), 20)

    def test_fits_a_phone(self):
        for width in (360, 1280):
            self.browser.call("Emulation.setDeviceMetricsOverride", width=width, height=740, deviceScaleFactor=1, mobile=width < 600)
            self.browser.open(f"{self.url}#table=kernels")
            self.browser.run("for (const details of document.querySelectorAll('details')) details.open = true")
            self.assertLessEqual(self.browser.run("document.documentElement.scrollWidth"), width)
        self.browser.call("Emulation.clearDeviceMetricsOverride")

    def test_links_of_the_page_lead_somewhere(self):
        self.browser.open(self.url)
        bad = self.browser.run("""[...document.querySelectorAll('a[href^="#"]')].filter((a) => { const id = decodeURIComponent(a.hash.slice(1));
          if (!id.includes('=')) return document.getElementById(id) === null;
          const asked = new URLSearchParams(id), table = asked.get('table') ?? 'kernels';
          return ![...document.querySelectorAll('.list a')].some((l) => new URLSearchParams(l.hash.slice(1)).get('table') === table); }).map((a) => a.hash)""")
        self.assertEqual(bad, [])
        # The summary's names of kernels lead to their rows.
        self.assertGreater(self.browser.run("document.querySelectorAll('#summary a[href*=\"=\"]').length"), 3)

    def test_prints_light_and_whole(self):
        self.browser.open(self.url)
        self.browser.run("(() => { document.getElementById('theme').click(); dispatchEvent(new Event('beforeprint')); })()")
        self.browser.call("Emulation.setEmulatedMedia", media="print")
        self.assertEqual(self.browser.run("getComputedStyle(document.body).backgroundColor"), "rgb(255, 255, 255)")
        self.assertEqual(self.browser.run("document.querySelectorAll('details:not([open])').length"), 0)
        self.assertEqual(self.browser.run("getComputedStyle(document.querySelector('.choices')).display"), "none")
        self.browser.call("Emulation.setEmulatedMedia", media="")
        self.browser.run("dispatchEvent(new Event('afterprint'))")


if __name__ == "__main__":
    if not os.path.exists(EXAMPLE):
        print(f"skipped: the page of a report is not looked at, {EXAMPLE} is not built")
        sys.exit(77)
    unittest.main(verbosity=1)
