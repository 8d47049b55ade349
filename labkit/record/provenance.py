"""Where a run comes from: the id that names it, the code, versions and machine behind it.

Nothing here imports torch, starts a GPU, or records a command line or a path (records get shared).
"""

from __future__ import annotations

import functools
import json
import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from labkit.record.events import plain

PACKAGES = ("jupyterlab", "ipywidgets", "torch", "transformers", "triton", "matplotlib", "papermill")


def run_id(name: str, params: Mapping[str, Any], *, seed: int | None = None, source: str = "") -> str:
    """The id a run with this name, parameters, seed and source gets: what a sweep looks finished runs up by.

    >>> one = run_id("demo", {"n": 1, "m": 2})
    >>> one == run_id("demo", {"m": 2, "n": 1}), one == run_id("demo", {"n": 1, "m": 2}, source="x = 1")
    (True, False)

    Raises `BadInput` for what JSON cannot hold, NaN and infinities too: as None they would share an id.
    """
    what = [name, plain(params, "params", finite=True), plain(seed, "seed", finite=True), source_hash(source)]
    return _sha256(json.dumps(what, sort_keys=True).encode())[:12]


def source_hash(source: str = "") -> str:
    """A hash of labkit's own code and of `source`, the caller's task or notebook.

    >>> len(source_hash()), source_hash() == source_hash("x = 1")
    (64, False)
    """
    text = source.encode(errors="surrogatepass")
    return _sha256(_labkit_hash().encode() + text) if source else _labkit_hash()


@functools.cache
def _labkit_hash() -> str:
    """Once per process: the code that runs is the code that was there when it was imported."""
    code = sorted(_code(Path(__file__).resolve().parents[1]))
    return _sha256("\n".join(f"{name} {_sha256(path.read_bytes())}" for name, path in code).encode())


def _sha256(data: bytes) -> str:
    import hashlib  # 4 ms of OpenSSL that reading a record can do without

    return hashlib.sha256(data).hexdigest()


def _code(package: Path) -> Iterator[tuple[str, Path]]:
    """Names and paths of the code, the same for a checkout (widgets beside labkit) and a wheel (inside)."""
    checkout = (package.parent / "pyproject.toml").is_file()  # else these are somebody else's widgets
    for folder in (package, package.parent / "widgets") if checkout else (package,):
        for path in folder.rglob("*.[pj][ys]"):
            if path.is_file():  # an editor's lock file is a link to nowhere
                yield path.relative_to(package if folder == package else package.parent).as_posix(), path


def provenance(source: str = "") -> dict[str, Any]:
    """Git state of the current folder, the source hash, versions and machine."""
    system = os.uname()
    return {
        "git": git_state(),
        "source": source_hash(source)[:12],
        "versions": versions(),
        "device": device(),
        "platform": f"{system.sysname} {system.release} {system.machine}",
    }


def git_state(timeout_s: float = 5.0) -> dict[str, Any] | None:
    """Commit of the current folder and whether tracked files differ from it; None outside a repository."""
    import subprocess

    # Untracked files are left out: a runs/ folder would make every tree dirty. So are notebooks: running one
    # changes it, git would start its filter on each, and a report's id has the notebook's own text in it.
    command = "git --no-optional-locks -c core.fsmonitor=false status --porcelain=v2 --branch -uno"
    command += " -- :/ :(exclude,top)*.ipynb"
    try:
        done = subprocess.run(command.split(), capture_output=True, text=True, timeout=timeout_s, check=True)
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    commit = re.search(r"^# branch.oid ([0-9a-f]+)$", done.stdout, re.MULTILINE)  # none before the first
    dirty = any(not line.startswith("#") for line in done.stdout.splitlines())
    return {"commit": commit and commit[1], "dirty": dirty}


def versions() -> dict[str, str]:
    """Versions by metadata, without importing anything; packages that are not installed are left out."""
    from importlib.metadata import PackageNotFoundError, version

    found = {"python": sys.version.split()[0]}
    for package in ("labkit-jupyter", *PACKAGES):
        with suppress(PackageNotFoundError):
            found[package] = version(package)
    return found


def device() -> dict[str, Any]:
    """CPU model, usable cores, memory, and the first GPU's name as its driver tells it (or None)."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    cpu = _first_match("/proc", "cpuinfo", r"^model name\s*:\s*(.+)$") or os.uname().machine
    gpu = _first_match("/proc/driver/nvidia/gpus", "*/information", r"^Model:\s*(.+)$")
    return {"cpu": cpu, "cores": len(os.sched_getaffinity(0)), "memory_mib": memory >> 20, "gpu": gpu}


def _first_match(folder: str, pattern: str, line: str) -> str | None:
    texts = (path.read_text(errors="replace") for path in sorted(Path(folder).glob(pattern)))
    return next((found[1].strip() for text in texts if (found := re.search(line, text, re.MULTILINE))), None)
