"""Where the cost of a function is, before anything is changed: by statement, by loop, by function.

The program runs confined and is looked at a thousand times a second of its CPU time. What a statement has C
code do (`x in items`, `sorted(items)`) is the statement's: a mark after each statement has the look taken
before the next one begins, and what the marks cost is measured on the spot and taken off.
From a share p follows what any change can win at most: 1 / (1 - p) (Amdahl 1967).
Covered: functions, methods, generators, recursion, comprehensions, in the main thread. Not covered: memory,
other threads, waiting. A lambda that does all its work in one operator may be charged to whoever calls it.
A share is a hint and never a verdict: a program can tell that it is watched, and can lie.
"""

from __future__ import annotations

import ast
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from labkit.errors import BadInput, need
from labkit.sandbox import Limits, Program, call
from labkit.sandbox.judge import CANDIDATE_LIMITS
from labkit.sandbox.results import Isolation
from labkit.stats import Figure

from .task import CodeTask, as_arguments, as_task
from .watched import HARNESS

PERIOD_S = 1e-3  # between looks
ENOUGH = 4000  # samples: each share within two points
LEAST = 20  # samples below which shares are chance
TOLD = 0.01  # share below which a place is not worth a word
MOST = 1000.0  # a win that samples do not tell from a larger one
CUT = 3  # times `seconds` after which a round is broken off
MARKS = (1.0, 0.6, 1.6)  # times what a mark was found to cost: in a program it may cost more or less
Z = 1.959964  # 95 % of a normal distribution
Frame = tuple[str, int]  # a function's name and the line that runs
_LOOPS = (ast.For, ast.AsyncFor, ast.While)


@dataclass(frozen=True)
class HotLine:
    """A statement (or the head of a block): its share of the samples with its 95 % interval, and its text.

    `kind`: "statement", whose share is what it does itself, C code included, or "loop", whose share is that
    of all that lies in it or is called from it. `reach`: share and interval of a statement with the functions
    of the program that it calls; None where that is the same.
    """

    number: int
    text: str
    share: float
    lo: float | None
    hi: float | None
    samples: int = 0
    kind: str = "statement"
    reach: tuple[float, float, float] | None = None

    @property
    def bound(self) -> Figure:
        """What any change to this place can win, at most: 1 / (1 - share), with all that it calls.

        >>> str(HotLine(4, "n += xs.index(x)", 0.75, 0.5, 0.8, 60).bound)
        '4 x [2, 5] (measured, n=60)'
        """
        share, *ends = self.reach or (self.share, self.lo, self.hi)
        low, high = (None if p is None else _amdahl(p) for p in ends)
        return Figure(_amdahl(share), "x", "measured", low, high, self.samples)

    def __str__(self) -> str:
        most, called = self.bound, ""
        ends = "" if self.lo is None else f" [{100 * self.lo:.0f}, {100 * self.hi:.0f}]"
        bounds = "" if most.lo is None else f" [{_times(most.lo)}, {_times(most.hi)}]"
        if self.reach:
            called = f" ({100 * self.reach[0]:.0f} % with what it calls)"
        return (
            f"line {self.number} ({self.kind}) is {100 * self.share:.0f} %{ends} of the cost{called};"
            f" no change can win more than {_times(most.value)}x{bounds}: {self.text}"
        )


@dataclass(frozen=True)
class HotCall:
    """A function of the program: share of the samples in itself, and with all it calls.

    `calls`: in one round of all inputs; None where counting them would have taken too long.
    """

    name: str
    line: int
    own: Figure
    inclusive: Figure
    calls: int | None


