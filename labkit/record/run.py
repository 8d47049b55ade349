"""Write a run record: start or resume it, append events and results, finish it; append to another's.

The owner holds the record's lock and is the only one to write run.json. Not covered: deleting anything.
"""

from __future__ import annotations

import json
import os
import threading
import warnings
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labkit.errors import BadInput, LabkitError, RecordError
from labkit.record import loaded
from labkit.record.events import VERSION, Log, plain, read
from labkit.record.files import Lock, explained, replace
from labkit.record.provenance import provenance, run_id

if TYPE_CHECKING:
    from labkit.stats import Figure

ENDS = ("ok", "failed", "killed", "timeout", "stopped")


def start(
    name: str,
    params: Mapping[str, Any],
    *,
    seed: int | None = None,
    source: str = "",
    root: str | os.PathLike[str] = "runs",
    resume: bool = False,
    notes: Mapping[str, Any] | None = None,
) -> Run:
    """Open a record for a run of `name` with its full parameters (defaults merged by the caller).

    A new attempt is made, unless `resume` finds the newest attempt with the same id unfinished (its
    status is not ok): then that one goes on, and `run.events()` says what was done. `source` is the text
    of the task or notebook; it and labkit's own code are in the id. `notes` are kept in run.json only.
    Raises `BadInput` for a bad name or parameters, `RecordError` where the record cannot be written,
    or the attempt to resume is still running.

    >>> from labkit.stats import Figure
    >>> with start("demo", {"n": 3}) as run:
    ...     first = run.event("turn", {"text": "hello"})
    ...     second = run.event("score", {"value": 0.5}, parent=first)
    ...     third = run.result("speed", Figure(2.0, "x", "measured", 1.8, 2.2, n=9))
    >>> run  # doctest: +ELLIPSIS
    <Run demo ... 001: ok>
    >>> [(event["seq"], event["kind"], event["parent"]) for event in run.events()]
    [(1, 'turn', None), (2, 'score', 1), (3, 'result', None)]
    """
    loaded.check_name(name)
    if not isinstance(params, Mapping):
        raise BadInput(f"params is {type(params).__name__}; give a mapping of parameter names to values")
    id = run_id(name, params, seed=seed, source=source)
    folder = Path(os.path.abspath(root), name, id)
    with explained(f"{folder}: the run could not be started"):
        if resume and (found := _unfinished(folder)):
            path, lock, meta = found
            meta = {**meta, "status": "running", "end": None, "error": None}
            return Run(path, lock, {**meta, "resumptions": [*meta["resumptions"], _now()]}, resumed=True)
        fixed = {"v": VERSION, "name": name, "id": id, "params": params, "seed": seed, "notes": notes or {}}
        state = {"resumptions": [], "end": None, "status": "running", "error": None, "results": {}}
        meta = {**plain(fixed, "run"), "provenance": provenance(source), "start": _now(), **state}
        path = _new_attempt(folder)
        return Run(path, Lock(path), {**meta, "attempt": path.name})


def asked_for(record: Run | str | os.PathLike[str] | bool | None) -> tuple[Run | None, Any]:
    """What a verb's `record=` means: (the caller's open run or None, a folder for a run of its own or None).

    >>> asked_for(True), asked_for("here"), asked_for(False)
    ((None, 'runs'), (None, 'here'), (None, None))
    """
    if record is False or record is None:
        return None, None
    if isinstance(record, bool | str | os.PathLike):
        return None, "runs" if record is True else record
    return record, None


def teller(run: Run | None, watch: Callable | None) -> Callable[[str, dict[str, Any]], Any]:
    """A function of (kind, data) that records an event and shows it to `watch`; without a run, only that.

    >>> tell = teller(None, print)
    >>> tell("note", {"text": "seen"})
    {'kind': 'note', 'data': {'text': 'seen'}}
    """
    if run is None:
        return lambda kind, data: watch({"kind": kind, "data": data}) if watch else None
    if watch:
        run.subscribe(watch)
    return run.event


def _unfinished(folder: Path) -> tuple[Path, Lock, dict[str, Any]] | None:
    """The newest attempt, locked, where there is one and it did not end well."""
    path = next(reversed(loaded.attempts(folder)), None)
    if path is None or loaded.read_meta(path)["status"] == "ok":
        return None
    try:
        lock = Lock(path)
    except BlockingIOError:
        way_out = "wait for it, or start a fresh attempt"
        raise RecordError(f"{path} is still running in another process; {way_out}") from None
    meta = loaded.read_meta(path)  # again: its owner may have finished while we waited for the lock
    return None if meta["status"] == "ok" else (path, lock, meta)


def _new_attempt(folder: Path) -> Path:
    """mkdir decides between two that start at once. Until run.json is there, the folder counts as empty."""
    folder.mkdir(parents=True, exist_ok=True)
    number = max((int(name) for name in os.listdir(folder) if loaded.ATTEMPT.fullmatch(name)), default=0)
    while True:
        number += 1
        with suppress(FileExistsError):
            (path := folder / f"{number:03d}").mkdir()
            return path


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")


