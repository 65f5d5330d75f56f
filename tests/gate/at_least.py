# SPDX-License-Identifier: Apache-2.0
"""check --at-least: the program's kernels against plug-ins that stand for other libraries. One of them is the program's own kernel, so
that the ratio is known; one copies, and promises what it does not keep."""

import csv
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

PROGRAM = os.path.abspath(sys.argv[1])
SOURCE = os.environ["ACTBENCH_SOURCE_DIR"]
LIBRARY = os.path.join(os.environ["ACTBENCH_BUILD_DIR"], "kernels", "libactbench_kernels_c.so")
KERNEL = "sigmoid/forward/f32/fast/scalar"
# The program's own kernel, as the quickest library that there could be.
OWN = """#include <actbench/actbench.h>
#include <actbench/plugin.h>
static const actbench_kernel* kernel;
static void sigmoid(const actbench_call* c) {
  if (kernel == 0) actbench_find("%s", &kernel);
  actbench_apply(kernel, c->x, c->y, c->n, 0);
}
static const actbench_plugin_kernel kernels[] = {{"sigmoid", "forward", "f32", sigmoid}};
ACTBENCH_PLUGIN("own", "the program's own kernel", kernels)
""" % KERNEL
COPIES = """#include <actbench/plugin.h>
#include <string.h>
static void copy(const actbench_call* c) { memcpy(c->y, c->x, c->n * sizeof(float)); }
static const actbench_plugin_kernel kernels[] = {{.activation = "sigmoid", .run = copy, .promised_ulp = 8}};
ACTBENCH_PLUGIN("copies", "promises 8 ULP", kernels)
"""
# Leaves a file where it is loaded.
MARKS = """#include <actbench/plugin.h>
#include <stdio.h>
__attribute__((constructor)) static void mark(void) { FILE* file = fopen("%s", "w"); if (file) fclose(file); }
static void sigmoid(const actbench_call* c) { (void)c; }
static const actbench_plugin_kernel kernels[] = {{.activation = "sigmoid", .run = sigmoid}};
ACTBENCH_PLUGIN("marks", "marks 1.0", kernels)
"""


