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
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from labkit import record as records
from labkit.errors import BadInput, LabkitError
from labkit.record.files import explained
from labkit.sandbox.inside.tree import alive, descendants

from .index import write_index
from .notebook import Notebook, Unreadable, find_notebooks
from .page import baseline, warm_up, write_page

Progress = Callable[[str, int, int, float], None]  # notebook, code cell, of, seconds so far


def run_report(
    notebook: Notebook | Unreadable | str | Path,
    given: Mapping[str, Any] | None = None,
    *,
    out: str | Path = "reports",
    notebooks: str | Path = "notebooks",
    timeout_s: float = 600.0,
    resume: bool = False,
    progress: Progress = lambda *_: None,
) -> records.Loaded:
    """Execute `notebook` and leave `<out>/<name>/<id>/<attempt>/` with run.ipynb, index.html and run.json.

    `notebook` may be a path, or a name in the folder `notebooks`. The status is ok, failed, killed or
    timeout, as it happened; a failed report still has its page. What kept a page from being written is
    told in `error` and changes no status. SIGTERM and SIGHUP end it as Ctrl-C does, recorded as stopped.
    With `resume`, the newest attempt goes on if it is unfinished: the notebook runs again in the same
    folder, where interrupted refinements find their own records. Raises BadInput, RecordError.
    """
    if not timeout_s > 0:
        raise BadInput(f"timeout {timeout_s} s: give a positive number of seconds")
    notebook = _found(notebook, notebooks)
    values = notebook.values(given or {})
    _check_writable(Path(out))
    with _stopped_by_signals():
        run = _start(notebook, values, out, resume)
        try:
            with run:  # which an exception ends as stopped or failed
                _problem(write_index, out)  # says running, should this process be killed
                run.finish(*_execute(run.path, notebook, values, timeout_s, progress))
        except BaseException:
            _problem(write_index, out)
            raise
        loaded = records.load(run.path)
        problems = [_problem(_compared_page, loaded, out), _problem(write_index, out)]
    return replace(loaded, error="; ".join(filter(None, [loaded.error, *problems])) or None)


def _found(notebook: Notebook | Unreadable | str | Path, folder: str | Path) -> Notebook:
    if isinstance(notebook, Unreadable):
        raise BadInput(notebook.problem)
    return notebook if isinstance(notebook, Notebook) else find_notebooks(folder, [os.fspath(notebook)])[0]


