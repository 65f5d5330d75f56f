# SPDX-License-Identifier: Apache-2.0
"""What Markdown shows of a command and its output."""


def missing_line(shown, printed):
    """The first of the shown lines that is not where it should be in what was printed, or None. "…" stands for any lines
    that are left out, and at the end of a line for the rest of it."""
    at, anywhere = 0, False
    for line in shown:
        if line == "…":
            anywhere = True
            continue
        same = (lambda text: text.startswith(line[:-1])) if line.endswith("…") else (lambda text: text == line)
        end = len(printed) if anywhere else min(at + 1, len(printed))
        places = [i for i in range(at, end) if same(printed[i])]
        if not places:
            return line
        at, anywhere = places[0] + 1, False
    return None
