# SPDX-License-Identifier: Apache-2.0
"""scripts/ports finds the loop that a kernel spends its time in, and says of it what llvm-mca says."""

import importlib.machinery
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import unittest

SCRIPT = os.path.join(os.environ["ACTBENCH_SOURCE_DIR"], "scripts", "ports")
BUILD = os.environ["ACTBENCH_BUILD_DIR"]

# An outer loop, in it a loop that looks ahead, and the one that works; a place out of line that comes back into it; one that calls.
CODE = """
0 vmovups (%rax),%zmm0
4 vmaxps (%rdi),%zmm0,%zmm0
8 jb 4
10 vmovups (%rdi),%zmm1
14 vfmadd132ps %zmm2,%zmm3,%zmm1
18 vdivps %zmm1,%zmm3,%zmm1
1c vmovups %zmm1,(%rsi)
20 jne 40
24 jae 10
28 jmp 0
2c ret
40 call 100
44 vmulps %zmm2,%zmm3,%zmm4
48 vmulps %zmm2,%zmm3,%zmm4
4c vmovups %zmm4,(%rsi)
50 jmp 24
"""


def script():
    loader = importlib.machinery.SourceFileLoader("ports", SCRIPT)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("ports", loader))
    loader.exec_module(module)
    return module


def run(*arguments):
    return subprocess.run([sys.executable, "-B", SCRIPT, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
                          check=False, env={**os.environ, "PYTHONIOENCODING": "utf-8"})


class Ports(unittest.TestCase):
    def setUp(self):
        sys.dont_write_bytecode = True
        self.ports = script()

    def code(self):
        lines = (line.split(" ", 1) for line in CODE.strip().splitlines())
        return [(int(address, 16), instruction) for address, instruction in lines]

    def test_the_loop_that_works_is_found(self):
        found = list(self.ports.loops(self.code()))
        self.assertEqual(len(found), 1)
        self.assertEqual(found[0], [instruction for address, instruction in self.code() if 0x10 <= address <= 0x24])
        self.assertEqual(self.ports.count(found[0], self.ports.ARITHMETIC), 2)

    def test_a_loop_that_calls_or_stores_nothing_is_not(self):
        self.assertEqual(list(self.ports.loops([(0, "vmulps %zmm2,%zmm3,%zmm4"), (4, "jmp 0")])), [])
        self.assertEqual(list(self.ports.loops([(0, "vmovups %zmm4,(%rsi)"), (2, "call 100"), (4, "jmp 0")])), [])

    def test_what_goes_to_the_stack_is_no_result(self):
        for store, results in (("vmovups %zmm4,(%rsi)", 1), ("vmovaps %ymm4,-0x40(%rbp,%rax,4)", 1), ("vmovups %zmm1,0x40(%rdx)", 1),
                               ("vmovaps %zmm4,-0x40(%rbp)", 0), ("vmovaps %ymm14,0x20(%rsp)", 0), ("vmovaps %ymm1,(%rsp)", 0)):
            self.assertEqual(self.ports.count([store], self.ports.STORE), results, store)

    def test_jumps_go_to_a_label(self):
        self.assertEqual(self.ports.assembly(["jne 40", "jmp 10"]), ".Lhere:\njne .Lhere\njmp .Lhere\n")

    @unittest.skipUnless(shutil.which("llvm-mca") and shutil.which("objdump"), "there is no llvm-mca here (apt-get install llvm)")
    def test_models_are_asked(self):
        body = next(self.ports.loops(self.code()))
        uops, least, flight, busiest = self.ports.ports(shutil.which("llvm-mca"), body, "skylake-avx512")
        self.assertGreaterEqual(uops, 6)
        self.assertGreaterEqual(least, 8)  # a quotient of 512 bits
        self.assertGreaterEqual(flight, least)
        self.assertEqual(busiest, sorted(busiest, key=lambda item: -item[1]))
        self.assertIsNone(self.ports.ports(shutil.which("llvm-mca"), body, "z80"))

    @unittest.skipUnless(shutil.which("llvm-mca") and shutil.which("objdump"), "there is no llvm-mca here (apt-get install llvm)")
    def test_kernels(self):
        objects = [os.path.join(BUILD, "kernels", "CMakeFiles", f"actbench_{b}.dir", b, "sigmoid.cpp.o") for b in ("avx512", "avx2")]
        if not all(map(os.path.exists, objects)):
            self.skipTest("this build has no objects for AVX-512 and AVX2")
        with open(os.path.join(BUILD, "CMakeCache.txt"), encoding="utf-8") as file:
            cache = file.read()
        if "CMAKE_BUILD_TYPE:STRING=Release\n" not in cache or "ACTBENCH_THREAD_SANITIZER:BOOL=ON" in cache:
            self.skipTest("this build's loops are not those of a release")
        result = run("--build", BUILD, "--cpu", "skylake-avx512", "sigmoid")
        self.assertEqual(result.returncode, 0, result.stderr)
        rows = re.findall(r"^\| sigmoid \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|", result.stdout, re.MULTILINE)
        # One quotient a register, of 16 and of 8 numbers, and more products and sums than that.
        self.assertEqual([int(elements) / int(divisions) for _, _, divisions, elements in rows], [16, 8], result.stdout)
        for instructions, arithmetic, divisions, _ in rows:
            self.assertTrue(5 * int(divisions) <= int(arithmetic) < int(instructions) < 300, result.stdout)

    def test_what_there_is_not(self):
        if not shutil.which("objdump") or self.ports.newest_mca() is None:
            self.skipTest("there is no llvm-mca here (apt-get install llvm)")
        result = run("--build", os.path.join(BUILD, "nowhere"))
        self.assertEqual((result.returncode, result.stdout), (3, ""))
        self.assertIn("there is no build in", result.stderr)
        if os.path.isdir(os.path.join(BUILD, "kernels")):
            result = run("--build", BUILD, "sigmoidal")
            self.assertEqual((result.returncode, result.stdout), (2, ""))
            self.assertIn("sigmoidal.cpp.o", result.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
