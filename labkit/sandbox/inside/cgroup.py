"""A control group for one broker's programs: the kernel's own count of their memory and processes.

Version 1 and 2, below the group that the broker is in, where that is writable; the zygote joins once and
what it forks is in. It is the hard wall behind the watch's samples: it also holds what no process's
resident set shows (page cache, scratch files), and what grows between two samples.
Not covered: making a delegated group where there is none; that is the system's business.
"""

from __future__ import annotations

import contextlib
import os

from .guards import write

PREFIX = "labkit-"
SLACK_MIB = 64  # zygote, inits and the kernel's own pages, beside the program
SLACK_PROCESSES = 24  # zygote; inits at work, in reserve, falling, each with a program; bwrap's own two

_FILES = {
    1: {"memory": "memory.limit_in_bytes", "pids": "pids.max", "events": "memory.oom_control"},
    2: {"memory": "memory.max", "pids": "pids.max", "events": "memory.events"},
}


class NoCgroup(OSError):
    """No control group may be made here; the reason is the message."""


class Cgroup:
    """Made for the life of a broker. `limit` before each run, `kills` after it. Raises NoCgroup."""

    def __init__(self) -> None:
        self.version, parents = _parents()
        self._folders: dict[str, str] = {}
        self._set: dict[str, int] = {}
        self._events = -1
        try:
            for controller, parent in parents.items():
                _sweep(parent)
                folder = self._folders[controller] = f"{parent}/{PREFIX}{os.getpid()}"
                os.makedirs(folder, exist_ok=True)
                self._enable(controller, parent, folder)
            self._events = os.open(self._file("memory", "events"), os.O_RDONLY)  # read after every run
        except OSError as error:
            self.close()
            raise NoCgroup(f"cgroup v{self.version}: {error.strerror or error}") from None
        self._oom = self.kills()

    def _file(self, controller: str, what: str) -> str:
        return f"{self._folders[controller]}/{_FILES[self.version][what]}"

    def _enable(self, controller: str, parent: str, folder: str) -> None:
        if self.version == 2 and controller not in _read(f"{folder}/cgroup.controllers").split():
            write(f"{parent}/cgroup.subtree_control", b"+%s" % controller.encode())
        if not os.access(self._file(controller, controller), os.W_OK):
            raise NoCgroup(f"no {controller} controller")

    def join(self, pid: int) -> None:
        for folder in set(self._folders.values()):
            write(f"{folder}/cgroup.procs", b"%d" % pid)

    def limit(self, memory_mib: float, processes: int) -> None:
        """Ceilings for the next run, above the program's own by what belongs to the sandbox."""
        self._write("memory", int((memory_mib + SLACK_MIB) * (1 << 20)))
        self._write("pids", int(processes) + SLACK_PROCESSES)

    def _write(self, controller: str, value: int) -> None:
        if self._set.get(controller) != value:
            self._set[controller] = value
            with contextlib.suppress(OSError):  # below what is in use: the kernel reclaims what it can
                write(self._file(controller, controller), b"%d" % value)

    def killed(self) -> bool:
        """Whether the kernel has killed for memory since the last look."""
        before, self._oom = self._oom, self.kills()
        return self._oom > before

    def kills(self) -> int:
        lines = os.pread(self._events, 4096, 0).decode().splitlines()
        return int(dict(line.split() for line in lines).get("oom_kill", 0))

    def close(self) -> None:
        if self._events >= 0:
            os.close(self._events)
            self._events = -1
        for folder in set(self._folders.values()):
            with contextlib.suppress(OSError):
                os.rmdir(folder)


def _read(path: str) -> str:
    with open(path) as file:
        return file.read()


def _parents() -> tuple[int, dict[str, str]]:
    """(version, controller: the folder of the group this process is in)."""
    own = {}
    for line in _read("/proc/self/cgroup").splitlines():
        _, controllers, path = line.split(":", 2)
        for name in controllers.split(","):
            own[name] = path
    found, unified = {}, None
    for line in _read("/proc/self/mountinfo").splitlines():
        head, _, tail = line.partition(" - ")
        kind, _, options = tail.split(" ", 2)
        root, at = head.split()[3:5]
        if kind == "cgroup":
            for name in {"memory", "pids"} & set(options.split(",")):
                found[name] = _below(at, root, own.get(name, "/"))
        elif kind == "cgroup2":
            unified = _below(at, root, own.get("", "/"))
    if len(found) == 2:
        return 1, found
    if unified is None:
        raise NoCgroup("no memory and pids controllers are mounted")
    return 2, dict.fromkeys(("memory", "pids"), unified)


def _below(mounted_at: str, root: str, own: str) -> str:
    """Where the group `own` is seen, when the mount at `mounted_at` shows the hierarchy from `root` on."""
    inside = os.path.relpath(own, root)
    return mounted_at if inside.startswith("..") else os.path.normpath(f"{mounted_at}/{inside}")


def _sweep(parent: str) -> None:
    """Remove the groups of brokers that were killed."""
    for name in os.listdir(parent):
        if name.startswith(PREFIX) and not os.path.exists(f"/proc/{name.removeprefix(PREFIX)}"):
            with contextlib.suppress(OSError):
                os.rmdir(f"{parent}/{name}")
