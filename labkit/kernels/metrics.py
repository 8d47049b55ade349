"""What a set of judged kernels adds up to: fast_p, medians, best@k.

As KernelBench (2502.10517) and Kevin (2507.11948) define them. Never a mean of speedups alone: one outlier
makes it (CUDA-L1's 3.12x mean is a 1.42x median).
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence

from labkit.stats import Outcome


def speedup(outcome: Outcome) -> float:
    """Over the baseline; 0 for a kernel that is wrong, as in the papers."""
    return outcome.figures["speedup"].value if outcome.ok and "speedup" in outcome.figures else 0.0


def fast_p(outcomes: Sequence[Outcome], p: float) -> float:
    """Share of the tasks with a right kernel over `p` times as fast as the baseline (2502.10517, eq. 1)."""
    return sum(speedup(outcome) > p for outcome in outcomes) / len(outcomes) if outcomes else 0.0


def geometric_mean(values: Sequence[float]) -> float:
    """Of the positive ones; nan without any.

    >>> geometric_mean([1.0, 4.0])
    2.0
    """
    logs = [math.log(value) for value in values if value > 0]
    return math.exp(statistics.fmean(logs)) if logs else math.nan


def best_at_k(trajectories: Sequence[Sequence[Outcome]]) -> float:
    """The best speedup of any turn of k trajectories of one task; 0 without a right kernel."""
    return max((speedup(outcome) for turns in trajectories for outcome in turns), default=0.0)


def avg_at_k(trajectories: Sequence[Sequence[Outcome]]) -> float:
    """Mean over k trajectories of each one's best turn, failures as 0."""
    return statistics.fmean(best_at_k([turns]) for turns in trajectories) if trajectories else 0.0


def turn_score(outcome: Outcome) -> float:
    """Kevin's score of a turn: 0.3 for a right kernel and its speedup; 0 for a wrong one (2507.11948)."""
    return 0.3 + speedup(outcome) if outcome.ok else 0.0


def returns(scores: Sequence[float], gamma: float = 0.4) -> list[float]:
    """Discounted return of each turn: what its successors scored counts for it (2507.11948: sum, γ = 0.4).

    >>> [round(r, 3) for r in returns([0, 0.8, 1.3, 1.55])]
    [0.627, 1.568, 1.92, 1.55]
    """
    found: list[float] = []
    after = 0.0
    for score in reversed(scores):
        after = score + gamma * after
        found.append(after)
    return found[::-1]
