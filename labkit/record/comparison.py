"""Compare two runs: results first, then the parameters that differ, then the environment.

Covered: which figures changed by more than their noise. Not covered: whether a change is for the
better; a record does not know which way a figure should go.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from labkit.record.loaded import Loaded, load

if TYPE_CHECKING:
    from labkit.stats import Figure

ABSENT = "(absent)"


@dataclass(frozen=True)
class Row:
    """One result that both runs have. `delta` = b - a and `ratio` = b / a; None where there is none."""

    name: str
    a: Figure
    b: Figure
    delta: float | None
    ratio: float | None
    answer: Literal["unchanged", "changed"]


@dataclass(frozen=True)
class Difference:
    """A parameter or an environment fact that differs; `ABSENT` where one run does not have it."""

    name: str
    a: Any
    b: Any


@dataclass(frozen=True)
class Comparison:
    """What differs between run `a` and run `b`."""

    a: str
    b: str
    rows: tuple[Row, ...]
    params: tuple[Difference, ...]
    environment: tuple[Difference, ...]
    only_in_a: tuple[str, ...]
    only_in_b: tuple[str, ...]

    def _table(self) -> Iterator[tuple[str, ...]]:
        yield "", "a", "b", "b - a", "b / a", "answer"
        for row in self.rows:
            numbers = ("" if x is None else f"{x:.3g}" for x in (row.delta, row.ratio))
            yield row.name, str(row.a), str(row.b), *numbers, row.answer
        yield from ((f"only in a: {name}",) for name in self.only_in_a)
        yield from ((f"only in b: {name}",) for name in self.only_in_b)
        yield from ((f"parameter: {d.name}", str(d.a), str(d.b)) for d in self.params)
        yield from ((f"environment: {d.name}", str(d.a), str(d.b)) for d in self.environment)

    def __str__(self) -> str:
        return "\n".join([f"a = {self.a}", f"b = {self.b}", *("  |  ".join(row) for row in self._table())])

    def _repr_html_(self) -> str:
        from html import escape  # parameters hold whatever a user or a model wrote

        rows = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in self._table())
        body = "".join(f"<tr>{row}</tr>" for row in rows)
        return f"<table><caption>a = {self.a}, b = {self.b}</caption>{body}</table>"


def compare(a: Any, b: Any, tolerance: float = 0.01) -> Comparison:
    """Compare two runs (loaded ones, or their folders).

    Figures that both have intervals are unchanged where these overlap; others are unchanged where they
    differ by at most `tolerance`, relative to the larger. Figures in different units are changed.

    >>> from labkit import record
    >>> from labkit.stats import Figure
    >>> for n in (1, 2):
    ...     with record.start("demo", {"n": n}) as run:
    ...         seq = run.result("speed", Figure(n, "x", "measured"))
    >>> both = compare(*record.find("runs", "demo"))
    >>> both.rows[0].answer, both.rows[0].ratio, both.params
    ('changed', 2.0, (Difference(name='n', a=1, b=2),))
    """
    a, b = (run if isinstance(run, Loaded) else load(getattr(run, "path", run)) for run in (a, b))
    left, right = a.results, b.results
    return Comparison(
        a=f"{a.name} {a.id} {a.attempt} ({a.status})",
        b=f"{b.name} {b.id} {b.attempt} ({b.status})",
        rows=tuple(_compared(name, left[name], right[name], tolerance) for name in left if name in right),
        params=_differences({"seed": a.meta["seed"], **a.params}, {"seed": b.meta["seed"], **b.params}),
        environment=_differences(a.meta["provenance"], b.meta["provenance"]),
        only_in_a=tuple(name for name in left if name not in right),
        only_in_b=tuple(name for name in right if name not in left),
    )


def _compared(name: str, a: Figure, b: Figure, tolerance: float) -> Row:
    if a.unit != b.unit:
        return Row(name, a, b, None, None, "changed")
    delta, ratio = b.value - a.value, b.value / a.value if a.value else math.nan
    same = a.overlaps(b)
    if same is None:
        nan = math.isnan(a.value) and math.isnan(b.value)
        same = nan or abs(delta) <= tolerance * max(abs(a.value), abs(b.value))
    finite = (x if math.isfinite(x) else None for x in (delta, ratio))
    return Row(name, a, b, *finite, "unchanged" if same else "changed")


def _differences(a: Mapping[str, Any], b: Mapping[str, Any]) -> tuple[Difference, ...]:
    left, right = _flat(a), _flat(b)
    pairs = ((name, left.get(name, ABSENT), right.get(name, ABSENT)) for name in {**left, **right})
    return tuple(Difference(*pair) for pair in pairs if pair[1] != pair[2])


def _flat(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    flat = {}
    for key, value in values.items():
        nested = isinstance(value, Mapping) and value
        flat.update(_flat(value, f"{prefix}{key}.") if nested else {f"{prefix}{key}": value})
    return flat
