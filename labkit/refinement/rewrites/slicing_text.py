"""Texts cut into words of some letters: one translation and one split instead of a regular expression.

Covered: ``re.findall`` of one class of ASCII characters, repeated (``[a-z']+``, ``[0-9]{3,}``), of a constant
pattern, by name or compiled at the margin. Not covered: negated classes, ``\\w``, groups, flags, blanks.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from .edits import Edit, rewrite
from .program import Program
from .slicing import above

RUNS = re.compile(r"\[([^\]\[\\^][^\]\[\\]*)\](?:\+|\{(\d+),\})")


@rewrite("findall_translate", "re.findall of runs of letters -> translate the rest to blanks, split")
def findall_translate(program: Program) -> Iterator[Edit]:
    """Turn every other character into a blank and split, instead of searching for each run.

    before: ``re.findall(r"[a-z]+", text)``; after: ``text.translate(LETTERS).split()``, with above it
    ``LETTERS = defaultdict(lambda: " ", {ord(letter): letter for letter in "abcdefghijklmnopqrstuvwxyz"})``.
    """
    for call in program.find(ast.Call):
        found = _searched(program, call)
        letters, least = _class(found[0]) if found is not None else (None, 0)
        if letters is None or program.bound_names & {"ord", "len"}:
            continue
        edit = Edit(program)
        table = edit.fresh("LETTERS")
        make = edit.use("collections", "defaultdict")
        pairs = f"{{ord(letter): letter for letter in {letters!r}}}"
        above(program, edit, call, f'{table} = {make}(lambda: " ", {pairs})')
        code = f"{program.operand(found[1])}.translate({table}).split()"
        if least > 1:
            word = edit.fresh("word")
            code = f"[{word} for {word} in {code} if len({word}) >= {least}]"
        edit.replace(call, code)
        yield edit


def _searched(program: Program, call: ast.Call) -> tuple[str, ast.expr] | None:
    """Pattern and text of ``re.findall("..", text)`` or ``PATTERN.findall(text)``."""
    match call:
        case ast.Call(
            func=ast.Attribute(value=ast.Name() as owner, attr="findall"), args=[*first, text], keywords=[]
        ) if not isinstance(text, ast.Starred):
            var = program.var(owner)
            binds = [use for use in var.uses if use.binds] if var is not None else []
            if len(binds) != 1:
                return None
            match binds[0].kind, binds[0].node, first:
                case "import", ast.alias(name="re"), [ast.Constant(value=str(pattern))]:
                    return pattern, text
                case "assign", _, []:
                    pattern = _compiled(program, binds[0].site.value)
                    return (pattern, text) if pattern is not None else None
    return None


def _compiled(program: Program, node: ast.expr) -> str | None:
    match node:
        case ast.Call(
            func=ast.Attribute(value=ast.Name() as owner, attr="compile"),
            args=[ast.Constant(value=str(pattern))],
            keywords=[],
        ) if owner.id == "re":
            return pattern
    return None


def _class(pattern: str) -> tuple[str | None, int]:
    """The characters of a pattern that is one repeated class, and the least length; None for others."""
    found = RUNS.fullmatch(pattern)
    if found is None or not pattern.isascii() or pattern == "[-]+":
        return None, 0
    one = re.compile(f"[{found[1]}]")
    letters = "".join(char for char in map(chr, range(128)) if one.fullmatch(char))
    # a blank in the class would be split at
    blank = any(char.isspace() for char in letters)
    return (None, 0) if blank or not letters else (letters, int(found[2] or 1))
