# SPDX-License-Identifier: Apache-2.0
"""The program on an emulated device (device.cpp): every command that takes --backend cuda, and what it says of a device that
fails. The emulation faults at any pointer that is handed to the wrong side, and does what is in a stream as late as it may.
"""

import csv
import io
import json
import os
import subprocess
import sys
import tempfile
import unittest

PROGRAM = sys.argv.pop(1)


def run(*arguments, device=""):
    environment = dict(os.environ, ACTBENCH_EMULATED=device)
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, env=environment, timeout=600)


def rows(*arguments, device="", code=0):
    result = run(*arguments, "--format", "csv", device=device)
    assert result.returncode == code, (arguments, result.returncode, result.stderr)
    return list(csv.DictReader(io.StringIO(result.stdout.split("\n\n")[-1])))


class OnADevice(unittest.TestCase):
    def error(self, code, text, *arguments, device=""):
        result = run(*arguments, device=device)
        self.assertEqual(result.returncode, code, result.stderr)
        self.assertRegex(result.stderr, text)
        self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
        self.assertEqual(result.stdout, "")

    def test_the_table_has_every_row_of_the_cpu(self):
        listed = rows("list")
        of = {backend: {(r["activation"], r["direction"], r["type"], r["tier"]) for r in listed if r["backend"] == backend}
              for backend in ("scalar", "cuda")}
        self.assertEqual(of["cuda"], of["scalar"])

    def test_accuracy_is_that_of_the_cpu(self):
        compared = ("inputs", "max_ulp", "input_bits", "not_correctly_rounded", "mean_ulp")
        for kernels in ("{gelu,prelu,hard_swish}/*/*/accurate", "tanh/forward/f32"):
            of = {}
            for backend in ("scalar", "cuda"):
                found = rows("accuracy", kernels, "--inputs", "2^14", "--backend", backend)
                of[backend] = {r["kernel"].rsplit("/", 1)[0]: r for r in found}
            self.assertEqual(of["cuda"].keys(), of["scalar"].keys())
            for kernel, row in of["cuda"].items():
                if "/naive" in kernel:
                    continue  # the platform's functions may differ
                for column in compared:
                    if column in row:
                        self.assertEqual(row[column], of["scalar"][kernel][column], (kernel, column))

    def test_a_report_times_what_fits_rows_too(self):
        with tempfile.TemporaryDirectory() as folder:
            out = os.path.join(folder, "report")
            result = run("report", "{relu,softmax}/forward/f32/fast", "--backend", "cuda", "--inputs", "2^10", "--quick",
                         "--peers", "none", "--out", out, device="memory=4194304")
            self.assertEqual(result.returncode, 0, result.stderr)
            for file, kernel in (("performance.csv", "relu"), ("rows-performance.csv", "softmax")):
                with open(os.path.join(out, file), encoding="utf-8") as table:
                    measured = [line for line in table if f"{kernel}/forward/f32/fast/cuda" in line]
                self.assertTrue(any(",4096," in line for line in measured), measured)
                self.assertFalse(any(",268435456," in line for line in measured), measured)

    def test_digests_are_those_of_the_certificates(self):
        # Gated ones have 2^32 pairs, too many for the emulation.
        checked = rows("verify", "!*glu", "--backend", "cuda", "--type", "f16,bf16", "--direction", "forward,derivative")
        self.assertGreater(len(checked), 100)
        self.assertEqual({r["verdict"] for r in checked}, {"pass"})

    def test_digests_differ_where_a_certificate_does(self):
        with tempfile.TemporaryDirectory() as folder:
            source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "certificates.json")
            with open(source, encoding="utf-8") as file:
                known = json.load(file)
            known["certificates"] = [c for c in known["certificates"] if c["kernel"] == "tanh/forward/f16/accurate"]
            one = known["certificates"][0]
            changed = int(one["ranges"][3], 16) ^ 1
            total = (int(one["digest"], 16) + changed - int(one["ranges"][3], 16)) % 2**64
            one["ranges"][3], one["digest"] = f"0x{changed:016x}", f"0x{total:016x}"
            path = os.path.join(folder, "other.json")
            with open(path, "w", encoding="utf-8") as file:
                json.dump(known, file)
            checked = rows("verify", "tanh/forward/f16", "--backend", "cuda", "--certificates", path, code=1)
            self.assertEqual([r["verdict"] for r in checked], ["fail"])

    def test_pieces_where_memory_is_short(self):
        # Room for 2^21 of the 2^32 inputs at a time is found by halving; here the sweep over a half type needs little.
        checked = rows("verify", "gelu/forward/bf16/accurate", "--backend", "cuda", device="memory=1048576")
        self.assertEqual([r["verdict"] for r in checked], ["pass"])

    def test_overflow_and_eval(self):
        faults = run("overflow", "sigmoid/forward/f16/accurate", "--backend", "cuda")
        self.assertEqual(faults.returncode, 0, faults.stderr)
        shown = rows("eval", "gelu", "-5.5", "--backend", "cuda", "--type", "f32", "--tier", "accurate")
        self.assertEqual(shown[-1]["result_bits"], "0xb3e049ec")

    def test_times_with_ceilings_for_both_states_of_the_cache(self):
        measured = rows("bench", "gelu/{forward,backward}/f32/accurate", "--backend", "cuda", "--sizes", "4096,64k",
                        "--repetitions", "6", "--min-time", "0.0001")
        names = [f"gelu/{d}/f32/accurate/cuda" for d in ("forward", "backward")] + ["copy/device/8B", "copy/device/12B"]
        self.assertEqual({(r["kernel"], r["size"], r["cache"]) for r in measured},
                         {(n, s, c) for n in names for s in ("4096", "65536") for c in ("warm", "cold")})
        for row in measured:
            self.assertGreater(float(row["ns_per_element"]), 0)
            if not row["kernel"].startswith("copy"):
                self.assertGreater(float(row["percent_of_copy"]), 0)
                self.assertEqual(row["bytes_per_element"], "12" if "backward" in row["kernel"] else "8")
            self.assertGreater(float(row["launch_alone_us"]), 0)
            self.assertEqual(row["clock"], "device")

    def test_google_benchmark_gets_the_times_of_the_device(self):
        result = run("bench", "gelu/forward/f32/accurate", "--backend", "cuda", "--sizes", "4096", "--repetitions", "6",
                     "--min-time", "0.0001", "--", "--benchmark_format=json")
        self.assertEqual(result.returncode, 0, result.stderr)
        names = {b["name"] for b in json.loads(result.stdout)["benchmarks"]}
        self.assertTrue(any(n.startswith("gelu/forward/f32/accurate/cuda/4096/normal/cold") for n in names), names)
        self.assertTrue(any(n.startswith("copy/device/8B/4096/warm") for n in names), names)

    def test_both_kinds_of_kernels_are_timed_apart(self):
        result = run("bench", "gelu/forward/f32/accurate", "--backend", "scalar,cuda", "--budget", "2",
                     device="memory=8388608")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertRegex(result.stdout, "(?s)scalar.*cuda")
        self.error(2, "apart", "bench", "gelu/forward/f32/accurate", "--backend", "scalar,cuda", "--sizes", "4096")

    def test_what_a_device_lacks_is_said(self):
        verify = ("verify", "gelu/forward/f16", "--backend", "cuda")
        self.error(3, "no CUDA device", *verify, device="none")
        self.error(3, "sm_90.*sm_75", *verify, device="old")
        self.error(3, "no device 2", *verify, "--device", "2", device="devices=2")
        self.error(3, "out of memory", *verify, device="memory=65536")
        self.error(3, "out of memory", "accuracy", "gelu/forward/f32", "--backend", "cuda", "--inputs", "2^14",
                   device="memory=4096")
        self.error(3, "MiB of the device's memory.*smaller sizes", "bench", "gelu/forward/f32/accurate", "--backend", "cuda",
                   "--sizes", "64M", device="memory=1048576")
        self.error(2, "counts of elements", "bench", "gelu", "--backend", "cuda", "--sizes", "l1")
        self.assertEqual(run(*verify, "--device", "1", device="devices=2").returncode, 0)

    def test_a_failing_kernel_is_named(self):
        broken = "fail=gelu/derivative/f16/accurate/cuda"
        for command in (("verify", "gelu/*/f16"), ("accuracy", "gelu/*/f16/accurate", "--inputs", "2^12"),
                        ("overflow", "gelu/derivative/f16/accurate"), ("eval", "gelu", "1", "--type", "f16", "--direction", "derivative")):
            self.error(3, "gelu/derivative/f16/accurate/cuda failed on the CUDA device: an illegal memory access",
                       *command, "--backend", "cuda", device=broken)
        self.error(3, "gelu/derivative/f16/accurate/cuda failed", "bench", "gelu/derivative/f16/accurate", "--backend", "cuda",
                   "--sizes", "4096", device=broken)


if __name__ == "__main__":
    unittest.main()
