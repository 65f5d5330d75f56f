# SPDX-License-Identifier: Apache-2.0
"""The bound of the exponential of fast f32 kernels is proven by Gappa from the sources as they are, and of wrong ones it is not."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

SOURCE = pathlib.Path(os.environ["ACTBENCH_SOURCE_DIR"])
FILE = "math/working_exp.hpp"


def prove(kernels):
    return subprocess.run([sys.executable, "-B", SOURCE / "scripts" / "fit" / "proof.py", kernels], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, encoding="utf-8", check=False, env={**os.environ, "PYTHONIOENCODING": "utf-8"})


class Proof(unittest.TestCase):
    def with_defect(self, old, new):
        """What is said of the sources with the first place that fits a pattern changed."""
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / FILE
            file.parent.mkdir()
            text, places = re.subn(old, new, (SOURCE / "kernels" / FILE).read_text(encoding="utf-8"), count=1)
            self.assertEqual(places, 1, old)
            file.write_text(text, encoding="utf-8")
            return prove(pathlib.Path(folder))

    def test_it_is_proven(self):
        result = prove(SOURCE / "kernels")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertEqual(result.stdout.count("proven: "), len(result.stdout.splitlines()))
        self.assertIn("proven: σ(x)", result.stdout)

    def test_a_wrong_coefficient_is_not(self):
        # Of the first table, that of f32.
        for place in range(5):
            def wrong(table):
                numbers = table[2].split(",")
                numbers[place] = (float.fromhex(numbers[place].strip().rstrip("f")) + 2.0**-15).hex() + "f"
                return table[1] + ", ".join(numbers)

            result = self.with_defect(r"(float p\[\] = \{)([^}]*)", wrong)
            self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
            self.assertIn("not proven: e^x", result.stdout)

    def test_wrong_arithmetic_is_not(self):
        for old, new in ((r"fma\(n, V\(-sign \* E::ln2_low\), r\)", "r"),
                         (r"fma\(fma\(\w+\(p\[4\]\), square, high\), square, low\)", "fma(high, square, low)"),
                         (r"ln2_low = -0x1\.e8082ep-16f", "ln2_low = -0x1.ep-16f"), (r"log2e = 0x1\.715476p\+0f", "log2e = 0x1.72p+0f")):
            result = self.with_defect(old, new)
            self.assertEqual(result.returncode, 1, result.stdout + result.stderr)

    def test_a_wrong_power_in_a_table_is_not(self):
        result = self.with_defect(r"(\beighths\[\] = \{[^,]*, *0x[0-9a-f]*)[0-9a-f],", r"\g<1>0,")
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        self.assertIn("n 1 eighths", result.stdout.splitlines()[-3])

    def test_other_code_is_refused(self):
        for old, new, word in ((r"return fma\(e\.power, e\.growth, e\.power\);", "return e.power;", "value_of"),
                               (r"square = r \* r;", "square = sqrt(r);", "sqrt"),
                               (r"\+ scale_down<V>\(\)\)", "+ number<V>(1))", "scale_down")):
            result = self.with_defect(old, new)
            self.assertEqual(result.returncode, 2, result.stdout + result.stderr)
            self.assertRegex(result.stderr, f"cannot be read: .*{word}")
            self.assertEqual(result.stdout, "")


if __name__ == "__main__":
    if shutil.which("gappa") is None:
        print("skipped: there is no gappa here (apt-get install gappa)")
        sys.exit(77)
    unittest.main(argv=sys.argv[:1], verbosity=2)
