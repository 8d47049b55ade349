"""Copying and editing: the answer is what was given, but for what was asked to be changed."""

from __future__ import annotations

import keyword
import re

from ..corpus import functions
from ..items import Draw, Made
from ..words import NOUNS

_LINES = ((2, 3), (3, 5), (5, 7), (7, 9), (9, 12))  # of a function, by level
_OPEN = ("Please ", "", "Now ", "Kindly ", "In the code below, ", "Here ")
_NAME = re.compile(r"\b[a-z_][a-z_0-9]{2,}\b")
_ATTRIBUTES = re.compile(r"(?:\.|\bself\b|\bcls\b|\bdef )\s*[a-z_0-9]*")


def function(draw: Draw) -> str:
    """A function of the level's length: one of the library's, or one made up."""
    while True:
        if draw.chance() < 0.6:
            return draw.choice(functions(draw.split, *_LINES[draw.level]))
        source = _invented(draw)
        if draw.mine(source):
            return source


def _invented(draw: Draw) -> str:
    least, most = _LINES[draw.level]
    args = draw.sample(NOUNS, draw.between(1, 3))
    known, body = list(args), []
    for _ in range(draw.between(least, most) - 2):
        body.append("    " + _statement(draw, known))
    return "\n".join([f"def {draw.name()}({', '.join(args)}):", *body, f"    return {draw.choice(known)}"])


def _statement(draw: Draw, known: list[str]) -> str:
    a, b, n = draw.choice(known), draw.choice(known), draw.between(1, 99)
    kind = draw.between(0, 6)
    if kind == 0:
        return f"if {a} is None: {a} = {n}"
    if kind == 1:
        return f"{a}.{draw.choice(NOUNS)}({b}, {n})"
    new = draw.choice(NOUNS)
    text = (
        f"{new} = {a} + {n}", f"{new} = [{b}[i] for i in {a}]", f"{new} = {draw.name()}({a}, {b})",
        f"{new} = {a}.{draw.choice(NOUNS)} or {n}", f"{new} = {{'{b}': {a}, 'n': {n}}}",
    )[kind - 2]  # fmt: skip
    known.append(new)
    return text


def repeat(draw: Draw) -> Made:
    given = function(draw)
    heads = [f"{o}{v}" for o in _OPEN for v in ("repeat", "copy", "write out", "echo", "print")]
    ask = draw.worded(
        heads, (" this function as it is.", " it without changes.", " the code below.", " this again.")
    )
    return Made(ask, given, given, key=None)


def rename(draw: Draw) -> Made:
    """An identifier that is no attribute, wherever it stands as a word."""
    while True:
        given = function(draw)
        names = _NAME.findall(given)
        fixed = {m.group().split(".")[-1].strip() for m in _ATTRIBUTES.finditer(given)}
        known = sorted({n for n in names if not keyword.iskeyword(n) and n not in fixed})
        if known:
            break
    old, new = draw.choice(known), draw.name() if draw.chance() < 0.4 else draw.choice(NOUNS)
    if new in names:
        new += "_2"
    heads = (f"Rename {old}", f"Please rename {old}", f"Change the name {old}", 
             f"Change every {old}",
             f"Replace the identifier {old}", f"In this code, rename `{old}`")  # fmt: skip
    ask = draw.worded(heads, (f" to {new}.", f" to {new} everywhere.", f" to `{new}` in this function."))
    return Made(ask, given, re.sub(rf"\b{old}\b", new, given), key=None)


def fix_line(draw: Draw) -> Made:
    """One line is replaced by another with the same indentation."""
    given = function(draw)
    rows = given.split("\n")
    at = draw.between(1, len(rows) - 1)
    old = rows[at].strip()
    if not old or sum(row.strip() == old for row in rows) != 1:
        return fix_line(draw)
    new = _statement(draw, draw.sample(NOUNS, 2))
    rows[at] = rows[at][: len(rows[at]) - len(rows[at].lstrip())] + new
    heads = ("Fix this function: ", "Edit the code: ", "", "Please correct this: ", "One line is wrong: ")
    tails = (
        f"replace `{old}` by `{new}`.",
        f"the line `{old}` should be `{new}`.",
        f"instead of `{old}` write `{new}`.",
    )
    return Made(draw.worded(heads, tails), given, "\n".join(rows), key=None)


def reformat(draw: Draw) -> Made:
    """Each line changed in the same way."""
    given = function(draw)
    heads = ("Reformat this: ", "", "Please ", "Write it again, but ", "Change the layout: ")
    kind = draw.between(0, 3)
    rows = given.split("\n")
    if kind == 0:
        tails = ("indent by two spaces.", "use two spaces of indentation.", "two spaces instead of four.")
        found = [" " * ((len(r) - len(r.lstrip())) // 2) + r.lstrip() for r in rows]
    elif kind == 1:
        tails = ("comment out every line.", "put `# ` before each line.", "make each line a comment.")
        found = [f"# {r}" for r in rows]
    elif kind == 2:
        tails = ("quote it.", "put `> ` before each line.", "as a quotation.")
        found = [f"> {r}" for r in rows]
    else:
        tails = ("number the lines.", "with line numbers.", "put its number before each line.")
        found = [f"{i}: {r}" for i, r in enumerate(rows, 1)]
    return Made(draw.worded(heads, tails), given, "\n".join(found), key=None)
