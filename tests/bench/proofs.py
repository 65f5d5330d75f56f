# SPDX-License-Identifier: Apache-2.0
"""Sweeps over all inputs from outside: shards, interrupts, kills, certificates, and the check of those that the program
was built with, on every backend of this machine."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest

from cli import ENVIRONMENT, LIST, PROGRAM, Program, rows, run


class Proofs(Program):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def file(self, name):
        return os.path.join(self.folder, name)

    def read(self, name):
        with open(self.file(name), encoding="utf-8") as file:
            return file.read()


class Shards(Proofs):
    sweep = ("accuracy", "{gelu,tanh}/derivative/{f16,bf16}/accurate", "--inputs", "all")

    def test_merge_gives_the_bytes_of_one_run(self):
        # Named, so that the run does not list those that it leaves out, in which a merge has no part.
        listed = self.ok("list", "gelu/forward/f32/accurate", "--format", "csv").splitlines()
        backends = [row.split(",")[4] for row in listed if ",yes," in row]
        self.sweep += ("--backend", ",".join(backends))
        for form in ("table", "csv", "json"):
            whole = self.ok(*self.sweep, "--certify", self.file("one.json"), "--format", form)
            for count in (1, 2, 5):
                parts = [self.file(f"part{i}.json") for i in range(1, count + 1)]
                for i, part in enumerate(parts, 1):
                    if os.path.exists(part):
                        os.remove(part)
                    text = self.ok(*self.sweep, "--shard", f"{i}/{count}", "--checkpoint", part)
                    self.assertEqual("part " in text, count > 1)
                merged = self.ok("merge", *reversed(parts), "--certify", self.file("merged.json"), "--format", form)
                self.assertEqual(merged, whole)
                self.assertEqual(self.read("merged.json"), self.read("one.json"))
                os.remove(self.file("merged.json"))
        self.assertEqual(self.ok("merge", *parts[:2], "--checkpoint", self.file("union.json")).count("Not all inputs"), 1)
        self.assertEqual(self.ok("merge", self.file("union.json"), *parts[2:], "--format", "json"), whole)

    def test_errors(self):
        for bad in ("0/4", "5/4", "4", "a/b", "1/5000", "-1/2", "1/0", "/"):
            self.error(2, "--shard .*I/N", *self.sweep, "--shard", bad)
        self.error(2, "--inputs all", "accuracy", "gelu/forward/f16", "--shard", "1/2")
        self.error(2, "--inputs all", "accuracy", "gelu/forward/f16", "--certify", self.file("c.json"))
        self.error(2, "merge", *self.sweep, "--shard", "1/2", "--certify", self.file("c.json"))
        self.error(2, "Goldberg", *self.sweep, "--ulp", "steps", "--certify", self.file("c.json"))
        self.error(2, "no part of so few inputs", *self.sweep, "--shard", "2/4000")
        self.error(2, "no file", "merge", self.file("none.json"))
        self.error(2, "folder", *self.sweep, "--checkpoint", self.folder)
        self.ok(*self.sweep, "--shard", "1/2", "--checkpoint", self.file("a.json"))
        self.error(2, "parts .* are missing", "merge", self.file("a.json"))
        self.error(2, "give each shard once", "merge", self.file("a.json"), self.file("a.json"))
        self.error(2, "--ulp goldberg, not kahan", *self.sweep, "--ulp", "kahan", "--checkpoint", self.file("a.json"))
        with open(self.file("b.json"), "w", encoding="utf-8") as file:
            file.write(self.read("a.json")[:-200])
        self.error(2, "b.json is no checkpoint", *self.sweep, "--checkpoint", self.file("b.json"))
        self.error(2, "b.json is no checkpoint", "merge", self.file("a.json"), self.file("b.json"))
        self.assertEqual(sorted(os.listdir(self.folder)), ["a.json", "b.json"], "nothing half written")


class Resume(Proofs):
    def test_after_an_interrupt_and_after_a_kill(self):
        best = [r["backend"] for r in LIST if r["activation"] == "identity" and r["type"] == "f32"
                and r["tier"] == "accurate" and r["direction"] == "forward" and r["runnable"] == "yes"][-1]
        sweep = ("accuracy", f"identity/forward/f32/accurate/{best}", "--inputs", "all", "--format", "csv")
        resumed = (*sweep, "--checkpoint", self.file("c.json"))
        done = []
        for how in (signal.SIGINT, signal.SIGKILL):
            process = subprocess.Popen([PROGRAM, *resumed], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                       env=ENVIRONMENT)
            before = os.path.getmtime(self.file("c.json")) if done else None
            end = time.monotonic() + 60  # until it has saved something, this time
            while time.monotonic() < end and (not os.path.exists(self.file("c.json"))
                                              or os.path.getmtime(self.file("c.json")) == before):
                time.sleep(0.02)
            process.send_signal(how)
            out, error = process.communicate(timeout=600)
            self.assertEqual(out, "")
            if how == signal.SIGINT:
                self.assertEqual(process.returncode, 2)
                self.assertRegex(error, r"\Aactbench: interrupted; .*c.json keeps what is done.*\n\Z")
            chunks = json.loads(self.read("c.json"))["kernels"][0]["done"]
            done.append(sum(bin(int(digit, 16)).count("1") for digit in chunks))
            self.assertLess(done[-1], 4096)
        self.assertGreater(done[1], done[0], "the second run went on from the first")
        whole = self.ok(*resumed)
        self.assertEqual(rows(whole)[0]["inputs"], str(2**32))
        self.assertEqual(rows(whole)[0]["not_correctly_rounded"], "0")
        self.assertEqual(whole, self.ok(*sweep))
        self.assertEqual(os.listdir(self.folder), ["c.json"])


class TwoAtOnce(Proofs):
    def start(self, *arguments):
        return subprocess.Popen([PROGRAM, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT,
                                preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL))

    def test_a_checkpoint_has_one_sweep_and_sighup_saves_it(self):
        path = self.file("c.json")
        sweep = ("accuracy", "identity/forward/f32/accurate/scalar", "--inputs", "all", "--checkpoint", path)
        process = self.start(*sweep)
        end = time.monotonic() + 60
        while time.monotonic() < end and not os.path.exists(path):
            time.sleep(0.02)
        self.error(2, rf"another run( \(process {process.pid}\))? is writing {path}: wait until it ends, or name another file", *sweep)
        self.error(2, "another run .*c.json", "merge", path, "--checkpoint", path)
        process.send_signal(signal.SIGHUP)
        out, error = process.communicate(timeout=600)
        self.assertEqual((process.returncode, out), (2, ""), error)
        self.assertRegex(error, r"\Aactbench: interrupted; .*c.json keeps what is done.*\n\Z")
        self.assertGreater(json.loads(self.read("c.json"))["kernels"][0]["inputs"], 0)
        self.assertEqual(os.listdir(self.folder), ["c.json"])

    def test_what_several_add_is_all_there(self):
        kernels = [f"{name}/forward/f16/accurate/scalar" for name in ("gelu", "silu", "tanh", "elu")]
        processes = [self.start("accuracy", kernel, "--inputs", "all", "--certify", self.file("c.json")) for kernel in kernels]
        processes += [self.start("check", kernel, "--only", "accuracy", "--history", self.file("h.jsonl")) for kernel in kernels]
        for process in processes:
            error = process.communicate(timeout=600)[1]
            self.assertEqual((process.returncode, error), (0, ""))
        self.assertEqual([c["kernel"] + "/scalar" for c in json.loads(self.read("c.json"))["certificates"]], sorted(kernels))
        self.assertEqual([json.loads(line)["outcome"] for line in self.read("h.jsonl").splitlines()], ["passed"] * len(kernels))
        self.assertEqual(sorted(os.listdir(self.folder)), ["c.json", "h.jsonl"])
        self.error(2, "is named for two of the files", "accuracy", kernels[0], "--inputs", "all", "--checkpoint", self.file("x"), "--certify",
                   self.file("x"))


class Measures(Proofs):
    def test_every_table_names_its_own(self):
        for measure, word in (("goldberg", "Goldberg's"), ("kahan", "Kahan's"), ("steps", "whole steps")):
            for command in (("accuracy", "tanh/forward/f16"), ("eval", "tanh", "0.1")):
                self.assertIn(word, self.ok(*command, "--ulp", measure).replace("\n  ", " "))
                self.assertIn(measure, self.ok(*command, "--ulp", measure, "--format", "csv"))
        steps = rows(self.ok("eval", "tanh", "0.1", "--type", "f32", "--ulp", "steps", "--format", "csv"))
        self.assertEqual({r["ulp_error"] for r in steps if r["tier"] == "accurate"}, {"0"})
        self.error(2, "--ulp", "accuracy", "tanh", "--ulp", "muller")


class Verify(Proofs):
    def test_the_certificates_of_the_program(self):
        # Apart, those of one input and those of pairs, which take long: most of their inputs are unusual ones.
        single = ",".join(sorted({r["activation"] for r in LIST if r["shape"] == "elementwise"}))
        gated = ",".join(sorted({r["activation"] for r in LIST if r["shape"] == "gated"}))
        table = rows(self.ok("verify", "{%s}/{forward,derivative}" % single, "--quick", "--every-backend", "--format", "csv"))
        pairs = [row for which in ("*/backward", "{%s}/{forward,gradient_a}" % gated)
                 for row in rows(self.ok("verify", which, "--quick", "--every-backend", "--format", "csv"))]
        self.assertEqual({r["verdict"] for r in table + pairs}, {"pass"})
        self.assertEqual({r["inputs"] for r in pairs}, {str(2**26)})
        runnable = {r["backend"] for r in LIST if r["runnable"] == "yes"}
        wanted = {"/".join(r[k] for k in ("activation", "direction", "type", "tier", "backend")) for r in LIST
                  if r["backend"] in runnable and r["tier"] != "naive" and r["type"] != "f64" and
                  r["shape"] == "elementwise" and r["direction"] in ("forward", "derivative")}
        self.assertEqual(sorted(wanted - {r["kernel"] for r in table})[:3], [], "each has a certificate")
        self.assertEqual({r["inputs"] for r in table if r["type"] == "f32"}, {str(2**26)})

    def test_claims_that_contradict_each_other_are_not_believed(self):
        kernel = "silu/forward/bf16/accurate/scalar"
        self.ok("accuracy", kernel, "--inputs", "all", "--certify", self.file("c.json"))
        right = json.loads(self.read("c.json"))
        for field, value, said in (("max_ulp", 7.3, "\"max_ulp\" is 7.3, more than the 0.5 of \"promised_ulp\""),
                                   ("not_correctly_rounded", 5, "\"not_correctly_rounded\" is 5, where a promise of 0.5 ULP"),
                                   ("inputs", 1000, "\"inputs\" is 1000, and should be 65536")):
            right["certificates"][0][field], kept = value, right["certificates"][0][field]
            with open(self.file("c.json"), "w", encoding="utf-8") as file:
                json.dump(right, file)
            right["certificates"][0][field] = kept
            for command in (("verify", kernel), ("check", kernel, "--only", "accuracy")):
                self.error(2, f"c.json is no file of certificates: of silu/forward/bf16/accurate, {said}", *command, "--certificates",
                           self.file("c.json"))

    def test_what_is_not_promised_is_no_pass(self):
        kernel = "relu/forward/f16/naive/scalar"
        self.ok("accuracy", kernel, "--inputs", "all", "--certify", self.file("c.json"))
        table = rows(self.ok("verify", kernel, "--certificates", self.file("c.json"), "--format", "csv"))
        self.assertEqual([r["verdict"] for r in table], ["no promise"])

    def test_a_wrong_one(self):
        kernel = "silu/forward/bf16/accurate"
        self.ok("accuracy", kernel, "--inputs", "all", "--certify", self.file("c.json"))
        text = self.read("c.json")
        certificate = json.loads(text)["certificates"][0]
        ranges = [int(r, 16) for r in certificate["ranges"]]
        ranges[11] ^= 1
        total = sum(ranges) % 2**64
        changed = text.replace(certificate["ranges"][11], f"0x{ranges[11]:016x}").replace(certificate["digest"], f"0x{total:016x}")
        with open(self.file("c.json"), "w", encoding="utf-8") as file:
            file.write(changed)
        result = run("verify", "silu", "--certificates", self.file("c.json"))
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stdout.replace("\n ", ""), r"silu/forward/bf16/accurate/\w+ does not give the certified outputs\s+for 0xb000 … 0xbfff")
        with open(self.file("c.json"), "w", encoding="utf-8") as file:
            file.write(changed.replace(f"0x{total:016x}", certificate["digest"]))
        self.error(2, "do not add up", "verify", "silu", "--certificates", self.file("c.json"))
        self.error(2, "no file", "verify", "--certificates", self.file("none.json"))
        self.error(2, "no certificate", "verify", "silu/forward/f64")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[2:])
