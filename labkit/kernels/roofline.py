"""What a machine could do at best: bytes over bandwidth, FLOPs over peak; estimates for named devices.

Covered: a floor below which no time is believed, the estimated tier, the speed-of-light score. Not covered:
latency, launch cost, occupancy; an estimate is a bound, not a forecast.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import NamedTuple

from labkit.errors import BadInput
from labkit.sandbox import Limits
from labkit.sandbox.session import Session
from labkit.stats import Figure

from .backends import BACKENDS, command
from .inside import HOST

MARGIN = 2.0  # how much faster than the best that was seen here is still believed
LIMITS = Limits(wall_s=30, cpu_s=60, memory_mib=1024, processes=16, disk_mib=16)
_AT = 4096  # where its two answers lie
_GUESS = 400e9, 4e12  # bytes/s and FLOP/s of one core that cannot be measured: more than any has


class Device(NamedTuple):
    """Peak bytes a second, and FLOPs a second by type; dense. Source: the maker's data sheet."""

    name: str
    bytes_s: float
    flops: dict[str, float]


DEVICES = {
    device.name: device
    for device in (
        Device("H100-SXM", 3.35e12, {"float32": 67e12, "float16": 989e12, "bfloat16": 989e12}),
        Device("A100-80GB", 2.039e12, {"float32": 19.5e12, "float16": 312e12, "bfloat16": 312e12}),
        Device("L4", 300e9, {"float32": 30.3e12, "float16": 121e12, "bfloat16": 121e12}),
        Device("T4", 320e9, {"float32": 8.1e12, "float16": 65e12}),
        Device("RTX-4090", 1.008e12, {"float32": 82.6e12, "float16": 165.2e12, "bfloat16": 165.2e12}),
        Device("MI300X", 5.3e12, {"float32": 163.4e12, "float16": 1307.4e12, "bfloat16": 1307.4e12}),
    )
}

_PEAKS = r"""
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "task.h"
typedef float v __attribute__((vector_size(64)));

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + 1e-9 * t.tv_nsec;
}

void kernel(double *out) {
    enum { BYTES = 1 << 15, TURNS = 2000, STEPS = 100000, WAYS = 10 };
    char *a = aligned_alloc(64, BYTES), *b = aligned_alloc(64, BYTES);
    memset(a, 1, BYTES);
    memset(b, 2, BYTES);
    out[0] = out[1] = 0;
    for (int k = 0; k < 20; k++) {
        double t = now();
        for (int i = 0; i < TURNS; i++) {
            memcpy(a, b, BYTES);
            __asm__ volatile("" ::: "memory");
        }
        t = 2.0 * BYTES * TURNS / (now() - t);
        if (t > out[0]) out[0] = t;
        v x[WAYS], m = (v){0} + 0.999f, c = (v){0} + 0.001f;
        for (int j = 0; j < WAYS; j++) x[j] = (v){0} + (float)(1 + j);
        t = now();
        for (int i = 0; i < STEPS; i++)
            for (int j = 0; j < WAYS; j++) x[j] = x[j] * m + c;
        t = 2.0 * 16 * WAYS * STEPS / (now() - t);
        for (int j = 1; j < WAYS; j++) x[0] += x[j];
        volatile float keep = x[0][0];
        (void)keep;
        if (t > out[1]) out[1] = t;
    }
    free(a);
    free(b);
}
"""


@functools.cache
def measured_peaks() -> tuple[float, float]:
    """(bytes/s of a copy in the nearest cache, float32 FLOP/s) of one core, as a C program reaches them."""
    import numpy as np

    if BACKENDS["c"].problem():
        return _GUESS
    config = {"sizes": {}, "dtype": "float64", "threads": 1, "command": command("")}
    layout = {"in": [], "params": [], "out": [[_AT, "float64", [2]]]}
    with Session(HOST, "turn", shared_bytes=2 * _AT, limits=LIMITS, preload=BACKENDS["c"].modules) as session:
        for question in (
            ("build", "c", _PEAKS, {"peaks": config}),
            ("place", "peaks", layout),
            ("go", "peaks"),
        ):
            if session.ask(*question).status != "ok":
                return _GUESS
        copied, fused = np.frombuffer(session.memory, np.float64, 2, _AT)
    return float(copied), float(fused)


