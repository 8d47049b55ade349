"""What can be read of a process tree from outside: who is in it, its memory, its CPU time."""

from __future__ import annotations

import contextlib
import os
import time

_TICK_S = 1 / os.sysconf("SC_CLK_TCK")
PAGE_KIB = os.sysconf("SC_PAGE_SIZE") // 1024


def descendants(pid: int) -> list[int]:
    """Every process below `pid`, as seen from here; zombies too."""
    found, queue = [], [pid]
    while queue:
        below = children(queue.pop())
        found += below
        queue += below
    return found


def children(pid: int) -> list[int]:
    found: list[int] = []
    with contextlib.suppress(OSError, ValueError):
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/children") as file:
                found += [int(c) for c in file.read().split()]
    return found


def parent(pid: int) -> int:
    """Who started `pid`; 0 when it is gone."""
    with contextlib.suppress(OSError), open(f"/proc/{pid}/stat") as file:
        return int(file.read().rpartition(")")[2].split()[1])
    return 0


def alive(pid: int) -> bool:
    with contextlib.suppress(OSError), open(f"/proc/{pid}/stat") as file:
        state = file.read().rpartition(")")[2].split()[0]
        # a first thread that ended is a zombie for as long as other threads of it run
        return state not in "ZX" or (state == "Z" and len(os.listdir(f"/proc/{pid}/task")) > 1)
    return False


def stopped(pid: int) -> bool:
    """Whether no thread of `pid` can run: each is stopped or dead. OSError when it is gone."""
    for task in os.listdir(f"/proc/{pid}/task"):
        with contextlib.suppress(FileNotFoundError), open(f"/proc/{pid}/task/{task}/stat", "rb", 0) as file:
            if file.read().rpartition(b")")[2].split(None, 1)[0] not in b"TtZX":
                return False
    return True


def peak_kib(pid: int) -> int:
    """High-water mark of one process's resident memory; 0 when it is gone."""
    with contextlib.suppress(OSError), open(f"/proc/{pid}/status") as file:
        for line in file:
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
    return 0


def resident_kib(pid: int) -> int:
    """Resident memory of one process; 0 when it is gone."""
    with contextlib.suppress(OSError), open(f"/proc/{pid}/statm") as file:
        return int(file.read().split()[1]) * PAGE_KIB
    return 0


def cpu_clock_s(pid: int) -> float:
    """CPU seconds of all threads of `pid`, through its process clock; OSError when it is gone."""
    return time.clock_gettime((~pid << 3) | 2)


def cpu_with_children_s(pid: int) -> float:
    """CPU seconds of `pid` and the children it has waited for, in the kernel's ticks of 10 ms."""
    with contextlib.suppress(OSError), open(f"/proc/{pid}/stat") as file:
        return sum(map(int, file.read().rpartition(")")[2].split()[11:15])) * _TICK_S
    return 0.0


def resident_by_thread_kib(pid: int) -> int:
    """Resident memory of a process whose first thread has ended, read through another; 0 when it is gone."""
    with contextlib.suppress(OSError):
        for task in os.listdir(f"/proc/{pid}/task"):
            with contextlib.suppress(OSError), open(f"/proc/{pid}/task/{task}/statm") as file:
                if pages := int(file.read().split()[1]):
                    return pages * PAGE_KIB
    return 0


def image(pid: int) -> tuple[str, ...]:
    """Where code and stack of `pid` lie: drawn anew by each exec; zeros where that may not be read."""
    with contextlib.suppress(OSError), open(f"/proc/{pid}/stat") as file:
        fields = file.read().rpartition(")")[2].split()
        return fields[23], fields[25]
    return ()
