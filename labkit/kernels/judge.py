"""The judge of a kernel: is it right, on every shape and every call, and is it faster than torch?

There is no phase that is only checked or only timed: each call has inputs that the process has not seen and
each timed output is compared with a float64 reference, so a candidate gains nothing by telling them apart.
The baseline runs in a process of its own, call by call in turn with the candidate (2502.10517 times them
apart). Only a measured tier gives a speedup.
"""

from __future__ import annotations

import contextlib
import math
import os
import random
import re
import secrets
import statistics
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from labkit.errors import BadInput
from labkit.sandbox.cores import lease
from labkit.sandbox.results import Isolation
from labkit.stats import Outcome, Verdict, compare_paired, taking_turns

from .backends import Kernel
from .filter import degenerate
from .material import POOL, Reference, Source
from .outcomes import accepted, detail_of, rejection
from .process import Call, How, KernelProcess, Problem
from .roofline import floor_s, roofline_s
from .screen import screen
from .tasks import KernelTask, Sizes, in_words
from .trials import OWN_CODE, REPEATS, Rejected, above, bait, check, checked_call, replays, watch, widely

PARALLEL = re.compile(r"\bomp\b|\bprange\b|\bparallel\b")
LOOKED_AT = 5e7  # FLOPs at most of a call of which each access is looked at: that is a hundred times slower
WARM_UPS = 2  # calls that are checked and not timed: lazy set-up is not the kernel's


