"""The judge of a function: is a candidate right, and is it cheaper than the incumbent?

The expected answers come from running the original and stay on this side. A candidate never sees them,
the clock, or another candidate; what it returns is compared here, on every run, also on timed ones.
"""

from __future__ import annotations

import copy
import functools
import statistics
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from labkit.errors import BadInput, LabkitError, NonDeterministic, SandboxUnavailable
from labkit.stats import Figure, How, Outcome, Verdict, compare_paired, taking_turns

from . import values
from .execution import call
from .objectives import FLOORS, OBJECTIVES, Meter, Power, mixed, totals, weights
from .results import Called, Isolation, Limits
from .values import first_difference, same

# One process, and hardly a disk: files in the scratch folder are memory that no process is charged for.
CANDIDATE_LIMITS = Limits(processes=1, disk_mib=1)
KNOWN = 6  # spellings of a right reply that are remembered, for each input
EMPTIES = 5  # empty calls: their least is what every call pays, their spread what cannot be told apart
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
    floor: dict[str, float] = field(default_factory=lambda: dict(FLOORS))  # a cost below is not told apart
    places: tuple[int, ...] = ()  # where each stood among the inputs given, where some were given twice
    # Replies that were found right, as bytes: the same bytes are right again, and need not be read again.
    known: dict[tuple[int, bytes], tuple[Any, Any]] = field(default_factory=dict, repr=False, compare=False)

    def name(self, i: int) -> str:
        return f"input {self.places[i] if self.places else i}"

    def problem(self, i: int, got: Any) -> str:
        """What is wrong with a result of input i; '' when nothing is. Runs on this side, on plain values."""
        expected, what = self.expected[i], f"result of {self.name(i)}"
        if got is expected:  # by `known`
            return ""
        if callable(self.check):
            try:  # on copies: a checker may use up what it is given
                answer = self.check(*copy.deepcopy((self.inputs[i], expected, got)))
            except Exception as error:  # made for right answers; a wrong one may be of any form
                answer = f"the checker could not read it: {type(error).__name__}: {error}"
            return "" if answer is True or answer == "" else f"{what}: {answer or 'the checker refused it'}"
        if self.check == "unordered":
            expected, got = values.unordered(expected), values.unordered(got)
        if same(expected, got, self.tolerance):
            return ""
        return first_difference(expected, got, what, self.tolerance)

    def remember(self, done: Called) -> None:
        """Keep the replies of a run that was found right."""
        for i, body in enumerate(done.bodies):
            sizes = [len(other) for j, other in self.known if j == i]
            if len(sizes) < KNOWN and len(body) <= 2 * min(sizes, default=len(body)):  # no padding
                self.known[i, body] = self.expected[i], self.arguments[i]


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
    objective: str = "time"
    power: Power = field(default_factory=Power)
    max_pairs: int = 40
    min_pairs: int = 10
    least_gain: float | None = None  # see stats.compare_paired
    stop: threading.Event | None = None

    def __post_init__(self) -> None:
        weights(self.objective)

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
        learned = Reference(inputs, answers, runs[0].arguments, {}, tolerance, check, places=tuple(places))
        for i, again in enumerate(runs[1].values):
            if where := learned.problem(i, again):
                raise NonDeterministic(
                    f"{original.entry} gives two answers for one input: nothing can be judged against it. "
                    f"{where.replace('expected', 'first run').replace('got', 'second run')}. "
                    "Fix its randomness: a seed, the clock, or the order of a set"
                )
        for done in runs:  # the replies are known from here on
            if wrong := self._problem(learned, done):
                raise NonDeterministic(
                    f"{original.entry} does not agree with itself: nothing can be judged against it. "
                    f"{wrong.feedback}"
                )
        empties = [self._empty(inputs) for _ in range(EMPTIES)]
        least = {key: min(costs[key] for costs in empties) for key in empties[0]}
        spread = {key: statistics.median(costs[key] for costs in empties) - least[key] for key in least}
        return replace(learned, empty=least, floor={key: max(FLOORS[key], spread[key]) for key in least})

    def _empty(self, inputs: Sequence[tuple]) -> dict[str, float]:
        """What a call costs that does nothing; it sends the arguments back, too."""
        done, costs = self._measured(Program(_NOTHING, "nothing"), inputs)
        if not done.ok:
            raise SandboxUnavailable(f"an empty function did not run: {done.status}: {done.error}")
        return costs

    def judge(self, reference: Reference, candidate: Program) -> Outcome:
        """Correct on every input? And what did one run cost? Status: ok, wrong_answer, or why it failed."""
        try:
            done, costs = self._measured(candidate, reference.inputs, reference.known)
        except BadInput as error:  # a source that is no text: the candidate's fault, not the caller's
            return Outcome("runtime_error", {}, str(error))
        problem = self._problem(reference, done)
        if problem:
            return problem
        figures = {
            key: Figure(_above(costs, key, reference), unit, self._how(key))
            for key, unit in OBJECTIVES.values()
        }
        figures["wall_s"] = Figure(sum(done.wall_s), "s", "measured")
        return Outcome("ok", figures, f"passed {len(reference.inputs)} of {len(reference.inputs)} inputs")

    def compare(self, reference: Reference, incumbent: Program, candidate: Program) -> Verdict:
        """Fresh, interleaved processes until the interval of candidate/incumbent excludes 1 (see stats)."""
        by = weights(self.objective)

        def cost(program: Program) -> float:
            done, costs = self._measured(program, reference.inputs, reference.known)
            problem = self._problem(reference, done)
            if problem:
                raise CandidateFailed(program, f"{problem.status}: {problem.feedback}")
            return mixed({key: _above(costs, key, reference) for key in by}, by)

        pair = taking_turns(lambda: cost(incumbent), lambda: cost(candidate))
        stopped = self.stop.is_set if self.stop else lambda: False
        verdict = compare_paired(
            pair,
            max_pairs=self.max_pairs,
            min_pairs=self.min_pairs,
            least_gain=self.least_gain,
            stop=stopped,
        )
        return replace(
            verdict, how="modelled" if any(self._how(key) == "modelled" for key in by) else "measured"
        )

    def cost(self, outcome: Outcome) -> float | None:
        """One number for a passing outcome, by the objective; None where a figure is missing."""
        by = weights(self.objective)
        if not by.keys() <= outcome.figures.keys():
            return None
        return mixed({key: outcome.figures[key].value for key in by}, by)

    def with_stop(self, stop: threading.Event | None) -> CodeJudge:
        return replace(self, stop=stop)

    def _measured(
        self, program: Program, inputs: Sequence[tuple], known: Mapping | None = None
    ) -> tuple[Called, dict[str, float]]:
        """A run of all inputs and its costs; none where it did not end well."""
        meter = _meter() if "energy_j" in weights(self.objective) else None
        before = meter.read() if meter else []
        done = self._call(program, inputs, known=known)
        joules = meter.joules_since(before) if before else None
        return done, totals(done, self.power, joules) if done.ok else {}

    def _how(self, key: str) -> How:
        if key != "energy_j":
            return "measured"
        return _meter().how if "energy_j" in weights(self.objective) else "modelled"

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
            if got is not expected and not same(expected, got, reference.tolerance):
                words = first_difference(expected, got, f"arguments of {reference.name(i)} after the call")
                return Outcome("wrong_answer", {}, words, {"input": i})
        if not done.ok:
            return Outcome(done.status, {}, done.error.strip(), {"input": len(done.values)})
        reference.remember(done)
        return None


def _above(costs: dict[str, float], key: str, reference: Reference) -> float:
    """Cost above the empty call's, which pays for sending the same arguments; never below the floor."""
    return max(costs[key] - reference.empty[key], reference.floor[key])


@functools.cache
def _meter() -> Meter:
    return Meter()
