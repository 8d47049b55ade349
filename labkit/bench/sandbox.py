"""`labkit bench sandbox`: what a confined run costs beside its peers, and how often a comparison is right.

The parts: speed and memory (`sandbox_speed.py`), verdicts (`sandbox_verdicts.py`), the soak
(`sandbox_soak.py`). A full run may be done part by part: figures that the JSON file holds of the same code
stay. Not covered: whether the guards hold, which is `labkit self-check sandbox`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

from labkit.bench import Figures, Stored, code_hash, committed, confirmed, could_be, finish, in_parts, stored
from labkit.bench.sandbox_soak import soak
from labkit.bench.sandbox_speed import memory, overhead, preloaded, speed
from labkit.bench.sandbox_verdicts import loaded, ties, verdicts
from labkit.sandbox.execution import guards_for
from labkit.stats import Figure

DECISIVE, SMALL = 1.25, 1.05  # how much more work the dearer program does


@dataclass(frozen=True)
class Counts:
    """How much of each part is done; these are the full run's."""

    rounds: int = 80  # of blocks of runs: ours, then each peer's
    block: int = 25
    measured: int = 300
    overhead_pairs: int = 200
    memory_runs: int = 500
    flips_idle: int = 400
    flips_loaded: int = 300
    aa: int = 200
    found: int = 80
    soak_runs: int = 20_000
    soak_parts: int = 10
    flip_ms: int = 40  # of CPU time that a compared program takes
    aa_ms: int = 20
    found_ms: int = 100


QUICK = Counts(8, 10, 20, 8, 500, 5, 3, 2, 1, 100, 1)


class Part(NamedTuple):
    """`figures`: what it always names. `long`: no quick run can measure it; one takes a sample."""

    figures: tuple[str, ...]
    measure: Callable[[Counts], Figures]
    long: bool = False


def _flips_loaded(counts: Counts) -> Figures:
    with loaded():
        return {
            "flip_loaded": verdicts("flip_loaded", DECISIVE, counts.flips_loaded, counts.flip_ms, wrong=True)
        }


PARTS = {
    "speed": Part(
        (
            "fast_p50_ms",
            "fast_p99_ms",
            "fork_p50_ms",
            "vs_bwrap",
            "vs_subprocess",
            "vs_fork",
            "vs_fork_warm",
            "guards",
        ),
        lambda n: speed(n.rounds, n.block),
    ),
    "numpy": Part(("fast_numpy_p50_ms", "numpy_over_plain"), lambda n: preloaded(n.rounds, n.block)),
    "overhead": Part(
        ("measure_p50_ms", "measure_wall_overhead", "measure_cpu_overhead"),
        lambda n: overhead(n.measured, n.overhead_pairs),
    ),
    "memory": Part(("broker_mib", "broker_pss_mib", "broker_rss_mib"), lambda n: memory(n.memory_runs)),
    "flip_idle": Part(
        ("flip_idle",),
        lambda n: {"flip_idle": verdicts("flip_idle", DECISIVE, n.flips_idle, n.flip_ms, wrong=True)},
        long=True,
    ),
    "flip_loaded": Part(("flip_loaded",), _flips_loaded, long=True),
    "aa": Part(("aa_tie",), lambda n: {"aa_tie": ties("aa_tie", n.aa, n.aa_ms)}, long=True),
    "found": Part(
        ("found_5pct",),
        lambda n: {"found_5pct": verdicts("found_5pct", SMALL, n.found, n.found_ms)},
        long=True,
    ),
    "soak": Part(
        ("soak_runs", "leaked", "soak_drift", "soak_wrong", "soak_per_s"),
        lambda n: soak(n.soak_runs, n.soak_parts),
        long=True,
    ),
}


def main(
    *,
    quick: bool = False,
    json_file: str | None = None,
    only: Sequence[str] | None = None,
    counts: Counts | None = None,
    full_run: Path | str | None = None,
) -> int:
    """Measure the parts named in `only` (all when None); `full_run`: the one that a quick run quotes."""
    counts, code = counts or (QUICK if quick else Counts()), code_hash("sandbox", "stats.py")
    past = stored(full_run or committed("sandbox")) if quick else {}

    def measure(name: str) -> Mapping[str, Figure | Stored | None]:
        if quick and PARTS[name].long:
            return _quoted(name, counts, past, code)
        return PARTS[name].measure(counts)

    named = {name: part.figures for name, part in PARTS.items()}
    figures = in_parts("sandbox", named, measure, code=code, only=only, json_file=json_file, quick=quick)
    print(f"guards on: {', '.join(guards_for('auto'))}")
    return finish("sandbox", figures, json_file, quick=quick)


def _quoted(part: str, counts: Counts, past: dict[str, Stored], code: str) -> dict[str, Stored | None]:
    """The full run's figures of a long part, or None: the code has changed, or a fresh sample disagrees."""
    known = {name: past[name] for name in PARTS[part].figures if name in past and past[name].code == code}
    if not known:
        print(f"{part}: there is no full run of this code to quote", file=sys.stderr, flush=True)
        return {}
    fresh = PARTS[part].measure(counts)
    if part == "soak":  # its figures stand together; what is left behind, or wrong, only adds up
        agree = all(n in known and fresh[n].value <= known[n].value for n in ("leaked", "soak_wrong"))
        found = {name: confirmed(stored, code, lambda _: agree) for name, stored in known.items()}
    else:
        found = {
            name: confirmed(it, code, partial(could_be, fresh=fresh[name])) for name, it in known.items()
        }
    for name, figure in found.items():
        said = figure or f"{known[name]} is not confirmed"
        print(f"{name}: fresh {fresh[name] or '-'}; full run {said}", file=sys.stderr, flush=True)
    return found
