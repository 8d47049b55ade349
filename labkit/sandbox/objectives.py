"""What a run of a function costs: time, memory, their integral, latency, energy, and mixtures of them.

Covered: costs of one `Called`, above those of an empty call that sends the same arguments; weights such as
"0.7*time + 0.3*memory". Energy is measured where the machine counts it (RAPL) and modelled elsewhere.
Not covered: energy of other parts than processor package and memory; programs that run beside a measured one.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from labkit.errors import BadInput
from labkit.stats import How

from .results import FLOOR, Called

# objective: (the figure it looks at, its unit)
OBJECTIVES: dict[str, tuple[str, str]] = {
    "time": ("cpu_s", "s"),
    "memory": ("peak_mib", "MiB"),
    "integral": ("integral_mib_s", "MiB·s"),
    "latency": ("latency_p95_s", "s"),
    "energy": ("energy_j", "J"),
}
LOAD_FREE_S = 0.005
TAIL = 0.95  # of the inputs, for latency
FLOORS = {**FLOOR, "latency_p95_s": FLOOR["wall_s"], "energy_j": 1e-4}
_TERM = re.compile(r"(?:(\d*\.?\d+)\s*\*\s*)?([a-z]+)")
RAPL = Path("/sys/class/powercap")


def weights(objective: str) -> dict[str, float]:
    """The figures an objective looks at, with weights that add up to 1. BadInput for what is none.

    A mixture weighs logarithms, so that units do not matter: its cost is a weighted geometric mean.

    >>> weights("time")
    {'cpu_s': 1.0}
    >>> weights("3*time + memory")
    {'cpu_s': 0.75, 'peak_mib': 0.25}
    """
    found: dict[str, float] = {}
    for term in str(objective).split("+"):
        match = _TERM.fullmatch(term.strip())
        if match is None or match[2] not in OBJECTIVES:
            known = ", ".join(OBJECTIVES)
            raise BadInput(
                f"objective={objective!r}: choose one of {known}, or a mixture as in '0.7*time+0.3*memory'"
            )
        key, _ = OBJECTIVES[match[2]]
        found[key] = found.get(key, 0.0) + float(match[1] or 1)
    total = sum(found.values())
    if not total > 0:
        raise BadInput(f"objective={objective!r}: at least one weight must be above 0")
    return {key: weight / total for key, weight in found.items() if weight}


def mixed(costs: Mapping[str, float], by: Mapping[str, float]) -> float:
    """The weighted geometric mean of costs, each positive.

    >>> mixed({"cpu_s": 4.0, "peak_mib": 1.0}, {"cpu_s": 0.5, "peak_mib": 0.5})
    2.0
    """
    return math.exp(sum(weight * math.log(costs[key]) for key, weight in by.items()))


@dataclass(frozen=True)
class Power:
    """What a model of energy takes a busy core and memory to draw, in watts; by default a server's."""

    core_w: float = 10.0
    dram_w_per_gib: float = 0.375

    def joules(self, done: Called) -> float:
        """Modelled: CPU seconds and MiB·s of all calls, each times its power."""
        cpu_s, area = _sum(done.cpu_s, done.load_s), sum(done.integral_mib_s) + done.load_integral_mib_s
        return cpu_s * self.core_w + area / 1024 * self.dram_w_per_gib


class Meter:
    """The machine's own count of energy (RAPL), where it may be read.

    >>> with_meter = Meter()
    >>> with_meter.how in ("measured", "modelled")
    True
    """

    def __init__(self, folder: Path = RAPL) -> None:
        self._files = [path for path in sorted(folder.glob("intel-rapl:?/energy_uj")) if _readable(path)]

    @property
    def how(self) -> How:
        return "measured" if self._files else "modelled"

    def read(self) -> list[int]:
        """Microjoules of each package since some moment."""
        return [int(path.read_text()) for path in self._files]

    def joules_since(self, before: Sequence[int]) -> float:
        """Since `before` was read; a counter that began anew in between is put right."""
        spent = 0
        for path, start, now in zip(self._files, before, self.read(), strict=True):
            around = int(path.with_name("max_energy_range_uj").read_text()) if now < start else 0
            spent += now - start + around
        return spent / 1e6


def _readable(path: Path) -> bool:
    try:
        return int(path.read_text()) >= 0
    except (OSError, ValueError):
        return False


def _sum(calls: Sequence[float], load: float) -> float:
    """Defining the function may take `LOAD_FREE_S` (imports); what takes longer counts as its work."""
    return sum(calls) + max(0.0, load - LOAD_FREE_S)


def totals(done: Called, power: Power, joules: float | None = None) -> dict[str, float]:
    """Each figure of a run of all inputs: sums over the calls, the highest peak, the p95 of latency.

    `joules`: as measured, where they were.
    """
    late = done.load_s > LOAD_FREE_S
    return {
        "cpu_s": _sum(done.cpu_s, done.load_s),
        "peak_mib": max(done.load_peak_mib, *done.peak_mib),
        "integral_mib_s": sum(done.integral_mib_s) + late * done.load_integral_mib_s,
        "latency_p95_s": _tail(done.wall_s),
        "energy_j": power.joules(done) if joules is None else joules,
    }


def _tail(values: Sequence[float]) -> float:
    """The TAIL quantile, by rank: with fewer than 20 inputs the slowest.

    >>> _tail([1.0, 3.0, 2.0])
    3.0
    """
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, math.ceil(TAIL * len(ordered)) - 1)]
