"""Our end of the broker: start one, send a request, wait for the reply; and a pool of idle ones.

A broker serves one request at a time, so there are as many as there are runs at once.
"""

from __future__ import annotations

import atexit
import functools
import os
import select
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from labkit.errors import SandboxUnavailable

from .cores import Stopped
from .inside.init import DEVICES
from .inside.wire import read_message, write_message

_START = "import sys; sys.path.insert(0, sys.argv[1]); from inside.broker import main; main()"


class Broker:
    """One broker process. `guards`: those that are on; `problems`: what is wrong with each, or ''."""

    def __init__(
        self,
        guards: Sequence[str] | None = None,
        preload: Sequence[str] = (),
        extra: Sequence[str] = (),
        bwrap: str = "",
        env: Sequence[tuple[str, str]] = (),
        shared: bool = False,
    ) -> None:
        here = str(Path(__file__).parent)
        try:
            self._process = subprocess.Popen(
                [python(), *FLAGS, "-c", _START, here],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env={
                    "PATH": "/usr/bin:/bin",
                    "TMPDIR": tempfile.gettempdir(),
                    "PYTHONHASHSEED": "0",
                    **THREADS,
                },
                bufsize=0,
            )
        except OSError as error:
            raise SandboxUnavailable(f"cannot start the sandbox with {python()}: {error.strerror}") from error
        setup = {
            "guards": guards, "preload": list(preload), "env": dict(env), "python": python(),
            "packages": list(packages()), "readable": readable(extra), "bwrap": bwrap, "shared": shared,
        }  # fmt: skip
        hello = self.request(setup)
        self.guards, self.problems = tuple(hello["guards"]), hello["problems"]

    @property
    def pid(self) -> int:
        return self._process.pid

    def request(self, message: dict[str, Any], stop: threading.Event | None = None) -> dict[str, Any]:
        """Send one request, return its reply. Raises Stopped, or SandboxUnavailable if the broker died."""
        try:
            write_message(self._process.stdin.fileno(), message)
        except OSError:
            self._died()
        limits = message.get("limits", {})
        return self._receive(stop, limits.get("wall_s", 0.0) + PATIENCE_S)

    def close(self) -> None:
        """End the broker: it kills what it runs when its input closes."""
        self._process.stdin.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
        self._process.stderr.close()

    def _receive(self, stop: threading.Event | None, patience_s: float) -> dict[str, Any]:
        out, deadline = self._process.stdout.fileno(), time.monotonic() + patience_s
        while not select.select([out], [], [], 0.05 if stop else max(0.0, deadline - time.monotonic()))[0]:
            if stop and stop.is_set():
                self.close()
                raise Stopped("stopped")
            if time.monotonic() > deadline:
                self._process.kill()
                self._died()
        reply = read_message(out)
        if reply is None:
            self._died()
        return reply

    def _died(self) -> None:
        self._process.kill()
        tail = self._process.stderr.read().decode(errors="replace").strip().splitlines()
        self.close()
        raise SandboxUnavailable(
            f"the sandbox's broker died{': ' + tail[-1] if tail else ''}; the next run starts a new one"
        )


class Pool:
    """Idle brokers of one kind, handed out one a run. Threads may share a pool.

    `guards`: the ones to put up, None for all that work here. `preload`: modules that a fast run finds
    already imported. `extra`: what programs may read beside the system's folders. `bwrap`: its path, to
    have it make namespaces and root. `env`: what preloaded modules find set. `shared`: programs share
    memory with this side (see session.py).
    """

    def __init__(
        self,
        guards: Sequence[str] | None = None,
        preload: Sequence[str] = (),
        extra: Sequence[str] = (),
        bwrap: str = "",
        env: Sequence[tuple[str, str]] = (),
        shared: bool = False,
    ) -> None:
        self._kind = (guards, preload, extra, bwrap, env, shared)
        self._idle: list[Broker] = []
        self._lock = threading.Lock()

    def request(self, message: dict[str, Any], stop: threading.Event | None = None) -> dict[str, Any]:
        broker = self.take()
        reply = broker.request(message, stop)  # a broker that died is not given back
        self.give(broker, reply)
        return reply

    def known(self) -> tuple[tuple[str, ...], dict[str, str]]:
        """(the guards that are on, what is wrong with each on this machine: '' when nothing is)."""
        broker = self.take()
        self.give(broker)
        return broker.guards, broker.problems

    def close(self) -> None:
        with self._lock:
            idle, self._idle = self._idle, []
        for broker in idle:
            broker.close()

    def take(self) -> Broker:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        return Broker(*self._kind)

    def give(self, broker: Broker, reply: Mapping[str, Any] | None = None) -> None:
        """Hand it back after its last reply."""
        if reply and reply["status"] == "internal_error":
            return broker.close()
        with self._lock:
            self._idle.append(broker)


@functools.cache
def python() -> str:
    """The interpreter outside any virtual environment: nothing of the environment is needed to run it."""
    return os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)


@functools.cache
def packages() -> tuple[str, ...]:
    """Installed packages stay importable, behind the standard library; their .pth files do not run."""
    return tuple(sorted({sysconfig.get_path(kind) for kind in ("purelib", "platlib")}))


def readable(extra: Sequence[str] = ()) -> list[str]:
    """What of the host a program may read: the system's libraries, this Python and its packages, `extra`."""
    wanted = [
        "/usr",
        "/bin",
        "/lib",
        "/lib64",
        *_ETC,
        *DEVICES,
        os.path.realpath(sys.base_prefix),
        *packages(),
        *extra,
    ]
    kept: list[str] = []
    for path in wanted:
        if os.path.exists(path) and not any(path == k or path.startswith(k + "/") for k in kept):
            kept.append(path)
    return kept


# How long past a run's wall limit its broker may take before it is given up: start-up, decoding, drain.
PATIENCE_S = 20.0
# -I would ignore PYTHONHASHSEED; -s -P -S keep out the user's and the site's folders all the same.
FLAGS = ("-s", "-P", "-S", "-B")
THREADS = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
_ETC = ("/etc/ld.so.cache", "/etc/localtime", "/etc/alternatives")

# Brokers are dear to start and hold no state between runs, so a process keeps a pool of each kind.
_pools: dict[tuple, Pool] = {}


def pool(
    isolation: str = "auto",
    preload: Sequence[str] = (),
    extra: Sequence[str] = (),
    env: Sequence[tuple[str, str]] = (),
    shared: bool = False,
) -> Pool:
    """The process's pool of brokers of this kind. SandboxUnavailable where bwrap is wanted and missing."""
    guards = ("rlimits",) if isolation == "none" else None
    bwrap = shutil.which("bwrap") or "" if isolation == "bwrap" else ""
    if isolation == "bwrap" and not bwrap:
        raise SandboxUnavailable("isolation='bwrap': there is no bwrap here: apt-get install bubblewrap")
    kind = (guards, tuple(preload), tuple(extra), bwrap, tuple(env), shared)
    return _pools.setdefault(kind, Pool(*kind))


def _close_all() -> None:
    for each in _pools.values():
        each.close()


atexit.register(_close_all)
os.register_at_fork(after_in_child=_pools.clear)
