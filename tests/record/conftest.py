"""Real child processes that use records, and the ways a test ends them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import labkit.record

REPOSITORY = Path(labkit.record.__file__).parents[2]


@pytest.fixture
def python(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen]]:
    """Start Python code in a process of its own, in the test's folder; what is left over is killed."""
    children: list[subprocess.Popen] = []

    def run(code: str, *args: object, prefix: tuple[str, ...] = ()) -> subprocess.Popen:
        env = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
        command = [*prefix, sys.executable, "-c", code, *map(str, args)]
        pipe = subprocess.PIPE
        child = subprocess.Popen(
            command, cwd=tmp_path, env=env, stdin=pipe, stdout=pipe, stderr=pipe, text=True
        )
        children.append(child)
        return child

    yield run
    for child in children:
        child.kill()
        child.communicate()


@pytest.fixture
def finished(python: Callable[..., subprocess.Popen]) -> Callable[..., str]:
    """Run Python code in a process of its own and return what it printed; it must succeed."""

    def run(code: str, *args: object, prefix: tuple[str, ...] = ()) -> str:
        out, err = python(code, *args, prefix=prefix).communicate(timeout=20)
        assert not err, err
        return out.strip()

    return run
