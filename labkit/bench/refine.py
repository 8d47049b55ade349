"""`labkit bench refine`: how far the embedded proposer gets on the lab's tasks, and what the loop costs.

Reach is the share of the best reference solution's log-speedup, both measured against the start in
interleaved runs; a reference that is not proved faster asks for nothing. Held-out tasks, written without
sight of the rewrites, are counted apart and with the others. Not covered: proposers with a model.
"""

from __future__ import annotations

import math
import random
import statistics
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from labkit.bench import Figures, code_hash, committed, confirmed, could_be, finish, share, stored, ticker
from labkit.refinement import (
    CodeTask,
    RewriteProposer,
    Study,
    load_case,
    load_study,
    reference_solutions,
    refine,
    task_names,
)
from labkit.refinement.loop import LEAST_GAIN, MOST_PAIRS
from labkit.refinement.rules import made, reference_on
from labkit.sandbox import CodeJudge, Program, Reference
from labkit.sandbox.judge import CandidateFailed
from labkit.stats import Figure

TURNS = 12
ENOUGH = 0.8  # of the best reference's log-speedup
FRESH_SEEDS = (101, 102)
FRESH_SIZE = 0.5
SAMPLE = 4  # tasks that a quick run measures anew
ROOMS = ("refinement", "sandbox", "stats.py")


@dataclass
class Watched(CodeJudge):
    """A judge that knows how long it measured."""

    spent: list[float] = field(default_factory=list)

    def learn(self, *args: Any, **options: Any) -> Reference:
        return self._timed(super().learn, *args, **options)

    def judge(self, *args: Any) -> Any:
        return self._timed(super().judge, *args)

    def compare(self, *args: Any) -> Any:
        return self._timed(super().compare, *args)

    def _timed(self, action: Any, *args: Any, **options: Any) -> Any:
        began = time.perf_counter()
        try:
            return action(*args, **options)
        finally:
            self.spent.append(time.perf_counter() - began)


@dataclass(frozen=True)
class Reached:
    """One task: the gain of the study's best and of the best reference, and how many accepted were wrong."""

    task: str
    ours: float
    best: float
    label: str
    wrong: int
    accepted: int

    @property
    def reach(self) -> float:
        return math.log(self.ours) / math.log(self.best) if self.best > 1 else 1.0


def main(*, quick: bool = False, json_file: str | None = None, tasks: Sequence[str] | None = None) -> int:
    """Measure all tasks, or those named; `quick`: a sample, and the full run's figures if it agrees."""
    code = code_hash(*ROOMS)
    names = list(tasks or task_names())
    if quick:
        names = random.Random(code).sample(names, min(SAMPLE, len(names)))
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        studies = _side_by_side(lambda name: study_of(name, folder), names, "studies")
        study_s = time.perf_counter() - began
        began = time.perf_counter()
        again = [load_study(study.path) for study in studies]
        replay_s = time.perf_counter() - began
    if any(a.source != b.source for a, b in zip(again, studies, strict=True)):
        raise AssertionError("a study read back from its record has another best program")
    reached = _side_by_side(reached_by, studies, "references")
    print(_table(reached), flush=True)
    figures: Figures = _of(reached)
    figures |= {
        "overhead_ms_per_turn": overhead(names[: 2 * SAMPLE]),
        "study_s": Figure(study_s, "s", "measured", n=len(studies)),
        "replay_s": Figure(replay_s, "s", "measured", n=len(studies)),
    }
    if not quick:
        return finish("refine", figures, json_file, code=code)
    return finish("refine", {**figures, **_quoted(reached, code)}, json_file, code=code, quick=True)


def study_of(name: str, folder: str) -> Study:
    """The study of one of the lab's tasks, from its slowest program, by the embedded proposer."""
    return refine(load_case(name), RewriteProposer(), turns=TURNS, record=str(Path(folder, name)))


def reached_by(study: Study) -> Reached:
    """The gains of a study's best and of the best reference; whether what was accepted is right elsewhere."""
    task, judge = load_case(study.task), CodeJudge(max_pairs=MOST_PAIRS)
    reference, others = reference_on(judge, task, task.inputs), reference_solutions(task.name)
    costs = {label: _cost(judge, reference, each) for label, each in others.items()}
    label = min(costs, key=costs.__getitem__)
    best = judge.compare(reference, task.program, others[label])
    accepted = [turn.candidate.source for turn in study.turns if turn.kept]
    return Reached(
        task.name,
        study.gain.value if study.gain else 1.0,
        1 / best.ratio if best.answer == "faster" else 1.0,
        label,
        _wrong(judge, task, accepted),
        len(accepted),
    )


