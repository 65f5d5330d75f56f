# SPDX-License-Identifier: Apache-2.0
"""Every coefficient of the kernels is what scripts/fit makes, bit for bit, and a wrong one is found.

Takes Python's mpmath, and for some files sollya; without that one, what names a script of sollya's is left out.
"""

import contextlib
import importlib.util
import io
import os
import pathlib
import shutil
import sys
import tempfile
import unittest
import unittest.mock

SOURCE = pathlib.Path(os.environ["ACTBENCH_SOURCE_DIR"])
FIT = SOURCE / "scripts" / "fit"
sys.path.insert(0, str(FIT))
sys.dont_write_bytecode = True
import check  # noqa: E402  # pylint: disable=wrong-import-position


class Coefficients(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.with_sollya = shutil.which("sollya") is not None
        made = map(check.made_by, check.SCRIPTS)
        cls.streams = [stream for stream in made if stream is not None]

    def unmade(self, kernels):
        return [(path.relative_to(kernels).as_posix(), sentence) for path, _, sentence in check.unmade(kernels, self.streams)
                if self.with_sollya or ".sollya" not in path.read_text(encoding="utf-8")]

    def test_every_coefficient_is_made_by_a_script(self):
        self.assertGreater(check.count(SOURCE / "kernels")[1], 500)
        self.assertEqual(self.unmade(SOURCE / "kernels"), [])

    def test_a_script_says_what_it_lacks(self):
        with unittest.mock.patch.dict(os.environ, {"PATH": "/nonexistent"}), contextlib.redirect_stderr(io.StringIO()) as said:
            self.assertIsNone(check.made_by("exp.sollya"))
        self.assertIn("there is no sollya here", said.getvalue())

    def defects(self, text):
        """The text with one coefficient changed in its last bits, the first and the last that it has."""
        places = [m for m in check.HEXADECIMAL.finditer(check.COMMENT.sub(lambda m: " " * len(m[0]), text))
                  if not check.is_short(check.number(m[0]))]
        for place in {m.start(): m for m in places[:1] + places[-1:]}.values():
            mantissa, exponent = place[0].split("p")
            digit = format(int(mantissa[-1], 16) ^ 8, "x")
            yield text[: place.start()] + mantissa[:-1] + digit + "p" + exponent + text[place.end() :]

    def test_a_wrong_coefficient_is_found(self):
        seeded = 0
        for path, text in check.sources(SOURCE / "kernels"):
            if not self.with_sollya and ".sollya" in text:
                continue
            for defect in self.defects(text):
                with tempfile.TemporaryDirectory() as folder:
                    (pathlib.Path(folder) / path.name).write_text(defect, encoding="utf-8")
                    self.assertEqual(len(self.unmade(pathlib.Path(folder))), 1, path)
                    seeded += 1
        self.assertGreater(seeded, 15)

    def test_coefficients_in_another_order_are_found(self):
        text = (SOURCE / "kernels" / "math" / "log1p_exp.hpp").read_text(encoding="utf-8")
        _, _, values = next(table for table in check.tables(text) if len(table[2]) > 3 and table[1] == "p")
        self.assertTrue(any(check.holds(stream, values) for stream in self.streams))
        self.assertFalse(any(check.holds(stream, [values[1], values[0], *values[2:]]) for stream in self.streams))
        self.assertFalse(any(check.holds(stream, values[:1] + values[2:]) for stream in self.streams))


if __name__ == "__main__":
    if importlib.util.find_spec("mpmath") is None:
        print("skipped: there is no mpmath here (apt-get install python3-mpmath)")
        sys.exit(77)
    unittest.main(argv=sys.argv[:1], verbosity=2)
