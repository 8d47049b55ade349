"""Lists used as queues or sorted again and again: deques, insort, and the ends of a sorted list."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .edits import Edit, rewrite
from .evidence import starts_fresh, type_of
from .facts import reads
from .program import Program, Use, Var, words

# What a deque does as a list does (an index in the middle it does slowly, a slice not at all).
QUEUE_METHODS = words("append extend clear count remove")


@rewrite("pop0_deque", "list used as a queue: pop(0) -> deque.popleft()")
def pop0_deque(program: Program) -> Iterator[Edit]:
    """Take from the front of a deque instead of a list.

    before: ``queue = [start]`` .. ``queue.pop(0)``; after: ``queue = deque([start])`` .. ``queue.popleft()``.
    """
    for var in program.variables:
        pops = [use for use in var.uses if _is_front_pop(use)]
        looped = any(program.loops(use.node) for use in pops)
        if not looped or not starts_fresh(program, var):
            continue
        if not all(use in pops or _as_in_deque(program, var, use) for use in var.uses):
            continue
        edit = Edit(program)
        deque = edit.use("collections", "deque")
        for use in var.of_kind("assign"):
            value = use.site.value
            empty = isinstance(value, ast.List) and not value.elts
            edit.replace(value, f"{deque}({'' if empty else program.text(value)})")
            if isinstance(use.site, ast.AnnAssign):
                note = use.site.annotation
                edit.replace(note.value if isinstance(note, ast.Subscript) else note, deque)
        for use in pops:
            edit.replace(use.site, f"{var.name}.popleft()")
        yield edit


def _is_front_pop(use: Use) -> bool:
    match use.kind, use.detail, use.site:
        case "method", "pop", ast.Call(args=[ast.Constant(value=0)]):
            return True
    return False


def _as_in_deque(program: Program, var: Var, use: Use) -> bool:
    if use.kind == "iter":
        # a deque, unlike a list, must not change size while a loop runs over it
        inner = [other for other in var.of_kind("method") if program.inside(other.node, use.site)]
        return not inner and not use.detail
    if use.kind == "index":
        match use.site:
            case ast.Subscript(slice=ast.Constant(value=0) | ast.UnaryOp(operand=ast.Constant(value=1))):
                return True
        return False
    if use.kind == "method":
        return use.detail in QUEUE_METHODS or (use.detail == "pop" and not use.site.args)
    return use.kind in {"assign", "in", "truth"} or (use.kind == "read" and use.detail == "len")


@rewrite("sort_in_loop", "list sorted again after each append -> insort")
def sort_in_loop(program: Program) -> Iterator[Edit]:
    """Keep a list in order instead of sorting it in each round.

    before: ``xs.append(v)`` and ``xs.sort()`` on the next line; after: ``insort(xs, v)``.
    """
    for var in program.variables:
        sorts = [use for use in var.of_kind("method") if use.detail == "sort"]
        if any(program.loops(use.node) for use in sorts) and starts_fresh(program, var):
            edit = _insort(program, var, sorts)
            if edit is not None:
                yield edit


def _insort(program: Program, var: Var, sorts: list[Use]) -> Edit | None:
    edit = Edit(program)
    needless = {_alone(program, use, "sort") for use in sorts}
    if None in needless:
        return None
    for use in var.uses:
        append = _alone(program, use, "append")
        block = program.block(append) if append else []
        after = next(iter(block[block.index(append) + 1 :]), None) if append else None
        if after in needless:
            insort = edit.use("bisect", "insort")
            both = program.span(append)[0], program.span(after)[1]
            edit.splice(*both, f"{insort}({var.name}, {program.argument(use.site.args[0])})")
            needless.discard(after)
        elif use.kind == "assign":
            # in order from the start: empty, or sorted by the default order
            match use.site.value:
                case ast.List(elts=[]) | ast.Call(func=ast.Name(id="sorted"), args=[_], keywords=[]):
                    continue
            return None
        elif not reads(program, use) and use.detail not in {"pop", "remove", "sort"}:
            return None
    return edit if edit and not needless else None


def _alone(program: Program, use: Use, name: str) -> ast.Expr | None:
    """The statement that consists of a call of method ``name`` only."""
    statement = program.parents[use.site]
    called = use.kind == "method" and use.detail == name and not use.site.keywords
    return statement if called and isinstance(statement, ast.Expr) else None


@rewrite("sorted_ends", "sorted(xs)[0], sorted(xs)[:k] -> min, heapq.nsmallest")
def sorted_ends(program: Program) -> Iterator[Edit]:
    """``sorted(xs)[0]`` becomes ``min(xs)``, ``[-1]`` ``max(xs)``, ``[:k]`` ``nsmallest(k, xs)``.

    Of equal elements the first one is kept, as by the stable sort; where that would differ (the last element
    with a key) nothing fires.
    """
    for node in program.find(ast.Subscript):
        match node.value:
            case ast.Call(func=func, args=[items], keywords=options):
                named = {option.arg: option.value for option in options}
                plain = program.is_builtin(func, "sorted") and named.keys() <= {"key", "reverse"}
                # the error for an empty list is another one
                caught = program.find(ast.Try) and not isinstance(node.slice, ast.Slice)
                if plain and not caught and not isinstance(items, ast.Starred):
                    edit = Edit(program)
                    code = _end(program, edit, items, named, node.slice)
                    if code is not None:
                        edit.replace(node, code)
                        yield edit


def _end(
    program: Program, edit: Edit, items: ast.expr, named: dict[str | None, ast.expr], part: ast.expr
) -> str | None:
    key = f", key={program.text(named['key'])}" if "key" in named else ""
    reverse = named.get("reverse", ast.Constant(value=False))
    if not isinstance(reverse, ast.Constant):
        return None
    match part:
        case ast.Constant(value=0):
            best = "max" if reverse.value else "min"
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=1)) if not key:
            best = "min" if reverse.value else "max"
        case ast.Slice(lower=None, upper=ast.Name() | ast.Constant() as count, step=None):
            wanted = _count(program, count, items)
            best = edit.use("heapq", "nlargest" if reverse.value else "nsmallest") if wanted else ""
            return f"{best}({wanted}, {program.argument(items)}{key})" if wanted else None
        case _:
            return None
    return None if best in program.bound_names else f"{best}({program.argument(items)}{key})"


def _count(program: Program, count: ast.expr, items: ast.expr) -> str | None:
    """How many elements ``[:count]`` takes, as text; None where that cannot be said."""
    if isinstance(count, ast.Constant):
        return program.text(count) if isinstance(count.value, int) else None
    var = program.var(count)
    binds = [use for use in var.uses if use.binds] if var is not None else []
    if binds and all(_from_zero(program, use) for use in binds):
        return count.id
    # a negative count leaves elements out at the other end, and None takes all: the slice itself knows
    sized = isinstance(items, ast.Name) and type_of(program, items) != "iterator"
    if not sized or program.bound_names & {"slice", "len"}:
        return None
    return f"slice({count.id}).indices(len({items.id}))[1]"


def _from_zero(program: Program, use: Use) -> bool:
    """Whether a loop counts from zero on: ``for k in range(n)``."""
    match use.kind, use.site:
        case "for", ast.For() | ast.comprehension() as loop if loop.target is use.node:
            call = loop.iter
            single = isinstance(call, ast.Call) and len(call.args) == 1
            return single and program.is_builtin(call.func, "range")
    return False
