"""Counting instructions by valgrind, where the machine's own counter is not to be had.

Cachegrind's counts repeat to about 0.01 %, whatever else the machine does, at some 50 times the time.
What it writes comes out of the sandbox, from the program's own process: a count that does not stand there
exactly once is withheld. Use it to break ties between honest programs.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import replace

from labkit.errors import BadInput
from labkit.stats import Figure

from .results import Execution

_COUNT = re.compile(r"^==\d+== I +refs: +([\d,]+)\n", re.MULTILINE)
_LINES = re.compile(r"^(==|--)\d+\1.*\n?", re.MULTILINE)


def valgrind() -> list[str]:
    """The command in front of the program's own. BadInput where there is no valgrind."""
    found = shutil.which("valgrind")
    if not found:
        raise BadInput("count='cachegrind' needs valgrind: apt-get install valgrind")
    # children counted too: whoever execs another program is found out by a second count
    options = (
        "--trace-children=yes",
        "--cache-sim=no",
        "--cachegrind-out-file=/dev/null",
        "--vgdb=no",
        "--log-fd=2",
    )
    return [found, "--tool=cachegrind", *options]


def counted(done: Execution, count: str) -> Execution:
    """With cachegrind: its lines taken out of the standard error, and its count as a figure."""
    if count != "cachegrind":
        return done
    counts = _COUNT.findall(done.stderr)
    clean = replace(done, stderr=_LINES.sub("", done.stderr))
    if len(counts) != 1:
        return replace(
            clean, detail=clean.detail or "instructions not counted: valgrind gave no single count"
        )
    figure = Figure(int(counts[0].replace(",", "")), "instructions", "measured")
    return replace(clean, figures={**clean.figures, "instructions": figure})
