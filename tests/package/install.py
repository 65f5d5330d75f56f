# SPDX-License-Identifier: Apache-2.0
"""An outside project in C and C++ builds and runs with what is installed, by CMake and by pkg-config. What is installed
knows nothing of where it was built. The man page and the completions are there, and work from there."""

import glob
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


def check_pkg_config(prefix, folder):
    """A C and a C++ program, built with nothing but what pkg-config says."""
    if shutil.which("pkg-config") is None:
        print("there is no pkg-config here: its file is not tried out")
        return
    (found,) = glob.glob(os.path.join(prefix, "**", "actbench.pc"), recursive=True)
    os.environ["PKG_CONFIG_PATH"] = os.path.dirname(found)
    with open(os.path.join(SOURCE, "CMakeLists.txt"), encoding="utf-8") as file:
        version = re.search(r"^project\(actbench VERSION ([0-9.]+)", file.read(), re.MULTILINE)[1]
    if run("pkg-config", "--modversion", "actbench").strip() != version:
        sys.exit(f"pkg-config does not say that this is version {version}")
    flags = shlex.split(run("pkg-config", "--cflags", "--libs", "actbench"))
    if cached("BUILD_SHARED_LIBS") == "ON":
        flags.append(f"-Wl,-rpath,{os.path.dirname(os.path.dirname(found))}")
    for language, source, standard, says in (("C", "main.c", "-std=c11", "-2 0 4"),
                                             ("CXX", "main.cpp", "-std=c++20", "tanh(1)")):
        (configured,) = glob.glob(os.path.join(BUILD, "CMakeFiles", "*", f"CMake{language}Compiler.cmake"))
        with open(configured, encoding="utf-8") as file:
            compiler = re.search(rf'^set\(CMAKE_{language}_COMPILER "(.*)"\)$', file.read(), re.MULTILINE)[1]
        own = shlex.split(cached(f"CMAKE_{language}_FLAGS"))
        if cached("ACTBENCH_THREAD_SANITIZER") == "ON":
            own.append("-fsanitize=thread")
        program = os.path.join(folder, f"by_pkg_config_{language}")
        run(compiler, standard, *own, os.path.join(SOURCE, "tests", "package", source), *flags, "-o", program)
        if says not in run(*EMULATOR, program):
            sys.exit(f"{source}, built by pkg-config, did not say what it computed")


def check_shells(prefix):
    """The man page and the completions; a build without Python has none, but then there is no test either."""
    share = os.path.join(prefix, "share")
    with open(os.path.join(share, "man", "man1", "actbench.1"), encoding="utf-8") as file:
        if "\n.SS actbench accuracy " not in file.read():
            sys.exit("the man page does not have the command accuracy")
    for path in ("zsh/site-functions/_actbench", "fish/vendor_completions.d/actbench.fish"):
        with open(os.path.join(share, path), encoding="utf-8") as file:
            if "every-backend" not in file.read():
                sys.exit(f"{path} does not complete --every-backend")
    completion = os.path.join(share, "bash-completion", "completions", "actbench")
    script = 'source "$0"; COMP_WORDS=(actbench eval softpl); COMP_CWORD=2; _actbench; echo "${COMPREPLY[@]}"'
    if run("bash", "--norc", "-c", script, completion).split() != ["softplus"]:
        sys.exit("bash does not complete softplus")


def main():
    with tempfile.TemporaryDirectory() as folder:
        first = os.path.join(folder, "first")
        run(CMAKE, "--install", BUILD, "--prefix", first)
        # The package is to work wherever it is moved.
        prefix = os.path.join(folder, "moved")
        shutil.move(first, prefix)

        for path in ("include/actbench/kernels.hpp", "include/actbench/actbench.h",
                     "include/actbench/plugin.h", "bin/actbench",
                     "share/doc/actbench/LICENSE", "share/actbench/schemas/tables.schema.json"):
            if not os.path.exists(os.path.join(prefix, path)):
                sys.exit(f"{path} was not installed")
        for where, _, files in os.walk(prefix):
            for name in files:
                if not name.endswith((".cmake", ".h", ".hpp", ".pc", ".1", "actbench.fish")):
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
        examples = os.path.join(folder, "examples")
        run(CMAKE, "-S", os.path.join(SOURCE, "examples"), "-B", examples, "-G", cached("CMAKE_GENERATOR"),
            f"-DCMAKE_PREFIX_PATH={prefix}", *options)
        run(CMAKE, "--build", examples)
        if "relu/forward/f32/accurate/mine" not in run(*EMULATOR, os.path.join(prefix, "bin", "actbench"), "list", "--plugin",
                                                       os.path.join(examples, "mine.so"), "--format", "md"):
            sys.exit("the installed program does not list the plug-in mine")
        check_pkg_config(prefix, folder)
        check_shells(prefix)


if __name__ == "__main__":
    sys.exit(main())
