"""One kernel in its own confined process: built once for each shape, then called on fresh inputs.

Around each call: inputs at new places, outputs full of poison, a known pattern elsewhere; then the clock
(the sandbox's, outside); then the program stands still while its outputs are copied and everything else is
compared with what was put there.
"""

from __future__ import annotations

import random
import re
import secrets
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from labkit.errors import BadInput
from labkit.sandbox.results import Isolation, Limits
from labkit.sandbox.session import Answer, Session

from .arrays import Array, bytes_at, mismatch, poison, view_at
from .backends import HOST, PROCESSOR, Kernel, command
from .caches import empty_caches
from .material import Material, Source
from .tasks import Sizes

LIMITS = Limits(wall_s=30, cpu_s=3600, memory_mib=4096, processes=16, disk_mib=64, value_mib=1)
# torch.compile keeps precompiled headers
COMPILE_LIMITS = replace(LIMITS, memory_mib=8192, processes=64, disk_mib=2048)
BUILD_S = 60.0
COMPILE_S = 300.0  # for torch.compile's first call
CALL_S = 10.0
SETTLE_CALLS, SETTLE_S = 20, 1.0
SIMULATED_S = 60.0  # Triton's interpreter takes a millisecond a program
SPAN, ALIGN = 4096, 64
CANARY = 0xFF  # not a number, in any type: what is read out of bounds does not vanish by a zero's product
LEFT = 0.02  # of the elements are poison where outputs hold a kernel's own last results


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


