"""The static tier: does a Triton kernel compile for GPUs that are not here, and does it fit them?

A real compiler gate (PTX, machine code, registers, shared memory), with no device. It gives no time, only a
bound to rank schedules by. Not covered: choosing among algorithms; the bound knows nothing of their order
of memory accesses.
"""

from __future__ import annotations

import contextlib
import math
import random
import threading
from collections.abc import Sequence
from typing import Any

from labkit.errors import BadInput, need
from labkit.sandbox.results import Isolation, Limits
from labkit.sandbox.session import Session
from labkit.stats import Figure, Outcome

from .arrays import Array
from .backends import Kernel, kernel
from .inside import AOT
from .material import Reference, Source
from .roofline import TARGETS, Launch, estimate_launches
from .schedule import all_settings, settings, with_settings
from .screen import screen
from .tasks import KernelTask, Sizes, task_named

LIMITS = Limits(wall_s=60, cpu_s=3600, memory_mib=8192, processes=16, disk_mib=128, value_mib=4)
COMPILE_S = 60.0
COMPILERS = ("triton.compiler", "triton.backends.nvidia.compiler", "triton.backends.amd.compiler")


def compile_ahead(
    kernel: Kernel,
    task: KernelTask,
    sizes: Sizes | None = None,
    *,
    dtype: str = "",
    targets: Sequence[str] = tuple(TARGETS),
    source: Source | None = None,
    isolation: Isolation = "auto",
    stop: threading.Event | None = None,
) -> Outcome:
    """Status `ok`, `compile_error`, or `over_limit` (too much shared memory); figures by target.

    `source`: where the task's shapes are known from already. Raises BadInput for another back end.
    """
    if kernel.backend != "triton":
        raise BadInput(f"a {kernel.backend} kernel is not compiled ahead of time: only Triton's are")
    if unknown := [target for target in targets if target not in TARGETS]:
        raise BadInput(f"target {unknown[0]!r}: choose of {', '.join(TARGETS)}")
    detail: dict[str, Any] = {"backend": "triton", "tier": "static"}
    if missing := kernel.row.problem():
        return Outcome("unavailable", {}, missing, detail)
    if reasons := screen(kernel):
        return Outcome("refused", {}, "; ".join(reasons), detail)
    with contextlib.ExitStack() as stack:
        if source is None:
            reference = Reference(task, dtype, isolation=isolation, stop=stop)
            source = stack.enter_context(reference).at(sizes or task.shapes[0])
        init, inputs = source.init, source.get(0).inputs
    given = [[p.kind, list(p.data.shape)] if isinstance(p, Array) else list(p) for p in inputs]
    options: dict[str, Any] = {"isolation": isolation, "stop": stop}
    with Session(
        AOT, "turn", shared_bytes=1, limits=LIMITS, preload=(*kernel.row.modules, *COMPILERS), **options
    ) as session:
        answer = session.ask("load", kernel.source, "ModelNew", init, given, wall_s=COMPILE_S)
        if answer.status != "ok":
            return Outcome("compile_error", {}, answer.error.strip()[-2000:], detail)
        if not answer.value[2]:
            return Outcome("fallback", {}, "its forward launches no Triton kernel", detail)
        figures: dict[str, Figure] = {}
        for target in targets:
            answer = session.ask("compile", target, TARGETS[target].block_shared, wall_s=COMPILE_S)
            if answer.status != "ok":
                return Outcome("compile_error", figures, answer.error or answer.status, detail)
            status, words, found = answer.value
            if status != "ok":
                return Outcome(status, figures, words, detail)
            launches = [Launch(*row[1:]) for row in found]
            for name, unit in (("registers", "registers"), ("shared", "bytes"), ("spilled", "bytes")):
                most = max(getattr(launch, name) for launch in launches)
                figures[f"{name}_{target}"] = Figure(most, unit, "estimated")
            work = source.get(0).nbytes, source.flops
            figures[f"least_{target}"] = estimate_launches(launches, *work, source.dtype, target)
    return Outcome("ok", figures, f"compiles for {', '.join(targets)}", detail)


class Gate:
    """For a ScheduleProposer: the estimated seconds of a Triton source on a target, None where it does not
    compile or fit; `outcomes`: what was said of each source. A context manager."""

    def __init__(
        self, task: KernelTask | str, sizes: Sizes | None = None, *, dtype: str = "", target="sm_90"
    ):
        self.task, self.target, self.outcomes = task_named(task), target, {}
        self._reference = Reference(self.task, dtype)
        self._source = self._reference.at(sizes or self.task.shapes[0])

    def __call__(self, source: str) -> float | None:
        if source not in self.outcomes:
            one = kernel(source)
            self.outcomes[source] = compile_ahead(one, self.task, source=self._source, targets=(self.target,))
        outcome = self.outcomes[source]
        return outcome.figures[f"least_{self.target}"].value if outcome.ok else None

    def close(self) -> None:
        self._reference.close()

    def __enter__(self) -> Gate:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def rank_schedules(
    candidate: Kernel | str,
    task: KernelTask | str,
    sizes: Sizes | None = None,
    *,
    dtype: str = "",
    target: str = "sm_90",
    tries: int = 8,
    seed: int = 0,
):
    """Other schedules of a Triton kernel, best first, for a GPU that is not here: a row each (by pandas).

    Those that do not compile, or do not fit, come last; the others by `least`, seconds: an estimate
    (roofline, occupancy, spills), no measurement. Raises BadInput.
    """
    start = candidate if isinstance(candidate, Kernel) else kernel(candidate)
    now, every = settings(start.source), all_settings(start.source)
    some = random.Random(seed).sample(every, min(tries, len(every)))
    rows = []
    with Gate(task, sizes, dtype=dtype, target=target) as gate:
        for values in [now, *(other for other in some if other != now)]:
            source = with_settings(start.source, values)
            least = gate(source)
            outcome = gate.outcomes[source]
            told = {name.partition("_")[0]: figure.value for name, figure in outcome.figures.items()}
            told["least"] = math.inf if least is None else least
            rows.append({**values, "status": outcome.status, **told})
    return need("pandas", "lab").DataFrame(rows).sort_values("least", ignore_index=True)
