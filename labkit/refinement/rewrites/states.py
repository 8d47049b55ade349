"""Recursion over ever shorter rests of a sequence: a table over the places where the rests begin.

Covered: functions whose calls of themselves pass ``xs[k:]`` or ``xs`` for one or two sequences and all else
unchanged. Not covered: rests from the back (``xs[:-1]``), other parameters that change, results with parts.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from .edits import Edit, rewrite
from .facts import variables_in
from .program import Program, Use, Var
from .recursion import _depends_on_arguments, _handed_on, _plain, _shareable
from .slicing import not_negative


@rewrite("suffix_table", "recursion over xs[1:] -> table over the starts, filled from the end")
def suffix_table(program: Program) -> Iterator[Edit]:
    """Work out the result for every rest of the sequences once, the shortest first, without slices and calls.

    before::

        def most(values):
            if not values:
                return 0
            return max(most(values[1:]), values[0] + most(values[2:]))

    after::

        def most(values):
            values_size = len(values)
            rests = [None] * (values_size + 1)
            for i in range(values_size, -1, -1):
                if i == values_size:
                    rests[i] = 0
                    continue
                rests[i] = max(rests[i + 1], values[i] + rests[min(i + 2, values_size)])
            return rests[0]
    """
    if program.bound_names & {"len", "range", "min"}:
        return
    for fn in program.find(ast.FunctionDef):
        own = program.var(fn)
        if own is None or not _plain(program, fn, own) or not _depends_on_arguments(program, fn):
            continue
        calls = [use.site for use in own.uses if use.kind == "call" and program.inside(use.node, fn)]
        full = all(len(call.args) == len(fn.args.args) and not call.keywords for call in calls)
        if calls and full and _shareable(program, fn, calls):
            edit = _tabled(program, fn, calls)
            if edit is not None:
                yield edit


@dataclass
class _Rest:
    """A sequence parameter: its place among the parameters, and the names of its size and of the start."""

    var: Var
    index: int
    size: str
    at: str
    handled: set[ast.AST] = field(default_factory=set)


def _tabled(program: Program, fn: ast.FunctionDef, calls: list[ast.Call]) -> Edit | None:
    params = [program.var(arg) for arg in fn.args.args]
    moving = [index for index, var in enumerate(params) if not _handed_on(program, var, index, calls)]
    body = fn.body[1:] if ast.get_docstring(fn) is not None else fn.body
    edit = Edit(program)
    if not 1 <= len(moving) <= 2 or not body or None in map(edit.indent, body):
        return None
    names = "ij" if program.bound_names.isdisjoint("ij") else ("start", "other_start")
    rests = [
        _Rest(params[index], index, edit.fresh(f"{params[index].name}_size"), edit.fresh(name))
        for index, name in zip(moving, names, strict=False)
    ]
    table = edit.fresh("rests")
    row = edit.fresh("row") if rests[1:] else ""
    for call in calls:
        places = [_place(program, call, rest, body) for rest in rests]
        if None in places or all(place == rest.at for place, rest in zip(places, rests, strict=True)):
            return None
        edit.replace(call, _entry(table, row, rests, places))
    inside = [node for call in calls for node in program.find(ast.Name, under=call)]
    for rest in rests:
        uses = [use for use in rest.var.uses if use.kind != "param" and use.node not in inside]
        if not all(_shifted(program, edit, rest, use) for use in uses):
            return None
    target = _entry(table, row, rests, [rest.at for rest in rests])
    if not _results(program, edit, body, target, "    " * len(rests)):
        return None
    _around(program, edit, rests, (table, row), body)
    return edit


def _entry(table: str, row: str, rests: list[_Rest], places: list[str]) -> str:
    """An entry of the table; of the row at hand by the row's own name."""
    if row and places[0] == rests[0].at:
        return f"{row}[{places[1]}]"
    return table + "".join(f"[{place}]" for place in places)


def _place(program: Program, call: ast.Call, rest: _Rest, body: list[ast.stmt]) -> str | None:
    """Where the rest that a call passes on begins, as text."""
    match call.args[rest.index]:
        case ast.Name() as name if program.var(name) is rest.var:
            return rest.at
        case ast.Subscript(value=ast.Name() as name, slice=ast.Slice(lower=step, upper=None, step=None)):
            if program.var(name) is not rest.var or step is None or not not_negative(program, step):
                return None
            if rest.var in variables_in(program, step) or program.find(ast.Call, under=step)[1:]:
                return None
            place = f"{rest.at} + {program.operand(step)}"
            return place if _within(program, step, rest, body) else f"min({place}, {rest.size})"
    return None


def _within(program: Program, step: ast.expr, rest: _Rest, body: list[ast.stmt]) -> bool:
    """Whether a step surely does not lead beyond the end: a guard says so, or the range of a loop."""
    match step:
        case ast.Constant(value=int(count)):
            return any(_longer(program, item, rest.var) >= count for item in body)
        case ast.Name() if (var := program.var(step)) is not None:
            loops = [use.site.iter for use in var.of_kind("for")]
            limits = [loop.args[-1] for loop in loops if isinstance(loop, ast.Call) and len(loop.args) <= 2]
            binds = sum(use.binds for use in var.uses)
            whole = (f"len({rest.var.name})", f"len({rest.var.name}) + 1")
            return len(limits) == binds == 1 and ast.unparse(limits[0]) in whole
    return False


def _longer(program: Program, statement: ast.stmt, var: Var) -> int:
    """How long a sequence is at least, once a statement such as ``if not xs: return 0`` is passed."""
    match statement:
        case ast.If(test=test, body=[*_, ast.Return()], orelse=[]):
            parts = test.values if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or) else [test]
            return max(_excluded(program, part, var) for part in parts)
    return 0


