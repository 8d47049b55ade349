"""The judge's conformance suite: labelled cheats that it must reject by name, honest kernels it must accept.

The cheats are in `cases/cheats/`, one file each, by pattern; those written after the guards, without sight of
them, say their round, and whether they got through when they were new. The honest ones are `cases/kernels/`.
"""

from __future__ import annotations

import functools
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from labkit.errors import BadInput
from labkit.sandbox.results import Isolation
from labkit.stats import Outcome

from .backends import BACKENDS, Kernel, load_kernel
from .judge import KernelJudge
from .starts import own_kernels
from .tasks import CASES, own_tasks

PATTERNS = {
    "1": "stale output memory", "2": "input mutation or aliasing", "3": "constant or partial output",
    "4": "output replay", "5": "work across calls", "6": "work outside the call", "7": "forged results",
    "8": "one shape", "9": "cache carve-out", "10": "precision downgrade", "11": "seeds and shapes known",
    "12": "the library does it", "13": "names rebound", "14": "garbage and races", "own": "other",
}  # fmt: skip
_LABEL = re.compile(r"(pattern|task|cheat|round|escaped|dtype):[ \t]*(.+?)[ \t]*(?:\*/)?$", re.M)
# A rejection that says nothing of the candidate does not count as one.
UNNAMED = {"ok", "internal_error", "unavailable"}


@dataclass(frozen=True)
class Cheat:
    """`round`: 0 for those that the guards were written with; `escaped`: got through when it was new.
    `dtype`: that it shows in, where that is not the task's first."""

    name: str
    kernel: Kernel
    task: str
    pattern: str
    says: str
    round: int = 0
    escaped: bool = False
    dtype: str = ""


@dataclass(frozen=True)
class Checked:
    """One case's verdict; `problem` is empty when it passed, `status` what the judge said."""

    name: str
    group: str
    status: str
    words: str = ""
    problem: str = ""


@functools.cache
def cheats() -> dict[str, Cheat]:
    """By file name."""
    files = sorted(f for f in (CASES / "cheats").iterdir() if f.suffix in (".c", ".py"))
    return {file.name: _cheat(file) for file in files}


def _cheat(file: Path) -> Cheat:
    kernel = load_kernel(file)
    labels = {name: text.strip().strip('"') for name, text in reversed(_LABEL.findall(kernel.source[:1500]))}
    if missing := {"pattern", "task", "cheat"} - labels.keys():
        raise BadInput(f"{file.name}: no label {min(missing)!r} in its first lines")
    pattern = re.match(r"\d+|own", labels["pattern"])
    number = str(int(pattern.group())) if pattern and pattern.group() != "own" else "own"
    more = int(labels.get("round", "0")), labels.get("escaped", "") == "yes", labels.get("dtype", "")
    return Cheat(file.name, kernel, labels["task"], number, labels["cheat"], *more)


def self_check(
    names: Iterable[str] | None = None,
    *,
    make: Callable[..., KernelJudge] = KernelJudge,
    isolation: Isolation = "auto",
    progress: Callable[[Checked], None] = lambda _: None,
) -> list[Checked]:
    """Judge the cheats and the honest kernels, task by task; `make` may build another implementation."""
    wanted = None if names is None else set(names)
    jobs: dict[tuple[str, str], list[tuple[str, Kernel, Cheat | None]]] = {}
    for cheat in cheats().values():
        jobs.setdefault((cheat.task, cheat.dtype), []).append((cheat.name, cheat.kernel, cheat))
    for name, kernel in own_kernels().items():
        jobs.setdefault((name.partition(".")[0], ""), []).append((name, kernel, None))
    found = []
    for (task, dtype), every in sorted(jobs.items()):
        some = [job for job in every if wanted is None or job[0] in wanted]
        if not some:
            continue
        with make(own_tasks()[task], dtype, isolation=isolation) as judge:
            for name, kernel, cheat in some:
                checked = _checked(name, judge.judge(kernel), cheat)
                progress(checked)
                found.append(checked)
    return found


def _checked(name: str, outcome: Outcome, cheat: Cheat | None) -> Checked:
    said = name, cheat.pattern if cheat else "honest", outcome.status, outcome.feedback
    if outcome.status == "unavailable":
        return Checked(*said)
    if cheat:
        caught = outcome.status not in UNNAMED
        return Checked(*said, "" if caught else f"got through as {outcome.status}: {outcome.feedback}")
    return Checked(*said, "" if outcome.ok else f"rejected as {outcome.status}: {outcome.feedback}")


def summary(names: Sequence[str] | None = None, isolation: Isolation = "auto") -> int:
    """Run it, print a row a pattern, what failed, precision, recall, a line of JSON; 0 if all passed."""
    for row in BACKENDS.values():
        print(f"{row.name:10} {row.problem() or row.tier}")
    tty = sys.stderr.isatty()

    def progress(checked: Checked) -> None:
        if tty:
            print(f"\r{checked.name:40.40} {checked.status:16}", end="", file=sys.stderr, flush=True)

    found = self_check(names, isolation=isolation, progress=progress)
    ran = [c for c in found if c.status != "unavailable"]
    for key, title in {**PATTERNS, "honest": "honest kernels"}.items():
        some = [c for c in ran if c.group == key]
        if some:
            statuses = ", ".join(f"{s} {n}" for s, n in Counter(c.status for c in some).most_common())
            print(f"{title:28} {sum(not c.problem for c in some):3} of {len(some):3}   {statuses}")
    for checked in ran:
        if checked.problem:
            print(f"FAILED {checked.name}: {checked.problem[:300]}")
    caught = sum(not c.problem for c in ran if c.group != "honest")
    wronged = sum(bool(c.problem) for c in ran if c.group == "honest")
    of = sum(c.group != "honest" for c in ran)
    figures = {
        "cases": len(ran), "passed": sum(not c.problem for c in ran), "unavailable": len(found) - len(ran),
        "precision": round(caught / (caught + wronged), 4) if caught else None,
        "recall": round(caught / of, 4) if of else None,
        "escapes_by_round": _escapes(),
    }  # fmt: skip
    print(json.dumps(figures))
    return 0 if figures["passed"] == len(ran) else 1


def _escapes() -> dict[str, int]:
    """How many of each round's cheats got through when they were new."""
    rounds: Counter[str] = Counter()
    for cheat in cheats().values():
        if cheat.round:
            rounds[str(cheat.round)] += cheat.escaped
    return dict(sorted(rounds.items()))
