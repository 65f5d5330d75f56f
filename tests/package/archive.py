# SPDX-License-Identifier: Apache-2.0
"""The packages of cpack: the archive runs where it is unpacked, with the libraries that it brings along; Debian's
package names the libraries that it needs. Both have a program, a library that the gate can compare, and documents."""

import glob
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile

BUILD = os.environ["ACTBENCH_BUILD_DIR"]
CPACK = os.path.join(os.path.dirname(os.environ["CMAKE_COMMAND"]), "cpack")
# Everywhere, or of the compiler.
EVERYWHERE = r"linux-vdso|ld-linux|lib(c|m|stdc\+\+|gcc_s)\.so"


def run(*command):
    print("+", *command, flush=True)
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
                          env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"})
    if done.returncode != 0:
        sys.exit(f"failed with {done.returncode}: {' '.join(command)}\n{done.stdout}")
    return done.stdout


def expect(found, what, text):
    if not found:
        sys.exit(f"{what}\n{text}")


def check_archive(archive, folder):
    with tarfile.open(archive) as opened:
        opened.extractall(folder)
    (root,) = glob.glob(os.path.join(folder, "actbench-*", ""))
    program = os.path.join(root, "bin", "actbench")
    libraries = run("ldd", program)
    for line in libraries.splitlines():
        expect(re.search(EVERYWHERE, line) or "/lib/actbench/" in line, f"not brought along: {line}", libraries)
    expect("-5.5" in run(program, "eval", "gelu", "-5.5"), "eval says nothing", "")
    same = run(program, "check", "gelu/forward/f16/fast/scalar", "--only", "speed", "--base", root)
    expect("1 kernel was not timed, as" in same, "the gate does not know its own library again", same)


def check_debian(package):
    said = run("dpkg-deb", "--field", package)
    for library in ("libmpfr6", "libc6", "libstdc++6"):
        expect(re.search(rf"^Depends:.*\b{re.escape(library)} ", said, re.MULTILINE), f"does not need {library}", said)
    files = run("dpkg-deb", "--contents", package)
    for path in ("bin/actbench", "lib/libactbench_kernels_c.so", "include/actbench/actbench.h",
                 "share/doc/actbench/copyright", "share/man/man1/actbench.1.gz",
                 "share/bash-completion/completions/actbench"):
        expect(f" ./usr/{path}\n" in files, f"{path} is missing", files)


def main():
    with open(os.path.join(BUILD, "CMakeCache.txt"), encoding="utf-8") as file:
        cache = file.read()
    other = r"-fsanitize|--coverage|_SANITIZER:BOOL=ON|SHARED_LIBS:\w+=ON"
    if os.environ.get("ACTBENCH_EMULATOR") or re.search(other, cache):
        print("skipped: packages are made for this processor, without sanitizers and with static libraries")
        return 77
    generators = ["TGZ"] + (["DEB"] if shutil.which("dpkg-shlibdeps") else [])
    with tempfile.TemporaryDirectory() as folder:
        run(CPACK, "--config", os.path.join(BUILD, "CPackConfig.cmake"), "-G", ";".join(generators), "-B", folder,
            "-D", "CPACK_DEBIAN_COMPRESSION_TYPE=none")  # which takes longest
        check_archive(*glob.glob(os.path.join(folder, "*.tar.gz")), os.path.join(folder, "a place"))
        if "DEB" in generators:
            check_debian(*glob.glob(os.path.join(folder, "*.deb")))
    return 0


if __name__ == "__main__":
    sys.exit(main())
