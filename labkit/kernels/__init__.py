"""Kernels and a judge that cannot be fooled: right on every call, timed from outside, with tiers.

`bench_kernel` is the verb; the story starts in `judge.py`. `tasks.py` says what is computed, `backends.py` in
what a kernel may be written, `material.py` where inputs and right answers come from, `process.py` what
happens around a call. `self_check` attacks it with the cheats in `cases/`; `refine_kernel` improves a kernel.
"""

from labkit.kernels.backends import BACKENDS, Kernel, kernel, load_kernel
from labkit.kernels.conformance import self_check
from labkit.kernels.judge import KernelJudge
from labkit.kernels.prompts import kernel_form
from labkit.kernels.roofline import DEVICES, Device, estimate, sol_score
from labkit.kernels.schedule import ScheduleProposer
from labkit.kernels.starts import own_kernels, start_kernels
from labkit.kernels.static import Gate, compile_ahead, rank_schedules
from labkit.kernels.study import grid, refine_kernel
from labkit.kernels.tasks import KernelTask, load_folder, load_task, own_tasks, task_from_source, task_named
from labkit.kernels.verb import KernelResult, bench_kernel

__all__ = [
    "BACKENDS",
    "DEVICES",
    "Device",
    "Gate",
    "Kernel",
    "KernelJudge",
    "KernelResult",
    "KernelTask",
    "ScheduleProposer",
    "bench_kernel",
    "compile_ahead",
    "estimate",
    "grid",
    "kernel",
    "kernel_form",
    "load_folder",
    "load_kernel",
    "load_task",
    "own_kernels",
    "own_tasks",
    "rank_schedules",
    "refine_kernel",
    "self_check",
    "sol_score",
    "start_kernels",
    "task_from_source",
    "task_named",
]
