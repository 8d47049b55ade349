"""What other people's programs cost on this machine: measured once, kept, and ranked against.

Covered: the lab's own reference solutions and those of a loaded record, each run by the same judge.
Not covered: comparing two close ones, which takes interleaved runs (see CodeJudge.compare).
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labkit.errors import BadInput, need
from labkit.record.provenance import source_hash
from labkit.sandbox import CodeJudge, Program, Reference, values
from labkit.sandbox.objectives import OBJECTIVES
from labkit.stats import Figure

from .task import CodeTask, Solution, reference_solutions, task_names

START = "start"
KEYS = ("cpu_s", "peak_mib", "integral_mib_s")


@dataclass(frozen=True)
class Population:
    """Programs for one task by what they cost; the start is one of them, and not ranked against."""

    task: str
    entries: tuple[Solution, ...]

    @property
    def start(self) -> Solution:
        return next(each for each in self.entries if each.label == START)

    @property
    def passing(self) -> tuple[Solution, ...]:
        """The others' programs that are right."""
        return tuple(each for each in self.entries if each.passed and each.label != START)

    def values(self, objective: str) -> list[float]:
        """Costs of the passing programs, the least first. BadInput for an unknown objective."""
        return sorted(each.figures[_key(objective)].value for each in self.passing)

    def best(self, objective: str = "time") -> Solution:
        """The cheapest passing program; the start where there is none."""
        key = _key(objective)
        return min(self.passing, key=lambda each: each.figures[key].value, default=self.start)

    def spread(self, objective: str = "time") -> float:
        """Dearest over cheapest of all that pass, the start among them."""
        key = _key(objective)
        costs = [each.figures[key].value for each in self.entries if each.passed]
        return max(costs) / min(costs) if costs else 1.0

    def to_frame(self):
        """One row a program (needs pandas)."""
        rows = [
            {"label": each.label, "passed": each.passed, **{k: f.value for k, f in each.figures.items()}}
            for each in self.entries
        ]
        return need("pandas", "lab").DataFrame(rows)

    def __repr__(self) -> str:
        best = self.best("time")
        return (
            f"<population of {self.task}: {len(self.passing)} of {len(self.entries) - 1} pass, "
            f"{self.spread('time'):.3g}x from dearest to cheapest ({best.label})>"
        )


def _key(objective: str) -> str:
    key = OBJECTIVES.get(objective, ("", ""))[0]
    if key not in KEYS:
        raise BadInput(f"objective={objective!r}: a population has time, memory and integral")
    return key


def population(
    task: CodeTask,
    *,
    judge: CodeJudge | None = None,
    repeats: int = 3,
    cache: bool | str | Path = True,
    progress: Callable[[int, int], Any] | None = None,
) -> Population:
    """Run every solution of a task `repeats` times and keep the least of each cost.

    `cache`: True for the user's cache folder (`$LABKIT_CACHE`, else that of the system), a folder, or False;
    what was measured with the same programs, inputs, Python, machine and sandbox is not measured again.
    Raises BadInput for a task without solutions, and where its program fails.
    """
    solutions = _solutions(task)
    file = _file(task, solutions, cache) if cache else None
    if file and (known := _read(file)):
        return Population(task.name, known)
    judge = judge or CodeJudge()
    reference = judge.learn(task.program, task.inputs, task.tolerance, task.check)
    entries = []
    for i, each in enumerate(solutions, 1):
        entries.append(_measured(judge, reference, each, task.program.entry, repeats))
        if progress:
            progress(i, len(solutions))
    if file:
        _write(file, entries)
    return Population(task.name, tuple(entries))


def _solutions(task: CodeTask) -> list[Solution]:
    others = list(task.solutions)
    if not others and task.name in task_names():
        others = [
            Solution(label, f"{each.source}\n\n{task.program.entry} = {each.entry}\n")
            for label, each in reference_solutions(task.name).items()
        ]
    if not others:
        raise BadInput(f"{task.name} has no solutions to measure: give it some, CodeTask(…, solutions=…)")
    return [Solution(START, task.program.source), *others]


def _measured(judge: CodeJudge, reference: Reference, each: Solution, entry: str, repeats: int) -> Solution:
    outcomes = [judge.judge(reference, Program(each.source, entry)) for _ in range(repeats)]
    if not all(outcome.ok for outcome in outcomes):
        return Solution(each.label, each.source, False, {})
    figures = {}
    for key in KEYS:
        costs = [outcome.figures[key].value for outcome in outcomes]
        unit = outcomes[0].figures[key].unit
        figures[key] = Figure(min(costs), unit, "measured", min(costs), max(costs), len(costs))
    return Solution(each.label, each.source, True, figures)


def _file(task: CodeTask, solutions: list[Solution], cache: bool | str | Path) -> Path:
    text = "\0".join(
        [
            *task.program.__dict__.values(), values.fingerprint(task.inputs), str(task.tolerance),
            *(f"{each.label}\0{each.source}" for each in solutions),
            sys.version, platform.machine(), _cpu(), source_hash(),
        ]
    )  # fmt: skip
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(os.environ.get("LABKIT_CACHE") or Path(home, "labkit")) if cache is True else Path(cache)
    return folder / "populations" / f"{hashlib.sha256(text.encode()).hexdigest()[:20]}.json"


def _cpu() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines() if os.path.exists("/proc/cpuinfo") else []
    return next((line for line in lines if line.startswith("model name")), "")


def _read(file: Path) -> tuple[Solution, ...] | None:
    """What was kept; None where there is nothing, or it is damaged."""
    try:
        return tuple(_solution(data) for data in json.loads(file.read_text())["entries"]) or None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _solution(data: Mapping[str, Any]) -> Solution:
    figures = {key: Figure.from_json(figure) for key, figure in data["figures"].items()}
    if data["passed"] and not all(math.isfinite(figures[key].value) for key in KEYS):
        raise ValueError(data)
    return Solution(data["label"], data["source"], bool(data["passed"]), figures)


def _write(file: Path, entries: list[Solution]) -> None:
    """Whole or not at all; a cache that cannot be written is no reason to fail."""
    rows = [
        {
            "label": each.label, "source": each.source, "passed": each.passed,
            "figures": {key: figure.to_json() for key, figure in each.figures.items()},
        }
        for each in entries
    ]  # fmt: skip
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=file.parent, delete=False) as part:
            part.write(json.dumps({"entries": rows}))
        os.replace(part.name, file)
    except OSError:
        return
