"""The proposer that needs no model: the registered rewrites, each where it fires, chosen by a bandit.

An arm is a rewrite. Its worth is the mean log-gain of its turns, shrunk towards a prior, raised while it is
little known (as UCB1 does); what it could win at a place is bounded by the share of the cost that lies there.
Covered: single rewrites, and pairs whose first alone made no difference. Not covered: longer detours.
"""

from __future__ import annotations

import difflib
import functools
import math
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from .rewrites import REGISTRY, Rewrite
from .study import Candidate, Study, Trajectory, Turn
from .task import CodeTask

PREFIX = "rewrite:"
PRIOR = 0.7  # mean log-gain that an unknown rewrite is given: a factor of two
PRIOR_TURNS = 2.0
CURIOSITY = 0.3
COLD = 0.02  # share of the cost that a place has which the profiler did not see
DEARER = 1.1  # times the cost, from where a turn is no tie for the bandit
AGAINST = 0.5  # log-gain of a turn that failed or was worse, taken off


@dataclass(frozen=True)
class RewriteProposer:
    """Each rewrite at each place where it fires, on the best program so far; nothing is proposed twice.

    `order`: a seed that perturbs the choice; None always takes the most promising. `past`: what earlier
    studies showed, `{rewrite: (turns, sum of log-gains)}`, see `learned`.
    """

    rewrites: tuple[Rewrite, ...] = REGISTRY
    order: int | None = None
    past: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return "rewrites" if self.order is None else f"rewrites in order {self.order}"

    def for_trajectory(self, k: int) -> RewriteProposer:
        """The first trajectory takes the most promising; the others each in an order of their own."""
        return self if k == 0 else replace(self, order=k)

    def learned(self, studies: Iterable[Study]) -> RewriteProposer:
        """The same proposer, knowing what paid in these studies."""
        turns = [turn for study in studies for each in study.trajectories for turn in each.turns[1:]]
        return replace(self, past=_tally(turns, self.past))

    def propose(self, task: CodeTask, history: Sequence[Turn]) -> Candidate | None:
        best = Trajectory(tuple(history)).best
        tried = {turn.candidate.source for turn in history}
        found = [each for each in self._singles(best) if each[1].source not in tried]
        if not found:
            found = [each for each in self._pairs(best, history) if each[1].source not in tried]
        if not found:
            return None
        worth, luck = self._worths(history), random.Random(f"{self.order}/{len(history)}")
        hot = best.outcome.detail.get("hot")

        def promise(each: tuple[Rewrite, Candidate]) -> float:
            value = worth[each[0].name] * _heat(best.candidate.source, each[1].source, hot)
            return value if self.order is None else value * luck.uniform(0.2, 1.0)

        return max(found, key=promise)[1]

    def _singles(self, best: Turn) -> Iterator[tuple[Rewrite, Candidate]]:
        for rewrite in self.rewrites:
            for source in _applied(rewrite, best.candidate.source):
                yield rewrite, Candidate(source, PREFIX + rewrite.name, rewrite.summary)

    def _pairs(self, best: Turn, history: Sequence[Turn]) -> Iterator[tuple[Rewrite, Candidate]]:
        """A second rewrite on what a first one left, where that passed and made no difference."""
        for turn in history[best.number + 1 :]:
            if not _neutral(turn) or "+" in turn.candidate.origin:
                continue
            for rewrite, candidate in self._singles(turn):
                second = f"{turn.candidate.origin}+{rewrite.name}"
                yield (
                    rewrite,
                    replace(candidate, origin=second, note=f"{turn.candidate.note}; then {rewrite.summary}"),
                )

    def _worths(self, history: Sequence[Turn]) -> dict[str, float]:
        """Upper estimate of each rewrite's log-gain; the registry's order decides between unknown ones."""
        known = _tally(history[1:], self.past)
        total = 1 + sum(turns for turns, _ in known.values())
        worths = {}
        for place, rewrite in enumerate(self.rewrites):
            turns, gain = known.get(rewrite.name, (0.0, 0.0))
            prior = PRIOR * (1 - place / (2 * len(self.rewrites)))
            mean = (PRIOR_TURNS * prior + gain) / (PRIOR_TURNS + turns)
            bonus = CURIOSITY * math.sqrt(math.log(1 + total) / (PRIOR_TURNS + turns))
            worths[rewrite.name] = max(0.01, mean + bonus)
        return worths


def _tally(turns: Iterable[Turn], past: Mapping[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
    """(turns, sum of log-gains) of each rewrite; a pair's gain goes to its second."""
    known = dict(past)
    for turn in turns:
        if not turn.candidate.origin.startswith(PREFIX):
            continue
        name = turn.candidate.origin.removeprefix(PREFIX).rpartition("+")[2]
        count, gain = known.get(name, (0.0, 0.0))
        known[name] = (count + 1, gain + _gain(turn))
    return known


def _neutral(turn: Turn) -> bool:
    """Whether a turn passed and made no difference; a tie in few pairs may cost clearly more."""
    return turn.verdict is not None and turn.verdict.answer == "tie" and turn.verdict.ratio < DEARER


def _gain(turn: Turn) -> float:
    dearer = turn.verdict is None or (not turn.accepted and turn.verdict.ratio >= DEARER)
    if dearer or not turn.outcome.ok:
        return -AGAINST
    return -math.log(turn.verdict.ratio) if turn.accepted else 0.0


@functools.lru_cache(maxsize=4096)
def _applied(rewrite: Rewrite, source: str) -> tuple[str, ...]:
    return tuple(rewrite.apply(source))


@functools.lru_cache(maxsize=4096)
def _changed(old: str, new: str) -> frozenset[int]:
    """Numbers of the old lines that a new source changes, and of those that it inserts before."""
    blocks = difflib.SequenceMatcher(None, old.splitlines(), new.splitlines(), autojunk=False).get_opcodes()
    return frozenset(
        line + 1 for kind, i, j, _, _ in blocks if kind != "equal" for line in range(i, max(j, i + 1))
    )


def _heat(old: str, new: str, hot: Sequence[Sequence[float]] | None) -> float:
    """Share of the old program's cost on the lines a new one changes, or below; 1 where it is not known."""
    if not hot:
        return 1.0
    changed = _changed(old, new)
    return min(1.0, max(COLD, sum(share for line, share in hot if line in changed)))
