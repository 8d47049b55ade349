"""reports/index.html: every run, newest first, with what was changed, what it found, and its links."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from html import escape
from pathlib import Path

from labkit import record as records

from .page import badge, baseline, save, when

HEADLINES = 18  # figures shown a run


def write_index(out: str | Path) -> Path:
    """Write `<out>/index.html` from the records under `out`; a broken record is skipped with a warning."""
    runs = records.find(out)
    earlier: dict[str, list[records.Loaded]] = defaultdict(list)
    rows = []
    for run in runs:
        rows.append(_row(Path(out), run, earlier[run.name]))
        earlier[run.name].append(run)
    head = "".join(
        f"<th scope=col>{name}</th>"
        for name in (
            "date",
            "notebook",
            "changed parameters",
            "figures",
            "status",
            "links",
            "against the previous run",
        )
    )
    body = "".join(reversed(rows))
    table = f"<div class=scroll><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    said = f"{len(runs)} runs, newest first, as of {_now()}. Figures are measured unless they say otherwise."
    intro = f'<h1>labkit reports</h1><p class="dim">{said}</p>'
    return save(Path(out) / "index.html", "labkit reports", intro + table, "index")


def _now() -> str:
    return f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"


def _row(out: Path, run: records.Loaded, earlier: list[records.Loaded]) -> str:
    folder = run.path.relative_to(out).as_posix()
    links = [
        f'<a href="{folder}/{file}">{label}</a>'
        for file, label in (("index.html", "page"), ("run.ipynb", "notebook"), ("run.json", "record"))
        if (run.path / file).exists()
    ]
    cells = [
        when(run),
        escape(run.name),
        _changed(run),
        _headlines(run),
        _status(run),
        " · ".join(links),
        _against(run, earlier),
    ]
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _status(run: records.Loaded) -> str:
    """A page cannot ask whether a run is still alive: of one that was, it says what to do if it is not."""
    if run.status == "running":
        way_out = "if its process is gone it was killed: the same command with <code>--resume</code> goes on"
        return f'{badge(run.status)}<br><span class="dim">since {when(run)}; {way_out}</span>'
    error = escape(run.error or "")
    return badge(run.status) + (f'<div class="error" title="{error}">{error}</div>' if error else "")


def _changed(run: records.Loaded) -> str:
    """Parameters that differ from the notebook's defaults, as the run itself recorded them."""
    defaults = run.meta["notes"].get("defaults", {})
    changed = {k: v for k, v in run.params.items() if defaults.get(k, v) != v}
    return (
        ", ".join(f"<code>{escape(f'{k}={v!r}')}</code>" for k, v in changed.items())
        or '<span class="dim">none</span>'
    )


def _headlines(run: records.Loaded) -> str:
    lines = []
    for name, f in list(run.results.items())[:HEADLINES]:
        interval = "" if f.lo is None or f.hi is None else f" [{f.lo:.3g}, {f.hi:.3g}]"
        how = "" if f.how == "measured" else f" {f.how}"
        lines.append(f"{escape(name)} <b>{f.value:.3g}</b> {escape(f.unit)}{interval}{how}")
    more = len(run.results) - HEADLINES
    return "<br>".join(lines) + (f'<br><span class="dim">and {more} more</span>' if more > 0 else "")


def _against(run: records.Loaded, earlier: list[records.Loaded]) -> str:
    previous = baseline(run, earlier)
    if previous is None:
        return f'<span class="dim">{"no figures before it" if earlier else "first run"}</span>'
    comparison = records.compare(previous, run)
    changed = [row for row in comparison.rows if row.answer == "changed"]
    if comparison.params:
        differs = ", ".join(escape(d.name) for d in comparison.params)
        return f"other parameters: {differs}" + (f"; {len(changed)} figures differ" if changed else "")
    if not comparison.rows:
        return '<span class="dim">no shared figures</span>'
    if not changed:
        return f"unchanged ({len(comparison.rows)} figures)"
    ratios = [f"{escape(r.name)} {r.ratio:.2f} of it" if r.ratio else escape(r.name) for r in changed[:3]]
    return f"changed: {', '.join(ratios)}" + (f" and {len(changed) - 3} more" if len(changed) > 3 else "")
