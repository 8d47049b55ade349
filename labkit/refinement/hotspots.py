"""Where the cost of a function is, before anything is changed: by statement, by loop, by function.

The program runs confined, traced line by line; what the tracing itself costs is measured on the spot and
taken off. What a statement has C code do (`x in items`, `sorted(items)`) is the statement's. From a share p
follows what any change to that place can win at most: 1 / (1 - p) (Amdahl).
Covered: functions, methods, generators, recursion, comprehensions, in the main thread. Not covered: memory,
other threads; a share is a hint and never a verdict, since a program can tell it is being traced.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from labkit.errors import BadInput, need
from labkit.sandbox import Limits, Program, call
from labkit.sandbox.judge import CANDIDATE_LIMITS
from labkit.sandbox.results import Isolation
from labkit.stats import Figure, bootstrap

from .task import CodeTask, as_arguments, as_task

MOST_TURNS = 50
TOLD = 0.01  # share below which a place is not worth a word
LEAST_S = 2e-4  # net cost of all rounds below which shares are chance
_BLOCKS = (ast.For, ast.AsyncFor, ast.While)
_HARNESS = '''

def labkit_profile(inputs, seconds, entry, last_line, most):
    """Net seconds by line and function, one dict a round."""
    import copy, sys, time
    clock, function = time.perf_counter, globals()[entry]
    own_file, rounds = function.__code__.co_filename, []
    deadline = clock() + seconds

    class Enough(BaseException):
        pass

    def profiled(action, mine):
        lines, calls, stack = {}, {}, []
        state = [None, 0.0]  # the line that runs, since when

        def local(frame, event, arg):
            now = clock()
            at = state[0]
            cost = lines.get(at)
            if cost is None:
                cost = lines[at] = [0.0, 0]
            cost[0] += now - state[1]
            cost[1] += 1
            if event == "line":
                state[0] = frame.f_lineno
            elif event == "return" and stack:
                state[0], key, outer = stack.pop()
                call = calls[key]
                call[2] -= 1
                if call[2] == 0:
                    call[1] += now - outer
            if event == "line" and now > deadline and (rounds or now > deadline + 2 * seconds):
                raise Enough
            state[1] = clock()
            return local

        def tracer(frame, event, arg):
            now, code = clock(), frame.f_code
            if not mine(code):
                return None
            cost = lines.setdefault(state[0], [0.0, 0])
            cost[0] += now - state[1]
            cost[1] += 1
            key = (code.co_name, code.co_firstlineno)
            call = calls.setdefault(key, [0, 0.0, 0])
            call[0] += 1
            call[2] += 1
            stack.append((state[0], key, now))
            state[0], state[1] = code.co_firstlineno, clock()
            return local

        state[1] = clock()
        sys.settrace(tracer)
        try:
            action()
        except Enough:
            return lines, calls, False
        finally:
            sys.settrace(None)
        return lines, calls, True

    def dummy(n):
        for _ in range(n):
            pass
            pass

    def overhead():
        n, best = 2000, 1.0
        for _ in range(3):
            began = clock()
            dummy(n)
            plain = clock() - began
            lines = profiled(lambda: dummy(n), lambda code: code is dummy.__code__)[0]
            spent, events = (sum(part) for part in zip(*lines.values()))
            best = min(best, max(0.0, spent - plain) / events)
        return best

    each = overhead()
    mine = lambda code: code.co_filename == own_file and code.co_firstlineno <= last_line
    while len(rounds) < most:
        fresh = copy.deepcopy(inputs)

        def action():
            for arguments in fresh:
                function(*arguments)

        lines, calls, whole = profiled(action, mine)
        if rounds and not whole:
            break
        rounds.append((
            [(line, max(0.0, cost - each * n)) for line, (cost, n) in lines.items() if line is not None],
            [(name, line, n, max(0.0, spent)) for (name, line), (n, spent, _) in calls.items()],
        ))
        if clock() > deadline:
            break
    return rounds
'''


@dataclass(frozen=True)
class HotLine:
    """A statement (or the head of a block), its share of the cost with its 95 % interval, and its text.

    `kind`: "statement", or "loop", whose share is that of all that lies in it.
    """

    number: int
    text: str
    share: float
    lo: float | None
    hi: float | None
    kind: str = "statement"

    @property
    def bound(self) -> Figure:
        """What any change to this place can win, at most: 1 / (1 - share)."""
        ends = [None if p is None else _amdahl(p) for p in (self.lo, self.hi)]
        return Figure(_amdahl(self.share), "x", "measured", *ends)

    def __str__(self) -> str:
        most = self.bound
        ends = "" if most.lo is None else f" [{_times(most.lo)}, {_times(most.hi)}]"
        return (
            f"line {self.number} ({self.kind}) is {100 * self.share:.0f} % of the cost; no change can win"
            f" more than {_times(most.value)}x{ends}: {self.text}"
        )


@dataclass(frozen=True)
class HotCall:
    """A function of the program: calls in one round, and its share of the cost with all it calls."""

    name: str
    line: int
    calls: int
    share: float


@dataclass(frozen=True)
class HotSpots:
    """Places by cost, the hottest first. `rounds`: how often all inputs were run; 0: too quick to tell."""

    lines: tuple[HotLine, ...]
    loops: tuple[HotLine, ...]
    calls: tuple[HotCall, ...]
    total_s: float
    rounds: int

    def bound(self, number: int) -> Figure:
        """What any change to the statement or loop at a line can win, at most."""
        places = [place for place in (*self.loops, *self.lines) if place.number == number]
        if not places:
            raise BadInput(f"line {number} took no time: the lines that did are {self._numbers()}")
        return max((place.bound for place in places), key=lambda figure: figure.value)

    def _numbers(self) -> str:
        return ", ".join(str(line.number) for line in self.lines) or "none"

    def ceiling(self) -> Figure | None:
        """The most that a change to any one place, statement or loop, can win; None where none was seen."""
        bounds = [place.bound for place in (*self.lines, *self.loops)]
        return max(bounds, key=lambda figure: figure.value, default=None)

    def summary(self) -> str:
        if not self.lines:
            return "too quick to tell where the cost is"
        return str(self.lines[0])

    def feedback(self, top: int = 3) -> str:
        """The hottest places in words, for whoever proposes the next change."""
        hot = [str(line) for line in self.lines[:top] if line.share >= TOLD]
        return "\n".join([*hot, *(str(loop) for loop in self.loops[:1])]) or self.summary()

    def to_frame(self):
        """One row a place: statements, loops, functions (needs pandas)."""
        rows = [
            {"kind": p.kind, "line": p.number, "share": p.share, "bound": p.bound.value, "text": p.text}
            for p in (*self.lines, *self.loops)
        ] + [
            {"kind": "function", "line": c.line, "share": c.share, "bound": _amdahl(c.share),
             "text": f"{c.name}, called {c.calls} times"}
            for c in self.calls
        ]  # fmt: skip
        columns = ["kind", "line", "share", "bound", "text"]
        return need("pandas", "lab").DataFrame(rows, columns=columns)

    def __repr__(self) -> str:
        return f"<{self.feedback()}>"

    def _repr_html_(self) -> str:
        cells = "".join(
            f"<tr><td>{place.number}</td><td>{place.kind}</td><td>{100 * place.share:.0f} %</td>"
            f"<td>{'█' * round(20 * place.share)}</td><td>{_times(place.bound.value)}x</td>"
            f"<td><code>{escape(place.text)}</code></td></tr>"
            for place in (*self.loops, *self.lines)
        )
        heads = ("line", "kind", "share", "", "can win at most", "text")
        head = "".join(f"<th scope=col>{name}</th>" for name in heads)
        return f"<table><caption>{escape(self.summary())}</caption><tr>{head}</tr>{cells}</table>"


def hotspots(
    what: CodeTask | Program | Callable | str,
    inputs: Sequence | None = None,
    *,
    seconds: float = 1.0,
    seed: int = 0,
    limits: Limits = CANDIDATE_LIMITS,
    isolation: Isolation = "auto",
) -> HotSpots:
    """Where the cost of a function is: run confined and traced for about `seconds`, one round at least.

    A round that takes three times as long is broken off: then the shares are those of its beginning.
    `what`: a function or Program with inputs, a task, or the name of one of the lab's. Raises BadInput where
    the program fails, SandboxUnavailable.

    >>> def slow(items):
    ...     total = 0
    ...     for item in items:
    ...         total += items.index(item)
    ...     return total
    >>> hotspots(slow, [(list(range(1500)),)]).lines[0].text
    'total += items.index(item)'
    """
    program, given = _program(what, inputs, seed)
    if not isinstance(seconds, int | float) or not seconds > 0:
        raise BadInput(f"seconds={seconds!r}: give a number above 0")
    source = program.source.rstrip("\n") + "\n"
    last = source.count("\n")
    arguments = ([list(each) for each in given], float(seconds), program.entry, last, MOST_TURNS)
    done = call(source + _HARNESS, "labkit_profile", [arguments], limits=limits, isolation=isolation)
    if not done.ok:
        error = done.error.strip().rpartition("\n")[2]
        raise BadInput(f"{program.entry} fails while it is traced: {done.status}: {error}")
    return _read(source, done.values[0])


def _program(what: Any, inputs: Sequence | None, seed: int) -> tuple[Program, Sequence[tuple]]:
    if isinstance(what, Program):
        if inputs is None:
            raise BadInput(f"no inputs for {what.entry}: hotspots(program, inputs=[...])")
        return what, as_arguments(inputs)
    task = as_task(what, inputs, seed=seed)
    return task.program, task.inputs


def _read(source: str, rounds: Any) -> HotSpots:
    """The spots from what the program sent, which is data and may be anything."""
    try:
        lines = [{int(n): _seconds(s) for n, s in each} for each, _ in rounds]
        calls = [
            (str(name), int(line), int(n), _seconds(s)) for _, part in rounds for name, line, n, s in part
        ]
    except (TypeError, ValueError):
        raise BadInput("the program changed its own profile: nothing can be said") from None
    total = sum(sum(each.values()) for each in lines)
    if total < LEAST_S:
        return HotSpots((), (), (), total, 0)
    statements, loops = _places(source)
    own = [_grouped(each, statements) for each in lines]
    within = [
        {first: sum(s for n, s in each.items() if first <= n <= final) for first, final in loops}
        for each in lines
    ]
    texts = ["", *source.splitlines()]
    return HotSpots(
        _ranked(own, lines, texts, "statement"),
        _ranked(within, lines, texts, "loop"),
        _called(calls, total),
        total,
        len(rounds),
    )


def _seconds(value: Any) -> float:
    number = float(value)
    if not 0 <= number < math.inf:
        raise ValueError(value)
    return number


def _places(source: str) -> tuple[dict[int, int], list[tuple[int, int]]]:
    """(line -> first line of its statement, or of the block's head; first and last line of each loop)."""
    statements, loops = {}, []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.stmt):
            continue
        body = getattr(node, "body", None)
        final = body[0].lineno - 1 if isinstance(body, list) and body else node.end_lineno
        for line in range(node.lineno, max(final, node.lineno) + 1):
            statements[line] = node.lineno
        if isinstance(node, _BLOCKS):
            loops.append((node.lineno, node.end_lineno))
    return statements, loops