def run(*arguments, program=PROGRAM):
    return subprocess.run([program, "check", *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, check=False)


class AtLeast(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="actbench at least ")
        cls.folder = cls.temporary.name
        cls.own = cls.plugin("own", OWN, LIBRARY, "-Wl,-rpath," + os.path.dirname(LIBRARY))
        cls.copies = cls.plugin("copies", COPIES)

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    @classmethod
    def plugin(cls, name, text, *libraries):
        os.makedirs(os.path.join(cls.folder, name))
        source, library = os.path.join(cls.folder, name, name + ".c"), os.path.join(cls.folder, name, name + ".so")
        with open(source, "w", encoding="utf-8") as file:
            file.write(text)
        subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-I", os.path.join(SOURCE, "kernels", "include"), "-o", library, source, *libraries],
                       check=True)
        return library

    def check(self, *arguments, expected, plugins=None, kernel=KERNEL, budget="20"):
        options = [part for plugin in plugins or [self.own] for part in ("--plugin", plugin)]
        result = run(kernel, "--only", "speed", "--tolerance", "10", "--budget", budget, *options, *arguments)
        self.assertEqual(result.returncode, expected, result.stdout + result.stderr)
        result.sentences = re.sub(r"\s+", " ", result.stdout)  # which are laid out in lines
        return result

    def test_the_same_kernel_keeps_up(self):
        out = self.check("--at-least", "1", expected=0).stdout
        self.assertRegex(out, "(?m)own +KEPT")
        self.assertIn("Check passed", out)

    def test_a_slower_kernel_is_behind(self):
        xml_file, csv_file = os.path.join(self.folder, "a.xml"), os.path.join(self.folder, "a.csv")
        out = self.check("--at-least", "1", "--extra-work", "sigmoid=40", "--junit", xml_file, "--csv", csv_file, expected=1).stdout
        self.assertRegex(out, "(?m)own +BEHIND")
        self.assertIn("Check failed", out)
        (case,) = xml.etree.ElementTree.parse(xml_file).iter("testcase")
        self.assertEqual(case.get("name"), KERNEL + " against own")
        self.assertEqual([child.tag for child in case], ["failure"])
        with open(csv_file, encoding="utf-8", newline="") as file:
            (row,) = csv.DictReader(io.StringIO(file.read()))
        self.assertEqual((row["kernel"], row["peer"], row["verdict"]), (KERNEL, "own", "BEHIND"))
        low, share, high = (float(row[name]) for name in ("share_low", "share", "share_high"))
        self.assertTrue(low <= share <= high < 1, row)
        self.assertAlmostEqual(share, 1 / 1.4, delta=0.08)

    def test_the_share_decides(self):
        self.check("--at-least", "0.5", "--extra-work", "sigmoid=40", expected=0)
        self.check("--at-least", "1.5", expected=1)

    def test_errors_decide_who_counts(self):
        result = self.check("--at-least", "1", plugins=[self.copies], expected=3)
        self.assertRegex(result.sentences, "--at-least compared nothing: .* was compared with no peer: none is within 8 ULP; the nearest, copies")
        self.assertIn("without a verdict", result.stdout)
        # It would be quicker than anything.
        out = self.check("--at-least", "1", plugins=[self.copies, self.own], expected=0).stdout
        self.assertNotRegex(out, "(?m)copies +(KEPT|BEHIND)")
        # The bound is on the kernel here, too.
        self.assertIn("there is no kernel that promises errors within the bound",
                      self.check("--at-least", "1", "--within-ulp", "0.6", expected=3).sentences)

    def test_nothing_is_no_pass(self):
        self.assertRegex(self.check("--at-least", "1", kernel="tanh/forward/f32/fast/scalar", expected=3).sentences,
                         "No peer has the function of tanh/forward/f32/fast/scalar")
        self.assertRegex(self.check("--at-least", "1", expected=3, budget="0.1").sentences, "the budget was enough for")
        result = run(KERNEL, "--only", "speed", "--at-least", "1", "--peers", os.path.join(self.folder, "nowhere"))
        self.assertEqual(result.returncode, 2)
        self.assertRegex(result.stderr, "--peers '.*nowhere': it is no folder; scripts/peers builds")
        os.makedirs(os.path.join(self.folder, "empty"), exist_ok=True)
        self.assertRegex(run(KERNEL, "--only", "speed", "--at-least", "1", "--peers", os.path.join(self.folder, "empty")).stderr,
                         "it has no plug-in in it")

    def test_default_folder(self):
        program = os.path.join(self.folder, "build", "release", "bench", "actbench")
        os.makedirs(os.path.dirname(program))
        shutil.copy(PROGRAM, program)
        result = run(KERNEL, "--only", "speed", "--at-least", "1", program=program)
        self.assertEqual(result.returncode, 3, result.stdout)
        self.assertRegex(result.stderr, "there are none: scripts/peers builds them into .*/build/peers, and --peers names another folder")
        peers = os.path.join(self.folder, "build", "peers")
        os.makedirs(peers)
        shutil.copy(self.copies, peers)
        self.assertIn("the nearest, copies", run(KERNEL, "--only", "speed", "--at-least", "1", "--head", LIBRARY, program=program).stdout)

    def test_the_command_line_is_read_before_any_peer_is_loaded(self):
        program = os.path.join(self.folder, "tree", "build", "release", "bench", "actbench")
        peers = os.path.join(self.folder, "tree", "build", "peers")
        os.makedirs(os.path.dirname(program))
        os.makedirs(peers)
        shutil.copy(PROGRAM, program)
        mark = os.path.join(self.folder, "loaded")
        shutil.copy(self.plugin("marks", MARKS % mark), peers)
        for arguments, option in ((("--at-least", "nan"), "--at-least"), (("--at-least", "1", "--tolerance", "inf"), "--tolerance"),
                                  (("--at-least", "1", "--draw", "x"), "--draw"), (("--at-least", "1", "--nonsense"), "--nonsense"),
                                  (("--at-least", "1", "--csv", ""), "--csv")):
            result = run(KERNEL, "--only", "speed", *arguments, program=program)
            self.assertEqual((result.returncode, result.stdout), (2, ""), arguments)
            self.assertRegex(result.stderr, r"\Aactbench: [^\n]*\n\Z")
            self.assertIn(option, result.stderr)
            self.assertFalse(os.path.exists(mark), arguments)
        run(KERNEL, "--only", "speed", "--at-least", "1", "--budget", "0.1", program=program)
        self.assertTrue(os.path.exists(mark), "the test sees that it is loaded")

    def test_a_folder_of_peers(self):
        result = run(KERNEL, "--only", "speed", "--at-least", "0.5", "--tolerance", "10", "--peers", os.path.dirname(self.own))
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)

    def test_wrong_usage(self):
        for arguments, sentence in ((("--only", "accuracy", "--at-least", "1"), "leave out --only accuracy"),
                                    (("--peers", os.path.dirname(self.own)), "--peers is for --at-least"),
                                    (("--at-least", "0"), "--at-least"), (("--at-least", "1", "--within-ulp", "x"), "--within-ulp"),
                                    (("--at-least", "1", "--selftest"), "goes with neither --selftest nor --update"),
                                    (("--at-least", "1", "--base", self.own), "names a plug-in")):
            result = run(KERNEL, "--plugin", self.own, *arguments)
            self.assertEqual(result.returncode, 2, result.stdout + result.stderr)
            self.assertRegex(result.stderr, re.escape(sentence))


if __name__ == "__main__":
    if os.environ.get("ACTBENCH_EMULATOR"):
        print("an emulator times nothing")
        sys.exit(77)
    unittest.main(argv=sys.argv[:1])
