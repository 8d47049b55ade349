"""Which words of a list a text begins with: looked up by the lengths that occur, not tried one by one.

Covered: loops and comprehensions over the words whose first test is ``text.startswith(word)`` or
``text[: len(word)] == word``, where the words stay the same in the whole call. Not covered: endings, and
words that begin with the text.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .edits import Edit, rewrite
from .facts import variables_in
from .joining import _private, _private_names
from .program import Program, Var, called
from .slicing import Loop, above, only_computes, rebound
from .states_memo import at_the_start, called_from_outside, same_all_along


@rewrite("heads_by_length", "text.startswith(word) for each word -> look-ups of the text's beginnings")
def heads_by_length(program: Program) -> Iterator[Edit]:
    """Keep the words by length, and look up the text's beginnings of those lengths; the test stays.

    before: ``for word in words: if text[: len(word)] == word: ..``; after: ``for word in
    beginnings(text, WORDS_BY_SIZE): ..`` where the table is made on first use and forgotten with each call.
    """
    roots = called_from_outside(program)
    if not roots or program.bound_names & {"len", "enumerate", "sorted"}:
        return
    for loop in program.find(ast.For, ast.comprehension):
        text = _text(program, loop)
        own = program.var(loop.target)
        private = text is not None and (
            _private(program, loop) if isinstance(loop, ast.For) else _private_names(program, loop)
        )
        names = variables_in(program, loop.iter)
        own_call = isinstance(loop.iter, ast.Call) and called(loop.iter) in program.functions
        if not private or own_call or not names or not only_computes(program, loop.iter):
            continue
        if own in names or rebound(program, text, loop) or not _tests_compute(program, loop):
            continue
        statement = program.statement(loop)
        fits = isinstance(statement, ast.For | ast.Assign | ast.Return | ast.Expr)
        if fits and all(same_all_along(program, var, roots, set()) for var in names):
            edit = Edit(program)
            table, finder = edit.fresh("WORDS_BY_SIZE"), edit.fresh("beginnings")
            maker = edit.fresh("by_size")
            above(program, edit, statement, f"{table} = {{}}", *_helpers(maker, finder).splitlines())
            edit.before(
                statement, f"if not {table}:", f"    {table}.update({maker}({program.argument(loop.iter)}))"
            )
            edit.possible &= edit.indent(statement) is not None
            edit.replace(loop.iter, f"{finder}({text.name}, {table})")
            at_the_start(edit, roots, f"{table}.clear()")
            yield edit


def _helpers(maker: str, finder: str) -> str:
    return f'''

def {maker}(words):
    """The places of each word in a list of words, by the length of the word."""
    found = {{}}
    for place, word in enumerate(words):
        found.setdefault(len(word), {{}}).setdefault(word, []).append(place)
    return found


def {finder}(text, words):
    """The words that a text begins with, in the order of their list."""
    heads = [text[:size] for size, places in words.items() if text[:size] in places]
    if len(heads) < 2:
        return [head for head in heads for _ in words[len(head)][head]]
    found = [(place, head) for head in heads for place in words[len(head)][head]]
    return [head for _, head in sorted(found)]'''


def _text(program: Program, loop: Loop) -> Var | None:
    """The text whose beginning the first test (but for ``if word``) of each round compares with the word."""
    if not isinstance(loop.target, ast.Name):
        return None
    own = program.var(loop.target)
    match loop:
        case ast.For(body=[ast.If(test=test, orelse=[])], orelse=[]):
            tests = [test]
        case ast.comprehension(ifs=[_, *_] as tests, is_async=0):
            pass
        case _:
            return None
    parts = [part for test in tests for part in (test.values if _is_and(test) else [test])]
    if len(parts) > 1 and isinstance(parts[0], ast.Name) and program.var(parts[0]) is own:
        parts = parts[1:]
    match parts[0]:
        case ast.Call(
            func=ast.Attribute(value=ast.Name() as text, attr="startswith"), args=[ast.Name() as word]
        ):
            return program.var(text) if program.var(word) is own else None
        case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]):
            for head, word in ((left, right), (right, left)):
                if isinstance(word, ast.Name) and program.var(word) is own:
                    return _whole(program, head, own)
    return None


def _is_and(test: ast.expr) -> bool:
    return isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And)


def _whole(program: Program, head: ast.expr, own: Var) -> Var | None:
    """The text of ``text[: len(word)]``."""
    match head:
        case ast.Subscript(
            value=ast.Name() as text,
            slice=ast.Slice(
                lower=None | ast.Constant(value=0),
                upper=ast.Call(func=func, args=[ast.Name() as word]),
                step=None,
            ),
        ) if program.is_builtin(func, "len") and program.var(word) is own:
            return program.var(text)
    return None


def _tests_compute(program: Program, loop: Loop) -> bool:
    tests = loop.ifs if isinstance(loop, ast.comprehension) else [loop.body[0].test]
    return all(only_computes(program, test) for test in tests)
