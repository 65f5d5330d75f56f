# SPDX-License-Identifier: Apache-2.0
"""A user's flags change no result: those that would are refused with a sentence that names them, the rest reach no kernel."""

import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
import unittest

SOURCE, CMAKE = os.environ["ACTBENCH_SOURCE_DIR"], os.environ["CMAKE_COMMAND"]
CHANGE_RESULTS = ["-ffast-math", "-Ofast", "-funsafe-math-optimizations", "-fassociative-math", "-freciprocal-math",
                  "-ffinite-math-only", "-fno-signed-zeros", "-mfpmath=387", "-mfpmath=sse,387", "-mrecip", "-m32", "-mpc64",
                  "-fsingle-precision-constant"]
INSTRUCTION_SETS = ["-mavx", "-mavx2", "-mavx512f", "-mfma", "-mf16c", "-msse4.2", "-mavx512vl"]


def compiler():
    """That of this build."""
    with open(os.path.join(os.environ["ACTBENCH_BUILD_DIR"], "CMakeCache.txt"), encoding="utf-8") as file:
        return re.search(r"^CMAKE_CXX_COMPILER:\w+=(.*)$", file.read(), re.MULTILINE)[1]


def configure(folder, *options, cxxflags=None, source=SOURCE):
    environment = {k: v for k, v in os.environ.items() if k not in ("CXXFLAGS", "CFLAGS", "LDFLAGS", "CXX")}
    if cxxflags:
        environment["CXXFLAGS"] = cxxflags
    return subprocess.run([CMAKE, "-S", source, "-B", folder, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release", "-DACTBENCH_CUDA=OFF",
                           "-DACTBENCH_PROGRAM=OFF", "-DBUILD_TESTING=OFF", f"-DCMAKE_CXX_COMPILER={compiler()}", *options],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, check=False)


class Flags(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.assertEqual(configure(self.folder.name).returncode, 0)

    def refused(self, name, flag, *options):
        result = configure(self.folder.name, *options)
        said = " ".join(result.stderr.split())
        self.assertNotEqual(result.returncode, 0, (options, said))
        self.assertIn(f"{name} has {flag}, ", said)
        self.assertIn("leave it out", said)

    def commands(self, *options):
        """The compiler's arguments by source, such as avx2/gelu.cpp, with these options."""
        result = configure(self.folder.name, *options)
        self.assertEqual(result.returncode, 0, result.stderr)
        with open(os.path.join(self.folder.name, "compile_commands.json"), encoding="utf-8") as file:
            return {"/".join(c["file"].split("/")[-2:]): shlex.split(c["command"]) for c in json.load(file)}

    def test_what_changes_results_is_refused(self):
        for flag in CHANGE_RESULTS:
            self.refused("CMAKE_CXX_FLAGS", flag, f"-DCMAKE_CXX_FLAGS=-g {flag} -pipe")

    def test_instruction_sets_are_refused(self):
        for flag in INSTRUCTION_SETS:
            self.refused("CMAKE_CXX_FLAGS", flag, f"-DCMAKE_CXX_FLAGS={flag}")

    def test_wherever_they_are(self):
        for name in ("CMAKE_C_FLAGS", "CMAKE_CXX_FLAGS_RELEASE", "CMAKE_EXE_LINKER_FLAGS", "CMAKE_SHARED_LINKER_FLAGS"):
            self.refused(name, "-ffast-math", f"-D{name}=-ffast-math", "-DCMAKE_CXX_FLAGS=")
            configure(self.folder.name, f"-U{name}")

    def test_in_the_environment(self):
        with tempfile.TemporaryDirectory() as folder:
            result = configure(folder, cxxflags="-Ofast")
        self.assertIn("CMAKE_CXX_FLAGS has -Ofast, ", " ".join(result.stderr.split()))

    def test_as_part_of_another_project(self):
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "CMakeLists.txt"), "w", encoding="utf-8") as file:
                file.write(f"""cmake_minimum_required(VERSION 3.25)
project(user LANGUAGES C CXX)
add_compile_options(-O2 -ffast-math)
add_subdirectory("{SOURCE}" actbench)
""")
            result = configure(os.path.join(folder, "build"), source=folder)
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("add_compile_options or add_link_options has -ffast-math, ", " ".join(result.stderr.split()))

    def test_the_rest_reaches_no_kernel(self):
        """What follows a user's flags takes their effect back, for whatever is compiled for an instruction set."""
        plain = self.commands()
        user = "-march=native -flto -O0 -ffp-contract=fast"
        theirs = self.commands(f"-DCMAKE_CXX_FLAGS={user}", "-DCMAKE_INTERPROCEDURAL_OPTIMIZATION=ON")
        self.assertEqual(list(plain), list(theirs))
        kernels = 0
        for source, command in theirs.items():
            contract = [argument for argument in command if argument.startswith("-ffp-contract")]
            self.assertEqual((contract[0], contract[-1]), ("-ffp-contract=fast", "-ffp-contract=off"), source)
            if not re.match("(scalar|baseline|avx2|avx512)/", source):
                continue
            kernels += 1
            last = {kind: [argument for argument in command if argument.startswith(kind)][-1] for kind in ("-O", "-march")}
            self.assertEqual(last, {"-O": "-O3", "-march": "-march=x86-64"}, source)
            self.assertEqual([argument for argument in command if "lto" in argument], ["-flto", "-fno-lto"], source)
            place = command.index("-march=native")
            self.assertEqual(command[:place] + command[place + 4:], plain[source], "and nothing else differs")
        self.assertGreater(kernels, 100)

    def test_a_build_for_this_machine_alone_has_what_runs_here(self):
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            features = set(re.search(r"^(?:flags|Features)\s*:(.*)$", file.read(), re.MULTILINE)[1].split())
        needed = {"avx2": {"avx2", "fma", "f16c"}, "avx512": {"avx512f", "avx512dq", "avx512bw", "avx512vl"}}
        x86 = any(source.startswith("baseline/") for source in self.commands())
        expected = {"scalar" if "fma" in features or not x86 else "baseline"} | {isa for isa, of in needed.items() if of <= features}
        kept = self.commands("-DACTBENCH_HERE_ONLY=ON")
        kinds = re.compile("(scalar|baseline|avx2|avx512)/")
        self.assertEqual({kinds.match(source)[1] for source in kept if kinds.match(source)}, expected)

    def test_results_are_the_same(self):
        """Not by what the flags are called: the machine code itself."""
        for source in ("avx2/gelu.cpp", "scalar/softmax.cpp"):
            code = []
            for flags in ("", "-march=native -flto -ffp-contract=fast -O0"):
                command = self.commands(f"-DCMAKE_CXX_FLAGS={flags}")[source]
                output = os.path.join(self.folder.name, "one.o")
                command[command.index("-o") + 1] = output
                subprocess.run(command, cwd=self.folder.name, check=True)
                listed = subprocess.run(["objdump", "--disassemble", "--reloc", "--no-show-raw-insn", output], stdout=subprocess.PIPE,
                                        text=True, check=True).stdout
                code.append(listed)
            self.assertIn("ret", code[0])
            self.assertEqual(code[0], code[1], source)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
