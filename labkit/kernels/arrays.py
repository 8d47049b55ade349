"""Arrays as the judge holds them: numpy, with bfloat16 as its bits; poison, comparison, tolerance.

What counts as right: an output's error against a float64 reference is at most a few times the error that
torch itself makes in the output's type, or what rounding in sums of that length explains. A fixed 1e-2, as
KernelBench had, passes work in half the precision; a fixed 1e-4 fails honest float16.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

# Of torch's own error in that type, how much is allowed: an honest kernel that sums in another order or
# approximates to the last digit stays below; the next smaller type is 10 times (bfloat16) to 1000 times off.
ALLOWED = {"float64": 16.0, "float32": 8.0, "float16": 3.0, "bfloat16": 3.0}
EPS = {"float64": 2.0**-52, "float32": 2.0**-23, "float16": 2.0**-10, "bfloat16": 2.0**-7}
POISON = {8: 0x7FF8DEAD5EED1234, 4: 0x7FC5EED1, 2: 0x7FC5, 1: 0x5A}  # by item size; NaN in every float type
SMALL, MANY = ("float16", "bfloat16"), 1000  # types, and results, of which a lean can be told
NORMAL = 2.0**-10  # below it a half has fewer digits
LEAN = 0.15  # of the last digit: cutting off comes to 0.35
LEAST_ROW = 1e-9  # of the size of all results: a row of zeros is not held to less
_BITS = {8: np.uint64, 4: np.uint32, 2: np.uint16, 1: np.uint8}


class Array(NamedTuple):
    """`kind`: torch's name of the type; `data`: numpy, of that type or (bfloat16) its bits."""

    kind: str
    data: np.ndarray

    @property
    def nbytes(self) -> int:
        return self.data.nbytes

    def exact(self) -> np.ndarray:
        """As float64."""
        if self.kind == "bfloat16":
            return (self.data.astype(np.uint32) << 16).view(np.float32).astype(np.float64)
        return self.data.astype(np.float64)

    def unwritten(self) -> int:
        """How many elements still hold the poison."""
        size = self.data.dtype.itemsize
        return int(np.count_nonzero(self.data.view(_BITS[size]) == _BITS[size](POISON[size])))


def numpy_kind(kind: str) -> np.dtype:
    return np.dtype({"bfloat16": "uint16"}.get(kind, kind))


def bytes_at(memory: np.ndarray, place: Sequence[Any]) -> np.ndarray:
    """The bytes of [offset, kind, shape] of a memory."""
    offset, kind, shape = place
    return memory[offset : offset + math.prod(shape) * numpy_kind(kind).itemsize]


def view_at(memory: np.ndarray, place: Sequence[Any]) -> np.ndarray:
    """The array that lies there, as it is."""
    return bytes_at(memory, place).view(numpy_kind(place[1])).reshape(place[2])


def poison(target: np.ndarray) -> None:
    """Fill with what no honest result has: NaN of a payload of our own, or an odd integer."""
    size = target.dtype.itemsize
    target.view(_BITS[size])[...] = _BITS[size](POISON[size])


class Expected(NamedTuple):
    """One output in float64, and how far off each element may be: `slack` · (|exact| + `scale`).

    `tainted`: of inputs that are not all numbers; where the exact result is none, anything is right.
    """

    kind: str
    exact: np.ndarray
    slack: float
    scale: float | np.ndarray
    tainted: bool = False

    def allowed(self) -> np.ndarray:
        return self.slack * (np.abs(self.exact) + self.scale)


