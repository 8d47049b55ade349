"""What a study allows: how long it may go on, and what a candidate has to pass before it is timed.

Covered: turns, wall time, tokens and money; a plateau; a screen of the source; small inputs before large
ones; a person's consent. Not covered: limits of one run of a program, which are the judge's.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from labkit.errors import BadInput
from labkit.sandbox import Reference, values

from .members import ENTRY, untested
from .study import Candidate, Turn, spent
from .task import CodeTask, as_arguments

SMALL = 0.1  # size of the inputs that come first, where the task makes its own
SMALL_SHARE = 0.25  # of the bytes of all inputs: the smallest that make up so much, where it does not
HELD_OUT_SEED = 7919  # added to a task's seed: inputs that no turn has seen
Screen = Callable[[str, str, str], Sequence[str]]  # (source, original's, entry) -> reasons to refuse
Approve = Callable[[Turn], bool]


@dataclass(frozen=True)
class Rules:
    """Budgets of one trajectory and the gates of its candidates. None: no limit, no gate.

    `turns`: candidates at most. `patience`: turns in a row without one kept. `until`: monotonic seconds.
    `tokens`, `usd`: what proposals may cost. `screen` refuses a source unseen, `approve` is asked before a
    candidate is kept.
    """

    turns: int = 8
    patience: int | None = None
    until: float | None = None
    tokens: float | None = None
    usd: float | None = None
    screen: Screen | None = None
    approve: Approve | None = None

    def used_up(self, turns: Sequence[Turn]) -> str:
        """Why there is no further turn; '' while there may be one."""
        if len(turns) > self.turns:
            return "all turns used"
        last = max((turn.number for turn in turns if turn.accepted), default=0)
        if self.patience is not None and turns and turns[-1].number - last >= self.patience:
            return f"nothing kept in {self.patience} turns"
        if self.until is not None and turns and time.monotonic() >= self.until:
            return "time used up"
        for unit, most in (("tokens", self.tokens), ("usd", self.usd)):
            if most is not None and spent(turns, unit) >= most:
                return f"{unit} used up"
        return ""

    def share(self, trajectories: int) -> Rules:
        """The same for one of several trajectories: what is paid for is shared out equally."""
        tokens, usd = (most and most / trajectories for most in (self.tokens, self.usd))
        return replace(self, tokens=tokens, usd=usd)


def check_rules(**given: Any) -> None:
    """BadInput for budgets that cannot be meant."""
    for name, value in given.items():
        whole = name == "patience"
        number = isinstance(value, int if whole else int | float) and not isinstance(value, bool)
        if value is not None and (not number or not value > 0):
            raise BadInput(f"{name}={value!r}: give a {'whole ' if whole else ''}number above 0, or None")


def same_program(turns: Sequence[Turn], candidate: Candidate) -> Turn | None:
    """The turn that has this source already."""
    return next((turn for turn in turns if turn.candidate.source == candidate.source), None)


def small_inputs(task: CodeTask, seed: int = 0) -> tuple[tuple, ...]:
    """Inputs that cost little: examples and a small set that the task makes, or its smallest; or none."""
    given = tuple(arguments for arguments, _ in task.examples)
    if task.generate is not None:
        return given + made(task, seed + 1, SMALL)
    sizes = {i: len(values.encode(inputs, f"input {i}")) for i, inputs in enumerate(task.inputs)}
    small, room = [], SMALL_SHARE * sum(sizes.values())
    for i in sorted(sizes, key=sizes.__getitem__):
        room -= sizes[i]
        if room < 0:
            break
        small.append(i)
    return tuple(task.inputs[i] for i in sorted(small))


def lab_screen(source: str, original: str, entry: str) -> list[str]:
    """The lab's own screen, as reasons to refuse."""
    from .screen import screen

    found = screen(source, original, entry=entry)
    reasons = [f"line {reason.line}: {reason.text}" for reason in found if reason.severity == "refuse"]
    return reasons or (untested(original, source) if entry == ENTRY else [])


def made(task: CodeTask, seed: int, size: float) -> tuple[tuple, ...]:
    """Fresh inputs of a task. BadInput where its generator fails."""
    try:
        return as_arguments(list(task.generate(seed, size)))
    except BadInput:
        raise
    except Exception as error:
        raise BadInput(
            f"the inputs of {task.name} cannot be made (seed {seed}, size {size:g}): "
            f"{type(error).__name__}: {error}"
        ) from error


def reference_on(judge: Any, task: CodeTask, inputs: Sequence[tuple]) -> Reference:
    """The original's answers on these inputs, to be compared as the task says."""
    return judge.learn(task.program, inputs, task.tolerance, task.check)


def fresh_reference(judge: Any, task: CodeTask, seed: int, size: float = 1.0) -> Reference | None:
    """The original's answers on inputs that no turn has seen; None where the task makes none."""
    if task.generate is None:
        return None
    return reference_on(judge, task, made(task, seed + HELD_OUT_SEED, size))
