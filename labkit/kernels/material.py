"""Inputs that no kernel has seen, and what is right for them: by the task's own Model in a confined process.

Each set of inputs has a seed of its own that is secret and used once by each candidate process, so that there
is nothing to replay. The reference runs in float64; in the task's own type it runs too, to know what error
is honest. Both happen in a process that no candidate ever enters.
"""

from __future__ import annotations

import copy
import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from labkit.errors import BadInput, SandboxUnavailable
from labkit.sandbox.results import Isolation, Limits
from labkit.sandbox.session import Session

from .arrays import Array, Expected, expected, median_size, numpy_kind, root_mean_square, view_at
from .backends import PROCESSOR, TORCH
from .inside import TASK
from .tasks import KernelTask, Sizes, in_words, smaller

TASK_LIMITS = Limits(wall_s=60, cpu_s=3600, memory_mib=8192, processes=8, disk_mib=64, value_mib=64)
ARENA_BYTES = 1 << 30  # address space; only what is written takes memory
TASK_S = 60.0
# What overflows without care, what cancels, what crowds one place; rows that differ in scale, a row that is
# not a number. With how many times the usual error: most are for what fails altogether, and enlarge a sum's.
WIDER: tuple[tuple[dict[str, Any], float], ...] = (
    ({"factor": 64.0}, 16.0),
    ({"factor": 2.0**-16}, 4.0),
    ({"shift": 100.0, "skewed": True}, 16.0),
    ({"shift": -131072.0}, 16.0),
    ({"rows": "uneven"}, 4.0),
    ({"rows": "falling"}, 4.0),
    ({"rows": "tainted"}, 4.0),
    ({"rows": "partly tainted"}, 4.0),
    ({"rows": "tied"}, 4.0),
    ({"rows": "confident"}, 4.0),
    ({"rows": "holes"}, 4.0),
    ({"rows": "spiked"}, 4.0),
    ({"shift": 1024.0, "opposed": True}, 4.0),
)
# Where rows differ in scale, each row's error is held against its own size: that of most of its elements,
# where one is far larger.
ROW_SIZES = {"uneven": root_mean_square, "falling": root_mean_square, "spiked": median_size}
# Of the size of usual results: those of confident rows are small, and, where there are enough to tell, to be
# right for all that.
FLAT, ENOUGH = 0.01, 64
POOL = 22  # sets of inputs that are kept for the next candidates


@dataclass(frozen=True)
class Material:
    """One call's inputs (arrays, or (kind, value) of a plain number), parameters, and right outputs."""

    inputs: tuple[Array | tuple[str, float], ...]
    params: tuple[Array, ...]
    expected: tuple[Expected, ...]
    sound: bool = True  # the results are finite, torch's own in the task's type too

    @property
    def arrays(self) -> list[Array]:
        return [part for part in (*self.inputs, *self.params) if isinstance(part, Array)]

    def loosened(self, times: float) -> Material:
        """The same, with so many times the error allowed."""
        return replace(self, expected=tuple(e._replace(slack=times * e.slack) for e in self.expected))

    @property
    def array_bytes(self) -> list[int]:
        """Bytes of each array of a call: inputs, parameters, outputs."""
        outputs = [e.exact.size * numpy_kind(e.kind).itemsize for e in self.expected]
        return [array.nbytes for array in self.arrays] + outputs

    @property
    def nbytes(self) -> int:
        """Bytes that an honest kernel reads and writes at least once."""
        return sum(self.array_bytes)


class Reference:
    """The process that a task's own Model runs in, at any shape, in float64 and in `dtype`.

    Raises BadInput when the task's own code fails, prints too much, hangs or needs more than there is.
    """

    def __init__(
        self,
        task: KernelTask,
        dtype: str = "",
        *,
        isolation: Isolation = "auto",
        stop: threading.Event | None = None,
    ) -> None:
        self.task, self.dtype = task, dtype or task.dtypes[0]
        self._session = Session(
            TASK, "turn", shared_bytes=ARENA_BYTES, limits=TASK_LIMITS, preload=TORCH,
            extra=(PROCESSOR,), isolation=isolation, stop=stop,
        )  # fmt: skip
        self._sources: dict[str, Source] = {}
        self.lock = threading.RLock()  # a process is asked one thing at a time
        if self._session.start.status != "ok":
            raise SandboxUnavailable(f"the reference's process: {self._session.start.error}")

    def at(self, sizes: Sizes) -> Source:
        """Materials of one shape."""
        key = shape_key(self.task.at(sizes))
        with self.lock:
            if key not in self._sources:
                self._sources[key] = Source(self, key, sizes)
            return self._sources[key]

    def ask(self, what: str, sizes: Sizes, *question: Any) -> Any:
        """The answer of its process. Raises BadInput."""
        answer = self._session.ask(*question, wall_s=TASK_S)
        if answer.status == "ok":
            return answer.value
        last = answer.error.strip().rpartition("\n")[2]
        at = f"task {self.task.name} at {in_words(sizes)}"
        raise BadInput(f"{at}: {what} failed: {answer.status}: {last}")

    def copy(self, place: Sequence[Any]) -> Array:
        """What lies at [offset, dtype, shape] of the shared memory."""
        return Array(place[1], view_at(np.frombuffer(self._session.memory, np.uint8), place).copy())

    def close(self) -> None:
        self._session.close()

    def __enter__(self) -> Reference:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def shape_key(sizes: Sizes) -> str:
    """A name for a shape that a folder can have."""
    return "-".join(f"{name}_{value}" for name, value in sorted(sizes.items())) or "as-is"