class KernelProcess:
    """A kernel built for some shapes; `problem`: why it could not be, and where; or None. A context manager.

    `options` of the build: `entry`, the class or function where it is not the back end's usual one; `texts`,
    a source of its own for each shape's key; `compile`, by torch.compile; `ghost`, with Triton kernels that
    do nothing; `backwards`, with their programs in the other order.
    """

    def __init__(
        self,
        kernel: Kernel,
        sources: Sequence[Source],
        *,
        threads: int = 1,
        isolation: Isolation = "auto",
        stop: threading.Event | None = None,
        **options: Any,
    ) -> None:
        self.kernel, self._random = kernel, random.Random(secrets.randbits(64))
        self.trusted = options.get("entry") == "Model"  # the task's own code, which nothing is wrong with
        self._places: dict[str, list[int]] = {}
        self.problem: Problem | None = None
        self.sizes: Sizes = {}
        build_s = COMPILE_S if options.get("compile") else BUILD_S
        self._first_s = dict.fromkeys((source.key for source in sources), build_s)
        room = max(2 * _room(source.get(0)) for source in sources) + (1 << 16)
        room = -(-room // SPAN) * SPAN
        self.session = Session(
            HOST, "turn", shared_bytes=room, preload=kernel.row.modules,
            limits=COMPILE_LIMITS if options.get("compile") else LIMITS,
            env={"OMP_NUM_THREADS": str(threads)}, preload_env=dict(kernel.row.env), extra=(PROCESSOR,),
            isolation=isolation, stop=stop,
        )  # fmt: skip
        if self.session.start.status != "ok":
            self.problem = Problem("internal_error", self.session.start.error)
        else:
            self._build(sources, {"threads": threads, **options})

    def _build(self, sources: Sequence[Source], options: dict[str, Any]) -> None:
        texts = options.pop("texts", {})
        options = {
            "entry": self.kernel.row.entry,
            "compile": False,
            "ghost": False,
            "backwards": False,
            "guarded": False,
            **options,
        }
        options["watched"] = self.kernel.backend == "triton"
        try:
            options["command"] = command(self.kernel.source) if self.kernel.backend == "c" else []
        except BadInput as error:
            self.problem = Problem("refused", str(error))
            return
        configs = {
            source.key: {
                **options, "sizes": source.sizes, "dtype": source.dtype, "init": source.init,
                "state": source.state, "text": texts.get(source.key, ""), "like": source.like,
                "threads": source.threads or options["threads"],
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

    def call(
        self,
        source: Source,
        material: Material,
        core: int | None = None,
        *,
        again: bool = False,
        junk: bool = False,
        left: Sequence[Array] = (),
        cold: bool = False,
        fenced: bool = False,
        after: Material | None = None,
    ) -> Call:
        """Run it once on these inputs, on one core or on any, and see whether all is well.

        Inputs lie at new places, or `again` where they last did; outputs hold poison, or `junk` that looks
        like results, or what was `left` of an earlier call but for a few elements. `cold`: nothing of it
        lies in a cache. `fenced`: each array ends where memory ends. `after`: an untimed call
        on these inputs comes first, in the same place, so that the code at least is in the caches.
        """
        memory = np.frombuffer(self.session.memory, np.uint8)
        if not self.trusted:
            memory[...] = CANARY
        if not again or source.key not in self._places:
            self._places[source.key] = self._offsets(material.array_bytes, len(memory), fenced)
        at = iter(self._places[source.key])
        given: list[list[Any]] = []
        for part in material.inputs:
            array = isinstance(part, Array)
            given.append([next(at), part.kind, list(part.data.shape)] if array else list(part))
        params = [[next(at), a.kind, list(a.data.shape)] for a in material.params]
        outputs = [[next(at), e.kind, list(e.exact.shape)] for e in material.expected]
        self._write(memory, params, material.params)
        layout: dict[str, Any] = {"in": given, "params": params, "out": outputs}
        ends = zip(self._places[source.key], material.array_bytes, strict=True)
        layout["fences"] = [offset + size for offset, size in ends] if fenced else []
        ready = self.session.ask("place", source.key, layout, wall_s=CALL_S)
        if ready.status != "ok":
            return Call(0.0, 0.0, _problem(ready))
        inputs = [p for p in given if len(p) == 3]
        if after:
            self._write(memory, inputs, [a for a in after.inputs if isinstance(a, Array)])
            self._write(memory, params, after.params)
            went = self.session.ask("go", source.key, wall_s=CALL_S, core=core)
            if went.status != "ok":
                return Call(went.wall_s, went.cpu_s, _problem(went))
        self._write(memory, inputs, [a for a in material.inputs if isinstance(a, Array)])
        self._write(memory, params, material.params)  # again: `place` let the candidate's code see them
        for i, (place, wanted) in enumerate(zip(outputs, material.expected, strict=True)):
            target = view_at(memory, place)
            poison(target)
            if left and target.size:
                kept = np.random.default_rng(self._random.getrandbits(64)).random(target.shape) >= LEFT
                kept.flat[self._random.randrange(target.size)] = False
                target[kept] = left[i].data[kept]
            if junk and place[1] != "bfloat16":
                with np.errstate(all="ignore"):
                    target[...] = np.roll(wanted.exact, 1)
        if cold:
            empty_caches(core)
        answer = self.session.ask("go", source.key, wall_s=self._first_s[source.key], core=core)
        self._first_s[source.key] = SIMULATED_S if self.kernel.row.tier == "simulated" else CALL_S
        if answer.status != "ok":
            return Call(answer.wall_s, answer.cpu_s, _problem(answer))
        if self.trusted:
            return Call(answer.wall_s, answer.cpu_s)
        results = tuple(Array(place[1], view_at(memory, place).copy()) for place in outputs)
        problem = self._touched(memory, [*inputs, *params], material.arrays, outputs)
        problem = problem or wrong(results, material)
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

    def _offsets(self, sizes: Sequence[int], room: int, fenced: bool = False) -> list[int]:
        """Where arrays of these sizes go, in an order and at distances that are new each time; `fenced`: with
        their ends at the end of a page."""
        order = list(range(len(sizes)))
        self._random.shuffle(order)
        slack = (room - sum(-(-s // ALIGN) * ALIGN + SPAN for s in sizes) - SPAN) // (len(sizes) + 1)
        at, offsets = SPAN, [0] * len(sizes)
        for i in order:
            at += self._random.randrange(max(1, slack // ALIGN)) * ALIGN
            offsets[i] = at = at + (-(at + sizes[i]) % SPAN if fenced else 0)
            at += -(-sizes[i] // ALIGN) * ALIGN + SPAN
        return offsets

    @staticmethod
    def _write(memory: np.ndarray, places: Sequence[list], arrays: Sequence[Array]) -> None:
        for place, array in zip(places, arrays, strict=True):
            view_at(memory, place)[...] = array.data

    @staticmethod
    def _touched(
        memory: np.ndarray, places: Sequence[list], arrays: Sequence[Array], outputs: Sequence[list]
    ) -> Problem | None:
        """Whether anything but the outputs was written to."""
        for place, array in zip(places, arrays, strict=True):
            seen = bytes_at(memory, place)
            if not np.array_equal(seen, np.frombuffer(np.ascontiguousarray(array.data), np.uint8)):
                shape = tuple(place[2])
                return Problem("changed_input", f"an input or parameter of shape {shape} was written to")
            seen[...] = CANARY
        for place in outputs:
            bytes_at(memory, place)[...] = CANARY
        if np.bitwise_and.reduce(memory.view(np.int64)) != -1:  # all of it is CANARY
            strays = int(np.count_nonzero(memory != CANARY))
            return Problem("out_of_bounds", f"{strays} bytes outside the outputs were written to")
        return None

    def close(self) -> None:
        self.session.close()

    def __enter__(self) -> KernelProcess:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _room(material: Material) -> int:
    return sum(size + SPAN + ALIGN for size in material.array_bytes) + 2 * SPAN


def wrong(results: Sequence[Array], material: Material) -> Problem | None:
    """What is wrong with the outputs of a call."""
    for i, (got, wanted) in enumerate(zip(results, material.expected, strict=True)):
        name = "the output" if len(results) == 1 else f"output {i}"
        if left := got.unwritten():
            return Problem("unwritten", f"{name}: {left} of {got.data.size} elements were not written")
        if off := mismatch(got, wanted):
            return Problem("wrong_answer", f"{name}{off}")
    return None


def _problem(answer: Answer) -> Problem:
    """The named reason of an answer that is none."""
    last = answer.error.strip().rpartition("\n")[2]
    if "BadOutput: " in last:
        return Problem("bad_output", last.partition("BadOutput: ")[2])
    if "Fallback: " in last:
        return Problem("fallback", last.partition("Fallback: ")[2])
    if answer.status == "runtime_error" and last.startswith("ended by SIG"):
        return Problem("crashed", last)
    at = re.findall(r'candidate[^"]*", line (\d+)', answer.error)
    return Problem(answer.status, f"{last} (line {at[-1]})" if at else last[-500:])
