"""Meters outside the program: its tree's memory over time, and instructions where the machine counts them."""

from __future__ import annotations

import contextlib
import os
import struct

from . import guards, tree

MOST_SAMPLES = 2000  # past these every other point of the curve is dropped and the interval doubles


class MemoryMeter:
    """Resident memory of a process tree, sampled; its curve, its peak, and the area under it.

    One open file a process, read again for each sample. Shared pages count in each process that holds them.
    """

    def __init__(self) -> None:
        self._files: dict[int, int] = {}
        self.every = 1  # samples are taken at so many times the shortest interval
        self.start(0.0)

    def start(self, now: float) -> None:
        """Begin anew at `now`, with the processes known so far."""
        self.began, self.curve, self.area, self.samples = now, [], 0.0, 0  # seconds and KiB, KiB·s
        self.peak_kib = self.last_kib = 0
        self.last = now
        if self._files:
            self.sample(now)

    def assume(self, kib: int) -> None:
        """Take this for the first sample, of a program that ended before it could be looked at."""
        self.curve[:1], self.last_kib, self.samples = [(0.0, kib)], kib, max(1, self.samples)

    def follow(self, pids: list[int]) -> None:
        """Look at these processes from now on, and at no others."""
        for pid in self._files.keys() - set(pids):
            os.close(self._files.pop(pid))
        for pid in set(pids) - self._files.keys():
            with contextlib.suppress(OSError):
                self._files[pid] = os.open(f"/proc/{pid}/statm", os.O_RDONLY)

    def sample(self, now: float) -> int:
        """Read them all; the tree's memory in KiB."""
        kib = 0
        for pid, file in self._files.items():
            with contextlib.suppress(OSError, IndexError):
                pages = int(os.pread(file, 99, 0).split()[1])
                kib += pages * tree.PAGE_KIB if pages else tree.resident_by_thread_kib(pid)
        if not kib:  # it has ended: what it held last counts up to now
            kib = self.last_kib
        self.area += (now - self.last) * (kib + self.last_kib) / 2 if self.samples else 0.0
        self.last, self.last_kib, self.samples = now, kib, self.samples + 1
        self.peak_kib = max(self.peak_kib, kib)
        self.curve.append((now - self.began, kib))
        if len(self.curve) >= MOST_SAMPLES:
            del self.curve[1::2]
            self.every *= 2
        return kib

    def close(self) -> None:
        self.follow([])


class Counter:
    """One of the kernel's perf_event counters, over a process and what it forks from now on.

    Raises GuardError where the machine has no such counter or does not lend it.
    """

    kind = config = 0

    def __init__(self, pid: int) -> None:
        inherit, no_kernel, no_hypervisor = 1 << 1, 1 << 5, 1 << 6
        flags = inherit | no_kernel | no_hypervisor
        attr = struct.pack("=IIQQQQQ", self.kind, 112, self.config, 0, 0, 0, flags)
        self._file = guards.syscall("perf_event_open", attr.ljust(112, b"\0"), pid, -1, -1, 8)

    def read(self) -> int:
        return struct.unpack("=Q", os.read(self._file, 8))[0]

    def close(self) -> int:
        """The last count."""
        count = self.read()
        os.close(self._file)
        return count


class InstructionMeter(Counter):
    """Instructions in user space; most virtual machines have no such counter."""

    kind, config = 0, 1


class CpuMeter(Counter):
    """CPU time in nanoseconds, also of children that nobody waited for: no process's account has theirs."""

    kind, config = 1, 1
