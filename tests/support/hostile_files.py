# SPDX-License-Identifier: Apache-2.0
"""Files of every kind that the program reads, each with one thing wrong: for tests/bench/hostile.py, which names them by
@name in its tables of command lines."""

import copy
import json
import math
import os
import struct
import subprocess

import npy

KERNEL = "relu/forward/bf16/accurate"


def nested(changes):
    """Contents of files by name, of one that is right and what changes it."""
    return {name: change if isinstance(change, bytes) else json.dumps(change).encode() for name, change in changes.items()}


def changers(right, entries):
    """Two functions that set a field of a copy: of the file, and of its first entry."""
    def of_file(name, value):
        return {**copy.deepcopy(right), name: value}

    def of_entry(name, value):
        changed = copy.deepcopy(right)
        changed[entries][0][name] = value
        return changed
    return of_file, of_entry


def plain():
    """What is no file of any kind."""
    return {"empty": b"", "text": b"no JSON\n", "binary": bytes(range(256)) * 16, "deep": b"[" * 100000, "elf": b"\x7fELF" + bytes(60),
            "escape": b'{"certificates": [{"kernel": "\\u001b[2J\\u009b31m\\u202egelu", "parameters": ""}]}',
            "escape_sample": b'{"actbench_samples": 1, "samples": [{"kernel": "\\u001b[2J"}]}', "nul": b'{"a": "\\u0000"}',
            "control\x1b[2J\x9b\nname": b"no JSON\n", "number": b"1e999999", "list": b"[1,2,3]",
            "many": b"[" + b"[]," * 2000000 + b"[]]", "utf_sixteen": '{"certificates": []}'.encode("utf-16"), "quote": b'"', "null": b"null",
            "only_nul": bytes(4096), "bom": b"\xef\xbb\xbfrelu", "crlf": b"a,b\r\n1,2\r\n"}


def certificates(source):
    """One certificate of the program's own, and what contradicts it."""
    with open(os.path.join(source, "certificates.json"), encoding="utf-8") as file:
        right = json.load(file)
    right["certificates"] = [c for c in right["certificates"] if c["kernel"] == KERNEL]

    of_file, of_entry = changers(right, "certificates")
    twice = copy.deepcopy(right)
    twice["certificates"] *= 2
    lacking = copy.deepcopy(right)
    del lacking["certificates"][0]["digest"]
    return nested({
        "c_right": right, "c_max": of_entry("max_ulp", 7.3), "c_misrounded": of_entry("not_correctly_rounded", 5),
        "c_promise": of_entry("promised_ulp", 4), "c_inputs": of_entry("inputs", 65535), "c_many": of_entry("inputs", 2**70),
        "c_negative": of_entry("inputs", -1), "c_fraction": of_entry("inputs", 65536.5), "c_nan": of_entry("max_ulp", "nan"),
        "c_above": of_entry("above_1_ulp", 3), "c_digest": of_entry("digest", "0x12"), "c_words": of_entry("digest", "none"),
        "c_other_digest": of_entry("digest", "0x330039b5545f7b06"), "c_ranges": of_entry("ranges", ["0x2280997fe0798c39"]),
        "c_place": of_entry("at_x", "0x00000"), "c_dy": of_entry("at_dy", "0x0000"), "c_kernel": of_entry("kernel", "geluu/forward/f32/fast"),
        "c_escape": of_entry("kernel", "\x1b[2J\u202e"), "c_parameters": of_entry("parameters", "alpha=1"),
        "c_backend": of_entry("swept_on", "sse"), "c_nobody": of_entry("proved_by", ""), "c_format": of_file("format", 2),
        "c_measure": of_file("ulp", "kahan"), "c_twice": twice, "c_lacking": lacking, "c_list": of_file("certificates", {}),
        "c_version": of_file("digest", "1"), "c_cut": json.dumps(right).encode()[:-40]})


