"""Messages between broker, parent and init: 8 bytes of length, then marshal. Both ends are ours."""

from __future__ import annotations

import marshal
import os


def read_message(fd: int) -> dict | None:
    """One message; None at end of file."""
    head = _read_exactly(fd, 8)
    return None if head is None else marshal.loads(_read_exactly(fd, int.from_bytes(head, "big")) or b"N")


def write_message(fd: int, message: dict) -> None:
    body = marshal.dumps(message, 2)
    view = memoryview(len(body).to_bytes(8, "big") + body)
    while view:
        view = view[os.write(fd, view) :]


def _read_exactly(fd: int, n: int) -> bytes | None:
    parts, left = [], n
    while left:
        part = os.read(fd, min(left, 1 << 20))
        if not part:
            return None
        parts.append(part)
        left -= len(part)
    return b"".join(parts)
