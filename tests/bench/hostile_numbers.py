# SPDX-License-Identifier: Apache-2.0
"""Every option of every command that takes a number, as describe-cli lists them, refuses what is none: at once, by name."""

import json
import subprocess
import sys
import time
import unittest

from cli import ENVIRONMENT, PROGRAM, Program

# What the help calls values that are no numbers. Any other option is taken to have numbers in it, also a new one.
NO_NUMBER = {"NAME,…", "FORMAT", "WHEN", "MEASURE", "HALF", "FILE", "DIR", "PATH", "VALUES", ""}
# NaN and infinity are inputs like any other for the numbers that a function is evaluated at.
INPUTS = {("eval", "--dy"), ("eval", "--a")}
HOSTILE = ["nan", "-nan", "inf", "-inf", "infinity", "-1", "-0.5", "1e999", "1e400", "-1e400", "", "1x", "x", "0x", "1 2", "--", "1e", "^", "2^64",
           "18446744073709551616", "1e20000000000", "९"]
# What each command needs beside its option, for which it would find nothing wrong; the smallest there is.
REST = {"eval": ["leaky_relu", "1"], "merge": ["no-such-file"], "claims": ["V1", "--no-timing"], "doctor": [],
        "gap": ["leaky_relu", "relu", "--no-timing"], "properties": ["leaky_relu"],
        "inputs": ["leaky_relu", "--out", "no-such-folder/x.npy"], "score": ["leaky_relu", "no-x.npy", "no-y.npy"], "identify": ["no-x.npy", "no-y.npy"],
        "plot": ["error", "leaky_relu/forward/f32/accurate/scalar"], "pick": ["leaky_relu"], "compare": ["leaky_relu/forward/f32/accurate/scalar"]}
OPTION_REST = {("check", "--extra-work"): ["--base", "no-such-file"], ("accuracy", "--rows"): ["softmax/forward/f16/accurate/scalar"],
               ("inputs", "--row"): ["softmax", "--out", "no-such-folder/x.npy"],
               ("bench", "--rows"): ["softmax/forward/f16/accurate/scalar"],
               ("plot", "--size"): ["front", "leaky_relu"], ("plot", "--budget"): ["sizes", "leaky_relu"],
               ("plot", "--last"): ["history", "--from", "no-such-file"]}
# How a value is written into an option that has a name before the number.
FORMS = {"NAME=VALUE": "alpha={}", "FILTER=PERCENT": "relu={}"}
KERNEL = ["leaky_relu/forward/f16/accurate/scalar"]


def describe():
    return json.loads(subprocess.run([PROGRAM, "describe-cli"], stdout=subprocess.PIPE, text=True, check=True, env=ENVIRONMENT).stdout)


class Numbers(Program):
    def refused(self, command, option, value, rest):
        start = time.monotonic()
        given = [f"{option}={value}"] if value.startswith("-") else [option, value]
        result = subprocess.run([PROGRAM, command, *rest, *given], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                timeout=60, env=ENVIRONMENT)
        said = f"{command} {option}={value!r}: {result.returncode} {result.stderr}"
        self.assertEqual(result.returncode, 2, said)
        self.assertEqual(result.stdout, "", said)
        self.assertRegex(result.stderr, r"\Aactbench: [^\n]*\n\Z", said)
        self.assertIn(option, result.stderr, said)
        self.assertLess(time.monotonic() - start, 10, said)

    def test_of_every_option(self):
        tried = set()
        for command in describe()["commands"]:
            for option in command["options"]:
                key = (command["name"], option["names"][0])
                if option.get("value", "") in NO_NUMBER or "value" not in option or key in INPUTS:
                    continue
                tried.add(key)
                rest = OPTION_REST.get(key) or REST.get(key[0], KERNEL)
                form = FORMS.get(option["value"], "{}")
                # Options that are the same in all commands are read by the same function: all values are tried in one.
                few = key[1] in ("--device", "--threads", "--param", "--seed") and key[0] != "accuracy"
                for value in ["nan", "-1", ""] if few else HOSTILE:
                    if key[1] == "--param" and value.lstrip("-")[:1].isdigit() and "x" not in value and float_of(value) is not None:
                        continue  # a parameter may be negative
                    self.refused(*key, form.format(value), rest)
        for key in (("check", "--tolerance"), ("check", "--budget"), ("check", "--patience"), ("check", "--draw"), ("bench", "--min-time"),
                    ("bench", "--repetitions"), ("bench", "--sizes"), ("claims", "--budget"), ("accuracy", "--threads"),
                    ("accuracy", "--shard"), ("overflow", "--inputs"), ("report", "--inputs"), ("gap", "--seed"), ("list", "--device")):
            self.assertIn(key, tried)

    def test_that_would_do_nothing(self):
        for command, option in (("check", "--tolerance"), ("check", "--budget"), ("check", "--patience"), ("check", "--draw"),
                                ("check", "--seed"), ("check", "--threads"), ("bench", "--min-time"), ("bench", "--budget"),
                                ("bench", "--repetitions"), ("bench", "--sizes"), ("claims", "--budget"), ("accuracy", "--inputs"),
                                ("accuracy", "--threads"), ("overflow", "--inputs"), ("report", "--inputs")):
            self.refused(command, option, "0", REST.get(command, KERNEL))

    def test_are_read_as_counts_are(self):
        accuracy = ("accuracy", *KERNEL, "--format", "csv")
        self.assertEqual(self.ok(*accuracy, "--seed", "1024"), self.ok(*accuracy, "--seed", "2^10"))
        self.assertEqual(self.ok(*accuracy, "--seed", "18446744073709551615").count("18446744073709551615"), 1)

    def test_no_option_takes_an_empty_value(self):
        for command in describe()["commands"]:
            for option in command["options"]:
                if "value" in option:
                    self.refused(command["name"], option["names"][0], "", REST.get(command["name"], KERNEL))


def float_of(text):
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) < 1e300 else None


if __name__ == "__main__":
    sys.argv = sys.argv[:1]
    unittest.main()
