"""A confined program that answers one question after another, over memory shared with this side.

For what a single `call` cannot do: inputs and outputs of many MiB, and clocks that start when they are in
place. The program stands still between questions, so that what is read of the shared memory after an answer
is what was there when the clock stopped. Not covered: programs that start processes.
"""

from __future__ import annotations

import mmap
import os
import threading
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from labkit.errors import BadInput

from . import values
from .broker import pool
from .execution import _answer, guards_for
from .request import checked_source, ending, make_request
from .results import Isolation, Limits

SAMPLE_S = 0.02  # memory is looked at less often: the watch would take time from two threads on two cores
MARGIN_S = 0.5


class Answer(NamedTuple):
    """`status`: ok, or why there is no value (`error`: in words). `cpu_s`: all threads of the program."""

    status: str
    value: Any = None
    wall_s: float = 0.0
    cpu_s: float = 0.0
    peak_mib: float = 0.0
    error: str = ""


class Session:
    """Define `entry` by running `source`, then `ask` it as often as wanted; a context manager.

    `memory`: what the program finds at its descriptor 4. `preload`: modules it finds imported, which found
    `preload_env` set. `threads`: how many it may have. `start`: how its source was taken; when that is not
    ok, nothing can be asked. Errors: BadInput, SandboxUnavailable, Stopped.
    """

    def __init__(
        self,
        source: str,
        entry: str,
        *,
        shared_bytes: int,
        limits: Limits,
        preload: Sequence[str] = (),
        extra: Sequence[str] = (),
        env: Mapping[str, str] | None = None,
        preload_env: Mapping[str, str] | None = None,
        threads: int = 64,
        isolation: Isolation = "auto",
        stop: threading.Event | None = None,
    ) -> None:
        if shared_bytes < 1:
            raise BadInput(f"shared_bytes={shared_bytes!r}: give a number from 1 on")
        messages = [
            values.encode(None, "hello"),
            values.encode((checked_source(source).decode(), entry), "source"),
        ]
        request = make_request(
            ["calls", "<session>"], limits, mode="fast", messages=messages, sample_s=SAMPLE_S
        )
        request["limits"]["threads"] = threads
        request["env"].update({**(preload_env or {}), **(env or {})})
        request.update(address_space=False, shared=shared_bytes)
        self.guards = guards_for(isolation)
        given = tuple(sorted((preload_env or {}).items()))
        self._pool, self._stop = pool(isolation, preload, extra, given, shared=True), stop
        self._broker, self.memory = self._pool.take(), None
        self.start = self._asked(request)
        if self.start.status != "ok":
            self.close()

    def ask(self, *arguments: Any, wall_s: float = 10.0, core: int | None = None) -> Answer:
        """One question: `entry(*arguments)`, on one core or on any. An exception is an answer, too; after the
        program's end (a crash, a limit) every further answer says that it is gone."""
        if self._broker is None:
            return Answer("internal_error", error="the program is gone")
        question = values.encode(arguments, "question")
        return self._asked({"ask": question, "core": core, "limits": {"wall_s": wall_s}})

    def _asked(self, message: dict[str, Any]) -> Answer:
        reply = self._broker.request(message, self._stop)
        if "status" in reply:
            return self._over(reply)
        if self.memory is None:
            fd = os.open(f"/proc/{self._broker.pid}/fd/{reply['shared']}", os.O_RDWR)
            try:
                self.memory = mmap.mmap(fd, 0)
            finally:
                os.close(fd)
        body, cpu_s, wall_s, peak_mib, _ = reply["answer"]
        status, error, value = _answer(body, loading="shared" in reply)
        if status:
            return Answer(status, None, wall_s, cpu_s, peak_mib, error)
        return Answer("ok", value[0] if isinstance(value, tuple) else value, wall_s, cpu_s, peak_mib)

    def _over(self, reply: dict[str, Any]) -> Answer:
        """The program ended instead of answering."""
        self._pool.give(self._broker, reply)
        self._broker = None
        status, error, _ = ending(reply, reply.get("stderr", b"").decode(errors="replace"))
        if status == "ok":
            status, error = "runtime_error", "the program ended before it answered"
        return Answer(status, error=error or status)

    def close(self) -> None:
        """End the program; what was shared stays readable while somebody holds `memory`."""
        if self._broker is not None:
            self._over(self._broker.request({"over": True, "limits": {"wall_s": MARGIN_S}}))

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
