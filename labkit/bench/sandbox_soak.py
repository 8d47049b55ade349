"""The soak: thousands of mixed runs, a quarter of them hostile, then a count of what they left behind.

A part of `labkit bench sandbox`. Every tenth of it is the same set of programs in another order, so that
the first and the last may be compared. Not covered: what other users of labkit leave at the same time in
the temporary folder, which is counted as ours.
"""

from __future__ import annotations

import os
import random
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from labkit.bench import Figures, ticker
from labkit.errors import BadInput, SandboxUnavailable
from labkit.sandbox import Execution, Limits, run
from labkit.sandbox.broker import pool
from labkit.sandbox.cases import Program, hostile
from labkit.sandbox.conformance import FALL_S, LIMITS, Canary
from labkit.sandbox.inside import guards, tree
from labkit.sandbox.inside.cgroup import PREFIX
from labkit.sandbox.inside.watch import MOST_FALLEN
from labkit.stats import Figure

Runner = Callable[..., Execution]
SHORT = {"wall_s": 0.3, "cpu_s": 0.3}  # for hostile programs, many of which wait for their end
_SUBREAPER = 36  # prctl's number: what a dead broker leaves comes to this process, and is seen
_SETTLE_S = 0.3


@dataclass(frozen=True)
class Job:
    """A program, its options, and what it prints; None: it is hostile, and what it prints is its business."""

    code: str
    prints: str | None
    options: dict[str, Any] = field(default_factory=dict)


_FAST = {"mode": "fast"}
_FILES = "open('a', 'w').write('x' * 100_000); print(len(open('a').read()))"
ORDINARY = (
    *[Job("print(sum(range(100)))", "4950\n", _FAST)] * 13,
    *[Job("print(input())", "a word\n", {**_FAST, "stdin": "a word\n"})] * 2,
    *[Job(_FILES, "100000\n", _FAST)] * 2,
    *[Job("print(len(bytes(range(256)) * (30 << 12)))", f"{30 << 20}\n", _FAST)] * 2,
    Job("print(sum(range(100)))", "4950\n"),
)


@dataclass(frozen=True)
class Held:
    """What can be left behind, as it is now."""

    processes: frozenset[int]
    descriptors: int
    files: frozenset[str]
    groups: frozenset[str]
    mounts: frozenset[str]

    @classmethod
    def now(cls) -> Held:
        below = tree.descendants(os.getpid())
        return cls(
            frozenset(filter(tree.alive, below)),
            len(os.listdir("/proc/self/fd")),
            frozenset(map(str, Path(tempfile.gettempdir()).glob(f"{PREFIX}*"))),
            frozenset(_groups(below)),
            frozenset(Path("/proc/self/mountinfo").read_text().splitlines()),
        )

    def beyond(self, before: Held) -> dict[str, int]:
        """How many of each there are now that were not there before."""
        sets = ("processes", "files", "groups", "mounts")
        new = {name: len(getattr(self, name) - getattr(before, name)) for name in sets}
        return {**new, "descriptors": max(0, self.descriptors - before.descriptors)}


