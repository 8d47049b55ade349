"""How cost grows with the size of the input: not "3.1x at n = 10 000" but "from n² to n log n".

Programs are run on inputs of several sizes that the task makes; the slope of log cost over log n is fitted,
with a bootstrap interval over the runs, and a class is named only where the interval allows it.
Not covered: tasks without a generator, growth in two directions at once, constant factors.
"""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape
from typing import Any

from labkit.errors import BadInput, need
from labkit.sandbox import CodeJudge, Program
from labkit.sandbox.objectives import weights
from labkit.stats import Figure

from .rules import made
from .task import CodeTask

SIZES = (0.1, 0.18, 0.32, 0.56, 1.0)
LEAST_POINTS = 3
RESAMPLES = 500
NEAR = 0.12  # a slope this near to a class is called by it, if its interval agrees
Runner = Callable[[Program, Sequence[tuple]], float | None]  # cost; None: too little to tell


@dataclass(frozen=True)
class Fit:
    """One program: (n, median cost) at each size that could be told, the slope, the class or why none."""

    points: tuple[tuple[float, float], ...]
    slope: Figure | None
    word: str


@dataclass(frozen=True)
class Growth:
    """Fits of several programs on the same inputs."""

    task: str
    objective: str
    fits: Mapping[str, Fit]

    def describe(self, before: str, after: str) -> str:
        """In words: from what to what, with slopes and intervals."""
        a, b = self.fits[before], self.fits[after]
        if a.slope is None or b.slope is None:
            return f"{self.objective}: {before} {a.word}, {after} {b.word}"
        sizes = min(len(a.points), len(b.points))
        slopes = " → ".join(f"{s.value:.2f} [{s.lo:.2f}, {s.hi:.2f}]" for s in (a.slope, b.slope))
        change = f"from {a.word} to {b.word}" if a.word != b.word else f"{a.word} as before"
        return f"{self.objective}: {change} (slopes {slopes}, measured, {sizes} sizes)"

    def to_frame(self):
        """One row a program and size (needs pandas)."""
        rows = [
            {"program": name, "n": n, "cost": cost, "class": fit.word}
            for name, fit in self.fits.items()
            for n, cost in fit.points
        ]
        return need("pandas", "lab").DataFrame(rows, columns=["program", "n", "cost", "class"])

    def to_json(self) -> dict[str, Any]:
        programs = {
            name: {"points": fit.points, "word": fit.word, "slope": fit.slope and fit.slope.to_json()}
            for name, fit in self.fits.items()
        }
        return {"objective": self.objective, "programs": programs}

    def __repr__(self) -> str:
        each = "; ".join(f"{name} {fit.word}" for name, fit in self.fits.items())
        return f"<growth of {self.task}, {self.objective}: {each}>"

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><th scope=row>{escape(name)}</th><td>{escape(fit.word)}</td><td>{fit.slope or ''}</td></tr>"
            for name, fit in self.fits.items()
        )
        heads = "".join(f"<th scope=col>{name}</th>" for name in ("program", "grows as", "slope"))
        return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def growth(
    task: CodeTask,
    programs: Mapping[str, Program] | None = None,
    *,
    sizes: Sequence[float] = SIZES,
    repeats: int = 3,
    seed: int = 0,
    judge: CodeJudge | None = None,
    runner: Runner | None = None,
) -> Growth:
    """Run each program (the task's own, unless others are named) at each size, `repeats` times.

    n is the number of elements in the arguments. `judge` says what is measured and under which limits.
    Raises BadInput for a task that makes no inputs, or whose generator fails.
    """
    if task.generate is None:
        raise BadInput(f"{task.name} makes no inputs of other sizes: give it generate(seed, size)")
    judge = judge or CodeJudge()
    programs = programs or {"start": task.program}
    costs: dict[str, list[tuple[float, list[float]]]] = {name: [] for name in programs}
    notes: dict[str, str] = {}
    for size in sizes:
        inputs = made(task, seed, size)
        n = sum(_elements(given) for given in inputs)
        run = runner or partial(_run, judge, judge.learn(task.program, inputs, task.tolerance, task.check))
        for name, program in programs.items():
            try:
                found = [run(program, inputs) for _ in range(repeats)]
            except _FailedAt as error:
                notes[name] = f"{error} at n = {n}"
                continue
            if None not in found:
                costs[name].append((n, found))
    fits = {name: _fit(each, notes.get(name, ""), seed) for name, each in costs.items()}
    return Growth(task.name, judge.objective, fits)


