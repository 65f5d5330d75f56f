# SPDX-License-Identifier: Apache-2.0
"""Every script where each tool is missing that it can do without, and each that it cannot: it goes on, or says in one sentence
what is missing, and exits with 3.

The scripts run in a copy of their folder, in a path with a space, with a PATH that has everything but the tool in question.
What would take long or change the system, such as cmake and apt-get, is acted by a stand-in that writes down how it was called.
"""

import contextlib
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import unittest

SOURCE = os.environ["ACTBENCH_SOURCE_DIR"]
SYSTEM = ("/usr/sbin", "/usr/bin", "/sbin", "/bin")
# What the machine may have or not have, so that each test says itself what is there.
STAND_INS = ("apt-get", "clang-format", "clang-format-14", "cmake", "ctest", "ccache", "debootstrap", "dpkg-query", "gcovr", "ninja",
             "nvcc", "nvidia-smi", "run-clang-tidy-14", "sudo", "c++", "g++", "unshare", "mount", "chroot")

RECORD = '#!/bin/bash\nprintf "%s\\n" "$(basename "$0") $*" >>"$RECORD"\n'
PROGRAM = """#!/bin/bash
case $* in
  --help) printf 'Subcommands:\\n'; for i in a b c d e f g h i j k l m n o p q r; do echo "  $i  x"; done; echo ;;
  report*) mkdir -p "${@: -1}"; echo fine >"${@: -1}/summary.md"; echo fine ;;
  "${BROKEN:-nothing}"*) echo wrong >&2; exit 1 ;;
  *) echo fine ;;
esac
"""
# Configuring makes the folder, and building makes the program.
CMAKE = RECORD + f"""
[[ $1 == --preset ]] && mkdir -p "build/$2/bench" && cat >"build/$2/bench/actbench" <<'END' && chmod +x "build/$2/bench/actbench"
{PROGRAM}
END
exit 0
"""
INSTALLED = RECORD + "echo 'install ok installed'\n"

# Stands for actbench compare.
PROGRAM_THAT_COMPARES = r"""#!/bin/bash
if [[ $1 == --version ]]; then echo "actbench 9.9"; exit; fi
printf '### %s in %s turns\n\n' "$2" "$TURNS"
printf 'word %.0s' {1..100}
while (($#)); do
  if [[ $1 == --svg ]]; then echo "<svg/>" >"$2"; fi
  if [[ $1 == --csv ]]; then
    printf '%s\n' cpu,tier,backend,max_ulp,ns_l2,over_ours_l2,over_ours_low_l2,over_ours_high_l2 \
      "a CPU,fast,avx2,4,2,1,1,1" "a CPU,naive,slow,7,3,1.5,1.4,1.6" "a CPU,naive,quick,inf,1,0.5,0.4,0.6" >"$2"
  fi
  shift
done
"""


