"""An init made ahead: a process with its guards up that waits for its job, and our ends of what it holds."""

from __future__ import annotations

import contextlib
import os
import socket

from .guards import NOBODY, GuardError
from .init import Ends


class Spare:
    """An init that waits for its job, and our ends of everything it holds."""

    def __init__(self, nursery, setup: dict, disk_kib: int) -> None:
        """Ask the nursery (a Zygote or a Bwrap) for an init; `settle` says whether there is one."""
        self.nursery, self.disk_kib, self.init = nursery, disk_kib, 0
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
        ends = Ends({0: stdin, 1: their_out, 2: their_err, 3: theirs.fileno()}, job, their_report)
        try:
            nursery.ask(disk_kib, self.scratch, ends)
        finally:
            for fd in (their_out, their_err, job, their_report):
                os.close(fd)
            theirs.close()
        self.streams = {out: "stdout", err: "stderr", report: "report", self.channel.fileno(): "channel"}

    def settle(self) -> None:
        """Learn the pid; spares settle in the order they were made. Raises GuardError."""
        try:
            self.init = self.init or self.nursery.answer()
        except GuardError:
            self.close()
            raise

    def close(self) -> None:
        """Let go of our ends; an init without a job ends by itself."""
        for fd in (*self.streams, self.job, self.stdin):
            if fd >= 0 and fd != self.channel.fileno():
                with contextlib.suppress(OSError):
                    os.close(fd)
        self.channel.close()
        if self.scratch:
            _remove(self.scratch)

    def discard(self) -> None:
        with contextlib.suppress(GuardError, ChildProcessError):
            self.settle()
            self.close()
            os.waitpid(self.init, 0)


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
