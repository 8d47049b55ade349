"""How cost grows with the size of the input: not "3.1x at n = 10 000" but "from n² to n log n".

Programs are run on inputs of several sizes that the task makes; the slope of log cost over log n is fitted,
with a bootstrap interval over the runs, and a class is named only where the interval allows it.
Not covered: tasks without a generator, growth in two directions at once, constant factors.
"""

from __future__ import annotations

import math
import random
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from html import escape
from typing import Any

from labkit.errors import BadInput, need
from labkit.sandbox import CodeJudge, Program, Reference
from labkit.sandbox.objectives import mixed, weights
from labkit.stats import Figure

from .rules import made, reference_on
from .task import CodeTask

SIZES = (0.1, 0.18, 0.32, 0.56, 1.0)
LEAST_POINTS = 3
RESAMPLES = 500
NEAR = 0.12  # a slope this near to a class is called by it, if its interval agrees
WIDEST = 1.0  # an interval wider than from n to n² says nothing
ABOVE_FLOOR = 3  # a cost below so many times what can be told apart is left out
STUDENT = (12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31)  # t at 97.5 %, by degrees of freedom
ELEMENTS, SIZE = "elements in the input", "size of the input"
Costs = Mapping[str, float | None]  # by objective; None: too little to tell
Runner = Callable[[Program, Sequence[tuple]], Costs | float | None]


@dataclass(frozen=True)
class Fit:
    """One program: (n, least cost) at each size that could be told, the slope, the class or why none."""

    points: tuple[tuple[float, float], ...]
    slope: Figure | None
    word: str


@dataclass(frozen=True)
class Growth:
    """Fits of several programs on the same inputs, by objective; `fits` are those of `objective`.

    `axis`: what n is: the number of elements, or the size asked for where that is not what grows.
    """

    task: str
    objective: str
    fits: Mapping[str, Fit]
    others: Mapping[str, Mapping[str, Fit]] = field(default_factory=dict)
    axis: str = ELEMENTS

    def fits_of(self, objective: str | None = None) -> Mapping[str, Fit]:
        """Fits by program. BadInput for an objective that was not looked at."""
        known = {self.objective: self.fits, **self.others}
        if (objective or self.objective) not in known:
            raise BadInput(f"objective={objective!r}: this growth has {', '.join(known)}")
        return known[objective or self.objective]

    def describe(self, before: str, after: str, objective: str | None = None) -> str:
        """In words: from what to what, with slopes and intervals."""
        fits = self.fits_of(objective)
        if missing := {before, after} - fits.keys():
            raise BadInput(f"no program {min(missing)!r} here: there are {', '.join(fits)}")
        a, b, what = fits[before], fits[after], objective or self.objective
        if a.slope is None or b.slope is None:
            return f"{what}: {before} {a.word}, {after} {b.word}"
        sizes = min(len(a.points), len(b.points))
        slopes = " → ".join(_numbers(each) for each in (a.slope, b.slope))
        change = f"from {a.word} to {b.word}" if a.word != b.word else f"{a.word} as before"
        return f"{what}: {change} (slopes {slopes}, {a.slope.how}, {sizes} sizes)"

    def to_frame(self):
        """One row an objective, program and size (needs pandas)."""
        rows = [
            {"objective": objective, "program": name, "n": n, "cost": cost, "class": fit.word}
            for objective in (self.objective, *self.others)
            for name, fit in self.fits_of(objective).items()
            for n, cost in fit.points
        ]
        columns = ["objective", "program", "n", "cost", "class"]
        return need("pandas", "lab").DataFrame(rows, columns=columns)

    def to_json(self) -> dict[str, Any]:
        others = {objective: _plain(fits) for objective, fits in self.others.items()}
        return {"objective": self.objective, "programs": _plain(self.fits), "others": others, "n": self.axis}

    def __repr__(self) -> str:
        each = "; ".join(f"{name} {fit.word}" for name, fit in self.fits.items())
        return f"<growth of {self.task}, {self.objective}: {each}>"

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><th scope=row>{escape(name)}</th><td>{escape(objective)}</td><td>{escape(fit.word)}</td>"
            f"<td>{_numbers(fit.slope) if fit.slope else ''}</td><td>{len(fit.points)}</td></tr>"
            for objective in (self.objective, *self.others)
            for name, fit in self.fits_of(objective).items()
        )
        names = ("program", "cost", "grows as", f"slope over {self.axis}", "sizes")
        heads = "".join(f"<th scope=col>{name}</th>" for name in names)
        return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def _plain(fits: Mapping[str, Fit]) -> dict[str, Any]:
    return {
        name: {"points": fit.points, "word": fit.word, "slope": fit.slope and fit.slope.to_json()}
        for name, fit in fits.items()
    }


