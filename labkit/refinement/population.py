"""What other people's programs cost on this machine: measured once, kept, and ranked against.

Covered: the lab's own reference solutions and those of a loaded record, each run by the same judge; figures
that a record came with, kept apart from ours. Not covered: comparing two close ones, which takes interleaved
runs (see CodeJudge.compare).
"""

from __future__ import annotations

import functools
import hashlib
import inspect
import json
import math
import os
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from labkit import sandbox
from labkit.errors import BadInput, need
from labkit.record.provenance import device
from labkit.sandbox import CodeJudge, Program, Reference, values
from labkit.sandbox.objectives import OBJECTIVES
from labkit.stats import Figure

from .rules import reference_on
from .task import CodeTask, Solution, reference_solutions, task_names

START = "start"
RANKED = ("time", "memory", "integral")
KEYS = tuple(OBJECTIVES[name][0] for name in RANKED)


@dataclass(frozen=True)
class Population:
    """Programs for one task by what they cost; the start is one of them, and not ranked against.

    `how`: "measured" here, or "as recorded" by whoever wrote the record. `statuses`: why an entry did not
    pass. `recorded`: figures that the record came with, which are those of another machine.
    """

    task: str
    entries: tuple[Solution, ...]
    how: str = "measured"
    statuses: Mapping[str, str] = field(default_factory=dict)
    recorded: Mapping[str, Mapping[str, Figure]] = field(default_factory=dict, repr=False)

    @property
    def start(self) -> Solution:
        return next(each for each in self.entries if each.label == START)

    @property
    def passing(self) -> tuple[Solution, ...]:
        """The others' programs that are right."""
        return tuple(each for each in self.entries if each.passed and each.label != START)

    def values(self, objective: str) -> list[float]:
        """Costs of the passing programs, the least first. BadInput for an unknown objective."""
        key = key_of(objective)
        return sorted(each.figures[key].value for each in self.passing if key in each.figures)

    def best(self, objective: str = "time") -> Solution:
        """The cheapest passing program; the start where there is none."""
        key = key_of(objective)
        ranked = [each for each in self.passing if key in each.figures]
        return min(ranked, key=lambda each: each.figures[key].value, default=self.start)

    def spread(self, objective: str = "time") -> float:
        """Dearest over cheapest of all that pass, the start among them; 1 where there are no two."""
        key = key_of(objective)
        costs = [each.figures[key].value for each in self.entries if each.passed and key in each.figures]
        if not costs or max(costs) == min(costs):
            return 1.0
        return max(costs) / min(costs) if min(costs) > 0 else math.inf

    def to_frame(self):
        """One row a program (needs pandas)."""
        rows = [
            {
                "label": each.label, "passed": each.passed, "status": self._status(each),
                **{key: figure.value for key, figure in each.figures.items()},
            }
            for each in self.entries
        ]  # fmt: skip
        return need("pandas", "lab").DataFrame(rows)

    def _status(self, each: Solution) -> str:
        return self.statuses.get(each.label, "ok" if each.passed else "")

    def summary(self) -> str:
        """A line for each objective, and one for those that failed."""
        lines = [f"{self.task}: {len(self.passing)} of {len(self.entries) - 1} pass ({self.how})"]
        for objective in RANKED:
            best = self.best(objective)
            if figure := best.figures.get(key_of(objective)):
                cost = f"{figure.value:.3g} {figure.unit}"
                lines.append(
                    f"{objective}: {best.label} {cost}, {self.spread(objective):.3g}x to the dearest"
                )
        failed = [f"{label} ({status})" for label, status in self.statuses.items()]
        return "\n".join(lines + ([f"failed: {', '.join(failed)}"] if failed else []))

    def __repr__(self) -> str:
        best = self.best("time")
        return (
            f"<population of {self.task}, {self.how}: {len(self.passing)} of {len(self.entries) - 1} pass, "
            f"{self.spread('time'):.3g}x from dearest to cheapest ({best.label})>"
        )


def key_of(objective: str) -> str:
    """The figure that an objective looks at.

    >>> key_of("memory")
    'peak_mib'
    """
    if objective not in RANKED:
        raise BadInput(f"objective={objective!r}: a population has time, memory and integral")
    return OBJECTIVES[objective][0]


def population(
    task: CodeTask,
    *,
    judge: CodeJudge | None = None,
    repeats: int = 3,
    cache: bool | str | Path | None = None,
    progress: Callable[[int, int], Any] | None = None,
) -> Population:
    """Run every solution of a task `repeats` times and keep the least of each cost.

    `cache`: None or True for the user's cache folder (`$LABKIT_CACHE`, else that of the system), a folder,
    or False; what was measured with the same programs, inputs, limits, Python, machine and sandbox, at least
    as often, is not measured again. `progress(done, all)` is called after each.
    Raises BadInput for a task without solutions, and where its program fails.
    """
    if not isinstance(repeats, int) or isinstance(repeats, bool) or repeats < 1:
        raise BadInput(f"repeats={repeats!r}: give a whole number above 0")
    solutions, judge = _solutions(task), judge or CodeJudge()
    file = None if cache is False else _file(task, solutions, judge, cache)
    if (found := file and _read(file, solutions, repeats)) is None:
        reference = reference_on(judge, task, task.inputs)
        found = []
        for i, each in enumerate(solutions, 1):
            found.append(_measured(judge, reference, each, task.program.entry, repeats))
            if progress:
                progress(i, len(solutions))
        if file:
            _write(file, found, repeats)
    statuses = {each.label: status for each, status in found if status != "ok"}
    return Population(
        task.name, tuple(each for each, _ in found), "measured", statuses, _recorded(task.solutions)
    )


