"""Figures that say how they were got, and comparisons that know what noise is.

Covered: figures with intervals, a bootstrap interval, an always-valid interval for paired ratios.
Not covered: anything that needs numpy; the rooms that use tensors do their own arithmetic.
"""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from labkit.errors import BadInput

How = Literal["measured", "simulated", "estimated", "modelled"]
HOWS: tuple[str, ...] = ("measured", "simulated", "estimated", "modelled")


@dataclass(frozen=True)
class Figure:
    """A number with its unit, how it was got, its 95 % interval and its sample count.

    >>> str(Figure(3.14159, "x", "measured", 3.0, 3.3, n=12))
    '3.14 x [3, 3.3] (measured, n=12)'
    """

    value: float
    unit: str
    how: How
    lo: float | None = None
    hi: float | None = None
    n: int = 1

    def __post_init__(self) -> None:
        if self.how not in HOWS:
            raise ValueError(f"how={self.how!r}: a figure is one of {', '.join(HOWS)}")

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Figure:
        return cls(**{k: data.get(k) for k in ("value", "unit", "how", "lo", "hi")}, n=data.get("n", 1))

    def overlaps(self, other: Figure) -> bool | None:
        """Whether the two intervals meet; None where either figure has none."""
        if None in (self.lo, self.hi, other.lo, other.hi):
            return None
        return self.lo <= other.hi and other.lo <= self.hi

    def __str__(self) -> str:
        interval = "" if self.lo is None or self.hi is None else f" [{self.lo:.3g}, {self.hi:.3g}]"
        return f"{self.value:.3g} {self.unit}{interval} ({self.how}, n={self.n})"


@dataclass(frozen=True)
class Verdict:
    """Outcome of a paired comparison: `ratio` = candidate's cost / incumbent's, below 1 is better.

    `how`: "modelled" where the costs that were compared are.
    """

    answer: Literal["faster", "slower", "tie"]
    ratio: float
    lo: float
    hi: float
    n: int
    how: How = "measured"

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Verdict:
        """From what a record holds, where an end at infinity is null."""
        return cls(**{**data, "hi": math.inf if data["hi"] is None else data["hi"]})

    def speedup(self) -> Figure:
        """The same comparison the way people quote it: incumbent's cost / candidate's."""
        inverse = [1 / x if x else math.inf for x in (self.ratio, self.hi, self.lo)]
        return Figure(inverse[0], "x", self.how, inverse[1], inverse[2], self.n)


def bootstrap(
    values: Sequence[float],
    statistic: Callable[[Sequence[float]], float] = statistics.fmean,
    *,
    level: float = 0.95,
    resamples: int = 2000,
    seed: int = 0,
) -> tuple[float, float]:
    """Percentile bootstrap interval of `statistic` over `values` (looked at once, never as a stop rule)."""
    rng = random.Random(seed)
    n = len(values)
    draws = sorted(statistic(rng.choices(values, k=n)) for _ in range(resamples))
    tail = (1 - level) / 2
    return draws[int(tail * resamples)], draws[min(resamples - 1, int((1 - tail) * resamples))]


def sign_evidence(n: int, k: int) -> float:
    """E-value against "the median is 0" after n signs of which k are positive.

    A uniform mixture of bets on a biased coin: 2^n · B(k+1, n-k+1). Under the null it is a
    martingale that starts at 1, so (Ville) it ever exceeds 1/α with probability at most α,
    however often one looks.
    """
    log = n * math.log(2) + math.lgamma(k + 1) + math.lgamma(n - k + 1) - math.lgamma(n + 2)
    return math.exp(log) if log < 700 else math.inf


