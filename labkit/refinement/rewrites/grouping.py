"""Inner loops that look for equal values: one index by all the keys at once, also over a list that grows.

Covered: several equalities, keys made by helpers that only compute, comprehensions in any scope.
Not covered: keys from two loops at once, ranges (see ``intervals``), ``in`` (see ``grouping_members``).
"""

from __future__ import annotations

import ast
from collections.abc import Hashable, Iterator

from .edits import Edit, rewrite
from .evidence import starts_fresh, type_of
from .facts import changed_in, outermost, reads, variables_in
from .joining import _private
from .keys import (
    Loop,
    bare,
    conjuncts,
    fresh_names,
    only_computes,
    own_variables,
    respelled,
    splits,
    unguarded,
)
from .program import Program, Var

Pair = tuple[ast.expr, ast.expr]


@rewrite("keys_index", "inner loop that tests equalities -> dict of lists by all the keys")
def keys_index(program: Program) -> Iterator[Edit]:
    """Make an index of the inner list by every value that is tested for equality, and loop over the matches.

    before: ``[o.price for o in orders if o.shop == shop and norm(o.name) == norm(name)]`` in a loop;
    after: ``[o.price for o in orders_index.get((shop, norm(name)), ())]``, with above the loop::

        orders_index = {}
        for o in orders:
            orders_index.setdefault((o.shop, norm(o.name)), []).append(o)

    The tests that the index answers are left out.
    """
    found: dict[Hashable, list[tuple[Loop, list[Var], list[Pair]]]] = {}
    for loop in program.find(ast.For, ast.comprehension):
        own, tests = own_variables(program, loop), conjuncts(loop)
        if not tests or own is None or not _fit(program, loop, tests):
            continue
        pairs = [pair for test in unguarded(tests) if (pair := _equality(program, test, own)) is not None]
        if pairs:
            spelt = {var: f"_{place}" for place, var in enumerate(own)}
            keys = tuple(respelled(program, key, spelt) for key, _ in pairs)
            # loops over one list with the same keys share an index
            same = (program.text(loop.iter), respelled(program, loop.target, spelt), keys)
            found.setdefault(same, []).append((loop, own, pairs))
    for alike in found.values():
        done: set[Loop] = set()
        for loop, own, pairs in alike:
            if loop not in done:
                rest = [each for each in alike if each[0] is not loop]
                edit = _indexed(program, loop, own, pairs, rest, done) or _growing(program, loop, own, pairs)
                if edit is not None:
                    yield edit


def _fit(program: Program, loop: Loop, tests: list[ast.expr]) -> bool:
    private = not isinstance(loop, ast.For) or _private(program, loop)
    # only the elements that match are tested now, so a test must have no effect
    return private and all(only_computes(program, test) for test in (*tests, loop.iter))


def _equality(program: Program, test: ast.expr, own: list[Var]) -> Pair | None:
    """(key of an element, wanted value) of ``key == wanted``, either way round."""
    match test:
        case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]):
            for key, wanted in ((left, right), (right, left)):
                if splits(program, key, wanted, own):
                    return key, wanted
    return None


def _outer(program: Program, loop: Loop, own: list[Var], pairs: list[Pair]) -> ast.AST | None:
    """The outermost loop around an inner one in which the list and what its keys use are steady."""
    if isinstance(loop.iter, ast.Name) and type_of(program, loop.iter) in {"iterator", "str"}:
        return None
    if isinstance(loop.iter, ast.Subscript) or not _steady_wanted(program, loop, pairs):
        return None
    others = [var for key, _ in pairs for var in variables_in(program, key) if var not in own]
    return outermost(program, loop.iter, [*variables_in(program, loop.iter), *others])


def _indexed(
    program: Program, loop: Loop, own: list[Var], pairs: list[Pair], rest: list, done: set[Loop]
) -> Edit | None:
    outer = _outer(program, loop, own, pairs)
    if outer is None:
        return None
    edit = Edit(program)
    name = edit.fresh(f"{loop.iter.id if isinstance(loop.iter, ast.Name) else 'items'}_index")
    edit.before(
        program.anchor(outer), f"{name} = {{}}", *_filled(program, edit, name, loop, own, pairs, loop.iter)
    )
    here = [each for each in rest if _outer(program, *each) is outer and not program.inside(each[0], loop)]
    for each, _, wanted in [(loop, own, pairs), *here]:
        edit.replace(each.iter, _looked_up(program, name, wanted))
        _without_tests(program, edit, each, wanted)
        done.add(each)
    return edit