def samples(source):
    with open(os.path.join(source, "samples.json"), encoding="utf-8") as file:
        right = json.load(file)
    right["samples"] = [s for s in right["samples"] if s["kernel"] == KERNEL]

    of_file, of_entry = changers(right, "samples")
    twice = copy.deepcopy(right)
    twice["samples"] *= 2
    return nested({
        "s_right": right, "s_max": of_entry("max_ulp", 3), "s_misrounded": of_entry("not_correctly_rounded", 70000),
        "s_above": of_entry("above_1_ulp", 1), "s_signs": of_entry("zero_signs", 65537), "s_nan": of_entry("max_ulp", "nan"),
        "s_negative": of_entry("inputs", -3), "s_backends": of_entry("backends", "scalar scalar"), "s_unknown": of_entry("backends", "sse9"),
        "s_none": of_entry("backends", ""), "s_digest": of_entry("digest", "0xg"), "s_format": of_file("format", 9), "s_twice": twice,
        "s_measure": of_file("ulp", "steps"), "s_version": of_file("digest", None), "s_platform": of_file("platform", 3), "s_list": of_file("samples", "all"), "s_cut": json.dumps(right).encode()[:-40]})


def baselines():
    right = {"format": 1, "calibration": 1, "machine": "a CPU that nobody has", "platform": "glibc 2.36", "shift": 0.047411461827520096,
             "tolerance": 2 * math.expm1(0.047411461827520096),
             "kernels": [{"kernel": KERNEL + "/scalar", "ns": 0.5, "to_copy": [2, 1.9], "to_calibration": [-2.4, -2.3]}]}
    of = lambda **changes: {**right, **changes}
    entry = lambda **changes: of(kernels=[{**right["kernels"][0], **changes}])
    return nested({
        "b_other": right, "b_tolerance": of(tolerance=0.9), "b_narrow": of(tolerance=0.00001, shift=0.000005), "b_shift": of(shift="nan"),
        "b_format": of(format=7), "b_calibration": of(calibration=0), "b_ns": entry(ns=0), "b_negative": entry(ns=-1),
        "b_infinite": entry(ns="inf"), "b_copies": entry(to_copy=[1]), "b_logarithm": entry(to_copy=[1e9, 1]), "b_text": entry(to_copy=["1", 2]),
        "b_empty": entry(to_copy=[], to_calibration=[]), "b_twice": of(kernels=right["kernels"] * 2), "b_kernels": of(kernels=None),
        "b_escape": of(machine="\x1b[2J\u202eCPU")})


def histories():
    run = {"format": 1, "time": "2026-11-24T18:34:47Z", "outcome": "failed", "revision": "706a", "modified": True, "machine": "CPU",
           "tolerance_percent": 3.0, "seconds": 5.34, "timed": 1, "identical": 0, "launches": 23,
           "speed": [{"kernel": KERNEL + "/scalar", "verdict": "SLOWER", "change_percent": 3.03, "low_percent": 2.9, "high_percent": 3.16,
                      "launches": 17}], "outputs": []}
    of = lambda **changes: json.dumps({**run, **changes}).encode() + b"\n"
    kernel = lambda **changes: of(speed=[{**run["speed"][0], **changes}])
    return {"h_right": of(), "h_outcome": of(outcome="great"), "h_passed": of(outcome="passed"), "h_timed": of(timed=2), "h_format": of(format=3),
            "h_verdict": kernel(verdict="FINE"), "h_limits": kernel(low_percent=4), "h_number": kernel(change_percent="3"),
            "h_cut": of()[:-1], "h_second": of() + b"{\n", "h_array": b"[]\n", "h_blank": b"\n", "h_tolerance": of(tolerance_percent=-1),
            "h_escape": kernel(kernel="\x1b[2J\u202e") + of(time="\x1b[2J\x07", machine="\x9b")}


