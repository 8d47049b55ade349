"""Pid 1 of a program's own namespaces: makes room for a program, forks it, waits, reaps; then for the next.

A program is made before its job is known, so that its guards cost a run nothing it has to wait for. An init
serves another program only when the last one ended by itself and left no process; the scratch folder is
made anew, and by the capabilities that init holds and programs do not, the kernel keeps it from them (its
cores, niceness, memory). It never sees a job: what a run brings is not in the memory of the next.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import struct

from . import child, guards
from .wire import read_message

ENDING = struct.Struct("=idq?")  # the tree's wait status, CPU seconds, peak KiB; whether init can serve on
DEVICES = [f"/dev/{name}" for name in ("null", "zero", "full", "random", "urandom")]
NEEDED_AGAIN = {"user_ns", "pid_ns", "mount_ns", "ipc_ns", "landlock", "seccomp"}  # or something might stay
_HEAD = struct.Struct("=qI")  # disk in KiB, length of the scratch folder's name


class Ends:
    """The child's ends of everything that leads out: standard streams, calls, job, report."""

    def __init__(self, streams: dict[int, int], job: int, report: int) -> None:
        self.streams = streams  # descriptor in the program: descriptor here
        self.job, self.report = job, report


def ask(init: socket.socket, disk_kib: int, scratch: str | None, ends: Ends) -> None:
    """The broker's side of `_asked`: have an init make a program that holds `ends`."""
    folder = (scratch or "").encode()
    body = _HEAD.pack(disk_kib, len(folder)) + folder + bytes(ends.streams)
    socket.send_fds(init, [body], [*ends.streams.values(), ends.job, ends.report])


def _asked(broker: socket.socket) -> tuple[int, str | None, Ends] | None:
    """Size of the scratch folder, its place if it is made already, and the ends; None when none will come."""
    body, fds, _, _ = socket.recv_fds(broker, 4096, 16)
    if not body:
        return None
    disk_kib, length = _HEAD.unpack_from(body)
    folder, names = body[_HEAD.size :][:length].decode(), body[_HEAD.size + length :]
    return disk_kib, folder or None, Ends(dict(zip(names, fds[:-2], strict=True)), *fds[-2:])


def live(setup: dict, broker: socket.socket) -> None:
    """The whole life of an init; never returns."""
    asked = None
    try:
        guards.die_with_parent()
        serves_on, served = _settle_in(setup), False
        while asked := _asked(broker):
            disk_kib, scratch, ends = asked
            if served:
                guards.remove_scratch()
            if "mount_ns" in setup["guards"]:
                guards.empty_scratch(setup["readable"], disk_kib, guards.NOBODY)
            served = True
            program = guards.fork()
            if program == 0:
                broker.close()
                _become_program(setup, scratch, ends)
            for fd in (*ends.streams.values(), ends.job):
                os.close(fd)
            status, cpu_s, peak_kib, alone = _reap(program)
            with contextlib.suppress(BrokenPipeError):
                os.write(ends.report, b"X" + ENDING.pack(status, cpu_s, peak_kib, serves_on and alone))
            os.close(ends.report)
        os._exit(0)
    except BaseException as error:
        with contextlib.suppress(OSError):
            if asked := asked or _asked(broker):
                os.write(asked[2].report, b"E" + f"{type(error).__name__}: {error}".encode()[:900])
    os._exit(70)


def _settle_in(setup: dict) -> bool:
    """The guards that stand around all programs of this init; whether it may serve more than one."""
    on, given = set(setup["guards"]), set(setup["given"])  # given: put up already, by bwrap
    if "mount_ns" in on:
        guards.own_proc()
    os.umask(0o077)
    if "cgroup" in on:
        with contextlib.suppress(OSError):
            guards.write("/proc/self/oom_score_adj", b"1000")  # the kernel kills here first, not the zygote
    own_user = "user_ns" in given
    if "user_ns" in on - given and os.path.exists(
        "/proc/self"
    ):  # one of its own: processes are counted by it
        _leave_root(setup)
        ids = os.geteuid(), os.getegid()
        spaces = on & {"user_ns", "mount_ns"}  # mounts again in it: what it may do, it may do to its own
        guards.syscall("unshare", sum(guards.CLONE[name] for name in spaces))
        guards.map_user(*ids)
        own_user = True
    guards.prctl(36, 1)  # PR_SET_CHILD_SUBREAPER: without a pid namespace orphans come here
    guards.die_with_parent()  # again: a change of user disarms it
    return own_user and on >= NEEDED_AGAIN


def _leave_root(setup: dict) -> None:
    if os.geteuid() == 0 and setup["leave_root"]:
        guards.become_nobody()


def shared_rules(setup: dict) -> list[bytes]:
    """Landlock's rules for what every run sees."""
    return guards.landlock_rules(tuple(setup["readable"])) + guards.landlock_rules(tuple(DEVICES), True)


def own_signals() -> None:
    """As a program expects to find them."""
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    for number in (signal.SIGPIPE, signal.SIGINT, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)


def _become_program(setup: dict, scratch: str | None, ends: Ends) -> None:
    """Put up the program's own guards, wait for the job, take on its limits, and run it."""
    guards.own_ids()
    _confine(setup, scratch)
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


def _confine(setup: dict, scratch: str | None) -> None:
    on = set(setup["guards"])
    if scratch or "mount_ns" in on:
        os.chdir(scratch or guards.SCRATCH)
    _leave_root(setup)  # if init had to stay root, for the scratch folders
    if setup["given"] or "seccomp" in on or on & set(guards.LANDLOCK):
        guards.drop_capabilities()
    if parts := on & set(guards.LANDLOCK):
        own = guards.landlock_rules(("/proc",)) + guards.landlock_rules((os.getcwd(),), True)
        guards.landlock(shared_rules(setup) + own, parts)
    if "seccomp" in on:
        # without a private root the host's unix sockets are in reach: then no sockets at all
        guards.seccomp(unix_sockets="mount_ns" in on)


def _put(name: str, content: bytes) -> None:
    fd, left = os.open(name, os.O_WRONLY | os.O_CREAT, 0o700), memoryview(content)
    while left:
        left = left[os.write(fd, left) :]
    os.close(fd)


def _reap(program: int) -> tuple[int, float, int, bool]:
    """The program's wait status, its tree's CPU seconds and peak KiB, and whether nothing is left of it."""
    ended, cpu_s, peak_kib = None, 0.0, 0
    while True:
        try:
            pid, status, used = os.wait4(-1, 0 if ended is None else os.WNOHANG)
        except ChildProcessError:
            return ended, cpu_s, peak_kib, True
        if not pid:
            return ended, cpu_s, peak_kib, False
        cpu_s += used.ru_utime + used.ru_stime  # what it left unwaited came here: it counts
        peak_kib = max(peak_kib, used.ru_maxrss)
        if pid == program:
            ended = status
