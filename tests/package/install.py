# SPDX-License-Identifier: Apache-2.0
"""An outside project in C and C++ builds and runs with the installed package, which knows nothing of where it was built."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

BUILD = os.environ["ACTBENCH_BUILD_DIR"]
SOURCE = os.environ["ACTBENCH_SOURCE_DIR"]
CMAKE = os.environ["CMAKE_COMMAND"]
EMULATOR = shlex.split(os.environ.get("ACTBENCH_EMULATOR", ""))  # of a processor that this machine does not have


def run(*command):
    print("+", *command, flush=True)
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    print(done.stdout, end="", flush=True)
    if done.returncode != 0:
        sys.exit(f"failed with {done.returncode}: {' '.join(command)}")
    return done.stdout


def cached(name):
    """A variable of the build's cache: the outside project takes the same compilers, sanitizers and generator."""
    with open(os.path.join(BUILD, "CMakeCache.txt"), encoding="utf-8") as file:
        found = re.search(rf"^{name}:\w+=(.*)$", file.read(), re.MULTILINE)
    return found.group(1) if found else ""


def main():
    with tempfile.TemporaryDirectory() as folder:
        first = os.path.join(folder, "first")
        run(CMAKE, "--install", BUILD, "--prefix", first)
        # The package is to work wherever it is moved.
        prefix = os.path.join(folder, "moved")
        shutil.move(first, prefix)

        for path in ("include/actbench/kernels.hpp", "include/actbench/actbench.h", "bin/actbench"):
            if not os.path.exists(os.path.join(prefix, path)):
                sys.exit(f"{path} was not installed")
        for where, _, files in os.walk(prefix):
            for name in files:
                if not name.endswith((".cmake", ".h", ".hpp")):
                    continue
                with open(os.path.join(where, name), encoding="utf-8") as file:
                    text = file.read()
                for foreign in (BUILD, SOURCE, first):
                    if foreign in text:
                        sys.exit(f"{name} names {foreign}")

        outside = os.path.join(folder, "outside")
        options = [f"-D{name}={cached(name)}" for name in
                   ("CMAKE_C_COMPILER", "CMAKE_CXX_COMPILER", "CMAKE_C_FLAGS", "CMAKE_CXX_FLAGS", "CMAKE_BUILD_TYPE")]
        if cached("CMAKE_TOOLCHAIN_FILE"):
            options.append(f"-DCMAKE_TOOLCHAIN_FILE={cached('CMAKE_TOOLCHAIN_FILE')}")
        if cached("ACTBENCH_THREAD_SANITIZER") == "ON":
            options.append("-DCMAKE_EXE_LINKER_FLAGS=-fsanitize=thread")
        run(CMAKE, "-S", os.path.join(SOURCE, "tests", "package"), "-B", outside, "-G", cached("CMAKE_GENERATOR"),
            f"-DCMAKE_PREFIX_PATH={prefix}", *options)
        run(CMAKE, "--build", outside)
        if "tanh(1)" not in run(*EMULATOR, os.path.join(outside, "outside_cpp")):
            sys.exit("outside_cpp did not say what it computed")
        if "-2 0 4" not in run(*EMULATOR, os.path.join(outside, "outside_c")):
            sys.exit("outside_c did not say what it computed")


if __name__ == "__main__":
    sys.exit(main())
