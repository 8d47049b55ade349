"""Lists and tables that each round of a loop makes anew from the same things: made once, before the loop.

Covered: a name that gets the same pure value in every round; an order that is sorted again for the elements
that are left. Not covered: values that a round changes afterwards, and what only some rounds want.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .edits import Edit, rewrite
from .evidence import type_of, var_type
from .facts import in_try, outermost, reads, runs_during, steady, variables_in
from .loops import drop
from .program import Program, Use, Var
from .slicing import only_computes

WORTH = (ast.ListComp, ast.SetComp, ast.DictComp, ast.Call)


@rewrite("hoist_assignment", "name that gets the same value in every round -> assigned before the loop")
def hoist_assignment(program: Program) -> Iterator[Edit]:
    """Move an assignment out of the loops that change nothing it depends on, if its value is only read.

    before: ``for line in lines: names = [n.lower() for n in raw] ..``; after: the assignment stands above.
    """
    for statement in program.find(ast.Assign):
        match statement:
            case ast.Assign(targets=[ast.Name() as name], value=value) if isinstance(value, WORTH):
                var = program.var(name)
                if var is None or not only_read(program, var, statement) or in_try(program, statement):
                    continue
                if type_of(program, value) == "iterator" or not only_computes(program, value):
                    continue
                loop = outermost(program, statement, variables_in(program, value))
                if loop is None or not _in_each_round(program, statement, loop):
                    continue
                edit = Edit(program)
                edit.before(program.anchor(loop), drop(program, edit, statement, comment=True))
                yield edit


def only_read(program: Program, var: Var, statement: ast.stmt) -> bool:
    """Whether a local name is bound by one statement, used after it in its block, and its value only read."""
    binds = [use for use in var.uses if use.binds]
    block = program.block(statement)
    at = block.index(statement)
    for use in var.uses:
        place = program.place(use.node, block)
        if use.binds:
            continue
        plain = var_type(program, var) in {"number", "str"} or reads(program, use)
        if place is None or place <= at or not plain or use.kind == "return":
            return False
    return len(binds) == 1 and var.local


def _in_each_round(program: Program, statement: ast.stmt, loop: ast.AST) -> bool:
    """Whether every round of the loop comes to a statement: no condition and no way out before it."""
    node = statement
    while node is not loop:
        above = program.parents[node]
        if not isinstance(above, ast.For | ast.While) or node not in above.body:
            return False
        early = above.body[: above.body.index(node)]
        if any(program.find(ast.Break, ast.Continue, ast.Return, ast.Raise, under=item) for item in early):
            return False
        node = above
    return True


@rewrite(
    "sort_once_filter", "what is left, sorted again in each round -> sorted once, filtered in each round"
)
def sort_once_filter(program: Program) -> Iterator[Edit]:
    """Sort all elements once; those that are left are in order, too, and only shrink.

    before::

        while len(done) < len(jobs):
            left = sorted(job for job in jobs if job not in done)
            ..
            done.append(job)

    after: ``left = sorted(jobs)`` above, and ``left = [job for job in left if job not in done]`` in the loop.
    """
    for call in program.find(ast.Call):
        match call, program.parents[call]:
            case (
                ast.Call(func=func, args=[ast.GeneratorExp() | ast.ListComp() as comp], keywords=options),
                ast.Assign(targets=[ast.Name() as name]) as statement,
            ) if program.is_builtin(func, "sorted"):
                edit = _sorted_once(program, comp, options, name, statement)
                if edit is not None:
                    yield edit


def _sorted_once(
    program: Program,
    comp: ast.GeneratorExp | ast.ListComp,
    options: list[ast.keyword],
    name: ast.Name,
    statement: ast.Assign,
) -> Edit | None:
    match comp:
        case comp if (
            len(comp.generators) == 1
            and isinstance(comp.elt, ast.Name)
            and isinstance(comp.generators[0].target, ast.Name)
            and program.var(comp.elt) is program.var(comp.generators[0].target)
        ):
            loop = comp.generators[0]
        case _:
            return None
    var, own = program.var(name), program.var(comp.elt)
    if var is None or not only_read(program, var, statement) or not loop.ifs or loop.is_async:
        return None
    keys = [item for option in options for item in variables_in(program, option.value)]
    around = outermost(program, statement, [*variables_in(program, loop.iter), *keys])
    if around is None or not all(only_computes(program, test) for test in loop.ifs):
        return None
    if not all(_never_again(program, test, own, around) for test in loop.ifs):
        return None
    edit = Edit(program)
    settings = "".join(f", {program.text(option)}" for option in options)
    edit.before(program.anchor(around), f"{name.id} = sorted({program.argument(loop.iter)}{settings})")
    tests = "".join(f" if {program.text(test)}" for test in loop.ifs)
    edit.replace(statement.value, f"[{comp.elt.id} for {comp.elt.id} in {name.id}{tests}]")
    return edit


def _never_again(program: Program, test: ast.expr, own: Var | None, loop: ast.AST) -> bool:
    """Whether an element that fails a test fails it in all later rounds: ``x not in seen``, which only grows.

    A set made of the list ``seen`` counts as that list: it grows with it.
    """
    match test:
        case ast.Compare(left=ast.Name() as item, ops=[ast.NotIn()], comparators=[ast.Name() as seen]):
            var = program.var(seen)
            if program.var(item) is not own or var is None or not var.local:
                return False
            return all(_grows(program, use, loop) for use in var.uses)
    return steady(program, [item for item in variables_in(program, test) if item is not own], loop)


def _grows(program: Program, use: Use, loop: ast.AST) -> bool:
    during = runs_during(program, use.node, loop)
    if use.kind == "method":
        return reads(program, use) or use.detail in {"append", "add", "extend", "update", "insert"}
    return (reads(program, use) and use.kind != "call") if not use.binds else not during
