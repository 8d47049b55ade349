"""Pass@1 and Beyond-T/M/I as Afterburner defines them (2505.23387), with intervals over tasks.

Beyond is the share of other people's passing programs that cost as much or more: a tie counts as beaten, a
failure as 0, and the mean is over all tasks. Not covered: how the others' costs came about (see population).
"""

from __future__ import annotations

import math
import random
import statistics
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from labkit.errors import BadInput, need
from labkit.stats import Figure, Outcome, bootstrap

from .population import Population, _key

BEYOND = {"beyond_time": "time", "beyond_memory": "memory", "beyond_integral": "integral"}
PUBLISHED_DRAWS, PUBLISHED_SIZE, PUBLISHED_T = 128, 4, 1.979  # bootstraps, samples in each, t(127) at 97.5 %


def beyond(values: Sequence[float], cost: float) -> float:
    """Share of `values` (sorted, the least first) that are `cost` or more; 0 where there are none.

    >>> beyond([1.0, 2.0, 2.0, 4.0], 2.0)
    0.75
    """
    return 1 - bisect_left(values, cost) / len(values) if values else 0.0


def published_interval(shares: Sequence[float], seed: int = 0) -> tuple[float, float]:
    """The interval that the paper's code prints: of the mean of bootstrap means, so too narrow to go by."""
    rng = random.Random(seed)
    means = [statistics.fmean(rng.choices(shares, k=PUBLISHED_SIZE)) for _ in range(PUBLISHED_DRAWS)]
    half = PUBLISHED_T * statistics.stdev(means) / math.sqrt(PUBLISHED_DRAWS)
    middle = statistics.fmean(means)
    return middle - half, middle + half


@dataclass(frozen=True)
class Scores:
    """Shares by task, in [0, 1]: `passed` and one list for each Beyond."""

    tasks: tuple[str, ...]
    shares: dict[str, tuple[float, ...]]

    @property
    def figures(self) -> dict[str, Figure]:
        """The means, with percentile bootstrap intervals over tasks."""
        return {
            name: Figure(statistics.fmean(each), "share", "measured", *bootstrap(each), len(each))
            for name, each in self.shares.items()
        }

    @property
    def published(self) -> dict[str, tuple[float, float]]:
        """The paper's own intervals, for a table beside its table."""
        return {name: published_interval(each) for name, each in self.shares.items()}

    def to_frame(self):
        """One row a task (needs pandas)."""
        return need("pandas", "lab").DataFrame({"task": self.tasks, **self.shares})

    def __repr__(self) -> str:
        return "\n".join(f"{name:16} {figure}" for name, figure in self.figures.items())

    def _repr_html_(self) -> str:
        rows = "".join(f"<tr><th scope=row>{n}</th><td>{f}</td></tr>" for n, f in self.figures.items())
        return f"<table><tbody>{rows}</tbody></table>"


def score(results: Iterable[tuple[Population, Outcome | None]]) -> Scores:
    """Scores of one program a task; None, or an outcome that is not ok, is a failure."""
    results = list(results)
    if not results:
        raise BadInput("nothing to score: give (population, outcome) of at least one task")
    shares: dict[str, tuple[float, ...]] = {
        "pass_at_1": tuple(float(outcome is not None and outcome.ok) for _, outcome in results)
    }
    for name, objective in BEYOND.items():
        shares[name] = tuple(
            beyond(found.values(objective), outcome.figures[_key(objective)].value)
            if outcome is not None and outcome.ok
            else 0.0
            for found, outcome in results
        )
    return Scores(tuple(found.task for found, _ in results), shares)