def _numbers(slope: Figure) -> str:
    return f"{slope.value:.2f} [{slope.lo:.2f}, {slope.hi:.2f}]"


def growth(
    task: CodeTask,
    programs: Mapping[str, Program] | None = None,
    *,
    sizes: Sequence[float] = SIZES,
    repeats: int = 3,
    seed: int = 0,
    budget_s: float | None = None,
    judge: CodeJudge | None = None,
    runner: Runner | None = None,
) -> Growth:
    """Run each program (the task's own, unless others are named) at each size, `repeats` times.

    n is the number of elements in the arguments, where that is what grows. What `judge` is after is fitted,
    and memory beside it. `budget_s`: wall seconds after which no further run begins. A program that fails at
    a size is noted. Raises BadInput for a task that makes no inputs, or whose generator fails.
    """
    if task.generate is None:
        raise BadInput(f"{task.name} makes no inputs of other sizes: give it generate(seed, size)")
    if not sizes or min(sizes) <= 0 or repeats < 1:
        raise BadInput(f"sizes={sizes!r}, repeats={repeats!r}: give sizes above 0, and one run or more")
    until = math.inf if budget_s is None else time.monotonic() + budget_s
    given = [made(task, seed, size) for size in sorted(sizes)]
    ns, axis = _axis(given, sorted(sizes))
    runs = _Runs(judge or CodeJudge(), repeats, until, runner, programs or {"start": task.program})
    for n, inputs in zip(ns, given, strict=True):
        runs.at(n, inputs, task)
    fits = {objective: runs.fits(objective, seed, axis) for objective in runs.objectives}
    first = runs.judge.objective
    return Growth(task.name, first, fits.pop(first), fits, axis)


def _axis(given: Sequence[Sequence[tuple]], sizes: Sequence[float]) -> tuple[list[float], str]:
    """The number of elements at each size; the size itself where that number hardly follows it."""
    counts: list[float] = [sum(_elements(each) for each in inputs) for inputs in given]
    follows = counts[0] > 1 and math.log(counts[-1] / counts[0]) >= math.log(sizes[-1] / sizes[0]) / 2
    enough = len(set(counts)) >= min(LEAST_POINTS, len(set(sizes)))
    return (counts, ELEMENTS) if follows and enough and counts == sorted(counts) else (list(sizes), SIZE)


class _FailedAt(Exception):
    """A program gave a wrong answer, or none."""


@dataclass
class _Runs:
    """What was measured so far: costs by objective and program, and what went wrong first."""

    judge: CodeJudge
    repeats: int
    until: float
    runner: Runner | None
    programs: Mapping[str, Program]
    notes: dict[str, str] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)  # larger inputs would end them again
    costs: dict[tuple[str, str], list[tuple[float, list[float]]]] = field(default_factory=dict)

    @property
    def objectives(self) -> list[str]:
        return list(dict.fromkeys((self.judge.objective, "memory")))

    def at(self, n: float, inputs: Sequence[tuple], task: CodeTask) -> None:
        """All programs on inputs of one size; what goes wrong is noted."""
        run, still = self.runner, [name for name in self.programs if name not in self.lost]
        try:
            if still and not run and not self._over(still, n):
                learned = reference_on(self.judge, task, inputs)
                run = partial(_run, self.judge, self.objectives, learned)
        except BadInput as error:  # the original's own trouble at this size
            self._note(still, f"no answers to go by at n = {n:g}: {error}")
        for name in still if run else ():
            if not self._over([name], n):
                self._one(name, n, inputs, run)

    def _one(self, name: str, n: float, inputs: Sequence[tuple], run: Runner) -> None:
        found: list[Costs] = []
        try:
            while len(found) < self.repeats:
                cost = run(self.programs[name], inputs)
                found.append(cost if isinstance(cost, Mapping) else {self.judge.objective: cost})
        except _FailedAt as error:
            self._note([name], f"{error} at n = {n:g}")
            if str(error) != "wrong_answer":
                self.lost.add(name)
            return
        for objective in self.objectives:
            costs = [each.get(objective) for each in found]
            if all(costs):  # neither None nor 0, which has no logarithm
                self.costs.setdefault((objective, name), []).append((n, costs))

    def _over(self, names: Sequence[str], n: float) -> bool:
        over = time.monotonic() >= self.until
        if over:
            self._note(names, f"time used up before n = {n:g}")
        return over

    def _note(self, names: Sequence[str], words: str) -> None:
        for name in names:
            self.notes.setdefault(name, words)

    def fits(self, objective: str, seed: int, axis: str) -> dict[str, Fit]:
        return {
            name: fit(self.costs.get((objective, name), []), self.notes.get(name, ""), seed, axis == ELEMENTS)
            for name in self.programs
        }


