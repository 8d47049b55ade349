"""Measure this machine: one module a room, each a table for people and one last line of JSON.

Timings are medians of interleaved runs; nothing else should run meanwhile. A full run is written as JSON and
committed; `--quick` quotes from it what does not fit into a minute, after a fresh sample has agreed with it.
Not covered: telling whether two full runs differ (see `labkit.record.comparison`).
"""

from __future__ import annotations

import functools
import hashlib
import json
import math
import os
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from labkit.errors import BadInput
from labkit.record.provenance import device, source_hash
from labkit.stats import Figure, median_interval

Figures = dict[str, Figure | None]
_PACKAGE = Path(__file__).resolve().parents[1]
_Z = 1.959964  # the normal distribution's 97.5 % point


@dataclass(frozen=True)
class Stored:
    """A figure of a full run: when it was measured, and a hash of the code that it was measured of."""

    figure: Figure
    date: str
    code: str

    @property
    def value(self) -> float:
        return self.figure.value

    def __str__(self) -> str:
        return f"{self.figure} {self.date[:10]}"

    def to_json(self) -> dict[str, Any]:
        return {**self.figure.to_json(), "date": self.date, "code": self.code}


def wall_s(action: Callable[[], Any]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def interleaved(actions: dict[str, Callable[[], Any]], repeats: int) -> dict[str, list[float]]:
    """Wall seconds of each action, taking turns; one round first that is not counted."""
    times: dict[str, list[float]] = {name: [] for name in actions}
    for i in range(repeats + 1):
        for name, action in actions.items():
            seconds = wall_s(action)
            if i:
                times[name].append(seconds)
    return times


def ticker(what: str, of: int, every_s: float = 5.0) -> Callable[[], None]:
    """Call it after each of `of` steps: now and then it says on stderr how far they are."""
    began = told = time.monotonic()
    done = 0

    def tick() -> None:
        nonlocal done, told
        done, now = done + 1, time.monotonic()
        if now - told >= every_s or done == of:
            told, rate = now, done / max(now - began, 1e-9)
            left = f"{(of - done) / rate:.0f} s left" if done < of else f"{now - began:.1f} s"
            print(f"{what}: {done} of {of}, {rate:.3g}/s, {left}", file=sys.stderr, flush=True)

    return tick


def median(values: Sequence[float], unit: str) -> Figure:
    """The median as a measured figure, with its 95 % interval where there are enough values for one."""
    low, high = median_interval(values)
    interval = (low, high) if math.isfinite(low) and math.isfinite(high) else (None, None)
    return Figure(statistics.median(values), unit, "measured", *interval, len(values))


def quantile(values: Sequence[float], q: float, unit: str) -> Figure:
    """The q-quantile, its 95 % interval by ranks (binomial, normal approximation) where the ranks exist."""
    ordered, n = sorted(values), len(values)
    spread = _Z * math.sqrt(n * q * (1 - q))
    low, high = math.floor(n * q - spread), math.ceil(n * q + spread)
    known = (ordered[low], ordered[high]) if low >= 0 and high < n else (None, None)
    return Figure(ordered[min(n - 1, int(q * n))], unit, "measured", *known, n)


def share(hits: int, of: int) -> Figure:
    """A measured share with its Wilson interval.

    >>> str(share(0, 200))
    '0 share [0, 0.0188] (measured, n=200)'
    """
    rate, w = hits / of, _Z**2 / of
    middle, half = rate + w / 2, _Z * math.sqrt(rate * (1 - rate) / of + w / (4 * of))
    low, high = (max(0.0, (middle - half) / (1 + w)), min(1.0, (middle + half) / (1 + w)))
    return Figure(rate, "share", "measured", low if hits else 0.0, high if hits < of else 1.0, of)


def could_be(stored: Figure, fresh: Figure, level: float = 0.01) -> bool:
    """Whether a fresh, small share is compatible with the nearest end of a stored share's interval.

    Exact binomial tail, one-sided: below `level` it is not.

    >>> [could_be(share(0, 200), share(hits, 6)) for hits in (0, 1, 2)]
    [True, True, False]
    """
    hits, n = round(fresh.value * fresh.n), fresh.n
    low = stored.value if stored.lo is None else stored.lo
    high = stored.value if stored.hi is None else stored.hi
    if low <= fresh.value <= high:
        return True
    p, tail = (low, range(hits + 1)) if fresh.value < low else (high, range(hits, n + 1))
    return sum(math.comb(n, k) * p**k * (1 - p) ** (n - k) for k in tail) >= level


def confirmed(stored: Stored | None, code: str, agrees: Callable[[Figure], bool]) -> Stored | None:
    """The stored figure, if the code has not changed since and a fresh sample agrees with it; else None."""
    return stored if stored and stored.code == code and agrees(stored.figure) else None


@functools.cache
def code_hash(*parts: str) -> str:
    """Hash of the *.py and *.js of these folders and files of labkit, such as "sandbox", "stats.py".

    Once per process: what is measured is the code that was there when it began.
    """
    found = {path for part in parts for path in (_PACKAGE / part).rglob("*.[pj][ys]")}
    found |= {_PACKAGE / part for part in parts if (_PACKAGE / part).is_file()}
    lines = [
        f"{path.relative_to(_PACKAGE).as_posix()} {hashlib.sha256(path.read_bytes()).hexdigest()}"
        for path in found
    ]
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def committed(name: str) -> Path:
    """Where a checkout keeps the full run of this benchmark; an installed package has none."""
    return _PACKAGE.parent / "reports" / "bench" / f"{name}.json"


def stored(file: Path | str) -> dict[str, Stored]:
    """The figures of a full run; none where there is no such file, or it is that of a quick run."""
    try:
        record = json.loads(Path(file).read_text())
        figures = {} if record.get("quick") else record["figures"]
        return {
            key: Stored(Figure.from_json(data), data["date"], data["code"])
            for key, data in figures.items()
            if data and data.get("code")
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def in_parts(
    name: str,
    parts: Mapping[str, Sequence[str]],
    measure: Callable[[str], Mapping[str, Figure | Stored | None]],
    *,
    code: str,
    only: Sequence[str] | None = None,
    json_file: str | None = None,
    quick: bool = False,
) -> dict[str, Stored | None]:
    """Measure the parts named in `only` (all when None), one by one; `parts`: the figures that each names.

    What `json_file` holds of the same code stays, and what is measured is kept there, whatever happens to the
    parts after it. Raises BadInput for an unknown part, and where a quick run would replace a full one.
    """
    chosen = list(only or parts)
    if unknown := [part for part in chosen if part not in parts]:
        raise BadInput(f"--only {','.join(unknown)}: choose from {','.join(parts)}")
    figures: dict[str, Stored | None] = {figure: None for named in parts.values() for figure in named}
    if json_file:
        kept = {key: figure for key, figure in stored(json_file).items() if figure.code == code}
        if quick and kept:
            raise BadInput(
                f"--json {json_file} holds a full run, which a quick one would replace: name another file"
            )
        again = {figure for part in chosen for figure in parts[part]}
        figures.update({key: figure for key, figure in kept.items() if key not in again})
        write(name, {**figures, **kept}, json_file, quick=quick)  # that it can be is known from the start
    for part in chosen:
        print(f"{part} ...", file=sys.stderr, flush=True)
        found, now = measure(part), datetime.now(UTC).isoformat(timespec="seconds")
        figures.update({k: Stored(f, now, code) if isinstance(f, Figure) else f for k, f in found.items()})
        if json_file:
            write(name, figures, json_file, quick=quick)
    return figures


def write(
    name: str,
    figures: Mapping[str, Figure | Stored | None],
    json_file: str,
    *,
    code: str = "",
    quick: bool = False,
) -> None:
    """The full record; a `Stored` figure keeps its own date and code."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    dated = {key: Stored(f, now, code) if isinstance(f, Figure) else f for key, f in figures.items()}
    full = {
        "bench": name, "date": now, "quick": quick, "cores": os.cpu_count(), "cpu": device()["cpu"],
        "source": source_hash(),
        "figures": {key: figure and figure.to_json() for key, figure in dated.items()},
    }  # fmt: skip
    try:
        Path(json_file).parent.mkdir(parents=True, exist_ok=True)
        Path(json_file).write_text(json.dumps(full, indent=1) + "\n")
    except OSError as error:
        raise BadInput(f"--json {json_file}: {error.strerror}") from None


def finish(
    name: str,
    figures: Mapping[str, Figure | Stored | None],
    json_file: str | None,
    *,
    code: str = "",
    quick: bool = False,
) -> int:
    """Print the table, write the full record if asked, and print the JSON line of named figures."""
    for key, figure in figures.items():
        print(f"{key:24} {figure if figure is not None else 'not measured here'}")
    if json_file:
        write(name, figures, json_file, code=code, quick=quick)
    print(json.dumps({key: figure and float(f"{figure.value:.4g}") for key, figure in figures.items()}))
    return 0
