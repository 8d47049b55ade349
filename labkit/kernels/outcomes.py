"""What a judge's findings say: rejections and acceptances as outcomes, with words for the next proposer."""

from __future__ import annotations

import math
from typing import Any

from labkit.stats import Figure, Outcome

from .backends import Kernel
from .process import Problem
from .roofline import sol_score
from .tasks import Sizes, in_words
from .trials import above


def detail_of(kernel: Kernel, **more: Any) -> dict[str, Any]:
    return {"backend": kernel.backend, "tier": kernel.row.tier, **more}


def rejection(problem: Problem, sizes: Sizes, kernel: Kernel) -> Outcome:
    words = f"at {in_words(sizes)}: {problem.words}" if sizes else problem.words
    return Outcome(problem.status, {}, words, detail_of(kernel, sizes=dict(sizes)))


def _counters(shape: dict[str, Any]) -> str:
    """What it makes of the machine: bytes and FLOPs a second, and CPU time where threads share the work."""
    seconds = above(shape["wall_s"], shape["empty_s"])
    rates = [f"{shape['bytes'] / seconds / 1e9:.3g} GB/s"]
    rates += [f"{shape['flops'] / seconds / 1e9:.3g} GFLOP/s"] if shape["flops"] else []
    return ", ".join([*rates, f"{shape['cpu_s'] * 1e3:.3g} ms of CPU"])


def _sol(shape: dict[str, Any]) -> float:
    """The speed-of-light score at one shape, on this machine's roofline."""
    mine = above(shape["wall_s"], shape["empty_s"])
    return sol_score(mine, mine * shape["verdict"].speedup().value, shape["least_s"])


def accepted(kernel: Kernel, shapes: list[dict[str, Any]]) -> Outcome:
    """Right everywhere; speedups by shape, and their geometric mean."""
    speedups = [shape["verdict"].speedup() for shape in shapes]
    ends = [s.value for s in speedups], [s.lo for s in speedups], [s.hi for s in speedups]
    middle, lo, hi = (math.prod(some) ** (1 / len(some)) for some in ends)
    n = min(s.n for s in speedups)
    figures = {
        "speedup": Figure(middle, "x", "measured", lo, hi, n),
        "wall_s": Figure(sum(shape["wall_s"] for shape in shapes), "s", "measured", n=n),
        "sol": Figure(math.prod(map(_sol, shapes)) ** (1 / len(shapes)), "", "estimated"),
        "cpu_s": Figure(sum(shape["cpu_s"] for shape in shapes), "s", "measured", n=n),
    }
    lines = [
        f"{in_words(s['sizes'])}: {s['wall_s'] * 1e3:.3g} ms, {v} {s['baseline']} ({_counters(s)})"
        for s, v in zip(shapes, speedups, strict=True)
    ]
    told = [{**shape, "verdict": vars(shape["verdict"])} for shape in shapes]
    return Outcome("ok", figures, "right on every call. " + "; ".join(lines), detail_of(kernel, shapes=told))
