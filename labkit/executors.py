"""Where work is spread to: this machine's threads, or a cluster named by an address.

Everything in the lab that fans out takes a `concurrent.futures.Executor`; this file turns what a user
types into one. Not covered: starting a cluster.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager

from labkit.errors import BadInput, need


@contextmanager
def connect(where: str | None = None) -> Iterator[Executor]:
    """An executor for `where`: None or "threads[:N]" for this machine, "dask://HOST:PORT" for a scheduler.

    Raises BadInput for another form, or where no scheduler answers.

    >>> with connect("threads:2") as executor:
    ...     list(executor.map(abs, [-1, 2]))
    [1, 2]
    """
    kind, _, rest = (where or "threads").partition(":")
    if kind == "threads" and (not rest or rest.isdigit()) and rest != "0":
        with ThreadPoolExecutor(int(rest or os.cpu_count() or 1)) as executor:
            yield executor
    elif kind == "dask" and rest.startswith("//") and len(rest) > 2:
        distributed = need("distributed", "scale")
        try:
            client = distributed.Client(f"tcp:{rest}", timeout="10s", set_as_default=False)
        except (OSError, ValueError) as error:
            raise BadInput(f"executor {where}: no scheduler answers ({error})") from None
        with client, client.get_executor(pure=False) as executor:
            yield executor
    else:
        raise BadInput(f"executor {where!r}: give threads, threads:N or dask://HOST:PORT")
