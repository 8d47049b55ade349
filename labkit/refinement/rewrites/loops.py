"""Loops that do more rounds than their result needs.

Covered: a filtered list of which only "more than k" is asked; a list that nobody reads. Not covered: counters
that a loop adds to.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .edits import Edit, rewrite
from .program import Program, Use, Var, words
from .slicing import only_computes

FILLS = words("append add appendleft")
MOST = 3  # more hits than that are no longer a question of "is there one"


@rewrite("enough_hits", "filtered list made only to ask for len(..) > k -> stop at the hit that decides")
def enough_hits(program: Program) -> Iterator[Edit]:
    """Stop at the hit that decides, where only the number of hits is compared with a small constant.

    before: ``len([x for x in xs if x > top]) > 0``; after: ``any(True for x in xs if x > top)``. Other bounds
    count a slice: ``len(list(islice((..), 2))) > 1``. The list may have a name that is used for nothing else.
    """
    if program.bound_names & {"len", "any", "list"}:
        return
    for comp in program.find(ast.ListComp):
        asked, made = _asked(program, comp)
        least = _least(asked) if asked is not None else None
        # what is not looked at any more must have no effect
        if least is None or not comp.generators[-1].ifs or not only_computes(program, comp):
            continue
        edit = Edit(program)
        inner = program.text(comp)[1:-1]
        count, negated = least
        if count == 1:
            code = f"any(True{inner[len(program.text(comp.elt)) + _margin(program, comp) :]})"
            code = f"(not {code})" if negated else code
        else:
            code = f"len({edit.use('itertools', 'islice')}(({inner}), {count}))"
            code = code.replace("len(", "len(list(", 1) + f") {'<' if negated else '>='} {count}"
            code = f"({code})"
        edit.replace(asked, code)
        if made is not None:
            drop(program, edit, made)
        yield edit


def _margin(program: Program, comp: ast.ListComp) -> int:
    """The number of characters between the bracket of a comprehension and its element."""
    return program.span(comp.elt)[0] - program.span(comp)[0] - 1


def _asked(program: Program, comp: ast.ListComp) -> tuple[ast.Compare | None, ast.stmt | None]:
    """The comparison of ``len(comp)``, and the statement that names the list before it, if one does."""
    above = program.parents[comp]
    match above:
        case ast.Assign(targets=[ast.Name() as name]):
            var = program.var(name)
            reads = [use for use in var.uses if not use.binds] if var is not None else []
            block = program.block(above)
            following = next(iter(block[block.index(above) + 1 :]), None)
            if len(reads) != 1 or len(var.uses) != 2 or following is None:
                return None, None
            (use,) = reads
            # asked at once and on any way, so that nothing lies between
            head = getattr(following, "test", getattr(following, "value", None))
            at_once = isinstance(following, ast.If | ast.Return | ast.Assign)
            if not at_once or head is None or not _first_of_all(program, use, head, var):
                return None, None
            return _compared(program, use.node), above
    return _compared(program, comp), None


def _first_of_all(program: Program, use: Use, head: ast.expr, var: Var) -> bool:
    return program.inside(use.node, head) and program.function(use.node) is program.function(head)


def _compared(program: Program, items: ast.AST) -> ast.Compare | None:
    call = program.parents[items]
    if isinstance(call, ast.Call) and program.is_builtin(call.func, "len") and call.args == [items]:
        above = program.parents[call]
        if isinstance(above, ast.Compare) and above.left is call and len(above.ops) == 1:
            return above
    return None


def _least(test: ast.Compare) -> tuple[int, bool] | None:
    """The number of hits that decides, and whether the test is for fewer."""
    match test.ops[0], test.comparators[0]:
        case operator, ast.Constant(value=int(value)) if not isinstance(value, bool):
            match operator:
                case ast.Gt():
                    found = value + 1, False
                case ast.GtE():
                    found = value, False
                case ast.Lt():
                    found = value, True
                case ast.LtE():
                    found = value + 1, True
                case ast.Eq() if value == 0:
                    found = 1, True
                case ast.NotEq() if value == 0:
                    found = 1, False
                case _:
                    return None
            return found if 1 <= found[0] <= MOST else None
    return None


@rewrite("unread_list", "list or set that is filled and never read -> left out")
def unread_list(program: Program) -> Iterator[Edit]:
    """Leave out a local list, set or deque that is only ever added to, if what is added has no effect."""
    for var in program.variables:
        adds = [use for use in var.of_kind("method") if use.detail in FILLS]
        starts = var.of_kind("assign")
        if not adds or not starts or not var.local or len(adds) + len(starts) != len(var.uses):
            continue
        fresh = all(_new(program, use.site.value) for use in starts)
        lone = all(isinstance(program.parents[use.site], ast.Expr) for use in adds)
        if fresh and lone and all(_harmless_arguments(program, use.site) for use in adds):
            edit = Edit(program)
            for statement in (*(use.site for use in starts), *(program.parents[use.site] for use in adds)):
                drop(program, edit, statement)
            yield edit


def _new(program: Program, value: ast.expr) -> bool:
    match value:
        case ast.List(elts=items) | ast.Set(elts=items):
            return all(isinstance(item, ast.Name | ast.Constant) for item in items)
        case ast.Call(func=func, args=[], keywords=[]):
            return program.is_builtin(func, "set", "list")
    return False


def _harmless_arguments(program: Program, call: ast.Call) -> bool:
    """A name or a constant cannot fail; in a subscript or a call an error could get lost."""
    return not call.keywords and all(isinstance(item, ast.Name | ast.Constant) for item in call.args)


def drop(program: Program, edit: Edit, statement: ast.stmt, comment: bool = False) -> str:
    """Take a statement out together with its line, and give its text; with its comment only if said so."""
    start, end = program.span(statement)
    indent = edit.indent(statement)
    rest = program.source[end:].partition("\n")[0]
    movable = comment and rest.lstrip().startswith("#")
    if indent is None or (rest.strip() and not movable) or len(program.block(statement)) < 2:
        edit.possible = False
    edit.splice(start - len(indent or ""), min(end + len(rest) + 1, len(program.source)), "")
    return program.source[start : end + len(rest)]
