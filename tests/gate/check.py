# SPDX-License-Identifier: Apache-2.0
"""The gate from outside: actbench check over small libraries that are made to differ, to be slow, to crash, to hang."""

import csv
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

PROGRAM = os.path.abspath(sys.argv[1])
ENVIRONMENT = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "COLUMNS", "ACTBENCH_CPU_MASK")}
KERNELS = ["gelu/forward/f32/naive/scalar", "relu/forward/f32/naive/scalar", "tanh/forward/f32/naive/scalar"]
BUILD = os.environ["ACTBENCH_BUILD_DIR"]
OWN = os.path.join(BUILD, "kernels", "libactbench_kernels_c.so")

# The C interface over three loops. What may differ is between @ signs.
SOURCE = r"""
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <unistd.h>
namespace {
constexpr float table[] = {0.5f, @constant@f, 0.25f, 0.125f, 1, 2, 3, 4, 5};
__attribute__((noinline)) float callee(float x) { return x * @callee@f + 1; }
// @comment@
void first(const float* x, float* y, size_t n) {
  @first@
  for (size_t i = 0; i < n; ++i) y[i] = callee(x[i]) + x[i] / 3;
}
void second(const float* x, float* y, size_t n) {
  for (size_t i = 0; i < n; ++i) y[i] = x[i] * table[static_cast<unsigned>(x[i]) & 7];
}
void third(const float* x, float* y, size_t n) {
  for (int again = 0; again < @work@; ++again)
    for (size_t i = 0; i < n; ++i) y[i] = x[i] > 0 ? x[i] / 7 : 0;
}
@added@
struct Kernel { const char* name; void (*run)(const float*, float*, size_t); };
const Kernel kernels[] = {@rows@ {"gelu/forward/f32/naive/scalar", first}, {"relu/forward/f32/naive/scalar", second},
                          {"tanh/forward/f32/naive/scalar", third}};
constexpr size_t count = sizeof kernels / sizeof kernels[0];
}
extern "C" {
size_t actbench_kernel_count() { return count; }
const void* actbench_kernel_at(size_t i) { return &kernels[i]; }
const void* actbench_kernel_code(const void* k) { return reinterpret_cast<const void*>(static_cast<const Kernel*>(k)->run); }
int actbench_describe(const void* k, void* info) { std::memcpy(info, k, sizeof(const char*)); return 0; }
int actbench_find(const char* name, const void** k) {
  for (const Kernel& kernel : kernels) if (!std::strcmp(kernel.name, name)) { *k = &kernel; return 0; }
  return 1;
}
int actbench_apply(const void* k, const void* x, void* y, size_t n, const double*) {
  static_cast<const Kernel*>(k)->run(static_cast<const float*>(x), static_cast<float*>(y), n);
  return 0;
}
int actbench_apply_gradient(const void*, const void*, const void*, void*, size_t, const double*) { return 2; }
const char* actbench_error_message() { return "no"; }
}
@loading@
"""
PLAIN = {"constant": "1.5", "callee": "2.5", "comment": "", "first": "", "work": "1", "added": "", "rows": "", "loading": ""}


def compiler():
    with open(os.path.join(BUILD, "CMakeCache.txt"), encoding="utf-8") as file:
        return re.search(r"^CMAKE_CXX_COMPILER:\w+=(.*)$", file.read(), re.MULTILINE).group(1)


