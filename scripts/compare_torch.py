#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""PyTorch's activations beside actbench's, on a CUDA device or on one CPU core: nanoseconds an element, interleaved in random
order over the same arrays, and ULP errors over inputs from the whole type.

    scripts/compare_torch.py LIBRARY [--device cuda|cpu] [--elements N] [--budget SECONDS] [--csv FILE]

LIBRARY: libactbench_kernels_c.so. Needs a Python with torch and numpy; exit code 3 where there is none.

The exact values are those of actbench's accurate f64 kernels, within 0.502 units of f64's last place: what they add to
an error of f32 is below 2^-28 ULP. The ULP is Goldberg's.
"""

import argparse
import csv
import ctypes
import math
import os
import random
import statistics
import sys
import time

# What PyTorch calls our activations. Parameters are the defaults of both, but for leaky_relu's, which every type has exactly: we
# round 0.01 to the type, PyTorch to f32.
FORWARD = {
    "relu": "relu", "relu6": "relu6", "leaky_relu": "leaky_relu", "elu": "elu", "celu": "celu", "selu": "selu",
    "sigmoid": "sigmoid", "log_sigmoid": "logsigmoid", "hard_sigmoid": "hardsigmoid", "tanh": "tanh", "hardtanh": "hardtanh",
    "softsign": "softsign", "tanhshrink": "tanhshrink", "softshrink": "softshrink", "hardshrink": "hardshrink",
    "softplus": "softplus", "gelu": "gelu", "gelu_tanh": "gelu", "silu": "silu", "hard_swish": "hardswish", "mish": "mish",
}
OPTIONS = {"gelu_tanh": {"approximate": "tanh"}, "leaky_relu": {"negative_slope": 2.0**-7}}
PARAMETERS = {"leaky_relu": (ctypes.c_double * 1)(2.0**-7)}
TYPES = {"f32": "float32", "f16": "float16", "bf16": "bfloat16"}
PRECISION = {"f32": (24, -126), "f16": (11, -14), "bf16": (8, -126)}  # bits of the significand, smallest normal exponent
ROUNDS = 9


def fail(code, text):
    print(f"compare_torch: {text}", file=sys.stderr)
    sys.exit(code)


class Library:
    """The C interface (actbench.h), as far as it is used here."""

    def __init__(self, path):
        try:
            self.lib = ctypes.CDLL(os.path.abspath(path))
        except OSError as error:
            fail(2, f"{path} is no library of actbench's kernels: {error}")
        self.lib.actbench_error_message.restype = ctypes.c_char_p
        pointer, size = ctypes.c_void_p, ctypes.c_size_t
        self.lib.actbench_find.argtypes = [ctypes.c_char_p, ctypes.POINTER(pointer)]
        self.lib.actbench_apply.argtypes = [pointer, pointer, pointer, size, pointer]
        self.lib.actbench_apply_gradient.argtypes = [pointer, pointer, pointer, pointer, size, pointer]
        self.lib.actbench_set_cuda_stream.argtypes = [pointer]

    def check(self, status):
        if status:
            raise RuntimeError(self.lib.actbench_error_message().decode())

    def find(self, activation, rest):
        """What calls the kernel activation/rest: f(x, dy, y), dy None where it takes none."""
        kernel, parameters = ctypes.c_void_p(), PARAMETERS.get(activation)
        self.check(self.lib.actbench_find(f"{activation}/{rest}".encode(), ctypes.byref(kernel)))

        def call(x, dy, y):
            if dy is None:
                self.check(self.lib.actbench_apply(kernel, x.data_ptr(), y.data_ptr(), x.numel(), parameters))
            else:
                self.check(self.lib.actbench_apply_gradient(kernel, x.data_ptr(), dy.data_ptr(), y.data_ptr(), x.numel(),
                                                            parameters))

        return call


class Cuda:
    """Time as the device has it."""

    def __init__(self, torch):
        self.torch = torch
        self.name = torch.cuda.get_device_name()

    def seconds(self, call, calls):
        start, stop = (self.torch.cuda.Event(enable_timing=True) for _ in range(2))
        start.record()
        for _ in range(calls):
            call()
        stop.record()
        stop.synchronize()
        return start.elapsed_time(stop) * 1e-3 / calls


class Cpu:
    """Time of one core."""

    def __init__(self, torch):
        torch.set_num_threads(1)
        self.name = "one core of the CPU"

    def seconds(self, call, calls):
        start = time.thread_time()
        for _ in range(calls):
            call()
        return (time.thread_time() - start) / calls


def every_pattern(torch, name):
    """All patterns of a half type; of f32 2^22, an odd stride apart."""
    if name == "f32":
        bits = (torch.arange(1 << 22, dtype=torch.int64) * 1025 * 1023) % (1 << 32)
        return (bits - (bits >> 31 << 32)).to(torch.int32).view(torch.float32)
    bits = torch.arange(1 << 16, dtype=torch.int64)
    return (bits - (bits >> 15 << 16)).to(torch.int16).view(getattr(torch, TYPES[name]))


def worst_ulp(torch, name, got, exact):
    """The largest error where the exact value is a finite number of the type, and how often the kinds differ."""
    precision, least = PRECISION[name]
    largest = (2 - 2.0 ** (1 - precision)) * 2.0 ** (15 if name == "f16" else 127)
    got, exact = got.double().cpu(), exact.cpu()
    finite = torch.isfinite(exact) & (exact.abs() <= largest)
    kinds = int((torch.isnan(got) != torch.isnan(exact)).sum() + (finite & torch.isinf(got)).sum())
    number = finite & torch.isfinite(got)
    got, exact = got[number], exact[number]
    _, exponent = torch.frexp(exact)
    ulp = torch.ldexp(torch.ones_like(exact), torch.clamp(exponent - 1, min=least) - (precision - 1))
    errors = (got - exact).abs() / ulp
    return (float(errors.max()) if errors.numel() else 0.0), int((errors > 1).sum()), kinds


def median_with_interval(values):
    """Median, and the order statistics that hold it with at least 95 %."""
    values = sorted(values)
    n, k, missed = len(values), 0, 0.0
    while missed + 2 * math.comb(n, k) / 2**n <= 0.05:
        missed += 2 * math.comb(n, k) / 2**n
        k += 1
    k = max(0, k - 1)
    return statistics.median(values), values[k], values[n - 1 - k]


def write(table, file):
    writer = csv.DictWriter(file, list(table[0]))
    writer.writeheader()
    writer.writerows(table)


def save(table, path):
    """The file whole, or as it was."""
    with open(f"{path}.part", "w", encoding="utf-8", newline="") as file:
        write(table, file)
    os.replace(f"{path}.part", path)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", 1)[0])
    parser.add_argument("library")
    parser.add_argument("--device", choices=["cuda", "cpu"], default="cuda")
    parser.add_argument("--elements", type=int, help="default: 2^28 on a device, 2^20 on the CPU")
    parser.add_argument("--budget", type=float, default=100, help="seconds, about; default 100")
    parser.add_argument("--activations", default=",".join(FORWARD), help="default: all that PyTorch has")
    parser.add_argument("--csv", help="where to write; default: stdout")
    options = parser.parse_args()
    unknown = [a for a in options.activations.split(",") if a not in FORWARD]
    if unknown:
        fail(2, f"PyTorch has no {', '.join(unknown)}, only {', '.join(FORWARD)}")
    try:
        import torch
        import torch.nn.functional as functional
    except ImportError:
        fail(3, "this Python has no torch; any other that has it can run this file")
    if options.device == "cuda" and not torch.cuda.is_available():
        fail(3, f"PyTorch {torch.__version__} sees no CUDA device; --device cpu compares on the CPU")
    library = Library(options.library)
    clock = Cuda(torch) if options.device == "cuda" else Cpu(torch)
    backend = "cuda" if options.device == "cuda" else "best"
    n = options.elements or (1 << 28 if options.device == "cuda" else 1 << 20)
    if options.device == "cuda":
        library.lib.actbench_set_cuda_stream(torch.cuda.current_stream().cuda_stream)

    start, wanted = time.monotonic(), [(a, t) for a in options.activations.split(",") for t in TYPES]
    generator = torch.Generator().manual_seed(1)
    there_generator = torch.Generator(device=options.device).manual_seed(1)
    table, chance, left_out, arrays = [], random.Random(1), [], {}
    for index, (activation, name) in enumerate(wanted):
        left = options.budget - (time.monotonic() - start)
        if left <= 0:
            left_out.append(f"{activation} {name}")
            continue
        dtype, extra = getattr(torch, TYPES[name]), OPTIONS.get(activation, {})

        def peer(x):
            return getattr(functional, FORWARD[activation])(x, **extra)

        # Errors.
        x = every_pattern(torch, name)
        x = x[torch.isfinite(x)].contiguous()
        dy = (3 * torch.randn(x.numel(), generator=generator)).to(dtype)
        wide, wide_dy = x.double(), dy.double()
        exact, exact_slope = torch.empty_like(wide), torch.empty_like(wide)
        library.find(activation, "forward/f64/accurate/best")(wide, None, exact)
        library.find(activation, "backward/f64/accurate/best")(wide, wide_dy, exact_slope)
        there, there_dy = x.to(options.device), dy.to(options.device)
        ours = {d: library.find(activation, f"{d}/{name}/accurate/{backend}") for d in ("forward", "backward")}
        errors = {}
        y, dx = torch.empty_like(there), torch.empty_like(there)
        ours["forward"](there, None, y)
        ours["backward"](there, there_dy, dx)
        errors["ours", "forward"], errors["ours", "backward"] = (worst_ulp(torch, name, y, exact),
                                                                 worst_ulp(torch, name, dx, exact_slope))
        leaf = there.detach().requires_grad_()
        result = peer(leaf)
        (gradient,) = torch.autograd.grad(result, leaf, there_dy)
        errors["torch", "forward"], errors["torch", "backward"] = (worst_ulp(torch, name, result.detach(), exact),
                                                                   worst_ulp(torch, name, gradient, exact_slope))
        # Times: calls in random order, round by round.
        if name not in arrays:
            x, dy = (torch.randn(n, generator=there_generator, device=options.device).to(dtype) for _ in range(2))
            arrays[name] = (x.mul_(3), dy, torch.empty_like(x))
        x, dy, y = arrays[name]
        leaf = x.detach().requires_grad_()
        result = peer(leaf)
        calls = {("ours", "forward"): lambda: ours["forward"](x, None, y),
                 ("ours", "backward"): lambda: ours["backward"](x, dy, y),
                 ("torch", "forward"): lambda: peer(x),
                 ("torch", "backward"): lambda: torch.autograd.grad(result, leaf, dy, retain_graph=True),
                 ("copy", "forward"): lambda: y.copy_(x)}
        with torch.no_grad():
            cost = {key: max(1e-7, min(clock.seconds(call, 1) for _ in range(2))) for key, call in calls.items()
                    if key != ("torch", "backward")}
        cost["torch", "backward"] = max(1e-7, min(clock.seconds(calls["torch", "backward"], 1) for _ in range(2)))
        each = min(0.02, left / (len(wanted) - index) * 0.8 / (ROUNDS * len(calls)))
        times = {key: [] for key in calls}
        for _ in range(ROUNDS):
            order = list(calls)
            chance.shuffle(order)
            for key in order:
                repeats = max(1, int(each / cost[key]))
                if key == ("torch", "backward"):
                    times[key].append(clock.seconds(calls[key], repeats))
                else:
                    with torch.no_grad():
                        times[key].append(clock.seconds(calls[key], repeats))
        for direction in ("forward", "backward"):
            ratio, low, high = median_with_interval(
                [t / o for t, o in zip(times["torch", direction], times["ours", direction])])
            row = {"device": clock.name, "torch": torch.__version__, "activation": activation, "direction": direction,
                   "type": name, "elements": n}
            for side in ("ours", "torch"):
                ulp, above, kinds = errors[side, direction]
                row[f"{side}_ns"] = f"{statistics.median(times[side, direction]) / n * 1e9:.6g}"
                row[f"{side}_max_ulp"] = f"{ulp:.6g}"
                row[f"{side}_above_1_ulp"], row[f"{side}_wrong_kind"] = above, kinds
            row["copy_ns"] = f"{statistics.median(times['copy', 'forward']) / n * 1e9:.6g}"
            row["torch_over_ours"], row["low"], row["high"] = f"{ratio:.4g}", f"{low:.4g}", f"{high:.4g}"
            table.append(row)
        print(f"\r{index + 1} of {len(wanted)}", end="", file=sys.stderr, flush=True) if sys.stderr.isatty() else None
        if options.csv:
            save(table, options.csv)
    if left_out:
        print(f"compare_torch: the budget of {options.budget:g} s did not reach for {', '.join(left_out)}", file=sys.stderr)
    if not table:
        fail(3, "nothing was measured; give it more --budget")
    if not options.csv:
        write(table, sys.stdout)


if __name__ == "__main__":
    main()