def _excluded(program: Program, test: ast.expr, var: Var) -> int:
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=ast.Name() as name) if program.var(name) is var:
            return 1
        case ast.Compare(left=ast.Name() as name, ops=[ast.Eq()], comparators=[empty]):
            return int(program.var(name) is var and _empty(empty))
        case ast.Compare(
            left=ast.Call(args=[ast.Name() as name]) as call,
            ops=[operator],
            comparators=[ast.Constant(value=int(k))],
        ) if program.is_builtin(call.func, "len") and program.var(name) is var:
            return {ast.LtE: k + 1, ast.Lt: k, ast.Eq: int(k == 0)}.get(type(operator), 0)
    return 0


def _empty(node: ast.expr) -> bool:
    match node:
        case ast.Constant(value="") | ast.List(elts=[]) | ast.Tuple(elts=[]):
            return True
    return False


def _shifted(program: Program, edit: Edit, rest: _Rest, use: Use) -> bool:
    """Write one use of a rest as a use of the whole sequence from ``at`` on; False where that cannot be."""
    above = program.parents[use.node]
    match above:
        case ast.UnaryOp(op=ast.Not()):
            edit.replace(above, f"{rest.at} == {rest.size}")
        case ast.Call(args=[_], keywords=[]) if program.is_builtin(above.func, "len"):
            single = isinstance(program.parents[above], ast.Call | ast.Assign | ast.Return)
            code = f"{rest.size} - {rest.at}"
            edit.replace(above, code if single else f"({code})")
        case ast.Compare(left=left, ops=[ast.Eq() | ast.NotEq()], comparators=[empty]):
            if left is not use.node or not _empty(empty):
                return False
            sign = "==" if isinstance(above.ops[0], ast.Eq) else "!="
            edit.replace(above, f"{rest.at} {sign} {rest.size}")
        case ast.Subscript(ctx=ast.Load(), slice=part) if above.value is use.node:
            return _moved(program, edit, rest, part)
        case ast.Attribute(attr="startswith") if use.kind == "method" and len(use.site.args) == 1:
            _, end = program.span(use.site.args[0])
            edit.splice(end, end, f", {rest.at}")
        case ast.If() | ast.IfExp() | ast.While() | ast.BoolOp() if use.kind == "truth":
            edit.replace(use.node, f"({rest.at} < {rest.size})")
        case _ if use.kind in {"read", "iter", "in"} and not isinstance(above, ast.Compare | ast.BinOp):
            edit.replace(use.node, f"{rest.var.name}[{rest.at}:]")
        case _:
            return False
    return True


def _moved(program: Program, edit: Edit, rest: _Rest, part: ast.expr) -> bool:
    bounds = [part.lower, part.upper, part.step] if isinstance(part, ast.Slice) else [part]
    if any(bound is not None and not not_negative(program, bound) for bound in bounds[:2]):
        return False
    if isinstance(part, ast.Slice):
        start = program.span(part)[0]
        edit.splice(start, start, f"{rest.at} + " if part.lower else f"{rest.at} ")
    bound = bounds[-1] if not isinstance(part, ast.Slice) else part.upper
    if isinstance(bound, ast.Constant) and bound.value == 0 and bound is part:
        edit.replace(bound, rest.at)
    elif bound is not None:
        start = program.span(bound)[0]
        edit.splice(start, start, f"{rest.at} + ")
    return bounds[2:] in ([], [None])


def _results(program: Program, edit: Edit, body: list[ast.stmt], target: str, deeper: str) -> bool:
    """Put each result into the table and go on; False where an inner loop would be left."""
    for item in (found for part in body for found in program.find(ast.Return, under=part)):
        around = (above for part in body for above in program.ancestors(item) if program.inside(above, part))
        if any(isinstance(above, ast.For | ast.While | ast.Try | ast.With) for above in around):
            return False
        start, end = program.span(item)
        value = program.span(item.value)[0] if item.value is not None else end
        edit.splice(start, value, f"{target} = " if item.value is not None else f"{target} = None")
        if item is not body[-1]:
            edit.after(item, f"{deeper}continue")
    # what falls off the end gives None, as the table does
    return True


def _around(
    program: Program, edit: Edit, rests: list[_Rest], names: tuple[str, str], body: list[ast.stmt]
) -> None:
    """The table, the loops over the starts, and the body of the function inside them."""
    (table, row), empty = names, "None"
    for depth, rest in enumerate(reversed(rests)):
        times = f"({rest.size} + 1)"
        empty = f"[{empty}] * {times}" if depth == 0 else f"[{empty} for _ in range{times}]"
    lines = [f"{rest.size} = len({rest.var.name})" for rest in rests]
    lines.append(f"{table} = {empty}")
    loops = [
        f"{'    ' * depth}for {rest.at} in range({rest.size}, -1, -1):" for depth, rest in enumerate(rests)
    ]
    if row:
        loops.insert(1, f"    {row} = {table}[{rests[0].at}]")
    edit.before(body[0], *lines, *loops)
    texts = [node for item in body for node in program.find(ast.Constant, ast.JoinedStr, under=item)]
    inside = {line for node in texts for line in range(node.lineno + 1, node.end_lineno + 1)}
    for line in range(body[0].lineno, body[-1].end_lineno + 1):
        start = program.line_start(line)
        if line not in inside and program.source[start : program.line_start(line + 1)].strip():
            edit.splice(start, start, "    " * len(rests))
    edit.after(body[-1], f"return {table}{'[0]' * len(rests)}")
