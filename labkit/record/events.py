"""The event log: whole lines appended to `events.jsonl` by any number of processes, and read back.

`seq` counts from 1 without gaps, across threads, processes and resumptions. `plain` says what an event
may hold. Not covered: rewriting; arrays, bytes and dates (whoever records those chooses their form).
"""

from __future__ import annotations

import fcntl
import json
import math
import os
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from pathlib import Path, PurePath
from typing import Any

from labkit.errors import BadInput, RecordError
from labkit.record.files import explained

FILE = "events.jsonl"
VERSION = 1
MAX_BITS = 14_284  # Python reads and writes whole numbers of 4300 digits, and no longer ones


class Log:
    """Appends events. One thread at a time (the run sees to that); any number of processes.

    Each append holds an flock on the file itself for microseconds: that is what keeps `seq` unique
    when a notebook kernel writes to the record of the `labkit report` that started it.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self._end = 0  # how far this process has read the file
        self._seq = 0  # the last seq up to there

    def append(self, kind: str, data: Any, parent: int | None = None) -> dict[str, Any]:
        """Write one event and return it. Raises `BadInput` for bad data, `RecordError` for a bad disk."""
        if not (isinstance(kind, str) and kind):
            raise BadInput(f"kind={kind!r}: an event's kind is a word")
        body = {"kind": kind, "parent": parent, "data": plain(data)}
        with explained(f"{self.path}: the {kind!r} event was not recorded"), self._locked() as fd:
            event = {"v": VERSION, "seq": self._seq + 1, "t": round(time.time(), 6), **body}
            line = json.dumps(event, separators=(",", ":"), allow_nan=False).encode() + b"\n"
            rest = memoryview(line)
            while rest:  # a nearly full disk takes a part; whoever comes next cuts it
                rest = rest[os.write(fd, rest) :]
            self._end += len(line)
            self._seq += 1
            return event

    def sync(self) -> None:
        """Cut what a killed writer left of a line, and flush the rest to disk."""
        with explained(f"{self.path} could not be flushed to disk"), self._locked() as fd:
            os.fsync(fd)

    @contextmanager
    def _locked(self) -> Iterator[int]:
        """The file, read to its end and ours alone. Opened each time, so that a fork never shares it."""
        fd = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX)
            self._catch_up(fd)
            yield fd
        finally:
            fcntl.flock(fd, fcntl.LOCK_UN)  # closing is not enough if another thread forked meanwhile
            os.close(fd)

    def _catch_up(self, fd: int) -> None:
        """Read what others appended since, and cut the partial line of a writer that was killed.

        Under the file's lock nobody is in the middle of a line, so a partial one has no owner left.
        """
        size = os.fstat(fd).st_size
        if size < self._end:
            raise RecordError(f"{self.path} was cut by someone else while it was open; start a new attempt")
        tail = os.pread(fd, size - self._end, self._end)
        whole = tail.rfind(b"\n") + 1
        if whole < len(tail):
            os.ftruncate(fd, self._end + whole)
        events = (_parse(line) for line in reversed(tail[:whole].splitlines()))
        self._seq = next((event["seq"] for event in events if event), self._seq)
        self._end += whole


def _parse(line: bytes) -> dict[str, Any] | None:
    try:
        event = json.loads(line)
    except ValueError:
        return None
    return event if isinstance(event, dict) and isinstance(event.get("seq"), int) else None


def read(folder: Path, kind: str | None = None) -> list[dict[str, Any]]:
    """The events of a record in order; a partial last line is left out, unknown kinds are kept.

    A damaged line in the middle (a disk's doing, not ours) is skipped with a warning that names it.
    """
    path = folder / FILE
    content = path.read_bytes() if path.exists() else b""  # a run without an event yet has none
    # Looking for the word before parsing the line makes one kind out of a large log cheap.
    word = b"" if kind is None else json.dumps(kind).encode()
    events = []
    for number, line in enumerate(content.split(b"\n")[:-1], start=1):
        event = _parse(line) if word in line else {}
        if event is None:
            warnings.warn(f"{path}, line {number} is damaged and was skipped", stacklevel=3)
        elif event and (kind is None or event["kind"] == kind):
            events.append(event)
    return events


def plain(value: Any, where: str = "data", *, finite: bool = False) -> Any:
    """`value` as JSON values: of figures and dataclasses, mappings, lists, tuples, sets, paths and scalars.

    NaN and infinities become None (JSON has none), or with `finite` are refused; sets become lists in the
    order of their JSON. Raises `BadInput`, which names the key path and the type, for anything else.

    >>> plain({"seen": {3, 1}, "at": (1.5, float("nan"))})
    {'seen': [1, 3], 'at': [1.5, None]}
    >>> plain({"turns": [{"code": b"x"}]})
    Traceback (most recent call last):
    ...
    labkit.errors.BadInput: data.turns[0].code is bytes, which JSON cannot hold; record text, numbers, \
lists or mappings
    """
    try:
        return _plain(value, where, finite)
    except RecursionError:
        raise BadInput(f"{where} contains itself, or is nested too deeply for JSON; record it flat") from None


def _plain(value: Any, where: str, finite: bool) -> Any:
    if getattr(value, "ndim", None) == 0:  # numpy's and torch's scalars
        value = value.item()
    if isinstance(value, float):
        return _float(value, where, finite)
    if isinstance(value, int) and value.bit_length() > MAX_BITS:
        raise BadInput(f"{where} is a whole number of over 4300 digits; record it as text")
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, PurePath):
        return str(value)
    if isinstance(value, (list, tuple)):
        return [_plain(item, f"{where}[{i}]", finite) for i, item in enumerate(value)]
    if isinstance(value, (set, frozenset)):
        return sorted((_plain(item, f"{where}{{}}", finite) for item in value), key=json.dumps)
    return _mapping(value, where, finite)


def _float(value: float, where: str, finite: bool) -> float | None:
    if finite and not math.isfinite(value):
        raise BadInput(f"{where} is {value}, which JSON cannot hold; give a finite number, or None")
    return value if math.isfinite(value) else None


def _mapping(value: Any, where: str, finite: bool) -> dict[str, Any]:
    if is_dataclass(value) and not isinstance(value, type):
        value = {field.name: getattr(value, field.name) for field in fields(value)}
    if not isinstance(value, Mapping):
        what = "which JSON cannot hold; record text, numbers, lists or mappings"
        raise BadInput(f"{where} is {type(value).__name__}, {what}")
    for key in value:
        if not isinstance(key, str):
            raise BadInput(f"{where} has the key {key!r}, and JSON keys are text; use str(key)")
    return {key: _plain(item, f"{where}.{key}", finite) for key, item in value.items()}