def _cost(judge: CodeJudge, reference: Reference, program: Program) -> float:
    outcomes = [judge.judge(reference, program) for _ in range(2)]
    return min((judge.cost(each) for each in outcomes if each.ok), default=math.inf)


def _wrong(judge: CodeJudge, task: CodeTask, sources: Sequence[str]) -> int:
    """How many programs fail on inputs that neither the turns nor the last comparison had."""
    seeds = FRESH_SEEDS if sources else ()
    fresh = [reference_on(judge, task, made(task, seed, FRESH_SIZE)) for seed in seeds]
    programs = [Program(source, task.program.entry) for source in sources]
    return sum(not all(judge.judge(each, program).ok for each in fresh) for program in programs)


def overhead(names: Sequence[str]) -> Figure:
    """Milliseconds a turn outside measuring: proposing, screening, recording (median over tasks)."""
    values = []
    for name in names:
        judge = Watched(max_pairs=MOST_PAIRS, least_gain=LEAST_GAIN)
        began = time.perf_counter()
        with tempfile.TemporaryDirectory() as folder:
            study = refine(
                load_case(name, size=0.3), judge=judge, turns=TURNS, measure_first=False, record=folder
            )
        whole = time.perf_counter() - began
        if study.turns:
            values.append(1e3 * (whole - sum(judge.spent)) / len(study.turns))
    return Figure(statistics.median(values), "ms", "measured", min(values), max(values), len(values))


def _side_by_side(action: Any, items: Sequence[Any], what: str) -> list[Any]:
    """The action on each item, two at once; what fails is told with its name."""
    tick = ticker(what, len(items))

    def one(item: Any) -> Any:
        try:
            return action(item)
        except CandidateFailed as error:
            raise AssertionError(f"{item}: {error}") from error
        finally:
            tick()

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(one, items))


def _of(reached: Sequence[Reached]) -> Figures:
    held_out = set(task_names("held_out"))
    apart = [each for each in reached if each.task in held_out]
    enough = sum(each.reach >= ENOUGH for each in reached)
    held = sum(each.reach >= ENOUGH for each in apart)
    wrong = sum(each.wrong for each in reached)
    accepted = sum(each.accepted for each in reached)
    return {
        "tasks": Figure(len(reached), "tasks", "measured", n=len(reached)),
        "reach_80pct": Figure(enough, "tasks", "measured", n=len(reached)),
        "reach_median": Figure(
            statistics.median(each.reach for each in reached), "share", "measured", n=len(reached)
        ),
        "held_out_tasks": Figure(len(apart), "tasks", "measured", n=len(apart)),
        "held_out_reach": Figure(held, "tasks", "measured", n=len(apart)),
        "wrong_accepted": Figure(wrong, "candidates", "measured", n=accepted),
    }


def _quoted(reached: Sequence[Reached], code: str) -> Figures:
    """The full run's figures where the sample agrees with them, else None."""
    past = stored(committed("refine"))
    sample = share(sum(each.reach >= ENOUGH for each in reached), len(reached))

    def agrees(figure: Figure) -> bool:
        return could_be(share(round(figure.value), figure.n), sample)

    names = ("tasks", "reach_80pct", "reach_median", "held_out_tasks", "held_out_reach", "wrong_accepted")
    whole = confirmed(past.get("reach_80pct"), code, agrees)
    right = not any(each.wrong for each in reached)
    found = {name: past.get(name) if whole and right else None for name in names}
    return {**found, "study_s": past.get("study_s") if whole else None}


def _table(reached: Sequence[Reached]) -> str:
    rows = [
        f"{each.task:28} {each.ours:8.2f}x  {each.best:8.2f}x {each.label:22} {each.reach:6.2f}"
        f"{'  WRONG' if each.wrong else ''}"
        for each in sorted(reached, key=lambda each: -each.reach)
    ]
    return "\n".join([f"{'task':28} {'ours':>9}  {'best':>9} {'':22} {'reach':>6}", *rows])