class Scripts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.machine = tempfile.mkdtemp(prefix="actbench machine ")
        os.chmod(cls.machine, 0o755)
        for path in SYSTEM:
            for name in os.listdir(path):
                if name not in STAND_INS and not os.path.lexists(os.path.join(cls.machine, name)):
                    os.symlink(os.path.join(path, name), os.path.join(cls.machine, name))

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.machine)

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="actbench scripts ")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        os.chmod(self.folder, 0o755)
        self.tree = os.path.join(self.folder, "a tree")
        shutil.copytree(os.path.join(SOURCE, "scripts"), os.path.join(self.tree, "scripts"))
        shutil.copy(os.path.join(SOURCE, "CMakePresets.json"), self.tree)
        for name in ("bench", "examples", "kernels", "peers", "python", "reference", "reports", "tests"):
            os.mkdir(os.path.join(self.tree, name))
        with open(os.path.join(self.tree, "bench", "one.cpp"), "w", encoding="utf-8") as file:
            file.write("int one;\n")
        self.tools, self.record = os.path.join(self.folder, "tools"), os.path.join(self.folder, "record")
        os.mkdir(self.tools)
        self.tool("cmake", CMAKE)
        self.tool("ninja")
        self.tool("ctest")
        self.tool("dpkg-query", INSTALLED)
        self.tool("apt-get")

    def tool(self, name, text=RECORD):
        path = os.path.join(self.tools, name)
        if os.path.lexists(path):
            os.remove(path)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, 0o755)

    @contextlib.contextmanager
    def without(self, *names):
        """Whether they were there or not."""
        away = [(os.path.join(folder, name), os.path.join(folder, "." + name)) for folder in (self.tools, self.machine) for name in names
                if os.path.lexists(os.path.join(folder, name))]
        for here, there in away:
            os.rename(here, there)
        try:
            yield
        finally:
            for here, there in away:
                os.rename(there, here)

    def run_script(self, name, *arguments, user=None, path=None, **environment):
        """The exit code, and what it said; what the stand-ins were called with is in self.calls."""
        if os.path.exists(self.record):
            os.remove(self.record)
        result = subprocess.run(
            ["/bin/bash", path or os.path.join(self.tree, "scripts", name), *arguments],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False, timeout=600,
            cwd="/", user=user, umask=0o077 if user is None else -1,
            env={"PATH": f"{self.tools}:{self.machine}", "HOME": "/nonexistent", "RECORD": self.record, **environment})
        self.calls = []
        if os.path.exists(self.record):
            with open(self.record, encoding="utf-8") as file:
                self.calls = file.read().splitlines()
        self.said = result.stderr
        return result.returncode

    def passes(self, *arguments, **options):
        self.assertEqual(self.run_script(*arguments, **options), 0, self.said)
        self.assertNotIn("not found", self.said)
        self.assertNotIn("unbound", self.said)

    def lacks(self, pattern, *arguments, **options):
        self.assertEqual(self.run_script(*arguments, **options), 3, self.said)
        self.assertRegex(self.said, rf"(?m)^== .*{pattern}")
        self.assertNotIn("command not found", self.said)

    def configured(self):
        return next(call for call in self.calls if call.startswith("cmake --preset"))

    # ---- scripts/test

    def test_tests_run_without_what_is_optional(self):
        for missing in ((), ("git",), ("nproc",), ("nproc", "getconf"), ("dpkg-query",), ("apt-get",), ("clang-format-14",), ("git", "sudo")):
            with self.subTest(missing=missing), self.without(*missing):
                self.passes("test", "-R", "kernels")
                self.assertRegex(self.calls[-1], r"\Actest --test-dir build/release --output-on-failure --parallel [1-9]\d* -R kernels\Z")
                self.assertNotIn("CUDA", self.configured())
                self.assertNotIn("WARNINGS", self.configured())
                self.assertFalse([call for call in self.calls if call.startswith("apt-get")], "nothing is missing")

    def test_tests_need_a_build_system(self):
        for name in ("cmake", "ninja"):
            with self.subTest(name), self.without(name):
                self.lacks(f"there is no {name} here", "test")

    def test_cuda_is_compiled_where_there_is_a_toolkit_that_can(self):
        for says, code, on in (("release 13.0, V13.0.1", 0, True), ("release 14.2, V", 0, True), ("release 12.9, V", 0, False),
                               ("", 0, False), ("nothing works here", 1, False)):
            self.tool("nvcc", f"#!/bin/bash\necho 'Cuda compilation tools, {says}'\nexit {code}\n")
            self.passes("test")
            self.assertEqual("-DACTBENCH_CUDA=ON" in self.configured(), on, says)
            self.passes("test", PRESET="dev")
            self.assertEqual("-DACTBENCH_CUDA=ON" in self.configured(), on, says)
            self.passes("test", PRESET="asan")
            self.assertNotIn("CUDA", self.configured())

    def test_another_clang_format_checks_nothing(self):
        self.tool("clang-format", "#!/bin/bash\n[[ $1 == --version ]] && echo clang-format version 19.1.7 && exit\nexit 1\n")
        self.passes("test")
        self.assertIn("the format is not checked", self.said)
        self.tool("clang-format-14", "#!/bin/bash\n[[ $1 == --version ]] && echo clang-format version 14.0.6 && exit\nexit 1\n")
        self.assertNotEqual(self.run_script("test"), 0)
        self.assertFalse([call for call in self.calls if not call.startswith("dpkg-query")])

    # ---- packages

    def test_missing_packages_are_installed(self):
        self.tool("dpkg-query", RECORD + "[[ $* == *fmt* ]] || echo 'install ok installed'\n")
        if os.geteuid() == 0:
            self.passes("run")
            self.assertRegex("\n".join(self.calls), r"apt-get update -qq\napt-get install -qq .* libfmt-dev\n")
            self.tool("apt-get", RECORD + "[[ $1 == update ]]\n")
            self.lacks("apt-get could not install: libfmt-dev", "run")
            # Another one that installs is waited for.
            self.tool("sleep")
            self.tool("apt-get", RECORD + "[[ $1 == install || $(grep -c update \"$RECORD\") -ge 3 ]] || {\n"
                      "  echo 'E: Could not get lock /var/lib/apt/lists/lock' >&2; exit 100; }\n")
            self.passes("run")
            self.assertEqual(sum(call.startswith("apt-get update") for call in self.calls), 3)
        user = 65534 if os.geteuid() == 0 else None
        self.tool("apt-get")
        self.lacks("apt-get install --no-install-recommends libfmt-dev", "run", user=user)
        self.tool("sudo", "#!/bin/bash\necho 'sudo: a terminal is required to read the password' >&2\nexit 1\n")
        self.lacks("apt-get could not install: libfmt-dev", "run", user=user)

    # ---- the others

    def test_reports(self):
        report = os.path.join(self.folder, "a report")
        with self.without("git", "nproc", "nvcc", "apt-get"):
            self.passes("run", "--out", report)
        self.assertTrue(os.path.exists(os.path.join(report, "summary.md")))
        self.passes("run", PRESET="dev")
        # The first build leaves out what the report does not need. Tests have all of it, and then so have later reports.
        self.assertIn("cmake --preset dev -DACTBENCH_HERE_ONLY=ON -DBUILD_TESTING=OFF", self.calls)
        with open(os.path.join(self.tree, "build", "dev", "CMakeCache.txt"), "w", encoding="utf-8"):
            pass
        self.passes("run", PRESET="dev")
        self.assertIn("cmake --preset dev", self.calls)
        self.passes("test", PRESET="dev")
        self.assertIn("-DBUILD_TESTING=ON -DACTBENCH_HERE_ONLY=OFF", self.configured())

    def test_a_report_takes_20_seconds_unless_told_otherwise(self):
        told = os.path.join(self.folder, "told")
        self.tool("cmake", CMAKE.replace("#!/bin/bash\ncase", f"#!/bin/bash\nprintf '%s\\n' \"$*\" >'{told}'\ncase"))
        for arguments, expected in (((), "report --within 20s --out report"), (("--within", "5m"), "report --within 5m --out report"),
                                    (("--within=5m", "gelu"), "report --within=5m gelu --out report"), (("--full",), "report --full --out report"),
                                    (("--quick",), "report --quick --out report")):
            self.passes("run", *arguments)
            with open(told, encoding="utf-8") as file:
                self.assertEqual(file.read(), expected + "\n")

    def test_smoke(self):
        self.passes("smoke")
        self.assertIn("every command works", self.said)
        self.tool("c++")
        self.passes("smoke")
        self.assertTrue(any(call.startswith("c++ -O2 -shared -fPIC") for call in self.calls), self.calls)
        for command in ("eval softmax", "k --help", "doctor"):
            self.assertEqual(self.run_script("smoke", BROKEN=command), 1)
            self.assertIn(f"actbench {command}", self.said)

    def test_format(self):
        self.passes("format", "--check")
        self.lacks("no clang-format 14 here", "format")

    def test_lint_and_coverage(self):
        self.lacks("there is no run-clang-tidy-14 here", "lint")
        self.lacks("there is no gcovr here", "coverage")
        self.tool("gcovr")
        self.passes("coverage")

    def test_check(self):
        self.lacks("this is no git repository", "check", "main")
        git = ["git", "-C", self.tree, "-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]
        if shutil.which("git"):
            with open(os.path.join(self.tree, "kernels", "CMakeLists.txt"), "w", encoding="utf-8") as file:
                file.write("actbench_kernels_c\n")
            for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "all"]):
                subprocess.run(git + command, check=True, stdout=subprocess.DEVNULL)
            # The stand-in for CMake writes no cache, from which the compiler is taken.
            self.tool("cmake", CMAKE.replace("exit 0", "touch \"build/$2/CMakeCache.txt\" 2>/dev/null\nexit 0"))
            self.passes("check", "HEAD")
            self.assertNotIn("LAUNCHER", self.configured())
            self.tool("ccache", f"#!/bin/bash\necho '{self.folder}/a cache'\n")
            self.passes("check", "HEAD")
            self.assertIn("-DCMAKE_CXX_COMPILER_LAUNCHER=ccache", self.configured())
            for unusable in ("exit 1", "echo /proc/cache"):
                self.tool("ccache", f"#!/bin/bash\n{unusable}\n")
                self.passes("check", "HEAD")
                self.assertNotIn("LAUNCHER", self.configured())
        with self.without("git"):
            self.lacks("there is no git here", "check", "HEAD")

    def test_fresh(self):
        for arguments in ((), ("Trixie",), ("trixie", "dance"), ("../etc", "run")):
            self.assertEqual(self.run_script("fresh", *arguments), 2)
            self.assertIn("scripts/fresh SUITE", self.said)
        if os.geteuid() != 0:
            self.lacks("takes root", "fresh", "trixie")
            return
        self.lacks("takes root", "fresh", "trixie", user=65534)
        self.lacks("that takes debootstrap", "fresh", "trixie")
        self.tool("debootstrap", RECORD + "echo 'E: Failed getting release file' >&2\nexit 1\n")
        for name in ("unshare", "chroot", "mount"):
            self.lacks(f"that takes {name}", "fresh", "trixie")
            self.tool(name, '#!/bin/bash\nwhile [[ $1 == --* ]]; do shift; done\nexec "$@"\n')
        cache = os.path.join(self.folder, "a cache")
        self.lacks("debootstrap could not make it: E: Failed getting release file", "fresh", "trixie", FRESH_CACHE=cache)
        self.assertEqual(os.listdir(cache), [], "nothing is left behind")
        self.tool("unshare", "#!/bin/bash\nexit 1\n")
        self.lacks("nothing may be mounted", "fresh", "trixie", FRESH_CACHE=cache)

    def test_ci(self):
        """What runs on every change: goes on where no fresh system can be had, and fails where one fails."""
        os.mkdir(os.path.join(self.tree, ".ci"))
        run = shutil.copy(os.path.join(SOURCE, ".ci", "run"), os.path.join(self.tree, ".ci"))
        fresh = os.path.join(self.tree, "scripts", "fresh")
        self.passes("run", path=run)
        self.assertRegex(self.said, "no fresh trixie here: that takes debootstrap|no fresh trixie here: making one takes root")
        self.assertTrue([call for call in self.calls if call.startswith("ctest --test-dir build/dev")])
        self.assertTrue(self.configured().startswith("cmake --preset dev -D"), self.calls)
        for code, expected in ((3, 0), (1, 1), (2, 2), (0, 0)):
            with open(fresh, "w", encoding="utf-8") as file:
                file.write(f'#!/bin/bash\n[[ "$PRESET $*" == "dev trixie smoke" ]] && exit {code}\nexit 99\n')
            self.assertEqual(self.run_script("run", path=run), expected)
        self.tool("ctest", RECORD + "exit 8\n")
        self.assertEqual(self.run_script("run", path=run), 8)

    def test_gpu(self):
        with self.without("xz"):
            self.lacks("packing needs xz", "gpu", "pack")
        pack, out = os.path.join(self.folder, "a pack"), os.path.join(self.folder, "out")
        os.makedirs(os.path.join(pack, "lib"))
        shutil.copy(os.path.join(self.tree, "scripts", "gpu"), pack)
        for name in ("actbench", "actbench_emulated", "test_kernels_bits", "test_kernels_special", "test_kernels_invariance", "test_kernels_rows"):
            path = os.path.join(pack, name)
            with open(path, "w", encoding="utf-8") as file:
                file.write(PROGRAM)
            os.chmod(path, stat.S_IRWXU)
        with open(os.path.join(pack, "revision"), "w", encoding="utf-8") as file:
            file.write("unknown\n")
        with self.without("python3"):
            self.passes("gpu", "try", out, path=os.path.join(pack, "gpu"))
        with open(os.path.join(out, "README.md"), encoding="utf-8") as file:
            text = file.read()
        self.assertIn("# No GPU", text)
        self.assertIn("Nothing failed.", text)

    # ---- scripts/peers

    def test_peers_go_on_without_what_cannot_be_had(self):
        self.tool("dpkg-query", RECORD + "exit 1\n")
        self.tool("apt-get", RECORD + "exit 100\n")
        with self.without("python3"):
            self.passes("peers", "install")
        self.assertRegex(self.said, "(?m)^== going on without libdnnl-dev$")
        self.assertRegex(self.said, "(?m)^== going on without oneMKL and SVML: ")

    def test_peers_say_what_is_missing(self):
        self.lacks("nothing in build/peers; scripts/peers build makes it", "peers", "list")
        for tool in ("cmake", "ninja"):
            with self.without(tool):
                self.lacks(f"there is no {tool} here", "peers", "build")
        self.lacks("there is no build/release/bench/actbench; build it, or name it by ACTBENCH=PROGRAM", "peers", "gallery", "out")

    def test_peers_gallery(self):
        out, program = os.path.join(self.folder, "out"), os.path.join(self.folder, "program")
        with open(program, "w", encoding="utf-8") as file:
            file.write(PROGRAM_THAT_COMPARES)
        os.chmod(program, 0o755)
        self.passes("peers", "gallery", out, "env", "TURNS=9", ACTBENCH=program)
        with open(os.path.join(out, "README.md"), encoding="utf-8") as file:
            index = file.read()
        self.assertIn("actbench 9.9", index)
        # The quicker one is not right enough.
        self.assertIn("| [relu-bf16](relu-bf16.md) | 2 | 2 | slow, 7 ULP | 3 | 1.50 (1.40 … 1.60) | quick, inf ULP | 1 | 0.50 (0.40 … 0.60) |", index)
        self.assertEqual(index.count(".md) | 2 | "), 24)
        with open(os.path.join(out, "gelu-f32.md"), encoding="utf-8") as file:
            page = file.read().split("\n")
        self.assertEqual(page[0], "![Largest error against time](gelu-f32.svg)")
        self.assertIn("# gelu in 9 turns", page)
        self.assertTrue(all(len(line) <= 120 for line in page), page)


