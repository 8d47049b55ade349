"""A program made ahead: with its guards up it waits for its job; and our ends of what it holds."""

from __future__ import annotations

import contextlib
import os
import socket

from .guards import NOBODY, GuardError
from .init import Ends, ask


class Init:
    """An init as the broker holds it: its pid, as the nursery (a Zygote or a Bwrap) tells it, its socket."""

    def __init__(self, nursery) -> None:
        """Ask for one; `settle` says whether there is one."""
        self.nursery, self.pid, self.runs = nursery, 0, 0
        self.socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            nursery.ask(theirs.fileno())
        finally:
            theirs.close()

    def settle(self) -> None:
        """Learn the pid; inits settle in the order they were asked for. Raises GuardError."""
        self.pid = self.pid or self.nursery.answer()

    def leader(self) -> int:
        """Pid 1 of the namespaces, as seen from here."""
        return self.nursery.leader(self.pid)

    def discard(self) -> None:
        """Let go of it: without a job it ends by itself."""
        self.socket.close()
        with contextlib.suppress(GuardError, ChildProcessError):
            self.settle()
            os.waitpid(self.pid, 0)


class Spare:
    """A program that waits for its job, and our ends of everything it holds."""

    def __init__(self, init: Init, setup: dict, disk_kib: int) -> None:
        """Have `init` make it."""
        self.init, self.disk_kib = init, disk_kib
        self.stdin = stdin = os.memfd_create("stdin", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        out, their_out = os.pipe()
        err, their_err = os.pipe()
        job, self.job = os.pipe()
        report, their_report = os.pipe()
        self.channel, theirs = socket.socketpair()
        self.channel.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        self.scratch = None
        if "mount_ns" not in setup["guards"]:
            self.scratch = _scratch_folder(setup["leave_root"])
        streams = {0: stdin, 1: their_out, 2: their_err, 3: theirs.fileno()}
        self.shared = -1
        if setup["shared"]:
            streams[4] = self.shared = os.memfd_create("shared", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        ends = Ends(streams, job, their_report)
        try:
            ask(init.socket, disk_kib, self.scratch, ends)
        finally:
            for fd in (their_out, their_err, job, their_report):
                os.close(fd)
            theirs.close()
        self.streams = {out: "stdout", err: "stderr", report: "report", self.channel.fileno(): "channel"}

    def close(self) -> None:
        """Let go of our ends; a program without a job ends by itself."""
        for fd in (*self.streams, self.job, self.stdin, self.shared):
            if fd >= 0 and fd != self.channel.fileno():
                with contextlib.suppress(OSError):
                    os.close(fd)
        self.channel.close()
        if self.scratch:
            _remove(self.scratch)

    def discard(self) -> None:
        self.close()
        self.init.discard()


def _scratch_folder(leave_root: bool) -> str:
    """A folder of the host's, where no mount namespace can give the program one of its own."""
    import tempfile  # here, or every program's fork would copy it

    folder = tempfile.mkdtemp(prefix="labkit-")
    if os.geteuid() == 0 and leave_root:
        os.chown(folder, NOBODY, NOBODY)
    return folder


def _remove(folder: str) -> None:
    """Delete a scratch folder whatever modes the program left on it."""
    import shutil

    for root, folders, _ in os.walk(folder):
        for name in folders:
            with contextlib.suppress(OSError):
                os.chmod(os.path.join(root, name), 0o700, follow_symlinks=False)
    shutil.rmtree(folder, ignore_errors=True)