def attach(path: str | os.PathLike[str]) -> Attached:
    """Append to the open run in the folder `path`. Raises `RecordError` where no owner holds it open.

    >>> with start("report", {}) as run, attach(run.path) as kernel:  # the kernel is told the path
    ...     run.event("cell", {"n": 1}), kernel.event("cell", {"n": 2})
    (1, 2)
    """
    run = loaded.load(path)
    if run.status != "running":
        raise RecordError(f"{path} is not open ({run.status}); only a running record can be added to")
    return Attached(Path(path).absolute(), run.meta)


class Attached:
    """A record that another process owns: events and results can be appended, its status cannot be set."""

    def __init__(self, path: Path, meta: Mapping[str, Any]) -> None:
        self.path = path
        self.name, self.id, self.attempt = meta["name"], meta["id"], meta["attempt"]
        self._log = Log(path)
        self._mutex, self._delivering = threading.Lock(), threading.Lock()
        self._subscribers: list[Callable[[dict[str, Any]], Any]] = []
        self._pending: deque[dict[str, Any]] = deque()
        self._closed: str | None = None

    def event(self, kind: str, data: Any, parent: int | None = None) -> int:
        """Append one event and return its seq (1, 2, …). Safe from threads; in the file when this returns.

        Raises `BadInput` for data that is not JSON, `RecordError` when the disk is full or gone: then
        the event is not recorded, and the run can go on.
        """
        with self._mutex:
            if self._closed:
                raise RecordError(f"{self.path} is closed ({self._closed}); start a new run to record more")
            event = self._log.append(kind, data, parent)
            self._pending.append(event)
        self._deliver()
        return event["seq"]

    def result(self, name: str, figure: Figure) -> int:
        """Record a named figure as a "result" event and return its seq; the last of a name counts."""
        from labkit.stats import Figure

        if not isinstance(figure, Figure):
            what = "give a labkit.stats.Figure (value, unit, how)"
            raise BadInput(f"result {name!r} is {type(figure).__name__}; {what}")
        return self.event(loaded.RESULT, {"name": name, "figure": figure})

    def events(self, kind: str | None = None) -> list[dict[str, Any]]:
        """Everything recorded so far, by every process and every earlier session of this attempt."""
        return read(self.path, kind)

    def subscribe(self, fn: Callable[[dict[str, Any]], Any]) -> Callable[[], None]:
        """Call `fn(event)` after each event of this process, in order; returns what ends it.

        With threads, `fn` may run in another thread than the event's own: one delivers for all.
        """
        self._subscribers.append(fn)
        return lambda: self._subscribers.remove(fn) if fn in self._subscribers else None

    def _deliver(self) -> None:
        # One thread at a time, so that subscribers see events in the order of seq; and the lock of the
        # log is not held, so that a subscriber may record events itself.
        while self._pending and self._delivering.acquire(blocking=False):
            try:
                while self._pending:
                    event = self._pending.popleft()
                    for fn in list(self._subscribers):
                        try:
                            fn(event)
                        except Exception as error:  # no subscriber may break the run
                            with suppress(Warning):  # nor may warnings that are errors
                                warnings.warn(f"a subscriber of {self.name} failed: {error!r}", stacklevel=3)
            finally:
                self._delivering.release()

    def __enter__(self):
        return self

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        self._closed = self._closed or "left"

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name} {self.id} {self.attempt}: {self._closed or 'open'}>"


class Run(Attached):
    """A run this process owns. As a context manager it finishes itself: ok, failed or stopped."""

    def __init__(self, path: Path, lock: Lock, meta: dict[str, Any], resumed: bool = False) -> None:
        super().__init__(path, meta)
        self._lock, self.resumed, self.params = lock, resumed, meta["params"]
        try:
            if resumed:
                self._log.sync()
            self._save(meta)
        except BaseException:
            lock.release()
            raise

    def _save(self, meta: dict[str, Any]) -> None:
        file = self.path / loaded.META
        with explained(f"{file} was not written"):
            replace(file, json.dumps(meta, indent=1, allow_nan=False).encode() + b"\n")
        self._meta = meta

    def finish(self, status: str = "ok", error: str | None = None) -> None:
        """Write how the run ended and let go of it. If that fails the run stays open, to be retried."""
        if status not in ENDS:
            raise BadInput(f"status={status!r}: a run ends as one of {', '.join(ENDS)}")
        with self._mutex:  # held to the end: no result may slip in between folding and writing
            if self._closed:
                raise RecordError(f"{self.path} is already finished ({self._closed})")
            if self._lock.held:  # a forked child holds none: its parent says how the run ended
                self._log.sync()
                line = error and " ".join(str(error).split())[:500]
                results = plain(loaded.results(self.path))
                self._save({**self._meta, "status": status, "error": line, "end": _now(), "results": results})
            self._closed = status
            self._lock.release()

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        status = "stopped" if isinstance(error, KeyboardInterrupt) else "failed"
        said = f"{type(error).__name__}: {error}".removesuffix(": ")
        try:
            if not self._closed:
                self.finish(*(("ok", None) if error is None else (status, said)))
        except LabkitError as problem:
            if error is None:
                raise
            error.add_note(f"The run's end was not recorded: {problem}")
        finally:
            self._closed = self._closed or "left"
            self._lock.release()