def arrays():
    """Files of numpy.save, and of bare numbers."""
    small, four = npy.header("<f4", (4,)), struct.pack("<4f", -1, 0, 1, 2)
    return {"x.npy": small + four, "y.npy": small + four, "y_short.npy": npy.header("<f4", (3,)) + four[:12],
            "y_double.npy": npy.header("<f8", (4,)) + four * 2, "n_cut.npy": small + four[:7], "n_more.npy": small + four + b"\0",
            "n_header.npy": small[:40], "n_magic.npy": b"\x93NUMPX" + small[6:] + four, "n_version.npy": npy.header("<f4", (4,), (9, 0)) + four,
            "n_object.npy": npy.header("|O", (4,)) + four * 2, "n_big.npy": npy.header(">f4", (4,)) + four,
            "n_integer.npy": npy.header("<i4", (4,)) + four, "n_byte.npy": npy.header("|u1", (4,)) + b"abcd",
            "n_complex.npy": npy.header("<c8", (4,)) + four * 2, "n_fortran.npy": npy.header("<f4", (2, 2), fortran=True) + four,
            "n_huge.npy": npy.header("<f4", (2**40,)) + four, "n_overflow.npy": npy.header("<f4", (2**40, 2**40)) + four,
            "n_negative.npy": npy.header("<f4", (-4,)) + four, "n_axes.npy": npy.header("<f4", (1,) * 40) + four,
            "n_none.npy": npy.header("<f4", (0,)), "n_code.npy": b"\x93NUMPY\1\0\x2a\0" + b"__import__('os').system('touch pwned')     " + four,
            "n_escape.npy": npy.header("\x1b[2J", (4,)) + four, "n_archive.npz": b"PK\3\4" + bytes(100), "n_pickle.pt": b"\x80\4\x95" + bytes(100),
            "n_odd.raw": b"\0" * 7}


def checkpoints(program, folder):
    """What the first half of a small sweep wrote, and what contradicts it."""
    path = os.path.join(folder, "k_right")
    subprocess.run([program, "accuracy", KERNEL + "/scalar", "--inputs", "all", "--shard", "1/2", "--checkpoint", path], check=True,
                   stdout=subprocess.DEVNULL)
    with open(path, encoding="utf-8") as file:
        right = json.load(file)

    of_file, of_entry = changers(right, "kernels")
    twice = copy.deepcopy(right)
    twice["kernels"] *= 2
    return nested({
        "k_build": of_file("build", "another"), "k_format": of_file("actbench_sweep", 99), "k_measure": of_file("ulp", "feet"),
        "k_done": of_entry("done", "ff"), "k_digits": of_entry("done", "xyz"), "k_inputs": of_entry("inputs", 1),
        "k_misrounded": of_entry("not_correctly_rounded", 10**9), "k_kernel": of_entry("kernel", "\x1b[2J"), "k_list": of_file("kernels", 5),
        "k_twice": twice, "k_worst": of_entry("worst", 7), "k_cut": json.dumps(right).encode()[:-30]})


def write_all(program, source, folder):
    inside = lambda name: os.path.join(folder, name)
    os.mkfifo(inside("pipe"))
    for name in ("dir", "report_none", "report_text", "report_list", "report_columns", "report_numbers", "report_binary"):
        os.mkdir(inside(name))
    with open(inside("huge"), "w", encoding="utf-8") as file:
        file.truncate(1 << 40)
    machine = b'{"machine": {"cpu": "\\u001b[2J"}, "build": {"revision": "\\u001b[2J"}, "run": {}}'
    contents = {**plain(), **certificates(source), **samples(source), **baselines(), **histories(), **arrays(),
                "report_text/machine.json": b"no JSON", "report_list/machine.json": b"[]", "report_columns/machine.json": machine,
                "report_columns/accuracy.csv": b"a,b\n1,2\n", "report_columns/performance.csv": b"\x1b[2J,b\n1,2\n",
                "report_numbers/machine.json": machine,
                "report_numbers/performance.csv": b"kernel,activation,direction,type,tier,backend,distribution,size,cache,row,elements,"
                                                  b"bytes_per_element,ns_per_element,ns_low,ns_high\n"
                                                  b"relu/forward/f32/fast/scalar,relu,forward,f32,fast,scalar,normal,l1,,,4096,8,-5,nan,"
                                                  b"\x1b[2J\n",
                "report_binary/performance.csv": bytes(range(256)) * 20, "report_binary/machine.json": bytes(range(256))}
    for name, content in contents.items():
        with open(inside(name).encode("latin-1"), "wb") as file:
            file.write(content)
    for name, content in checkpoints(program, folder).items():
        with open(inside(name), "wb") as file:
            file.write(content)
    os.symlink("loop", inside("loop"))
    os.symlink("/dev/zero", inside("to_zero"))
