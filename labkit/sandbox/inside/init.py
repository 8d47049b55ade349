"""Pid 1 of a program's own namespaces: puts up the guards, waits for a job, forks the program, reaps.

An init is made before its job is known, so that the guards cost a run nothing it has to wait for.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import struct

from . import child, guards
from .wire import read_message

ENDING = struct.Struct("=idq")  # wait status, CPU seconds and peak KiB of the program and its children
DEVICES = [f"/dev/{name}" for name in ("null", "zero", "full", "random", "urandom")]


class Ends:
    """The child's ends of everything that leads out: standard streams, calls, job, report."""

    def __init__(self, streams: dict[int, int], job: int, report: int) -> None:
        self.streams = streams  # descriptor in the program: descriptor here
        self.job, self.report = job, report


def live(setup: dict, disk_kib: int, scratch: str | None, ends: Ends) -> None:
    """The whole life of an init; never returns."""
    try:
        guards.die_with_parent()
        _guard(setup, disk_kib, scratch)
        program = guards.fork()
        if program == 0:
            _become_program(setup, ends)
        _reap(program, ends)
    except BaseException as error:
        with contextlib.suppress(OSError):
            os.write(ends.report, b"E" + f"{type(error).__name__}: {error}".encode()[:900])
    os._exit(70)


def _guard(setup: dict, disk_kib: int, scratch: str | None) -> None:
    on, given = set(setup["guards"]), set(setup["given"])  # given: put up already, by bwrap
    if "mount_ns" in on:
        guards.fresh_scratch(setup["readable"], disk_kib, guards.NOBODY)
    elif scratch:
        os.chdir(scratch)
    os.umask(0o077)
    if "cgroup" in on:
        with contextlib.suppress(OSError):
            guards.write("/proc/self/oom_score_adj", b"1000")  # the kernel kills here first, not the zygote
    if os.geteuid() == 0 and setup["leave_root"]:
        guards.become_nobody()
    if "user_ns" in on - given and os.path.exists(
        "/proc/self"
    ):  # one for each run: processes are counted by it
        ids = os.geteuid(), os.getegid()
        guards.syscall("unshare", guards.CLONE["user_ns"])
        guards.map_user(*ids)
    guards.prctl(36, 1)  # PR_SET_CHILD_SUBREAPER: without a pid namespace orphans come here
    if given or "seccomp" in on or on & set(guards.LANDLOCK):
        guards.drop_capabilities()
    guards.die_with_parent()  # again: a change of user or capabilities disarms it
    if parts := on & set(guards.LANDLOCK):
        own = guards.landlock_rules(("/proc",)) + guards.landlock_rules((os.getcwd(),), True)
        guards.landlock(shared_rules(setup) + own, parts)
    if "seccomp" in on:
        # without a private root the host's unix sockets are in reach: then no sockets at all
        guards.seccomp(unix_sockets="mount_ns" in on)


def shared_rules(setup: dict) -> list[bytes]:
    """Landlock's rules for what every run sees."""
    return guards.landlock_rules(tuple(setup["readable"])) + guards.landlock_rules(tuple(DEVICES), True)


def own_signals() -> None:
    """As a program expects to find them."""
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    for number in (signal.SIGPIPE, signal.SIGINT, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)


def _become_program(setup: dict, ends: Ends) -> None:
    """Get ready, wait for the job, take on its limits, and run it."""
    guards.own_ids()
    for target, fd in ends.streams.items():
        os.dup2(fd, target)
    os.setsid()
    job = read_message(ends.job)
    if job is None:
        os._exit(0)
    if "pid_ns" not in setup["guards"]:
        guards.die_with_parent()
    if "rlimits" in setup["guards"]:
        guards.rlimits(job["limits"], job["address_space"], count_processes="user_ns" in setup["guards"])
    for name, content in job["files"].items():
        _put(name, content)
    if job["core"] is not None:
        os.sched_setaffinity(0, [job["core"]])
    os.closerange(max(ends.streams) + 1, 1 << 10)
    os.write(3, b"!")  # the byte carries this process's credentials, hence its host pid
    if job["argv"] is not None:
        os.read(3, 1)  # until the watch has seen us: what is over in a millisecond would be gone
    if job["mark"] == "exec":  # no harness of ours: the channel closes as the program starts
        os.set_inheritable(3, False)
    if job["argv"] is None:
        guards.prctl(4, 1)  # dumpable, as an exec would have made it: its peak may be reset from outside
        child.in_this_process(job["arguments"], job["env"])
    try:
        os.execve(job["argv"][0], job["argv"], job["env"])
    except OSError as error:
        os.write(2, f"cannot start {job['argv'][0]}: {error.strerror}\n".encode())
    os._exit(127)


def _put(name: str, content: bytes) -> None:
    fd, left = os.open(name, os.O_WRONLY | os.O_CREAT, 0o700), memoryview(content)
    while left:
        left = left[os.write(fd, left) :]
    os.close(fd)


def _reap(program: int, ends: Ends) -> None:
    for fd in (*ends.streams.values(), ends.job):
        os.close(fd)
    while True:
        pid, status = os.waitpid(-1, 0)
        if pid == program:
            with contextlib.suppress(ChildProcessError):  # what it left unwaited came here: it counts
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass
            tree = resource.getrusage(resource.RUSAGE_CHILDREN)
            os.write(ends.report, b"X" + ENDING.pack(status, tree.ru_utime + tree.ru_stime, tree.ru_maxrss))
            os._exit(0)
