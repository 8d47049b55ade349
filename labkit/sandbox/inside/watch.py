"""Follow one run from outside: its output, its calls, its time and memory; end it when it breaks a limit."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import math
import os
import select
import signal
import socket
import struct
import time

from . import tree
from .guards import GuardError
from .init import ENDING
from .meter import CpuMeter, InstructionMeter, MemoryMeter
from .spare import Spare
from .wire import write_message

SAMPLE_S = 0.002  # how often the program's memory is read, on another core than the program's
TREE_EVERY = 5  # every so many samples the whole tree is looked at: who is in it, and their CPU time
SEALED = fcntl.F_SEAL_WRITE | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_SEAL
DRAIN_S = 0.2  # how long to wait for the tail of the output after the program's end


class Watch:
    """One run: the request, and everything seen of it so far."""

    FROM_PARENT = select.POLLHUP  # when the parent goes, so does the program

    def __init__(self, request: dict, setup: dict, spare: Spare, zygote: int) -> None:
        self.request, self.setup, self.spare, self.zygote = request, setup, spare, zygote
        self.serves_on = False  # whether init can make another program
        self.program = 0  # host pid of the program proper
        self.root = 0  # its parent, the init inside: everything below is the program's
        self.status = self.detail = ""
        self.wait_status: int | None = None
        self.cpu_s = 0.0  # as last sampled: the kernel's own sum is lost when a tree is killed
        self.peak_kib = 0  # of one process, as the kernel kept it
        self.inherited_kib = 0  # what that figure has from before the exec
        self.start_cpu_s = 0.0  # spent on the way to the program's own first line
        self.memory = MemoryMeter()
        self.cpu: CpuMeter | None = None  # None where the kernel lends no such counter
        self.counted_from_s = 0.0  # what had been spent when it began to count
        self.instructions: InstructionMeter | int | str = ""  # the meter, its count; or why there is none
        self.output = {"stdout": bytearray(), "stderr": bytearray()}
        self.calls: list[tuple] = []  # value, CPU s, wall s, peak MiB, MiB·s
        self.ticks, self.ended = 0, 0.0
        self.inbox, self.outbox = bytearray(), memoryview(b"")
        self.image: tuple = ()  # where the kernel put the harness: another after an exec
        self.received = 0  # bytes of all values
        self.mark: tuple[float, float, float] | None = (
            None  # CPU, clock, area when the last arguments went in
        )

    def run(self) -> dict:
        self.started = self.began = time.monotonic()
        self.sample_s = self.request["sample_s"]
        make_room(self.request["core"])
        self.queue = list(self.request["messages"])
        self.limits = self.request["limits"]
        self.poll, self.open = select.poll(), dict(self.spare.streams)
        for fd in self.open:
            self.poll.register(fd, select.POLLIN)
            os.set_blocking(fd, False)
        self.poll.register(0, self.FROM_PARENT)
        try:
            os.write(self.spare.stdin, self.request["stdin"])
            os.lseek(self.spare.stdin, 0, os.SEEK_SET)
            fcntl.fcntl(self.spare.stdin, fcntl.F_ADD_SEALS, SEALED)  # no store for the program
            job = {key: value for key, value in self.request.items() if key not in ("stdin", "messages")}
            write_message(self.spare.job, job)
            self._follow()
        except OSError as error:
            self._fail("internal_error", f"{type(error).__name__}: {error}")
        finally:
            self._end()
        return self._reply()

    # -- follow --------------------------------------------------------------------------------

    def _follow(self) -> None:
        self.deadline = self.started + self.limits["wall_s"]
        self.next_sample, ended_at = self.started + self.sample_s, 0.0
        while self.open and not self.status:
            now = time.monotonic()
            if self.wait_status is not None and not ended_at:
                ended_at = now
                if not self.serves_on:
                    self._kill_tree()  # nothing it left behind may go on writing
            if ended_at and (now > ended_at + DRAIN_S or not self._still_writing()):
                break
            if now > self.deadline:
                return self._fail("timeout", f"more than {self.limits['wall_s']:g} s of wall time")
            if now >= self.next_sample and not ended_at:
                self._sample(now)
                self.next_sample = now + self.sample_s * self.memory.every
            wait = min(self.deadline, ended_at + DRAIN_S if ended_at else self.next_sample) - now
            for fd, events in self.poll.poll(None if wait == math.inf else max(0.0, wait * 1000)):
                if fd == 0:
                    self._on_parent(events)
                    continue
                if events & select.POLLOUT:
                    self._send(fd)
                if fd in self.open and events & ~select.POLLOUT:
                    self._read(fd)

    def _on_parent(self, events: int) -> None:
        self._kill_tree()
        os._exit(0)

    def _still_writing(self) -> bool:
        return any(name in ("stdout", "stderr") for name in self.open.values())

    def _sample(self, now: float) -> None:
        if not self.program:
            return
        self.ticks += 1
        if self.ticks % TREE_EVERY == 0 or self.memory.every > TREE_EVERY:
            self._look_at_tree()
        if self.memory.sample(now) > self.limits["memory_mib"] * 1024:
            self._fail("memory_limit", f"more than {self.limits['memory_mib']:g} MiB")

    def _look_at_tree(self) -> None:
        """Who is below init, and their CPU time, against the limits."""
        pids, limits = tree.descendants(self.root), self.limits
        self.memory.follow(pids)
        self.cpu_s = max(self.cpu_s, sum(map(tree.cpu_with_children_s, pids)), self._counted_cpu_s())
        if len(pids) > limits["processes"]:
            self._fail("process_limit", f"more than {limits['processes']} processes")
        elif self.cpu_s > limits["cpu_s"]:
            self._fail("timeout", f"more than {limits['cpu_s']:g} s of CPU time")

    def _counted_cpu_s(self) -> float:
        """CPU time of all that the program ever forked, waited for or not."""
        return self.counted_from_s + self.cpu.read() / 1e9 if self.cpu else 0.0

    def _read(self, fd: int) -> None:
        name = self.open[fd]
        if name == "channel" and not self.program:
            return self._greet(fd)
        if name == "channel" and self.request["mark"] != "calls":
            return self._starts(fd)
        try:
            data = os.read(fd, 1 << 16)
        except OSError as error:
            if error.errno == errno.EAGAIN:
                return
            data = b""
        if not data:
            return self._forget(fd)
        if name == "channel":
            self._on_channel(data)
        elif name == "report":
            self._on_report(data)
        else:
            self._keep(name, data)

    def _forget(self, fd: int) -> None:
        self.poll.unregister(fd)
        del self.open[fd]

    def _greet(self, fd: int) -> None:
        """The program's first byte: the kernel attaches its credentials, with its pid as seen from here."""
        data, ancillary, _, _ = self.spare.channel.recvmsg(1, socket.CMSG_SPACE(12))
        for _, kind, payload in ancillary:
            if kind == socket.SCM_CREDENTIALS:
                self.program = struct.unpack("=iii", payload[:12])[0]
        if not data or not self.program:
            return self._forget(fd)
        self.root = tree.parent(self.program)
        self.memory.follow([self.program])
        if self.request["argv"] is not None:
            self.inherited_kib = tree.peak_kib(self.root)  # the program's own may be that of after its exec
        self._start()
        with contextlib.suppress(GuardError):
            self.cpu, self.counted_from_s = CpuMeter(self.program), self.start_cpu_s
        if self.request["argv"] is not None:
            with contextlib.suppress(OSError):  # it was killed while it waited
                os.write(fd, b"G")
        if self.request["mark"] == "calls":
            self._send_next()

    def _start(self) -> None:
        """What is spent and held up to now is the sandbox's, not the program's."""
        self.began = self.ended or time.monotonic()  # it may be over before its first word is read
        self.memory.start(self.began)
        with contextlib.suppress(OSError):
            self.start_cpu_s = tree.cpu_clock_s(self.program)
        if self.request["argv"] is None:
            self.memory.assume(tree.resident_kib(self.zygote))  # as its fork, the program held as much
        self.ticks = 0

    def _starts(self, fd: int) -> None:
        """The harness is ready (one byte, and it waits), or the program was exec'd (the channel closed)."""
        hello = self.request["mark"] == "hello" and os.read(fd, 1)
        if hello:
            self._start()
        elif self.request["mark"] == "exec":  # its clocks have run since its exec was let go: it may be over
            self.memory.start(self.ended or time.monotonic())
        if hello or self.request["mark"] == "exec":
            self._count()
        if hello:
            os.write(fd, b"S")
        self._forget(fd)

    def _count(self) -> None:
        if self.request["count"]:
            try:
                self.instructions = InstructionMeter(self.program)
            except GuardError as error:
                self.instructions = str(error)

    def _keep(self, name: str, data: bytes) -> None:
        buffer, limit = self.output[name], int(self.limits["output_kib"] * 1024)
        buffer += data[: limit - len(buffer)]
        if len(buffer) >= limit:
            self._fail("output_limit", f"more than {self.limits['output_kib']:g} KiB on {name}")

    def _on_report(self, data: bytes) -> None:
        if data[:1] == b"E":
            self._fail("internal_error", data[1:].decode(errors="replace"))
        else:
            self.wait_status, cpu_s, peak_kib, again = ENDING.unpack(data[1 : 1 + ENDING.size])
            self.serves_on = again and os.WIFEXITED(self.wait_status) and not self.status
            self.cpu_s, self.peak_kib = max(self.cpu_s, cpu_s), peak_kib
            self.ended = time.monotonic()

    # -- calls: the next arguments go in, the clock runs, the value comes out --------------------

    def _on_channel(self, data: bytes) -> None:
        self.inbox += data
        self.received += len(data)
        if self.received > self.limits["value_mib"] * (1 << 20):
            return self._fail("output_limit", f"values of more than {self.limits['value_mib']:g} MiB")
        while self.mark and len(self.inbox) >= 8:
            size = int.from_bytes(self.inbox[:8], "big")
            if len(self.inbox) < 8 + size:
                return
            value = bytes(self.inbox[8 : 8 + size])
            del self.inbox[: 8 + size]
            self._received(value)
        if self.inbox and not self.mark:
            self._fail("runtime_error", "the program wrote a result that nobody asked for")

    def _received(self, value: bytes) -> None:
        cpu, wall, area = self.mark
        now, peak = time.monotonic(), tree.peak_kib(self.program)
        try:
            spent = tree.cpu_clock_s(self.program) - cpu
        except OSError:
            peak = 0
        if not peak:
            return self._fail("runtime_error", "the program ended before its time could be read")
        if self.image and tree.image(self.program) != self.image:  # its high-water mark would be another's
            return self._fail("denied", "the program put another in its place (execve)")
        self.memory.sample(now)
        self.calls.append((value, spent, now - wall, peak / 1024, (self.memory.area - area) / 1024))
        self._send_next()

    def _send_next(self) -> None:
        self.mark = None
        channel = self.spare.channel
        if not self.queue:
            with contextlib.suppress(OSError):
                channel.shutdown(socket.SHUT_WR)  # the child ends when there is no further message
            return
        body = self.queue.pop(0)
        try:
            # resets VmHWM, so that each call has a peak of its own; not ours to write before its exec
            with contextlib.suppress(PermissionError), open(f"/proc/{self.program}/clear_refs", "w") as file:
                file.write("5")
            now = time.monotonic()
            self.memory.sample(now)
            self.mark = (tree.cpu_clock_s(self.program), time.monotonic(), self.memory.area)
            self._release()
            self.image = self.image or (tree.image(self.program) if self.calls else ())
        except OSError:
            return  # it died: its wait status tells how
        self.outbox = memoryview(len(body).to_bytes(8, "big") + body)
        self._send(channel.fileno())

    def _send(self, fd: int) -> None:
        """As much of the outgoing message as the channel takes; the rest when it takes more."""
        with contextlib.suppress(BlockingIOError, BrokenPipeError, ConnectionResetError):
            self.outbox = self.outbox[os.write(fd, self.outbox) :] if self.outbox else self.outbox
        if fd in self.open:
            self.poll.modify(fd, select.POLLIN | (select.POLLOUT if self.outbox else 0))

    def _release(self) -> None:
        """The clock runs."""

    # -- end -----------------------------------------------------------------------------------

    def _fail(self, status: str, detail: str) -> None:
        self.status, self.detail = self.status or status, self.detail or detail

    def _kill_tree(self) -> None:
        """Kill everything below init; with a pid namespace of its own all of it falls with init."""
        if "pid_ns" in self.setup["guards"]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.spare.init.leader(), signal.SIGKILL)
            return
        # Init may be gone already: its orphans came to this process, which then keeps no spares.
        while pids := [p for p in self._strays() if tree.alive(p)]:
            for pid in pids:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.001)

    def _strays(self) -> list[int]:
        children = [pid for pid in tree.children(os.getpid()) if pid != self.zygote]
        return [*children, *(pid for child in children for pid in tree.descendants(child))]

    def _end(self) -> None:
        now = time.monotonic()
        if self.status and self.program:
            self._look_at_tree()
            self.memory.sample(now)
        self.wall_s = (self.ended or now) - self.began
        if isinstance(self.instructions, InstructionMeter):
            self.instructions = self.instructions.close()
        self.cpu_s = max(self.cpu_s, self._counted_cpu_s())
        if self.cpu:
            self.cpu.close()
        self.serves_on = self.serves_on and not self.status
        if not self.serves_on:
            self._kill_tree()
        for fd in [fd for fd, name in self.open.items() if name in ("stdout", "stderr")]:
            with contextlib.suppress(OSError):
                while data := os.read(fd, 1 << 16):
                    self._keep(self.open[fd], data)
        self.memory.sample(self.began + self.wall_s)
        self.memory.close()
        self.spare.close()

    def _reply(self) -> dict:
        return {
            "status": self.status,
            "detail": self.detail,
            "wait_status": self.wait_status,
            "stdout": bytes(self.output["stdout"]),
            "stderr": bytes(self.output["stderr"]),
            "calls": self.calls,
            "curve": [(at, kib / 1024) for at, kib in self.memory.curve],
            "samples": self.memory.samples,
            "integral_mib_s": self.memory.area / 1024,
            "start_mib": self.memory.curve[0][1] / 1024 if self.memory.curve else 0.0,
            "start_cpu_s": self.start_cpu_s,
            "wall_s": self.wall_s,
            "cpu_s": max(0.0, self.cpu_s - self.start_cpu_s),
            "peak_mib": self._peak_kib() / 1024,
            "instructions": self.instructions,
        }

    def _peak_kib(self) -> int:
        """The tree's highest sample, or one process's own high-water mark where that is the program's."""
        kept = self.peak_kib if self.peak_kib > self.inherited_kib + INHERITED_SLACK_KIB else 0
        return max(self.memory.peak_kib, kept)


MOST_FALLEN = 4
INHERITED_SLACK_KIB = 512


def collect(fallen: list[int], most: int = MOST_FALLEN) -> None:
    """Wait for what has ended: inits, orphans that came here; for the oldest init when many are falling."""
    with contextlib.suppress(ChildProcessError):
        while pid := os.waitpid(-1, os.WNOHANG)[0]:
            if pid in fallen:
                fallen.remove(pid)
        while len(fallen) > most:
            os.waitpid(fallen.pop(0), 0)


def make_room(core: int | None) -> None:
    """The watch runs on other cores than the program, where there are others."""
    others = os.sched_getaffinity(0) if core is None else ALL_CORES - {core}
    if others:
        os.sched_setaffinity(0, others)


ALL_CORES = os.sched_getaffinity(0)