@dataclass(frozen=True)
class HotSpots:
    """Places by cost, the hottest first; all empty where there were too few samples to tell.

    `total_cpu_s`: CPU seconds of all `rounds`, a round being one call on each input. `whole`: False where the
    first round took too long and was broken off, so that the shares are those of its beginning.
    """

    lines: tuple[HotLine, ...]
    loops: tuple[HotLine, ...]
    calls: tuple[HotCall, ...]
    total_cpu_s: float
    samples: int
    rounds: int
    whole: bool = True

    def bound(self, line_number: int) -> Figure:
        """What any change to the statement or loop at a line can win, at most. BadInput: not seen there."""
        places = [place for place in (*self.loops, *self.lines) if place.number == line_number]
        if not places:
            took = ", ".join(str(line.number) for line in self.lines) or "none"
            raise BadInput(f"line {line_number} took no time: the lines that did are {took}")
        return max((place.bound for place in places), key=lambda figure: figure.value)

    def ceiling(self) -> Figure | None:
        """The most that removing any one statement, with what it calls, can win; None where none was seen."""
        return max((line.bound for line in self.lines), key=lambda figure: figure.value, default=None)

    def summary(self) -> str:
        """One line: the hottest statement, or that nothing can be said."""
        if self.lines:
            return str(self.lines[0])
        seen = f"{self.samples} samples in {self.total_cpu_s:.2g} s of CPU"
        if self.rounds and self.total_cpu_s < PERIOD_S * self.rounds:
            return f"too quick to tell where the cost is ({seen})"
        return (
            f"too few samples to tell where the cost is ({seen}): the program may keep them from being taken"
        )

    def feedback(self, top: int = 3) -> str:
        """The hottest places in words, for whoever proposes the next change."""
        hot = [str(line) for line in self.lines[:top] if line.share >= TOLD]
        if not hot:
            return self.summary()
        cut = "" if self.whole else " of its beginning"
        hint = f"(shares of {self.samples} samples{cut}: a hint, not a verdict)"
        return "\n".join([*hot, *(str(loop) for loop in self.loops[:1]), hint])

    def to_frame(self):
        """One row a place: statements, loops, functions (needs pandas)."""
        rows = [
            {"kind": p.kind, "line": p.number, "share": p.share, "lo": p.lo, "hi": p.hi,
             "bound": p.bound.value, "text": p.text}
            for p in (*self.lines, *self.loops)
        ] + [
            {"kind": "function", "line": c.line, "share": c.inclusive.value, "lo": c.inclusive.lo,
             "hi": c.inclusive.hi, "bound": _amdahl(c.inclusive.value), "text": _calls_text(c)}
            for c in self.calls
        ]  # fmt: skip
        columns = ["kind", "line", "share", "lo", "hi", "bound", "text"]
        return need("pandas", "lab").DataFrame(rows, columns=columns)

    def __repr__(self) -> str:
        return f"<{self.feedback()}>"

    def _repr_html_(self) -> str:
        cells = "".join(
            f"<tr><td>{p.number}</td><td>{p.kind}</td><td>{100 * p.share:.0f} %</td>"
            f"<td>{'█' * round(20 * p.share)}</td><td>{_times(p.bound.value)}x</td>"
            f"<td><code>{escape(p.text)}</code></td></tr>"
            for p in (*self.loops, *self.lines)
        )
        heads = ("line", "kind", "share", "", "can win at most", "text")
        head = "".join(f"<th scope=col>{name}</th>" for name in heads)
        note = f"{self.summary()} ({self.samples} samples: a hint, not a verdict)"
        return f"<table><caption>{escape(note)}</caption><tr>{head}</tr>{cells}</table>"


def hotspots(
    what: CodeTask | Program | Callable | str,
    inputs: Sequence | None = None,
    *,
    seconds: float = 0.5,
    seed: int = 0,
    limits: Limits | None = None,
    isolation: Isolation = "auto",
) -> HotSpots:
    """Where the cost of a function is: run confined, over and over, for about `seconds` of CPU.

    Each round has arguments of its own, and copying them is not counted. A round that takes three times as
    long is broken off: then the shares are those of its beginning. `what`: a function or Program with inputs,
    a task, or the name of one of the lab's. Raises BadInput where the program fails, SandboxUnavailable.

    >>> def slow(items):
    ...     total = 0
    ...     for item in items:
    ...         total += items.index(item)
    ...     return total
    >>> hotspots(slow, [(list(range(1500)),)], seconds=0.2).lines[0].text
    'total += items.index(item)'
    """
    program, given = _program(what, inputs, seed)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds < math.inf:
        raise BadInput(f"seconds={seconds!r}: give a number above 0")
    limits = limits or CANDIDATE_LIMITS
    source = program.source.rstrip("\n") + "\n"
    cut = min(CUT * seconds, 0.5 * limits.cpu_s, 0.5 * limits.wall_s)
    arguments = ([list(each) for each in given], float(seconds), program.entry, PERIOD_S, ENOUGH, cut)
    watched = f"labkit_source = {source!r}\nlabkit_entry = {program.entry!r}\n{HARNESS}"
    done = call(watched, "labkit_profile", [arguments], limits=limits, isolation=isolation)
    if not done.ok:
        error = done.error.strip().rpartition("\n")[2]
        raise BadInput(f"{program.entry} fails while it is watched: {done.status}: {error}")
    return _read(source, program.entry, done.values[0], done.cpu_s[0], done.wall_s[0])


