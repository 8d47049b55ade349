"""Run one notebook as a report: its own process and folder, a time-out, a record that tells the truth."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from labkit import record as records
from labkit.errors import BadInput
from labkit.sandbox.inside.tree import descendants

from .index import write_index
from .notebook import Notebook
from .page import warm_up, write_page

Progress = Callable[[str, int, int, float], None]  # notebook, cell, of, seconds so far


def run_report(
    notebook: Notebook,
    given: Mapping[str, Any] | None = None,
    *,
    out: str | Path = "reports",
    timeout_s: float = 600.0,
    resume: bool = False,
    progress: Progress = lambda *_: None,
) -> records.Loaded:
    """Execute `notebook` and leave `<out>/<name>/<id>/<attempt>/` with run.ipynb, index.html and run.json.

    The status is ok, failed, killed or timeout, as it happened; a failed report still has its page. With
    `resume`, the newest attempt goes on if it is unfinished: the notebook runs again in the same folder,
    where interrupted refinements find their own records. Raises BadInput, RecordError.
    """
    if not timeout_s > 0:
        raise BadInput(f"timeout {timeout_s} s: give a positive number of seconds")
    values = notebook.values(given or {})
    seed = values.get("seed")
    run = records.start(
        notebook.name, values, seed=seed if isinstance(seed, int) else None,
        source=notebook.source, root=out, resume=resume,
        notes={"notebook": notebook.path.name, "defaults": {p.name: p.default for p in notebook.parameters}},
    )  # fmt: skip
    try:
        status, error = _execute(run.path, notebook, values, timeout_s, progress)
    except BaseException as problem:
        run.finish("stopped" if isinstance(problem, KeyboardInterrupt) else "failed", _one_line(problem))
        write_index(out)
        raise
    run.finish(status, error)
    loaded = records.load(run.path)
    write_page(loaded, records.latest(out, notebook.name, before=loaded))
    write_index(out)
    return loaded


def _one_line(problem: BaseException) -> str:
    return " ".join((str(problem) or type(problem).__name__).split())


def _execute(path: Path, notebook: Notebook, values: dict, timeout_s: float, progress: Progress):
    work = path / "work"
    work.mkdir(exist_ok=True)
    job = {
        "notebook": str(notebook.path.resolve()), "output": str((path / "run.ipynb").resolve()),
        "kernel": notebook.kernel, "parameters": values, "cwd": str(work.resolve()),
        "record": str(path.resolve()),
    }  # fmt: skip
    with (path / "worker.log").open("wb") as log:
        worker = subprocess.Popen(
            [sys.executable, "-P", "-m", "labkit.report.worker"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, start_new_session=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1", "JUPYTER_PREFER_ENV_PATH": "1"},
        )  # fmt: skip
    threading.Thread(target=warm_up, daemon=True).start()  # while the kernel starts
    try:
        worker.stdin.write(json.dumps(job).encode())
        worker.stdin.close()
        ending = _follow(worker, notebook.name, timeout_s, progress)
    finally:
        _kill(worker)
    if ending is not None:
        return ending
    return (
        "killed",
        f"the report's process ended with code {worker.returncode}: {_last_line(path / 'worker.log')}",
    )


def _follow(worker: subprocess.Popen, name: str, timeout_s: float, progress: Progress):
    """(status, error) as the worker tells it; None when it ended without a word."""
    started, buffer = time.monotonic(), b""
    cell = of = 0
    with selectors.DefaultSelector() as selector:
        selector.register(worker.stdout, selectors.EVENT_READ)
        while True:
            spent = time.monotonic() - started
            if spent > timeout_s:
                return "timeout", f"more than {timeout_s:g} s, in cell {cell} of {of}"
            progress(name, cell, of, spent)
            if not selector.select(min(1.0, timeout_s - spent)):
                continue
            data = os.read(worker.stdout.fileno(), 65536)
            if not data:
                return None
            *lines, buffer = (buffer + data).split(b"\n")
            for facts in map(json.loads, lines):
                if "status" in facts:
                    error = facts["error"]
                    return facts["status"], error and (
                        f"{error} in cell {cell} of {of}" if error == "the kernel died" else error
                    )
                cell, of = facts["cell"], facts["of"]


def _kill(worker: subprocess.Popen) -> None:
    """End the worker and everything below it: a kernel has a process group of its own.

    A worker that has told its end has nothing left to do but to fall apart slowly.
    """
    tree = descendants(worker.pid)
    for pid in [worker.pid, *tree] if worker.poll() is None else tree:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    worker.wait()
    worker.stdout.close()


def _last_line(path: Path) -> str:
    lines = path.read_text(errors="replace").strip().splitlines()
    return lines[-1][:200] if lines else "it said nothing"
