"""Programs to watch in the sandbox: memory over time, limits, output; two side by side with their ratio."""

from __future__ import annotations

import inspect
import math
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from labkit import record as records
from labkit.errors import BadInput, need
from labkit.record.events import plain
from labkit.sandbox import Execution, Trial, trial
from labkit.sandbox.trial import check_trial
from labkit.stats import Verdict
from labkit.widgets.view import RecordView, module

COSTS = {"time": "CPU time", "wall": "wall time", "memory": "peak memory", "integral": "memory × time"}
LABELS = {
    "cpu_s": "CPU time", "wall_s": "wall time", "peak_mib": "peak memory above an empty program's",
    "integral_mib_s": "memory × time (the area)", "baseline_mib": "an empty program's memory",
    "instructions": "instructions",
}  # fmt: skip
CHECKED = {"language", "objective", "isolation", "repeats"}
MOST_POINTS = 400  # of a curve: more than a chart has pixels for would be sent with every pair
MOST_TEXT = 20_000  # characters of an output; the result holds all of it


def state_of(events: Iterable[Mapping[str, Any]], status: str) -> dict[str, Any]:
    """The view's whole state from a record's events; the browser needs nothing else."""
    state: dict[str, Any] = {"status": status, "programs": [], "pairs": [], "verdict": None}
    for event in events:
        _apply(state, event)
    return {**state, "words": words(state)}


def _apply(state: dict[str, Any], event: Mapping[str, Any]) -> None:
    kind, data = event["kind"], plain(event["data"])
    if kind == "program":
        state["programs"] = [*state["programs"], {**data, "done": None}]
    elif kind == "execution":
        shown = {**data, "curve": _thin(data["curve"]), "rows": _rows(data["figures"])}
        shown |= {stream: _clip(data[stream]) for stream in ("stdout", "stderr")}
        state["programs"] = [
            {**program, "done": shown} if program["name"] == data["name"] else program
            for program in state["programs"]
        ]
    elif kind == "pair":
        state["pairs"] = [*state["pairs"], data]
    elif kind == "verdict":
        state["verdict"] = data


def words(state: Mapping[str, Any]) -> str:
    """What has been found so far, in one line."""
    done = [program["done"] for program in state["programs"] if program["done"]]
    found = state["verdict"] or next(iter(state["pairs"][-1:]), None)
    failed = [f"{each['name']} ended as {each['status']}" for each in done if each["status"] != "ok"]
    if found and found["n"]:
        ends = "no interval yet" if found["hi"] is None else f"{found['lo']:.3g}, {found['hi']:.3g}"
        cost = COSTS[state["programs"][0].get("objective", "time")]
        ratio = f"{found['ratio']:.3g} of a's {cost} [{ends}]"
        if state["verdict"] is None or state["status"] == "stopped":
            return f"{found['n']} pairs, {ratio}{', measured' if found['n'] > 1 else ''}"
        answer = {"faster": "b is cheaper", "slower": "b is dearer", "tie": "a tie"}[found["answer"]]
        return f"{answer}: {ratio} (measured, {found['n']} pairs)"
    if len(state["programs"]) == 2:
        return f"not compared: {', '.join(failed)}" if failed else ""
    return "; ".join(f"{key}: {value}" for each in done for key, value, _ in each["rows"][:3])


def _rows(figures: Mapping[str, Mapping[str, Any]]) -> list[tuple[str, str, str]]:
    """(what, how much, how it was got) of each figure, the costs first."""
    rows = []
    for name in sorted(figures, key=[*LABELS, *figures].index):
        figure = figures[name]
        value, unit = _scaled(figure["value"], figure["unit"])
        how, n = figure["how"], figure.get("n", 1)
        text = f"{value:,.3g} {unit}" if value < 1000 else f"{value:,.0f} {unit}"
        if figure.get("lo") is not None:
            low, high = (figure[end] * value / (figure["value"] or 1) for end in ("lo", "hi"))
            text, how = f"{text} [{low:.3g}, {high:.3g}]", f"{how}, median of {n} runs"
        elif n > 1:
            how = f"{how}, {n} samples"
        rows.append((LABELS.get(name, name), text, how))
    return rows


def _scaled(value: float, unit: str) -> tuple[float, str]:
    if unit != "s" or value >= 1 or not value:
        return value, unit
    return (value * 1e3, "ms") if value >= 1e-3 else (value * 1e6, "µs")


def _thin(curve: Sequence[Sequence[float]]) -> list[Sequence[float]]:
    """At most MOST_POINTS of it, among them its ends and its peak."""
    step = math.ceil(len(curve) / (MOST_POINTS - 2))
    if step < 2:
        return list(curve)
    inner = curve[1:-1]
    peaks = [max(inner[i : i + step], key=lambda point: point[1]) for i in range(0, len(inner), step)]
    return [curve[0], *peaks, curve[-1]]


def _clip(text: str) -> str:
    left_out, half = len(text) - MOST_TEXT, MOST_TEXT // 2
    return text if left_out <= 0 else f"{text[:half]}\n… {left_out} characters left out …\n{text[-half:]}"


def trial_of(events: Iterable[Mapping[str, Any]], path: str | None = None) -> Trial:
    """The result as far as the events tell it."""
    of = {
        kind: [e["data"] for e in events if e["kind"] == kind] for kind in ("program", "execution", "verdict")
    }
    executions = [
        Execution.from_json({k: v for k, v in done.items() if k != "name"}) for done in of["execution"]
    ]
    verdict = next((Verdict.from_json(found) for found in of["verdict"]), None)
    objective = next((program["objective"] for program in of["program"]), "time")
    sources = tuple(program["source"] for program in of["program"])
    return Trial(sources, tuple(executions), objective, verdict, path)


