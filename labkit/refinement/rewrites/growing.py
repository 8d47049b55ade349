"""Lists and strings built piece by piece: append instead of copy, one join instead of many concatenations."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .edits import Edit, rewrite
from .evidence import fresh_list, type_of
from .facts import in_try, reads
from .program import Program, Use, Var


@rewrite("list_concat_append", "out = out + [x] in a loop -> out.append(x)")
def list_concat_append(program: Program) -> Iterator[Edit]:
    """``out = out + [a]`` becomes ``out.append(a)``, longer pieces ``out.extend(..)``."""
    for var in program.variables:
        copying = [use for use in var.of_kind("assign") if _added(program, var, use, front=False)]
        looped = [use for use in copying if program.loops(use.node)]
        if not looped or not _unshared(program, var, copying):
            continue
        edit = Edit(program)
        for use in looped:
            match _added(program, var, use, front=False):
                case [ast.List(elts=[item])] if not isinstance(item, ast.Starred):
                    edit.replace(use.site, f"{var.name}.append({program.argument(item)})")
                case pieces:
                    # `extend` takes what a list cannot be added to: a tuple, a string
                    edit.possible &= any(_is_list(program, piece) for piece in pieces)
                    edit.replace(use.site, f"{var.name}.extend({_plus(program, pieces)})")
        yield edit


def _added(program: Program, var: Var, use: Use, front: bool) -> list[ast.expr]:
    """The pieces p, q of ``x = x + p + q`` (or, at the front, of ``x = p + q + x``), from left to right."""
    node, pieces = use.site.value, []
    # Python reads `x + p + q` from the left: brackets around `p + q` make one piece of it
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        pieces.insert(0, node.right)
        node = node.left
    pieces.insert(0, node)
    own = pieces.pop() if front else pieces.pop(0)
    return pieces if isinstance(own, ast.Name) and program.var(own) is var else []


def _is_list(program: Program, node: ast.expr) -> bool:
    match node:
        case ast.Call(func=ast.Name(id=name)) if name in program.functions:
            made = program.functions[name]
            ends = [item for item in program.find(ast.Return) if program.function(item) in made]
            lazy = any(program.find(ast.Yield, ast.YieldFrom, under=fn) for fn in made)
            return bool(ends) and not lazy and all(type_of(program, item.value) == "list" for item in ends)
    return type_of(program, node) == "list"


def _plus(program: Program, pieces: list[ast.expr]) -> str:
    return program.argument(pieces[0]) if len(pieces) == 1 else " + ".join(map(program.operand, pieces))


def _unshared(program: Program, var: Var, copying: list[Use]) -> bool:
    """Whether no second name of the list can tell growing in place from making a new one.

    A second name is harmless when it is taken after the growing, in the block that starts the list afresh.
    """
    starts = [use for use in var.of_kind("assign") if use not in copying]
    if len(starts) != 1 or not var.local or not fresh_list(program, starts[0].site.value):
        return False
    block = program.block(starts[0].site)
    places = [program.place(use.node, block) for use in copying]
    if None in places or min(places) <= block.index(starts[0].site):
        return False
    for use in var.uses:
        if program.function(use.node) is not var.scope:
            return False
        if use.kind == "iter" and any(program.inside(other.node, use.site) for other in copying):
            return False
        place = program.place(use.node, block)
        if not use.binds and not reads(program, use) and (place is None or place <= max(places)):
            return False
    return True


@rewrite("string_build_join", "string built by += in a loop -> list of parts and one join")
def string_build_join(program: Program) -> Iterator[Edit]:
    """Collect the parts of a string and join them once.

    before::

        text = ""
        for word in words: text += word + " "

    after::

        text_parts = []
        for word in words: text_parts.append(word + " ")
        text = "".join(text_parts)
    """
    for var in program.variables:
        for start in var.of_kind("assign"):
            value = start.site.value
            if isinstance(value, ast.Constant) and isinstance(value.value, str) and var.local:
                yield from _join(program, var, start, value.value == "")


def _join(program: Program, var: Var, start: Use, empty: bool) -> Iterator[Edit]:
    block = program.block(start.site)
    later = block[block.index(start.site) + 1 :]
    touched = [item for item in later if any(program.inside(use.node, item) for use in var.uses)]
    loop = touched[0] if touched else None
    if not isinstance(loop, ast.For | ast.While) or loop.orelse or in_try(program, loop):
        return
    # a jump between the start and the loop would leave the text of an earlier round
    between = later[: later.index(loop)]
    if any(program.find(ast.Break, ast.Continue, under=item) for item in between):
        return
    if any(program.function(use.node) is not var.scope for use in var.uses):
        return
    front = any(_pieces(program, var, use, True) for use in var.uses if program.inside(use.node, loop))
    edit = Edit(program)
    parts = edit.fresh(f"{var.name}_parts")
    edit.replace(start.site, f"{parts} = [{'' if empty else program.text(start.site.value)}]")
    growing = {}
    for use in var.uses:
        if program.inside(use.node, loop) and (pieces := _pieces(program, var, use, front)):
            growing[use.site] = pieces
            # what is no string fails in the join, where no handler in the loop sees it
            edit.possible &= not in_try(program, use.site)
            edit.replace(use.site, f"{parts}.append({_plus(program, pieces)})")
    # in the loop the string may only be named where it grows
    named = [use.node for use in var.uses if program.inside(use.node, loop)]
    if all(program.statement(node) in growing for node in named) and all(
        sum(program.inside(node, site) for node in named) == (1 if isinstance(site, ast.AugAssign) else 2)
        for site in growing
    ):
        edit.after(loop, f'{var.name} = "".join({f"reversed({parts})" if front else parts})')
        yield edit


def _pieces(program: Program, var: Var, use: Use, front: bool) -> list[ast.expr]:
    if use.kind == "augment":
        return [use.site.value] if isinstance(use.site.op, ast.Add) and not front else []
    return _added(program, var, use, front) if use.kind == "assign" else []
