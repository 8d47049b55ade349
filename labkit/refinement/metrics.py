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
from labkit.stats import Figure, How, Outcome, bootstrap

from .population import Population, key_of

BEYOND = {"beyond_time": "time", "beyond_memory": "memory", "beyond_integral": "integral"}
PUBLISHED_DRAWS, PUBLISHED_SIZE, PUBLISHED_T = 128, 4, 1.979  # bootstraps, samples in each, t(127) at 97.5 %


def beyond(values: Sequence[float], cost: float) -> float:
    """Share of `values` that are `cost` or more; 0 where there are none. BadInput for a cost that is nan.

    >>> beyond([4.0, 1.0, 2.0, 2.0], 2.0)
    0.75
    """
    if math.isnan(cost) or any(math.isnan(value) for value in values):
        raise BadInput("a cost is nan, which is neither more nor less than another: leave it out")
    return 1 - bisect_left(sorted(values), cost) / len(values) if values else 0.0


def pass_at_1(outcomes: Iterable[Outcome | None]) -> float:
    """Share of tasks whose program is right, one program a task; None is a failure.

    >>> pass_at_1([Outcome("ok"), Outcome("timeout"), None, Outcome("ok")])
    0.5
    """
    shares = [_passed(outcome) for outcome in outcomes]
    if not shares:
        raise BadInput("nothing to score: give the outcome of at least one task")
    return statistics.fmean(shares)


def _passed(outcome: Outcome | None) -> float:
    return float(outcome is not None and outcome.ok)


def published_interval(shares: Sequence[float], seed: int = 0) -> tuple[float, float]:
    """The interval that the paper's code prints: of the mean of bootstrap means, so too narrow to go by."""
    if not shares:
        raise BadInput("no shares: give that of at least one task")
    rng = random.Random(seed)
    means = [statistics.fmean(rng.choices(shares, k=PUBLISHED_SIZE)) for _ in range(PUBLISHED_DRAWS)]
    half = PUBLISHED_T * statistics.stdev(means) / math.sqrt(PUBLISHED_DRAWS)
    middle = statistics.fmean(means)
    return middle - half, middle + half


@dataclass(frozen=True)
class Scores:
    """Shares by task, in [0, 1]: `pass_at_1` and one list for each Beyond.

    `how`: "estimated" where costs are compared with those of another machine, as a record has them.
    """

    tasks: tuple[str, ...]
    shares: dict[str, tuple[float, ...]]
    how: How = "measured"

    @property
    def figures(self) -> dict[str, Figure]:
        """The means, with percentile bootstrap intervals over tasks; one task has no interval."""
        return {
            name: Figure(
                statistics.fmean(each), "share", self.how if name in BEYOND else "measured",
                *(bootstrap(each) if len(each) > 1 else ()), n=len(each),
            )
            for name, each in self.shares.items()
        }  # fmt: skip

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
        heads = ("metric", "mean [95 % over tasks]", "interval as published (128 bootstraps of 4)")
        published = {name: "[{:.3f}, {:.3f}]".format(*ends) for name, ends in self.published.items()}
        rows = "".join(
            f"<tr><th scope=row>{name}</th><td>{figure}</td><td>{published[name]}</td></tr>"
            for name, figure in self.figures.items()
        )
        head = "".join(f"<th scope=col>{words}</th>" for words in heads)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def score(results: Iterable[tuple[Population, Outcome | None]]) -> Scores:
    """Scores of one program a task; None, or an outcome that is not ok, is a failure.

    Raises BadInput for no results, and for a passing outcome that lacks a figure.
    """
    results = list(results)
    if not results:
        raise BadInput("nothing to score: give (population, outcome) of at least one task")
    shares = {"pass_at_1": tuple(_passed(outcome) for _, outcome in results)}
    for name, objective in BEYOND.items():
        shares[name] = tuple(_beyond(found, outcome, objective) for found, outcome in results)
    how = "measured" if all(found.how == "measured" for found, _ in results) else "estimated"
    return Scores(tuple(found.task for found, _ in results), shares, how)


def _beyond(found: Population, outcome: Outcome | None, objective: str) -> float:
    if outcome is None or not outcome.ok:
        return 0.0
    if (figure := outcome.figures.get(key_of(objective))) is None:
        raise BadInput(f"the outcome of {found.task} has no {key_of(objective)}: judge it with a CodeJudge")
    return beyond(found.values(objective), figure.value)
