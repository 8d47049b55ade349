"""`bench_kernel`: everything that can be said of one kernel on one machine, each figure with its tier."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from labkit.sandbox.results import Isolation
from labkit.stats import Figure, Outcome

from .backends import Kernel, kernel, load_kernel
from .judge import KernelJudge
from .material import fitted
from .roofline import DEVICES, estimate
from .static import compile_ahead
from .tasks import KernelTask, ShapePolicy, task_named

HEAD = "<tr><th scope=col>tier</th><th scope=col>figure</th><th scope=col>value</th></tr>"


@dataclass(frozen=True)
class KernelResult:
    """`status`: ok, or the reason by name. `figures`: by tier and name, `measured-cpu speedup` for instance;
    `shapes`: a row for each timed shape."""

    task: str
    backend: str
    status: str
    words: str
    figures: dict[str, Figure]
    shapes: tuple[dict[str, Any], ...] = ()

    @property
    def ok(self) -> bool:
        return self.status == "ok"

    def to_frame(self):
        """A row a figure (needs pandas)."""
        from labkit.errors import need

        rows = [{"figure": name, **figure.to_json()} for name, figure in self.figures.items()]
        return need("pandas", "lab").DataFrame(rows)

    def __repr__(self) -> str:
        lines = [f"{self.task} ({self.backend}): {self.status}", f"  {self.words}" if self.words else ""]
        lines += [f"  {name}: {figure}" for name, figure in self.figures.items()]
        return "\n".join(line for line in lines if line)

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{escape(name.partition(' ')[0])}</td><td>{escape(name.partition(' ')[2])}</td>"
            f"<td>{escape(str(figure))}</td></tr>"
            for name, figure in self.figures.items()
        )
        title = f"{escape(self.task)} ({self.backend}): <b>{escape(self.status)}</b> {escape(self.words)}"
        return f"<table><caption>{title}</caption>{HEAD}{rows}</table>"


def bench_kernel(
    task: KernelTask | str | Path,
    candidate: Kernel | str | Path,
    *,
    backend: str | None = None,
    dtype: str = "",
    threads: int = 1,
    baselines: Sequence[str] = ("eager", "compile"),
    devices: Sequence[str] = ("H100-SXM",),
    policy: ShapePolicy = "as-is",
    judge: KernelJudge | None = None,
    isolation: Isolation = "auto",
    stop: threading.Event | None = None,
) -> KernelResult:
    """Judge a kernel: is it right, and what is known of its speed, tier by tier.

    `task`: one of ours, or a file in KernelBench's format; `candidate`: source text or a file. `baselines`:
    torch eager and torch.compile, which takes a minute to start on two cores. `devices`: whose roofline is
    told. `judge`: one that knows the task already, whose task, type and threads count; it is not closed.
    A speedup is given for measured tiers only. Raises BadInput, SandboxUnavailable.
    """
    task = judge.task if judge else task_named(task, policy)
    if policy == "fit" and not judge:
        task = fitted(task, dtype, isolation=isolation, stop=stop)
    if isinstance(candidate, Path):
        candidate = load_kernel(candidate)
    mine = candidate if isinstance(candidate, Kernel) else kernel(candidate, backend)
    own = judge or KernelJudge(task, dtype, threads, isolation=isolation, stop=stop)
    with contextlib.nullcontext(own) if judge else own as judge:
        for device in devices:  # an unknown one is told before anything is judged
            estimate(0, 0, judge.dtype, device)
        outcome = judge.judge(mine)
        figures = {f"{mine.row.tier} {name}": figure for name, figure in outcome.figures.items()}
        if "speedup" in outcome.figures:
            figures[f"{mine.row.tier} speedup over eager"] = figures.pop(f"{mine.row.tier} speedup")
        if outcome.ok and mine.backend == "triton":
            source = judge.source(task.shapes[0])
            ahead = compile_ahead(mine, task, source=source, isolation=isolation, stop=stop)
            figures.update({f"static {name}": figure for name, figure in ahead.figures.items()})
            if not ahead.ok and ahead.status != "unavailable":
                outcome = Outcome(ahead.status, {}, ahead.feedback)
        if outcome.ok and mine.row.tier.startswith("measured") and "compile" in baselines:
            beside = judge.faster_than("compile", mine)
            if beside.ok:
                figures[f"{mine.row.tier} speedup over compile"] = beside.figures["speedup"]
        for device in devices if outcome.ok else ():
            source = judge.source(task.shapes[0])
            figures[f"estimated least time on {device}"] = estimate(
                source.get(0).nbytes, source.flops, judge.dtype, device
            )
    rows = tuple(outcome.detail.get("shapes", ()))
    return KernelResult(task.name, mine.backend, outcome.status, outcome.feedback, figures, rows)


__all__ = ["DEVICES", "KernelResult", "bench_kernel"]
