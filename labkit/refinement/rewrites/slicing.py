"""Text compared slice by slice: the places of a piece are found by ``str.find``, not by trying each start.

Covered: loops and comprehensions over all starts in a range whose first test is that a piece begins there.
Not covered: pieces with wildcards, several pieces at once, starts counted downwards.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .edits import Edit, rewrite
from .evidence import type_of
from .facts import changes, harmless, pure, runs_during, variables_in
from .joining import _private, _private_names
from .program import Program, Var, called
from .recursion import _depends_on_arguments

Loop = ast.For | ast.comprehension


def above(program: Program, edit: Edit, node: ast.AST, *lines: str) -> None:
    """Insert lines at the left margin, above the top statement around a node and its comments."""
    top = next(item for item in program.tree.body if program.inside(node, item))
    line = min(item.lineno for item in (top, *getattr(top, "decorator_list", ())))
    texts = program.source.split("\n")
    while line > 1 and texts[line - 2].startswith("#") and not texts[line - 2].startswith("#!"):
        line -= 1
    start = program.line_start(line)
    edit.splice(start, start, "".join(f"{text}\n" for text in lines) + "\n\n")


def only_computes(program: Program, node: ast.AST) -> bool:
    """Whether evaluating an expression has no effect, in the program's own functions neither."""
    if program.find(ast.Yield, ast.YieldFrom, ast.Await, ast.NamedExpr, ast.Lambda, under=node):
        return False
    for call in program.find(ast.Call, under=node):
        helpers = program.functions.get(called(call), []) if isinstance(call.func, ast.Name) else []
        own = len(helpers) == 1 and (
            _depends_on_arguments(program, helpers[0]) or _only_reads(program, helpers[0])
        )
        if not own and not harmless(program, call):
            return False
    return True


def _only_reads(program: Program, fn: ast.AST) -> bool:
    """Whether a function, or a generator, changes nothing at all and calls nothing that does."""
    if program.find(ast.Global, ast.Nonlocal, ast.Await, under=fn):
        return False
    uses = (use for var in program.variables for use in var.uses if program.inside(use.node, fn))
    calls = program.find(ast.Call, under=fn)
    return not any(changes(program, use) for use in uses) and all(harmless(program, call) for call in calls)


def rebound(program: Program, var: Var, region: ast.AST) -> bool:
    """Whether a name may stand for another value in the course of a region."""
    during = (use for use in var.uses if use.binds and runs_during(program, use.node, region))
    return any(use.kind != "param" or program.inside(use.node, region) for use in during)


@rewrite("slice_find", "piece compared with a slice at every start -> str.find from hit to hit")
def slice_find(program: Program) -> Iterator[Edit]:
    """Visit only the starts where ``find`` sees the piece; the test stays, so nothing else can get in.

    before::

        for i in range(len(text)):
            if text[i : i + len(word)] == word: ..

    after::

        for i in starts_of(word, text, 0, len(text)):
            if text[i : i + len(word)] == word: ..

    What is no string (a list of tokens) is visited at every start, as before.
    """
    if program.bound_names & {"range", "isinstance", "str", "len"}:
        return
    for loop in program.find(ast.For, ast.comprehension):
        bounds = _bounds(program, loop)
        test = _test(loop)
        if bounds is None or test is None or not isinstance(loop.target, ast.Name):
            continue
        own = program.var(loop.target)
        found = _wanted(program, _first(test), own, loop)
        private = _private(program, loop) if isinstance(loop, ast.For) else _private_names(program, loop)
        # only the starts that match are tested now, so a test must have no effect
        if found is None or not private or not only_computes(program, test):
            continue
        text, piece = found
        names = [*variables_in(program, text), *variables_in(program, piece)]
        # a string has no other value until its name is bound anew, and lists take the long way
        if own in names or any(rebound(program, var, loop) for var in names):
            continue
        edit = Edit(program)
        # an earlier round may have written the function already
        known = [
            fn for fn in program.functions.get("starts_of", []) if program.text(fn) == _finder("starts_of")
        ]
        finder = "starts_of" if known else edit.fresh("starts_of")
        if not known:
            above(program, edit, loop, *_finder(finder).splitlines())
        parts = (program.argument(piece), program.argument(text), *bounds)
        edit.replace(loop.iter, f"{finder}({', '.join(parts)})")
        yield edit


def _finder(name: str) -> str:
    return f'''def {name}(piece, text, start, stop):
    """The places from start to before stop where a piece may begin in a text."""
    if not (isinstance(text, str) and isinstance(piece, str)):
        yield from range(start, stop)
        return
    place = text.find(piece, start)
    while 0 <= place < stop:
        yield place
        place = text.find(piece, place + 1)'''


def _bounds(program: Program, loop: Loop) -> tuple[str, str] | None:
    """Start and stop of ``range(stop)`` or ``range(start, stop)`` with a start that is not negative."""
    match loop.iter:
        case ast.Call(func=func, args=[*starts, stop], keywords=[]) if program.is_builtin(func, "range"):
            if not starts:
                return "0", program.text(stop)
            if len(starts) == 1 and not_negative(program, starts[0]):
                return program.text(starts[0]), program.text(stop)
    return None


