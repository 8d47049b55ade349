"""The processor's caches: how large they are, and how to have nothing of a call's data in them.

A loop that calls a kernel again and again finds its inputs in the cache, where a program that uses the kernel
once does not. Both are measured; a figure says which. Not covered: the branch predictor, the TLB, a GPU's L2.
"""

from __future__ import annotations

import functools
import os
import threading
from pathlib import Path

import numpy as np

_SYSTEM = Path("/sys/devices/system/cpu")
_UNKNOWN = 64 << 20
_UNITS = {"K": 10, "M": 20, "G": 30}
_lock = threading.Lock()


@functools.cache
def cache_bytes() -> int:
    """Bytes of the largest cache of a core; 64 MiB where the system does not say."""
    found = []
    for size in _SYSTEM.glob("cpu0/cache/index*/size"):
        text = size.read_text().strip()
        if text[:-1].isdigit() and text[-1] in _UNITS:
            found.append(int(text[:-1]) << _UNITS[text[-1]])
    return max(found, default=_UNKNOWN)


@functools.cache
def _other() -> np.ndarray:
    return np.ones(2 * cache_bytes() // 8, np.int64)


def empty_caches(core: int | None = None) -> None:
    """Fill the caches of one core, or of every core we may use, with other data."""
    allowed = os.sched_getaffinity(0)  # of this thread
    with _lock:
        try:
            for each in allowed if core is None else {core}:
                os.sched_setaffinity(0, {each})
                np.add(_other(), 1, out=_other())
        finally:
            os.sched_setaffinity(0, allowed)