class _FailedAt(Exception):
    """A program gave a wrong answer, or none."""


def _run(judge: CodeJudge, reference: Any, program: Program, inputs: Sequence[tuple]) -> float | None:
    outcome = judge.judge(reference, program)
    if not outcome.ok:
        raise _FailedAt(outcome.status)
    cost = judge.cost(outcome)
    keys = [key for key, figure in outcome.figures.items() if figure.value <= 3 * reference.floor.get(key, 0)]
    return None if set(keys) & weights(judge.objective).keys() else cost


def _elements(value: Any) -> int:
    """Leaves of nested data; a text counts its characters, a number its one."""
    if isinstance(value, str | bytes):
        return len(value)
    if isinstance(value, Mapping):
        return sum(_elements(k) + _elements(v) for k, v in value.items())
    if isinstance(value, list | tuple | set | frozenset):
        return sum(map(_elements, value))
    return 1


def _fit(costs: Sequence[tuple[float, list[float]]], note: str, seed: int) -> Fit:
    points = tuple((n, statistics.median(found)) for n, found in costs)
    if len({n for n, _ in points}) < LEAST_POINTS:
        return Fit(points, None, note or "too quick to tell")
    rng = random.Random(seed)
    slopes = sorted(
        _slope([(n, statistics.median(rng.choices(found, k=len(found)))) for n, found in costs])
        for _ in range(RESAMPLES)
    )
    middle = _slope(points)
    spread = _residual(points, middle)  # three runs agree better than a straight line fits
    low = min(slopes[int(0.025 * RESAMPLES)], middle - spread)
    high = max(slopes[int(0.975 * RESAMPLES)], middle + spread)
    slope = Figure(middle, "per decade", "measured", low, high, len(points))
    return Fit(points, slope, _word(slope, points) + (f" ({note})" if note else ""))


def _slope(points: Sequence[tuple[float, float]]) -> float:
    """Least squares of log cost over log n."""
    logs = [(math.log(n), math.log(cost)) for n, cost in points]
    return statistics.linear_regression([x for x, _ in logs], [y for _, y in logs]).slope


def _residual(points: Sequence[tuple[float, float]], slope: float) -> float:
    """Twice the slope's standard error by what is left over."""
    xs, ys = [math.log(n) for n, _ in points], [math.log(cost) for _, cost in points]
    middle = statistics.fmean(xs), statistics.fmean(ys)
    left = sum((y - middle[1] - slope * (x - middle[0])) ** 2 for x, y in zip(xs, ys, strict=True))
    wide = sum((x - middle[0]) ** 2 for x in xs)
    return 2 * math.sqrt(left / max(1, len(points) - 2) / wide)


def _word(slope: Figure, points: Sequence[tuple[float, float]]) -> str:
    """The class whose exponent the interval holds and which is near; else the exponent itself."""
    logs = [math.log(n) for n, _ in points]
    # over these sizes n log n has a slope of its own, a little above 1
    loglinear = 1 + (math.log(max(logs)) - math.log(min(logs))) / (max(logs) - min(logs))
    classes = {"constant": 0.0, "√n": 0.5, "n": 1.0, "n log n": loglinear, "n^1.5": 1.5, "n²": 2.0, "n³": 3.0}
    near = {
        word: abs(slope.value - exponent)
        for word, exponent in classes.items()
        if slope.lo <= exponent <= slope.hi and abs(slope.value - exponent) <= NEAR
    }
    return min(near, key=near.__getitem__) if near else f"n^{slope.value:.2f}"
