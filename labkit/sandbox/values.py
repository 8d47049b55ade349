"""What may cross the process boundary: reading values that a hostile program wrote.

The child writes marshal format 2, a plain tree of tagged values; `marshal.loads` itself is not safe
against malicious bytes, so this reader, which knows builtin data types only and checks every length,
stands in front of it. Also here: the comparison of values, which runs on this side, never in the child.
"""

from __future__ import annotations

import hashlib
import marshal
import math
import reprlib
import struct
import time
from typing import Any

from labkit.errors import BadInput

from .inside.child import exact

DEEPEST = 200
LONGEST_S = 10.0
MOST_ITEMS = 4_000_000  # some 250 MiB of objects at the most


class BadValue(ValueError):
    """The bytes are not a value: cut short, nested too deeply, or of a kind that may not cross."""


class _Reader:
    def __init__(self, data: bytes):
        self.data, self.at, self.count = data, 0, 0
        self.deadline = time.monotonic() + LONGEST_S

    def take(self, n: int) -> bytes:
        if n < 0 or self.at + n > len(self.data):
            raise BadValue("the value is cut short")
        self.at += n
        return self.data[self.at - n : self.at]

    def int32(self) -> int:
        return int.from_bytes(self.take(4), "little", signed=True)

    def check(self) -> None:
        """A byte may stand for an object of 64; and keys that collide by design take for ever to hash."""
        if self.count > MOST_ITEMS:
            raise BadValue(f"the value holds more than {MOST_ITEMS} items")
        if time.monotonic() > self.deadline:
            raise BadValue(f"reading the value takes more than {LONGEST_S} s")

    def long(self) -> int:
        """marshal's own reader is safe on a length and digits that were checked, and not quadratic."""
        start = self.at
        digits = self.take(2 * abs(self.int32()))
        try:
            return marshal.loads(b"l" + self.data[start : start + 4] + digits)
        except ValueError as error:
            raise BadValue(str(error)) from None

    def items(self, count: int, depth: int) -> list[Any]:
        if count < 0 or count > len(self.data) - self.at:  # an item takes at least one byte
            raise BadValue("the value is cut short")
        return [self.value(depth) for _ in range(count)]

    def pairs(self, depth: int) -> dict[Any, Any]:
        found = {}
        while self.data[self.at : self.at + 1] != b"0":
            key = self.value(depth)
            found[key] = self.value(depth)
        self.at += 1
        return found

    def members(self, items: list[Any], kind: type) -> Any:
        found: set[Any] = set()
        for i in range(0, len(items), 1024):
            found.update(items[i : i + 1024])
            self.check()
        return kind(found)

    def value(self, depth: int = 0) -> Any:
        if depth > DEEPEST:
            raise BadValue(f"the value is nested more than {DEEPEST} deep")
        self.count += 1
        if not self.count % 1024:
            self.check()
        tag, below = self.take(1), depth + 1
        if tag in _CONSTANTS:
            return _CONSTANTS[tag]
        if tag == b"i":
            return self.int32()
        if tag in b"ut":
            return self.take(self.int32()).decode("utf-8", "surrogatepass")
        if tag == b"[":
            return self.items(self.int32(), below)
        if tag == b"(":
            return tuple(self.items(self.int32(), below))
        if tag == b"{":
            return self.pairs(below)
        if tag == b"g":
            return struct.unpack("<d", self.take(8))[0]
        if tag == b"s":
            return self.take(self.int32())
        if tag == b"l":
            return self.long()
        if tag == b"y":
            return complex(*struct.unpack("<dd", self.take(16)))
        if tag in b"<>":
            return self.members(self.items(self.int32(), below), set if tag == b"<" else frozenset)
        raise BadValue(f"a value may not hold a {tag!r}")


_CONSTANTS = {b"N": None, b"T": True, b"F": False, b".": ...}


def decode(data: bytes) -> Any:
    """Read one value from untrusted bytes.

    Raises BadValue for anything but one complete value of builtin types.

    >>> decode(marshal.dumps({"a": [1, 2.5, (None, True)]}, 2))
    {'a': [1, 2.5, (None, True)]}
    """
    reader = _Reader(data)
    try:
        value = reader.value()
    except (TypeError, UnicodeDecodeError, RecursionError) as error:  # TypeError: an unhashable key
        raise BadValue(str(error)) from error
    if reader.at != len(data):
        raise BadValue("there is more after the value")
    return value


def encode(value: Any, what: str) -> bytes:
    """Turn our own value into bytes for the child; BadInput names `what` cannot be sent, and where."""
    try:
        if exact(value):
            return marshal.dumps(value, 2)
    except (ValueError, RecursionError):
        raise BadInput(f"{what} is nested too deeply, or holds itself: send something flatter") from None
    where, kind = _unsendable(value, what)
    raise BadInput(
        f"{where} is of type {kind}, which cannot be sent to the sandbox: "
        "use None, bool, int, float, complex, str, bytes, list, tuple, dict or set"
    )


