"""The refinement loop to watch: turns arriving, what each cost, what was kept and why, and the diff."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path
from typing import Any

from labkit import record as records
from labkit.errors import BadInput, need
from labkit.refinement import Study, Turn, refine
from labkit.refinement.loop import check_options
from labkit.refinement.tables import turns_table
from labkit.refinement.task import as_task
from labkit.sandbox import CodeJudge
from labkit.stats import Verdict
from labkit.widgets.view import RecordView, module


def state_of(events: Iterable[Mapping[str, Any]], status: str) -> dict[str, Any]:
    """The view's whole state from a record's events; the browser needs nothing else."""
    state: dict[str, Any] = {"status": status, "task": {}, "turns": [], "best": None}
    for event in events:
        _apply(state, event)
    return state


def _apply(state: dict[str, Any], event: Mapping[str, Any]) -> None:
    if event["kind"] == "task":
        state["task"] = event["data"]
    elif event["kind"] == "turn":
        state["turns"] = [*state["turns"], event["data"]]
    elif event["kind"] == "best":
        state["best"] = event["data"]


class RefinementView(RecordView):
    """Live: `RefinementView.start(task, …)`. Stored: `RefinementView("runs/refine/…")`, a record, or a study.

    `wait()` and `result` give the Study, `data()` the turns as a DataFrame, `source` the best program.
    """

    _esm = module("refinement")

    def __init__(self, record: records.Loaded | Study | str | Path | None = None) -> None:
        super().__init__()
        self.state = state_of([], "empty")
        if record is None:
            return
        if isinstance(record, Study):
            if record.path is None:
                raise BadInput("this study has no record: run it with record=True")
            record = record.path
        loaded = record if isinstance(record, records.Loaded) else records.load(record)
        shown = {"ok": "finished"}.get(loaded.status, loaded.status)
        self.state = state_of(loaded.events(), shown)
        if not self.state["task"]:
            raise BadInput(f"{loaded.path}: not the record of a refinement")

    @classmethod
    def start(
        cls, task: Any, *args: Any, record: Any = True, inputs: Any = None, **options: Any
    ) -> RefinementView:
        """`refine(...)` with the same arguments in a worker thread; returns the view at once.

        Bad input raises here, before anything runs.
        """
        checked = {k: v for k, v in options.items() if k in ("turns", "trajectories", "tolerance", "seed")}
        check_options(**{k: v for k, v in checked.items() if v is not None})
        CodeJudge(objective=options.get("objective", "time"))
        task = as_task(task, inputs, tolerance=checked.get("tolerance", 0.0), seed=checked.get("seed", 0))
        view = cls()
        view.state = state_of([], "running")
        view.state = {**view.state, "task": {"name": task.name, "source": task.program.source}}

        def job(stop) -> Study:
            return refine(task, *args, record=record, stop=stop, watch=view._on_event, **options)

        view.start_job(job)
        return view

    @property
    def source(self) -> str:
        """Source of the best program shown."""
        if self.state["best"]:
            return self.state["best"]["source"]
        kept = [turn for turn in self._turns() if turn.accepted and turn.outcome.ok]
        start = self.state["task"].get("source", "")
        return min(kept, key=lambda turn: turn.cost_ratio).candidate.source if kept else start

    def data(self):
        """One row a turn (needs pandas)."""
        keep = ("trajectory", "number", "origin", "accepted", "reason", "cost_ratio")
        rows = [{**{k: t[k] for k in keep}, "status": t["outcome"]["status"]} for t in self.state["turns"]]
        return need("pandas", "lab").DataFrame(rows)

    def _on_event(self, event: Mapping[str, Any]) -> None:
        state = dict(self.state)
        _apply(state, event)
        self.update(**{key: state[key] for key in ("task", "turns", "best")})

    def _turns(self) -> list[Turn]:
        return [Turn.from_json(turn) for turn in self.state["turns"]]

    def summary(self) -> str:
        task, made = self.state["task"], [turn for turn in self._turns() if turn.number]
        count = f"{len(made)} turn{'' if len(made) == 1 else 's'}"
        return (
            f"refinement of {task.get('name', '?')}: {self.state.get('status')}, {count}, {self._found(made)}"
        )

    def _found(self, made: list[Turn]) -> str:
        verdict = (self.state.get("best") or {}).get("verdict")
        kept = min((turn.cost_ratio for turn in made if turn.accepted), default=1.0)
        objective = self.state["task"].get("objective", "time")
        if verdict and verdict["answer"] == "faster":
            gain = Verdict.from_json(verdict).speedup()
            interval = f"95 % interval {gain.lo:.2f} to {gain.hi:.2f}, {gain.n} pairs, measured"
            return f"{gain.value:.2f}x less {objective} ({interval})"
        if verdict or kept >= 1:
            return "nothing proved better"
        return f"about {1 / kept:.2f}x less {objective} so far"

    def static_html(self) -> str:
        return (
            f"<figure><figcaption>{escape(self.summary())}</figcaption>{turns_table(self._turns())}</figure>"
        )