def _run(
    judge: CodeJudge, objectives: Sequence[str], learned: Reference, program: Program, inputs: Sequence[tuple]
) -> Costs:
    """Costs of one run; none for what is too near to what can be told apart at all."""
    outcome = judge.judge(learned, program)
    if not outcome.ok:
        raise _FailedAt(outcome.status)
    told = {
        key: figure.value
        for key, figure in outcome.figures.items()
        if figure.value > ABOVE_FLOOR * learned.floor.get(key, 0)
    }
    return {
        each: mixed(told, weights(each)) if weights(each).keys() <= told.keys() else None
        for each in objectives
    }


def _elements(value: Any) -> int:
    """Leaves of nested data; a text counts its characters, a number its one."""
    if isinstance(value, str | bytes):
        return len(value)
    if isinstance(value, Mapping):
        return sum(_elements(k) + _elements(v) for k, v in value.items())
    if isinstance(value, list | tuple | set | frozenset):
        return sum(map(_elements, value))
    return 1


def fit(
    costs: Sequence[tuple[float, Sequence[float]]], note: str = "", seed: int = 0, counted: bool = True
) -> Fit:
    """The slope of log cost over log n, from (n, costs of its runs), each above 0.

    `counted`: n counts something, so that n log n means something. The interval is the wider of two: the
    bootstrap over the runs, and what a straight line leaves over.

    >>> fit([(n, [3e-6 * n * n]) for n in (10, 20, 40, 80)]).word
    'n²'
    """
    points = tuple((n, min(found)) for n, found in costs)  # what else runs here only adds
    if (usable := len({n for n, _ in points})) < LEAST_POINTS:
        return Fit(points, None, note or f"too little to tell ({usable} usable sizes)")
    rng = random.Random(seed)
    slopes = sorted(
        _slope([(n, min(rng.choices(found, k=len(found)))) for n, found in costs]) for _ in range(RESAMPLES)
    )
    middle = _slope(points)
    spread = _residual(points, middle)  # three runs agree better than a straight line fits
    low = min(slopes[int(0.025 * RESAMPLES)], middle - spread)
    high = max(slopes[int(0.975 * RESAMPLES)], middle + spread)
    slope = Figure(middle, "exponent", "measured", low, high, len(points))
    return Fit(points, slope, _word(slope, points, counted) + (f" ({note})" if note else ""))


def _slope(points: Sequence[tuple[float, float]]) -> float:
    """Least squares of log cost over log n."""
    logs = [(math.log(n), math.log(cost)) for n, cost in points]
    return statistics.linear_regression([x for x, _ in logs], [y for _, y in logs]).slope


def _residual(points: Sequence[tuple[float, float]], slope: float) -> float:
    """Half of the slope's 95 % interval by what is left over."""
    xs, ys = [math.log(n) for n, _ in points], [math.log(cost) for _, cost in points]
    middle, free = (statistics.fmean(xs), statistics.fmean(ys)), len(points) - 2
    left = sum((y - middle[1] - slope * (x - middle[0])) ** 2 for x, y in zip(xs, ys, strict=True))
    wide = sum((x - middle[0]) ** 2 for x in xs)
    return STUDENT[min(free, len(STUDENT)) - 1] * math.sqrt(left / free / wide)


def _word(slope: Figure, points: Sequence[tuple[float, float]], counted: bool = True) -> str:
    """The only class that the interval holds, if near (n and n log n may both be); else the exponent."""
    classes = {"constant": 0.0, "√n": 0.5, "n": 1.0, "n^1.5": 1.5, "n²": 2.0, "n³": 3.0}
    if counted:  # over these sizes n log n has a slope of its own, a little above 1
        logs = [math.log(n) for n, _ in points]
        classes["n log n"] = 1 + (math.log(max(logs)) - math.log(min(logs))) / (max(logs) - min(logs))
    held = [word for word, exponent in classes.items() if slope.lo <= exponent <= slope.hi]
    near = [word for word in held if abs(slope.value - classes[word]) <= NEAR]
    if near and (len(held) == 1 or set(held) == {"n", "n log n"}):
        return " or ".join(held)
    if slope.hi - slope.lo > WIDEST:
        return "unclear"
    return f"n^{slope.value:.2f}"
