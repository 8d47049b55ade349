"""Parts that index rewrites share: tests taken apart, names made free, functions that only compute.

Covered: ``and`` chains, several ``if`` of a comprehension, functions of the program that change nothing but
their own new values. Not covered: ``or`` between keys.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterable, Mapping

from .edits import Edit
from .facts import changes, harmless, kin, variables_in
from .program import COMPREHENSIONS, FUNCTIONS, Program, Var, called
from .uses import MUTATORS

Loop = ast.For | ast.comprehension
ORDERED = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)


def respelled(program: Program, node: ast.AST, names: Mapping[Var, str | ast.expr]) -> str:
    """The text of a node with other names, or whole expressions, in the place of some variables."""
    twin = copy.deepcopy(node)
    wanted: dict[int, str | ast.expr] = {}
    for old, new in zip(ast.walk(node), ast.walk(twin), strict=True):
        var = program.var(old) if isinstance(old, ast.Name) else None
        if var in names:
            wanted[id(new)] = names[var]
    return ast.unparse(_Respell(wanted).visit(twin))


class _Respell(ast.NodeTransformer):
    def __init__(self, wanted: Mapping[int, str | ast.expr]) -> None:
        self.wanted = wanted

    def visit_Name(self, node: ast.Name) -> ast.expr:
        new = self.wanted.get(id(node), node)
        return ast.Name(new, node.ctx) if isinstance(new, str) else new


def fresh_names(program: Program, edit: Edit, node: ast.AST, own: Iterable[Var]) -> dict[Var, str]:
    """A name for each variable that nothing else in the function around ``node`` uses."""
    around = program.function(node) or program.tree
    here = program.find(ast.Name, ast.arg, under=around)
    names = {}
    for var in own:
        others = [item for item in here if getattr(item, "id", getattr(item, "arg", "")) == var.name]
        mine = isinstance(var.scope, COMPREHENSIONS) or var.local
        alone = mine and all(program.var(item) is var for item in others)
        names[var] = var.name if alone else edit.fresh(var.name)
    return names


def own_variables(program: Program, loop: Loop) -> list[Var] | None:
    """The variables that a loop binds by a name or a tuple of names and tuples; None for other targets."""
    parts = program.find(ast.expr, under=loop.target)
    plain = all(isinstance(part, ast.Name | ast.Tuple) for part in parts)
    found = [program.var(part) for part in parts if isinstance(part, ast.Name)]
    return found if plain and found and None not in found and len(set(found)) == len(found) else None


def bare(target: str) -> str:
    """The text of a loop's target as it is written after ``for``: without the brackets of a tuple."""
    return target[1:-1] if target.startswith("(") else target


def conjuncts(loop: Loop) -> list[ast.expr]:
    """The tests that an element must pass before anything else is done with it, in their order."""
    match loop:
        case ast.For(body=[ast.If(test=test, orelse=[])], orelse=[]):
            tests = [test]
        case ast.comprehension(ifs=tests, is_async=0):
            pass
        case _:
            return []
    found: list[ast.expr] = []
    for test in tests:
        found += test.values if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) else [test]
    return found


def unguarded(tests: list[ast.expr]) -> list[ast.expr]:
    """The tests of a list that no earlier one may protect from an error."""
    found = []
    for test in tests:
        found.append(test)
        if not isinstance(test, ast.Compare) or not all(map(_bare, (test.left, *test.comparators))):
            break
        if not all(isinstance(op, (*ORDERED, ast.Eq, ast.NotEq)) for op in test.ops):
            break
    return found


def _bare(node: ast.expr) -> bool:
    """Names, parts and sums of such; a ``len`` or a number compared with guards what comes later."""
    match node:
        case ast.Name():
            return True
        case ast.Subscript(value=value, slice=part):
            return _bare(value) and isinstance(part, ast.Constant | ast.Name)
        case ast.Attribute(value=value):
            return _bare(value)
        case ast.BinOp(left=left, right=right, op=ast.Add() | ast.Sub()):
            return _bare(left) and _bare(right)
        case ast.Call(func=ast.Name(id="abs" | "range"), args=args, keywords=[]):
            return all(map(_bare, args))
    return isinstance(node, ast.Constant) and isinstance(node.value, int) and node.value > 0


def splits(program: Program, key: ast.expr, wanted: ast.expr, own: Iterable[Var]) -> bool:
    """Whether ``key`` is about the elements of a loop and ``wanted`` about something outside it only."""
    inside, outside = {*variables_in(program, key)}, {*variables_in(program, wanted)}
    return bool(inside & {*own}) and bool(outside) and not outside & {*own}


# --- functions that only compute ----------------------------------------------------------------------------
def only_computes(program: Program, node: ast.AST) -> bool:
    """Whether evaluating an expression has no effect, the program's own functions in it included."""
    if program.find(ast.Yield, ast.YieldFrom, ast.Await, ast.NamedExpr, under=node):
        return False
    return all(_computing(program, call, ()) for call in program.find(ast.Call, under=node))


def _computing(program: Program, call: ast.Call, seen: tuple[ast.AST, ...]) -> bool:
    helpers = program.functions.get(called(call), []) if isinstance(call.func, ast.Name) else []
    if not helpers:
        return harmless(program, call)
    return len(helpers) == 1 and (helpers[0] in seen or deterministic(program, helpers[0], seen))


def deterministic(program: Program, fn: ast.AST, seen: tuple[ast.AST, ...] = ()) -> bool:
    """Whether a function's result follows from its arguments and it changes only values of its own."""
    if not isinstance(fn, ast.FunctionDef) or fn.decorator_list or program.scopes[fn] is not program.tree:
        return False
    unfit = (ast.Global, ast.Nonlocal, ast.Yield, ast.YieldFrom, ast.Await, *FUNCTIONS, ast.Import)
    if program.find(*unfit, ast.ImportFrom, under=fn) != [fn]:
        return False
    for call in program.find(ast.Call, under=fn):
        method = isinstance(call.func, ast.Attribute) and call.func.attr in MUTATORS
        owned = method and isinstance(call.func.value, ast.Name)
        # what is changed by a method is looked at below, with its variable
        if not owned and not _computing(program, call, (*seen, fn)):
            return False
    return all(_keeps_to_itself(program, var, fn) for var in program.variables)


def _keeps_to_itself(program: Program, var: Var, fn: ast.AST) -> bool:
    inner = [use for use in var.uses if program.inside(use.node, fn)]
    if not inner:
        return True
    changed = any(changes(program, use) for use in inner)
    if program.inside(var.scope, fn):
        around = kin(program, var) if changed else ()
        return not any(other.of_kind("param") or not program.inside(other.scope, fn) for other in around)
    # a name from outside must be a constant of the program
    settled = sum(use.binds for use in var.uses) == 1
    return settled and not any(changes(program, use) for other in kin(program, var) for use in other.uses)