def _program(what: Any, inputs: Sequence | None, seed: int) -> tuple[Program, Sequence[tuple]]:
    if isinstance(what, Program):
        if inputs is None:
            raise BadInput(f"no inputs for {what.entry}: hotspots(program, inputs=[...])")
        return what, as_arguments(inputs)
    task = as_task(what, inputs, seed=seed)
    return task.program, task.inputs


def _read(source: str, entry: str, sent: Any, cpu_s: float, wall_s: float) -> HotSpots:
    """The spots from what the program sent, which is data and may be anything; the seconds are our own."""
    try:
        failed = sent["failed"]
        if failed is not None:
            at, kind, words = failed
            raise _Failed(f"{entry} fails on input {int(at)}: {_line(kind)}: {_line(words)}")
        last = source.count("\n")
        stacks = [(_frames(stack, last), _count(n)) for stack, n in sent["stacks"]]
        calls = None
        if sent["calls"] is not None:
            calls = {(str(name), int(line)): _count(n) for name, line, n in sent["calls"]}
        marks = {int(line): _count(n) for line, n in sent["marks"]}
        mark_s = min(max(0.0, float(sent["mark_s"])), 1e-6)
        spent, rounds, whole = min(float(sent["cpu"]), cpu_s), _count(sent["rounds"]), bool(sent["whole"])
        if not spent >= 0 or sum(n for _, n in stacks) > 1.5 * wall_s / PERIOD_S + LEAST:
            raise ValueError("more samples than the time allows")
    except _Failed as error:
        raise BadInput(str(error)) from None
    except (TypeError, ValueError, KeyError, IndexError, OverflowError):
        raise BadInput(f"{entry} changed its own profile: nothing can be said") from None
    samples, tree, texts = sum(n for _, n in stacks), ast.parse(source), ["", *source.split("\n")]
    per_mark = mark_s * max(1, rounds) / PERIOD_S
    weights = [_without_marks(stacks, _statements(tree), marks, each * per_mark) for each in MARKS]
    if samples < LEAST or min(sum(each) for each in weights) < LEAST:
        return HotSpots((), (), (), spent, samples, rounds, whole)
    looks = _Looks([stack for stack, _ in stacks], weights, samples, tree, texts)
    return HotSpots(_lines(looks), _loops(looks), _called(looks, calls), spent, samples, rounds, whole)


class _Failed(Exception):
    """The program raised; the words are for the user."""


def _line(words: Any) -> str:
    """A program's words as one line that is not too long."""
    return " ".join(str(words).split())[:200]


