"""Work repeated in each round of a loop and made once before it: calls, counts, sums of slices."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .edits import Edit, rewrite
from .evidence import guarded, maybe_list, type_of
from .facts import in_try, outermost, steady, variables_in
from .program import Program, Use, Var, called, words

# Builtins of one list, by whether their result may be shared by all rounds or only looked at on the spot.
SHAREABLE = words("len sum min max tuple frozenset")
LOOKED_AT = words("set list sorted split")
TEXT = words("lower upper strip lstrip rstrip replace title capitalize")
READING_CALLS = words("len sum min max any all sorted set list tuple")


@rewrite("hoist_invariant", "the same call in every round -> made once before the loop")
def hoist_invariant(program: Program) -> Iterator[Edit]:
    """A pure call on names that the loop leaves alone is made once, before the outermost such loop.

    before: ``for x in xs: out.append(x / max(xs))``; after: ``xs_max = max(xs, default=None)`` above it.
    Where the loop may never come to the call, nothing fires unless the call cannot fail.
    """
    done: set[tuple[ast.AST, str]] = set()
    for call in program.find(ast.Call):
        names = variables_in(program, call)
        loop = outermost(program, call, names) if _hoistable(program, call) else None
        text = program.text(call)
        if loop is None or (loop, text) in done or in_try(program, call):
            continue
        if not _cannot_fail(program, call, loop):
            continue
        done.add((loop, text))
        edit = Edit(program)
        name = edit.fresh(f"{names[0].name}_{called(call)}")
        # before the loop it runs even if the loop has no round, where the list is empty
        safe = f"{text[:-1]}, default=None)" if called(call) in {"min", "max"} else text
        edit.before(program.anchor(loop), f"{name} = {safe}")
        for other in program.find(ast.Call, under=loop):
            # the same words mean the same value only if they stand for the same variables
            same = program.text(other) == text and variables_in(program, other) == names
            inside = same and loop in program.loops(other) and _hoistable(program, other)
            # elsewhere in the loop the list may be empty, where this call is an error
            if inside and _cannot_fail(program, other, loop):
                edit.replace(other, name)
        yield edit


def _cannot_fail(program: Program, call: ast.Call, loop: ast.AST) -> bool:
    """Whether a call fails before the loop only if it would have failed in it."""
    if isinstance(call.func, ast.Attribute):
        return True  # of a string
    (var,) = variables_in(program, call)
    around = program.loops(call)
    if any(_runs_over(program, item, var) for item in around[: around.index(loop) + 1] if loop in around):
        return True
    # the test of a loop is evaluated at once, whether the loop has a round or not
    if isinstance(loop, ast.While) and around[0] is loop and program.inside(call, loop.test):
        return not _conditional(program, call, loop)
    if called(call) in {"min", "max"}:
        return False
    known = type_of(program, call.args[0]) is not None
    return known or not (guarded(program, var) or _conditional(program, call, loop))


def _runs_over(program: Program, loop: ast.AST, var: Var) -> bool:
    """Whether a loop has no round where a list is empty: ``for x in xs``, ``for i in range(len(xs))``."""
    sources = [loop] if isinstance(loop, ast.For) else getattr(loop, "generators", [])
    walked = [_walked(program, item.iter) for item in sources]
    return any(isinstance(item, ast.Name) and program.var(item) is var for item in walked)


def _walked(program: Program, source: ast.expr) -> ast.expr:
    match source:
        case ast.Call(func=func, args=[inner]) if program.is_builtin(func, "enumerate", "reversed"):
            return inner
        case ast.Call(func=func, args=[ast.Call(func=size, args=[inner])]):
            return inner if program.is_builtin(func, "range") and program.is_builtin(size, "len") else source
    return source


def _conditional(program: Program, call: ast.Call, loop: ast.AST) -> bool:
    """Whether a round of the loop may pass a call by."""
    for above in program.ancestors(call):
        if above is loop:
            return any(
                program.inside(call, test) for part in getattr(loop, "generators", []) for test in part.ifs
            )
        if isinstance(above, ast.If | ast.IfExp) and not program.inside(call, above.test):
            return True
        if isinstance(above, ast.BoolOp | ast.Match | ast.Lambda):
            return True
    return False


def _hoistable(program: Program, call: ast.Call) -> bool:
    match call:
        case ast.Call(func=ast.Name(id=name) as func, args=[ast.Name() as items], keywords=[]):
            known = program.is_builtin(func, *SHAREABLE, *LOOKED_AT) and program.var(items) is not None
            if not known or type_of(program, items) == "iterator":
                return False
        case ast.Call(func=ast.Attribute(value=ast.Name() as owner, attr=name), args=args, keywords=[]):
            plain = all(isinstance(arg, ast.Name | ast.Constant) for arg in args)
            text = name in TEXT or name == "split"
            if not text or not plain or program.var(owner) is None or type_of(program, owner) != "str":
                return False
        case _:
            return False
    return name not in LOOKED_AT or _looked_at(program, call)


def _looked_at(program: Program, call: ast.Call) -> bool:
    """Whether a new list or set is only read where it is made, so that all rounds may share one."""
    match program.parents[call]:
        case ast.For() | ast.comprehension() | ast.Compare() | ast.BinOp():
            return True
        case ast.Subscript(ctx=context):
            return isinstance(context, ast.Load)
        case ast.Call(func=func):
            return program.is_builtin(func, *READING_CALLS)
    return False


@rewrite("count_counter", "xs.count(x) in a loop -> Counter made once")
def count_counter(program: Program) -> Iterator[Edit]:
    """``xs.count(x)`` in a loop (also ``key=xs.count``) becomes a look-up in a Counter made before it."""
    for var in program.variables:
        edit = Edit(program)
        name = edit.fresh(f"{var.name}_counts")
        for use in var.uses:
            loop, node, code = _counted(program, var, use)
            if loop is not None:
                counter = edit.use("collections", "Counter")
                edit.before(program.anchor(loop), f"{name} = {counter}({var.name})")
                edit.replace(node, f"{name}{code}")
        if edit:
            yield edit


def _counted(program: Program, var: Var, use: Use) -> tuple[ast.AST | None, ast.AST, str]:
    """The loop to count before, the node to replace, and what to write there after the counter's name."""
    if not maybe_list(program, var):
        return None, use.site, ""
    # a string counts substrings, but of one of its own letters as a list does
    listed = type_of(program, use.node) in {"list", "tuple"}
    match use.kind, use.detail, use.site:
        case "method", "count", ast.Call(args=[item]):
            if not (listed or _element(program, item, var)):
                return None, use.site, ""
            return outermost(program, use.node, [var]), use.site, f"[{program.text(item)}]"
        case "attribute", "count", ast.Attribute():
            keyword = program.parents[use.site]
            call = program.parents[keyword]
            # `xs.sort(key=xs.count)` sees an empty list, so only the functions that leave the list alone
            keyed = isinstance(keyword, ast.keyword) and isinstance(call, ast.Call) and len(call.args) == 1
            keyed = keyed and (listed or _of(program, call.args[0], var))
            if keyed and program.is_builtin(call.func, "max", "min", "sorted"):
                loop = call if steady(program, [var], call) else None
                return outermost(program, call, [var]) or loop, use.site, ".__getitem__"
    return None, use.site, ""


