#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""python3 proof.py [--print] [KERNELS]: proves with Gappa how far the exponential of fast f32 kernels may be off, and σ with it.

Reads the coefficients and the operations from KERNELS/math (without it from the sources beside this script) and makes of them what
Gappa is to prove; --print prints that. docs/design/why-fast.md says what the theorem is, and what is not in it. Exit code 1 where
the proof fails, 2 where the sources have another form than this script can read, 3 where there is no gappa. A few seconds.
"""
import ast
import pathlib
import re
import shutil
import struct
import subprocess
import sys
from fractions import Fraction
from itertools import zip_longest
from math import factorial
from typing import NamedTuple

UNIT = Fraction(1, 2**24)
LEAST, MOST = -131, 131


class Way(NamedTuple):
    """A reduction of x, and what is claimed of it: for every f32 x from LEAST to MOST the result is e^x (1 + d) with |d| <= exp, that of
    σ σ(x) (1 + d) with |d| <= sigma. On the way there: up to near n is 0; beyond it the reduced argument lies within reach and is off by
    no more than argument. low_near is half a unit in the last place of near."""

    shift: str
    exp: Fraction
    sigma: Fraction
    near: Fraction
    reach: Fraction
    argument: Fraction
    low_near: Fraction


WHOLE = Way("shift", Fraction(156, 100) * UNIT, Fraction(357, 100) * UNIT, Fraction(34, 100), Fraction(34662, 100000),
            Fraction(152, 10**10), Fraction(1, 2**26))
# n in eighths, of which the last bits choose 2^(i/8) from a table: where the sources have that.
EIGHTHS = Way("shift_of_eighths", Fraction(195, 100) * UNIT, Fraction(397, 100) * UNIT, Fraction(425, 10000), Fraction(4336, 100000),
              Fraction(22, 10**10), Fraction(1, 2**29))
# Where x is hi + lo, lo is at most half a unit in the last place of hi: of 131 that is this.
LOW = Fraction(1, 2**17)
LN2_HIGH, LN2_LOW = "0x1.62e42fefa39efp-1", "0x1.abc9e3b39803fp-56"  # their sum is off by less than 2^-108


class Unreadable(Exception):
    pass


# ---- What the sources say


def squeezed(text):
    return " ".join(re.sub(r"//[^\n]*", "", text).split())


def between(text, begin, end):
    start = text.find(begin)
    stop = text.find(end, start + len(begin))
    if start < 0 or stop < 0:
        raise Unreadable(f"no '{begin}' up to '{end}'")
    return text[start + len(begin) : stop]


def number(literal):
    return Fraction(*float.fromhex(literal.rstrip("f")).as_integer_ratio())


def constants(body):
    found = {name: literal for name, literal in re.findall(r"(\w+) = (-?0x[0-9a-f.]+p[-+]?\d+)f\b", body)}
    for name, table in re.findall(r"\b(p\w*)\[\] = \{([^}]*)\}", body):
        found.update({f"{name}{i}": literal.strip() for i, literal in enumerate(table.split(","))})
    powers = re.search(r"\beighths\[\] = \{([^}]*)\}", body)
    found.update({f"power{i}": power_of(i, int(offset, 16)) for i, offset in enumerate(powers[1].split(",") if powers else ())})
    return {name: literal.rstrip("f") for name, literal in found.items()}


def power_of(i, offset):
    """What from_eighths makes of the place i of a table whose entry that is, as a literal."""
    bits = (127 << 23) + (i << 20) + offset & 0xFFFFFFFF
    return struct.unpack("f", struct.pack("I", bits))[0].hex()


class Steps:
    """Operations of the sources as single rounded steps with names, from expressions over what is named already."""

    def __init__(self):
        self.steps = []  # (name, formula over other names)

    def step(self, formula, name=None):
        name = name or f"s{len(self.steps)}"
        self.steps.append((name, formula))
        return name

    def expression(self, node, name=None):
        if isinstance(node, ast.Name):
            return self.step(node.id, name) if name else node.id
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return f"(-{self.expression(node.operand)})"
        if isinstance(node, ast.Subscript):
            return f"{node.value.id}{ast.literal_eval(node.slice)}"
        if isinstance(node, ast.Attribute) and ast.unparse(node) == "x.lo":
            return "lo"
        if isinstance(node, ast.Constant) and node.value == 1:
            return "1"
        if isinstance(node, ast.BinOp):
            sign = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}.get(type(node.op))
            if sign:
                return self.step(f"{self.expression(node.left)} {sign} {self.expression(node.right)}", name)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            arguments = [self.expression(a) for a in node.args]
            if node.func.id == "fma" and len(arguments) == 3:
                return self.step("{} * {} + {}".format(*arguments), name)
            if node.func.id in ("V", "F32") and len(arguments) == 1:
                return arguments[0]
        raise Unreadable(f"'{ast.unparse(node)}' is no operation that this script knows")

    def read(self, text, name=None):
        try:
            return self.expression(ast.parse(text.strip(), mode="eval").body, name)
        except SyntaxError:
            raise Unreadable(f"'{text.strip()}' is no expression that this script knows") from None

    def declarations(self, text):
        """Of `const V a = …, b = …`, in their order."""
        body = re.fullmatch(r"\s*(?:const )?(?:V|F32) (.*)", text, re.DOTALL)
        if not body:
            raise Unreadable(f"'{text.strip()}' declares no numbers")
        for declared in re.split(r",\s*(?=\w+ =)", body[1]):
            name, value = declared.split("=", 1)
            self.read(value, name.strip())


def read_sources(kernels):
    """The constants, the steps from x to r, for an x of one number and of two, and those from r to growth by each way, the last of
    which σ takes."""
    text = squeezed((kernels / "math" / "working_exp.hpp").read_text(encoding="utf-8"))
    body = between(text, "struct WorkingExp<F32> {", "template <class T> struct WorkingExp<Coarse<T>>")
    # Of e^x and e^-x the first: the other's numbers are the same but for their signs.
    positive = text.replace("-sign * ", "-").replace("sign * ", "").replace("sign > 0 ? r : -r", "r")
    reduction = between(positive, "reduced_argument(Number<V> x, V rounder) {", "return {z, r};")
    begin = between(reduction, "using E = WorkingExp<V>;", "if constexpr (requires { x.lo; } && precise<V>)")
    forms = []
    for last in (between(reduction, "} else {", "}"), between(reduction, "precise<V>) {", "}")):
        argument = Steps()
        for statement in filter(str.strip, begin.replace("E::", "").replace("plain(x)", "x").split(";")):
            argument.declarations(statement.replace("V r =", "V r1 ="))
        argument.read(re.sub(r"\br\b", "r1", between(last, " r =", ";").replace("E::", "")), "r")
        forms.append(argument.steps)
    function = between(text, "inline Growing<V> growing(ReducedArgument<V> x) {", "}; }")
    expected(function, "return {from_exponent(x.rounded), fma(square, WorkingExp<V>::polynomial(r, square), r)")
    growth = Steps()
    growth.declarations(between(function, "const V r = x.rest, ", ";").join(["const V ", ""]))
    polynomial = between(re.sub(r"\bF32\b", "V", body), "static V polynomial(V r, V square) {", "}")
    *declared, last = [s for s in polynomial.split(";") if s.strip()]
    for statement in declared:
        growth.declarations(statement)
    growth.read(last.strip().removeprefix("return"), "polynomial")
    growth.read("fma(square, polynomial, r)", "growth")
    expected(text, "inline V value_of(Growing<V> e) { return fma(e.power, e.growth, e.power); }")
    expected(positive, "const auto [z, r] = reduced_argument<sign>(x, V(E::shift_of_eighths + (E::bias + scale))); "
                       "const V power = from_eighths(E::eighths, z), bend = ")
    short = Steps()
    short.declarations("const V bend = " + between(positive, "from_eighths(E::eighths, z), bend = ", ";").replace("E::", ""))
    short.read(between(positive, "return fma(power, ", ", power);"), "growth")
    expected(text, "return factor / (exp_value<-1, -FastRange<V>::scale_exponent>(a.x) + scale_down<V>());")
    return constants(body), forms, [(WHOLE, growth.steps), (EIGHTHS, short.steps)]


def expected(text, code):
    if code not in text:
        raise Unreadable(f"the sources have no '{code}' any more")


# ---- The polynomial, in exact arithmetic


class Polynomial:
    """In r, its coefficients from the lowest on."""

    def __init__(self, *c):
        self.c = c

    def __add__(self, other):
        return Polynomial(*(a + b for a, b in zip_longest(self.c, other.c, fillvalue=Fraction(0))))

    def __mul__(self, other):
        c = [Fraction(0)] * (len(self.c) + len(other.c) - 1)
        for i, a in enumerate(self.c):
            for j, b in enumerate(other.c):
                c[i + j] += a * b
        return Polynomial(*c)

    def __neg__(self):
        return Polynomial(*(-a for a in self.c))

    def __sub__(self, other):
        return self + -other


def without_rounding(c, steps):
    """1 + growth as the steps would have it without rounding."""
    known = {"r": Polynomial(Fraction(0), Fraction(1)), **{name: Polynomial(number(literal)) for name, literal in c.items()}}
    for name, formula in steps:
        known[name] = eval(formula, {"__builtins__": {}}, known)  # names, +, - and * alone: Steps wrote it
    return (known["growth"] + Polynomial(Fraction(1))).c


def at(p, x):
    return sum(a * x**i for i, a in enumerate(p))


def approximation(c, steps, reach):
    """A bound of |1 + growth - e^r| / e^r for |r| <= reach without rounding, by the differences of the coefficients from Taylor's: a
    polynomial d with |d| <= |d(m)| + h |d'(m)| + h² max |d''| / 2 within h of the middle m of each of 256 pieces."""
    last = 14
    taylor = [Fraction(1, factorial(i)) for i in range(last + 1)]
    d = [a - b for a, b in zip_longest(without_rounding(c, steps), taylor, fillvalue=Fraction(0))]
    # What Taylor's series has beyond, less than twice its first term.
    beyond = 2 * reach ** (last + 1) / factorial(last + 1)
    first = [i * a for i, a in enumerate(d)][1:]
    bend = sum(i * (i - 1) * abs(a) * reach ** (i - 2) for i, a in enumerate(d) if i > 1)
    pieces = 256
    h = reach / pieces
    worst = Fraction(0)
    for k in range(pieces):
        m = -reach + (2 * k + 1) * h
        error = abs(at(d, m)) + h * abs(at(first, m)) + h * h * bend / 2 + beyond
        worst = max(worst, error / at(taylor[:4], m - h))  # Taylor's cubic is below e^r, and grows
    return worst