class Gate(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.folder = cls.temporary.name
        cls.made = {}
        cls.base = cls.library()

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    @classmethod
    def library(cls, flags=("-Wl,--emit-relocs",), **changes):
        key = (tuple(flags), tuple(sorted(changes.items())))
        if key not in cls.made:
            text = SOURCE
            for name, value in {**PLAIN, **changes}.items():
                text = text.replace(f"@{name}@", value)
            path = os.path.join(cls.folder, f"lib{len(cls.made)}")
            with open(path + ".cpp", "w", encoding="utf-8") as file:
                file.write(text)
            subprocess.run([compiler(), "-O2", "-fPIC", "-shared", "-ffunction-sections", *flags, path + ".cpp", "-o", path + ".so"],
                           check=True)
            cls.made[key] = path + ".so"
        return cls.made[key]

    def check(self, base, head, *arguments, code=0, kernels=KERNELS, budget="60"):
        result = subprocess.run([PROGRAM, "check", *kernels, "--only", "speed", "--base", base, "--head", head, "--budget", budget,
                                 "--format", "csv", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                timeout=600, env=ENVIRONMENT)
        if code is not None:
            self.assertEqual(result.returncode, code, f"{result.stderr}{result.stdout}")
        return result

    def verdicts(self, *arguments, **options):
        """By activation: verdict, and whether it was timed."""
        rows = csv.DictReader(io.StringIO(self.check(*arguments, **options).stdout))
        return {row["activation"]: (row["verdict"], row["basis"] == "timed") for row in rows}

    def timed(self, head, base=None):
        """The activations whose code is not known to be the same, whatever their times are found to be."""
        result = self.check(base or self.base, head, budget="0.1", code=None)
        return {row["activation"] for row in csv.DictReader(io.StringIO(result.stdout)) if row["basis"] == "timed"}

    def error(self, code, pattern, *arguments):
        result = subprocess.run([PROGRAM, "check", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=600,
                                env=ENVIRONMENT)
        self.assertEqual(result.returncode, code, result.stderr)
        self.assertRegex(result.stderr, r"\Aactbench: [^\n]*\n\Z", "one sentence")
        self.assertRegex(result.stderr, pattern)


class MachineCode(Gate):
    def test_a_comment_or_another_place_changes_nothing(self):
        self.assertEqual(self.timed(self.base), set())
        self.assertEqual(self.timed(self.library(comment="another one")), set())
        # A function before them, and a row in the table: everything lies elsewhere.
        moved = self.library(added="__attribute__((used)) float more(float x) { return x * 123.25f / (x + 2); }\nvoid fourth(const "
                             "float* x, float* y, size_t n) { for (size_t i = 0; i < n; ++i) y[i] = more(x[i]); }",
                             rows='{"mish/forward/f32/naive/scalar", fourth},')
        self.assertEqual(self.timed(moved), set())

    def test_what_a_kernel_consists_of_counts(self):
        self.assertEqual(self.timed(self.library(callee="2.75")), {"gelu"}, "a constant of what it calls")
        self.assertEqual(self.timed(self.library(constant="1.75")), {"relu"}, "a table that it reads")
        self.assertEqual(self.timed(self.library(work="2")), {"tanh"}, "its own code")

    def test_what_is_not_understood_is_timed(self):
        everything = {"gelu", "relu", "tanh"}
        self.assertEqual(self.timed(self.library(flags=())), everything, "no relocations")
        self.assertEqual(self.timed(self.library(flags=("-s",))), everything, "no symbols")

    def test_what_a_device_loads_is_compared(self):
        kernel = "gelu/forward/f32/naive/cuda"
        if subprocess.run([PROGRAM, "list", kernel], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT).returncode != 0:
            self.skipTest("built without CUDA")

        def library(image):
            code = f'extern "C" {{ __attribute__((used)) extern const unsigned char actbench_gelu_module_90[4] = {{1, 2, 3, {image}}}; }}'
            return self.library(rows=f'{{"{kernel}", third}},', added=code)

        def check(head):
            return self.check(library(4), head, kernels=["gelu/forward/f32/naive/{scalar,cuda}"], budget="0.1", code=None)
        same = {r["kernel"]: r["basis"] for r in csv.DictReader(io.StringIO(check(library(4)).stdout))}
        self.assertEqual(same, {"gelu/forward/f32/naive/scalar": "identical code", kernel: "identical code"})
        other = subprocess.run([PROGRAM, "check", "gelu/forward/f32/naive/{scalar,cuda}", "--only", "speed", "--base", library(4), "--head",
                                library(5)], stdout=subprocess.PIPE, text=True, timeout=600, env=ENVIRONMENT).stdout
        self.assertIn(f"1 kernel for CUDA has other machine code than in the base. The gate does not time it, actbench bench does: {kernel}",
                      " ".join(other.split()))

    def test_own_library_is_itself(self):
        rows = csv.DictReader(io.StringIO(self.check(OWN, OWN, kernels=[]).stdout))
        self.assertEqual({row["basis"] for row in rows}, {"identical code"})


class Speed(Gate):
    def alone(self, slower, *arguments):
        """One kernel is SLOWER each time it is looked at, the others, which are timed all the same, are not. A false alarm has its
        rate, and a machine that other programs use has a higher one: what is unchanged has to be found SAME in one of three runs."""
        unchanged = {name.split("/")[0] for name in KERNELS} - {slower}
        for _ in range(3):
            verdicts = self.verdicts(*arguments, "--time-identical", code=1)
            self.assertEqual(verdicts[slower], ("SLOWER", True))
            self.assertTrue(all(timed for _, timed in verdicts.values()), verdicts)
            unchanged -= {name for name in unchanged if verdicts[name][0] == "SAME"}
            if not unchanged:
                return
        self.fail(f"never found SAME: {unchanged}")

    def test_finds_the_slow_kernel_alone(self):
        # Twice the work in one.
        self.alone("tanh", self.base, self.library(work="2"))
        self.assertEqual(self.verdicts(self.library(work="2"), self.base)["tanh"], ("FASTER", True))

    def test_finds_a_known_share_of_extra_work(self):
        self.alone("gelu", OWN, OWN, "--extra-work", "gelu=6")

    def test_inconclusive_is_said_and_strict_fails(self):
        # More kernels than there is time for on any machine.
        many = {"kernels": ["forward/f32/*/scalar"], "budget": "0.1"}
        result = self.check(OWN, OWN, "--time-identical", code=3, **many)
        self.assertIn("INCONCLUSIVE", result.stdout)
        summary = os.path.join(self.folder, "inconclusive.md")
        self.check(OWN, OWN, "--time-identical", "--strict", "--markdown", summary, code=3, **many)
        with open(summary, encoding="utf-8") as file:
            text = file.read()
        self.assertIn("# actbench check: without a verdict", text)
        self.assertRegex(text, r"the budget was enough for \d+ of the \d+ launches that a verdict takes at least")

    def test_files(self):
        files = {kind: os.path.join(self.folder, kind) for kind in ("markdown", "csv", "json", "junit", "history")}
        arguments = [part for kind, path in files.items() for part in ("--" + kind, path)]
        for _ in range(2):
            self.check(self.base, self.library(work="2"), *arguments, code=1)
        with open(files["markdown"], encoding="utf-8") as file:
            self.assertRegex(file.read(), r"\A# actbench check: failed\n(.*\n)*\| tanh .*SLOWER")
        with open(files["csv"], encoding="utf-8", newline="") as file:
            self.assertEqual(len(list(csv.DictReader(file))), 3)
        with open(files["json"], encoding="utf-8") as file:
            self.assertEqual([b["name"] for b in json.load(file)["benchmarks"]], [KERNELS[2] + "/base", KERNELS[2] + "/head"])
        failures = xml.etree.ElementTree.parse(files["junit"]).findall(".//failure/..")
        self.assertEqual([f.get("name") for f in failures], [KERNELS[2]])
        with open(files["history"], encoding="utf-8") as file:
            self.assertEqual([json.loads(line)["outcome"] for line in file], ["failed", "failed"])

    def test_selftest(self):
        result = subprocess.run([PROGRAM, "check", "tanh/forward/f32", "--selftest", "--budget", "3", "--head", OWN],
                                stdout=subprocess.PIPE, text=True, timeout=600, env=ENVIRONMENT)
        self.assertIn("a false SLOWER in", result.stdout)
        self.assertIn("with 95 %", result.stdout)

    def test_baseline(self):
        path = os.path.join(self.folder, "baseline.json")
        arguments = ("check", "tanh/forward/f32/accurate/scalar", "--only", "speed", "--head", OWN)
        subprocess.run([PROGRAM, *arguments, "--write-baseline", path], stdout=subprocess.PIPE, check=True, timeout=600, env=ENVIRONMENT)
        with open(path, encoding="utf-8") as file:
            text = file.read()
        self.assertGreaterEqual(json.loads(text)["tolerance"], 0.05)
        for extra, code in (("0", 0), ("100", 1)):
            result = subprocess.run([PROGRAM, *arguments, "--baseline", path, "--extra-work", f"tanh={extra}"], stdout=subprocess.PIPE,
                                    stderr=subprocess.PIPE, text=True, timeout=600, env=ENVIRONMENT)
            self.assertEqual(result.returncode, code, result.stdout + result.stderr)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace('"machine": "', '"machine": "another '))
        self.error(3, "another CPU", *arguments[1:], "--baseline", path)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text[:100])
        self.error(2, "is no baseline", *arguments[1:], "--baseline", path)


class Trouble(Gate):
    def arguments(self, base, head=None, kernels=KERNELS):
        return (*kernels, "--only", "speed", "--time-identical", "--base", base, "--head", head or self.base)

    def test_a_base_that_crashes(self):
        crashing = self.library(first="if (n > 0) *const_cast<volatile int*>(static_cast<int*>(nullptr)) = 1;")
        self.error(3, r"the base crashed in gelu/forward/f32/naive/scalar, by a segmentation fault", *self.arguments(crashing))
        self.error(3, "the base crashed while it was loaded, by a call of abort",
                   *self.arguments(self.library(loading="__attribute__((constructor)) void load() { abort(); }")))

    def test_a_head_that_crashes(self):
        crashing = self.library(first="if (n > 0) abort();")
        result = self.check(self.base, crashing, code=1)
        self.assertNotIn("base", result.stderr)
        summary = os.path.join(self.folder, "crash.md")
        self.check(self.base, crashing, "--markdown", summary, code=1)
        with open(summary, encoding="utf-8") as file:
            self.assertIn("the head crashed in gelu/forward/f32/naive/scalar, by a call of abort", file.read())

    def test_a_base_that_exits(self):
        loading = "__attribute__((constructor)) static void when_loaded() {{ {}(3); }}"
        for call in ("exit", "_exit"):
            self.error(3, r"the base \(.*\.so\) called exit\(3\) while it was loaded;",
                       *self.arguments(self.library(loading=loading.format(call))))
        self.error(3, r"the base \(.*\.so\) called exit\(4\) in gelu/forward/f32/naive/scalar;",
                   *self.arguments(self.library(first="if (n > 0) exit(4);")))
        self.error(3, r"a kernel of the base or of the head ended the measuring process, by _exit\(5\)",
                   *self.arguments(self.library(first="if (n > 0) _exit(5);")))

    def test_a_head_that_exits(self):
        summary = os.path.join(self.folder, "exit.md")
        self.check(self.base, self.library(first="if (n > 0) exit(4);"), "--markdown", summary, code=1)
        with open(summary, encoding="utf-8") as file:
            self.assertRegex(file.read(), r"the head \(.*\.so\) called exit\(4\) in gelu/forward/f32/naive/scalar")

    def test_a_base_that_hangs(self):
        hanging = self.library(first="if (n > 0) pause();")
        self.error(3, r"the base hung in gelu/forward/f32/naive/scalar: no end after 1 s", *self.arguments(hanging), "--patience", "1")

    def test_a_base_that_is_none(self):
        path = os.path.join(self.folder, "none")
        for contents in (b"", b"\x7fELF", b"no library at all, but some text that goes on" * 9):
            with open(path, "wb") as file:
                file.write(contents)
            self.error(2, "is no shared library for x86-64", *self.arguments(path))
        with open(self.base, "rb") as file:
            whole = file.read()
        for cut in (len(whole) // 4, len(whole) // 2, len(whole) - 1):
            with open(path, "wb") as file:
                file.write(whole[:cut])
            self.error(2, "is no shared library for x86-64", *self.arguments(path))
        self.error(2, "no such file", *self.arguments(path + "2"))
        self.error(2, "the folder has no libactbench_kernels_c.so", *self.arguments(self.folder))

    def test_a_library_of_something_else(self):
        with open(os.path.join(self.folder, "other.cpp"), "w", encoding="utf-8") as file:
            file.write("int other() { return 1; }\n")
        other = os.path.join(self.folder, "other.so")
        subprocess.run([compiler(), "-shared", "-fPIC", file.name, "-o", other], check=True)
        self.error(3, "is no library of kernels: it has no actbench_kernel_count", *self.arguments(other))

    def test_a_base_with_other_kernels(self):
        other = self.library(rows='{"gone/forward/f32/naive/scalar", third},')
        result = self.check(other, self.base)
        self.assertEqual(len(list(csv.DictReader(io.StringIO(result.stdout)))), 3)
        text = subprocess.run([PROGRAM, "check", *KERNELS, "mish/forward/f32/naive/scalar", "--only", "speed", "--base", self.base,
                               "--head", OWN, "--budget", "20"], stdout=subprocess.PIPE, text=True, timeout=600, env=ENVIRONMENT).stdout
        self.assertIn("The base lacks these kernels, so they were not compared with it: mish/forward/f32/naive/scalar", " ".join(text.split()))
        self.error(3, "is not the library of this program", *self.arguments(self.base, kernels=["mish/forward/f32/naive/scalar"]))

    def test_wrong_usage(self):
        self.error(2, "--base, --baseline or --at-least", "--only", "speed")
        self.error(2, "leave out one", "--base", self.base, "--baseline", "x")
        self.error(2, "--tolerance", "--tolerance", "0")
        self.error(2, "--update writes the file whole", "gelu", "--update", "--samples", os.path.join(self.folder, "new.json"))
        self.error(2, "is named for two", *self.arguments(self.base), "--csv", "x", "--json", "x")
        history = os.path.join(self.folder, "foreign.jsonl")
        with open(history, "w", encoding="utf-8") as file:
            file.write("name,ns\n")
        self.error(2, "is no history of the gate: line 1", *self.arguments(self.base), "--history", history)
        with open(history, encoding="utf-8") as file:
            self.assertEqual(file.read(), "name,ns\n", "as it was")
        self.error(2, r"cannot (write|make)", *self.arguments(self.base), "--csv", "/proc/none/x.csv")
        self.error(2, "FILTER=PERCENT", *self.arguments(self.base), "--extra-work", "gelu")
        self.error(2, "--extra-work is for kernels that are timed", "gelu", "--only", "accuracy", "--extra-work", "gelu=1")
        self.error(2, "--tolerance 'nan' is not a number from 0.1 to 100", *self.arguments(self.base), "--extra-work", "gelu=50", "--tolerance", "nan")
        self.error(2, "--draw '0' is not a whole number from 1", "gelu", "--draw", "0")

    def test_nothing_compared_is_no_pass(self):
        def say(code, said, *arguments):
            result = subprocess.run([PROGRAM, "check", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=600,
                                    env=ENVIRONMENT)
            self.assertEqual(result.returncode, code, result.stdout + result.stderr)
            self.assertIn(said, " ".join(result.stdout.split()))
        none = os.path.join(self.folder, "none.json")
        with open(none, "w", encoding="utf-8") as file:
            file.write('{"format": 1, "digest": 1, "ulp": "goldberg", "platform": "another", "samples": []}')
        say(3, "Nothing was compared: these kernels promise nothing", "relu/forward/f16/naive", "--only", "accuracy", "--samples", none)
        say(0, "Check passed", "relu/forward/f16/accurate", "--only", "accuracy", "--samples", none)
        say(3, "Nothing was compared: the base has none of these kernels", "mish/forward/f32/naive/scalar", "--only", "speed",
            "--base", self.base, "--head", OWN)


class Accuracy(Gate):
    def test_unchanged_code_is_quick_and_fine(self):
        result = subprocess.run([PROGRAM, "check", "--base", OWN], stdout=subprocess.PIPE, text=True, timeout=600, env=ENVIRONMENT)
        self.assertEqual(result.returncode, 0, result.stdout)
        self.assertRegex(result.stdout, r"No kernel was timed")
        self.assertNotIn("have other machine code", result.stdout)

    def test_a_changed_record_is_seen_and_updated(self):
        path = os.path.join(self.folder, "samples.json")
        with open(os.path.join(os.environ["ACTBENCH_SOURCE_DIR"], "samples.json"), encoding="utf-8") as file:
            right = file.read()
        lines = right.splitlines(keepends=True)
        at = next(i for i, line in enumerate(lines) if '"gelu/forward/f64/accurate"' in line)
        lines[at] = re.sub(r'"digest": "0x.', '"digest": "0x' + ("1" if '"0x0' in lines[at] else "0"), lines[at])
        gone = next(i for i, line in enumerate(lines) if '"tanh/forward/f64/naive"' in line)
        lines[gone] = lines[gone].replace("tanh/", "sinh/")
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(lines)
        arguments = [PROGRAM, "check", "--only", "accuracy", "--base", OWN, "--samples", path]
        result = subprocess.run(arguments, stdout=subprocess.PIPE, text=True, timeout=600, env=ENVIRONMENT)
        self.assertEqual(result.returncode, 0, result.stdout)
        self.assertIn("within the promise", result.stdout)
        self.assertIn("sinh/forward/f64/naive/scalar", result.stdout)
        self.assertIn("new", result.stdout)
        subprocess.run([*arguments, "--update"], stdout=subprocess.PIPE, check=True, timeout=600, env=ENVIRONMENT)
        with open(path, encoding="utf-8") as file:
            updated = file.read()
        platform = re.search(r'"platform": "([^"]*)"', right).group(1)
        if f'"platform": "{platform}"' in updated and "avx512" in updated:
            self.assertEqual(updated, right)


class Doctor(unittest.TestCase):
    def test_says_what_and_why(self):
        result = subprocess.run([PROGRAM, "doctor", "--format", "json"], stdout=subprocess.PIPE, text=True, timeout=600, env=ENVIRONMENT)
        self.assertEqual(result.returncode, 0)
        rows = json.loads(result.stdout)["tables"][0]["rows"]
        self.assertGreater(len(rows), 8)
        for row in rows:
            self.assertIn(row["verdict"], ("good", "bad", "unknown"))
            self.assertEqual(bool(row["remedy"]), row["verdict"] != "good", row)


if __name__ == "__main__":
    sys.argv = sys.argv[:1]
    unittest.main()
