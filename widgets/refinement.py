"""The refinement loop to watch: turns arriving, what each cost, what was kept and why, and the diff."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Mapping
from html import escape
from pathlib import Path
from typing import Any

from labkit import record as records
from labkit.errors import BadInput, need
from labkit.refinement import Study, Turn, refine
from labkit.refinement.growth import Growth
from labkit.refinement.loop import check_options
from labkit.refinement.tables import turns_table
from labkit.refinement.task import as_task
from labkit.sandbox import CodeJudge
from labkit.stats import Verdict
from labkit.widgets.growth import check_growth, growth_figure
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
    elif event["kind"] == "withdrawn":
        state["turns"] = [_withdrawn(turn, event["data"]) for turn in state["turns"]]
    elif event["kind"] == "best":
        state["best"] = event["data"]


def _withdrawn(turn: dict[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """The turn as rejected, where it is the one that failed in the last comparison."""
    if (turn["trajectory"], turn["number"]) != (data["trajectory"], data["number"]):
        return turn
    outcome = {**turn["outcome"], "status": "wrong_answer", "feedback": data["reason"]}
    return {**turn, "accepted": False, "reason": data["reason"], "outcome": outcome}


def _name(turn: Mapping[str, Any]) -> str:
    return f"{turn['trajectory']}.{turn['number']}"


class RefinementView(RecordView):
    """Live: `RefinementView.start(task, …)`. Stored: `RefinementView("runs/refine/…")`, a record, or a study.

    `wait()` and `result` give the Study, `data()` the turns as a DataFrame, `source` the best program,
    `accepted` the source of the turn that was accepted by its button, which `on_accept(function)` is told.
    `growth`: how the cost grows (see labkit.refinement.growth), to be drawn; may be set later, too.
    """

    _esm = module("refinement")

    def __init__(
        self, record: records.Loaded | Study | str | Path | None = None, growth: Growth | None = None
    ) -> None:
        super().__init__()
        self.state = state_of([], "empty")
        self._told: list[Callable[[str], Any]] = []
        self._growth: Growth | None = None
        self._load(record)
        if growth is not None:
            self.growth = growth

    def _load(self, record: records.Loaded | Study | str | Path | None) -> None:
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
    def growth(self) -> Growth | None:
        """How the cost grows, as it is drawn. Setting it raises BadInput for another task's growth."""
        return self._growth

    @growth.setter
    def growth(self, growth: Growth | None) -> None:
        drawn = None
        if growth is not None:
            html = growth_figure(check_growth(growth, self.state["task"].get("name")))
            drawn = {"title": "How the cost grows", "html": html}
        self._growth = growth
        self.update(figure=drawn)
        if self._display is not None:  # a saved notebook shows it, too
            self._display.update(self._bundle(), raw=True)

    @property
    def accepted(self) -> str | None:
        """Source of the turn that was accepted; None before."""
        name = self.state.get("accepted")
        return next((t["source"] for t in self.state["turns"] if _name(t) == name), None)

    def accept(self, turn: str) -> str:
        """Accept a turn by its name, such as "0.3", as the button does; returns its source."""
        found = next((t for t in self.state["turns"] if _name(t) == turn), None)
        if found is None or found["outcome"]["status"] != "ok":
            passed = [_name(t) for t in self.state["turns"] if t["outcome"]["status"] == "ok"]
            raise BadInput(f"turn {turn!r} cannot be accepted: choose one that passed: {', '.join(passed)}")
        self.update(accepted=turn)
        for told in self._told:
            told(found["source"])
        return found["source"]

    def on_accept(self, told: Callable[[str], Any]) -> None:
        """Call `told` with the source of each turn that is accepted from now on."""
        self._told.append(told)

    def _on_message(self, widget: Any, content: Any, buffers: Any) -> None:
        if isinstance(content, dict) and content.get("type") == "accept":
            with contextlib.suppress(BadInput):  # a button of a page that is older than the state
                self.accept(str(content.get("turn")))
        super()._on_message(widget, content, buffers)

    @property
    def source(self) -> str:
        """Source of the best program shown."""
        if self.state["best"]:
            return self.state["best"]["source"]
        kept = [turn for turn in self._turns() if turn.kept]
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
            interval = f"95 % interval {gain.lo:.2f} to {gain.hi:.2f}, {gain.n} pairs, {gain.how}"
            interval += ", on fresh inputs" if self.state["best"].get("held_out") else ""
            return f"{gain.value:.2f}x less {objective} ({interval})"
        if verdict or kept >= 1:
            return "nothing proved better"
        return f"about {1 / kept:.2f}x less {objective} so far"

    def static_html(self) -> str:
        table = turns_table(self._turns())
        figure = f"<figure><figcaption>{escape(self.summary())}</figcaption>{table}</figure>"
        return figure + (self.state.get("figure") or {}).get("html", "")
