"""One measured run a core at a time: a lease on a core, over all of a user's processes.

The lock lies on the kernel's own file for the core, so nothing is left behind whatever ends a holder.
Not covered: other machines' guests on the same silicon, and programs that labkit did not start.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from labkit.errors import LabkitError

PATIENCE_S = 120.0  # after this a run goes ahead beside another: late is worse than noisy
_STEP_S = 0.002


class Stopped(LabkitError):
    """The caller's stop event was set while a program ran or waited; a running one was killed."""


@contextmanager
def lease(stop: threading.Event | None = None) -> Iterator[int | None]:
    """A core of one's own until the block ends; None where cores cannot be told apart. Raises Stopped."""
    cores = sorted(os.sched_getaffinity(0), reverse=True)  # the first core serves most interrupts
    held, deadline = None, time.monotonic() + PATIENCE_S
    try:
        while held is None and time.monotonic() < deadline:
            held = next((taken for core in cores if (taken := _take(core))), None)
            if held is None and stop and stop.is_set():
                raise Stopped("stopped")
            if held is None:
                time.sleep(_STEP_S)
        yield held and held[0]
    finally:
        if held:
            os.close(held[1])


def _take(core: int) -> tuple[int | None, int] | None:
    """(the core, the file that holds the lock), or None while another has it."""
    try:
        file = os.open(f"/sys/devices/system/cpu/cpu{core}/topology/core_id", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:  # no such file here: nothing to lease
        return None, os.open("/dev/null", os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return core, file
    except OSError:
        os.close(file)
        return None
