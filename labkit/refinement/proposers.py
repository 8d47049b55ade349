"""Proposers that need no model: the registered rewrites, tried one after another on the best so far."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from .rewrites import REGISTRY, Rewrite
from .study import Candidate, Trajectory, Turn
from .task import CodeTask


@dataclass(frozen=True)
class RewriteProposer:
    """Each rewrite at each place where it fires, on the incumbent; nothing is proposed twice.

    `order`: the seed that shuffles the rewrites; None keeps the registry's order, best first.
    """

    rewrites: tuple[Rewrite, ...] = REGISTRY
    order: int | None = None

    @property
    def name(self) -> str:
        return "rewrites" if self.order is None else f"rewrites in order {self.order}"

    def for_trajectory(self, k: int) -> RewriteProposer:
        """The first trajectory goes in order, the others each in an order of their own."""
        return self if k == 0 else RewriteProposer(self.rewrites, k)

    def propose(self, task: CodeTask, history: Sequence[Turn]) -> Candidate | None:
        incumbent = Trajectory(tuple(history)).best.candidate.source
        tried = {turn.candidate.source for turn in history}
        rewrites = list(self.rewrites)
        if self.order is not None:
            random.Random(self.order).shuffle(rewrites)
        for rewrite in rewrites:
            for source in rewrite.apply(incumbent):
                if source not in tried:
                    return Candidate(source, f"rewrite:{rewrite.name}", rewrite.summary)
        return None
