"""What goes into a run and what comes out: limits, the execution of a program, the calls of a function."""

from __future__ import annotations

import numbers
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from html import escape
from typing import Any, Literal

from labkit.errors import BadInput, need
from labkit.stats import Figure, median_interval

Isolation = Literal["auto", "bwrap", "none"]
Mode = Literal["measure", "fast"]

STATUSES = (
    "ok", "wrong_answer", "runtime_error", "compile_error", "timeout", "memory_limit", "output_limit",
    "process_limit", "denied", "unavailable", "internal_error",
)  # fmt: skip

METHODS = {
    "wall_s": "monotonic clock of the broker, from the program's first line to its end",
    "cpu_s": "kernel's account of the process tree, less what its start took",
    "peak_mib": "highest of the tree's resident memory, above an empty program's",
    "integral_mib_s": "trapezoid over the tree's resident memory, sampled from outside; n: samples",
    "baseline_mib": "resident memory of an empty program",
    "instructions": "retired in user space, process tree",
}
# Below these a difference is the measuring, not the program.
FLOOR = {"cpu_s": 20e-6, "wall_s": 50e-6, "peak_mib": 0.25, "integral_mib_s": 1e-4}


@dataclass(frozen=True)
class Limits:
    """Ceilings for one run; seconds and MiB. Memory is that of the whole process tree."""

    wall_s: float = 10.0
    cpu_s: float = 10.0
    memory_mib: float = 1024.0
    processes: int = 16
    output_kib: float = 1024.0
    disk_mib: float = 64.0
    value_mib: float = 64.0

    def __post_init__(self) -> None:
        for item in fields(self):
            value = getattr(self, item.name)
            number = isinstance(value, numbers.Real) and not isinstance(value, bool)
            if not number or not 0 < value < 1 << 31:
                raise BadInput(f"limit {item.name}={value!r}: give a positive number below 2^31")
            whole = item.name == "processes"
            if whole and value != int(value):
                raise BadInput(f"limit {item.name}={value!r}: give a whole number")
            object.__setattr__(
                self, item.name, int(value) if whole else float(value)
            )  # numpy's are no numbers to us
        if self.memory_mib < 32:
            raise BadInput(f"limit memory_mib={self.memory_mib}: an interpreter alone needs 32")

    def to_json(self) -> dict[str, Any]:
        return {item.name: getattr(self, item.name) for item in fields(self)}


@dataclass(frozen=True)
class Execution:
    """What a run did. `figures`: see METHODS for how each was got. `curve`: (seconds, MiB) of the tree.

    Status: one of STATUSES; a figure of a run that did not end by itself is what it had used by then.
    """

    status: str
    stdout: str = ""
    stderr: str = ""
    exit_code: int | None = None
    figures: Mapping[str, Figure] = field(default_factory=dict)
    guards: tuple[str, ...] = ()
    detail: str = ""
    curve: tuple[tuple[float, float], ...] = field(default=(), repr=False)

    @property
    def ok(self) -> bool:
        return self.status == "ok"

    def to_frame(self):
        """One row a figure, with how it was got and by what method (needs pandas)."""
        rows = [
            {"figure": name, **figure.to_json(), "method": METHODS.get(name, "")}
            for name, figure in self.figures.items()
        ]
        return need("pandas", "lab").DataFrame(rows)

    def to_json(self) -> dict[str, Any]:
        plain = {name: getattr(self, name) for name in ("status", "stdout", "stderr", "exit_code", "detail")}
        figures = {name: figure.to_json() for name, figure in self.figures.items()}
        return {
            **plain,
            "figures": figures,
            "guards": list(self.guards),
            "curve": [list(p) for p in self.curve],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Execution:
        figures = {name: Figure.from_json(figure) for name, figure in data["figures"].items()}
        curve = tuple((at, mib) for at, mib in data["curve"])
        return cls(**{**data, "figures": figures, "guards": tuple(data["guards"]), "curve": curve})

    def __repr__(self) -> str:
        head = self.status + (f" ({self.detail})" if self.detail else "")
        cost = ", ".join(f"{f.value:.3g} {f.unit}" for f in self.figures.values())
        tail = "".join(f"\n{name}: {_clip(text)}" for name, text in self._texts())
        return f"<{head}: {cost}; {len(self.guards)} guards on>{tail}"

    def _texts(self) -> list[tuple[str, str]]:
        return [(n, t) for n, t in (("stdout", self.stdout), ("stderr", self.stderr)) if t.strip()]

    def _repr_html_(self) -> str:
        rows = [("status", self.status + (f": {self.detail}" if self.detail else ""))]
        rows += [(name, str(figure)) for name, figure in self.figures.items()]
        rows += [("guards", ", ".join(self.guards) or "none")]
        body = "".join(f"<tr><th scope=row>{escape(k)}</th><td>{escape(v)}</td></tr>" for k, v in rows)
        texts = "".join(f"<p>{name}</p><pre>{escape(text)}</pre>" for name, text in self._texts())
        return f"<table>{body}</table>{texts}"


def spread(runs: Sequence[Execution]) -> Execution:
    """Several runs of one program as one: medians with their interval; the first that failed counts alone."""
    failed = next((run for run in runs if not run.ok), None)
    if failed or len(runs) == 1:
        return failed or runs[0]
    figures = {}
    for name, first in runs[0].figures.items():
        values = [run.figures[name].value for run in runs]
        low, high = median_interval(values)
        known = (low, high) if low > float("-inf") else (min(values), max(values))
        figures[name] = Figure(statistics.median(values), first.unit, first.how, *known, len(values))
    return replace(runs[-1], figures=figures)


def _clip(text: str, most: int = 1500) -> str:
    text = text.rstrip()
    return text if len(text) <= most else f"{text[:most]}… ({len(text)} characters)"


@dataclass(frozen=True)
class Called:
    """What calling a function did: one value and one cost a call, up to the first that failed."""

    status: str
    values: tuple[Any, ...] = ()
    arguments: tuple[Any, ...] = ()
    cpu_s: tuple[float, ...] = ()
    wall_s: tuple[float, ...] = ()
    peak_mib: tuple[float, ...] = ()
    integral_mib_s: tuple[float, ...] = ()
    load_s: float = 0.0  # CPU seconds to define the function, before any call
    load_peak_mib: float = 0.0
    load_integral_mib_s: float = 0.0
    error: str = ""
    stdout: str = ""
    guards: tuple[str, ...] = field(default=(), repr=False)
    bodies: tuple[bytes, ...] = field(default=(), repr=False)  # each reply as it came

    @property
    def ok(self) -> bool:
        return self.status == "ok"
