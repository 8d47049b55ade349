"""`labkit bench sandbox`: what a confined run costs beside its peers, and how often a comparison is right.

Covered: the measure mode (a fresh interpreter a run). Not covered yet: the fork-only fast mode.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
from collections.abc import Callable

from labkit.bench import finish, interleaved, median
from labkit.sandbox import CodeJudge, Program, capabilities, run
from labkit.sandbox.broker import python
from labkit.stats import Figure

_LOOP = "def work(n):\n    total = 0\n    for i in range(n):\n        total += i * i\n    return total\n"
_INPUTS = [(150_000,)]  # about 10 ms


def main(*, quick: bool = False, json_file: str | None = None) -> int:
    times = interleaved(_peers(), 40 if quick else 300)
    ours = sorted(times["labkit"])
    figures: dict[str, Figure | None] = {
        "measure_p50_ms": median([t * 1e3 for t in ours], "ms"),
        "measure_p99_ms": Figure(ours[int(0.99 * len(ours))] * 1e3, "ms", "measured", n=len(ours)),
    }
    for peer in ("subprocess", "bwrap"):
        figures[f"measure_vs_{peer}"] = _ratio(times[peer], times["labkit"]) if peer in times else None
    on = [name for name, problem in capabilities().items() if not problem]
    figures["guards"] = Figure(len(on), "guards", "measured")
    figures["aa_tie"] = _share(1.0, "tie", 10 if quick else 200)
    figures["found_5pct"] = _share(1.05, "slower", 5 if quick else 100)
    return finish("sandbox", figures, json_file)


def _peers() -> dict[str, Callable]:
    bare = [python(), "-I", "-S", "-c", "pass"]
    actions: dict[str, Callable] = {
        "labkit": lambda: run("pass"),
        "subprocess": lambda: subprocess.run(bare, check=True),
    }
    if bwrap := shutil.which("bwrap"):
        confined = [bwrap, "--unshare-all", "--die-with-parent", "--ro-bind", "/", "/", "--", *bare]
        actions["bwrap"] = lambda: subprocess.run(confined, check=True)
    return actions


def _ratio(theirs: list[float], ours: list[float]) -> Figure:
    """Our runs a second over theirs, from the medians."""
    return Figure(statistics.median(theirs) / statistics.median(ours), "x", "measured", n=len(ours))


def _share(factor: float, wanted: str, trials: int) -> Figure:
    """Share of comparisons that say `wanted` when the candidate does `factor` times the work."""
    judge = CodeJudge()
    reference = judge.learn(Program(_LOOP, "work"), _INPUTS)
    extra = f"    extra = 0\n    for i in range(int(n * {factor - 1:.4f})):\n        extra += i * i\n"
    heavier = _LOOP.replace("    return", f"{extra}    return")
    candidate = Program(_LOOP if factor == 1.0 else heavier, "work")
    answers = [judge.compare(reference, Program(_LOOP, "work"), candidate).answer for _ in range(trials)]
    return Figure(answers.count(wanted) / trials, "share", "measured", n=trials)