# ---- What Gappa proves


def decimal(value):
    """At least as large as the value, which is not negative."""
    return f"{-(-value * 10**18 // 1)}e-18"


def around(bound):
    return f"[-{decimal(bound)}, {decimal(bound)}]"


def definitions(c, steps, rounding="rnd"):
    lines = [f"{name} = {literal};" for name, literal in c.items()]
    for name, formula in steps:
        lines += [f"M{name} = {formula};", f"{name} = {rounding}(M{name});"] if " " in formula else [f"{name} = {formula};"]
    return lines


def of_argument(c, steps, way):
    """From x to r, beyond way.near."""
    with_low = any("lo" in formula.split() for _, formula in steps)
    lines = first_steps(c, steps, way) + ["H = x - n * LN2;", f"R = H{' + lo' if with_low else ''};", f"L = {LN2_HIGH} + {LN2_LOW};"]
    lines += [f"{{ (x in [{LEAST}, -{decimal(way.near)}] \\/ x in [{decimal(way.near)}, {MOST}]) /\\ LN2 - L in [-1b-108, 1b-108]",
              f"  {low_part(with_low, LOW)}-> n in [-190, 190] /\\ Mr1 - r1 in [0, 0] /\\ r in {around(way.reach)}",
              f"  /\\ r - R in {around(way.argument)} }}",
              "LN2 -> (LN2 - L) + L;",
              "n - x * log2e -> (n - (z - rounder)) + (z - Mz);",
              "H -> (x * log2e - n) * LN2 + x * (1 - log2e * LN2);",
              "Mr1 -> H + n * (LN2 - ln2_high);"]
    # Of two numbers there is a step between, that of n times the lower part of ln 2 and lo.
    between_them = [f"({name} - M{name})" for name, _ in steps[steps.index(next(s for s in steps if s[0] == "r1")) + 1 : -1]]
    return lines + [" + ".join(["r - R -> (r - Mr)", "(r1 - Mr1)", *between_them, "n * (LN2 - ln2_high - ln2_low);"])]