def median_interval(values: Sequence[float], *, level: float = 0.95) -> tuple[float, float]:
    """Always-valid, distribution-free interval for the median of `values`.

    Inverts `sign_evidence`: a point is left out when the signs around it are too lopsided for a
    median. It may be looked at after every sample. Infinite until there are enough samples.

    >>> median_interval([1.0] * 4)
    (-inf, inf)
    >>> median_interval([0.9, 1.0, 1.1] * 6)
    (0.9, 1.1)
    """
    n, ordered = len(values), sorted(values)
    outside = [k for k in range((n + 1) // 2) if sign_evidence(n, k) >= 1 / (1 - level)]
    if not outside:
        return -math.inf, math.inf
    return ordered[outside[-1]], ordered[n - 1 - outside[-1]]


FEW_PAIRS = 4  # enough to see that there is no gain to speak of


def taking_turns(
    incumbent: Callable[[], float], candidate: Callable[[], float]
) -> Callable[[int], tuple[float, float]]:
    """The `pairs` of compare_paired; each goes first in turn, as the second may find warmer caches."""

    def pair(i: int) -> tuple[float, float]:
        if i % 2:
            second = candidate()
            return incumbent(), second
        return incumbent(), candidate()

    return pair


def compare_paired(
    pairs: Callable[[int], tuple[float, float]],
    *,
    max_pairs: int = 40,
    min_pairs: int = 10,
    margin: float = 0.02,
    least_gain: float | None = None,
    level: float = 0.95,
    stop: Callable[[], bool] = lambda: False,
    watch: Callable[[Verdict], Any] | None = None,
) -> Verdict:
    """Draw interleaved pairs until the interval of candidate/incumbent excludes 1, or the budget ends.

    `pairs(i)` returns (incumbent, candidate), both positive costs in one unit. A ratio whose
    interval contains 1, or that is within `margin` of 1, is a tie; an interval that lies within `margin`
    of 1 ends the comparison early. `least_gain`: a gain below it is not looked for: when the median of the
    first pairs shows less, that is a tie at once (which can lose a small gain, and never invents one).
    `watch` is called with the verdict as it stands after each pair.
    """
    if not 1 <= min_pairs <= max_pairs:
        raise BadInput(f"min_pairs={min_pairs}, max_pairs={max_pairs}: a verdict needs 1 <= min <= max")
    if not isinstance(margin, int | float) or not 0 <= margin < 1:
        raise BadInput(f"margin={margin!r}: give a relative difference from 0 to below 1")
    logs: list[float] = []
    lo, hi = -math.inf, math.inf

    def verdict() -> Verdict:
        middle = statistics.median(logs) if logs else 0.0
        decided = not lo <= 0 <= hi and abs(middle) >= math.log1p(margin) and len(logs) >= min_pairs
        answer = ("faster" if middle < 0 else "slower") if decided else "tie"
        return Verdict(answer, math.exp(middle), math.exp(lo), math.exp(hi), len(logs))

    while len(logs) < max_pairs and not stop():
        incumbent, candidate = pairs(len(logs))
        logs.append(math.log(candidate / incumbent))
        lo, hi = median_interval(logs, level=level)
        if watch:
            watch(verdict())
        early = least_gain is not None and FEW_PAIRS <= len(logs) < min_pairs
        if early and statistics.median(logs) > -math.log1p(least_gain):
            break
        small = -math.log1p(margin) < lo and hi < math.log1p(margin)
        if len(logs) >= min_pairs and (small or not lo <= 0 <= hi):
            break
    return verdict()


@dataclass(frozen=True)
class Outcome:
    """What running a candidate showed: a named status, figures, and words for whoever proposes next."""

    status: str
    figures: Mapping[str, Figure] = field(default_factory=dict)
    feedback: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return self.status == "ok"

    def to_json(self) -> dict[str, Any]:
        return {
            "status": self.status,
            "figures": {name: figure.to_json() for name, figure in self.figures.items()},
            "feedback": self.feedback,
            "detail": dict(self.detail),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Outcome:
        figures = {name: Figure.from_json(f) for name, f in data.get("figures", {}).items()}
        return cls(data["status"], figures, data.get("feedback", ""), data.get("detail", {}))