def _without_tests(program: Program, edit: Edit, loop: Loop, pairs: list[Pair]) -> None:
    """Leave out the tests that the index has answered, where that leaves something that reads well."""
    answered = {program.parents[key] for key, _ in pairs}
    tests = loop.ifs if isinstance(loop, ast.comprehension) else [loop.body[0].test]
    before: ast.AST = loop.iter
    for test in tests:
        parts = test.values if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) else [test]
        left = [part for part in parts if part not in answered]
        if left and len(left) < len(parts):
            edit.replace(test, " and ".join(map(program.operand, left)))
        elif not left and isinstance(loop, ast.comprehension):
            start, end = program.span(before)[1], program.span(test)[1]
            brackets = program.source[start:end].count(")") - program.source[start:end].count("(")
            edit.possible &= brackets == 0
            edit.splice(start, end, "")
        elif not left and program.find(ast.Call, under=test):
            edit.replace(test, "True")
        before = test


def _filled(
    program: Program, edit: Edit, name: str, loop: Loop, own: list[Var], pairs: list[Pair], items: ast.expr
) -> list[str]:
    names = fresh_names(program, edit, loop, own)
    keys = [respelled(program, key, names) for key, _ in pairs]
    target = respelled(program, loop.target, names)
    return [
        f"for {bare(target)} in {program.text(items)}:",
        f"    {name}.setdefault({_tuple(keys)}, []).append({target})",
    ]


def _looked_up(program: Program, name: str, pairs: list[Pair]) -> str:
    return f"{name}.get({_tuple([program.text(wanted) for _, wanted in pairs])}, ())"


def _tuple(parts: list[str]) -> str:
    return f"({', '.join(parts)})" if len(parts) > 1 else parts[0]


def _steady_wanted(program: Program, loop: Loop, pairs: list[Pair]) -> bool:
    """The wanted values are looked up once, so no round of the inner loop may change them."""
    used = [var for _, wanted in pairs for var in variables_in(program, wanted)]
    inner_only = [
        var for var in used if isinstance(loop, ast.comprehension) and program.inside(var.scope, loop)
    ]
    return not inner_only and not any(changed_in(program, var, loop) for var in used)


def _growing(program: Program, loop: Loop, own: list[Var], pairs: list[Pair]) -> Edit | None:
    """The index of a local list that only grows, outside the inner loop: one more line after each append."""
    var = program.var(loop.iter) if isinstance(loop.iter, ast.Name) else None
    if var is None or not program.loops(loop) or not starts_fresh(program, var):
        return None
    appends = [use for use in var.of_kind("method") if use.detail == "append"]
    rest = [use for use in var.uses if use not in appends and use.kind != "assign"]
    others = [other for key, _ in pairs for other in variables_in(program, key) if other not in own]
    starts = [use.site for use in var.of_kind("assign")]
    if not appends or others or not all(reads(program, use) or use.kind == "return" for use in rest):
        return None
    if any(program.inside(use.node, loop) for use in appends) or not _steady_wanted(program, loop, pairs):
        return None
    edit = Edit(program)
    name = edit.fresh(f"{var.name}_index")
    for start in starts:
        empty = isinstance(start.value, ast.List) and not start.value.elts
        filled = [] if empty else _filled(program, edit, name, loop, own, pairs, loop.iter)
        edit.after(start, f"{name} = {{}}", *filled)
    last = ast.parse(f"{var.name}[-1:]", mode="eval").body
    for use in appends:
        statement = program.parents[use.site]
        if not isinstance(statement, ast.Expr) or len(use.site.args) != 1:
            return None
        first, second = _filled(program, edit, name, loop, own, pairs, loop.iter)
        head = first.rpartition(" in ")[0]
        edit.after(statement, f"{head} in {ast.unparse(last)}:", second)
    edit.replace(loop.iter, _looked_up(program, name, pairs))
    _without_tests(program, edit, loop, pairs)
    return edit