def first_steps(c, steps, way):
    own = {k: v for k, v in c.items() if not re.fullmatch(r"p\w*\d", k) and not k.startswith("shift")}
    lines = ["@rnd = float<ieee_32, ne>;", f"rounder = {int(number(c[way.shift])) + 127 + 64};", "x = rnd(any_x);"]
    return lines + (["lo = rnd(any_lo);"] if any("lo" in formula.split() for _, formula in steps) else []) + definitions(own, steps)


def low_part(with_low, bound):
    return f"/\\ lo in {around(bound)} " if with_low else ""


def of_near(c, steps, way):
    """That n is 0, up to way.near."""
    lines = first_steps(c, steps, way)
    return lines + [f"{{ x in {around(way.near)} {low_part('lo = rnd(any_lo);' in lines, way.low_near)}-> n in [0, 0] }}"]


def of_near_rest(steps, way):
    """What comes then: 0·a + b is b, which is a number of the type."""
    begin = next(i for i, (name, _) in enumerate(steps) if name == "n") + 1
    with_low = any("lo" in formula.split() for _, formula in steps)
    lines = ["@rnd = float<ieee_32, ne>;", "hi = rnd(any_x);"] + (["lo = rnd(any_lo);"] if with_low else [])
    lines += definitions({}, [(name, re.sub(r"^n \* \S+ \+ ", "", formula)) for name, formula in steps[begin:]])
    bound = around(way.argument) if with_low else "[0, 0]"
    return lines + [f"{{ hi in {around(way.near)} {low_part(with_low, way.low_near)}->",
                    f"  r - (hi{' + lo' if with_low else ''}) in {bound} /\\ r in {around(way.reach)} }}"]


