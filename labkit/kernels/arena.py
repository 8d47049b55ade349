"""The memory that a kernel's process shares with the judge: where arrays lie, and what else was written.

Arrays lie at places that are new for each call, in a part of the memory as large as their shape needs; the
rest is full of one byte, and is looked at after each call. Not covered: writes beyond that part, which are
found by the next call on a larger shape.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Sequence
from mmap import mmap

import numpy as np

from .arrays import Array, bytes_at, poison, view_at
from .material import Material

SPAN, ALIGN = 4096, 64
CANARY = 0xFF  # not a number, in any type: what is read out of bounds does not vanish by a zero's product
LEFT = 0.02  # of the elements are poison where outputs hold a kernel's own last results
SLACK = 1.25  # times what arrays need: room to lie elsewhere

Place = list  # [offset, dtype, shape], as the harness has it


def room(material: Material) -> int:
    """Bytes of the part of the memory that a call on arrays of these sizes uses: whole pages."""
    least = sum(size + SPAN + ALIGN for size in material.array_bytes) + 2 * SPAN
    return -(-int(SLACK * least + (1 << 16)) // SPAN) * SPAN


class Arena:
    """`memory` as numpy bytes; `random` chooses places."""

    def __init__(self, memory: mmap) -> None:
        self.memory = np.frombuffer(memory, np.uint8)
        self.random = random.Random(secrets.randbits(64))
        self.memory[...] = CANARY
        self._last: dict[str, list[int]] = {}

    def offsets(self, key: str, material: Material, *, again: bool, fenced: bool) -> list[int]:
        """Where each array of a call goes, in an order and at distances that are new each time, or `again`
        where they were in this shape's last call; `fenced`: with their ends at the end of a page."""
        if again and key in self._last:
            return self._last[key]
        sizes = material.array_bytes
        order = list(range(len(sizes)))
        self.random.shuffle(order)
        slack = (room(material) - sum(-(-s // ALIGN) * ALIGN + SPAN for s in sizes) - SPAN) // (
            len(sizes) + 1
        )
        at, found = SPAN, [0] * len(sizes)
        for i in order:
            at += self.random.randrange(max(1, slack // ALIGN)) * ALIGN
            found[i] = at = at + (-(at + sizes[i]) % SPAN if fenced else 0)
            at += -(-sizes[i] // ALIGN) * ALIGN + SPAN
        self._last[key] = found
        return found

    def write(self, places: Sequence[Place], arrays: Sequence[Array]) -> None:
        for place, array in zip(places, arrays, strict=True):
            view_at(self.memory, place)[...] = array.data

    def bait(self, places: Sequence[Place], material: Material, *, junk: bool, left: Sequence[Array]) -> None:
        """Fill outputs with poison, or with `junk` that looks like results, or with what was `left` of an
        earlier call but for a few elements."""
        for i, (place, wanted) in enumerate(zip(places, material.expected, strict=True)):
            target = view_at(self.memory, place)
            poison(target)
            if left and target.size:
                kept = np.random.default_rng(self.random.getrandbits(64)).random(target.shape) >= LEFT
                kept.flat[self.random.randrange(target.size)] = False
                target[kept] = left[i].data[kept]
            if junk and place[1] != "bfloat16":
                with np.errstate(all="ignore"):
                    target[...] = np.roll(wanted.exact, 1)

    def read(self, places: Sequence[Place]) -> tuple[Array, ...]:
        return tuple(Array(place[1], view_at(self.memory, place).copy()) for place in places)

    def strays(
        self, places: Sequence[Place], arrays: Sequence[Array], outputs: Sequence[Place], room: int
    ) -> tuple[str, str] | None:
        """Whether anything but the outputs was written to: (status, words). Afterwards all is as it was
        before the call, unless something was."""
        for place, array in zip(places, arrays, strict=True):
            seen = bytes_at(self.memory, place)
            if not np.array_equal(seen, np.frombuffer(np.ascontiguousarray(array.data), np.uint8)):
                shape = tuple(place[2])
                return "changed_input", f"an input or parameter of shape {shape} was written to"
            seen[...] = CANARY
        self.clear(outputs)
        part = self.memory[:room]
        if np.bitwise_and.reduce(part.view(np.int64)) != -1:  # all of it is CANARY
            strays = int(np.count_nonzero(part != CANARY))
            return "out_of_bounds", f"{strays} bytes outside the outputs were written to"
        return None

    def clear(self, places: Sequence[Place]) -> None:
        for place in places:
            bytes_at(self.memory, place)[...] = CANARY