def expected(
    exact: np.ndarray,
    native: Array,
    fan_in: int,
    shaken: Sequence[np.ndarray] = (),
    usual: float = 0.0,
    row_size: Callable[[np.ndarray], np.ndarray] | None = None,
) -> Expected:
    """What is right, by what torch makes of the same inputs in its own type and how long its sums are.

    `shaken`: exact results of inputs that are off in their last digit; a kernel cannot do better than that.
    `usual`: the size of results of other inputs, where these are too few to tell. `row_size`: of the rows of
    results whose scales differ; each row's error is held against its own.
    """
    if native.kind not in EPS:
        return Expected(native.kind, native.data, 0.0, 0.0)
    finite = exact[np.isfinite(exact)]
    scale = max(float(np.sqrt(np.mean(finite**2))) if finite.size else 1.0, usual)
    if row_size and exact.ndim > 1 and finite.size == exact.size:
        scale = np.maximum(row_size(exact), LEAST_ROW * (scale or 1.0))
    own = max(_off(other, exact, scale) for other in (native.exact(), *shaken))
    # a plain loop's sum of n numbers is off by some sqrt(n) roundings; the small types sum in float32
    sums = math.sqrt(fan_in) if native.kind in ("float32", "float64") else 0.0
    rounding = EPS[native.kind] / 2 * (1 + sums)
    slack = ALLOWED[native.kind] * max(own, rounding)
    return Expected(native.kind, exact, slack, scale if isinstance(scale, np.ndarray) else scale or 1.0)


def root_mean_square(rows: np.ndarray) -> np.ndarray:
    return np.sqrt(np.mean(rows**2, axis=-1, keepdims=True))


def median_size(rows: np.ndarray) -> np.ndarray:
    return np.median(np.abs(rows), axis=-1, keepdims=True)


def _off(got: np.ndarray, exact: np.ndarray, scale: float | np.ndarray) -> float:
    """The largest error, over the size of its element and of all."""
    with np.errstate(all="ignore"):
        off = np.abs(got - exact) / (np.abs(exact) + scale)
    return float(np.max(off[np.isfinite(off)], initial=0.0))


class Mismatch(NamedTuple):
    """`share` of the elements are off; the worst one, and by how many times what is allowed."""

    share: float
    index: tuple[int, ...]
    got: float
    wanted: float
    times: float

    def __str__(self) -> str:
        place = ", ".join(map(str, self.index))
        factor = "not a number" if math.isnan(self.got) else f"{self.times:.3g} times the error allowed"
        return (
            f"[{place}] is {self.got:.6g}, expected {self.wanted:.6g} ({factor}); {self.share:.1%} of the "
            "elements are off"
        )


def lean(got: Array, wanted: Expected) -> float:
    """In last digits, how far results of a small type are off towards zero on average: rounding is not.
    0.0 where torch itself is further off than by that, and for too few results."""
    kind = wanted.kind
    if kind not in SMALL or wanted.slack > ALLOWED[kind] * EPS[kind] or wanted.exact.size < MANY:
        return 0.0
    value, exact = np.abs(got.exact()), np.abs(wanted.exact)
    large = exact > np.maximum(0.1 * wanted.scale, NORMAL)
    if np.count_nonzero(large) < MANY:
        return 0.0
    return float(np.mean((exact[large] - value[large]) / exact[large])) / EPS[wanted.kind]


def mismatch(got: Array, wanted: Expected) -> Mismatch | None:
    """Where a result is wrong; None when it is right."""
    if wanted.kind not in EPS:
        if wanted.tainted:  # which place is the largest's, of what is not all numbers
            return None
        wrong = got.data != wanted.exact
        times = wrong.astype(np.float64)
    else:
        value, allowed = got.exact(), wanted.allowed()
        with np.errstate(all="ignore"):
            off = np.abs(value - wanted.exact)
            if (off <= allowed).all():
                return None
            same = (value == wanted.exact) | (np.isnan(value) & np.isnan(wanted.exact))
            same |= wanted.tainted & ~np.isfinite(wanted.exact)
            times = np.where(same, 0.0, off / np.maximum(allowed, 5e-324))
        wrong = ~(times <= 1.0)
    if not wrong.any():
        return None
    worst = int(np.argmax(np.where(np.isnan(times), np.inf, times)))
    index = tuple(int(i) for i in np.unravel_index(worst, got.data.shape))
    exact_got = float(got.exact()[index]) if got.data.shape else float(got.exact())
    return Mismatch(
        float(wrong.mean()), index, exact_got, float(wanted.exact[index]), float(times.reshape(-1)[worst])
    )
