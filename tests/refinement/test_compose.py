"""The best of several draws, and a mixture that learns from history alone."""

import math
from collections import Counter
from dataclasses import dataclass

import pytest

from labkit.errors import BadInput
from labkit.refinement.compose import BestOf, Mix
from labkit.refinement.study import Candidate, Turn
from labkit.stats import Outcome


@dataclass(frozen=True)
class Script:
    sources: tuple
    name: str = "script"
    bound: bool = False

    def bind(self, look):
        return Script(self.sources, self.name, True)

    def propose(self, task, history):
        left = [s for s in self.sources if s not in {t.candidate.source for t in history}]
        return Candidate(left[0], self.name, spent={"tokens": 2}) if left else None


def turn(n, source, origin="start", accepted=True, ratio=1.0):
    return Turn(0, n, Candidate(source, origin), Outcome("ok"), None, accepted, "", ratio)


START = [turn(0, "s")]
COST = {"a": 3.0, "b": 1.0, "c": 2.0}


def look(candidate):
    if candidate.source == "bad":
        return Outcome("wrong_answer", {}, detail={"cost": 0.1})
    return Outcome("ok", {}, detail={"cost": COST[candidate.source]})


def test_the_most_promising_draw_is_returned_and_all_are_paid():
    inner = Script(("bad", "a", "b", "c"))
    assert BestOf(3, inner).propose(None, START).source == "bad"
    bound = BestOf(3, inner).bind(look)
    got = bound.propose(None, START)
    assert got.source == "b" and got.spent == {"tokens": 6} and bound.proposer.bound
    assert BestOf(2, Script(())).propose(None, START) is None
    with pytest.raises(BadInput):
        BestOf(0, inner)


def test_weights_decide_and_the_others_are_asked_when_one_has_nothing():
    a, b = Script(("a",), "A"), Script(("b",), "B")
    drawn = Counter(Mix((a, b), [3, 1], seed).propose(None, START).origin for seed in range(400))
    assert 260 < drawn["A"] < 340
    assert Mix((Script(()), b), [1, 0]).propose(None, START).origin == "B"
    assert Mix((Script(()),)).propose(None, START) is None
    for wrong in ([1], [-1, 2], "best", [0, 0]):
        with pytest.raises(BadInput):
            Mix((a, b), wrong)


def test_the_bandit_learns_who_wins_from_the_history():
    a, b = Script(("a",), "A"), Script(("b",), "B")
    ratio, history = 1.0, list(START)
    for n in range(1, 21):
        won = n % 2 == 0
        ratio = ratio / 2 if won else ratio
        history.append(turn(n, str(n), "B" if won else "A", won, ratio))
    mix = Mix((a, b), "bandit")
    assert sum(mix._gains(1, history)) == pytest.approx(10 * math.log(2)) and sum(mix._gains(0, history)) == 0
    drawn = Counter(Mix((a, b), "bandit", seed).propose(None, history).origin for seed in range(100))
    assert drawn["B"] > 90
    before = Counter(Mix((a, b), "bandit", seed).propose(None, START).origin for seed in range(100))
    assert 25 < before["A"] < 75
    assert mix.propose(None, history) == Mix((a, b), "bandit").propose(None, list(history))
