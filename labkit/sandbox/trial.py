"""Two programs against each other, or one by itself, as a record that a view can follow.

`compare` gives the verdict; `trial` also keeps what each program did, and writes it down as it happens.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from labkit import record as records
from labkit.errors import BadInput, LabkitError, need
from labkit.stats import Verdict, compare_paired, taking_turns

from .cores import Stopped
from .execution import guards_for, run
from .languages import language_named
from .request import check_repeats, checked_source
from .results import FLOOR, Execution, Isolation, Limits

Objective = Literal["time", "wall", "memory", "integral"]
OBJECTIVES = {"time": "cpu_s", "wall": "wall_s", "memory": "peak_mib", "integral": "integral_mib_s"}
MAX_PAIRS = 40


class ProgramFailed(LabkitError):
    """One of two programs that were to be compared did not end well."""


def compare(
    a: str,
    b: str,
    *,
    language: str | Sequence[str] = "python",
    objective: Objective = "time",
    stdin: str | bytes = b"",
    limits: Limits | None = None,
    isolation: Isolation = "auto",
    expected: str | None = None,
    max_pairs: int = MAX_PAIRS,
    min_pairs: int = 10,
    margin: float = 0.02,
    stop: threading.Event | None = None,
    watch: Callable[[Verdict], None] | None = None,
) -> Verdict:
    """Is program `b` cheaper than `a`? Fresh, interleaved runs until the interval of b/a is clear of 1.

    The interval is always valid (labkit.stats), so it may be looked at after every pair, from the
    `min_pairs`th on; a ratio within `margin` of 1, or a budget of `max_pairs` used up, is a tie. `language`:
    one for both, or a pair. `expected`: the output that is right, on every run. Raises ProgramFailed,
    BadInput, Stopped.

    >>> slow, fast = "sum([i for i in range(200_000)])", "sum(range(200_000))"
    >>> compare(slow, fast).answer
    'faster'
    """
    key, of = _key(objective), _languages(language)
    options = {"stdin": stdin, "limits": limits, "isolation": isolation, "expected": expected, "stop": stop}

    def cost(which: int) -> float:
        done = run((a, b)[which], language=of[which], **options)
        if not done.ok:
            raise ProgramFailed(f"program {'ab'[which]} ended as {done.status}: {done.detail}")
        return max(done.figures[key].value, FLOOR[key])

    pair = taking_turns(lambda: cost(0), lambda: cost(1))
    stopped = stop.is_set if stop else lambda: False
    return compare_paired(
        pair, max_pairs=max_pairs, min_pairs=min_pairs, margin=margin, stop=stopped, watch=watch
    )


def _languages(language: str | Sequence[str]) -> tuple[str, str]:
    both = (language, language) if isinstance(language, str) else tuple(language)
    if len(both) != 2:
        raise BadInput(f"language={language!r}: give one language, or one for each of the two programs")
    return both


@dataclass(frozen=True)
class Trial:
    """What a trial showed. `verdict` is that of the second program over the first, where there are two."""

    sources: tuple[str, ...]
    executions: tuple[Execution, ...]
    objective: str = "time"
    verdict: Verdict | None = None
    path: str | None = field(default=None, repr=False)

    def to_frame(self):
        """One row a program and figure (needs pandas)."""
        frames = [
            done.to_frame().assign(program=name) for name, done in zip("ab", self.executions, strict=False)
        ]
        return need("pandas", "lab").concat(frames, ignore_index=True)

    def summary(self) -> str:
        if self.verdict is None:
            return "; ".join(
                f"{done.status}{': ' if done.detail else ''}{done.detail}" for done in self.executions
            )
        v = self.verdict
        words = {"faster": "b is cheaper", "slower": "b is dearer", "tie": "a tie"}[v.answer]
        return (
            f"{words}: {v.ratio:.3g} of a's {self.objective} [{v.lo:.3g}, {v.hi:.3g}] (measured, {v.n} pairs)"
        )

    def __repr__(self) -> str:
        return f"<{self.summary()}>"

    def _repr_html_(self) -> str:
        from html import escape

        return f"<p>{escape(self.summary())}</p>" + "".join(done._repr_html_() for done in self.executions)


def trial(
    a: str,
    b: str | None = None,
    *,
    language: str | Sequence[str] = "python",
    objective: Objective = "time",
    stdin: str | bytes = b"",
    limits: Limits | None = None,
    isolation: Isolation = "auto",
    repeats: int = 1,
    expected: str | None = None,
    max_pairs: int = MAX_PAIRS,
    record: records.Run | str | bool = False,
    stop: threading.Event | None = None,
    watch: Callable[[Mapping[str, Any]], None] | None = None,
) -> Trial:
    """Run `a`, and `b` if there is one, then compare them where both end well.

    Events: `program` (what is to be run), `execution` (what it did), `pair` (the interval so far), `verdict`.
    `record`: an open run, a folder for run records, True for `runs/`. `watch`: called with each event.
    When `stop` is set, what has been found by then is returned.
    """
    checks = {"isolation": isolation, "repeats": repeats, "max_pairs": max_pairs}
    check_trial(a, b, language=language, objective=objective, **checks)
    sources = (a,) if b is None else (a, b)
    of, limits = _languages(language), limits or Limits()
    setting = {"isolation": isolation, "stdin": stdin, "limits": limits, "expected": expected, "stop": stop}
    run_record, own = _open(record, sources, of, objective, limits)
    tell = records.teller(run_record, watch)
    done: list[Execution] = []
    verdict, status, error = None, "failed", None
    try:
        for name, source, spoken in zip("ab", sources, of, strict=False):
            program = {"name": name, "language": spoken, "source": source, "limits": limits.to_json()}
            tell("program", {**program, "objective": objective})
        for name, source, spoken in zip("ab", sources, of, strict=False):
            done.append(run(source, language=spoken, repeats=repeats, **setting))
            tell("execution", {"name": name, **done[-1].to_json()})
        if len(done) == 2 and all(each.ok for each in done):
            verdict = compare(
                a, b, language=of, objective=objective, max_pairs=max_pairs, min_pairs=min(10, max_pairs),
                **setting, watch=lambda so_far: tell("pair", vars(so_far)),
            )  # fmt: skip
            tell("verdict", vars(verdict))
        status = "stopped" if stop is not None and stop.is_set() else "ok"
    except Stopped:
        status = "stopped"
    except BaseException as problem:
        status = "stopped" if isinstance(problem, KeyboardInterrupt) else "failed"
        error = str(problem) or type(problem).__name__
        raise
    finally:
        if own:
            run_record.finish(status, error)
    path = str(run_record.path) if run_record else None
    return Trial(sources, tuple(done), objective, verdict, path)


def check_trial(
    a: str,
    b: str | None = None,
    *,
    language: str | Sequence[str] = "python",
    objective: str = "time",
    isolation: str = "auto",
    repeats: int = 1,
    max_pairs: int = MAX_PAIRS,
) -> None:
    """BadInput for what a trial could not be done with, before anything runs."""
    for source in (a,) if b is None else (a, b):
        checked_source(source)
    for spoken in _languages(language):
        language_named(spoken)
    _key(objective)
    check_repeats(repeats)
    if not isinstance(max_pairs, int) or max_pairs < 1:
        raise BadInput(f"max_pairs={max_pairs!r}: give a whole number from 1 on")
    guards_for(isolation)


def _key(objective: str) -> str:
    if objective not in OBJECTIVES:
        raise BadInput(f"objective={objective!r}: choose one of {', '.join(OBJECTIVES)}")
    return OBJECTIVES[objective]


def _open(record: Any, sources: Sequence[str], of: Sequence[str], objective: str, limits: Limits):
    """(the run or None, whether it is ours to finish)."""
    run, root = records.asked_for(record)
    if root is None:
        return run, False
    params = {"objective": objective, "language": list(of[: len(sources)]), "limits": limits.to_json()}
    return records.start("sandbox/trial", params, source="\0".join(sources), root=root), True