def _element(program: Program, item: ast.expr, var: Var) -> bool:
    """Whether an expression is an element of a variable: ``for x in xs`` makes ``x`` one."""
    own = program.var(item) if isinstance(item, ast.Name) else None
    binds = [use for use in own.uses if use.binds] if own is not None else []
    loops = [use.site for use in binds if use.kind == "for" and use.site.target is use.node]
    return bool(loops) and len(loops) == len(binds) and all(_of(program, loop.iter, var) for loop in loops)


def _of(program: Program, items: ast.expr, var: Var) -> bool:
    match items:
        case ast.Call(func=func, args=[inner], keywords=[]):
            return program.is_builtin(func, "set", "list", "sorted", "reversed") and _of(program, inner, var)
    return isinstance(items, ast.Name) and program.var(items) is var


@rewrite("prefix_sum", "sum(xs[i:j]) in a loop -> difference of prefix sums")
def prefix_sum(program: Program) -> Iterator[Edit]:
    """``sum(xs[i:j])`` becomes a difference of two prefix sums, with the table made before the loop.

    after::

        xs_prefix = list(accumulate(xs, initial=0))
        def xs_sum(start, stop):
            start, stop, _ = slice(start, stop).indices(len(xs_prefix) - 1)
            return xs_prefix[max(start, stop)] - xs_prefix[start]
    """
    if program.bound_names & {"sum", "list", "len", "max", "slice"}:
        return
    for var in program.variables:
        edit = Edit(program)
        table, total = edit.fresh(f"{var.name}_prefix"), edit.fresh(f"{var.name}_sum")
        for use in var.of_kind("slice") if maybe_list(program, var) else ():
            part, call = use.site.slice, program.parents[use.site]
            loop = outermost(program, use.node, [var])
            if loop is None or part.step is not None or not isinstance(call, ast.Call):
                continue
            if program.is_builtin(call.func, "sum") and len(call.args) == 1 and not call.keywords:
                edit.before(
                    program.anchor(loop),
                    f"{table} = list({edit.use('itertools', 'accumulate')}({var.name}, initial=0))",
                    f"def {total}(start, stop):",
                    # the slice itself knows what negative and too large bounds mean
                    f"    start, stop, _ = slice(start, stop).indices(len({table}) - 1)",
                    f"    return {table}[max(start, stop)] - {table}[start]",
                )
                bounds = (program.text(bound) if bound else "None" for bound in (part.lower, part.upper))
                edit.replace(call, f"{total}({', '.join(bounds)})")
        if edit:
            yield edit
