"""Read run records: one by its path, or all under a root.

Whether a run is alive is asked of its lock, never of a clock or a process id: a record that says
"running" while nobody holds its lock was killed. Not covered: changing anything.
"""

from __future__ import annotations

import json
import math
import os
import re
import warnings
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labkit.errors import BadInput, RecordError, need
from labkit.record import events as log
from labkit.record.files import is_held

if TYPE_CHECKING:
    import pandas

    from labkit.stats import Figure

META = "run.json"
RESULT = "result"  # the kind of event that holds a named figure
PART = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")
ID = re.compile(r"[0-9a-f]{12}")
ATTEMPT = re.compile(r"[0-9]{3,}")
SHOWN = ("name", "id", "attempt", "params", "start", "end", "error")


@dataclass(frozen=True, repr=False)
class Loaded:
    """A record as it stood when it was loaded; its events are read when they are asked for."""

    path: Path
    status: str  # running, ok, failed, killed, timeout, stopped
    meta: dict[str, Any]  # run.json, which may say "running" of a run that was killed
    name: str
    id: str
    attempt: str
    params: dict[str, Any]
    start: str  # ISO, UTC
    end: str | None
    error: str | None

    @property
    def wall_s(self) -> float | None:
        """Seconds worked, without the time between an interruption and its resumption; None without an end.

        When a session was interrupted is known from its last event only: what came after that is left out.
        """
        if not self.end:
            return None
        *starts, last = (_seconds(t) for t in (self.start, *self.meta.get("resumptions", [])))
        worked = _seconds(self.end) - last
        times = [event.get("t", 0.0) for event in self.events()] if starts else []
        for start, until in pairwise([*starts, last]):
            worked += max((t for t in times if start <= t < until), default=start) - start
        return worked

    @property
    def results(self) -> dict[str, Figure]:
        """The named figures; those of a run without an end are in its events only."""
        if self.meta["status"] == "running":
            return results(self.path)
        return {name: figure(data) for name, data in self.meta["results"].items()}

    def events(self, kind: str | None = None) -> list[dict[str, Any]]:
        """In order, all or of one kind."""
        return log.read(self.path, kind)

    def to_frame(self, kind: str | None = None) -> pandas.DataFrame:
        """One row an event: seq, t, kind, parent, and `data.<key>` for each key of its data."""
        frame = need("pandas", "lab").json_normalize(self.events(kind), max_level=1)
        return frame.drop(columns="v", errors="ignore")

    def __repr__(self) -> str:
        wall = "" if self.wall_s is None else f", {self.wall_s:.1f} s"
        error = f", {self.error}" if self.error else ""
        return f"<run {self.name} {self.id} {self.attempt}: {self.status}{wall}{error}>"


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()


def load(path: str | os.PathLike[str]) -> Loaded:
    """The record in the folder `path` (one attempt). Raises `RecordError` where there is none.

    >>> load("no/such/run")
    Traceback (most recent call last):
    ...
    labkit.errors.RecordError: no/such/run is not the folder of a run (<name>/<id>/<attempt>); \
labkit.record.find() lists the runs there are
    """
    path = Path(path)
    meta = read_meta(path)
    status = meta["status"]
    if status == "running" and not is_held(path):
        meta = read_meta(path)  # again: it may have ended between the two looks
        status = "killed" if meta["status"] == "running" else meta["status"]
    return Loaded(path, status, meta, **{key: meta[key] for key in SHOWN})


def find(root: str | os.PathLike[str] = "runs", name: str | None = None) -> list[Loaded]:
    """All runs under `root`, or those called exactly `name`; newest last, broken ones skipped with a warning.

    >>> find("no/such/folder")
    []
    """
    if name is not None:
        check_name(name)
    found = []
    for at, folders, _ in os.walk(Path(root, name or "")):
        for path in (path for id in folders if ID.fullmatch(id) for path in attempts(Path(at, id))):
            try:
                found.append(load(path))
            except RecordError as error:
                warnings.warn(str(error), stacklevel=2)
        parts = [part for part in folders if PART.fullmatch(part) and not ID.fullmatch(part)]
        folders[:] = parts if name is None else []
    return sorted(found, key=lambda run: (run.start, int(run.attempt)))


def latest(root: str | os.PathLike[str], name: str, before: Loaded | None = None) -> Loaded | None:
    """The newest run called `name`, or None; with `before`, the newest that started before that run.

    >>> latest("no/such/folder", "demo") is None
    True
    """
    runs = [run for run in find(root, name) if before is None or run.start < before.start]
    return runs[-1] if runs else None


def check_name(name: str) -> None:
    """Refuse a name that is not a safe path below the root, or that `find` would take for an id."""
    parts = name.split("/") if isinstance(name, str) else [""]
    if not all(PART.fullmatch(part) and not ID.fullmatch(part) for part in parts):
        rule = "letters, digits, . _ - and / between parts; no part starts with a dot or is 12 hex digits"
        raise BadInput(f"name={name!r}: a run's name has {rule}")


def attempts(folder: Path) -> list[Path]:
    """The attempts of one id that came as far as a run.json, oldest first."""
    found = (file.parent for file in folder.glob(f"[0-9]*/{META}") if ATTEMPT.fullmatch(file.parent.name))
    return sorted(found, key=lambda path: int(path.name))


def read_meta(path: Path) -> dict[str, Any]:
    """run.json as it is. Raises `RecordError` where there is none, or where it is no record's."""
    try:
        meta = json.loads((path / META).read_bytes())
        if missing := {"status", "results", "provenance", *SHOWN} - set(meta):
            raise ValueError(f"it holds no {min(missing)}")
        return meta
    except (FileNotFoundError, NotADirectoryError):
        hint = "(<name>/<id>/<attempt>); labkit.record.find() lists the runs there are"
        raise RecordError(f"{path} is not the folder of a run {hint}") from None
    except (OSError, ValueError, TypeError) as error:
        way_out = f"move {path} away, or start anew"
        raise RecordError(f"{path / META} is unreadable ({error}); {way_out}") from error


def results(path: Path) -> dict[str, Figure]:
    """The figures in a record's "result" events; the last of a name counts, what is no figure does not."""
    found = {}
    for event in log.read(path, RESULT):
        with suppress(LookupError, TypeError, ValueError, AttributeError):
            found[event["data"]["name"]] = figure(event["data"]["figure"])
    return found


def figure(data: dict[str, Any]) -> Figure:
    """A figure from JSON, where null stands for a NaN value, and for the end of an interval that is open."""
    from labkit.stats import Figure  # 20 ms of statistics and random that listing records can do without

    it = Figure.from_json(data)
    lo = -math.inf if it.lo is None and it.hi is not None else it.lo
    hi = math.inf if it.hi is None and it.lo is not None else it.hi
    return replace(it, value=math.nan if it.value is None else it.value, lo=lo, hi=hi)
