"""What a record asks of the disk: errors with a way out, a lock that says who is alive, atomic replacement.

Not covered: network file systems without flock; starting a run there raises `RecordError`.
"""

from __future__ import annotations

import errno
import fcntl
import os
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from labkit.errors import RecordError

WAYS_OUT = dict.fromkeys(
    (errno.ENOSPC, errno.EDQUOT, errno.EFBIG), "free some space; what was recorded before is kept"
) | {errno.ENOENT: "was the folder moved or deleted? start a new run"}


@contextmanager
def explained(what: str) -> Iterator[None]:
    """Turn an OSError into a `RecordError` of one line that says what was not done, why, and the way out."""
    try:
        yield
    except OSError as error:
        way_out = WAYS_OUT.get(error.errno or 0, "choose another root, or make this one writable")
        raise RecordError(f"{what}: {error.strerror or error}; {way_out}") from error


class Lock:
    """An exclusive flock on `<folder>/lock`: held exactly as long as the owner lives, whatever ends it.

    Raises `BlockingIOError` where another owner holds it. `is_held` takes it for microseconds to see
    whether anybody is there; the patience keeps such a look from being mistaken for an owner.
    """

    def __init__(self, folder: Path, patience_s: float = 0.25) -> None:
        self._fd: int | None = None
        self._fd = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        _locks.add(self)
        deadline = time.monotonic() + patience_s
        while True:
            try:
                fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                if time.monotonic() > deadline:
                    self.release()
                    raise
                time.sleep(0.005)

    @property
    def held(self) -> bool:
        return self._fd is not None

    def release(self) -> None:
        """Close the file. A forked child closes its copy only, so its parent's lock stays."""
        fd, self._fd = self._fd, None
        if fd is not None:
            os.close(fd)

    def __del__(self) -> None:
        # A run dropped unfinished (a notebook cell run again) must not look alive as long as its kernel.
        self.release()


# A worker forked while a run is open would keep its killed owner looking alive: it lets go at once. The
# one module-level state here, since a fork hook cannot be taken back.
_locks: weakref.WeakSet[Lock] = weakref.WeakSet()
os.register_at_fork(after_in_child=lambda: [lock.release() for lock in list(_locks)])


def is_held(folder: Path) -> bool:
    """Whether an owner holds the lock of `folder`; looks, and lets go at once."""
    try:
        with open(folder / "lock", "rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError as error:
        return isinstance(error, BlockingIOError)
    return False


def replace(path: Path, data: bytes) -> None:
    """Put `data` at `path` whole or not at all, whenever the process or the machine stops.

    The temporary name is fixed: only the holder of the lock writes here, and a leftover is overwritten.
    """
    temporary = path.with_name(path.name + ".tmp")
    with open(temporary, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)
