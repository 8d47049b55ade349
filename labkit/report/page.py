"""A report's page: what ran, with what, what it found, how that compares; then the notebook itself.

One HTML file with its style inside: no script, no network, so it reads the same offline and in ten years.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from contextlib import suppress
from html import escape
from pathlib import Path
from typing import Any

from labkit import record as records
from labkit.record.files import explained

STYLE = Path(__file__).with_name("page.css")
# Widgets need a script to show; each carries an HTML table, which is what a page can show.
_PRIORITY = ["text/html", "image/svg+xml", "image/png", "image/jpeg", "text/markdown", "text/plain"]


# The <style> of a cell's output would be the whole page's. These two look at their own table only.
_CONFINED = re.compile(r"#T_|\.dataframe\b")  # pandas' Styler, and its data frames


def baseline(run: records.Loaded, others: Sequence[records.Loaded]) -> records.Loaded | None:
    """What `run` is compared with: the newest earlier run of its name with figures, of those that ended ok.

    Where none ended ok, of those that ended. `others` are in the order of `record.find`.
    """
    earlier = [it for it in others if it.name == run.name and it.start < run.start and it.status != "running"]
    ok = (it for it in reversed(earlier) if it.status == "ok" and it.results)
    return next(ok, None) or next((it for it in reversed(earlier) if it.results), None)


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
    """Write a whole page, replacing the old one in one step. Raises RecordError when the disk does not."""
    style = STYLE.read_text() + (_code_style() if kind == "report" else "")
    text = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        # whatever a cell printed, the page itself runs no script and asks the network for nothing
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "img-src data:; style-src 'unsafe-inline'\">"
        f'<style>{style}</style></head><body class="{kind}">{body}</body></html>\n'
    )
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    try:
        with explained(f"{path} was not written"):
            temporary.write_text(text, encoding="utf-8")
            temporary.replace(path)
    finally:
        with suppress(OSError):  # it is there only where it could not be written
            temporary.unlink()
    return path


def badge(status: str) -> str:
    return f'<span class="badge {status}">{status}</span>'


def when(run: records.Loaded) -> str:
    return run.start[:16].replace("T", " ") + " UTC"


def _head(run: records.Loaded) -> str:
    wall = "" if run.wall_s is None else f" · {run.wall_s:.0f} s"
    if again := len(run.meta.get("resumptions", [])):
        wall += f" worked, resumed {again} times" if again > 1 else " worked, resumed once"
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
        f"{previous.attempt}</a> ({when(previous)}), the newest before it with figures, "
        "b = this run. Unchanged: the intervals meet.</p>"
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

    notebook = nbformat.read(path, 4)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):  # each alone: an element left open must end with its output
            data = output.get("data", {})
            data.update({kind: confined("".join(data[kind])) for kind in _PRIORITY[:2] if kind in data})
    return confined(_convert(notebook))


def confined(html: str) -> str:
    """HTML that leaves the rest of its page as it is: no scripts, no styles but those of pandas' tables.

    >>> confined("<style>body { display: none }</style><b>bold</b>")
    '<b>bold</b>'
    """
    flags = re.DOTALL | re.IGNORECASE
    html = re.sub(r"<script\b.*?</script>", "", html, flags=flags)
    html = re.sub(r"<style\b[^>]*>(?:(.*?)</style\s*>)?", _confined_style, html, flags=flags)
    return re.sub(r"<(link|meta|base)\b[^>]*>", "", html, flags=flags)


def _confined_style(found: re.Match) -> str:
    css = re.sub(r"/\*.*?\*/|<!--|-->", "", found[1] or "", flags=re.DOTALL)  # none where it is left open
    rules = re.findall(r"([^{}]*)\{([^{}]*)\}", css)
    rest = re.sub(r"[^{}]*\{[^{}]*\}", "", css).strip()
    selectors = [selector.strip() for names, _ in rules for selector in names.split(",")]
    keep = not rest and all(map(_CONFINED.match, selectors))
    return f"<style>{css}</style>" if keep and rules else ""


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
