"""Proposers made of proposers: the best of several draws, and a mixture that learns whom to ask.

Covered: state that follows from the history alone, so that a resumed run goes on exactly. Not covered:
drawing side by side.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from labkit.errors import BadInput
from labkit.stats import Outcome

from .study import Candidate, Trajectory, Turn
from .task import CodeTask

Look = Callable[[Candidate], Outcome]


@dataclass(frozen=True)
class BestOf:
    """Up to n distinct draws a turn; the one whose cheap look costs least, or the first without a look."""

    n: int
    proposer: Any
    look: Look | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not isinstance(self.n, int) or self.n < 1:
            raise BadInput(f"n={self.n!r}: give a whole number from 1 on")

    @property
    def name(self) -> str:
        return f"best of {self.n} of {_name(self.proposer)}"

    def for_trajectory(self, k: int) -> BestOf:
        return replace(self, proposer=_forward(self.proposer, "for_trajectory", k))

    def bind(self, look: Look) -> BestOf:
        return replace(self, look=look, proposer=_forward(self.proposer, "bind", look))

    def propose(self, task: CodeTask, history: Sequence[Turn]) -> Candidate | None:
        drawn, seen = [], list(history)
        while len(drawn) < self.n and (one := self.proposer.propose(task, seen)) is not None:
            drawn.append(one)
            unrun = Outcome("not_run", {}, "drawn in this turn")
            seen.append(Turn(history[-1].trajectory, len(seen), one, unrun, None, False, "drawn", 1.0))
            if one.problem:
                break
        if not drawn:
            return None
        fine = {each.source: each for each in reversed(drawn) if not each.problem}
        chosen = self._best(list(reversed(fine.values()))) if fine else drawn[0]
        units = {unit for each in drawn for unit in each.spent}
        return replace(chosen, spent={u: sum(each.spent.get(u, 0) for each in drawn) for u in sorted(units)})

    def _best(self, candidates: list[Candidate]) -> Candidate:
        if self.look is None or len(candidates) == 1:
            return candidates[0]
        return min(candidates, key=lambda candidate: _cost(self.look(candidate)))


def _cost(outcome: Outcome) -> tuple[bool, float]:
    """Right ones first, then by the judge's objective."""
    cost = outcome.detail.get("cost")
    return not outcome.ok, math.inf if cost is None else cost


@dataclass(frozen=True)
class Mix:
    """Asks one proposer a turn, drawn by `weights`, and the others where it has nothing.

    `weights="bandit"`: Thompson draws over mean log-gains, by origin, from the history alone.
    """

    proposers: tuple[Any, ...]
    weights: Sequence[float] | str | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "proposers", tuple(self.proposers))
        if not self.proposers:
            raise BadInput("proposers is empty: give at least one")
        given = self.weights
        if given is None or given == "bandit":
            return
        wrong = isinstance(given, str) or len(given) != len(self.proposers)
        if wrong or min(given) < 0 or not 0 < sum(given) < math.inf:
            raise BadInput(f"weights={given!r}: give 'bandit', or a weight from 0 on for each proposer")

    @property
    def name(self) -> str:
        return f"mix ({self.weights or 'even'}) of {', '.join(map(_name, self.proposers))}"

    def for_trajectory(self, k: int) -> Mix:
        inner = tuple(_forward(each, "for_trajectory", k) for each in self.proposers)
        return replace(self, proposers=inner, seed=self.seed * 1_000_003 + k)

    def bind(self, look: Look) -> Mix:
        return replace(self, proposers=tuple(_forward(each, "bind", look) for each in self.proposers))

    def propose(self, task: CodeTask, history: Sequence[Turn]) -> Candidate | None:
        for i in self._order(history):
            if (candidate := self.proposers[i].propose(task, history)) is not None:
                return candidate
        return None

    def _order(self, history: Sequence[Turn]) -> list[int]:
        rng = random.Random(f"{self.seed} {len(history)}")
        places = range(len(self.proposers))
        if self.weights == "bandit":
            return sorted(places, key=lambda i: -self._draw(rng, self._gains(i, history)))
        weights = self.weights or [1.0] * len(self.proposers)
        keys = {i: rng.random() ** (1 / weights[i]) if weights[i] else -rng.random() for i in places}
        return sorted(places, key=lambda i: -keys[i])

    def _draw(self, rng: random.Random, gains: Sequence[float]) -> float:
        return rng.gauss((0.1 + sum(gains)) / (1 + len(gains)), 0.3 / math.sqrt(1 + len(gains)))

    def _gains(self, i: int, history: Sequence[Turn]) -> list[float]:
        """The log-gain of each turn that was this proposer's, 0 where it was rejected."""
        found = []
        for n, turn in enumerate(history[1:], 1):
            if _family(turn.candidate.origin) in _families(self.proposers[i]):
                before = Trajectory(tuple(history[:n])).best.cost_ratio
                found.append(max(0.0, math.log(before / turn.cost_ratio)) if turn.accepted else 0.0)
        return found


def _family(origin: str) -> str:
    return origin.partition(":")[0] if origin.startswith("rewrite:") else origin


def _families(proposer: Any) -> set[str]:
    """The origins a proposer gives; a wrapper's are those of what it wraps."""
    inner = getattr(proposer, "proposers", None) or [getattr(proposer, "proposer", None)]
    if inner != [None]:
        return set().union(*(_families(each) for each in inner))
    named = getattr(proposer, "_origin", None) or getattr(proposer, "origin", None)
    return {named or ("rewrite" if hasattr(proposer, "rewrites") else _name(proposer))}


def _name(proposer: Any) -> str:
    return getattr(proposer, "name", type(proposer).__name__)


def _forward(proposer: Any, method: str, argument: Any) -> Any:
    return getattr(proposer, method)(argument) if hasattr(proposer, method) else proposer
