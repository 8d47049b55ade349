"""One kernel in its own confined process: built once for each shape, then called on fresh inputs.

Around each call: inputs at new places, outputs full of poison, a known pattern elsewhere; then the clock
(the sandbox's, outside); then the program stands still while its outputs are copied and everything else is
compared with what was put there.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from labkit.errors import BadInput
from labkit.sandbox.results import Isolation, Limits
from labkit.sandbox.session import Answer, Session

from .arena import CANARY, Arena, room
from .arrays import LEAN, Array, lean, mismatch
from .backends import PROCESSOR, Kernel, bounded, command
from .caches import empty_caches
from .inside import BOUNDS, HOST
from .material import Material, Source
from .tasks import Sizes

LIMITS = Limits(wall_s=30, cpu_s=3600, memory_mib=4096, processes=16, disk_mib=64, value_mib=8)
# torch.compile keeps precompiled headers
COMPILE_LIMITS = replace(LIMITS, memory_mib=8192, processes=64, disk_mib=2048)
BUILD_S = 60.0
COMPILE_S = 300.0  # for torch.compile's first call
CALL_S = 10.0
SETTLE_CALLS, SETTLE_S = 20, 1.0
SIMULATED_S = 60.0  # Triton's interpreter takes a millisecond a program


class Problem(NamedTuple):
    """Why a candidate is rejected: a named status, and words."""

    status: str
    words: str


class Call(NamedTuple):
    """One call's costs, seconds of wall and of CPU time (all threads), or what was wrong with it."""

    wall_s: float
    cpu_s: float
    problem: Problem | None = None
    outputs: tuple[Array, ...] = ()


class How(NamedTuple):
    """How a call is made. `again`: inputs lie where they last did, not at new places. `junk`: outputs hold
    what looks like results, not poison; `left`: what an earlier call made, but for a few elements. `cold`:
    nothing of it lies in a cache. `fenced`: each array ends where memory ends. `after`: an untimed call on
    these inputs comes first, in the same place, so that the code at least is in the caches."""

    again: bool = False
    junk: bool = False
    left: Sequence[Array] = ()
    cold: bool = False
    fenced: bool = False
    after: Material | None = None


AS_USUAL = How()