def _unsendable(value: Any, where: str) -> tuple[str, str]:
    """The first part of `value` that marshal refuses, as a path people can follow."""
    kind = type(value)
    parts: list[tuple[str, Any]] = []
    if kind in (list, tuple):
        parts = [(f"{where}[{i}]", part) for i, part in enumerate(value)]
    elif kind is dict:
        parts = [(f"{where}[{key!r}]", part) for key, part in value.items()]
        parts += [(f"a key of {where}", key) for key in value]
    elif kind in (set, frozenset):
        parts = [(f"a member of {where}", part) for part in value]
    for name, part in parts:
        if not exact(part):
            return _unsendable(part, name)
    return where, kind.__qualname__


def fingerprint(value: Any) -> str:
    """A hash that is the same in every process, in whatever order a set was filled.

    >>> fingerprint([{"a", "b", "c"}]) == fingerprint([{"c", "b", "a"}]) != fingerprint([["a", "b", "c"]])
    True
    """
    return hashlib.sha256(marshal.dumps(_ordered(value), 2)).hexdigest()


def _ordered(value: Any) -> Any:
    kind = type(value).__name__
    if isinstance(value, dict):
        return kind, [(_ordered(key), _ordered(item)) for key, item in value.items()]
    if isinstance(value, set | frozenset):
        return kind, sorted(marshal.dumps(_ordered(item), 2) for item in value)
    if isinstance(value, list | tuple):
        return kind, [_ordered(item) for item in value]
    return value


def same(a: Any, b: Any, tolerance: float = 0.0) -> bool:
    """Equal in value and in type at every level; nan equals nan; floats within a relative `tolerance`.

    The order of a dict does not count, as in Python's ==.

    >>> same([1, 2.0], [1, 2]), same({"a": math.nan}, {"a": math.nan}), same(1.0, 1.0 + 1e-12, 1e-9)
    (False, True, True)
    """
    if type(a) is not type(b):
        return False
    if isinstance(a, float):
        return a == b or (a != a and b != b) or math.isclose(a, b, rel_tol=tolerance, abs_tol=tolerance)
    if isinstance(a, complex):
        return same(a.real, b.real, tolerance) and same(a.imag, b.imag, tolerance)
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(same(x, y, tolerance) for x, y in zip(a, b, strict=True))
    if isinstance(a, dict):
        if len(a) != len(b) or not all(k in b and same(a[k], b[k], tolerance) for k in a):
            return False
        return {type(k) for k in a} == {type(k) for k in b}
    if isinstance(a, set | frozenset):
        partner = {y: y for y in b}
        return len(a) == len(b) and all(x in partner and same(x, partner[x]) for x in a if x == x)
    return a == b


def unordered(value: Any) -> Any:
    """A list or tuple in an order of its own, sets of answers being what is compared; else the value.

    >>> unordered([3, 1, 2]), unordered(("b", "a")), unordered({"kept": 1})
    ([1, 2, 3], ('a', 'b'), {'kept': 1})
    """
    if not isinstance(value, list | tuple):
        return value
    numbers = all(isinstance(item, int | float) for item in value)
    return type(value)(sorted(value, key=(lambda item: (item != item, item)) if numbers else _short_key))


def _short_key(item: Any) -> str:
    return f"{type(item).__name__} {item!r}"


def first_difference(expected: Any, got: Any, where: str = "result", tolerance: float = 0.0) -> str:
    """One line that says where two values part, for feedback and error messages."""
    if type(expected) is not type(got):
        kinds = type(expected).__name__, type(got).__name__
        return f"{where}: expected {kinds[0]} {_short(expected)}, got {kinds[1]} {_short(got)}"
    if isinstance(expected, list | tuple):
        for i, (a, b) in enumerate(zip(expected, got, strict=False)):
            if not same(a, b, tolerance):
                return first_difference(a, b, f"{where}[{i}]", tolerance)
        return f"{where}: expected {len(expected)} items, got {len(got)}"
    if isinstance(expected, dict):
        for key in expected:
            if key not in got:
                return f"{where}: the key {_short(key)} is missing"
            if not same(expected[key], got[key], tolerance):
                return first_difference(expected[key], got[key], f"{where}[{_short(key)}]", tolerance)
        extra = next((key for key in got if key not in expected), None)
        return f"{where}: the key {_short(extra)} is too many"
    return f"{where}: expected {_short(expected)}, got {_short(got)}"


def _short(value: Any, width: int = 60) -> str:
    try:
        text = reprlib.repr(value)
    except Exception:  # an int of more digits than Python will print
        text = f"a {type(value).__name__}"
    return text if len(text) <= width else text[: width - 1] + "…"
