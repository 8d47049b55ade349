"""The shared loop on kernels: a task and a kernel that works become a study, as functions do.

`KernelJudge` behind the loop's protocol; verdicts are remembered, since a search comes back to a schedule
in another trajectory. Serial against parallel at equal budget is `grid` (Kevin's 16×8, 32×4, 128×1, scaled).
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from labkit.errors import BadInput, need
from labkit.refinement import CodeTask, Proposer, Study, refine
from labkit.sandbox import Program, Reference
from labkit.sandbox.judge import CandidateFailed
from labkit.stats import Outcome, Verdict

from .backends import Kernel, kernel
from .judge import KernelJudge, Rejected
from .schedule import ScheduleProposer
from .starts import start_kernels
from .tasks import KernelTask, task_named


@dataclass(frozen=True)
class StudyJudge:
    """A KernelJudge as the loop wants one: programs are kernels' sources, costs are seconds of all shapes."""

    kernels: KernelJudge
    objective: str = "time"
    _known: dict[str, Outcome] = field(default_factory=dict, repr=False, compare=False)

    def learn(self, original: Program, inputs: Sequence[tuple], tolerance: float = 0.0, check: Any = "exact"):
        return Reference((), (), (), {})

    def judge(self, reference: Reference, candidate: Program) -> Outcome:
        if candidate.source not in self._known:
            self._known[candidate.source] = self.kernels.judge(kernel(candidate.source))
        return self._known[candidate.source]

    def compare(self, reference: Reference, incumbent: Program, candidate: Program) -> Verdict:
        try:
            return self.kernels.compare(kernel(incumbent.source), kernel(candidate.source))
        except Rejected as rejected:
            raise CandidateFailed(candidate, f"{rejected.problem.status}: {rejected.problem.words}") from None

    def cost(self, outcome: Outcome) -> float | None:
        return outcome.figures["wall_s"].value if "wall_s" in outcome.figures else None

    def with_stop(self, stop: threading.Event | None) -> StudyJudge:
        return replace(self, kernels=replace(self.kernels, stop=stop))


def refine_kernel(
    task: KernelTask | str,
    start: Kernel | str | None = None,
    proposer: Proposer | None = None,
    *,
    dtype: str = "",
    threads: int = 1,
    judge: KernelJudge | None = None,
    **options: Any,
) -> Study:
    """Improve a kernel by running it; `start`: its source, or None for the lab's own for this task.

    The other options are those of `refine`. The study's costs are relative to the start; what a kernel does
    beside torch is in each turn's `speedup`. Raises BadInput.
    """
    task = task_named(task)
    if start is None:
        known = start_kernels(task.name)
        if not known:
            raise BadInput(f"{task.name}: there is no kernel of ours to start from: give start=source")
        start = known[0]
    source = start.source if isinstance(start, Kernel) else start
    row = kernel(source).row
    if not row.tier.startswith("measured"):
        raise BadInput(f"a {row.name} kernel has no measured speed here: start from one in C or numba")
    program = CodeTask(task.name, Program(source, "kernel"), ((),), task.statement, family=task.family)
    given = {"screen": False, "measure_first": False, "hold_out": False, **options}
    own = judge or KernelJudge(task, dtype, threads)
    try:
        return refine(program, proposer or ScheduleProposer(), StudyJudge(own, _known=own.verdicts), **given)
    finally:
        if judge is None:
            own.close()


def grid(
    task: KernelTask | str,
    start: Kernel | str | None = None,
    proposer: Proposer | None = None,
    *,
    budget: int = 8,
    dtype: str = "",
    threads: int = 1,
    judge: KernelJudge | None = None,
    **options: Any,
):
    """The same number of candidates in one long trajectory or several short ones: a row each (by pandas).

    `right`: the share of the candidates that passed. `judge`: one that knows the task already. The other
    options are those of `refine`.
    """
    if not isinstance(budget, int) or isinstance(budget, bool) or budget < 1:
        raise BadInput(f"budget={budget!r}: give a whole number of candidates from 1 on")
    rows = []
    own = judge or KernelJudge(task_named(task), dtype, threads)
    with contextlib.nullcontext(own) if judge else own as judge:
        for many in (m for m in range(1, budget + 1) if budget % m == 0):
            shape = {"trajectories": many, "turns": budget // many}
            study = refine_kernel(task, start, proposer, judge=judge, **shape, **options)
            right = sum(turn.outcome.ok for turn in study.turns) / max(1, len(study.turns))
            gain = study.gain.value if study.gain else 1.0
            rows.append(
                {"parallel": many, "serial": budget // many, "gain": gain, "right": right, "study": study}
            )
    return need("pandas", "lab").DataFrame(rows)
