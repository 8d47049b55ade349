"""Nested loops that look for equal keys: the inner loop runs over the matching elements only."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .edits import Edit, rewrite
from .evidence import type_of
from .facts import changed_in, outermost, pure, variables_in
from .program import COMPREHENSIONS, Program, Var, called

Loop = ast.For | ast.comprehension


@rewrite("nested_loop_index", "inner loop that looks for an equal key -> dict of lists by key")
def nested_loop_index(program: Program) -> Iterator[Edit]:
    """Make an index of the inner list once, and loop over the matches.

    before::

        for a in orders:
            for b in users:
                if b[0] == a[1]: ..

    after::

        users_by_key = {}
        for b in users:
            users_by_key.setdefault(b[0], []).append(b)
        for a in orders:
            for b in users_by_key.get(a[1], ()):
                if b[0] == a[1]: ..

    The test stays, so a key that is no good index (NaN) finds too little, never too much. Also in
    comprehensions, and for ``for j in range(i + 1, n)``, where ``j > i`` joins the test.
    """
    for loop in program.find(ast.For, ast.comprehension):
        match loop:
            case ast.For(body=[ast.If(test=test, orelse=[])]):
                private = _private(program, loop)
            case ast.comprehension(ifs=[test, *_], is_async=0):
                private = _private_names(program, loop)
            case _:
                continue
        edit = _indexed(program, loop, test) if private else None
        if edit is not None:
            yield edit


def _indexed(program: Program, loop: Loop, test: ast.expr) -> Edit | None:
    names = loop.target.elts if isinstance(loop.target, ast.Tuple) else [loop.target]
    own = {program.var(name) for name in names}
    key, *wanted = _sides(program, _key_test(test), own)
    # only the elements that match are tested now, so a test must have no effect
    if not wanted or None in own or not pure(program, test) or not pure(program, loop.iter):
        return None
    # the wanted value is looked up once, so no round of the inner loop may change it
    if any(changed_in(program, var, loop) for part in wanted for var in variables_in(program, part)):
        return None
    if isinstance(loop.iter, ast.Name) and type_of(program, loop.iter) in {"iterator", "str"}:
        return None
    others = [var for var in variables_in(program, key) if var not in own]
    for items, extra, steady in _items(program, loop):
        outer = outermost(program, loop.iter, [*steady, *others])
        if outer is None:
            continue
        edit = Edit(program)
        by_key = edit.fresh(f"{items if items.isidentifier() else 'items'}_by_key")
        edit.before(
            program.anchor(outer),
            f"{by_key} = {{}}",
            f"for {program.text(loop.target)} in {items}:",
            f"    {by_key}.setdefault({program.text(key)}, []).append({program.argument(loop.target)})",
        )
        value = " - ".join(map(program.operand, wanted)) if wanted[1:] else program.text(wanted[0])
        edit.replace(loop.iter, f"{by_key}.get({value}, ())")
        edit.splice(program.span(test)[0], program.span(test)[0], extra)
        return edit
    return None


def _private(program: Program, loop: ast.For) -> bool:
    """Whether the loop variables mean nothing outside the loop, or only in loops that bind them anew."""
    uses = [(use, var) for var in variables_in(program, loop.target) for use in var.uses]
    for use, var in uses:
        loops = [other.site for other in var.of_kind("for") if isinstance(other.site, ast.For)]
        around = [item for item in loops if program.inside(use.node, item)]
        if len(around) != 1 or program.inside(use.node, around[0].iter):
            return False
    return True


def _private_names(program: Program, loop: ast.comprehension) -> bool:
    """Whether the loop that makes the index may use the names of a comprehension's own variables."""
    function = program.function(loop)
    if function is None:
        return False
    names = {name.id for name in program.find(ast.Name, under=loop.target)}
    same = [var for var in program.variables if var.name in names and program.inside(var.scope, function)]
    scopes = {var.scope for var in same}
    reads = [name for name in program.find(ast.Name, under=function) if name.id in names]
    mine = all(program.var(name) in same for name in reads)
    return mine and all(isinstance(scope, COMPREHENSIONS) for scope in scopes)


def _key_test(test: ast.expr) -> ast.expr:
    """The first test of an ``and``, after ``i != j``: a later one may rely on those before it."""
    if not isinstance(test, ast.BoolOp) or not isinstance(test.op, ast.And):
        return test
    match test.values[0]:
        case ast.Compare(left=ast.Name(), ops=[ast.NotEq()], comparators=[ast.Name()]):
            return test.values[1]
    return test.values[0]


def _sides(program: Program, test: ast.expr, own: set[Var | None]) -> list[ast.expr | None]:
    """The key (of the inner element) and the wanted value (of something outside) in ``key == wanted``.

    The value comes in one part or, where one is to be taken from the other, in two.
    """
    match test:
        case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]):
            for key, wanted in ((left, right), (right, left)):
                if _splits(program, key, wanted, own) and not isinstance(key, ast.BinOp):
                    return [key, wanted]
                # `a + key == total` looks for the key `total - a`
                if isinstance(key, ast.BinOp) and isinstance(key.op, ast.Add):
                    for part, rest in ((key.right, key.left), (key.left, key.right)):
                        if _splits(program, part, rest, own) and not own & {*variables_in(program, wanted)}:
                            return [part, wanted, rest]
    return [None]


def _splits(program: Program, key: ast.expr, wanted: ast.expr, own: set[Var | None]) -> bool:
    outside = {*variables_in(program, wanted)}
    return bool(own & {*variables_in(program, key)}) and bool(outside) and not own & outside


def _items(program: Program, loop: Loop) -> Iterator[tuple[str, str, list[Var]]]:
    """What to index, the test that makes up for it, and the variables that must keep still."""
    yield program.text(loop.iter), "", variables_in(program, loop.iter)
    # range(i + 1, n), once for each i: all of range(n), with j > i as a test
    match loop.target, loop.iter:
        case ast.Name(id=item), ast.Call(func=func, args=[ast.BinOp(left=ast.Name() as low) as start, stop]):
            upwards = program.is_builtin(func, "range") and ast.unparse(start) == f"{low.id} + 1"
            if upwards and isinstance(loop, ast.For) and _counts_from_zero(program, program.var(low)):
                yield f"range({program.text(stop)})", f"{item} > {low.id} and ", variables_in(program, stop)


def _counts_from_zero(program: Program, var: Var | None) -> bool:
    sources = [use.site.iter for use in var.of_kind("for")] if var else []
    ranges = [item for item in sources if isinstance(item, ast.Call) and called(item) == "range"]
    once = var is not None and sum(use.binds for use in var.uses) == len(ranges)
    return once and bool(ranges) and all(len(item.args) == 1 for item in ranges)
