"""Selection without sorting all again: lists that stay in order as they grow, the n-th least of a list.

Covered: ``sorted(seen)`` in a loop that appends to ``seen``, the least removed again and again.
Not covered: sorting by a key, lists that also shrink (see ``ordered`` for ``xs.sort()`` after each append).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .edits import Edit, rewrite
from .evidence import fresh_list, starts_fresh
from .facts import pure, reads
from .program import Program, Use, Var


@rewrite("growing_sorted", "growing list sorted in each round -> sorted copy kept by insort")
def growing_sorted(program: Program) -> Iterator[Edit]:
    """Keep a sorted list beside one that grows.

    before: ``seen.append(x)`` and ``top = sorted(seen, reverse=True)[:3]`` in each round;
    after: ``insort(seen_sorted, x)`` beside the append, and ``top = seen_sorted[:-3 - 1:-1]``.
    """
    if program.bound_names & {"sorted"}:
        return
    for var in program.variables:
        calls = [use for use in var.uses if _sorting(program, use) is not None]
        looped = any(program.loops(use.node) for use in calls)
        edit = _kept_sorted(program, var, calls) if looped and starts_fresh(program, var) else None
        if edit is not None:
            yield edit


def _sorting(program: Program, use: Use) -> bool | None:
    """Whether ``sorted(xs)`` goes backwards; None for other uses."""
    match use.site:
        case ast.Call(func=func, args=[ast.Name() as items], keywords=[]) if items is use.node:
            return False if program.is_builtin(func, "sorted") else None
        case ast.Call(
            func=func,
            args=[ast.Name() as items],
            keywords=[ast.keyword(arg="reverse", value=ast.Constant(value=bool(backwards)))],
        ) if items is use.node:
            return backwards if program.is_builtin(func, "sorted") else None
    return None


def _kept_sorted(program: Program, var: Var, calls: list[Use]) -> Edit | None:
    appends = [use for use in var.of_kind("method") if use.detail == "append"]
    rest = [use for use in var.uses if use not in appends and use not in calls and use.kind != "assign"]
    starts = [use.site for use in var.of_kind("assign")]
    rounds = {loop for use in calls for loop in program.loops(use.node)}
    rounds &= {loop for use in appends for loop in program.loops(use.node)}
    # sorted in the same loop that appends, and not begun anew in it
    growing = any(not program.inside(start, loop) for loop in rounds for start in starts)
    if not growing or not all(reads(program, use) for use in rest):
        return None
    edit = Edit(program)
    name, insort = edit.fresh(f"{var.name}_sorted"), edit.use("bisect", "insort")
    for use in var.of_kind("assign"):
        empty = isinstance(use.site.value, ast.List) and not use.site.value.elts
        edit.after(use.site, f"{name} = {'[]' if empty else f'sorted({var.name})'}")
    for use in appends:
        statement = program.parents[use.site]
        if not isinstance(statement, ast.Expr) or len(use.site.args) != 1:
            return None
        simple = isinstance(use.site.args[0], ast.Name | ast.Constant)
        item = program.text(use.site.args[0]) if simple else f"{var.name}[-1]"
        edit.after(statement, f"{insort}({name}, {item})")
    for use in calls:
        node, code = _part(program, use.site, name, bool(_sorting(program, use)))
        edit.replace(node, code)
    return edit


def _part(program: Program, call: ast.Call, name: str, backwards: bool) -> tuple[ast.expr, str]:
    """What to write for a sorted list, with the slice that is taken of it."""
    whole = f"{name}[::-1]" if backwards else f"{name}[:]"
    match program.parents[call]:
        case ast.Subscript(value=value, slice=ast.Slice(lower=None, upper=upper, step=None)) as part if (
            value is call and upper is not None
        ):
            end = program.operand(upper)
            if not backwards:
                return part, f"{name}[:{end}]"
            top = f"{name}[: -{end} - 1 : -1]"
            if isinstance(upper, ast.Constant):
                return (part, top) if isinstance(upper.value, int) else (call, whole)
            # a count from the other end is another thing
            plain = isinstance(upper, ast.Name)
            return (part, f"({top} if {end} >= 0 else {whole}[:{end}])") if plain else (call, whole)
        case ast.Subscript(value=value) if value is call and not backwards:
            return call, name
    return call, whole


@rewrite("repeated_min", "least removed again and again -> element of the sorted list")
def repeated_min(program: Program) -> Iterator[Edit]:
    """``for _ in range(n): xs.remove(min(xs))`` and then ``min(xs)`` is ``sorted(xs)[n]``.

    The same for ``max``, from the other end. The list must be the function's own, and be used no more.
    """
    if program.bound_names & {"sorted", "max", "range"}:
        return
    for loop in program.find(ast.For):
        match loop:
            case ast.For(
                target=ast.Name() as counter,
                iter=ast.Call(func=func, args=[times], keywords=[]),
                body=[
                    ast.Expr(
                        value=ast.Call(
                            func=ast.Attribute(value=ast.Name() as items, attr="remove"),
                            args=[ast.Call(func=least, args=[ast.Name() as same], keywords=[])],
                            keywords=[],
                        )
                    )
                ],
                orelse=[],
            ):
                fits = program.is_builtin(func, "range") and program.is_builtin(least, "min", "max")
            case _:
                continue
        var, own = program.var(items), program.var(counter)
        if not fits or var is None or program.var(same) is not var or len(own.uses) != 1:
            continue
        call = _last_use(program, loop, var, least.id)
        if call is None or not pure(program, times):
            continue
        edit = Edit(program)
        start, after = program.span(loop)[0], program.span(_next(program, loop))[0]
        edit.splice(start, after, "")
        backwards = ", reverse=True" if least.id == "max" else ""
        edit.replace(call, f"sorted({var.name}{backwards})[{_number(program, times)}]")
        yield edit


def _number(program: Program, times: ast.expr) -> str:
    """The text of a count; zero where ``range`` would have had no round."""
    match times:
        case ast.Constant(value=int()):
            return program.text(times)
        case ast.BinOp(op=ast.FloorDiv(), left=part, right=ast.Constant(value=int(by))) if by > 0:
            # from zero on where the list is not empty
            match part:
                case (
                    ast.Call(func=size)
                    | ast.BinOp(left=ast.Call(func=size), op=ast.Sub(), right=ast.Constant(value=1))
                ):
                    if program.is_builtin(size, "len"):
                        return program.text(times)
    return _from_zero(program, times)


def _from_zero(program: Program, times: ast.expr) -> str:
    return f"max({program.text(times)}, 0)"


def _next(program: Program, statement: ast.stmt) -> ast.stmt | None:
    block = program.block(statement)
    return next(iter(block[block.index(statement) + 1 :]), None)


def _last_use(program: Program, loop: ast.For, var: Var, name: str) -> ast.Call | None:
    """The call ``min(xs)`` in the statement after the loop, where it is all that is done with the list."""
    block, following = program.block(loop), _next(program, loop)
    place = block.index(loop)
    before = block[place - 1] if place else None
    match before:
        case ast.Assign(targets=[ast.Name() as made], value=value) if program.var(made) is var:
            if not fresh_list(program, value):
                return None
        case _:
            return None
    if following is None or hasattr(following, "body"):
        return None
    end = program.end[loop]
    later = [use for use in var.uses if program.order[use.node] >= end]
    first = next((use for use in later if program.inside(use.node, following)), None)
    if first is None or sum(program.inside(use.node, following) for use in later) != 1:
        return None
    call = program.parents[first.node]
    alone = isinstance(call, ast.Call) and call.args == [first.node] and not call.keywords
    return call if alone and later == [first] and program.is_builtin(call.func, name) else None
