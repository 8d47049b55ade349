"""Windows that slide along a list: sums and extremes carried from one place to the next.

Covered: ``xs[i : i + w]`` for i in range(len(xs) - w + 1), ``xs[i - w : i]`` for i in range(w, len(xs) + 1),
in loops that change neither the list nor the width. Not covered: windows by time, steps other than one.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from .edits import Edit, rewrite
from .evidence import maybe_list
from .facts import outermost, steady, variables_in
from .program import Program, Var


@dataclass(frozen=True)
class Window:
    """The slice of ``width`` elements at each place of a loop over all of a list's windows."""

    node: ast.Subscript
    loop: ast.For | ast.comprehension
    items: Var
    place: str
    width: str
    ends: bool  # whether the place is the window's end, not its start
    positive: bool

    @property
    def start(self) -> str:
        return f"{self.place} - {self.width}" if self.ends else self.place

    @property
    def stop(self) -> str:
        return self.place if self.ends else f"{self.place} + {self.width}"

    def or_else(self, text: str, old: str) -> str:
        """A text for windows of a width above zero; what other widths mean, the old text knows."""
        return text if self.positive else f"({text} if {self.width} > 0 else {old})"


def windows(program: Program) -> Iterator[Window]:
    """Every slice that is one of all the windows of a list, each visited once and in order."""
    for node in program.find(ast.Subscript):
        match node:
            case ast.Subscript(
                value=ast.Name() as items,
                slice=ast.Slice(lower=ast.expr() as low, upper=ast.expr() as high, step=None),
            ):
                pass
            case _:
                continue
        var = program.var(items)
        if any(
            isinstance(above, ast.IfExp) and program.inside(node, above.orelse)
            for above in program.ancestors(node)
        ):
            continue  # what was there before a rewrite below
        for loop in program.loops(node)[:1]:
            part = loop if isinstance(loop, ast.For) else (getattr(loop, "generators", None) or [None])[0]
            if var is None or part is None or len(getattr(loop, "generators", [1])) != 1:
                continue
            found = _window(program, node, loop, part, var, low, high)
            if found is not None and maybe_list(program, var):
                yield found


def _window(
    program: Program,
    node: ast.Subscript,
    loop: ast.AST,
    part: ast.For | ast.comprehension,
    items: Var,
    low,
    high,
) -> Window | None:
    place = part.target
    if not isinstance(place, ast.Name) or not isinstance(part.iter, ast.Call):
        return None
    if not program.is_builtin(part.iter.func, "range") or part.iter.keywords:
        return None
    match low, high:
        case ast.Name(id=start), ast.BinOp(left=one, op=ast.Add(), right=other) if start == place.id:
            width = other if _named(one, start) else one if _named(other, start) else None
            ends = False
        case ast.BinOp(left=ast.Name(id=stop), op=ast.Sub(), right=width), ast.Name(id=again):
            width, ends = (width, True) if stop == again == place.id else (None, True)
        case _:
            return None
    if not isinstance(width, ast.Name | ast.Constant) or program.var(width) is items:
        return None
    text, size = program.text(width), f"len({items.name})"
    wanted = {f"{text}, {size} + 1"} if ends else {f"{size} - {text} + 1", f"0, {size} - {text} + 1"}
    bounds = ", ".join(map(ast.unparse, part.iter.args))
    own = program.var(place)
    once = own is not None and sum(use.binds and program.inside(use.node, loop) for use in own.uses) == 1
    if bounds not in wanted or not once or not steady(program, [items, *variables_in(program, width)], loop):
        return None
    positive = isinstance(width, ast.Constant) and isinstance(width.value, int) and width.value > 0
    return Window(node, part, items, place.id, text, ends, positive)


def _named(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


@rewrite("window_sum", "sum of each window -> difference of two running sums")
def window_sum(program: Program) -> Iterator[Edit]:
    """``sum(xs[i : i + w])`` for every window becomes ``sums[i + w] - sums[i]``, with the sums made once."""
    for window in windows(program):
        call = only_argument(program, window, "sum")
        outer = _before(program, window)
        if call is None or outer is None:
            continue
        edit = Edit(program)
        name, items = edit.fresh(f"{window.items.name}_sums"), window.items.name
        made = edit.use("itertools", "accumulate")
        edit.before(program.anchor(outer), f"{name} = list({made}({items}, initial=0))")
        new = f"({name}[{window.stop}] - {name}[{window.start}])"
        edit.replace(call, window.or_else(new, program.text(call)))
        yield edit


def _before(program: Program, window: Window) -> ast.AST | None:
    return outermost(program, window.node, [window.items])


def only_argument(program: Program, window: Window, *names: str) -> ast.Call | None:
    """The call of a builtin that has the window as its only argument."""
    call = program.parents[window.node]
    fits = isinstance(call, ast.Call) and call.args == [window.node] and not call.keywords
    return call if fits and program.is_builtin(call.func, *names) else None


@rewrite("window_extreme", "max or min of each window -> queue of the candidates")
def window_extreme(program: Program) -> Iterator[Edit]:
    """The greatest (or least) element of every window from one pass, by a queue of those not yet beaten.

    before: ``[max(xs[i : i + w]) for i in range(len(xs) - w + 1)]``; after: ``xs_max`` is filled above it,
    where an element leaves the queue when a later one beats it or when its window has passed.
    """
    for window in windows(program):
        call = only_argument(program, window, "max", "min")
        width = [
            var for node in program.find(ast.Name, under=window.node.slice) if (var := program.var(node))
        ]
        steady_ones = [var for var in width if var.name == window.width]
        outer = outermost(program, window.node, [window.items, *steady_ones]) if call is not None else None
        if outer is None or program.bound_names & {"enumerate"}:
            continue
        edit, items, kind = Edit(program), window.items.name, program.text(call.func)
        best, queue, at, item = map(edit.fresh, (f"{items}_{kind}", f"{items}_queue", "at", "item"))
        beaten = f"{queue}[-1][1] {'<=' if kind == 'max' else '>='} {item}"
        edit.before(
            program.anchor(outer),
            f"{best}, {queue} = [], {edit.use('collections', 'deque')}()",
            f"for {at}, {item} in enumerate({items}):",
            f"    while {queue} and {beaten}:",
            f"        {queue}.pop()",
            f"    {queue}.append(({at}, {item}))",
            f"    if {queue}[0][0] <= {at} - {window.width}:",
            f"        {queue}.popleft()",
            f"    {best}.append({queue}[0][1] if {queue} else None)",
        )
        last = f"{window.place} - 1" if window.ends else f"{window.stop} - 1"
        edit.replace(call, window.or_else(f"{best}[{last}]", program.text(call)))
        yield edit
