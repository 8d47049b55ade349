"""Searches in graphs: what was ever queued is marked when it is queued.

Covered: a queue or stack whose elements are taken out and kept in a list or set of visited ones. Not covered:
elements that leave the queue in another way, and queues that other functions fill.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .edits import Edit, rewrite
from .evidence import starts_fresh
from .facts import reads
from .program import Program, Use, Var, words

TAKEN = words("pop popleft")
PUT = words("append appendleft add")


@rewrite("ever_queued", "x in visited or x in queue -> one set of all that was ever queued")
def ever_queued(program: Program) -> Iterator[Edit]:
    """Ask one set whether an element was ever queued, instead of looking for it in the queue.

    before::

        queue, visited = [start], []
        while queue:
            node = queue.pop(0)
            visited.append(node)
            for other in graph[node]:
                if other not in visited and other not in queue:
                    queue.append(other)

    after: ``queued = {start}`` at the start, ``if other not in queued``, ``queued.add(other)`` at the append.
    It fires when each element that leaves the queue is put down as visited on the next line, and no other is.
    """
    if program.bound_names & {"set"}:
        return
    for queue in program.variables:
        start = _start(program, queue)
        takes = [use for use in queue.of_kind("method") if use.detail in TAKEN]
        if start is None or len(takes) != 1 or not _known(program, queue, takes):
            continue
        visited = _put_down(program, takes[0])
        if visited is None or not _only_from(program, visited, takes[0], start):
            continue
        edit = Edit(program)
        name = edit.fresh("queued")
        edit.after(start.site, f"{name} = {_as_set(program, start.site.value, queue)}")
        joined = sum(
            _join(program, edit, test, queue, visited, name)
            for test in program.find(ast.BoolOp, under=queue.scope)
        )
        # a queue that is still searched elsewhere keeps its slow test
        if not joined or joined != len(queue.of_kind("in")):
            continue
        for use in queue.of_kind("method"):
            if use.detail in PUT:
                edit.after(program.parents[use.site], f"{name}.add({program.text(use.site.args[0])})")
        yield edit


def _start(program: Program, queue: Var) -> Use | None:
    """The only assignment of a queue, from a fresh list or a deque of one."""
    starts = queue.of_kind("assign")
    if len(starts) != 1 or not queue.local:
        return None
    match starts[0].site.value:
        case ast.Call(func=ast.Name(id="deque"), args=[ast.List()]):
            return starts[0]
    return starts[0] if starts_fresh(program, queue) else None


def _as_set(program: Program, value: ast.expr, queue: Var) -> str:
    """The set of the elements that a queue starts with, as text that does not name the queue where it can."""
    listed = value.args[0] if isinstance(value, ast.Call) and len(value.args) == 1 else value
    if isinstance(listed, ast.List) and listed.elts and all(isinstance(x, ast.Name) for x in listed.elts):
        return f"{{{', '.join(program.text(item) for item in listed.elts)}}}"
    return f"set({queue.name})"


def _known(program: Program, queue: Var, takes: list[Use]) -> bool:
    """Whether elements are only put in by appends of plain names that stand alone, and taken at one place."""
    for use in queue.uses:
        if use.kind == "method" and use.detail in PUT:
            match use.site, program.parents[use.site]:
                case ast.Call(args=[ast.Name() | ast.Constant()]), ast.Expr():
                    continue
            return False
        if use not in takes and use.kind not in {"assign", "in", "truth"} and use.detail != "len":
            return False
    return True


def _put_down(program: Program, take: Use) -> Var | None:
    """The list or set that the taken element is put into on the line after."""
    match program.parents[take.site]:
        case ast.Assign(targets=[ast.Name() as node]) as statement:
            block = program.block(statement)
            following = next(iter(block[block.index(statement) + 1 :]), None)
            match following:
                case ast.Expr(
                    value=ast.Call(
                        func=ast.Attribute(value=ast.Name() as owner, attr=name), args=[ast.Name() as item]
                    )
                ) if name in PUT and item.id == node.id:
                    return program.var(owner)
    return None


def _only_from(program: Program, visited: Var, take: Use, start: Use) -> bool:
    """Whether visited starts empty in the queue's block and gets the taken elements only."""
    block = program.block(start.site)
    puts = 0
    for use in visited.uses:
        if use.kind == "assign":
            match use.site.value:
                case ast.List(elts=[]) | ast.Call(func=ast.Name(id="set"), args=[]) if use.site in block:
                    continue
            return False
        if use.kind == "method" and use.detail in PUT:
            puts += 1
        elif not reads(program, use):
            return False
    return puts == 1 and len(visited.of_kind("assign")) == 1 and visited.local


def _join(program: Program, edit: Edit, test: ast.BoolOp, queue: Var, visited: Var, name: str) -> int:
    """Write one test for ``x not in visited and x not in queue`` (also ``in`` .. ``or``), and how often."""
    joined = 0
    wanted = ast.NotIn if isinstance(test.op, ast.And) else ast.In
    for one, other in zip(test.values, test.values[1:], strict=False):
        match one, other:
            case (
                ast.Compare(left=ast.Name() as left, ops=[first], comparators=[ast.Name() as a]),
                ast.Compare(left=ast.Name() as right, ops=[second], comparators=[ast.Name() as b]),
            ):
                both = isinstance(first, wanted) and isinstance(second, wanted)
                if both and left.id == right.id and {program.var(a), program.var(b)} == {queue, visited}:
                    word = "not in" if wanted is ast.NotIn else "in"
                    text = f"{left.id} {word} {name}"
                    edit.splice(program.span(one)[0], program.span(other)[1], text)
                    joined += 1
    return joined