def peaks() -> tuple[float, float]:
    """The same with a margin: what no kernel is believed to exceed."""
    copied, fused = measured_peaks()
    return copied * MARGIN, fused * MARGIN


def roofline_s(nbytes: float, flops: float, threads: int = 1) -> float:
    """Seconds of so much work on this machine's cores at the best that was seen of them; an estimate."""
    return floor_s(nbytes, flops, threads) * MARGIN


def floor_s(nbytes: float, flops: float, threads: int = 1) -> float:
    """Seconds below which no run of so much work is believed on this machine."""
    bytes_s, flops_s = peaks()
    return max(nbytes / bytes_s, flops / flops_s) / threads


def estimate(nbytes: float, flops: float, dtype: str, device: str) -> Figure:
    """The least time on a named device, in seconds; `estimated`. Raises BadInput for an unknown one."""
    if device not in DEVICES:
        raise BadInput(f"device={device!r}: choose one of {', '.join(DEVICES)}")
    row = DEVICES[device]
    peak = row.flops.get(dtype, row.flops["float32"])
    return Figure(max(nbytes / row.bytes_s, flops / peak), "s", "estimated")


class Launch(NamedTuple):
    """What a compiled kernel takes on a GPU; of a thread, a block, a thread, a block, a grid."""

    registers: int
    shared: int
    spilled: int
    warps: int
    programs: int


class Target(NamedTuple):
    """Of a compilation target: the device it stands for, its processors, and what one of them has."""

    device: str
    processors: int
    threads: int
    registers: int
    shared: int
    block_shared: int  # what one block may have of it
    warp: int = 32


# By the makers' guides; of an MI300X's processors each lane has 512 registers in each of four SIMDs.
TARGETS = {
    "sm_80": Target("A100-80GB", 108, 2048, 65536, 164 << 10, 163 << 10),
    "sm_90": Target("H100-SXM", 132, 2048, 65536, 228 << 10, 227 << 10),
    "gfx942": Target("MI300X", 304, 2048, 131072, 64 << 10, 64 << 10, 64),
}
ENOUGH = 0.25  # of the threads a processor can hold: from here on memory's latency is hidden, as a rule
BLOCKS = 32


def estimate_launches(
    launches: Sequence[Launch], nbytes: float, flops: float, dtype: str, target: str
) -> Figure:
    """Seconds that a kernel would need on a target, for ranking its schedules; `estimated`.

    The roofline of all its work and of what it spills, over the share of the device that its least busy
    launch keeps busy: by full waves of blocks, and by resident threads.
    """
    row = TARGETS[target]
    spilled = sum(2.0 * one.spilled * one.warps * row.warp * one.programs for one in launches)
    busy = min(_busy(one, row) for one in launches)
    least = estimate(nbytes + spilled, flops, dtype, row.device).value
    return Figure(least / busy, "s", "estimated")


def _busy(launch: Launch, row: Target) -> float:
    """The share of a device that a launch keeps busy."""
    threads = launch.warps * row.warp
    fit = [BLOCKS, row.threads // threads, row.registers // max(1, launch.registers * threads)]
    resident = max(1, min([*fit, row.shared // launch.shared] if launch.shared else fit))
    blocks = row.processors * resident
    waves = -(-launch.programs // blocks)
    hidden = min(1.0, resident * threads / (ENOUGH * row.threads))
    return max(1e-3, hidden * launch.programs / (waves * blocks))


def sol_score(kernel_s: float, baseline_s: float, least_s: float) -> float:
    """How far from the baseline (0.5) to the roofline (1) a kernel got: SOL-ExecBench's score.

    >>> sol_score(2.0, 2.0, 1.0), sol_score(1.0, 2.0, 1.0)
    (0.5, 1.0)
    """
    if baseline_s <= least_s:
        return 0.5 if kernel_s >= baseline_s else 1.0
    return 1 / (1 + max(0.0, kernel_s - least_s) / (baseline_s - least_s))
