"""The same call in a test and in what the test lets through: made once, its result kept in a name.

Covered: ``if f(x) ..: y = f(x)`` and ``f(x) if f(x) .. else z``, for calls that only compute.
Not covered: calls further down in the body, calls that the test may pass by (``or``).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .edits import Edit, rewrite
from .facts import variables_in
from .keys import only_computes
from .program import COMPREHENSIONS, Program, called


@rewrite("repeated_call", "same call in a test and right after it -> made once")
def repeated_call(program: Program) -> Iterator[Edit]:
    """Keep the result of a test's call for the first statement that the test guards.

    before: ``if find(x) is not None: y = find(x)``;
    after: ``if (find_result := find(x)) is not None: y = find_result``.
    """
    for node in program.find(ast.If, ast.IfExp):
        then = node.body[0] if isinstance(node, ast.If) else node.body
        if (hasattr(then, "body") and isinstance(then, ast.stmt)) or not only_computes(program, node.test):
            continue
        for call in program.find(ast.Call, under=node.test):
            text = program.text(call)
            again = _same(program, text, then)
            if (
                len(again) != 1
                or len(_same(program, text, node.test)) != 1
                or not _surely(program, call, node)
            ):
                continue
            # what the test looks at must be what the body looks at
            inner = variables_in(program, call) != variables_in(program, again[0])
            if (
                inner
                or not call.args
                or _lazy(program, again[0], then)
                or _early_effect(program, then, again[0])
            ):
                continue
            edit = Edit(program)
            name = edit.fresh(f"{called(call)}_result")
            edit.replace(call, f"({name} := {text})")
            edit.replace(again[0], name)
            yield edit


def _same(program: Program, text: str, part: ast.AST) -> list[ast.Call]:
    return [call for call in program.find(ast.Call, under=part) if program.text(call) == text]


def _surely(program: Program, call: ast.Call, node: ast.If | ast.IfExp) -> bool:
    """Whether a test that holds has made the call: not behind ``or``, nor in an ``and`` under ``not``."""
    chosen = False
    for above in program.ancestors(call):
        if above is node:
            return True
        match above:
            case ast.BoolOp(op=ast.And()):
                chosen = True
            case ast.UnaryOp(op=ast.Not()) if chosen:
                return False
            case ast.Compare(ops=[_, _, *_]):
                chosen = True
            case ast.Compare() | ast.UnaryOp() | ast.BinOp() | ast.Subscript() | ast.Attribute() | ast.Call():
                pass
            case _:
                return False
    return False


def _lazy(program: Program, call: ast.Call, then: ast.AST) -> bool:
    """Whether a call is made more than once, or later, in the part that a test lets through."""
    around = [above for above in program.ancestors(call) if program.inside(above, then)]
    return any(isinstance(above, (ast.Lambda, *COMPREHENSIONS)) for above in around)


def _early_effect(program: Program, then: ast.AST, call: ast.Call) -> bool:
    """Whether something with an effect may come before the second call: any call that is not around it."""
    others = [item for item in program.find(ast.Call, under=then) if item is not call]
    return not all(program.inside(call, item) or only_computes(program, item) for item in others)
