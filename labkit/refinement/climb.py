"""One trajectory: propose, judge, keep what is better; a greedy climb as in Afterburner's Algorithm 1.

A candidate replaces the incumbent only when the incumbent failed, or when both pass and the paired
comparison says it is cheaper (2505.23387, selection rule). Regressions and ties inside the noise are
rejected and stay in the record with their reason.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from labkit.errors import NonDeterministic
from labkit.sandbox import Program, Reference, Stopped
from labkit.sandbox.judge import OBJECTIVES, CandidateFailed, Check, Objective
from labkit.stats import Outcome, Verdict

from .study import Candidate, Trajectory, Turn
from .task import CodeTask

HOPELESS = 1.5  # a candidate whose first run costs this many times the incumbent's is not timed further


class Proposer(Protocol):
    """Where candidates come from. `history`: the turns of this trajectory so far, the start first."""

    def propose(self, task: CodeTask, history: Sequence[Turn]) -> Candidate | None:
        """The next candidate, or None when there is nothing more to try."""


class Judge(Protocol):
    """Says whether a candidate is right, and which of two right ones is cheaper."""

    objective: Objective

    def learn(
        self, original: Program, inputs: Sequence[tuple], tolerance: float = 0.0, check: Check = "exact"
    ) -> Reference: ...
    def judge(self, reference: Reference, candidate: Program) -> Outcome: ...
    def compare(self, reference: Reference, incumbent: Program, candidate: Program) -> Verdict: ...


@dataclass(frozen=True)
class Climb:
    """One trajectory's job, complete in itself so that any executor can run it."""

    index: int
    task: CodeTask
    start: Candidate
    proposer: Proposer
    judge: Judge
    reference: Reference
    turns: int
    done: tuple[Turn, ...] = ()
    tell: Callable[[str, dict[str, Any]], Any] | None = field(default=None, compare=False)
    stop: threading.Event | None = field(default=None, compare=False)

    def run(self) -> Trajectory:
        """Climb until the turns are used up, nothing is left to try, or `stop` is set."""
        turns = list(self.done)
        try:
            if not turns:
                turns.append(self._add(self._first()))
            while len(turns) <= self.turns and not self._stopped():
                candidate = self.proposer.propose(self.task, turns)
                if candidate is None:
                    return Trajectory(tuple(turns), "nothing more to try")
                incumbent = turns[Trajectory(tuple(turns)).best_index]
                turns.append(self._add(self._turn(len(turns), incumbent, candidate)))
        except Stopped:
            if not turns:
                return not_run(self.start, self.index)
        return Trajectory(tuple(turns), "stopped" if self._stopped() else "all turns used")

    def _first(self) -> Turn:
        """The start; one that is not the original is compared with it, so that costs share one unit."""
        outcome = self.judge.judge(self.reference, self._program(self.start))
        if not outcome.ok:
            reason = f"{outcome.status}: nothing better yet"
            return Turn(self.index, 0, self.start, outcome, None, True, reason, 1.0)
        if self.start.source == self.task.program.source:
            return Turn(self.index, 0, self.start, outcome, None, True, "the start", 1.0)
        return self._beside_original(0, self.start, outcome, "another start")

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

    def _turn(self, number: int, incumbent: Turn, candidate: Candidate) -> Turn:
        outcome = self.judge.judge(self.reference, self._program(candidate))
        verdict = None
        if not outcome.ok:
            accepted = not incumbent.outcome.ok  # nothing to lose
            reason = f"{outcome.status}: {_gist(outcome.feedback)}"
        elif not incumbent.outcome.ok:
            return self._beside_original(number, candidate, outcome, "the first that passes")
        elif (hopeless := self._hopeless(incumbent, outcome)) is not None:
            accepted, reason = False, f"clearly worse in its first run ({hopeless:.1f} times the cost)"
        else:
            accepted, reason, outcome, verdict = self._compared(incumbent, candidate, outcome)
        ratio = incumbent.cost_ratio * (verdict.ratio if verdict else 1.0)
        return Turn(self.index, number, candidate, outcome, verdict, accepted, reason, ratio)

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
        reason = {
            "faster": f"{1 / verdict.ratio:.2f}x less {noun}",
            "slower": f"{verdict.ratio:.2f}x more {noun}",
            "tie": f"inside the noise ({verdict.lo:.2f} to {verdict.hi:.2f} of the cost)",
        }[verdict.answer]
        return verdict.answer == "faster", reason, outcome, verdict

    def _hopeless(self, incumbent: Turn, outcome: Outcome) -> float | None:
        key, _ = OBJECTIVES[self.judge.objective]
        mine, theirs = outcome.figures.get(key), incumbent.outcome.figures.get(key)
        if mine is None or theirs is None or mine.value <= HOPELESS * theirs.value:
            return None
        return mine.value / theirs.value

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
        return replace(self, judge=judge, tell=None, stop=None)


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
