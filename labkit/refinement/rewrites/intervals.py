"""Inner loops that look for values in a range: one sort before the outer loop, then bisection in each round.

Covered: ``low <= key(y) < high``, ``abs(key(y) - x) <= d``, intervals that cover a point or overlap another,
all in the first tests of a loop or comprehension; counts of such elements without any loop.
Not covered: lists that change in the outer loop, tests joined by ``or``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .edits import Edit, rewrite
from .intervals_bounds import Bound, Inner, inner_loops, outer_loop
from .keys import (
    Loop,
    bare,
    fresh_names,
    only_computes,
    respelled,
)
from .program import COMPREHENSIONS, Program, called, words

ORDER_FREE = words("sum len any all set frozenset sorted min max")


class _Tables:
    """The lines that make the sorted lists before the outer loop, and how to look things up in them."""

    def __init__(self, program: Program, inner: Inner, base: str) -> None:
        self.program, self.inner, self.edit = program, inner, Edit(program)
        self.base, self.lines = base, []
        self.names = fresh_names(program, self.edit, inner.loop, inner.own)
        self.target = respelled(program, inner.loop.target, self.names)
        self.over = f"for {bare(self.target)} in"

    def key(self, bound: Bound) -> str:
        return respelled(self.program, bound.key, self.names)

    def name(self, ending: str) -> str:
        return self.edit.fresh(f"{self.base}_{ending}")

    def place(self, bound: Bound, keys: str) -> str:
        return f"{self.edit.use('bisect', bound.place)}({keys}, {bound.value})"

    def sorted_keys(self, bound: Bound, ending: str, test: str = "") -> str:
        keys = self.name(ending)
        items = self.program.operand(self.inner.loop.iter)
        self.lines.append(f"{keys} = sorted({self.key(bound)} {self.over} {items}{test})")
        return keys

    def ranked(self) -> tuple[str, str, str]:
        """The elements by key; their list, and their places in it in that order."""
        listed, keys, order, ranked = map(self.name, ("list", "keys", "order", "ranked"))
        first = self.inner.high or self.inner.low
        self.lines += [
            f"{listed} = list({self.program.text(self.inner.loop.iter)})",
            f"{keys} = [{self.key(first)} {self.over} {listed}]",
            f"{order} = sorted(range(len({listed})), key={keys}.__getitem__)",
            f"{ranked} = [{listed}[place] for place in {order}]",
            f"{keys}.sort()",
        ]
        low, high = self.inner.low, self.inner.high
        lows = keys
        if low is not None and not self.inner.same_key:
            lows = self.name("tops")
            made = self.edit.use("itertools", "accumulate")
            # the highest end so far only grows, so it can be bisected
            self.lines.append(f"{lows} = list({made}(({self.key(low)} {self.over} {ranked}), max))")
        start = self.place(low, lows) if low is not None else ""
        stop = self.place(high, keys) if high is not None else ""
        part = f"[{start} : {stop}]"
        return f"{ranked}{part}", f"[{listed}[place] for place in sorted({order}{part})]", listed


def _base(inner: Inner) -> str:
    return inner.loop.iter.id if isinstance(inner.loop.iter, ast.Name) else "items"


@rewrite("range_index", "inner loop that tests a range -> sorted once, then bisect")
def range_index(program: Program) -> Iterator[Edit]:
    """Loop only over the elements whose key lies in the range, found by bisection.

    before: ``[g for g in genes if g.start <= x <= g.end]`` in a loop; after: ``genes`` sorted by start once,
    with the highest end so far beside it; each round bisects both and tests what lies between, in the order
    of the list (where that order can matter).
    """
    if program.bound_names & {"sorted", "list", "range", "max", "len"}:
        return
    for inner in inner_loops(program):
        both = inner.low is not None and inner.high is not None
        # what is only counted needs no elements at all, see below
        counted = inner.whole and inner.same_key and _counted(program, inner)[0] is not None
        outer = outer_loop(program, inner) if both and not counted else None
        if outer is not None:
            tables = _Tables(program, inner, _base(inner))
            free, ordered, _ = tables.ranked()
            tables.edit.before(program.anchor(outer), *tables.lines)
            tables.edit.replace(inner.loop.iter, free if _order_free(program, inner.loop) else ordered)
            yield tables.edit


def _order_free(program: Program, loop: Loop) -> bool:
    """Whether nobody can tell in which order the elements come."""
    if isinstance(loop, ast.For):
        return _counts(program, loop) is not None
    made = program.parents[loop]
    call = program.parents[made]
    if len(made.generators) != 1 or not isinstance(made, COMPREHENSIONS):
        return False
    plain = isinstance(call, ast.Call) and not call.keywords and len(call.args) == 1
    return isinstance(made, ast.SetComp) or (plain and program.is_builtin(call.func, *ORDER_FREE))


def _counts(program: Program, loop: ast.For) -> tuple[str, str] | None:
    """(name, step) of a loop that only counts: ``if ..: n += 1``."""
    match loop.body:
        case [
            ast.If(
                body=[
                    ast.AugAssign(
                        target=ast.Name() as name, op=ast.Add(), value=ast.Constant(value=int(step))
                    )
                ]
            )
        ]:
            return name.id, "" if step == 1 else f"{step} * "
    return None


@rewrite("range_count", "elements in a range counted one by one -> difference of two bisections")
def range_count(program: Program) -> Iterator[Edit]:
    """Count the elements in a range, or the intervals that cover a point, without looking at them.

    before: ``len([t for t in times if a <= t < b])`` in a loop; after: the times sorted once above it, and
    ``max(0, bisect_left(times_sorted, b) - bisect_left(times_sorted, a))``. Covering intervals: those that
    have begun less those that have ended (one that ends before it begins covers nothing, and is left out).
    """
    if program.bound_names & {"sorted", "max", "len", "sum"}:
        return
    for inner in inner_loops(program):
        node, wrap = _counted(program, inner)
        outer = outer_loop(program, inner) if node is not None and inner.whole else None
        if outer is None:
            continue
        tables = _Tables(program, inner, _base(inner))
        count = _count(tables)
        if count is not None:
            tables.edit.before(program.anchor(outer), *tables.lines)
            tables.edit.replace(node, wrap.format(count))
            yield tables.edit


def _counted(program: Program, inner: Inner) -> tuple[ast.AST | None, str]:
    """The node that counts, and what to write there around the count."""
    loop = inner.loop
    if isinstance(loop, ast.For):
        counts = _counts(program, loop)
        return (loop, f"{counts[0]} += {counts[1]}{{}}") if counts else (None, "")
    made = program.parents[loop]
    call = program.parents[made]
    if len(made.generators) != 1 or not isinstance(call, ast.Call) or len(call.args) != 1 or call.keywords:
        return None, ""
    match made, called(call):
        case ast.ListComp(), "len" if program.is_builtin(call.func, "len") and only_computes(
            program, made.elt
        ):
            return call, "{}"
        case ((ast.ListComp() | ast.GeneratorExp()), "sum") if program.is_builtin(call.func, "sum"):
            one = isinstance(made.elt, ast.Constant) and made.elt.value == 1
            return (call, "{}") if one else (None, "")
    return None, ""


def _count(tables: _Tables) -> str | None:
    low, high = tables.inner.low, tables.inner.high
    if low is None or high is None:
        bound = low or high
        keys = tables.sorted_keys(bound, "sorted")
        place = tables.place(bound, keys)
        return f"(len({keys}) - {place})" if bound.above else place
    if tables.inner.same_key:
        keys = tables.sorted_keys(low, "sorted")
        return f"max(0, {tables.place(high, keys)} - {tables.place(low, keys)})"
    if low.value != high.value:
        return None
    # begun (start <= x) less ended (end < x)
    both = "<" if low.strict and high.strict else "<="
    test = f" if {tables.key(high)} {both} {tables.key(low)}"
    starts = tables.sorted_keys(high, "starts", test)
    ends = tables.sorted_keys(low, "ends", test)
    return f"({tables.place(high, starts)} - {tables.place(low, ends)})"
