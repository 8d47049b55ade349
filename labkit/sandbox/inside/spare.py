"""An init made ahead: a process with its guards up that waits for its job, and our ends of what it holds."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .guards import NOBODY, GuardError
from .init import Ends

if TYPE_CHECKING:
    from .bwrap import Bwrap
    from .zygote import Zygote


@dataclass
class Spare:
    """An init that waits for its job, and our ends of everything it holds."""

    nursery: Zygote | Bwrap
    disk_kib: int
    stdin: int
    streams: dict[int, str]  # descriptor: what it is
    channel: socket.socket
    job: int
    scratch: str | None
    init: int = 0

    @classmethod
    def make(cls, nursery: Zygote | Bwrap, setup: dict, disk_kib: int) -> Spare:
        """Ask for an init with its guards up; `settle` says whether there is one."""
        stdin = os.memfd_create("stdin", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        out, their_out = os.pipe()
        err, their_err = os.pipe()
        job, our_job = os.pipe()
        report, their_report = os.pipe()
        channel, theirs = socket.socketpair()
        channel.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        scratch = None
        if "mount_ns" not in setup["guards"]:
            scratch = tempfile.mkdtemp(prefix="labkit-")
            if os.geteuid() == 0 and setup["leave_root"]:
                os.chown(scratch, NOBODY, NOBODY)
        ends = Ends({0: stdin, 1: their_out, 2: their_err, 3: theirs.fileno()}, job, their_report)
        try:
            nursery.ask(disk_kib, scratch, ends)
        finally:
            for fd in (their_out, their_err, job, their_report):
                os.close(fd)
            theirs.close()
        streams = {out: "stdout", err: "stderr", report: "report", channel.fileno(): "channel"}
        return cls(nursery, disk_kib, stdin, streams, channel, our_job, scratch)

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


def _remove(folder: str) -> None:
    """Delete a scratch folder whatever modes the program left on it."""
    for root, folders, _ in os.walk(folder):
        for name in folders:
            with contextlib.suppress(OSError):
                os.chmod(os.path.join(root, name), 0o700, follow_symlinks=False)
    shutil.rmtree(folder, ignore_errors=True)