def _events_of(shown: Any) -> tuple[list[Mapping[str, Any]], str, str | None]:
    """(events, status, path) of a record, a trial, or one or two executions."""
    if isinstance(shown, Trial) and shown.path:
        shown = shown.path
    if isinstance(shown, str | Path):
        shown = records.load(shown)
    if isinstance(shown, records.Loaded):
        events = shown.events()
        if not any(event["kind"] == "program" for event in events):
            raise BadInput(f"{shown.path}: not the record of a trial in the sandbox")
        return events, {"ok": "finished"}.get(shown.status, shown.status), str(shown.path)
    if not isinstance(shown, Trial):
        executions = tuple(shown) if isinstance(shown, list | tuple) else (shown,)
        if not 1 <= len(executions) <= 2 or not all(isinstance(each, Execution) for each in executions):
            raise BadInput("show a record's path, a Trial, an Execution, or a pair of them")
        shown = Trial(("",) * len(executions), executions)
    events = []
    for name, source in zip("ab", shown.sources, strict=False):
        facts = {"language": "", "limits": {}, "objective": shown.objective}
        events.append({"kind": "program", "data": {"name": name, "source": source, **facts}})
    for name, done in zip("ab", shown.executions, strict=False):
        events.append({"kind": "execution", "data": {"name": name, **done.to_json()}})
    if shown.verdict:
        events.append({"kind": "verdict", "data": vars(shown.verdict)})
    return events, "finished", None


class SandboxView(RecordView):
    """Live: `SandboxView.start(a, b)`. Stored: `SandboxView(record, path, Trial, Execution or a pair)`.

    `wait()` and `result` give the Trial, `data()` a row a program and figure.
    """

    _esm = module("sandbox")

    def __init__(self, shown: Any = None) -> None:
        super().__init__()
        self._path: str | None = None
        events, status = [], "empty"
        if shown is not None:
            events, status, self._path = _events_of(shown)
            self._result = trial_of(events, self._path)
        self.state = state_of(events, status)

    @classmethod
    def start(cls, a: str, b: str | None = None, *, record: Any = True, **options: Any) -> SandboxView:
        """`trial(...)` with the same arguments in a worker thread; returns the view at once.

        Bad input raises here, before anything runs.

        >>> SandboxView.start("print(1)", record=False).wait().executions[0].stdout
        '1\\n'
        """
        inspect.signature(trial).bind(a, b, **options)
        check_trial(a, b, **{k: options[k] for k in CHECKED & options.keys()})
        view = cls()
        view.state = state_of([], "running")
        view.start_job(lambda stop: trial(a, b, record=record, stop=stop, watch=view._on_event, **options))
        return view

    def _on_event(self, event: Mapping[str, Any]) -> None:
        state = dict(self.state)
        _apply(state, event)
        changed = {key: state[key] for key in ("programs", "pairs", "verdict")}
        self.update(**changed, words=words(state))

    def data(self):
        """One row a program and figure (needs pandas)."""
        rows = [
            {"program": program["name"], "status": program["done"]["status"], "figure": name, **figure}
            for program in self.state["programs"]
            if program["done"]
            for name, figure in program["done"]["figures"].items()
        ]
        return need("pandas", "lab").DataFrame(rows)

    def summary(self) -> str:
        names = ", ".join(
            f"{p['name']} {p['done']['status'] if p['done'] else 'not run'}" for p in self.state["programs"]
        )
        return f"sandbox: {self.state.get('status')}; {names or 'no program'}; {words(self.state)}".rstrip(
            "; "
        )

    def static_html(self) -> str:
        found = words(self.state) if len(self.state["programs"]) > 1 else ""
        parts = [f"<figcaption>{escape(found)}</figcaption>"] if found else []
        for program in self.state["programs"]:
            parts.append(_static(program))
        return f"<figure>{''.join(parts) or escape(self.summary())}</figure>"


def _static(program: Mapping[str, Any]) -> str:
    done = program["done"]
    head = f"{program['name']} {program['language']}: {done['status'] if done else 'not run'}"
    if not done:
        return f"<p>{escape(head)}</p>"
    head += f" ({done['detail']})" if done["detail"] else ""
    body = "".join(
        f"<tr><th scope=row>{escape(what)}</th><td>{escape(value)}</td><td>{escape(how)}</td></tr>"
        for what, value, how in done["rows"]
    )
    texts = "".join(
        f"<p>{stream}</p><pre>{escape(done[stream].rstrip())}</pre>"
        for stream in ("stdout", "stderr")
        if done[stream].strip()
    )
    return f"<p>{escape(head)}</p>{_drawn(done['curve'])}<table><tbody>{body}</tbody></table>{texts}"


def _drawn(curve: Sequence[Sequence[float]], width: int = 360, height: int = 90) -> str:
    """The memory curve and its area as a picture that needs no script."""
    if len(curve) < 2:
        return ""
    last, top = curve[-1][0] or 1e-9, max(mib for _, mib in curve) or 1
    points = " ".join(
        f"{at / last * width:.1f},{height - 4 - mib / top * (height - 8):.1f}" for at, mib in curve
    )
    label = f"memory of the process tree: up to {top:.3g} MiB over {last:.3g} s"
    return (
        f'<svg viewBox="0 0 {width} {height}" width="{width}" role="img" aria-label="{label}">'
        f"<title>{label}</title>"
        f'<polygon points="0,{height} {points} {width},{height}" fill="#1565c0" fill-opacity="0.2"/>'
        f'<polyline points="{points}" fill="none" stroke="#1565c0" stroke-width="1.5"/></svg>'
        f"<p>{label}</p>"
    )
