"""The broker: a small process that has one confined program run at a time and watches it from outside.

One request in, one reply out, over stdin and stdout. The broker holds the clock, the limits and the
process tree; it never sees an expected answer. Its parts: a `zygote` that moved into namespaces and a
private root once (or `bwrap`, for another's); `init`s, each pid 1 of namespaces of its own, that fork the
programs, ahead of their jobs; a `watch` that reads output, time and memory until the program ends or breaks a
limit; a `cgroup` as the wall behind it.
"""

from __future__ import annotations

import contextlib
import functools
import os
import signal
from collections import deque
from collections.abc import Callable

from . import guards
from .cgroup import Cgroup
from .conversation import Conversation
from .guards import LANDLOCK, GuardError
from .spare import Init, Spare
from .watch import Watch, collect
from .wire import read_message, write_message
from .zygote import Zygote

SPACES = ("user_ns", "pid_ns", "net_ns", "mount_ns", "ipc_ns", "uts_ns")
GUARDS = (*SPACES, *LANDLOCK, "seccomp", "cgroup", "rlimits")
AHEAD = 2  # programs that fast runs find ready or in the making, on another core than the one that runs
MOST_RUNS = 64  # of one init: whatever might build up in its namespaces does not for long


def probe(guard: str, readable: list[str]) -> str:
    """Try one guard in a throw-away child: '' when it works here, else the reason it does not."""
    ids = os.geteuid(), os.getegid()
    trials: dict[str, Callable[[], None]] = {
        "user_ns": lambda: guards.map_user(*ids),
        "mount_ns": lambda: guards.private_root(readable),
        "landlock": lambda: guards.landlock(guards.landlock_rules(("/",)), ["landlock"]),
        "landlock_net": lambda: guards.landlock_offers("landlock_net"),
        "landlock_scope": lambda: guards.landlock_offers("landlock_scope"),
        "seccomp": guards.seccomp,
        "cgroup": lambda: Cgroup().close(),
    }
    spaces = [guard] if guard in guards.CLONE else []
    if spaces and ids[0] and guard != "user_ns":
        spaces.append("user_ns")  # an ordinary user gets the others only inside one of its own
    read_end, write_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            if spaces:
                guards.syscall("unshare", sum(guards.CLONE[name] for name in spaces))
            if "user_ns" in spaces:
                guards.map_user(*ids)
            if guard in trials and guard != "user_ns":
                trials[guard]()
        except Exception as error:
            os.write(write_end, str(error).encode())
        os._exit(0)
    os.close(write_end)
    reason = os.read(read_end, 4096).decode()
    os.close(read_end)
    os.waitpid(pid, 0)
    return reason


class Broker:
    """Keeps a nursery (zygote or bwrap) and programs made ahead; serves requests one after another."""

    def __init__(self, setup: dict):
        problems = {name: probe(name, setup["readable"]) for name in GUARDS}
        nursery = Zygote
        if setup["bwrap"]:
            from .bwrap import Bwrap

            nursery = Bwrap
            problems.update(dict.fromkeys(SPACES, Bwrap.problem(setup["bwrap"])))
        on = [name for name in GUARDS if not problems[name] and name in (setup["guards"] or GUARDS)]
        leave_root = "mount_ns" in on or (len(on) > 1 and _open_to_all(setup["python"]))
        self.setup = {**setup, "guards": on, "leave_root": leave_root, "given": []}
        self.group = Cgroup() if "cgroup" in on else None
        self.nursery = nursery(self.setup, self.group)
        self.hello = {"problems": problems, "guards": on}
        self.spares: deque[Spare] = deque()
        self.idle: list[Init] = []  # that can make another program
        self.fallen: list[int] = []

    def serve(self, request: dict, tell: Callable[[dict], None]) -> dict:
        """Run it to its end. `tell`: to the parent, in a conversation."""
        disk_kib, limits = _disk_kib(request), request["limits"]
        if self.spares and self.spares[0].disk_kib != disk_kib:
            while self.spares:
                self.spares.popleft().discard()
        try:
            self._make(disk_kib, 1)
            spare = self.spares.popleft()
            try:
                spare.init.settle()
            except GuardError:
                spare.close()
                raise
        except (GuardError, OSError) as error:
            return {"status": "internal_error", "detail": f"{type(error).__name__}: {error}"}
        if self.group:
            # a scratch file is the kernel's memory, charged to whoever wrote it
            self.group.limit(
                limits["memory_mib"] + limits["disk_mib"], limits["processes"] + limits["threads"]
            )
        if "shared" in request:
            watch = Conversation(request, self.setup, spare, self.nursery.pid, tell)
        else:
            watch = Watch(request, self.setup, spare, self.nursery.pid)
        reply = watch.run()
        spare.init.runs += 1
        if watch.serves_on and spare.init.runs < MOST_RUNS:
            self.idle.append(spare.init)
        else:
            spare.init.socket.close()
            self.fallen.append(spare.init.pid)
        if "pid_ns" not in self.setup["guards"]:
            collect(self.fallen, most=0)
        if self.group and self.group.killed() and reply["status"] in ("", "internal_error"):
            reply["status"], reply["detail"] = "memory_limit", f"more than {limits['memory_mib']:g} MiB"
        return reply

    def prepare(self, request: dict) -> None:
        """Ask for the next programs, and clear up after the last, while the parent is busy with the reply."""
        ahead = request["argv"] is None and "pid_ns" in self.setup["guards"]
        with contextlib.suppress(GuardError, OSError):
            self._make(_disk_kib(request), AHEAD if ahead else 1)
        collect(self.fallen)

    def _make(self, disk_kib: int, wanted: int) -> None:
        while len(self.spares) < wanted:
            init = self.idle.pop() if self.idle else Init(self.nursery)
            self.spares.append(Spare(init, self.setup, disk_kib))

    def close(self) -> None:
        for held in (*self.spares, *self.idle):
            held.discard()
        self.nursery.close()
        collect(self.fallen, most=0)
        if self.group:
            self.group.close()


def _disk_kib(request: dict) -> int:
    return max(4, int(request["limits"]["disk_mib"] * 1024))  # tmpfs takes 0 for "no limit"


def _open_to_all(path: str) -> bool:
    """Whether any user may reach `path`; an interpreter below root's home needs root, or a private root."""
    while path != "/":
        if not os.stat(path).st_mode & 0o001:
            return False
        path = os.path.dirname(path)
    return True


def main() -> None:
    """Serve requests until the parent's end of stdin closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business
    replies = os.dup(1)
    os.dup2(2, 1)
    guards.prctl(36, 1)
    setup = read_message(0)
    if setup is None:
        return
    broker = Broker(setup)
    try:
        write_message(replies, broker.hello)
        while (request := read_message(0)) is not None:
            try:
                reply = broker.serve(request, functools.partial(write_message, replies))
            except Exception as error:  # a request that was not thought of; the next one may be fine
                reply = {"status": "internal_error", "detail": f"{type(error).__name__}: {error}"}
            write_message(replies, reply)
            broker.prepare(request)
    finally:
        broker.close()