def three_factors(result, a, b, c):
    """(1 + a)(1 + b)(1 + c) - 1, as a rule."""
    return f"{result} -> {a} + {b} + {c} + {a} * {b} + {a} * {c} + {b} * {c} + {a} * {b} * {c}"


def of_growth(c, steps, way, power=Fraction(1), power_error=Fraction(0)):
    """With y = power (1 + growth), rounded, and exact twins of all steps (X…): to e^r times what power stands for, which is off by no
    more than power_error, and from there to e^(x - n ln 2) times that."""
    own = {k: v for k, v in c.items() if re.fullmatch(r"p\w*\d", k)}
    lines = ["@rnd = float<ieee_32, ne>;"] + [f"{name} = {literal};" for name, literal in own.items()]
    lines += [f"power = {float(power).hex()};", "r = rnd(any_r);"]
    names = {name for name, _ in steps}
    for name, formula in steps + [("y", "power * growth + power")]:
        exact = re.sub(r"\b[a-z]\w*\b", lambda m: "X" + m[0] if m[0] in names else m[0], formula)
        lines += [f"{name} = rnd({formula});", f"X{name} = {exact};"]
    fitted = approximation(c, steps, way.reach)
    moved = way.argument + way.argument**2  # |e^a - 1| for |a| <= argument
    size = f"[{float(power) * 0.7}, {float(power) * 1.42}]"
    lines += [f"{{ r in {around(way.reach)} /\\ (Xy - Er) / Er in {around((1 + fitted) * (1 + power_error) - 1)} /\\",
              f"  (Er - E) / E in {around(moved)} /\\ Er in {size} /\\ E in {size} -> (y - E) / E in {around(way.exp)} }}",
              three_factors("(y - E) / E", "((y - Xy) / Xy)", "((Xy - Er) / Er)", "((Er - E) / E)") +
              " { Xy <> 0, Er <> 0, E <> 0 };",
              "$ r in 16;"]
    return lines