def soak(runs: int, parts: int, runner: Runner = run) -> Figures:
    """`runs` in `parts` equal parts, over as many threads as cores; what is left, and how fast they were."""
    per_part, threads = max(1, runs // parts), len(os.sched_getaffinity(0))
    with _adopting(), _watched() as canary, ThreadPoolExecutor(threads) as executor:
        pool().close()
        before = Held.now()
        fresh = _settled(executor, threads)
        jobs, tick = mixed(per_part, canary), ticker("soak", per_part * parts)
        seconds, wrong = [], []
        for part in range(parts):
            random.Random(part).shuffle(shuffled := list(jobs))
            began = time.perf_counter()
            for problem in executor.map(lambda job: outcome(job, runner, canary), shuffled):
                wrong += [problem] if problem else []
                tick()
            seconds.append(time.perf_counter() - began)
        in_brokers = _grown(fresh, _settled(executor, threads))
        pool().close()
        left = _left(before)
        left["brokers"] = in_brokers
        left["host"] = bool(problem := canary.breach(""))
    for line in sorted({problem, *wrong} - {""})[:10]:
        print(f"soak: {line}")
    print("soak left: " + ", ".join(f"{name} {n:d}" for name, n in left.items()))
    done = per_part * parts
    return {
        "soak_runs": Figure(done, "runs", "measured", n=done),
        "leaked": Figure(sum(left.values()), "left behind", "measured", n=done),
        "soak_drift": Figure(seconds[0] / seconds[-1], "x", "measured", n=done) if parts > 1 else None,
        "soak_wrong": Figure(len(wrong), "runs", "measured", n=done),
        "soak_per_s": Figure(done / sum(seconds), "runs/s", "measured", n=done),
    }


def mixed(n: int, canary: Canary) -> list[Job]:
    """n jobs, a quarter hostile: each hostile program as often as any other, every fifth of them measured."""
    cases = [case for case in hostile() if isinstance(case, Program)]
    random.shuffle(cases)  # of a short soak's few they are a random sample
    picked = [cases[i % len(cases)] for i in range(n // 4)]
    bad = []
    for i, case in enumerate(picked):
        limits = Limits(**{**LIMITS, **case.limits, **SHORT})
        options = {"limits": limits, "mode": "measure" if i % 5 == 4 else "fast"}
        bad.append(Job(canary.fill(case.code), None, options))
    return bad + [ORDINARY[i % len(ORDINARY)] for i in range(n - len(bad))]


def outcome(job: Job, runner: Runner, canary: Canary) -> str:
    """What went wrong with one run; '' when nothing did."""
    try:
        done = runner(job.code, **job.options)
    except BadInput:  # a source that is no text never reaches the sandbox
        return "" if job.prints is None else "an ordinary program was refused"
    except SandboxUnavailable as error:
        return str(error)
    if job.prints is None:
        text = done.stdout + done.stderr
        return "a hostile program escaped" if "ESCAPED" in text or canary.secret in text else ""
    right = done.ok and done.stdout == job.prints
    return "" if right else f"an ordinary program ended as {done.status} {done.detail}: {done.stderr[-200:]}"


@contextmanager
def _watched() -> Iterator[Canary]:
    canary = Canary()
    try:
        yield canary
    finally:
        canary.close()


@contextmanager
def _adopting() -> Iterator[None]:
    guards.prctl(_SUBREAPER, 1)
    try:
        yield
    finally:
        guards.prctl(_SUBREAPER, 0)


def _settled(executor: ThreadPoolExecutor, threads: int) -> dict[int, tuple[int, int]]:
    """(descriptors, processes below) of each broker at rest, all of them used a moment ago."""
    together = threading.Barrier(threads)

    def nap(_: int) -> None:  # at once, so that each takes a broker of its own
        for _ in range(3):
            together.wait(30)
            with suppress(SandboxUnavailable):
                run("import time; time.sleep(0.1)", mode="fast")

    list(executor.map(nap, range(threads)))
    time.sleep(_SETTLE_S)
    found = {}
    for pid in tree.children(os.getpid()):
        with suppress(OSError):
            if b"inside.broker" in Path(f"/proc/{pid}/cmdline").read_bytes():
                below = tree.descendants(pid)
                dead = max(0, sum(not tree.alive(p) for p in below) - MOST_FALLEN)
                found[pid] = len(os.listdir(f"/proc/{pid}/fd")), sum(map(tree.alive, below)) + dead
    return found


def _grown(fresh: dict[int, tuple[int, int]], now: dict[int, tuple[int, int]]) -> int:
    """Descriptors and processes of the brokers beyond the most that a fresh one has, and brokers too many."""
    most = [max(column) for column in zip(*fresh.values(), strict=True)] or [0, 0]
    extra = sum(max(0, have - usual) for held in now.values() for have, usual in zip(held, most, strict=True))
    return extra + max(0, len(now) - len(fresh))


def _left(before: Held) -> dict[str, int]:
    """What remains once what was killed has had its time to fall."""
    gone_by = time.monotonic() + FALL_S
    while any((left := Held.now().beyond(before)).values()) and time.monotonic() < gone_by:
        time.sleep(0.05)
    for pid in tree.descendants(os.getpid()):  # dead and adopted: elsewhere the system's first process waits
        if pid not in before.processes and not tree.alive(pid):
            with suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
    return left


def _groups(below: list[int]) -> Iterator[str]:
    """Control groups of brokers that are dead or ours; another process's live broker has its own."""
    for folder in Path("/sys/fs/cgroup").glob(f"**/{PREFIX}*"):
        pid = folder.name.removeprefix(PREFIX)
        if not os.path.exists(f"/proc/{pid}") or (pid.isdigit() and int(pid) in below):
            yield str(folder)
