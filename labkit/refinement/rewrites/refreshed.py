"""Values made anew in each round although what they are made of has changed in few: made when it changes.

Covered: a name whose value follows from variables that the loop changes by statements of its own; a list
made again for each element that a comprehension tests. Not covered: values that are changed themselves, and
changes that another function makes.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .edits import Edit, rewrite
from .evidence import type_of
from .facts import changes, in_try, kin, reads, runs_during, shared, steady, variables_in
from .loops import drop
from .loops_hoist import only_read
from .program import Program, Use, Var
from .slicing import only_computes

MADE = (ast.ListComp, ast.SetComp, ast.DictComp, ast.Call)
SIMPLE = (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Expr, ast.Delete)


@rewrite("refresh_on_change", "value made in every round -> made again only where its source changes")
def refresh_on_change(program: Program) -> Iterator[Edit]:
    """Make a value before the loop, and again after each statement that changes what it is made of.

    before::

        for a, b in pairs:
            known = dict(rows)
            if a not in known: rows.append((a, b))

    after: ``known = dict(rows)`` above the loop and below the ``append``.
    """
    for statement in program.find(ast.Assign):
        match statement:
            case ast.Assign(targets=[ast.Name() as name], value=value) if isinstance(value, MADE):
                var = program.var(name)
                if var is None or not only_read(program, var, statement) or in_try(program, statement):
                    continue
                if type_of(program, value) == "iterator" or not only_computes(program, value):
                    continue
                for loop in reversed(program.loops(statement)):
                    found = _changes(program, variables_in(program, value), loop)
                    if found and not _stale(program, var, statement, found):
                        yield _refreshed(program, statement, loop, found)
                        break


def _changes(program: Program, sources: list[Var], loop: ast.AST) -> list[ast.stmt]:
    """The statements of a loop that change what a value is made of; [] where none does, or one is unseen."""
    found: dict[ast.stmt, None] = {}
    moving = [var for var in sources if not steady(program, [var], loop)]
    for var in moving:
        others = [use for other in kin(program, var) - {var} for use in other.uses]
        if not var.local or shared(program, var) or any(changes(program, use) for use in others):
            return []
        uses = [use for use in var.uses if runs_during(program, use.node, loop)]
        for use in uses:
            if use.binds or changes(program, use):
                statement = program.statement(use.node)
                if not _plain_change(program, use, statement, loop):
                    return []
                found[statement] = None
            elif not reads(program, use) and use.kind != "alias":
                return []
        if not _known_before(program, var, loop):
            return []
    return sorted(found, key=lambda item: program.order[item])


def _plain_change(program: Program, use: Use, statement: ast.stmt, loop: ast.AST) -> bool:
    """Whether a statement of the loop itself makes the change, at once and on every way through it."""
    own = program.function(statement) is program.function(loop) and program.inside(statement, loop)
    lazy = any(
        isinstance(above, ast.IfExp | ast.BoolOp | ast.Lambda | ast.GeneratorExp | ast.ListComp)
        for above in program.ancestors(use.node)
        if program.inside(above, statement)
    )
    return own and isinstance(statement, SIMPLE) and not lazy and use.kind not in {"argument", "other"}


def _known_before(program: Program, var: Var, loop: ast.AST) -> bool:
    """Whether a variable has a value when the loop begins."""
    anchor = program.anchor(loop)
    if anchor is None:
        return False
    for use in var.uses:
        if use.kind == "assign":
            own = program.statement(use.node)
            place = program.place(anchor, program.block(own))
            if place is not None and program.block(own).index(own) < place:
                return True
    return False


def _stale(program: Program, var: Var, statement: ast.stmt, found: list[ast.stmt]) -> bool:
    """Whether the old value may be read after a change in the same round."""
    rest = [use.node for use in var.uses if not use.binds]
    for change in found:
        for node in rest:
            if program.inside(node, change):
                continue
            if program.order[node] > program.order[change] > program.order[statement]:
                return True
            inner = [loop for loop in program.loops(node) if loop in program.loops(change)]
            if any(loop not in program.loops(statement) for loop in inner):
                return True
    return False


def _refreshed(program: Program, statement: ast.Assign, loop: ast.AST, found: list[ast.stmt]) -> Edit:
    edit, text = Edit(program), program.text(statement)
    edit.before(program.anchor(loop), drop(program, edit, statement, comment=True))
    for change in found:
        block = program.block(change)
        following = block[block.index(change) + 1 : block.index(change) + 2]
        reads_it = following and any(
            name.id == statement.targets[0].id for name in program.find(ast.Name, under=following[0])
        )
        if not following or following[0] not in found or reads_it:  # else the next change makes it anew
            edit.after(change, text)
    return edit


@rewrite("hoist_from_test", "list made for each element that is tested -> made once before")
def hoist_from_test(program: Program) -> Iterator[Edit]:
    """``[x for x in xs if x not in [y.id for y in ys]]``: the inner list is made above the statement."""
    for made in program.find(ast.ListComp, ast.SetComp):
        above = program.parents[made]
        match above:
            case ast.Compare(ops=[ast.In() | ast.NotIn()], comparators=[right]) if right is made:
                pass
            case _:
                continue
        statement, loops = program.statement(made), program.loops(made)
        around = [loop for loop in loops if program.inside(loop, statement) and loop is not statement]
        if not around or not isinstance(statement, ast.Assign | ast.Return | ast.Expr | ast.AugAssign):
            continue
        if not only_computes(program, made) or in_try(program, made) or _guarded(program, made, statement):
            continue
        names = variables_in(program, made)
        if any(program.inside(var.scope, statement) for var in names):
            continue
        edit = Edit(program)
        name = edit.fresh(f"{names[0].name}_made" if names else "made")
        edit.before(statement, f"{name} = {program.text(made)}")
        edit.replace(made, name)
        yield edit


def _guarded(program: Program, node: ast.AST, statement: ast.stmt) -> bool:
    """Whether the statement may come to its end without the value."""
    return any(
        isinstance(above, ast.IfExp | ast.Lambda | ast.BoolOp)
        for above in program.ancestors(node)
        if program.inside(above, statement)
    )