@dataclass
class Pool:
    """The materials of a shape that were made already. `seed`: the first set's."""

    kept: list[Material] = field(default_factory=list)
    near: list[Material] = field(default_factory=list)
    wide: list[tuple[str, Material]] | None = None
    seed: int = 0


class Source:
    """Materials of one shape. `init`, `state`: how a Model is made and what it holds; `flops` of a call as
    torch counts them; `fan_in`: how many inputs one output depends on. `threads`: of its kernels, where not
    the process's; `bounded`: each of their accesses is looked at."""

    def __init__(self, reference: Reference, key: str, sizes: Sizes) -> None:
        self._reference, self._name, self.key, self.sizes = reference, key, key, reference.task.at(sizes)
        self.dtype, self.text = reference.dtype, reference.task.source_at(sizes)
        self.init, self.state = reference.ask("its module", sizes, "load_task", key, self.text)
        seed = secrets.randbits(40)
        self.flops, self.fan_in = reference.ask("its Model", sizes, "work", key, seed)
        self.threads, self.like, self.bounded = 0, "", False
        self._pool = Pool()

    def get(self, i: int) -> Material:
        """The i-th set of inputs; the first ones are kept."""
        with self._reference.lock:
            while len(self._pool.kept) <= min(i, POOL - 1):
                self._pool.kept.append(self.fresh())
            return self._pool.kept[i] if i < POOL else self.fresh()

    def otherwise(self, threads: int = 0, bounded: bool = False) -> Source:
        """The same materials, for a kernel that is built for more threads, or with each access looked at."""
        other = copy.copy(self)
        other.key, other.like = f"{self.key}-{threads}-threads{'-bounded' * bounded}", self.like or self.key
        other.threads, other.bounded = threads, bounded
        return other

    def near(self, i: int) -> Material:
        """The first set with a few elements changed: bait for who knows inputs by a part of them."""
        self.get(0)
        with self._reference.lock:
            while len(self._pool.near) <= i:
                self._pool.near.append(self._made(self._pool.seed, secrets.randbits(40)))
        return self._pool.near[i]

    def wide(self) -> list[tuple[str, Material]]:
        """Inputs of another scale, mean and spread, as far as they have results in the task's type; what is
        done to rows, if anything."""
        self.get(0)
        with self._reference.lock:
            if self._pool.wide is None:
                made = [(how, self._made(secrets.randbits(40), 0, **how), times) for how, times in WIDER]
                self._pool.wide = [
                    (how.get("rows", ""), m.loosened(times)) for how, m, times in made if m.sound
                ]
            return self._pool.wide

    def fresh(self) -> Material:
        """A set of inputs that nobody has seen."""
        seed = secrets.randbits(40)
        self._pool.seed = self._pool.seed or seed
        return self._made(seed, 0)

    def _made(
        self,
        seed: int,
        other: int,
        factor: float = 1.0,
        shift: float = 0.0,
        skewed: bool = False,
        opposed: bool = False,
        rows: str = "",
    ) -> Material:
        reference = self._reference
        question = "make_inputs", self._name, seed, self.dtype, other, factor, shift, skewed, opposed, rows
        layout = reference.ask("its inputs or its Model", self.sizes, *question)
        exact = [reference.copy(place).exact() for place in layout["exact"]]
        native = [reference.copy(place) for place in layout["native"]]
        shaken = [reference.copy(place).exact() for place in layout["shaken"]]
        return Material(
            tuple(tuple(part) if len(part) == 2 else reference.copy(part) for part in layout["in"]),
            tuple(map(reference.copy, layout["params"])),
            tuple(
                expected(
                    e,
                    n,
                    self.fan_in,
                    shaken[i :: len(exact)],
                    layout["usual"][i][1]
                    * min(1.0, factor, FLAT if rows == "confident" and e.size >= ENOUGH else 1.0),
                    row_size=ROW_SIZES.get(rows),
                )._replace(tainted="tainted" in rows)
                for i, (e, n) in enumerate(zip(exact, native, strict=True))
            ),
            _sound([*exact, *(n.exact() for n in native)], "tainted" in rows),
        )


def _sound(results: Sequence[np.ndarray], tainted: bool) -> bool:
    """Whether results are finite; of inputs of which some are not, whether most are."""
    finite = [np.isfinite(result) for result in results]
    return all(some.mean() > 0.5 if tainted else some.all() for some in finite if some.size)


def fitted(task: KernelTask, dtype: str = "", **options: Any) -> KernelTask:
    """The task with its sizes clamped as little as memory makes necessary. Raises BadInput if none fits."""
    problem = None
    for each in (task, *smaller(task)):
        try:
            with Reference(each, dtype, **options) as reference:
                for sizes in each.shapes:
                    reference.at(sizes).get(0)
            return each
        except BadInput as error:
            problem = problem or error
    raise problem or BadInput(f"{task.name}: no size fits")
