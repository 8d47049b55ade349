"""A run that is asked one thing after another, and stands still whenever nobody waits for an answer.

The program is stopped (SIGSTOP) as soon as its answer is in, and goes on when the next question goes out,
when the clock starts: it can work neither ahead nor after. Between questions the other side may look at and
change the memory it shares with the program.
"""

from __future__ import annotations

import contextlib
import fcntl
import math
import os
import select
import signal
import time
from collections.abc import Callable

from . import tree
from .spare import Spare
from .watch import ALL_CORES, Watch, make_room
from .wire import read_message

SIZED = fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_SEAL  # or a program could cut it off below us


class Conversation(Watch):
    """`tell(message)`: to the parent. Its answers: {"shared": descriptor} once, then one a question."""

    FROM_PARENT = select.POLLIN | select.POLLHUP

    def __init__(self, request: dict, setup: dict, spare: Spare, zygote: int, tell: Callable[[dict], None]):
        super().__init__(request, setup, spare, zygote)
        self.tell = tell
        self.awaited = True  # the parent waits for a word: the request itself is the first question
        self.first, self.over, self.core = True, False, None
        os.ftruncate(spare.shared, request["shared"])
        fcntl.fcntl(spare.shared, fcntl.F_ADD_SEALS, SIZED)

    def run(self) -> dict:
        reply = super().run()
        if not self.awaited and read_message(0) is None:  # it ended unasked: that is the next answer
            os._exit(0)
        return reply

    def _on_parent(self, events: int) -> None:
        message = read_message(0) if events & select.POLLIN else None
        if message is None:
            super()._on_parent(events)
        self.awaited = True
        if "ask" in message:
            self.queue.append(message["ask"])
            self._keep_to(message["core"])
        else:
            self.over = True
        now = time.monotonic()
        self.deadline, self.next_sample = now + message["limits"]["wall_s"], now + self.sample_s
        self._send_next()

    def _keep_to(self, core: int | None) -> None:
        """Have the program's first thread run on one core, and this process on the others."""
        if core == self.core:
            return
        self.core = core
        with contextlib.suppress(OSError):
            os.sched_setaffinity(self.program, ALL_CORES if core is None else [core])
        make_room(core)

    def _received(self, value: bytes) -> None:
        if not self.queue:  # of the first messages there are several
            with contextlib.suppress(OSError):
                os.kill(self.program, signal.SIGSTOP)
                while not tree.stopped(self.program):  # a busy thread takes its time: the clock runs on
                    os.sched_yield()
        super()._received(value)

    def _send_next(self) -> None:
        if self.over:
            self._release()
        if self.queue or self.over:
            super()._send_next()
        elif not self.status:
            self._pause()

    def _release(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.program, signal.SIGCONT)

    def _pause(self) -> None:
        self.mark = None
        if len(tree.descendants(self.root)) > 1:  # stopped is only the program itself
            return self._fail("process_limit", "it has processes that go on after its answer")
        self.deadline = self.next_sample = math.inf
        self.awaited = False
        if self.first:
            self.first = False
            # the first two answers: the interpreter is up, and the source was run
            self.tell({"shared": self.spare.shared, "answer": self.calls[-1]})
        else:
            self.tell({"answer": self.calls[-1]})
        self.calls.clear()
