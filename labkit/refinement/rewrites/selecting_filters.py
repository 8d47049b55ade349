"""A list filtered and then sorted in every round: sorted and grouped once, cut by bisection in each.

Covered: ``found = [x for x in xs if ..]`` and then ``found = sorted(found, key=..)`` or ``found.sort(..)``.
Not covered: a sort in one expression with the filter, filters that change the elements.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .edits import Edit, rewrite
from .evidence import type_of
from .facts import outermost, variables_in
from .grouping import _equality, _looked_up, _steady_wanted, _tuple
from .intervals_bounds import Bound, bounds_in
from .keys import conjuncts, fresh_names, only_computes, own_variables, respelled, unguarded
from .program import Program, Var


@rewrite(
    "filter_then_sort", "filtered, then sorted in each round -> sorted once, each round bisects its group"
)
def filter_then_sort(program: Program) -> Iterator[Edit]:
    """Sort before the loop: what a filter leaves of a sorted list is sorted, and equal keys keep their order.

    before: ``found = [q for q in quotes if q.name == name and q.time <= now]`` and
    ``found.sort(key=lambda q: q.time)`` in a loop; after, with the sorted quotes of each name in a dict::

        found = quotes_by.get(name, [])[: bisect_right(quotes_by.get(name, []), now, key=lambda q: q.time)]
    """
    for comp in program.find(ast.ListComp):
        start = program.parents[comp]
        if not isinstance(start, ast.Assign) or len(comp.generators) != 1 or len(start.targets) != 1:
            continue
        block = program.block(start)
        following = next(iter(block[block.index(start) + 1 :]), None)
        options = _sorts(program, following, start.targets[0])
        own, tests = own_variables(program, comp.generators[0]), conjuncts(comp.generators[0])
        if (
            options is None
            or own is None
            or not tests
            or len(own) != 1
            or program.var(comp.elt) is not own[0]
        ):
            continue
        if all(only_computes(program, part) for part in (*tests, comp.generators[0].iter)):
            edit = _sorted_before(program, comp, own[0], tests, options, following)
            if edit is not None:
                yield edit


def _sorts(program: Program, node: ast.stmt | None, name: ast.expr) -> list[ast.keyword] | None:
    """The options of a statement that only sorts the list called ``name``."""
    match node:
        case ast.Assign(
            targets=[ast.Name() as to], value=ast.Call(func=func, args=[ast.Name() as of], keywords=options)
        ):
            fits = program.is_builtin(func, "sorted") and program.var(to) is program.var(of)
        case ast.Expr(
            value=ast.Call(func=ast.Attribute(value=ast.Name() as of, attr="sort"), args=[], keywords=options)
        ):
            fits = True
        case _:
            return None
    fits = fits and isinstance(name, ast.Name) and program.var(of) is program.var(name)
    return options if fits and program.var(name) is not None else None


def _sorted_before(
    program: Program,
    comp: ast.ListComp,
    own: Var,
    tests: list[ast.expr],
    options: list[ast.keyword],
    after: ast.stmt,
) -> Edit | None:
    loop = comp.generators[0]
    if not isinstance(loop.iter, ast.Name) or type_of(program, loop.iter) in {"iterator", "str"}:
        return None
    pairs, bounds, left = [], [], []
    safe = unguarded(tests)
    for test in tests:
        pair = _equality(program, test, [own]) if test in safe else None
        cuts = _cuts(program, test, own, options) if test in safe and pair is None else None
        if pair is not None:
            pairs.append(pair)
        elif cuts is not None and len(bounds) + len(cuts) <= 2:
            bounds += cuts
        else:
            left.append(test)
    inner = [var for option in options for var in variables_in(program, option.value)]
    inner += [var for key, _ in pairs for var in variables_in(program, key) if var is not own]
    outer = outermost(program, comp, [*variables_in(program, loop.iter), *inner])
    if outer is None or not _steady_wanted(program, loop, pairs):
        return None
    edit, items = Edit(program), loop.iter.id
    settings = "".join(f", {program.text(option)}" for option in options)
    name = edit.fresh(f"{items}_sorted")
    lines, group = [f"{name} = sorted({items}{settings})"], name
    if pairs:
        index, names = edit.fresh(f"{items}_by"), fresh_names(program, edit, loop, [own])
        key = _tuple([respelled(program, part, names) for part, _ in pairs])
        lines += [
            f"{index} = {{}}",
            f"for {names[own]} in {name}:",
            f"    {index}.setdefault({key}, []).append({names[own]})",
        ]
        group = _looked_up(program, index, pairs).replace(", ())", ", [])")
    if bounds:
        ends = [_place(program, edit, group, bounds, options, above) for above in (True, False)]
        group += f"[{' : '.join(ends)}]"
    elif not left:
        group += "[:]"
    tests_left = "".join(f" if {program.operand(test)}" for test in left)
    edit.before(program.anchor(outer), *lines)
    edit.replace(comp, f"[{own.name} for {own.name} in {group}{tests_left}]" if left else group)
    edit.splice(program.span(comp)[1], program.span(after)[1], "")
    return edit


def _cuts(program: Program, test: ast.expr, own: Var, options: list[ast.keyword]) -> list[Bound] | None:
    """The bounds in a test, where all are on what the list is sorted by."""
    bounds = bounds_in(program, test, [own])
    match options:
        case []:
            key = own.name
        case [
            ast.keyword(arg="key", value=ast.Lambda(args=ast.arguments(args=[ast.arg() as arg]), body=body))
        ]:
            key = respelled(program, body, {program.var(arg): own.name})
        case _:
            return None
    same = bounds and all(ast.unparse(bound.key) == key for bound in bounds)
    return bounds if same else None


def _place(
    program: Program, edit: Edit, group: str, bounds: list[Bound], options: list[ast.keyword], above: bool
) -> str:
    found = [bound for bound in bounds if bound.above is above]
    if not found:
        return ""
    key = f", {program.text(options[0])}" if options else ""
    return f"{edit.use('bisect', found[0].place)}({group}, {found[0].value}{key})"
