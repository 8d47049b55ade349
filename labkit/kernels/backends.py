"""The back ends of candidate kernels, one row each: what it needs, how it is run, of which tier it is.

Covered: C with OpenMP, numba, Triton (by its interpreter, which says nothing of speed), torch. Not covered
yet: runs on a GPU; `cuda` asks for one and is unavailable without.
"""

from __future__ import annotations

import functools
import importlib.util
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

from labkit.errors import BadInput

from .tasks import read_source

Tier = Literal["static", "simulated", "estimated", "measured-cpu", "measured-gpu"]
FLAGS = re.compile(
    r"-(O[0-3s]|Ofast|ffast-math|ffinite-math-only|fassociative-math|freciprocal-math|funroll-loops|"
    r"fno-[a-z-]+|mprefer-vector-width=\d+|ffp-contract=(fast|off|on)|ftree-vectorize|fopenmp-simd)$"
)
# torch looks its processor up when it first computes in float16; in the sandbox there is nothing to look at.
TORCH = ("torch", "torch.cpu:_is_avx512_supported")
PROCESSOR = "/sys/devices/system/cpu"
CC = ("-O3", "-march=native", "-fopenmp", "-shared", "-fPIC", "-std=gnu17")


# The compiler calls a function before each load and store: inside/bounds.c has them.
_SANITIZED = "-fsanitize=kernel-address"
_THRESHOLD = "asan-instrumentation-with-call-threshold=0"
_WRAPPED = "-Wl,--wrap=memcpy,--wrap=memmove,--wrap=memset"


@dataclass(frozen=True)
class Backend:
    """`suffix`: of a candidate's file. `modules`: what its process finds imported. `tier`: of its figures."""

    name: str
    suffix: str
    tier: Tier
    modules: tuple[str, ...] = ()
    env: tuple[tuple[str, str], ...] = ()
    entry: str = "kernel"
    needs: str = ""  # how to install what is missing

    def problem(self) -> str:
        """'' where it can be used here, else what is missing."""
        return _problem(self.name)


BACKENDS = {
    row.name: row
    for row in (
        Backend("c", ".c", "measured-cpu", ("numpy", "subprocess"), needs="apt-get install gcc"),
        Backend("numba", ".numba.py", "measured-cpu", ("numba",), needs="pip install numba"),
        Backend("torch", ".torch.py", "measured-cpu", TORCH, (), "ModelNew", "pip install torch"),
        Backend(
            "triton", ".triton.py", "simulated", (*TORCH, "triton", "triton.language"),
            (("TRITON_INTERPRET", "1"),), "ModelNew", "pip install triton",
        ),
        Backend("cuda", ".cuda.py", "measured-gpu", TORCH, (), "ModelNew", "a CUDA device"),
    )
}  # fmt: skip


@functools.cache
def _problem(name: str) -> str:
    row = BACKENDS[name]
    if name == "c":
        return "" if compiler() else f"no C compiler here: {row.needs}"
    missing = [m for m in row.modules if importlib.util.find_spec(m.partition(".")[0]) is None]
    if missing:
        return f"{missing[0]} is not installed: {row.needs}"
    return _no_device() if name == "cuda" else ""


def _no_device() -> str:
    import torch

    return "" if torch.cuda.is_available() else "no CUDA device here"


@functools.cache
def compiler() -> str | None:
    return shutil.which("gcc", path="/usr/bin:/bin") or shutil.which("clang", path="/usr/bin:/bin")


class Kernel(NamedTuple):
    """A candidate: source text and its back end."""

    source: str
    backend: str

    @property
    def row(self) -> Backend:
        return BACKENDS[self.backend]


def kernel(source: str, backend: str | None = None) -> Kernel:
    """A candidate; its back end is read off the source where it is not given. Raises BadInput."""
    if not isinstance(source, str):
        raise BadInput(f"the kernel is a {type(source).__name__}: give its source as a str")
    name = backend or backend_of(source)
    if name not in BACKENDS:
        raise BadInput(f"backend={backend!r}: choose one of {', '.join(BACKENDS)}")
    return Kernel(source, name)


def backend_of(source: str) -> str:
    """The back end that a source is written for.

    >>> backend_of('#include "task.h"')
    'c'
    """
    if "task.h" in source or re.search(r"^\s*void\s+kernel\s*\(", source, re.M):
        return "c"
    if "load_inline" in source:
        return "cuda"
    if re.search(r"^\s*(import|from)\s+triton", source, re.M):
        return "triton"
    return "numba" if re.search(r"^\s*(import|from)\s+numba", source, re.M) else "torch"


def load_kernel(path: str | Path) -> Kernel:
    """The candidate in a file; its suffix may tell the back end. Raises BadInput."""
    told = [row.name for row in BACKENDS.values() if str(path).endswith(row.suffix)]
    return kernel(read_source(path), told[0] if told else None)


def command(source: str) -> list[str]:
    """The C compiler's command line, with the flags that the first line asks for. Raises BadInput."""
    first = source.lstrip().partition("\n")[0]
    asked = first.partition("flags:")[2].replace("*/", "").split() if first.startswith(("//", "/*")) else []
    if refused := [flag for flag in asked if not FLAGS.match(flag)]:
        raise BadInput(f"flag {refused[0]!r} is not among those that a kernel may ask for")
    return [compiler() or "gcc", *CC, *asked]


def bounded(command: Sequence[str]) -> list[str]:
    """The same for an object whose every access to memory is looked at."""
    clang = "clang" in Path(command[0]).resolve().name
    calls = ["-mllvm", f"-{_THRESHOLD}"] if clang else ["--param", _THRESHOLD]
    return [*command, _SANITIZED, *calls, _WRAPPED]
