# SPDX-License-Identifier: Apache-2.0
"""Every shell script is as shellcheck would have it."""

import os
import re
import shutil
import subprocess
import sys
import tempfile

SOURCE = os.environ["ACTBENCH_SOURCE_DIR"]


def scripts():
    """The files of the repository that a shell reads, by their first line or their name."""
    for folder in (".ci", "scripts", "tests"):
        for path, _, names in os.walk(os.path.join(SOURCE, folder)):
            for name in sorted(names):
                file = os.path.join(path, name)
                with open(file, "rb") as opened:
                    if name.endswith(".sh") or re.match(rb"#!.*\b(ba|da|)sh\b", opened.readline(200)):
                        yield file


def check(*files):
    return subprocess.run(["shellcheck", "--external-sources", *files], cwd=SOURCE, stdout=subprocess.PIPE, text=True, check=False)


def main():
    if shutil.which("shellcheck") is None:
        print("skipped: there is no shellcheck here")
        return 77
    found = list(scripts())
    if os.path.join(SOURCE, "scripts", "test") not in found:
        sys.exit(f"scripts/test is not among the scripts found: {found}")
    result = check(*found)
    print(result.stdout, end="")
    with tempfile.TemporaryDirectory() as folder:
        defect = os.path.join(folder, "defect")
        with open(defect, "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\nrm -rf $1/*\n")
        if "SC2086" not in check(defect).stdout:
            sys.exit("the seeded defect was not seen")
    print(f"{len(found)} scripts checked; the seeded defect was seen")
    return result.returncode


if __name__ == "__main__":
    sys.exit(main())
