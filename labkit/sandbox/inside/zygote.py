"""The zygote: moves into namespaces and a private root once, then forks inits.

It never sees a job: what a run leaves in the broker's memory is not in the memory a later program starts
from. Its inits are the broker's children (CLONE_PARENT), so the broker can wait for them.
"""

from __future__ import annotations

import errno
import gc
import importlib
import os
import socket
import struct
import sys
from contextlib import suppress

from . import child, guards, init
from .cgroup import Cgroup

LASTING = ["user_ns", "net_ns", "mount_ns", "uts_ns"]  # made once, shared by the runs of one broker
EACH = ["pid_ns", "mount_ns", "ipc_ns"]  # made anew for each init
AT_HAND = ("atexit", "io", "linecache", "threading", "traceback", "types")  # what the harness imports


class Zygote:
    """The broker's end: forks the zygote, has it make inits. Raises GuardError when it cannot move in."""

    def __init__(self, setup: dict, group: Cgroup | None):
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.pid = os.fork()
        if self.pid == 0:
            self._socket.close()
            _live(setup, theirs)
        theirs.close()
        if group:
            group.join(self.pid)  # what it forks is in
        answer = self._socket.recv(4096)
        if answer != b"ready":
            raise guards.GuardError(answer.decode(errors="replace") or "the zygote died")

    def ask(self, theirs: int) -> None:
        """Ask for an init that listens at `theirs`; it is made while the broker goes on."""
        socket.send_fds(self._socket, [b"one"], [theirs])

    def answer(self) -> int:
        """The pid of the init that was asked for first."""
        (pid,) = struct.unpack("=i", self._socket.recv(4) or struct.pack("=i", -errno.ESRCH))
        if pid < 0:
            raise guards.GuardError(-pid, f"no new process: {os.strerror(-pid)}")
        return pid

    def leader(self, init: int) -> int:
        """Pid 1 of the namespace that an init stands for."""
        return init

    def close(self) -> None:
        self._socket.close()
        with suppress(ChildProcessError):
            os.waitpid(self.pid, 0)


def _live(setup: dict, broker: socket.socket) -> None:
    try:
        guards.die_with_parent()
        _close_others(broker.fileno())
        _move_in(setup)
        guards.die_with_parent()  # again: a change of user namespace disarms it
        os.environ.update(setup["env"])
        for module in (*AT_HAND, *setup["preload"]):
            with suppress(ImportError):
                load(module)
        os.setsid()  # Ctrl-C goes elsewhere
        init.own_signals()
        guards.filter_program("mount_ns" in setup["guards"])
        init.shared_rules(setup)  # kept open, for the guards of every init
        child.own_streams()  # over descriptors 0 to 2, which each program has its own behind
        gc.collect()
        gc.freeze()
        broker.sendall(b"ready")
        while _serve(setup, broker):
            pass
    except BaseException as error:
        with suppress(OSError):
            broker.sendall(f"{type(error).__name__}: {error}".encode()[:4000])
    os._exit(0)


def load(name: str) -> None:
    """Import a module; `module:function` also calls a function of it, which then has looked round."""
    module, _, function = name.partition(":")
    found = importlib.import_module(module)
    if function:
        getattr(found, function)()


def _close_others(keep: int) -> None:
    """Nothing of the broker's but its socket, and /dev/null for the standard streams."""
    null = os.open("/dev/null", os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(null, fd)
    os.closerange(3, keep)
    os.closerange(keep + 1, 1 << 10)


def _move_in(setup: dict) -> None:
    on = [name for name in LASTING if name in setup["guards"]]
    as_root = os.geteuid() == 0
    if as_root and "user_ns" in on:
        on.remove("user_ns")  # each init makes its own when it leaves root
    ids = os.geteuid(), os.getegid()
    if on:
        guards.syscall("unshare", sum(guards.CLONE[name] for name in on))
    if "user_ns" in on:
        guards.map_user(*ids)
    if "mount_ns" in on:
        guards.private_root(setup["readable"])
        if any(path != guards.kept(path) for path in setup["readable"]):  # to import from, here already
            guards.empty_scratch(setup["readable"], 64, guards.NOBODY)
    sys.path += setup["packages"]


def _serve(setup: dict, broker: socket.socket) -> bool:
    body, fds, _, _ = socket.recv_fds(broker, 16, 1)
    if not body:
        return False
    (theirs,) = fds
    try:
        pid = guards.clone([name for name in EACH if name in setup["guards"]], guards.CLONE_PARENT)
    except guards.GuardError as error:
        pid = -(error.errno or 1)
    if pid == 0:
        broker.close()
        init.live(setup, socket.socket(fileno=theirs))
    os.close(theirs)
    broker.sendall(struct.pack("=i", pid))
    return True
