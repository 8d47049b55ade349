"""What the text of a program says about its values: what changes, what a loop leaves alone.

Everything here answers on the careful side from what is visible in the source. Not covered: what callers do
with two names of one list, hashability, NaN, rounding; those are for the judge, which runs every rewrite.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from functools import lru_cache

from .evidence import type_of, var_type
from .program import Program, Use, Var, called, words
from .uses import LAZY, PARTS, PURE_METHODS, READERS, part_changed

READ_KINDS = words("index slice in iter truth return read call")
IMMUTABLE = words("str number range")
# Calls that make a new container of the same elements.
COPIES = words("list sorted tuple set reversed")


# --- reading and changing -----------------------------------------------------------------------------------
def reads(program: Program, use: Use) -> bool:
    """Whether a use neither binds nor changes the variable's value, nor gives it a second name."""
    if use.kind in {"method", "attribute"}:
        return use.detail in PURE_METHODS
    if use.kind == "argument":
        if _comes_back_changed(program, use):
            return False
        kept = {"param", "assign", "for", "alias"}
        return all(other.kind in kept or reads(program, other) for other in handed_on(program, use.detail))
    return use.kind in READ_KINDS


def changes(program: Program, use: Use) -> bool:
    """Whether a use changes the value in place (or may: an unknown function, ``xs += ..``)."""
    if use.kind == "method":
        return use.detail not in PURE_METHODS
    if use.kind == "augment":
        # `xs *= 2` and `xs += "ab"` change a list
        number = type_of(program, use.site.value) == "number" and not isinstance(use.site.op, ast.Mult)
        return not number and var_type(program, program.var(use.node)) not in IMMUTABLE
    if use.kind == "argument":
        if _comes_back_changed(program, use):
            return True
        return any(changes(program, other) for other in handed_on(program, use.detail))
    return use.kind in {"store", "other"}


def _comes_back_changed(program: Program, use: Use) -> bool:
    """Whether a function of the program gives its argument back, and its result is changed or handed on."""
    above = program.parents[use.site]
    onward = isinstance(above, ast.Call) and called(above) not in READERS
    returned = any(other.kind in {"return", "share"} for other in handed_on(program, use.detail))
    return returned and (onward or part_changed(program, use.site))


@lru_cache(maxsize=256)
def handed_on(program: Program, name: str) -> tuple[Use, ...]:
    """What a function of the program does with its parameters, itself or by handing them on."""
    found, names, todo = [], {name}, [name]
    while todo:
        owners = program.functions[todo.pop()]
        params = [var for var in program.variables if var.scope in owners and var.of_kind("param")]
        for use in (use for var in params for other in kin(program, var) for use in other.uses):
            if use.kind != "argument":
                found.append(use)
            elif use.detail not in names:
                names.add(use.detail)
                todo.append(use.detail)
    return tuple(found)


def runs_during(program: Program, node: ast.AST, region: ast.AST) -> bool:
    """Whether a node may run while a region runs: inside it, or in another function it might call."""
    own = program.function(node)
    elsewhere = own not in {None, program.function(region)} and not program.inside(region, own)
    return elsewhere or program.inside(node, region)


@lru_cache(maxsize=16)
def _links(program: Program) -> dict[Var, set[Var]]:
    """Variables that may name the same value, or a part of it: ``row = grid[0]``, ``for row in grid``."""
    links: dict[Var, set[Var]] = {var: set() for var in program.variables}
    for var in program.variables:
        for root in _origins(program, var):
            links[var].add(root)
            links[root].add(var)
    return links


def _origins(program: Program, var: Var, whole: bool = False) -> list[Var]:
    """Variables that a variable takes its value from, or a part of it; with ``whole`` all of it."""
    found: list[Var] = []
    for use in var.of_kind("assign", "for", "bind"):
        source = getattr(use.site, "iter" if use.kind == "for" else "value", None)
        match source:
            case ast.Call(func=ast.Name(id=name), args=[inner]) if use.kind == "for" and name in COPIES:
                source = inner
        part = use.kind == "for" or isinstance(source, ast.Subscript | ast.Attribute)
        if isinstance(source, ast.expr) and not (whole and part):
            found += _roots(program, source)
    return found


@lru_cache(maxsize=256)
def holders(program: Program, var: Var) -> frozenset[Var]:
    """A variable, the other names of its value, and what its value is a part of."""
    found, todo = {var}, [var]
    while todo:
        now = todo.pop()
        names = [other for other in program.variables if now in _origins(program, other, whole=True)]
        new = {*_origins(program, now), *names} - found
        found |= new
        todo.extend(new)
    return frozenset(found)