def _count(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 1 << 50:
        raise ValueError(value)
    return value


def _frames(stack: Any, last: int) -> tuple[Frame, ...]:
    frames = tuple((str(name), int(line)) for name, line in stack)
    if not frames or not all(0 <= line <= last for _, line in frames):
        raise ValueError(stack)
    return frames


def _statements(tree: ast.AST) -> dict[int, int]:
    """Each line with the first line of its statement, or of its block's head."""
    found = {}
    for node in ast.walk(tree):  # outer ones first: inner ones have the last word
        if not isinstance(node, ast.stmt):
            continue
        body = getattr(node, "body", None)
        final = body[0].lineno - 1 if isinstance(body, list) and body else node.end_lineno
        found |= dict.fromkeys(range(node.lineno, max(final, node.lineno) + 1), node.lineno)
    return found


@dataclass(frozen=True)
class _Looks:
    """Stacks, how often each was seen (less what the marks cost, by each guess of it), the program."""

    stacks: Sequence[tuple[Frame, ...]]
    weights: Sequence[Sequence[float]]
    samples: int
    tree: ast.Module
    texts: Sequence[str]

    def share(self, which: Iterable[int]) -> tuple[float, float, float]:
        """Of some stacks, with an interval that holds that of each guess."""
        which = set(which)
        shares = [min(1.0, sum(each[i] for i in which) / sum(each)) for each in self.weights]
        ends = [_wilson(share * self.samples, self.samples) for share in shares]
        return shares[0], min(low for low, _ in ends), max(high for _, high in ends)

    def by(self, places: Iterable[Sequence[Any]]) -> tuple[dict[Any, list[int]], dict[Any, list[int]]]:
        """Stacks by the place they are in, and by every place they are below."""
        own, reach = {}, {}
        for i, places_of in enumerate(places):
            own.setdefault(places_of[0], []).append(i)
            for place in set(places_of):
                reach.setdefault(place, []).append(i)
        return own, reach


def _without_marks(
    stacks: Sequence, place: Mapping[int, int], marks: Mapping[int, int], samples_per_mark: float
) -> list[float]:
    """How often each stack was seen, less its part of what the marks of its statement cost."""
    at = [place.get(stack[0][1], stack[0][1]) for stack, _ in stacks]
    seen = Counter()
    for line, (_, n) in zip(at, stacks, strict=True):
        seen[line] += n
    kept = {line: max(0.0, 1 - marks.get(line, 0) * samples_per_mark / n) for line, n in seen.items() if n}
    return [n * kept.get(line, 0.0) for line, (_, n) in zip(at, stacks, strict=True)]


def _lines(looks: _Looks) -> tuple[HotLine, ...]:
    place, found = _statements(looks.tree), []
    own, reach = looks.by([[place.get(line, line) for _, line in stack] for stack in looks.stacks])
    for line, which in reach.items():
        below = looks.share(which)
        if below[0] > 0 and 0 < line < len(looks.texts):
            share, text = looks.share(own.get(line, ())), looks.texts[line].strip()
            calls = below if below[0] > share[0] else None
            found.append(HotLine(line, text, *share, looks.samples, "statement", calls))
    return tuple(sorted(found, key=lambda each: (-each.share, each.number)))


def _loops(looks: _Looks) -> tuple[HotLine, ...]:
    """Loops with all that lies in them or is called from there."""
    found = []
    for node in ast.walk(looks.tree):
        if isinstance(node, _LOOPS):
            within = range(node.lineno, node.end_lineno + 1)
            share = looks.share(
                i for i, stack in enumerate(looks.stacks) if any(n in within for _, n in stack)
            )
            if share[0] > 0:
                text = looks.texts[node.lineno].strip()
                found.append(HotLine(node.lineno, text, *share, looks.samples, "loop"))
    return tuple(sorted(found, key=lambda each: (-each.share, each.number)))


def _called(looks: _Looks, calls: Mapping[Frame, int] | None) -> tuple[HotCall, ...]:
    functions = [n for n in ast.walk(looks.tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    own, reach = looks.by([[_function(frame, functions) for frame in stack] for stack in looks.stacks])
    found = []
    for node in functions:
        times = None if calls is None else calls.get((node.name, _first(node)), 0)
        if times or node in reach:
            shares = (looks.share(which.get(node, ())) for which in (own, reach))
            figures = (
                Figure(share, "of the cost", "measured", *ends, looks.samples) for share, *ends in shares
            )
            found.append(HotCall(node.name, node.lineno, *figures, times))
    return tuple(sorted(found, key=lambda each: (-each.inclusive.value, each.line)))


def _first(node: Any) -> int:
    """The line a function's code starts on: its first decorator's."""
    return min(node.lineno, *(each.lineno for each in node.decorator_list), node.lineno)


def _function(frame: Frame, functions: Iterable) -> Any:
    """The def that a frame runs; a comprehension or lambda belongs to the one around it."""
    name, line = frame
    around = [
        f for f in functions if _first(f) <= line <= f.end_lineno and (name[:1] == "<" or f.name == name)
    ]
    return max(around, key=_first, default=None)


def _wilson(k: float, n: int) -> tuple[float, float]:
    """95 % interval of a share k of n (Wilson 1927), which stays within 0 and 1."""
    middle, half = k + Z * Z / 2, Z * math.sqrt(max(0.0, k * (n - k)) / n + Z * Z / 4)
    low, high = (middle - half) / (n + Z * Z), (middle + half) / (n + Z * Z)
    return (0.0 if k <= 0 else max(0.0, low)), (1.0 if k >= n else min(1.0, high))


def _calls_text(each: HotCall) -> str:
    return each.name + ("" if each.calls is None else f", called {each.calls} times")


def _times(value: float) -> str:
    """As people say it: two digits, and above a thousand no number at all."""
    return "1000+" if value >= MOST else f"{value:.0f}" if value >= 10 else f"{value:.2g}"


def _amdahl(share: float) -> float:
    """At most MOST, which stands for "that or more", so that records hold a number."""
    return min(MOST, 1 / (1 - share)) if share < 1 else MOST
