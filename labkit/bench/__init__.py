"""Measure this machine: one module a room, each a table for people and one last line of JSON.

Timings are medians of interleaved runs; nothing else should run meanwhile.
"""

from __future__ import annotations

import json
import math
import os
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from labkit.errors import BadInput
from labkit.record.provenance import source_hash
from labkit.stats import Figure, median_interval


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


def median(values: Sequence[float], unit: str) -> Figure:
    """The median as a measured figure, with its 95 % interval where there are enough values for one."""
    low, high = median_interval(values)
    interval = (low, high) if math.isfinite(low) and math.isfinite(high) else (None, None)
    return Figure(statistics.median(values), unit, "measured", *interval, len(values))


def finish(name: str, figures: dict[str, Figure | None], json_file: str | None) -> int:
    """Print the table, write the full record if asked, and print the JSON line of named figures."""
    for key, figure in figures.items():
        print(f"{key:24} {figure if figure is not None else 'not measured here'}")
    if json_file:
        full = {
            "bench": name, "date": datetime.now(UTC).isoformat(timespec="seconds"), "cores": os.cpu_count(),
            "cpu": _cpu(), "source": source_hash(),
            "figures": {key: figure and figure.to_json() for key, figure in figures.items()},
        }  # fmt: skip
        try:
            Path(json_file).parent.mkdir(parents=True, exist_ok=True)
            Path(json_file).write_text(json.dumps(full, indent=1) + "\n")
        except OSError as error:
            raise BadInput(f"--json {json_file}: {error.strerror}") from None
    print(json.dumps({key: figure and float(f"{figure.value:.4g}") for key, figure in figures.items()}))
    return 0


def _cpu() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return "unknown"