@dataclass
class KernelJudge:
    """Judges candidates for one task in one type, on `threads` cores; keeps what it knows of the task.

    `judge(kernel)` says whether it is right and how fast beside eager torch; `compare(a, b)` which of two is
    faster; `faster_than("compile", kernel)` how it does beside torch.compile. `cold`: each call finds empty
    caches, as in a program that does much else; the baseline's calls, too. A context manager.
    """

    task: KernelTask
    dtype: str = ""
    threads: int = 1
    max_pairs: int = POOL - WARM_UPS - 2 * REPEATS
    min_pairs: int = 8
    cold: bool = False
    isolation: Isolation = "auto"
    stop: threading.Event | None = None
    objective: str = "time"
    _lock: Any = field(default_factory=threading.RLock, repr=False)
    _held: dict[str, Any] = field(default_factory=dict, repr=False)  # reference, baselines, what is known

    def __post_init__(self) -> None:
        self.dtype = self.dtype or self.task.dtypes[0]
        if self.dtype not in self.task.dtypes:
            raise BadInput(f"{self.task.name}: no dtype {self.dtype!r}: it has {', '.join(self.task.dtypes)}")

    @property
    def verdicts(self) -> dict[str, Outcome]:
        """What was said of each source, for searches that come back to one."""
        return self._held.setdefault("verdicts", {})

    # -- verdicts --------------------------------------------------------------------------------

    def judge(self, kernel: Kernel) -> Outcome:
        """Status `ok`, or the named reason; a speedup over eager torch where the tier is measured."""
        self.check_task()
        if problem := self.refused(kernel):
            return rejection(problem, {}, kernel)
        try:
            measured = kernel.row.tier.startswith("measured")
            checked, watched, timed = self._checked(kernel), self._watched(kernel), self._timed()
            with self._process(kernel, [*checked, *timed, *watched]) as process:
                process.fill_new_memory(True)
                for source in checked:
                    check(process, source)
                if measured:
                    widely(process, timed[0])
                for source in watched:
                    watch(process, source)
                process.fill_new_memory(False)
                if not measured:  # slow: once each
                    for source in timed:
                        self._called(process, source, 0)
                shapes = [self._beside(process, sizes, "eager") for sizes in self.task.shapes if measured]
            if kernel.backend == "triton":
                self._ghost(kernel)
                self._backwards(kernel)
            if not measured:
                return Outcome("ok", {}, "right, by the interpreter; no speed is known", detail_of(kernel))
        except Rejected as rejected:
            return rejection(self._explained(kernel, rejected), rejected.sizes, kernel)
        return accepted(kernel, shapes)

    def _explained(self, kernel: Kernel, rejected: Rejected) -> Problem:
        """Of a crash, whether it was a write to an input: those are read-only while a candidate runs."""
        if rejected.problem.status != "crashed" or not rejected.sizes:
            return rejected.problem
        source = self.source(rejected.sizes)
        try:
            with self._process(kernel, [source], guarded=False) as process:
                found = process.call(source, source.get(0)).problem
        except Rejected:
            return rejected.problem
        if found and found.status != "changed_input":
            return rejected.problem
        words = found.words if found else "an input was written to while it ran, and put back"
        return Problem("changed_input", words)

    def check_task(self) -> None:
        """Raise BadInput for a task that no verdict would mean anything for."""
        if "sound" not in self._held:
            for sizes in self.task.shapes:
                if reason := degenerate(self.source(sizes)):
                    at = in_words(self.task.at(sizes))
                    raise BadInput(f"{self.task.name} at {at}: refused as a test: {reason}")
            self._held["sound"] = True

    def refused(self, kernel: Kernel) -> Problem | None:
        """Why it is not run at all."""
        if missing := kernel.row.problem():
            return Problem("unavailable", missing)
        if reasons := screen(kernel):
            return Problem("refused", "; ".join(reasons))
        return None

    def faster_than(self, baseline: str, kernel: Kernel) -> Outcome:
        """Beside `eager` or `compile`, on every timed shape."""
        try:
            with self._process(kernel, self._timed()) as process:
                return accepted(kernel, [self._beside(process, s, baseline) for s in self.task.shapes])
        except Rejected as rejected:
            return rejection(rejected.problem, rejected.sizes, kernel)

    def compare(self, incumbent: Kernel, candidate: Kernel) -> Verdict:
        """Which is faster over all timed shapes: calls in turn, geometric mean. Raises Rejected."""
        sources = self._timed()
        with (
            self._process(candidate, sources) as mine,
            self._process(incumbent, sources) as theirs,
            self._lock,
            self._core() as core,
        ):
            for process in (mine, theirs):
                for source in sources:
                    self._warm(process, source, core)
            empty = self._baseline("eager").empty_s(core)

            def cost(process: KernelProcess, i: int) -> float:
                times = [self._called(process, source, WARM_UPS + i, core).wall_s for source in sources]
                return math.exp(statistics.fmean(math.log(above(t, empty)) for t in times))

            return self._pairs(lambda i: cost(theirs, i), lambda i: cost(mine, i))

    # -- parts -----------------------------------------------------------------------------------

    def checked_shapes(self) -> list[Sizes]:
        """Those that are only checked: the task's boundary, and one that stands nowhere."""
        with self._lock:
            if "mixed" not in self._held:
                self._held["mixed"] = self._mixed()
        return [*self.task.boundary, *self._held["mixed"]]

    def _timed(self) -> list[Source]:
        return [self.source(sizes) for sizes in self.task.shapes]

    def _checked(self, kernel: Kernel) -> list[Source]:
        """What is only checked; of C, one of them, nobody knows which, with each access looked at."""
        found = [self.source(sizes) for sizes in self.checked_shapes()]
        if kernel.backend == "c" and found:
            some = secrets.randbelow(len(self.task.boundary) or len(found))
            found[some] = found[some].otherwise(self.threads, bounded=True)
        return found

    def _watched(self, kernel: Kernel) -> list[Source]:
        """The first timed shape, where a kernel is to run on two threads though one is what is timed: a race
        shows on no fewer; and where its accesses are to be looked at."""
        source = self.source(self.task.shapes[0])
        alone = self.threads > 1 or len(os.sched_getaffinity(0)) < 2
        crowded = not alone and kernel.backend in OWN_CODE and bool(PARALLEL.search(kernel.source))
        bounded = kernel.backend == "c" and source.flops <= LOOKED_AT
        return [source.otherwise(2 if crowded else self.threads, bounded)] if crowded or bounded else []

    def _ghost(self, kernel: Kernel) -> None:
        """Without its Triton kernels it must be wrong, or they are not what does the work."""
        source = self.source([*self.task.shapes, *self.checked_shapes()][-1])
        with self._process(kernel, [source], ghost=True) as process:
            if process.call(source, source.get(0)).problem is None:
                problem = Problem("fallback", "right even when its Triton kernels do nothing")
                raise Rejected(problem, source.sizes)

    def _backwards(self, kernel: Kernel) -> None:
        """A kernel may not lean on the interpreter: on the order of programs, on zeros where nothing was."""
        source = self.source(self.task.shapes[0])
        with self._process(kernel, [source], backwards=True) as process:
            if problem := process.call(source, source.get(1)).problem:
                words = f"as on a GPU, where programs have no order and masks no zeros: {problem.words}"
                raise Rejected(Problem("race", words), source.sizes)

    def _beside(self, mine: KernelProcess, sizes: Sizes, baseline: str) -> dict[str, Any]:
        """Right on every call, and the verdict against a baseline at one shape."""
        source = self.source(sizes)
        # one timing at a time: the baseline's process is shared, and so are the caches
        with self._lock, self._core() as core:
            theirs = self._baseline(baseline)
            for process in (mine, theirs):
                self._warm(process, source, core)
            bait(mine, source)
            calls: list[Call] = []
            empty = theirs.empty_s(core)  # in a process that no candidate has entered

            def cost(process: KernelProcess, i: int) -> float:
                call = self._called(process, source, WARM_UPS + i, core)
                if process is mine:
                    calls.append(call)
                return above(call.wall_s, empty)

            verdict = self._pairs(lambda i: cost(theirs, i), lambda i: cost(mine, i))
            last = WARM_UPS + verdict.n
            words = replays(mine, source, last, core, empty)
            if words and replays(mine, source, last + REPEATS, core, empty):  # twice is no accident
                raise Rejected(Problem("replayed", words), source.sizes)
        work = source.get(0).nbytes, source.flops
        least = floor_s(*work, self.threads)
        median = statistics.median(call.wall_s for call in calls)
        if median < least:
            took, needs = (f"{seconds * 1e6:.0f} µs" for seconds in (median, least))
            words = f"{took}, where the machine needs {needs} for its bytes and FLOPs"
            raise Rejected(Problem("faster_than_physics", words), source.sizes)
        return {
            "sizes": dict(sizes), "baseline": baseline, "verdict": verdict,
            "wall_s": median, "empty_s": empty,
            "cpu_s": statistics.median(call.cpu_s for call in calls), "bytes": work[0], "flops": work[1],
            "least_s": roofline_s(*work, self.threads),
        }  # fmt: skip

    def _pairs(self, theirs: Callable[[int], float], mine: Callable[[int], float]) -> Verdict:
        return compare_paired(
            lambda i: taking_turns(lambda: theirs(i), lambda: mine(i))(i),
            max_pairs=self.max_pairs,
            min_pairs=min(self.min_pairs, self.max_pairs),
            stop=self.stop.is_set if self.stop else lambda: False,
        )

    def _warm(self, process: KernelProcess, source: Source, core: int | None) -> None:
        for i in range(WARM_UPS):
            self._called(process, source, i, core)

    def _called(self, process: KernelProcess, source: Source, i: int, core: int | None = None) -> Call:
        """A call on the i-th inputs. Raises Rejected when something is wrong with it.

        A timed one comes after one on inputs that it has had: PyTorch has more code than a cache holds, and
        between calls other processes run.
        """
        after = source.get(i - 1) if i >= WARM_UPS and not self.cold else None
        return checked_call(process, source, source.get(i), core, How(cold=self.cold, after=after))

    def _process(self, kernel: Kernel, sources: Sequence[Source], **options: Any) -> KernelProcess:
        given = {
            "threads": self.threads,
            "objects": self._held.setdefault("objects", {}),
            "isolation": self.isolation,
            "stop": self.stop,
            **options,
        }
        given.setdefault(
            "guarded", kernel.backend != "triton"
        )  # its interpreter writes inputs back unchanged
        process = KernelProcess(kernel, sources, **given)
        if process.problem:
            process.close()
            raise Rejected(process.problem, process.sizes)
        return process

    @contextlib.contextmanager
    def _core(self) -> Iterator[int | None]:
        """A core of its own for one thread; several threads take any."""
        if self.threads > 1:
            yield None
            return
        with lease(self.stop) as core:
            yield core

    def source(self, sizes: Sizes) -> Source:
        """Where materials of this shape come from."""
        with self._lock:
            if "reference" not in self._held:
                options: dict[str, Any] = {"isolation": self.isolation, "stop": self.stop}
                self._held["reference"] = Reference(self.task, self.dtype, **options)
            return self._held["reference"].at(sizes)

    def _baseline(self, name: str) -> KernelProcess:
        """The task's Model in torch, eager or compiled, at every timed shape."""
        with self._lock:
            if name not in self._held:
                sources = self._timed()
                self._held[name] = KernelProcess(
                    Kernel("", "torch"), sources, threads=self.threads, entry="Model",
                    texts={source.key: source.text for source in sources}, compile=name == "compile",
                    isolation=self.isolation, stop=self.stop,
                )  # fmt: skip
                for source in sources:
                    self._held[name].settle(source)
        if problem := self._held[name].problem:
            raise BadInput(f"{self.task.name}: torch's {name} fails: {problem.words}")
        return self._held[name]

    def _mixed(self) -> list[Sizes]:
        """A shape that stands nowhere, its sizes drawn from those that do: nothing to special-case."""
        every = [self.task.at(s) for s in self.task.boundary]
        if len(every) < 2:
            return []
        draw = random.Random(secrets.randbits(64))
        for _ in range(8):
            sizes = {name: draw.choice(every)[name] for name in every[0]}
            if sizes in every:
                continue
            try:
                self.source(sizes).get(0)
            except BadInput:  # sizes that do not go together
                continue
            return [sizes]
        return []

    def close(self) -> None:
        for each in self._held.values():
            if hasattr(each, "close"):
                each.close()
        self._held.clear()

    def __enter__(self) -> KernelJudge:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