class KernelProcess:
    """A kernel built for some shapes; `problem`: why it could not be, and where; or None. A context manager.

    `objects`: what was compiled of a source, by shape, for the next process of it. `options` of the build:
    `entry`, the class or function where it is not the back end's usual one; `texts`, a source of its own for
    each shape's key; `compile`, by torch.compile; `ghost`, with Triton kernels that do nothing; `backwards`,
    with their programs in the other order.
    """

    def __init__(
        self,
        kernel: Kernel,
        sources: Sequence[Source],
        *,
        threads: int = 1,
        objects: dict[str, dict[str, bytes]] | None = None,
        isolation: Isolation = "auto",
        stop: threading.Event | None = None,
        **options: Any,
    ) -> None:
        self.kernel, self._dirty = kernel, False
        self._objects = {} if objects is None else objects
        self.trusted = options.get("entry") == "Model"  # the task's own code, which nothing is wrong with
        self.problem: Problem | None = None
        self.sizes: Sizes = {}
        build_s = COMPILE_S if options.get("compile") else BUILD_S
        self._first_s = dict.fromkeys((source.key for source in sources), build_s)
        self.session = Session(
            HOST, "turn", shared_bytes=max(room(source.get(0)) for source in sources),
            preload=kernel.row.modules, limits=COMPILE_LIMITS if options.get("compile") else LIMITS,
            env={"OMP_NUM_THREADS": str(threads)}, preload_env=dict(kernel.row.env), extra=(PROCESSOR,),
            isolation=isolation, stop=stop,
        )  # fmt: skip
        if self.session.start.status != "ok":
            self.problem = Problem("internal_error", self.session.start.error)
        else:
            self._arena = Arena(self.session.memory)
            self._build(sources, {"threads": threads, **options})

    def _build(self, sources: Sequence[Source], options: dict[str, Any]) -> None:
        texts = options.pop("texts", {})
        options = {"entry": self.kernel.row.entry, "watched": self.kernel.backend == "triton", **options}
        try:
            options["command"] = command(self.kernel.source) if self.kernel.backend == "c" else []
        except BadInput as error:
            self.problem = Problem("refused", str(error))
            return
        looked_at = {"bounds": BOUNDS, "command": bounded(options["command"])} if options["command"] else {}
        objects = self._objects.setdefault(self.kernel.source, {})
        configs = {
            source.key: {
                **options, "sizes": source.sizes, "dtype": source.dtype, "init": source.init,
                "state": source.state, "text": texts.get(source.key, ""), "like": source.like,
                "object": objects.get(source.key, b""), "threads": source.threads or options["threads"],
                **(looked_at if source.bounded else {}),
            }
            for source in sources
        }  # fmt: skip
        answer = self.session.ask("build", self.kernel.backend, self.kernel.source, configs, wall_s=BUILD_S)
        if answer.status != "ok":
            found = _problem(answer)
            self.problem = (
                found._replace(status="compile_error") if found.status == "runtime_error" else found
            )
            return
        for source in sources:
            said = answer.value.get(source.key) if isinstance(answer.value, dict) else None
            whole = isinstance(said, tuple) and len(said) == 2
            status, words = said if whole else ("internal_error", "no answer")
            if status != "ok":
                self.problem, self.sizes = Problem(str(status), str(words)), source.sizes
                return
            if isinstance(words, bytes):
                objects[source.key] = words

    def call(self, source: Source, material: Material, core: int | None = None, how: How = AS_USUAL) -> Call:
        """Run it once on these inputs, on one core or on any, and see whether all is well."""
        arena, inside = self._arena, room(material)
        if self._dirty:  # the last call went wrong
            arena.memory[...] = CANARY
        self._dirty = True
        offsets = arena.offsets(source.key, material, again=how.again, fenced=how.fenced)
        at = iter(offsets)
        given: list[list[Any]] = []
        for part in material.inputs:
            array = isinstance(part, Array)
            given.append([next(at), part.kind, list(part.data.shape)] if array else list(part))
        params = [[next(at), a.kind, list(a.data.shape)] for a in material.params]
        outputs = [[next(at), e.kind, list(e.exact.shape)] for e in material.expected]
        arena.write(params, material.params)
        ends = [offset + size for offset, size in zip(offsets, material.array_bytes, strict=True)]
        layout = {"in": given, "params": params, "out": outputs, "fences": ends if how.fenced else []}
        ready = self.session.ask("place", source.key, layout, wall_s=CALL_S)
        if ready.status != "ok":
            return Call(0.0, 0.0, _problem(ready))
        arrays = [*(p for p in given if len(p) == 3), *params]
        if how.after:
            arena.write(arrays, how.after.arrays)
            went = self.session.ask("go", source.key, wall_s=CALL_S, core=core)
            if went.status != "ok":
                return Call(went.wall_s, went.cpu_s, _problem(went))
        arena.write(arrays, material.arrays)  # parameters again: `place` let the candidate's code see them
        arena.bait(outputs, material, junk=how.junk, left=how.left)
        if how.cold:
            empty_caches(core)
        answer = self.session.ask("go", source.key, wall_s=self._first_s[source.key], core=core)
        self._first_s[source.key] = SIMULATED_S if self.kernel.row.tier == "simulated" else CALL_S
        if answer.status != "ok":
            return Call(answer.wall_s, answer.cpu_s, _problem(answer))
        if self.trusted:
            self._dirty = False
            return Call(answer.wall_s, answer.cpu_s)
        results = arena.read(outputs)
        found = arena.strays(arrays, material.arrays, outputs, inside)
        self._dirty = found is not None
        problem = Problem(*found) if found else wrong(results, material)
        return Call(answer.wall_s, answer.cpu_s, problem, results)

    def settle(self, source: Source) -> None:
        """Call it until its own warm-up is over: PyTorch's first calls take several times as long."""
        if self.problem is None and (problem := self.call(source, source.get(0)).problem):
            self.problem, self.sizes = problem, source.sizes
        until = time.monotonic() + SETTLE_S
        for _ in range(SETTLE_CALLS):
            if self.problem or time.monotonic() > until:
                break
            self.session.ask("go", source.key, wall_s=CALL_S)

    def empty_s(self, core: int | None = None, n: int = 9) -> float:
        """Wall seconds of a call that does nothing: the least of a few."""
        return min(self.session.ask("nothing", core=core).wall_s for _ in range(n))

    def fill_new_memory(self, on: bool) -> None:
        """Whether memory that the candidate asks for is full of large numbers, where zeros are usual."""
        self.session.ask("fill_new_memory", on)

    def close(self) -> None:
        self.session.close()

    def __enter__(self) -> KernelProcess:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def wrong(results: Sequence[Array], material: Material) -> Problem | None:
    """What is wrong with the outputs of a call."""
    for i, (got, wanted) in enumerate(zip(results, material.expected, strict=True)):
        name = "the output" if len(results) == 1 else f"output {i}"
        if left := got.unwritten():
            return Problem("unwritten", f"{name}: {left} of {got.data.size} elements were not written")
        if off := mismatch(got, wanted):
            return Problem("wrong_answer", f"{name}{off}")
        if (by := lean(got, wanted)) > LEAN:
            words = f"{name} is cut off, not rounded: {by:.2f} of a last digit towards zero on average"
            return Problem("wrong_answer", words)
    return None


def _problem(answer: Answer) -> Problem:
    """The named reason of an answer that is none."""
    last = answer.error.strip().rpartition("\n")[2]
    if "BadOutput: " in last:
        return Problem("bad_output", last.partition("BadOutput: ")[2])
    if "OutOfBounds: " in last:
        return Problem("out_of_bounds", last.partition("OutOfBounds: ")[2])
    if "Fallback: " in last:
        return Problem("fallback", last.partition("Fallback: ")[2])
    if answer.status == "runtime_error" and last.startswith("ended by SIG"):
        return Problem("crashed", last)
    at = re.findall(r'candidate[^"]*", line (\d+)', answer.error)
    return Problem(answer.status, f"{last} (line {at[-1]})" if at else last[-500:])
