"""Kernels that come with labkit: one or more for each of its tasks, to start from and to learn from."""

from __future__ import annotations

import functools

from .backends import BACKENDS, Kernel, load_kernel
from .tasks import CASES


@functools.cache
def own_kernels() -> dict[str, Kernel]:
    """By file name: `softmax.c`, `softmax.numba.py`."""
    files = sorted(file for file in (CASES / "kernels").iterdir() if file.suffix in (".c", ".py"))
    return {file.name: load_kernel(file) for file in files if file.name != "__init__.py"}


def start_kernels(task: str) -> list[Kernel]:
    """Those for one task, C first."""
    order = list(BACKENDS)
    found = [kernel for name, kernel in own_kernels().items() if name.partition(".")[0] == task]
    return sorted(found, key=lambda kernel: order.index(kernel.backend))