def not_negative(program: Program, node: ast.expr, depth: int = 0) -> bool:
    """Whether an expression is evidently a number from 0 on: a length, an index that counts up, their sum."""
    match node:
        case ast.Constant(value=int(value)):
            return value >= 0
        case ast.BinOp(left=left, right=right, op=ast.Add() | ast.Mult()):
            return not_negative(program, left, depth) and not_negative(program, right, depth)
        case ast.Call(func=func) if program.is_builtin(func, "len"):
            return True
        case ast.Name() if depth < 3 and (var := program.var(node)) is not None:
            binds = [use for use in var.uses if use.binds]
            return bool(binds) and all(_counts_up(program, use, depth + 1) for use in binds)
    return False


def _counts_up(program: Program, use, depth: int) -> bool:
    match use.kind, use.site:
        case "assign", ast.Assign(value=value) | ast.AnnAssign(value=value):
            return not_negative(program, value, depth)
        case "augment", ast.AugAssign(op=ast.Add(), value=value):
            return not_negative(program, value, depth)
        case "for", ast.For(iter=source) | ast.comprehension(iter=source) as loop:
            match source:
                case ast.Call(func=func, args=[*starts, _]) if program.is_builtin(func, "range"):
                    whole = loop.target is use.node
                    return whole and all(not_negative(program, start, depth) for start in starts[:1])
                case ast.Call(func=func, args=[_, *starts]) if program.is_builtin(func, "enumerate"):
                    first = isinstance(loop.target, ast.Tuple) and loop.target.elts[0] is use.node
                    return first and all(not_negative(program, start, depth) for start in starts)
    return False


def _test(loop: Loop) -> ast.expr | None:
    """The test that each round starts with; ``end = i + len(piece)`` may stand before it."""
    match loop:
        case ast.For(body=[ast.If(test=test, orelse=[])], orelse=[]):
            return test
        case ast.For(body=[ast.Assign(targets=[ast.Name()]), ast.If(test=test, orelse=[])], orelse=[]):
            return test
        case ast.comprehension(ifs=[test, *_], is_async=0):
            return test
    return None


def _first(test: ast.expr) -> ast.expr:
    joined = isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And)
    return test.values[0] if joined else test


def _wanted(
    program: Program, test: ast.expr, own: Var | None, loop: Loop
) -> tuple[ast.expr, ast.expr] | None:
    """Text and piece of ``text[i : i + len(piece)] == piece`` or ``text.startswith(piece, i)``."""
    end = _end_before(program, loop)
    if end is not None and end[1] is None:
        return None
    match test:
        case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]):
            for part, piece in ((left, right), (right, left)):
                match part:
                    case ast.Subscript(value=text, slice=ast.Slice(lower=lower, upper=upper, step=None)):
                        stop = end[1] if end and program.var(upper) is end[0] else upper
                        if program.var(lower) is own and _reaches(program, stop, own, piece):
                            return text, piece
        case ast.Call(func=ast.Attribute(value=text, attr="startswith"), args=[piece, start], keywords=[]):
            # a tuple of pieces starts where one of them does
            if program.var(start) is own and type_of(program, piece) == "str":
                return text, piece
    return None


def _end_before(program: Program, loop: Loop) -> tuple[Var | None, ast.expr | None] | None:
    """The variable and the value of an assignment before the test; no value if it is wanted elsewhere."""
    match loop:
        case ast.For(body=[ast.Assign(targets=[ast.Name() as name], value=value), _]):
            var = program.var(name)
            inside = var is not None and all(program.inside(use.node, loop) for use in var.uses)
            once = inside and sum(use.binds for use in var.uses) == 1
            return var, value if once and pure(program, value) else None
    return None


def _reaches(program: Program, stop: ast.expr | None, own: Var | None, piece: ast.expr) -> bool:
    """Whether a slice's end is its start plus the length of the piece."""
    match stop:
        case ast.BinOp(left=left, right=right, op=ast.Add()):
            pairs = ((left, right), (right, left))
            return any(
                program.var(at) is own and _length_of(program, size, piece) for at, size in pairs if own
            )
    return False


def _length_of(program: Program, size: ast.expr, piece: ast.expr) -> bool:
    match size, piece:
        case ast.Call(func=func, args=[inner], keywords=[]), _ if program.is_builtin(func, "len"):
            return ast.dump(inner) == ast.dump(piece)
        case ast.Constant(value=int(count)), ast.Constant(value=str(text)):
            return count == len(text)
        case ast.Name(), ast.Name():
            # `size = len(piece)`, said once, of a piece that stays the same
            var, other = program.var(size), program.var(piece)
            binds = [use for use in var.uses if use.binds] if var and other else []
            fixed = bool(other) and sum(use.binds for use in other.uses) == 1
            value = getattr(binds[0].site, "value", None) if len(binds) == 1 and fixed else None
            return isinstance(value, ast.Call) and _length_of(program, value, piece)
    return False
