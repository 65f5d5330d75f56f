# SPDX-License-Identifier: Apache-2.0
"""The plug-ins of peers/: those that are found compile, run, and are as right as their libraries; what is missing, of another
version, or crashes is one sentence.

It builds libm and libmvec, which glibc has, and oneDNN, XNNPACK and SLEEF where they are installed. A library that this test
makes stands for one that is loaded at run time. Peers that take long to compile are built by scripts/peers alone.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

PROGRAM = sys.argv[1]
SOURCE = os.environ["ACTBENCH_SOURCE_DIR"]
CMAKE = os.environ.get("CMAKE_COMMAND", "cmake")
GLIBC = ["libm", "libmvec_avx2", "libmvec_avx512"]
INSTALLED = ["onednn", "xnnpack", "sleef_avx2"]
STAND_IN = "svml_la_avx2"
# As SVML's names are; tanh is what the case makes of it.
FUNCTIONS = """#include <immintrin.h>
#include <stdlib.h>
#define BOTH(name, body) \\
  extern "C" __m256 __svml_##name##f8(__m256 x) { body; return x; } \\
  extern "C" __m256d __svml_##name##4(__m256d x) { body; return x; }
BOTH(exp, ) BOTH(log1p, ) BOTH(expm1, ) BOTH(cdfnorm, )
"""


def run(*command, expected=(0,)):
    result = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    if result.returncode not in expected:
        raise AssertionError(f"{' '.join(command)}: exit code {result.returncode}\n{result.stdout}\n{result.stderr}")
    return result


class Peers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="actbench peers ")
        cls.wheels = os.path.join(cls.folder, "wheels")
        os.mkdir(cls.wheels)
        cls.configure()
        with open(os.path.join(cls.folder, "absent.txt"), encoding="utf-8") as file:
            cls.absent_without_wheels = file.read()
        cls.write_library("")
        cls.configure()
        run(CMAKE, "--build", cls.folder, "--parallel", "2")
        cls.built = [name for name in GLIBC + INSTALLED if os.path.exists(cls.plugin(name))]

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    @classmethod
    def configure(cls):
        wanted = ";".join(GLIBC + INSTALLED + [STAND_IN])
        run(CMAKE, "-S", os.path.join(SOURCE, "peers"), "-B", cls.folder, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release", "-DCMAKE_CXX_FLAGS_RELEASE=-O1",
            f"-DPEERS={wanted}", f"-DPEERS_WHEELS={cls.wheels}")

    @classmethod
    def plugin(cls, name):
        return os.path.join(cls.folder, name + ".so")

    @classmethod
    def write_library(cls, text):
        with open(os.path.join(cls.wheels, "libsvml.so"), "w", encoding="utf-8") as file:
            file.write(text)

    def compile_library(self, text):
        with open(os.path.join(self.folder, "CMakeCache.txt"), encoding="utf-8") as file:
            compiler = re.search(r"^CMAKE_CXX_COMPILER:\w+=(.*)$", file.read(), re.MULTILINE)[1]
        source = os.path.join(self.folder, "stand_in.cpp")
        with open(source, "w", encoding="utf-8") as file:
            file.write(text)
        run(compiler, "-O1", "-mavx2", "-shared", "-fPIC", "-o", os.path.join(self.wheels, "libsvml.so"), source)

    def rows(self, name, *kernels):
        """The table of accuracy by kernel without its last parts, with the sentences about the plug-in."""
        result = run(PROGRAM, "accuracy", *kernels, "--plugin", self.plugin(name), "--backend", name, "--inputs", "3000", "--format",
                     "json", expected=(0, 1))
        rows = {}
        for table in json.loads(result.stdout)["tables"]:
            for row in table["rows"]:
                rows.setdefault("/".join(row["kernel"].split("/")[:3]), row)  # the first table has the errors
        return rows, result.stderr

    def listed(self, name):
        out = run(os.path.join(self.folder, "peers_list"), os.path.join(self.folder, "absent.txt"), self.plugin(name)).stdout
        return next(line for line in out.splitlines() if line.startswith(name))

    def runs_here(self, name):
        row = self.listed(name)
        if "this CPU has no" in row:
            self.skipTest(row)

    def test_all_that_are_found(self):
        print(f"judged: {', '.join(self.built)}; not installed here: {', '.join(n for n in INSTALLED if n not in self.built) or 'none'}")
        self.assertIn("libm", self.built)
        for name in self.built:
            with self.subTest(name):
                row = self.listed(name)
                if "this CPU has no" in row:
                    continue
                self.assertRegex(row, r"\S+ +\S.* [0-9].* [1-9][0-9]* kernels f32")  # name, library, version, kernels
                shown = run(PROGRAM, "list", "--plugin", self.plugin(name), "--backend", name, expected=(0, 1))
                self.assertNotRegex(shown.stderr, "left out|reads|writes|changes|prints")

    def test_functions_are_as_right_as_the_library(self):
        for name in set(self.built) - {"xnnpack"}:
            with self.subTest(name):
                if "this CPU has no" in self.listed(name):
                    continue
                rows, _ = self.rows(name, "tanh,elu,softplus,gelu/forward/f32,f64")
                types = ["f32"] if name == "onednn" else ["f32", "f64"]
                for type_name in types:
                    # oneDNN's elu and softplus are its own, and not right everywhere.
                    for activation in ["tanh"] if name == "onednn" else ["tanh", "elu", "softplus"]:
                        row = rows[f"{activation}/forward/{type_name}"]
                        self.assertLess(row["max_ulp"], 5, row)
                        self.assertGreater(row["max_ulp"], 0.4, row)
                # x/2·(1 + erf) has no tail.
                self.assertGreater(float(rows["gelu/forward/f32"]["max_ulp"]), 1e6)

    def test_parameters_and_rows(self):
        rows, _ = self.rows("libm", "softmax,log_softmax/forward/f32")
        self.assertLess(rows["softmax/forward/f32"]["max_ulp"], 200)
        shown = run(PROGRAM, "eval", "elu", "-1", "--type", "f32", "--param", "alpha=2.5", "--plugin", self.plugin("libm"), "--backend",
                    "libm", "--format", "json", expected=(0, 1)).stdout
        self.assertIn("-1.58030", shown)  # 2.5·(1/e − 1)

    def test_own_operators(self):
        for name, activation in (("onednn", "silu"), ("xnnpack", "sigmoid")):
            if name not in self.built:
                continue
            with self.subTest(name):
                shown = json.loads(run(PROGRAM, "eval", activation, "0.75", "--type", "f32", "--plugin", self.plugin(name), "--backend", name,
                                       "--format", "json", expected=(0, 1)).stdout)
                rows = [row for table in shown["tables"] for row in table["rows"] if name in str(row.get("backend", ""))]
                self.assertTrue(rows, shown)
                self.assertLess(rows[0]["ulp_error"], 4)

    def test_missing(self):
        self.assertIn("svml\tthere is no libsvml.so in", self.absent_without_wheels)
        self.assertIn("mkl_vm\tthere is no libmkl_rt.so in", self.absent_without_wheels)
        self.runs_here(STAND_IN)
        os.remove(os.path.join(self.wheels, "libsvml.so"))
        self.assertRegex(self.listed(STAND_IN), "none: SVML cannot be loaded: .*No such file")
        result = run(PROGRAM, "accuracy", "tanh/forward/f32", "--plugin", self.plugin(STAND_IN), "--backend", STAND_IN, expected=(3,))
        self.assertRegex(result.stderr, "SVML cannot be loaded: .*No such file")

    def test_other_version(self):
        self.runs_here(STAND_IN)
        self.write_library("no library at all, but long enough for a header of one" * 4)
        self.assertRegex(self.listed(STAND_IN), "none: SVML cannot be loaded: .*invalid ELF header")
        self.compile_library(FUNCTIONS)
        self.assertRegex(self.listed(STAND_IN), "none: .*libsvml.so has no __svml_tanhf8")
        result = run(PROGRAM, "accuracy", "tanh/forward/f32", "--plugin", self.plugin(STAND_IN), "--backend", STAND_IN, expected=(3,))
        self.assertIn("has no __svml_tanhf8", result.stderr)

    def test_crash(self):
        self.runs_here(STAND_IN)
        self.compile_library(FUNCTIONS + "BOTH(tanh, abort())")
        rows, said = self.rows(STAND_IN, "tanh,elu/forward/f32")
        self.assertRegex(said, f"tanh/forward/f32/naive/{STAND_IN} calls abort in a call of")
        self.assertEqual(list(rows), ["elu/forward/f32"])
        self.compile_library(FUNCTIONS + "BOTH(tanh, ) namespace { struct Bad { Bad() { abort(); } } bad; }")
        self.assertRegex(self.listed(STAND_IN), "none: loading it ends with: Aborted")


if __name__ == "__main__":
    if os.environ.get("ACTBENCH_EMULATOR"):
        print("the peers are built for the machine that builds them")
        sys.exit(77)
    unittest.main(argv=sys.argv[:1])
