#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws the README's picture: time against largest error of f32 forward kernels, tier by tier.

python3 docs/pictures/speed_and_error.py [FOLDER] writes speed_and_error-light.svg and speed_and_error-dark.svg into the
folder; without one, beside itself. Times and the errors of naive kernels come from reports/gallery/amd-zen5. The errors
of fast and accurate kernels over every input come from certificates.json. Each kernel is the fastest backend of its
activation and tier. Gated units and functions over rows are left out, since they take more than one input. It prints
gelu's numbers.
"""

import csv
import json
import math
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..")
GALLERY = os.path.join(ROOT, "reports", "gallery", "amd-zen5")

WIDTH, HEIGHT = 880, 470
LEFT, RIGHT, TOP, BOTTOM = 74, 24, 70, 58
LEAST_NS, MOST_NS = 0.015, 30
NAMED = ("gelu", "sigmoid", "tanh", "mish")
TIERS = ("naive", "fast", "accurate")
COLOURS = {
    "light": {"paper": "#ffffff", "ink": "#1f2328", "faint": "#59636e", "grid": "#d8dee4",
              "naive": "#bc4c00", "fast": "#0969da", "accurate": "#1a7f37"},
    "dark": {"paper": "#0d1117", "ink": "#e6edf3", "faint": "#9198a1", "grid": "#30363d",
             "naive": "#f0883e", "fast": "#58a6ff", "accurate": "#3fb950"},
}


def read(name):
    with open(os.path.join(GALLERY, name), encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["direction"] == "forward" and row["type"] == "f32"]


def largest_errors():
    """By activation and tier, in ULP: certified for every input, else the worst that a sample and a search found."""
    errors = {}
    for row in read("accuracy.csv"):
        key = row["activation"], row["tier"]
        errors[key] = max(errors.get(key, 0), float(row["max_ulp"]))
    with open(os.path.join(ROOT, "certificates.json"), encoding="utf-8") as file:
        certificates = json.load(file)["certificates"]
    certified = {}
    for certificate in certificates:
        activation, direction, number_type, tier = certificate["kernel"].split("/")
        if (direction, number_type) == ("forward", "f32"):
            certified[activation, tier] = float(certificate["max_ulp"])
    return errors | certified, {activation for activation, _ in certified}


def points():
    """(activation, tier) to (ns, max ULP), of the fastest backend."""
    errors, activations = largest_errors()
    times = {}
    for row in read("performance.csv"):
        key = row["activation"], row["tier"]
        if row["activation"] in activations:
            times[key] = min(times.get(key, math.inf), float(row["ns_per_element"]))
    return {key: (ns, errors[key]) for key, ns in times.items()}


def x_of(ns):
    share = math.log(ns / LEAST_NS) / math.log(MOST_NS / LEAST_NS)
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def y_of(ulp):
    """The number of doublings above 0.5 ULP, on a logarithmic scale; infinity has a line of its own above."""
    if math.isinf(ulp):
        return TOP + 22
    share = math.log10(1 + math.log2(max(ulp, 0.5) / 0.5)) / math.log10(1 + math.log2(1e17))
    return HEIGHT - BOTTOM - 16 - share * (HEIGHT - TOP - BOTTOM - 66)


def marker(tier, x, y, colour):
    if tier == "naive":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="{colour}" fill-opacity="0.8"/>'
    if tier == "fast":
        return f'<rect x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8" fill="{colour}" fill-opacity="0.8"/>'
    return f'<path d="M{x:.1f} {y - 5.5:.1f}l5.5 5.5l-5.5 5.5l-5.5-5.5z" fill="{colour}" fill-opacity="0.8"/>'


def text(x, y, words, colour, size=13, anchor="start", extra=""):
    at = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{extra}'
    return f'<text {at} fill="{colour}" font-size="{size}">{words}</text>'


def axes(c):
    parts = []
    for label in ("0.02", "0.05", "0.1", "0.2", "0.5", "1", "2", "5", "10", "20"):
        x = x_of(float(label))
        parts.append(f'<path d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="{c["grid"]}"/>')
        parts.append(text(x, HEIGHT - BOTTOM + 18, label, c["faint"], 12, "middle"))
    for ulp, label in ((0.5, "≤ 0.5"), (1, "1"), (4, "4"), (100, "100"), (1e4, "10⁴"), (1e7, "10⁷"), (1e15, "10¹⁵"),
                       (math.inf, "∞, NaN")):
        y = y_of(ulp)
        parts.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="{c["grid"]}"/>')
        parts.append(text(LEFT - 8, y + 4.5, label, c["faint"], 12, "end"))
    words = "nanoseconds an element, one core, arrays in the L1 cache"
    parts.append(text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 14, words, c["faint"], 13, "middle"))
    middle = (TOP + HEIGHT - BOTTOM) / 2
    turned = f' transform="rotate(-90 18 {middle:.0f})"'
    parts.append(text(18, middle, "largest error, ULP", c["faint"], 13, "middle", turned))
    return parts


def legend(c, number):
    parts = [text(LEFT, 24, f"f32, forward: {number} activations, three tiers; AMD EPYC (Zen 5)", c["ink"], 16)]
    x = LEFT + 6
    for tier, words in zip(TIERS, ("naive: the textbook formula, worst found", "fast: at most 4 ULP, every input",
                                   "accurate: correctly rounded, every input")):
        parts += [marker(tier, x, 46, c[tier]), text(x + 11, 50.5, words, c["ink"], 12)]
        x += 28 + 6.3 * len(words)
    return parts


def picture(c, found):
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
             f'width="{WIDTH}" height="{HEIGHT}" '
             'font-family="-apple-system, Segoe UI, Helvetica, Arial, sans-serif" role="img">',
             "<title>Time against largest error of f32 forward kernels</title>",
             f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{c["paper"]}"/>']
    parts += axes(c) + legend(c, len({activation for activation, _ in found}))
    gelu = [found["gelu", tier] for tier in TIERS]
    path = " ".join(f"{x_of(ns):.1f},{y_of(ulp):.1f}" for ns, ulp in gelu)
    parts.append(f'<polyline points="{path}" fill="none" stroke="{c["ink"]}" stroke-dasharray="4 4" opacity="0.7"/>')
    for tier in TIERS:
        of_tier = [point for (_, t), point in sorted(found.items()) if t == tier]
        parts += [marker(tier, x_of(ns), y_of(ulp), c[tier]) for ns, ulp in of_tier]
    for tier in TIERS:
        for name in NAMED:
            ns, ulp = found[name, tier]
            above = 19 if tier == "accurate" or (name, tier) == ("sigmoid", "naive") else -11
            if tier == "naive" or name == "gelu":
                parts.append(text(x_of(ns), y_of(ulp) + above, name, c["ink"], 12, "middle"))
    return "\n".join(parts + ["</svg>", ""])


def main():
    found = points()
    folder = sys.argv[1] if len(sys.argv) > 1 else HERE
    for mode, colours in COLOURS.items():
        with open(os.path.join(folder, f"speed_and_error-{mode}.svg"), "w", encoding="utf-8") as file:
            file.write(picture(colours, found))
    for tier in TIERS:
        ns, ulp = found["gelu", tier]
        print(f"gelu {tier}: {ns:.3g} ns, {ulp:.4f} ULP")


if __name__ == "__main__":
    main()
