"""The other way into namespaces and a private root: bubblewrap makes them, our init puts up the rest.

Behind the same interface as the zygote (`ask`, `answer`), so that one watch and one self-check serve
both. Slower, since bwrap and an interpreter start anew for each init; its code is older and better read.
"""

from __future__ import annotations

import marshal
import os
import socket
import subprocess
import sys
from collections import deque
from contextlib import suppress

from . import child, guards, init, tree
from .cgroup import Cgroup
from .zygote import AT_HAND, load

_START = "import sys; sys.path.insert(0, sys.argv[1]); from inside.bwrap import live; live()"
_SPACES = ("--unshare-user", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts")


class Bwrap:
    """Starts inits under bwrap. `pid` is this process: there is no zygote to keep."""

    def __init__(self, setup: dict, group: Cgroup | None):
        self.setup, self.group, self.pid = setup, group, os.getpid()
        self._started: deque[int] = deque()

    @staticmethod
    def problem(bwrap: str) -> str:
        """'' when bwrap can do its work here, else the last thing it said."""
        command = [bwrap, *_SPACES, "--ro-bind", "/", "/", "--proc", "/proc", "--", "/bin/true"]
        done = subprocess.run(command, capture_output=True, text=True)
        return "" if done.returncode == 0 else (done.stderr.strip().rpartition("\n")[2] or "bwrap failed")

    def ask(self, theirs: int) -> None:
        argv = self._command(theirs)
        pid = os.fork()
        if pid == 0:
            try:
                if self.group:
                    self.group.join(os.getpid())
                os.set_inheritable(theirs, True)
                os.execv(argv[0], argv)
            finally:
                os._exit(127)
        self._started.append(pid)

    def answer(self) -> int:
        return self._started.popleft()

    def leader(self, init: int) -> int:
        """Pid 1 of the namespace: bwrap waits for it, and everything inside falls with it."""
        return next(iter(tree.children(init)), init)

    def close(self) -> None:
        pass

    def _command(self, theirs: int) -> list[str]:
        setup, here = self.setup, os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
        # the code is not kept below /tmp: it is read before there is a scratch folder
        binds = [word for path in setup["readable"] for word in _bind(path)] + ["--ro-bind", here, here]
        inner = {**setup, "given": ["user_ns"], "leave_root": False}
        nobody = str(guards.NOBODY)
        job = marshal.dumps((inner, theirs), 2).hex()
        return [
            setup["bwrap"], *_SPACES, "--die-with-parent", "--as-pid-1", "--new-session", "--uid", nobody,
            "--gid", nobody, "--hostname", "sandbox", *binds, "--dir", "/tmp", "--proc", "/proc",
            "--remount-ro", "/", "--cap-add", "CAP_SYS_ADMIN",  # for the scratch folder; programs give it up
            "--", setup["python"], "-s", "-P", "-S", "-B", "-c", _START, here, job,
        ]  # fmt: skip


def _bind(path: str) -> list[str]:
    if os.path.islink(path):  # /lib -> usr/lib
        return ["--symlink", os.readlink(path), path]
    return ["--dev-bind" if path.startswith("/dev/") else "--ro-bind", path, guards.kept(path)]


def live() -> None:
    """What runs inside bwrap: an init whose private root and user are made already."""
    setup, theirs = marshal.loads(bytes.fromhex(sys.argv[2]))
    sys.path.remove(sys.argv[1])
    sys.path += setup["packages"]
    os.environ.update(setup["env"])
    for module in (*AT_HAND, *setup["preload"]):
        with suppress(ImportError):
            load(module)
    child.own_streams()
    init.own_signals()
    init.live(setup, socket.socket(fileno=theirs))
