"""The static tier: does a Triton kernel compile for GPUs that are not here, and does it fit them?

A real compiler gate (PTX, machine code, registers, shared memory), with no device. It gives no time: only a
bound by `roofline.estimate`. Not covered yet: pruning a schedule search by it.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from labkit.errors import BadInput
from labkit.sandbox.results import Isolation, Limits
from labkit.sandbox.session import Session
from labkit.stats import Figure, Outcome

from .arrays import Array
from .backends import Kernel
from .material import Reference, Source
from .screen import screen
from .tasks import KernelTask, Sizes

AOT = (Path(__file__).parent / "inside" / "aot.py").read_text()
# Shared memory of one block, by the makers' guides.
SHARED_BYTES = {"sm_80": 163 << 10, "sm_90": 227 << 10, "gfx942": 64 << 10}
TARGETS = tuple(SHARED_BYTES)
LIMITS = Limits(wall_s=60, cpu_s=3600, memory_mib=4096, processes=16, disk_mib=128, value_mib=4)
COMPILE_S = 60.0


def compile_ahead(
    kernel: Kernel,
    task: KernelTask,
    sizes: Sizes | None = None,
    *,
    dtype: str = "",
    targets: Sequence[str] = TARGETS,
    source: Source | None = None,
    isolation: Isolation = "auto",
    stop: threading.Event | None = None,
) -> Outcome:
    """Status `ok`, `compile_error`, or `over_limit` (too much shared memory); figures by target.

    `source`: where the task's shapes are known from already. Raises BadInput for another back end.
    """
    if kernel.backend != "triton":
        raise BadInput(f"a {kernel.backend} kernel is not compiled ahead of time: only Triton's are")
    if unknown := [target for target in targets if target not in SHARED_BYTES]:
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
        AOT, "turn", shared_bytes=1, limits=LIMITS, preload=kernel.row.modules, **options
    ) as session:
        answer = session.ask("load", kernel.source, "ModelNew", init, given, wall_s=COMPILE_S)
        if answer.status != "ok":
            return Outcome("compile_error", {}, answer.error.strip()[-2000:], detail)
        if not answer.value[2]:
            return Outcome("fallback", {}, "its forward launches no Triton kernel", detail)
        figures: dict[str, Figure] = {}
        for target in targets:
            answer = session.ask("compile", target, wall_s=COMPILE_S)
            status, words, found = (
                answer.value if answer.status == "ok" else (answer.status, answer.error, [])
            )
            if status != "ok":
                return Outcome("compile_error", figures, words, detail)
            most = [max(column) for column in zip(*(row[1:] for row in found), strict=True)]
            for name, unit, value in zip(
                ("registers", "shared", "spilled"), ("registers", "bytes", "bytes"), most, strict=True
            ):
                figures[f"{name}_{target}"] = Figure(value, unit, "estimated")
            if most[1] > SHARED_BYTES[target]:
                words = (
                    f"{target}: {most[1]} bytes of shared memory, where a block has {SHARED_BYTES[target]}"
                )
                return Outcome("over_limit", figures, words, detail)
    return Outcome("ok", figures, f"compiles for {', '.join(targets)}", detail)
