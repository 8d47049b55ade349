"""`labkit bench report`: import time, a report's cost over papermill alone, all notebooks at defaults."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from labkit.bench import finish, interleaved, median
from labkit.errors import need
from labkit.stats import Figure


def _cell(name: str, source: str, *tags: str) -> dict:
    metadata = {"tags": list(tags)}
    return {"cell_type": "code", "id": name, "metadata": metadata, "source": source,
            "outputs": [], "execution_count": None}  # fmt: skip


_NOTEBOOK = {
    "cells": [_cell("a", "n: int = 1  # a number", "parameters"), _cell("b", "print(n)")],
    "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}


def main(*, quick: bool = False, json_file: str | None = None) -> int:
    need("papermill", "report", load=False)
    figures: dict[str, Figure | None] = {"import_s": _import_s(7 if quick else 21)}
    figures["overhead_s"], figures["papermill_s"] = _overhead(3 if quick else 9)
    figures["report_s"] = None if quick else _all_notebooks()
    return finish("report", figures, json_file)


def _import_s(repeats: int) -> Figure:
    code = "import time; t = time.perf_counter(); import labkit; print(time.perf_counter() - t)"
    command = [sys.executable, "-c", code]
    times = [
        float(subprocess.run(command, capture_output=True, check=True).stdout) for _ in range(repeats + 1)
    ]
    return median(times[1:], "s")


def _overhead(repeats: int) -> tuple[Figure, Figure]:
    """Seconds a notebook of two cells takes in `labkit report` beyond `papermill` on the same notebook."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "small.ipynb")
        path.write_text(json.dumps(_NOTEBOOK))
        labkit = [sys.executable, "-m", "labkit.cli", "report", str(path), "--out", f"{folder}/reports"]
        alone = [sys.executable, "-m", "papermill", "--no-progress-bar", str(path), f"{folder}/out.ipynb"]
        env = {**os.environ, "JUPYTER_PREFER_ENV_PATH": "1"}
        times = interleaved(
            {
                name: lambda command=command: subprocess.run(
                    command, check=True, capture_output=True, env=env
                )
                for name, command in (("labkit", labkit), ("papermill", alone))
            },
            repeats,
        )
    extra = [a - b for a, b in zip(times["labkit"], times["papermill"], strict=True)]
    return median(extra, "s"), median(times["papermill"], "s")


def _all_notebooks() -> Figure:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "labkit.cli", "report", "--out", folder]
        times = interleaved({"all": lambda: subprocess.run(command, check=True, capture_output=True)}, 1)
    return median(times["all"], "s")
