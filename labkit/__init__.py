"""labkit: a lab for programs that get better by being run.

One verb a system: `run(code)`, `refine(function, inputs=[...])`, `bench_kernel(task, kernel)`.
Importing labkit is cheap; what a verb needs is imported when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from labkit.kernels import bench_kernel
    from labkit.record import load
    from labkit.refinement import hotspots, refine
    from labkit.sandbox import Limits, run
    from labkit.stats import Figure
    from labkit.zoo.models import load_model

__version__ = "0.1.0"

_HOME = {
    "run": "labkit.sandbox",
    "Limits": "labkit.sandbox",
    "bench_kernel": "labkit.kernels",
    "hotspots": "labkit.refinement",
    "load_model": "labkit.zoo.models",
    "refine": "labkit.refinement",
    "load": "labkit.record",
    "Figure": "labkit.stats",
}
__all__ = ["Figure", "Limits", "bench_kernel", "hotspots", "load", "load_model", "refine", "run"]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'labkit' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def load_ipython_extension(shell: Any) -> None:
    """What `%load_ext labkit` does: register the magics."""
    import_module("labkit.magics").register(shell)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOME])