def of_sigma(way):
    """V is e^-x as computed, T the true one. Scaled by 2^-64 nothing here is subnormal: so many exponents. A factor in place of 1
    takes none of the errors."""
    return ["@rnd = float<24, -400, ne>;", "V = rnd(any_v);", "D = rnd(V + 1);", "Q = 1 / D;", "s = rnd(Q);",
            "W = 1 / (V + 1);", "S = 1 / (T + 1);",
            f"{{ (V - T) / T in {around(way.exp)} /\\ T in [1b-59, 1b190] /\\ V in [1b-60, 1b191] -> (s - S) / S in {around(way.sigma)} }}",
            three_factors("(s - S) / S", "((s - Q) / Q)", "((Q - W) / W)", "((W - S) / S)") + " { Q <> 0, W <> 0, S <> 0 };",
            "(Q - W) / W -> -((D - (V + 1)) / (V + 1)) / (1 + (D - (V + 1)) / (V + 1)) { D <> 0, V + 1 <> 0 };",
            "(W - S) / S -> -((V - T) / T) / (1 + (V - T) / T) * (1 - 1 / (V + 1)) { T <> 0, V <> 0, V + 1 <> 0, T + 1 <> 0 };"]


def proven(lines):
    """Whether Gappa proves it, without a rule that it only believes, nor of a contradiction; and what it says."""
    result = subprocess.run(["gappa"], input="\n".join(lines) + "\n", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                            check=False)
    harmless = re.compile(r"Warning: (renaming identifier|no need for the rewriting)")
    said = [line for line in result.stdout.splitlines() if line.strip() and not harmless.match(line)]
    return result.returncode == 0 and not said, "\n".join(said)


def reductions(c, form, steps, way):
    form = form if way is WHOLE else f"{form}, n in eighths"
    near, reach, off = f"|x| <= {float(way.near)}", f"|r| <= {float(way.reach)}", f"off by at most {float(way.argument):.3g}"
    yield f"{form}: n = 0 for {near}", of_near(c, steps, way)
    yield f"{form}: then {reach}, {off}", of_near_rest(steps, way)
    yield f"{form}: beyond, up to {LEAST} and {MOST}, {reach}, {off}", of_argument(c, steps, way)


def exponentials(c, growth, way):
    fitted = float(approximation(c, growth, way.reach) / UNIT)
    title = f"e^x is off by at most {float(way.exp / UNIT):.4g} units of 2^-24 (the polynomial by {fitted:.2g})"
    if way is WHOLE:
        yield title, of_growth(c, growth, way)
        return
    for i in range(8):
        power = number(c[f"power{i}"])
        # (1 + d)^8 = power^8 / 2^i, and so |d| is an eighth of what that is off by, and next to nothing.
        error = abs(power**8 / 2**i - 1) / 8 * (1 + Fraction(1, 2**20))
        yield f"{title}, n {i} eighths more than a whole number", of_growth(c, growth, way, power, error)


def main():
    arguments = [a for a in sys.argv[1:] if a != "--print"]
    if len(arguments) > 1 or any(a.startswith("-") for a in arguments):
        print(__doc__, file=sys.stderr)
        return 2
    if "--print" not in sys.argv and shutil.which("gappa") is None:
        print("there is no gappa here, which does the proof (apt-get install gappa)", file=sys.stderr)
        return 3
    kernels = pathlib.Path(arguments[0]) if arguments else pathlib.Path(__file__).resolve().parent.parent.parent / "kernels"
    try:
        c, forms, ways = read_sources(kernels)
    except (Unreadable, OSError) as problem:
        print(f"the exponential of fast f32 kernels cannot be read: {problem}", file=sys.stderr)
        return 2
    theorems = []
    for way, growth in ways:
        theorems += [theorem for form, steps in zip(("x", "x as hi + lo"), forms) for theorem in reductions(c, form, steps, way)]
        theorems += exponentials(c, growth, way)
    way = ways[-1][0]
    theorems += [(f"σ(x) is off by at most {float(way.sigma / UNIT):.4g} units of 2^-24, so by less than 4 ULP", of_sigma(way))]
    if "--print" in sys.argv:
        for title, lines in theorems:
            print(f"# {title}", *lines, "", sep="\n")
        return 0
    for title, lines in theorems:
        holds, said = proven(lines)
        if not holds:
            print(f"not proven: {title}\n{said}")
            return 1
        print(f"proven: {title}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
