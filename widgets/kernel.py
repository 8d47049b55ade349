"""A kernel's refinement to watch: turns with their reasons and tiers, the way to the roofline, the diff."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labkit.kernels import refine_kernel, start_kernels, task_named
from labkit.kernels.backends import Kernel
from labkit.kernels.roofline import measured_peaks
from labkit.refinement import Study
from labkit.refinement.loop import check_options
from labkit.widgets.refinement import RefinementView, state_of
from labkit.widgets.roofline import roofline_figure


class KernelView(RefinementView):
    """Live: `KernelView.start(task, kernel, …)`. Stored: `KernelView("runs/refine/…")`, a record, or a study.

    As RefinementView; `data()` also has the tier and the speedup over eager torch of each turn.
    """

    def _load(self, record: Any) -> None:
        super()._load(record)
        if record is not None:
            self._draw()

    @classmethod
    def start(
        cls, task: Any, start: Any = None, *args: Any, record: Any = True, **options: Any
    ) -> KernelView:
        """`refine_kernel(...)` with the same arguments in a worker thread; returns the view at once.

        Bad input raises here, before anything runs.
        """
        checked = {k: v for k, v in options.items() if k in ("turns", "trajectories", "seed")}
        check_options(**{k: v for k, v in checked.items() if v is not None})
        task = task_named(task)
        begin = start or next(iter(start_kernels(task.name)), None)
        source = begin.source if isinstance(begin, Kernel) else begin
        view = cls()
        view.state = {**state_of([], "running"), "task": {"name": task.name, "source": source or ""}}

        def job(stop) -> Study:
            return refine_kernel(
                task, begin, *args, record=record, stop=stop, watch=view._on_event, **options
            )

        view.start_job(job)
        return view

    def _on_event(self, event: Mapping[str, Any]) -> None:
        super()._on_event(event)
        if event["kind"] == "turn":
            self._draw()

    def _draw(self) -> None:
        drawn = roofline_figure(self.state["turns"], measured_peaks())
        self.update(figure={"title": "The way to the roofline", "html": drawn} if drawn else None)

    def data(self):
        """One row a turn (needs pandas)."""
        frame = super().data()
        outcomes = [turn["outcome"] for turn in self.state["turns"]]
        frame["tier"] = [outcome["detail"].get("tier", "") for outcome in outcomes]
        frame["speedup"] = [outcome["figures"].get("speedup", {}).get("value") for outcome in outcomes]
        return frame
