"""A report's page: what ran, with what, what it found, how that compares; then the notebook itself.

One HTML file with its style inside: no script, no network, so it reads the same offline and in ten years.
"""

from __future__ import annotations

import os
import re
from html import escape
from pathlib import Path
from typing import Any

from labkit import record as records

STYLE = Path(__file__).with_name("page.css")
# Widgets need a script to show; each carries an HTML table, which is what a page can show.
_PRIORITY = ["text/html", "image/svg+xml", "image/png", "image/jpeg", "text/markdown", "text/plain"]


def write_page(run: records.Loaded, previous: records.Loaded | None = None) -> Path:
    """Write `index.html` beside the run's `run.ipynb`; `previous` is what its figures are compared with."""
    parts = [
        f'<nav><a href="../../../index.html">all reports</a></nav>{_head(run)}',
        _figures(run),
        _comparison(run, previous),
        _parameters(run),
        f"<main>{_notebook(run.path / 'run.ipynb')}</main>",
    ]
    return save(run.path / "index.html", run.name, "\n".join(parts))


def save(path: Path, title: str, body: str, kind: str = "report") -> Path:
    """Write a whole page, replacing the old one in one step."""
    text = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        # whatever a cell printed, the page itself runs no script and asks the network for nothing
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "img-src data:; style-src 'unsafe-inline'\">"
        f'<style>{STYLE.read_text()}{_code_style()}</style></head><body class="{kind}">{body}</body></html>\n'
    )
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    temporary.write_text(text)
    temporary.replace(path)
    return path


def badge(status: str) -> str:
    return f'<span class="badge {status}">{status}</span>'


def when(run: records.Loaded) -> str:
    return run.start[:16].replace("T", " ") + " UTC"


def _head(run: records.Loaded) -> str:
    wall = "" if run.wall_s is None else f" · {run.wall_s:.0f} s"
    meta = run.meta.get("provenance", {})
    device = meta.get("device", {}).get("cpu", "")
    cores = meta.get("device", {}).get("cores", "")
    error = f'<p class="error">{escape(run.error)}</p>' if run.error else ""
    facts = f"{when(run)}{wall} · {escape(str(device))}, {cores} cores · run {run.id}/{run.attempt}"
    return f'<h1>{escape(run.name)} {badge(run.status)}</h1><p class="dim">{facts}</p>{error}'


def _figures(run: records.Loaded) -> str:
    if not run.results:
        return ""
    rows = "".join(
        f"<tr><th scope=row>{escape(name)}</th><td class=number>{f.value:.4g} {escape(f.unit)}</td>"
        f"<td>{'' if f.lo is None or f.hi is None else f'{f.lo:.4g} to {f.hi:.4g}'}</td>"
        f"<td>{f.how}</td><td class=number>{f.n}</td></tr>"
        for name, f in run.results.items()
    )
    head = "".join(f"<th scope=col>{name}</th>" for name in ("figure", "value", "95 % interval", "how", "n"))
    return f"<h2>Figures</h2><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _comparison(run: records.Loaded, previous: records.Loaded | None) -> str:
    if previous is None:
        return ""
    link = f"../../{previous.id}/{previous.attempt}/index.html"
    table = records.compare(previous, run)._repr_html_()
    return (
        f'<h2>Against the previous run</h2><p class="dim">a = <a href="{link}">{previous.id}/'
        f"{previous.attempt}</a> ({when(previous)}), b = this run. Unchanged: the intervals meet.</p>"
        f"<div class=scroll>{table}</div>"
    )


def _parameters(run: records.Loaded) -> str:
    if not run.params:
        return ""
    rows = "".join(
        f"<tr><th scope=row>{escape(k)}</th><td><code>{escape(repr(v))}</code></td></tr>"
        for k, v in run.params.items()
    )
    return f"<h2>Parameters</h2><table>{rows}</table>"


def warm_up() -> None:
    """Convert a notebook of one cell: the imports, templates and lexers are then loaded."""
    from nbformat.v4 import new_code_cell, new_notebook

    _convert(new_notebook(cells=[new_code_cell("pass")]))


def _notebook(path: Path) -> str:
    if not path.exists():
        return "<p class=error>The notebook did not get as far as its first cell.</p>"
    import nbformat

    return re.sub(
        r"<script\b.*?</script>", "", _convert(nbformat.read(path, 4)), flags=re.DOTALL | re.IGNORECASE
    )


def _convert(notebook: Any) -> str:
    from nbconvert import HTMLExporter
    from traitlets.config import Config

    config = Config({"NbConvertBase": {"display_data_priority": _PRIORITY}})
    return HTMLExporter(config=config, template_name="basic").from_notebook_node(notebook)[0]


def _code_style() -> str:
    try:
        from pygments.formatters import HtmlFormatter
    except ImportError:
        return ""
    dark = HtmlFormatter(style="github-dark").get_style_defs(".highlight")
    light = HtmlFormatter(style="default").get_style_defs(".highlight")
    plain = ".highlight, .highlight pre { background: var(--soft) !important; }"
    return f"{light} @media (prefers-color-scheme: dark) {{ {dark} }} {plain}"
