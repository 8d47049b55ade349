"""The judge of a function: is a candidate right, and is it cheaper than the incumbent?

The expected answers come from running the original and stay on this side. A candidate never sees them,
the clock, or another candidate; what it returns is compared here, on every run, also on timed ones.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from labkit.errors import BadInput, LabkitError, NonDeterministic, SandboxUnavailable
from labkit.stats import Figure, Outcome, Verdict, compare_paired, taking_turns

from . import values
from .execution import call
from .results import FLOOR, Called, Isolation, Limits
from .values import first_difference, same

Objective = Literal["time", "memory", "integral"]
OBJECTIVES: dict[str, tuple[str, str]] = {
    "time": ("cpu_s", "s"),
    "memory": ("peak_mib", "MiB"),
    "integral": ("integral_mib_s", "MiB·s"),
}
# One process, and hardly a disk: files in the scratch folder are memory that no process is charged for.
CANDIDATE_LIMITS = Limits(processes=1, disk_mib=1)
LOAD_FREE_S = 0.005
Check = Literal["exact", "unordered"] | Callable[[tuple, Any, Any], bool | str]
_NOTHING = "def nothing(*arguments):\n    return None\n"


@dataclass(frozen=True)
class Program:
    """Source text and the name of the function in it that is judged."""

    source: str
    entry: str


@dataclass(frozen=True)
class Reference:
    """The original's answers on every input, what it left of its arguments, and what an empty call costs."""

    inputs: tuple[tuple, ...]
    expected: tuple[Any, ...]
    arguments: tuple[Any, ...]
    empty: dict[str, float]
    tolerance: float = 0.0
    check: Check = "exact"
    places: tuple[int, ...] = ()  # where each stood among the inputs given, where some were given twice

    def name(self, i: int) -> str:
        return f"input {self.places[i] if self.places else i}"

    def problem(self, i: int, got: Any) -> str:
        """What is wrong with a result of input i; '' when nothing is. Runs on this side, on plain values."""
        expected, what = self.expected[i], f"result of {self.name(i)}"
        if callable(self.check):
            try:
                answer = self.check(self.inputs[i], expected, got)
            except Exception as error:  # made for right answers; a wrong one may be of any form
                answer = f"the checker could not read it: {type(error).__name__}: {error}"
            return "" if answer is True or answer == "" else f"{what}: {answer or 'the checker refused it'}"
        if self.check == "unordered":
            expected, got = values.unordered(expected), values.unordered(got)
        if same(expected, got, self.tolerance):
            return ""
        return first_difference(expected, got, what, self.tolerance)


class CandidateFailed(LabkitError):
    """A program that had passed gave a wrong answer, or none, while it was being timed."""

    def __init__(self, program: Program, words: str) -> None:
        super().__init__(words)
        self.program = program


