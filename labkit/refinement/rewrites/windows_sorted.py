"""Sorted windows: one list in order that moves along, instead of a sort at each place.

Covered: ``sorted(xs[i : i + w])`` looked into on the spot, in a ``for`` loop over all windows, also through a
name for the window. Not covered: comprehensions, sorting by a key.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .edits import Edit, rewrite
from .facts import pure
from .program import Program, words
from .windows import Window, only_argument, windows

LOOKING = words("len sum min max any all set")


@rewrite("window_sorted", "each window sorted anew -> one sorted window, moved by bisection")
def window_sorted(program: Program) -> Iterator[Edit]:
    """Keep the window in order: take out the element that leaves, put in the one that comes.

    before: ``for i in range(len(xs) - w + 1): middle = sorted(xs[i : i + w])[w // 2]``; after, in each round
    but the first: ``del ranked[bisect_left(ranked, xs[i - 1])]`` and ``insort(ranked, xs[i + w - 1])``.
    """
    for window in windows(program):
        loop = window.loop
        if not isinstance(loop, ast.For) or program.anchor(loop) is not loop:
            continue
        calls, start = _sorted_of(program, window)
        if not calls:
            continue
        edit, items, width = Edit(program), window.items.name, window.width
        ranked = edit.fresh(f"{items}_ranked")
        bisect, insort = edit.use("bisect", "bisect_left"), edit.use("bisect", "insort")
        leaves, comes = f"{items}[{window.start} - 1]", f"{items}[{window.stop} - 1]"
        later = f"{window.place} > {width}" if window.ends else window.place
        later += "" if window.positive else f" and {width} > 0"
        edit.before(loop, f"{ranked} = sorted({items}[:{width}])")
        edit.before(
            loop.body[0],
            f"if {later}:",
            f"    del {ranked}[{bisect}({ranked}, {leaves})]",
            f"    {insort}({ranked}, {comes})",
        )
        for call in calls:
            new = ranked if program.text(call.func) == "sorted" else f"len({ranked})"
            old = program.source[slice(*program.span(call))]
            kept = start is None or window.positive
            edit.replace(call, window.or_else(new, old) if kept else new)
        if start is not None:
            edit.possible &= start is not loop.body[-1]
            # other widths than those above zero give no window at all
            edit.replace(
                start,
                "pass"
                if window.positive
                else f"if {width} <= 0: {ranked} = sorted({program.text(window.node)})",
            )
        edit.possible &= edit.indent(loop.body[0]) is not None
        yield edit


def _sorted_of(program: Program, window: Window) -> tuple[list[ast.Call], ast.Assign | None]:
    """The calls that sort or measure a window, and the statement that gave the window a name."""
    call = only_argument(program, window, "sorted")
    if call is not None:
        return ([call], None) if _looked_at(program, call) else ([], None)
    made = only_argument(program, window, "list") or window.node
    start = program.parents[made]
    name = start.targets[0] if isinstance(start, ast.Assign) and len(start.targets) == 1 else None
    var = program.var(name) if isinstance(name, ast.Name) else None
    if var is None or not var.local or start not in window.loop.body:
        return [], None
    calls = []
    for use in var.uses:
        if use.node is name:
            continue
        above = program.parents[use.node]
        single = isinstance(above, ast.Call) and above.args == [use.node] and not above.keywords
        order = single and program.is_builtin(above.func, "sorted") and _looked_at(program, above)
        size = single and program.is_builtin(above.func, "len")
        if not (order or size) or not program.inside(use.node, window.loop):
            return [], None
        calls.append(above)
    ordered = any(program.text(each.func) == "sorted" for each in calls)
    return (calls, start) if ordered and pure(program, made) else ([], None)


def _looked_at(program: Program, call: ast.Call) -> bool:
    """Whether a sorted list is only looked into on the spot, so that all rounds may share one."""
    match program.parents[call]:
        case ast.Subscript(value=value, ctx=ast.Load()) if value is call:
            return True
        case ast.Call(func=func, args=[_], keywords=[]):
            return program.is_builtin(func, *LOOKING)
    return False