class PythonScripts(unittest.TestCase):
    """Those that take a program, a library or a toolkit."""

    def lacks(self, code, pattern, *command, path="/nonexistent"):
        result = subprocess.run([sys.executable, "-B", *command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True, check=False, env={"PATH": path, "HOME": "/nonexistent"})
        self.assertEqual(result.returncode, code, result.stderr)
        self.assertRegex(result.stderr, pattern)
        self.assertNotIn("Traceback", result.stderr)

    def test_say_what_is_missing(self):
        with tempfile.TemporaryDirectory() as folder:
            scripts = os.path.join(folder, "scripts")
            shutil.copytree(os.path.join(SOURCE, "scripts"), scripts)
            self.lacks(3, "there is no program in .*; scripts/run builds it", os.path.join(scripts, "certify"), os.path.join(folder, "out"))
            self.lacks(3, "there is no program in .*; scripts/run builds it", os.path.join(scripts, "gate_trials"), os.path.join(folder, "out"))
            self.lacks(2, "has no machine code for sm_90", os.path.join(scripts, "device_code"), "--build", folder)
            device = os.path.join(folder, "kernels", "cuda_device")
            os.makedirs(device)
            for name, text in (("gelu.90", ""), ("gelu.resources.csv", "kernel,architecture,registers\ngelu/forward/f32/fast/cuda,sm_90,1\n")):
                with open(os.path.join(device, name), "w", encoding="utf-8") as file:
                    file.write(text)
            self.lacks(2, "cannot run cuobjdump of the CUDA toolkit", os.path.join(scripts, "device_code"), "--build", folder)
            self.lacks(3, "torch", "-S", os.path.join(scripts, "compare_torch.py"), "library.so")

    def test_fits_and_what_is_told_of_kernels_say_what_is_missing(self):
        with tempfile.TemporaryDirectory() as folder:
            scripts = os.path.join(folder, "scripts")
            shutil.copytree(os.path.join(SOURCE, "scripts"), scripts)
            for name in ("check.py", "constants.py", "fast.py", "slopes.py"):
                self.lacks(3, "there is no mpmath here", "-S", os.path.join(scripts, "fit", name))
            self.lacks(3, "there is no gappa here", os.path.join(scripts, "fit", "proof.py"))
            self.lacks(3, "there is no objdump here", os.path.join(scripts, "ports"))
            os.mkdir(os.path.join(folder, "tools"))
            with open(os.path.join(folder, "tools", "objdump"), "w", encoding="utf-8") as file:
                file.write("#!/bin/sh\n")
            os.chmod(file.name, 0o755)
            self.lacks(3, "there is no llvm-mca here", os.path.join(scripts, "ports"), path=os.path.join(folder, "tools"))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
