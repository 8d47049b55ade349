"""One trajectory: propose, judge, keep what is better; a greedy climb as in Afterburner's Algorithm 1.

A candidate replaces the incumbent only when the incumbent failed, or when both pass and the paired
comparison says it is cheaper (2505.23387, selection rule). Regressions and ties inside the noise are
rejected and stay in the record with their reason.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

from labkit.errors import BadInput, LabkitError, NonDeterministic
from labkit.sandbox import Program, Reference, Stopped
from labkit.sandbox.judge import CandidateFailed, Check
from labkit.sandbox.objectives import weights
from labkit.stats import Outcome, Verdict

from .rules import Rules, same_program
from .study import Candidate, Trajectory, Turn
from .task import CodeTask

if TYPE_CHECKING:
    from .hotspots import HotSpots

HOPELESS = 1.5  # a candidate whose first run costs this many times the incumbent's is not timed further
SLOWER_SMALL = 2.0  # the same on small inputs, where a fixed cost weighs more
TELLING = 20  # times the least that can be told apart: from there on costs on small inputs are looked at
WORTH = 1.05  # when no change to one statement could win more, a climb is over
HOT_LINES = 8


class Proposer(Protocol):
    """Where candidates come from. `history`: the turns of this trajectory so far, the start first."""

    def propose(self, task: CodeTask, history: Sequence[Turn]) -> Candidate | None:
        """The next candidate, or None when there is nothing more to try."""


class Judge(Protocol):
    """Says whether a candidate is right, and which of two right ones is cheaper."""

    objective: str

    def learn(
        self, original: Program, inputs: Sequence[tuple], tolerance: float = 0.0, check: Check = "exact"
    ) -> Reference: ...
    def judge(self, reference: Reference, candidate: Program) -> Outcome: ...
    def compare(self, reference: Reference, incumbent: Program, candidate: Program) -> Verdict: ...
    def cost(self, outcome: Outcome) -> float | None: ...


@dataclass(frozen=True)
class Climb:
    """One trajectory's job, complete in itself so that any executor can run it.

    `small`: the original's answers on inputs that cost little; a candidate that fails there, or is clearly
    slower, never reaches the large ones. `hot`: where the cost of a program is (see hotspots), or None.
    """

    index: int
    task: CodeTask
    start: Candidate
    proposer: Proposer
    judge: Judge
    rules: Rules
    reference: Reference | None = None
    done: tuple[Turn, ...] = ()
    small: Reference | None = None
    hot: Callable[[Program, Sequence[tuple]], HotSpots] | None = None
    tell: Callable[[str, dict[str, Any]], Any] | None = field(default=None, compare=False)
    stop: threading.Event | None = field(default=None, compare=False)
    _looks: dict[str, Outcome] = field(default_factory=dict, compare=False, repr=False)

    def run(self) -> Trajectory:
        """Climb until the rules end it, nothing is left to try or to win, or `stop` is set."""
        turns, proposer = list(self.done), self._bound()
        try:
            if not turns:
                turns.append(self._add(self._first()))
            while not (ended := self._ended(turns)):
                candidate = self._proposed(proposer, turns)
                if candidate is None:
                    return Trajectory(tuple(turns), "nothing more to try")
                turns.append(self._add(self._turn(turns, candidate)))
        except Stopped:
            if not turns:
                return not_run(self.start, self.index)
            ended = "stopped"
        return Trajectory(tuple(turns), ended)

    def _ended(self, turns: Sequence[Turn]) -> str:
        if self._stopped():
            return "stopped"
        best = Trajectory(tuple(turns)).best
        ceiling = best.outcome.detail.get("ceiling")  # what the best single change could win, at most
        if ceiling is not None and ceiling < WORTH and best.outcome.ok:
            return f"no statement is worth more than {ceiling:.2f}x"
        return self.rules.used_up(turns)

    def _proposed(self, proposer: Proposer, turns: Sequence[Turn]) -> Candidate | None:
        """The next candidate. A proposer's own failure is a turn without a program: the others stand."""
        name = getattr(proposer, "name", type(proposer).__name__)
        try:
            candidate = proposer.propose(self.task, turns)
        except (LabkitError, AssertionError):  # the user's to mend; a test's
            raise
        except Exception as error:
            return Candidate("", name, f"{type(error).__name__}: {error}", problem="proposer_failed")
        if candidate is not None and not isinstance(candidate, Candidate):
            raise BadInput(
                f"the proposer {name} gave a {type(candidate).__name__}: give a Candidate, or None"
            )
        return candidate

    def _bound(self) -> Proposer:
        """The proposer, with a cheap look at its own candidates where it can use one."""
        if self.small is None or not hasattr(self.proposer, "bind"):
            return self.proposer
        return self.proposer.bind(self._look)

    def _look(self, candidate: Candidate) -> Outcome:
        """The outcome on the small inputs, run once for each program."""
        if candidate.source not in self._looks:
            outcome = self._refused(candidate) or self.judge.judge(self.small, self._program(candidate))
            detail = {**outcome.detail, "cost": self.judge.cost(outcome)}
            self._looks[candidate.source] = replace(outcome, detail=detail)
        return self._looks[candidate.source]

    def _first(self) -> Turn:
        """The start; one that is not the original is compared with it, so that costs share one unit."""
        outcome = self._judged(self.start)
        if not outcome.ok:
            reason = f"{outcome.status}: nothing better yet"
            return Turn(self.index, 0, self.start, outcome, None, True, reason, 1.0)
        if self.start.source == self.task.program.source:
            outcome = self._with_hot(self.start, outcome)
            return Turn(self.index, 0, self.start, outcome, None, True, "the start", 1.0)
        turn = self._beside_original(0, self.start, outcome, "another start")
        return replace(turn, outcome=self._with_hot(self.start, turn.outcome))

    def _beside_original(self, number: int, candidate: Candidate, outcome: Outcome, what: str) -> Turn:
        """A turn that is kept whatever it costs, measured against the original."""
        try:
            verdict = self.judge.compare(self.reference, self.task.program, self._program(candidate))
        except CandidateFailed as error:
            blame_original(error, self.task.program)
            failed = Outcome("wrong_answer", {}, str(error))
            return Turn(self.index, number, candidate, failed, None, number == 0, _again(error), 1.0)
        reason = f"{what}, {verdict.ratio:.2f} of the original's {self.judge.objective}"
        return Turn(self.index, number, candidate, outcome, verdict, True, reason, verdict.ratio)

    def _turn(self, turns: Sequence[Turn], candidate: Candidate) -> Turn:
        number, incumbent = len(turns), Trajectory(tuple(turns)).best
        began = time.monotonic()
        refused = self._unrun(turns, candidate) or self._small(incumbent, candidate)
        if refused:
            outcome = replace(refused, detail={**refused.detail, "judged_s": time.monotonic() - began})
            words = f"{outcome.status}: {_gist(outcome.feedback)}"
            return Turn(self.index, number, candidate, outcome, None, False, words, incumbent.cost_ratio)
        outcome, verdict = self._judged(candidate), None
        if not outcome.ok:
            accepted = not incumbent.outcome.ok  # nothing to lose
            reason = f"{outcome.status}: {_gist(outcome.feedback)}"
        elif not incumbent.outcome.ok:
            turn = self._beside_original(number, candidate, outcome, "the first that passes")
            return self._consented(turn) if turn.kept else turn
        elif (hopeless := self._hopeless(incumbent, outcome)) is not None:
            accepted, reason = False, f"clearly worse in its first run ({hopeless:.1f} times the cost)"
        else:
            accepted, reason, outcome, verdict = self._compared(incumbent, candidate, outcome)
        ratio = incumbent.cost_ratio * (verdict.ratio if verdict else 1.0)
        turn = Turn(self.index, number, candidate, outcome, verdict, accepted, reason, ratio)
        return self._consented(turn) if turn.kept else turn

    def _judged(self, candidate: Candidate) -> Outcome:
        """The outcome on the large inputs, and the wall time that it took to know."""
        began = time.monotonic()
        outcome = self.judge.judge(self.reference, self._program(candidate))
        return replace(outcome, detail={**outcome.detail, "run_s": time.monotonic() - began})

    def _consented(self, turn: Turn) -> Turn:
        """A turn that is about to be kept: a person may decline it; then where its cost is."""
        if self.rules.approve is not None and not self.rules.approve(turn):
            return replace(turn, accepted=False, reason=f"not approved ({turn.reason})")
        return replace(turn, outcome=self._with_hot(turn.candidate, turn.outcome))

    def _unrun(self, turns: Sequence[Turn], candidate: Candidate) -> Outcome | None:
        """The outcome of a candidate that is not run: there is none, it is known, or it is refused."""
        if candidate.problem:
            return Outcome(candidate.problem, {}, candidate.note)
        if known := same_program(turns, candidate):
            return Outcome("repeated", {}, f"the same program as turn {known.number}")
        return self._refused(candidate)

    def _refused(self, candidate: Candidate) -> Outcome | None:
        """The outcome of a source that the screen refuses unseen."""
        program = self.task.program
        if self.rules.screen is None or candidate.source == program.source:
            return None
        reasons = self.rules.screen(candidate.source, program.source, program.entry)
        return Outcome("refused", {}, "; ".join(reasons)) if reasons else None

    def _small(self, incumbent: Turn, candidate: Candidate) -> Outcome | None:
        """The outcome of a candidate that fails on the small inputs, or is clearly slower there."""
        if self.small is None:
            return None
        outcome = self._look(candidate)
        if not outcome.ok:
            # an incumbent that fails, too, may be replaced: by the large inputs' verdict
            detail = {**outcome.detail, "stage": "small"}
            return replace(outcome, detail=detail) if incumbent.outcome.ok else None
        mine, theirs = self.judge.cost(outcome), self._small_cost(incumbent.candidate)
        if theirs is None or mine is None or mine <= SLOWER_SMALL * theirs:
            return None
        words = f"{mine / theirs:.1f} times the cost on small inputs"
        return Outcome("slower", outcome.figures, words, {"stage": "small"})

    def _small_cost(self, candidate: Candidate) -> float | None:
        """Cost on the small inputs; None where it is too little to tell."""
        outcome = self._look(candidate)
        known = outcome.ok and all(
            outcome.figures[key].value > TELLING * self.small.floor[key]
            for key in weights(self.judge.objective)
        )
        return self.judge.cost(outcome) if known else None

    def _with_hot(self, candidate: Candidate, outcome: Outcome) -> Outcome:
        """The outcome with where its cost is, for whoever proposes next and for the end of the climb."""
        if self.hot is None or not outcome.ok:
            return outcome
        try:
            spots = self.hot(self._program(candidate), self.reference.inputs)
        except BadInput as error:  # a hint only: without it the climb goes on
            return replace(outcome, detail={**outcome.detail, "hot_problem": str(error)})
        # a change where a function is called can save what the function costs
        shares = [(max(line.share, (line.reach or (0.0,))[0]), line.number) for line in spots.lines]
        hot = [[number, share] for share, number in sorted(shares, reverse=True)[:HOT_LINES]]
        detail = {**outcome.detail, "hot": hot}
        if (ceiling := spots.ceiling()) is not None:
            detail["ceiling"] = ceiling.value
        detail["hot_text"] = spots.feedback()
        return replace(outcome, detail=detail)

    def _compared(self, incumbent: Turn, candidate: Candidate, outcome: Outcome):
        try:
            verdict = self.judge.compare(
                self.reference, self._program(incumbent.candidate), self._program(candidate)
            )
        except CandidateFailed as error:
            blame_original(error, self.task.program)
            if error.program != self._program(candidate):
                return False, f"the program to beat {_again(error)}", outcome, None
            return False, _again(error), Outcome("wrong_answer", {}, str(error)), None
        if self._stopped():
            raise Stopped("stopped")
        noun = self.judge.objective
        if verdict.answer == "tie" and math.isinf(verdict.hi):
            words = f"no gain to speak of ({verdict.ratio:.2f} of the {noun} in {verdict.n} pairs)"
            return False, words, outcome, verdict
        reason = {
            "faster": f"{1 / verdict.ratio:.2f}x less {noun}",
            "slower": f"{verdict.ratio:.2f}x more {noun}",
            "tie": f"inside the noise ({verdict.lo:.2f} to {verdict.hi:.2f} of the cost)",
        }[verdict.answer]
        return verdict.answer == "faster", reason, outcome, verdict

    def _hopeless(self, incumbent: Turn, outcome: Outcome) -> float | None:
        mine, theirs = self.judge.cost(outcome), self.judge.cost(incumbent.outcome)
        return mine / theirs if mine and theirs and mine > HOPELESS * theirs else None

    def _program(self, candidate: Candidate) -> Program:
        return Program(candidate.source, self.task.program.entry)

    def _add(self, turn: Turn) -> Turn:
        if self.tell:
            self.tell("turn", turn.to_json())
        return turn

    def _stopped(self) -> bool:
        return self.stop is not None and self.stop.is_set()

    def detached(self) -> Climb:
        """Without what cannot leave this process: the record and the stop event."""
        judge = self.judge.with_stop(None) if hasattr(self.judge, "with_stop") else self.judge
        task = replace(self.task, generate=None)  # it may be a function of a cell, and is not needed here
        return replace(self, task=task, judge=judge, tell=None, stop=None)


def not_run(start: Candidate, index: int = 0) -> Trajectory:
    """A trajectory that was stopped before its start had run."""
    outcome = Outcome("stopped", {}, "stopped before it had run")
    return Trajectory((Turn(index, 0, start, outcome, None, True, outcome.feedback, 1.0),), "stopped")


def blame_original(error: CandidateFailed, original: Program) -> None:
    """Raise NonDeterministic where it is the original that contradicts its own answers."""
    if error.program == original:
        raise NonDeterministic(
            f"{original.entry} gave another answer when it was run again: nothing can be judged against it. "
            f"{error}. Fix its randomness: a seed, the clock, or the order of a set"
        ) from None


def _again(error: CandidateFailed) -> str:
    return f"failed when run again: {error}"


def _gist(text: str) -> str:
    """The last line: of a traceback, the exception; of anything else, all there is."""
    return text.strip().rpartition("\n")[2].strip()[:200]