def as_recorded(task: CodeTask) -> Population:
    """The same from the figures that the record came with; nothing is run, the start has none."""
    if not (recorded := _recorded(task.solutions)):
        raise BadInput(f"{task.name} came without figures: measure them with population(task)")
    statuses = {each.label: "failed" for each in task.solutions if not each.passed}
    return Population(task.name, tuple(_solutions(task)), "as recorded", statuses, recorded)


def _recorded(solutions: Sequence[Solution]) -> dict[str, Mapping[str, Figure]]:
    return {each.label: each.figures for each in solutions if each.figures}


def _solutions(task: CodeTask) -> list[Solution]:
    """The start, then the others; each label is the name of one."""
    others = list(task.solutions)
    if not others and task.name in task_names():
        others = [
            Solution(label, f"{each.source}\n\n{task.program.entry} = {each.entry}\n")
            for label, each in reference_solutions(task.name).items()
        ]
    if not others:
        raise BadInput(f"{task.name} has no solutions to measure: give it some, CodeTask(…, solutions=…)")
    labels = [START, *(each.label for each in others)]
    if twice := next((label for label in labels if labels.count(label) > 1), None):
        raise BadInput(f"{task.name} has two solutions labelled {twice!r}: give each a label of its own")
    return [Solution(START, task.program.source), *others]


Measured = tuple[Solution, str]  # and the status of its run: ok, or why it failed


def _measured(judge: CodeJudge, reference: Reference, each: Solution, entry: str, repeats: int) -> Measured:
    outcomes = []
    while len(outcomes) < repeats:
        outcomes.append(judge.judge(reference, Program(each.source, entry)))
        if not outcomes[-1].ok:
            return Solution(each.label, each.source, False), outcomes[-1].status
    least = {
        key: min((outcome.figures[key] for outcome in outcomes), key=lambda figure: figure.value)
        for key in KEYS
    }
    figures = {key: replace(figure, n=len(outcomes)) for key, figure in least.items()}
    return Solution(each.label, each.source, True, figures), "ok"


def _file(task: CodeTask, solutions: list[Solution], judge: CodeJudge, cache: Any) -> Path | None:
    """Where it is kept, by all that may change a figure; None for a checker whose source is not to be had."""
    check = task.check
    if callable(check):
        try:
            check = inspect.getsource(check)
        except (OSError, TypeError):
            return None
    values.encode(tuple(task.inputs), "inputs")  # what cannot be sent has no fingerprint either
    parts = [
        task.program.source, task.program.entry, values.fingerprint(task.inputs), str(task.tolerance), check,
        [(each.label, each.source) for each in solutions], repr(judge.limits), judge.isolation,
        sys.version, device()["cpu"], _sandbox_hash(),
    ]  # fmt: skip
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    ours = os.environ.get("LABKIT_CACHE") or Path(home, "labkit")
    folder = Path(ours if cache in (None, True) else cache)
    name = hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:20]
    return folder / "populations" / f"{name}.json"


@functools.cache
def _sandbox_hash() -> str:
    """Of the code that measures; a change of the rest of labkit changes no figure."""
    folder = Path(sandbox.__file__).parent
    found = hashlib.sha256()
    for path in sorted(folder.glob("*.py")) + sorted(folder.glob("inside/*.py")):
        found.update(path.name.encode() + b"\0" + path.read_bytes())
    return found.hexdigest()


def _read(file: Path, solutions: list[Solution], repeats: int) -> list[Measured] | None:
    """What was kept; None where there is nothing, it was run less often, or is damaged."""
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        if data["repeats"] < repeats:
            return None
        return [_kept(each, row) for each, row in zip(solutions, data["entries"], strict=True)]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _kept(each: Solution, row: Mapping[str, Any]) -> Measured:
    figures = {key: Figure.from_json(figure) for key, figure in row["figures"].items()}
    passed = row["status"] == "ok"
    if row["label"] != each.label or passed != (figures.keys() == set(KEYS)):
        raise ValueError(row)
    if not all(math.isfinite(figure.value) and figure.value > 0 for figure in figures.values()):
        raise ValueError(row)
    return Solution(each.label, each.source, passed, figures), str(row["status"])


def _write(file: Path, found: list[Measured], repeats: int) -> None:
    """Whole or not at all; a cache that cannot be written is no reason to fail."""
    rows = [
        {"label": each.label, "status": status, "figures": {k: f.to_json() for k, f in each.figures.items()}}
        for each, status in found
    ]
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=file.parent, suffix=".tmp", delete=False) as part:
            try:
                part.write(json.dumps({"repeats": repeats, "entries": rows}))
                part.flush()
                os.replace(part.name, file)
            except OSError:
                os.unlink(part.name)