def _roots(program: Program, node: ast.AST | None) -> list[Var]:
    match node:
        case ast.Name():
            return [var] if (var := program.var(node)) is not None else []
        case ast.Subscript(value=inner) | ast.Attribute(value=inner) | ast.Starred(value=inner):
            return _roots(program, inner)
        case ast.IfExp(body=one, orelse=other):
            return [*_roots(program, one), *_roots(program, other)]
        case ast.BoolOp(values=values):
            return [var for value in values for var in _roots(program, value)]
        case ast.Call(func=ast.Attribute(value=inner, attr=name)) if name in PARTS:
            return _roots(program, inner)
        case ast.Call(func=ast.Name(id=name), args=args) if name in LAZY or name in program.functions:
            return [var for arg in args for var in _roots(program, arg)]
    return []


def kin(program: Program, var: Var) -> set[Var]:
    """A variable and all that may share its value or a part of it."""
    found, todo = {var}, [var]
    while todo:
        new = _links(program)[todo.pop()] - found
        found |= new
        todo.extend(new)
    return found


def changed_in(program: Program, var: Var, region: ast.AST) -> bool:
    """Whether a region may bind a variable anew or change its value."""
    during = [use for use in var.uses if runs_during(program, use.node, region)]
    if any(use.binds and (use.kind != "param" or program.inside(use.node, region)) for use in during):
        return True
    if var_type(program, var) in IMMUTABLE:
        return False
    related = [use for other in kin(program, var) for use in other.uses]
    # a method under another name may be called anywhere
    return any(
        changes(program, use)
        and (runs_during(program, use.node, region) or isinstance(use.site, ast.Attribute))
        for use in related
    )


def _visible(program: Program, var: Var, statement: ast.stmt) -> bool:
    """Whether a variable surely has its value when control reaches a statement."""
    if var.scope is not (program.function(statement) or program.tree):
        return program.inside(statement, var.scope) and isinstance(var.scope, (ast.FunctionDef, ast.Module))
    return any(use.kind == "param" or _before(program, use, statement) for use in var.uses if use.binds)


def _before(program: Program, use: Use, statement: ast.stmt) -> bool:
    if use.kind == "for" and isinstance(use.site, ast.For):
        return program.place(statement, use.site.body) is not None
    own = program.statement(use.node)
    block = program.block(own)
    place = program.place(statement, block)
    return place is not None and block.index(own) < place


def variables_in(program: Program, node: ast.AST) -> list[Var]:
    """The variables that an expression reads, without those that it binds itself."""
    found = {program.var(name): None for name in program.find(ast.Name, under=node)}
    return [var for var in found if var is not None and not program.inside(var.scope, node)]


def steady(program: Program, variables: Iterable[Var], region: ast.AST) -> bool:
    """Whether all the variables have their values just before a loop and keep them in it."""
    anchor = program.anchor(region)
    # while a generator or a coroutine is suspended, anybody may change anything
    if anchor is None or program.find(ast.Yield, ast.YieldFrom, ast.Await, under=region):
        return False
    for var in variables:
        if var_type(program, var) not in IMMUTABLE and shared(program, var):
            return False
        if not _visible(program, var, anchor) or changed_in(program, var, region):
            return False
    return True


def shared(program: Program, var: Var) -> bool:
    """Whether the value of a variable has a name that this program's text does not show."""
    around = [var, *(other for other in holders(program, var) if var_type(program, other) not in IMMUTABLE)]
    return any(use.kind in {"share", "other"} for other in around for use in other.uses)


def outermost(program: Program, node: ast.AST, variables: list[Var]) -> ast.AST | None:
    """The outermost loop around a node in which the variables are steady, with all the loops inside it."""
    best = None
    for loop in program.loops(node):
        if not steady(program, variables, loop):
            break
        best = loop
    return best


def pure(program: Program, node: ast.AST) -> bool:
    """Whether evaluating an expression has no effect: only reading builtins and methods are called."""
    if program.find(ast.Yield, ast.YieldFrom, ast.Await, ast.NamedExpr, under=node):
        return False
    return all(harmless(program, call) for call in program.find(ast.Call, under=node))


def harmless(program: Program, call: ast.Call) -> bool:
    match call.func:
        case ast.Attribute(attr=name):
            return name in (PURE_METHODS | READERS) - {"print"}
        case ast.Name(id=name):
            known = name not in program.bound_names or type_of(program, call) is not None
            return known and name in (READERS | LAZY) - {"print"}
    return False


def in_try(program: Program, node: ast.AST) -> bool:
    """Whether an exception raised here may be caught in the same function."""
    function = program.function(node)
    around = program.ancestors(node)
    return any(isinstance(item, ast.Try) and program.function(item) is function for item in around)
