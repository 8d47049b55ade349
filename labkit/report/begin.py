"""What a notebook calls: put figures into the record of the report it runs in, if it runs in one."""

from __future__ import annotations

import os
from pathlib import Path

from labkit import record as records
from labkit.stats import Figure

VARIABLE = "LABKIT_REPORT_RUN"  # set by the worker: the record's folder


class Report:
    """Collects a notebook's headline figures; outside `labkit report` it only holds them."""

    def __init__(self, run: records.Attached | None):
        self.run = run
        self.figures: dict[str, Figure] = {}

    def result(self, name: str, figure: Figure) -> None:
        """Keep one headline figure; shown in the page, the index and every comparison."""
        self.figures[name] = figure
        if self.run is not None:
            self.run.result(name, figure)

    def __repr__(self) -> str:
        return "\n".join(f"{name}: {figure}" for name, figure in self.figures.items()) or "no figures yet"

    def _repr_html_(self) -> str:
        from html import escape

        rows = "".join(
            f"<tr><th>{escape(n)}</th><td>{escape(str(f))}</td></tr>" for n, f in self.figures.items()
        )
        return f"<table>{rows}</table>"


def begin() -> Report:
    """The report this notebook runs in.

    >>> begin().run is None
    True
    """
    path = os.environ.get(VARIABLE)
    return Report(records.attach(Path(path)) if path else None)
