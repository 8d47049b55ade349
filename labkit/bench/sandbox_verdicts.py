"""How often `sandbox.compare` is right, on pairs whose answer is known: parts of `labkit bench sandbox`.

Each program does one small piece of work so many times, so its CPU time goes with that number. What it
does besides (a few milliseconds to compile and to end) is the same in both, so that what the sandbox
sees differs a little less than the work does: a handicap, never a help.
Not covered: pairs that differ in memory or only in their wall time.
"""

from __future__ import annotations

import math
import os
import random
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from labkit.bench import share, ticker
from labkit.sandbox import ProgramFailed, compare
from labkit.sandbox.broker import python
from labkit.stats import Figure


@dataclass(frozen=True)
class Kind:
    """A piece of work, and how many of it take about 10 ms: a multiple of 20, so that 5 % more is exact."""

    before: str
    body: str
    in_10_ms: int

    def program(self, ms: int, factor: float = 1.0) -> str:
        times = round(self.in_10_ms * ms / 10 * factor)
        return f"{self.before}for _ in range({times}):\n    {self.body}\n"


KINDS = {
    "integer loop": Kind("", "total = 0\n    for i in range(400): total += i * i", 240),
    "list building": Kind("", "items = [j * 3 for j in range(400)]", 700),
    "string joining": Kind("", "text = ','.join([str(j) for j in range(200)])", 600),
    "dict building": Kind("", "table = {j: j for j in range(400)}", 560),
    "sorting": Kind("data = [j * 7919 % 1009 for j in range(200)]\n", "ordered = sorted(data)", 1320),
}
_BUSY = "import os\nwhile os.getppid() == {parent}:\n    for _ in range(100_000): pass"


def verdicts(what: str, factor: float, trials: int, ms: int, *, wrong: bool = False) -> Figure:
    """Share of comparisons that give the right direction (`wrong`: that do not; a tie is none)."""
    tick, right = ticker(what, trials), 0
    for kind, slow_first in _design(trials):
        pair = KINDS[kind].program(ms), KINDS[kind].program(ms, factor)
        right += _answer(*reversed(pair) if slow_first else pair) == ("faster" if slow_first else "slower")
        tick()
    return share(trials - right if wrong else right, trials)


def ties(what: str, trials: int, ms: int) -> Figure:
    """Share of comparisons of a program with itself that say tie."""
    tick, tied = ticker(what, trials), 0
    for kind, _ in _design(trials):
        tied += _answer(KINDS[kind].program(ms), KINDS[kind].program(ms)) == "tie"
        tick()
    return share(tied, trials)


def _design(trials: int) -> list[tuple[str, bool]]:
    """(kind, whether the slow one comes first), all equally often, in random order; a few are a sample."""
    cells = [(kind, slow_first) for kind in KINDS for slow_first in (False, True)]
    return random.sample(cells * math.ceil(trials / len(cells)), trials)


def _answer(a: str, b: str) -> str:
    try:
        return compare(a, b).answer
    except ProgramFailed as error:
        return str(error)


@contextmanager
def loaded() -> Iterator[list[subprocess.Popen]]:
    """As many busy processes as cores, at normal priority, until the block ends."""
    command = [python(), "-I", "-S", "-c", _BUSY.format(parent=os.getpid())]
    with ExitStack() as stack:
        processes = []
        for _ in os.sched_getaffinity(0):
            processes.append(stack.enter_context(subprocess.Popen(command)))
            stack.callback(processes[-1].kill)
        yield processes