def _grouped(costs: Mapping[int, float], place: Mapping[int, int]) -> dict[int, float]:
    found: dict[int, float] = {}
    for line, seconds in costs.items():
        at = place.get(line, line)
        found[at] = found.get(at, 0.0) + seconds
    return found


def _ranked(
    parts: Sequence[Mapping[int, float]],
    wholes: Sequence[Mapping[int, float]],
    texts: Sequence[str],
    kind: str,
) -> tuple[HotLine, ...]:
    """Places by their share of all rounds; the interval is a bootstrap over the rounds."""
    sums = [sum(whole.values()) for whole in wholes]
    found = []
    for line in {line for part in parts for line in part}:
        pairs = [(part.get(line, 0.0), total) for part, total in zip(parts, sums, strict=True)]
        share = _share(pairs)
        if share > 0 and 0 < line < len(texts):
            ends = bootstrap(pairs, _share, resamples=400) if len(pairs) > 2 else (None, None)
            found.append(HotLine(line, texts[line].strip(), share, *ends, kind))
    return tuple(sorted(found, key=lambda place: -place.share))


def _share(pairs: Sequence[tuple[float, float]]) -> float:
    whole = sum(total for _, total in pairs)
    return min(1.0, sum(part for part, _ in pairs) / whole) if whole else 0.0


def _called(calls: Sequence[tuple[str, int, int, float]], total: float) -> tuple[HotCall, ...]:
    spent: dict[tuple[str, int], list[float]] = {}
    rounds: dict[tuple[str, int], int] = {}
    for name, line, n, seconds in calls:
        both = spent.setdefault((name, line), [0.0, 0.0])
        both[0], both[1] = both[0] + n, both[1] + seconds
        rounds[name, line] = rounds.get((name, line), 0) + 1
    whole = max([seconds for _, seconds in spent.values()] + [total])  # with the tracing: shares of one clock
    found = [
        HotCall(name, line, round(n / rounds[name, line]), min(1.0, seconds / whole))
        for (name, line), (n, seconds) in spent.items()
    ]
    return tuple(sorted(found, key=lambda each: -each.share))


def _times(value: float) -> str:
    """As people say it: two digits, and above a thousand no number at all."""
    return "1000+" if value >= 1000 else f"{value:.0f}" if value >= 10 else f"{value:.2g}"


def _amdahl(share: float) -> float:
    return 1 / (1 - share) if share < 1 else math.inf
