"""Texts that may start with one of many: looked up by length in a dict instead of tried one after another.

Covered: ``text.startswith(word)``, ``text[: len(word)] == word``, the same from a place on, as the first test
of a loop over words that the outer loop leaves alone. Not covered: endings, words inside the text.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .edits import Edit, rewrite
from .evidence import type_of
from .facts import changed_in, outermost, variables_in
from .joining import _private
from .keys import Loop, conjuncts, fresh_names, only_computes, own_variables, respelled
from .program import Program, Var


@rewrite("prefix_index", "each word tried at the start of a text -> slices of the words' lengths looked up")
def prefix_index(program: Program) -> Iterator[Edit]:
    """Look up the start of a text, cut at each length that a word has.

    before: ``for word in words: if text.startswith(word): ..`` in a loop; after, with above it the words and
    their places in ``words`` by their sizes::

        for word in [item for at, item in sorted([hit for size, group in words_by_size.items()
                                                  for hit in group.get(text[:size], ())])]:

    The words found come in the order of the list, each as often as it stands there.
    """
    if program.bound_names & {"sorted", "enumerate", "len"}:
        return
    groups: dict[tuple, list[tuple]] = {}
    for loop in program.find(ast.For, ast.comprehension):
        own, tests = own_variables(program, loop), conjuncts(loop)
        private = not isinstance(loop, ast.For) or _private(program, loop)
        if own is None or not tests or not private or not all(only_computes(program, test) for test in tests):
            continue
        for test in tests:
            found = _start(program, test, own)
            outer = _outer(program, loop, *found[1:]) if found is not None else None
            if outer is not None:
                same = (program.text(loop.iter), own.index(program.var(found[0])), len(own))
                # loops over the same words share a table
                groups.setdefault((*same, outer), []).append((loop, own, *found))
            # an empty word may be left out before
            if not isinstance(test, ast.Name):
                break
    for (*_, outer), loops in groups.items():
        yield _indexed(program, outer, loops)


def _start(program: Program, test: ast.expr, own: list[Var]) -> tuple[ast.Name, ast.expr, str] | None:
    """(word, text, place) of a test whether a text has a word at a place; "" for its start."""
    match test:
        case ast.Call(func=ast.Attribute(value=text, attr="startswith"), args=[ast.Name() as word, *rest]):
            place = program.operand(rest[0]) if len(rest) == 1 and isinstance(rest[0], ast.Name) else ""
            fits = not test.keywords and len(rest) < 2 and (not rest or place)
        case ast.Compare(left=one, ops=[ast.Eq()], comparators=[other]):
            cut, word = (one, other) if isinstance(one, ast.Subscript) else (other, one)
            if not isinstance(cut, ast.Subscript) or not isinstance(word, ast.Name):
                return None
            text, part = cut.value, cut.slice
            if not isinstance(part, ast.Slice) or part.step is not None or part.upper is None:
                return None
            place = "" if part.lower is None else ast.unparse(part.lower)
            place = "" if place == "0" else place
            size = f"len({word.id})"
            wanted = {f"{place} + {size}", f"{size} + {place}"} if place else {size}
            fits = ast.unparse(part.upper) in wanted and (not place or isinstance(part.lower, ast.Name))
        case _:
            return None
    outside = not {*variables_in(program, text)} & {*own}
    named = place == "" or all(var.name != place for var in own)
    plain = isinstance(text, ast.Name)
    return (word, text, place) if fits and outside and named and plain and program.var(word) in own else None


def _outer(program: Program, loop: Loop, text: ast.Name, place: str) -> ast.AST | None:
    """The outermost loop around an inner one in which its words are steady."""
    used = [var for var in program.variables if var is program.var(text) or var.name == place]
    if any(changed_in(program, var, loop) for var in used) or isinstance(loop.iter, ast.Subscript):
        return None
    if not only_computes(program, loop.iter) or type_of(program, loop.iter) == "str":
        return None
    if isinstance(loop.iter, ast.Name) and type_of(program, loop.iter) == "iterator":
        return None
    return outermost(program, loop.iter, variables_in(program, loop.iter))


def _indexed(program: Program, outer: ast.AST, loops: list[tuple]) -> Edit:
    edit = Edit(program)
    loop, own, word, _, _ = loops[0]
    base = loop.iter.id if isinstance(loop.iter, ast.Name) else "words"
    places, group, at, hit = map(edit.fresh, (f"{base}_by_size", "group", "at", "hit"))
    size, item = edit.fresh("size"), edit.fresh("item")
    names = fresh_names(program, edit, loop, own)
    target, key = respelled(program, loop.target, names), names[program.var(word)]
    edit.before(
        program.anchor(outer),
        f"{places} = {{}}",
        f"for {at}, {target} in enumerate({program.text(loop.iter)}):",
        f"    {places}.setdefault(len({key}), {{}}).setdefault({key}, []).append(({at}, {target}))",
    )
    for each, _, _, text, place in loops:
        cut = f"{text.id}[{place} : {place} + {size}]" if place else f"{text.id}[:{size}]"
        hits = f"{hit} for {size}, {group} in {places}.items() for {hit} in {group}.get({cut}, ())"
        edit.replace(each.iter, f"[{item} for {at}, {item} in sorted([{hits}])]")
    return edit
