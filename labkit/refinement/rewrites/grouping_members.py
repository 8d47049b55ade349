"""Lists that are filtered only to look for one value in what is left.

Covered: ``x in [f(y) for y in ys if ..]``, also with the list named in the statement before.
Not covered: filters of several loops, values that are worked out by a call.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .edits import Edit, rewrite
from .keys import only_computes
from .program import Program


@rewrite("member_of_filter", "x in [f(y) for y in ys if ..] -> any(f(y) == x and ..)")
def member_of_filter(program: Program) -> Iterator[Edit]:
    """A list made only to look for one value: stop at the first that equals it.

    before: ``recent = [a for a, t in kept if t > now]`` and ``if x in recent:``;
    after: ``if any(a == x for a, t in kept if a == x and t > now):``, which an index can serve.
    """
    for test in program.find(ast.Compare):
        match test:
            case ast.Compare(left=wanted, ops=[ast.In() | ast.NotIn() as op], comparators=[items]):
                made, start = _made(program, items, test)
            case _:
                continue
        if made is None or not program.loops(test) or program.bound_names & {"any"}:
            continue
        part = made.generators[0]
        names = {var.name for var in program.variables if var.scope is made}
        spelt = {node.id for node in program.find(ast.Name, under=wanted)}
        if names & spelt or not all(only_computes(program, item) for item in (wanted, made.elt)):
            continue
        edit = Edit(program)
        # it is worked out anew for each element
        edit.possible &= not program.find(ast.Call, under=wanted)
        parts = _same(program, made.elt, wanted)
        tests = " and ".join([*parts, *map(program.operand, part.ifs)])
        negated = "not " if isinstance(op, ast.NotIn) else ""
        loop = f"for {program.text(part.target)} in {program.operand(part.iter)}"
        if start is not None:
            edit.splice(program.span(start)[0], program.span(test)[0], _between(program, start, test))
        edit.replace(test, f"({negated}any(True {loop} if {tests}))")
        yield edit


def _same(program: Program, one: ast.expr, other: ast.expr) -> list[str]:
    match one, other:
        case ast.Tuple(elts=mine), ast.Tuple(elts=yours) if len(mine) == len(yours):
            pairs = list(zip(mine, yours, strict=True))
        case _:
            pairs = [(one, other)]
    return [f"{program.operand(a)} == {program.operand(b)}" for a, b in pairs]


def _made(
    program: Program, items: ast.expr, test: ast.Compare
) -> tuple[ast.ListComp | None, ast.Assign | None]:
    """The filter that a test looks through, and the statement just before it that gave it a name."""
    made, start = items, None
    if isinstance(items, ast.Name) and (var := program.var(items)) is not None and len(var.uses) == 2:
        statement = program.statement(test)
        block = program.block(statement)
        before = block[block.index(statement) - 1] if block.index(statement) else None
        match before:
            case ast.Assign(targets=[ast.Name() as name], value=value) if program.var(name) is var:
                made, start = value, before
        # evaluated first of all in that statement, where the list was made
        if start is None or not isinstance(statement, ast.If) or statement.test is not test:
            return None, None
    match made:
        case ast.ListComp(generators=[ast.comprehension(ifs=[_, *_], is_async=0)]):
            return made, start
    return None, None


def _between(program: Program, start: ast.stmt, test: ast.expr) -> str:
    """The text from a statement that goes to the test after it, without that statement."""
    end, stop = program.span(start)[1], program.span(test)[0]
    return program.source[end:stop].lstrip(" ").removeprefix("\n").lstrip(" ")
