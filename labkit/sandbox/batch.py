"""Many programs: in order, a bounded number at a time, stoppable, resumable from a record; and async forms.

Each result is recorded as it arrives, so a batch that is interrupted (or whose cluster loses a worker)
repeats only what has not been recorded.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from functools import partial
from typing import Any

from labkit import record as records
from labkit.errors import BadInput

from .cores import Stopped
from .execution import run
from .request import checked_source
from .results import Execution

RESULT = "execution"
Progress = Callable[[int, int | None], Any]


def map(
    programs: Iterable[str],
    *,
    executor: Executor | None = None,
    ahead: int | None = None,
    progress: Progress | None = None,
    record: records.Run | None = None,
    stop: threading.Event | None = None,
    **options: Any,
) -> Iterator[Execution]:
    """Run each program with `run(program, **options)`; executions in the order of the programs.

    `programs` may be endless: it is read no further than `ahead` beyond the results taken (default: twice
    the executor's workers). `executor`: any; own threads when None. `progress(done, of)` is called as runs
    end; `of` is None for an iterator without a length. `record`: an open run; what it holds already is not
    run again. Setting `stop`, or closing the iterator, cancels what has not begun and ends what runs here.

    >>> [done.stdout for done in map(["print(1)", "print(2)"], mode="fast")]
    ['1\\n', '2\\n']
    """
    own = executor is None
    executor = executor or ThreadPoolExecutor(os.cpu_count() or 1)
    of = len(programs) if hasattr(programs, "__len__") else None
    ahead = 2 * _workers(executor) if ahead is None else ahead
    if not isinstance(ahead, int) or ahead < 1:
        raise BadInput(f"ahead={ahead!r}: give a whole number from 1 on")
    batch = _Batch(executor, ahead, record, stop or threading.Event(), options)
    try:
        yield from batch.run(iter(programs), lambda done: progress(done, of) if progress else None)
    finally:
        batch.cancel()
        if own:
            executor.shutdown()


class _Batch:
    """The window of runs between the programs read and the results taken."""

    def __init__(
        self, executor: Executor, ahead: int, record: records.Run | None, stop: threading.Event, options: dict
    ) -> None:
        self.executor, self.ahead, self.record, self.stop = executor, ahead, record, stop
        self.over = _Either(stop)
        local = isinstance(executor, ThreadPoolExecutor)  # an event does not travel to other processes
        self.job = partial(_run, **options, **({"stop": self.over} if local else {}))
        self.how = repr(sorted(options.items(), key=lambda item: item[0]))
        past = record.events(RESULT) if record else []
        self.past = {(e["data"]["index"], e["data"]["program"]): e["data"]["execution"] for e in past}
        self.running: dict[Future, tuple[int, str]] = {}
        self.ready: dict[int, Execution] = {}
        self.done = 0

    def run(self, programs: Iterator[str], tell: Callable[[int], Any]) -> Iterator[Execution]:
        submitted = taken = 0
        more = True
        while more or taken < submitted:
            while more and submitted < taken + self.ahead and not self.stop.is_set():
                program = next(programs, _NO_MORE)
                if more := program is not _NO_MORE:
                    self._submit(submitted, program, tell)
                    submitted += 1
            if taken in self.ready:
                yield self.ready.pop(taken)
                taken += 1
            elif self.stop.is_set():
                raise Stopped(f"stopped after {self.done} programs")
            elif self.running:
                self._collect(tell)

    def _submit(self, index: int, program: str, tell: Callable[[int], Any]) -> None:
        asked = f"{program}\0{self.how}"  # another limit or input is another run
        key = hashlib.sha256(asked.encode(errors="surrogatepass")).hexdigest()[:16]
        if stored := self.past.get((index, key)):
            self._keep(index, Execution.from_json(stored), tell)
        else:
            self.running[self.executor.submit(self.job, program)] = index, key

    def _collect(self, tell: Callable[[int], Any]) -> None:
        """Take in what has ended, whatever its turn; recorded at once."""
        ended, _ = wait(self.running, timeout=0.1, return_when=FIRST_COMPLETED)
        for future in ended:
            index, key = self.running.pop(future)
            execution = future.result()
            if self.record:
                self.record.event(RESULT, {"index": index, "program": key, "execution": execution.to_json()})
            self._keep(index, execution, tell)

    def _keep(self, index: int, execution: Execution, tell: Callable[[int], Any]) -> None:
        self.ready[index] = execution
        self.done += 1
        tell(self.done)

    def cancel(self) -> None:
        if not all([future.cancel() for future in self.running]):  # each is asked: no short cut
            self.over.set()


class _Either(threading.Event):
    """Set by itself, or when the caller's own event is, which is only looked at."""

    def __init__(self, other: threading.Event) -> None:
        super().__init__()
        self.other = other

    def is_set(self) -> bool:
        return super().is_set() or self.other.is_set()


def _run(program: str, **options: Any) -> Execution:
    """A text that is no program is one bad result among others, not the end of the batch."""
    try:
        checked_source(program)
    except BadInput as error:
        return Execution("runtime_error", detail=str(error))
    return run(program, **options)


_NO_MORE: Any = object()


def _workers(executor: Executor) -> int:
    return getattr(executor, "_max_workers", None) or os.cpu_count() or 1


async def run_async(code: str, **options: Any) -> Execution:
    """`run` for an event loop; cancelling the task kills the program.

    >>> asyncio.run(run_async("print(1)")).stdout
    '1\\n'
    """
    stop = threading.Event()
    job = asyncio.get_running_loop().run_in_executor(None, partial(run, code, stop=stop, **options))
    try:
        return await asyncio.shield(job)
    except asyncio.CancelledError:
        stop.set()
        await asyncio.gather(job, return_exceptions=True)
        raise


async def map_async(
    programs: Iterable[str], *, stop: threading.Event | None = None, **options: Any
) -> AsyncIterator[Execution]:
    """`map` for an event loop: results in order while the loop goes on with other work.

    Cancelling the task that waits for one kills what runs.

    >>> async def first():
    ...     return [done.stdout async for done in map_async(["print(1)"], mode="fast")]
    >>> asyncio.run(first())
    ['1\\n']
    """
    over = _Either(stop or threading.Event())
    results = map(programs, stop=over, **options)
    try:
        while True:
            coming = asyncio.ensure_future(asyncio.to_thread(next, results, _NO_MORE))
            if (done := await asyncio.shield(coming)) is _NO_MORE:
                return
            yield done
    finally:
        over.set()
        await asyncio.gather(coming, return_exceptions=True)
        await asyncio.to_thread(results.close)
