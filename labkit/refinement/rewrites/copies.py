"""Containers copied in a loop to change one element of the copy: changed in place.

Covered: dicts and sets with one element more or less (``d = {**d, k: v}``, ``s = s | {x}``). Not covered:
lists, which are in ``growing``, and copies that somebody else goes on to use.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .edits import Edit, rewrite
from .facts import reads
from .program import Program, Use, Var


@rewrite("update_in_place", "d = {**d, k: v}, s = s | {x} in a loop -> d[k] = v, s.add(x)")
def update_in_place(program: Program) -> Iterator[Edit]:
    """Change a local dict or set in place, where nothing else holds the old one.

    before: ``d = {**d, k: v}``, ``d = dict(d, name=v)``, ``s = s | {x}``, ``s = s.union([x])``;
    after: ``d[k] = v``, ``d["name"] = v``, ``s.add(x)``.
    """
    for var in program.variables:
        copying = {use: code for use in var.of_kind("assign") if (code := _in_place(program, var, use))}
        if not any(program.loops(use.node) for use in copying) or not _alone(program, var, copying):
            continue
        edit = Edit(program)
        for use, code in copying.items():
            edit.replace(use.site, code)
        yield edit


def _in_place(program: Program, var: Var, use: Use) -> str | None:
    """The statement that does to the old container what the assignment does to a copy."""
    text = program.text
    match use.site.value:
        case ast.Dict(keys=[None, *keys], values=[first, *values]) if _is(program, first, var) and keys:
            if None not in keys and _simple(program, var, [*keys, *values]):
                pairs = zip(keys, values, strict=True)
                return "; ".join(f"{var.name}[{text(key)}] = {text(value)}" for key, value in pairs)
        case ast.Call(func=func, args=[first], keywords=[ast.keyword(arg=str(key), value=value)]):
            if program.is_builtin(func, "dict") and _is(program, first, var):
                return f'{var.name}["{key}"] = {text(value)}'
        case ast.BinOp(left=left, op=ast.BitOr(), right=ast.Dict(keys=[key], values=[value])):
            if _is(program, left, var) and key is not None:
                return f"{var.name}[{text(key)}] = {text(value)}"
        case (
            ast.BinOp(left=left, op=ast.BitOr(), right=ast.Set(elts=[item]))
            | ast.Call(
                func=ast.Attribute(value=left, attr="union"),
                args=[ast.List(elts=[item]) | ast.Set(elts=[item]) | ast.Tuple(elts=[item])],
                keywords=[],
            )
        ):
            if _is(program, left, var) and not isinstance(item, ast.Starred):
                return f"{var.name}.add({program.argument(item)})"
        case ast.BinOp(left=left, op=ast.Sub(), right=ast.Set(elts=[item])):
            if _is(program, left, var) and not isinstance(item, ast.Starred):
                return f"{var.name}.discard({program.argument(item)})"
    return None


def _is(program: Program, node: ast.expr, var: Var) -> bool:
    return isinstance(node, ast.Name) and program.var(node) is var


def _simple(program: Program, var: Var, parts: list[ast.expr | None]) -> bool:
    """Whether several elements may be set one after another: the later ones do not look at the container."""
    later = parts if len(parts) > 2 else []
    return not any(_is(program, name, var) for part in later for name in program.find(ast.Name, under=part))


def _alone(program: Program, var: Var, copying: dict[Use, str]) -> bool:
    """Whether a local name starts with a new container, and no second name of it is made while it grows."""
    starts = [use for use in var.of_kind("assign") if use not in copying]
    if len(starts) != 1 or not var.local or not _new(program, starts[0].site.value):
        return False
    block = program.block(starts[0].site)
    places = [program.place(use.node, block) for use in copying]
    if None in places or min(places) <= block.index(starts[0].site):
        return False
    for use in var.uses:
        if program.function(use.node) is not var.scope:
            return False
        if use.kind in {"iter", "method", "read"} and _looped(program, use, copying):
            return False
        place = program.place(use.node, block)
        late = place is not None and place > max(places)
        # the copying statement itself reads the old container
        inside = any(program.inside(use.node, other.site) for other in copying)
        if not (use.binds or late or inside or reads(program, use) or use.kind == "store"):
            return False
    return True


def _looped(program: Program, use: Use, copying: dict[Use, str]) -> bool:
    """Whether a loop runs over the container (or a view of it) while it would be changed."""
    for above in program.ancestors(use.node):
        if isinstance(above, ast.For) and program.inside(use.node, above.iter):
            return any(program.inside(other.node, above) for other in copying)
    return False


def _new(program: Program, value: ast.expr) -> bool:
    """Whether a value is evidently a new dict or set."""
    match value:
        case ast.Dict() | ast.Set() | ast.DictComp() | ast.SetComp():
            return True
        case ast.Call(func=func):
            return program.is_builtin(func, "dict", "set")
    return False