def _check_writable(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        reason = None if os.access(out, os.W_OK | os.X_OK) else "it is not writable"
    except OSError as error:
        reason = f"it cannot be made ({error.strerror})"
    if reason:
        raise BadInput(f"no report can be written to {out}: {reason}; choose another folder with --out")


def _start(notebook: Notebook, values: Mapping[str, Any], out: str | Path, resume: bool) -> records.Run:
    seed = values.get("seed")
    defaults = {p.name: p.default for p in notebook.parameters}
    return records.start(
        notebook.name, values, seed=seed if isinstance(seed, int) else None, source=notebook.source,
        root=out, resume=resume, notes={"notebook": notebook.path.name, "defaults": defaults},
    )  # fmt: skip


@contextlib.contextmanager
def _stopped_by_signals() -> Iterator[None]:
    """SIGTERM and SIGHUP become a KeyboardInterrupt, once; what ignores them (nohup) or heeds them stays."""
    heeded = [
        number for number in (signal.SIGTERM, signal.SIGHUP)
        if threading.current_thread() is threading.main_thread()
        and signal.getsignal(number) == signal.SIG_DFL
    ]  # fmt: skip

    def stop(number: int, frame: Any) -> None:
        for each in heeded:  # a second one must not cut short the clearing up after the first
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt(signal.Signals(number).name)

    for number in heeded:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number in heeded:
            signal.signal(number, signal.SIG_DFL)


def _problem(write: Callable[..., Any], *given: Any) -> str | None:
    """Why a page could not be written, in one line; that must not hide how the run itself ended."""
    try:
        write(*given)
    except LabkitError as error:
        return str(error)
    except Exception as error:  # nbconvert's, of a notebook that was cut short by a full disk
        return " ".join(f"a page was not written: {type(error).__name__}: {error}".split())[:300]
    return None


def _compared_page(run: records.Loaded, out: str | Path) -> None:
    write_page(run, baseline(run, records.find(out, run.name)))


def _execute(path: Path, notebook: Notebook, values: dict, timeout_s: float, progress: Progress):
    """(status, error) of the notebook in a process of its own."""
    job = {
        "notebook": str(notebook.path.resolve()), "output": str((path / "run.ipynb").resolve()),
        "kernel": notebook.kernel, "parameters": values, "cwd": str((path / "work").resolve()),
        "record": str(path.resolve()),
    }  # fmt: skip
    with explained(f"{path}: the notebook could not be run"):
        (path / "work").mkdir(exist_ok=True)
        with (path / "worker.log").open("wb") as log:
            worker = _worker(log)
    try:
        threading.Thread(target=warm_up, daemon=True).start()  # while the kernel starts
        with contextlib.suppress(BrokenPipeError), worker.stdin as pipe:  # it ended: _follow sees that
            pipe.write(json.dumps(job).encode())
        ending = _follow(worker, notebook.name, timeout_s, progress)
    finally:
        _kill(worker)
    said = f"the report's process ended with code {worker.returncode}: {_last_line(path / 'worker.log')}"
    return ending or ("killed", said)


def _worker(log: Any) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "labkit.report.worker"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, start_new_session=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1", "JUPYTER_PREFER_ENV_PATH": "1"},
    )  # fmt: skip


def _follow(worker: subprocess.Popen, name: str, timeout_s: float, progress: Progress):
    """(status, error) as the worker tells it; None when it ended without a word."""
    started, buffer = time.monotonic(), b""
    cell = of = 0
    with selectors.DefaultSelector() as selector:
        selector.register(worker.stdout, selectors.EVENT_READ)
        while True:
            spent = time.monotonic() - started
            if spent > timeout_s:
                return "timeout", f"{_place(cell, of)}: more than {timeout_s:g} s"
            progress(name, cell, of, spent)
            if not selector.select(min(1.0, timeout_s - spent)):
                continue
            data = os.read(worker.stdout.fileno(), 65536)
            if not data:
                return None
            *lines, buffer = (buffer + data).split(b"\n")
            for facts in map(_facts, lines):
                if "status" in facts:
                    where = f"{_place(cell, of)}: " if facts["in_cell"] else ""
                    return facts["status"], facts["error"] and where + facts["error"]
                cell, of = facts.get("cell", cell), facts.get("of", of)


def _facts(line: bytes) -> dict[str, Any]:
    """What the worker told in a line; nothing when it is not the worker's."""
    with contextlib.suppress(ValueError):
        facts = json.loads(line)
        if isinstance(facts, dict) and set(facts) in ({"cell", "of"}, {"status", "error", "in_cell"}):
            return facts
    return {}


def _place(cell: int, of: int) -> str:
    return f"code cell {cell} of {of}" if cell else "before the first cell"


def _kill(worker: subprocess.Popen, patience_s: float = 5.0) -> None:
    """End the worker and everything below it: a kernel has a process group of its own, and its programs too.

    The worker is stopped until the others are gone, since it is the one that adopts their orphans.
    """
    deadline = time.monotonic() + patience_s
    if worker.poll() is None:
        worker.send_signal(signal.SIGSTOP)
        while (below := list(filter(alive, descendants(worker.pid)))) and time.monotonic() < deadline:
            for pid in below:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.002)
        worker.kill()
    worker.wait()
    worker.stdout.close()


def _last_line(path: Path) -> str:
    lines = path.read_text(errors="replace").strip().splitlines()
    return lines[-1][:200] if lines else "it said nothing"