@dataclass
class CodeJudge:
    """Judges programs by running them; holds limits and isolation, one `Reference` a task is made by `learn`.

    Example: `reference = judge.learn(Program(source, "f"), [(1,), (2,)])`, then
    `judge.judge(reference, candidate)` and `judge.compare(reference, incumbent, candidate)`.
    """

    limits: Limits = CANDIDATE_LIMITS
    isolation: Isolation = "auto"
    objective: Objective = "time"
    max_pairs: int = 40
    min_pairs: int = 10
    stop: threading.Event | None = None

    def __post_init__(self) -> None:
        if self.objective not in OBJECTIVES:
            raise BadInput(f"objective={self.objective!r}: choose one of {', '.join(OBJECTIVES)}")

    def learn(
        self, original: Program, inputs: Sequence[tuple], tolerance: float = 0.0, check: Check = "exact"
    ) -> Reference:
        """Run the original twice, under two hash seeds, and keep its answers.

        `check`: "exact", "unordered" (a list's order does not count), or a function of (arguments,
        expected, got) that returns True, or what is wrong. Raises NonDeterministic when the two runs differ,
        BadInput when the original fails.
        """
        if check not in ("exact", "unordered") and not callable(check):
            raise BadInput(f"check={check!r}: give 'exact', 'unordered' or a function")
        # the same input twice would only tell who remembers answers
        encoded = [values.encode(tuple(given), f"input {i}") for i, given in enumerate(inputs)]
        places = [i for i, text in enumerate(encoded) if text not in encoded[:i]]
        inputs = tuple(tuple(inputs[i]) for i in places)
        runs = [self._call(original, inputs, hash_seed=seed) for seed in (0, 1)]
        for done in runs:
            if not done.ok:
                error = done.error.strip().rpartition("\n")[2]
                at = places[min(len(done.values), len(places) - 1)]
                raise BadInput(f"{original.entry} fails on input {at}: {done.status}: {error}")
        answers = runs[0].values
        learned = Reference(inputs, answers, runs[0].arguments, {}, tolerance, check, tuple(places))
        for i, again in enumerate(runs[1].values):
            if where := learned.problem(i, again):
                raise NonDeterministic(
                    f"{original.entry} gives two answers for one input: nothing can be judged against it. "
                    f"{where.replace('expected', 'first run').replace('got', 'second run')}. "
                    "Fix its randomness: a seed, the clock, or the order of a set"
                )
        empty = [self._call(Program(_NOTHING, "nothing"), inputs) for _ in range(3)]  # sends them back too
        if failed := next((done for done in empty if not done.ok), None):
            raise SandboxUnavailable(f"an empty function did not run: {failed.status}: {failed.error}")
        costs = {key: min(_total(done, key) for done in empty) for key, _ in OBJECTIVES.values()}
        return replace(learned, empty=costs)

    def judge(self, reference: Reference, candidate: Program) -> Outcome:
        """Correct on every input? And what did one run cost? Status: ok, wrong_answer, or why it failed."""
        try:
            done = self._call(candidate, reference.inputs)
        except BadInput as error:  # a source that is no text: the candidate's fault, not the caller's
            return Outcome("runtime_error", {}, str(error))
        problem = self._problem(reference, done)
        if problem:
            return problem
        figures = {
            key: Figure(_cost(done, key, reference), unit, "measured") for key, unit in OBJECTIVES.values()
        }
        figures["wall_s"] = Figure(sum(done.wall_s), "s", "measured")
        return Outcome("ok", figures, f"passed {len(reference.inputs)} of {len(reference.inputs)} inputs")

    def compare(self, reference: Reference, incumbent: Program, candidate: Program) -> Verdict:
        """Fresh, interleaved processes until the interval of candidate/incumbent excludes 1 (see stats)."""
        key, _ = OBJECTIVES[self.objective]

        def cost(program: Program) -> float:
            done = self._call(program, reference.inputs)
            problem = self._problem(reference, done)
            if problem:
                raise CandidateFailed(program, f"{problem.status}: {problem.feedback}")
            return _cost(done, key, reference)

        pair = taking_turns(lambda: cost(incumbent), lambda: cost(candidate))
        stopped = self.stop.is_set if self.stop else lambda: False
        return compare_paired(pair, max_pairs=self.max_pairs, min_pairs=self.min_pairs, stop=stopped)

    def with_stop(self, stop: threading.Event | None) -> CodeJudge:
        return replace(self, stop=stop)

    def _call(self, program: Program, inputs: Sequence[tuple], **options: Any) -> Called:
        return call(
            program.source, program.entry, inputs,
            limits=self.limits, isolation=self.isolation, stop=self.stop, **options,
        )  # fmt: skip

    def _problem(self, reference: Reference, done: Called) -> Outcome | None:
        """The outcome when anything is wrong with a run: it failed, or an answer differs."""
        for i, got in enumerate(done.values):
            if words := reference.problem(i, got):
                return Outcome("wrong_answer", {}, words, {"input": i})
        for i, (expected, got) in enumerate(zip(reference.arguments, done.arguments, strict=False)):
            if not same(expected, got, reference.tolerance):
                words = first_difference(expected, got, f"arguments of {reference.name(i)} after the call")
                return Outcome("wrong_answer", {}, words, {"input": i})
        if not done.ok:
            return Outcome(done.status, {}, done.error.strip(), {"input": len(done.values)})
        return None


def _total(done: Called, key: str) -> float:
    """CPU seconds and MiB·s add up over the calls; memory is the highest peak, whenever it was taken up.

    Defining the function may take `LOAD_FREE_S` (imports); what takes longer counts as its work.
    """
    if key == "peak_mib":
        return max(done.load_peak_mib, *done.peak_mib)
    late = done.load_s > LOAD_FREE_S
    if key == "integral_mib_s":
        return sum(done.integral_mib_s) + late * done.load_integral_mib_s
    return sum(done.cpu_s) + late * (done.load_s - LOAD_FREE_S)


def _cost(done: Called, key: str, reference: Reference) -> float:
    """Cost above the empty call's, which pays for sending the same arguments; never below the floor."""
    return max(_total(done, key) - reference.empty[key], FLOOR[key])
