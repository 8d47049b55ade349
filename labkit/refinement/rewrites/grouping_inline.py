"""Helper functions written out where a loop calls them, so that other rewrites see the whole loop.

Covered: helpers that are one ``return``, at any call in a loop; helpers of plain statements with one return
at the end, called in a statement of its own. Not covered: recursion, defaults, early returns.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .edits import Edit, comments, rewrite
from .facts import pure
from .keys import respelled
from .program import COMPREHENSIONS, FUNCTIONS, Program, Var, called

_UNFIT = (ast.Yield, ast.YieldFrom, ast.Await, ast.NamedExpr, ast.Global, ast.Nonlocal, ast.Import)
_ATOMS = (
    ast.Name,
    ast.Call,
    ast.Subscript,
    ast.Attribute,
    ast.ListComp,
    ast.SetComp,
    ast.List,
    ast.JoinedStr,
)
LONGEST = 14  # statements; a long body at every call is hard to read


@rewrite("inline_helper", "small helper called in a loop -> its body in the loop")
def inline_helper(program: Program) -> Iterator[Edit]:
    """Write a helper's expression in the place of its calls.

    before: ``def dist(a, b): return abs(a - b)`` and ``min(dist(x, y) for y in ys)``;
    after: ``min(abs(x - y) for y in ys)``. A helper that nothing uses any more goes.
    """
    for fn in program.find(ast.FunctionDef):
        value = _expression(program, fn)
        if value is None or not _simple(program, fn):
            continue
        edit, done = Edit(program), []
        for call in _calls(program, fn):
            around = [above for above in program.ancestors(call) if isinstance(above, ast.Call)]
            nested = any(called(above) == fn.name for above in around)
            if nested or not program.loops(call) or not _fits(program, fn, call):
                continue
            names = _arguments(program, fn, call)
            if names is not None:
                text = respelled(program, value, names)
                edit.replace(call, text if isinstance(value, _ATOMS) else f"({text})")
                done.append(call)
        if edit:
            _drop(program, edit, fn, done)
            yield edit


def _drop(program: Program, edit: Edit, fn: ast.FunctionDef, done: list[ast.Call]) -> None:
    """Take a helper out that nothing in the program uses any more, if it has no comments."""
    start, end = program.span(fn)
    text = program.source[start:end]
    used = len(done) + 1 < len(program.var(fn).uses)
    quoted = any(fn.name in str(item.value) for item in program.find(ast.Constant))
    # the last function is the one that others call
    last = fn is [item for item in program.tree.body if isinstance(item, ast.FunctionDef)][-1]
    if not (used or quoted or last or comments(text)):
        rest = program.source[end:]
        blank = len(rest) - len(rest.lstrip("\n"))
        if rest[:1] == "\n":
            edit.splice(start, end + blank, "")


def _expression(program: Program, fn: ast.FunctionDef) -> ast.expr | None:
    """What a helper returns, where that is all it does."""
    body = _body(fn)
    return body[0].value if len(body) == 1 and isinstance(body[0], ast.Return) else None


def _body(fn: ast.FunctionDef) -> list[ast.stmt]:
    match fn.body:
        case [ast.Expr(value=ast.Constant(value=str())), *rest]:
            return rest
    return fn.body


def _simple(program: Program, fn: ast.FunctionDef) -> bool:
    """A function of the module with plain parameters, defined once, that calls neither itself nor a maker."""
    args = fn.args
    special = [args.posonlyargs, args.kwonlyargs, args.defaults, args.vararg, args.kwarg, fn.decorator_list]
    own = program.var(fn)
    known = isinstance(program.scopes[fn], ast.Module) and own is not None
    if any(special) or not known or sum(use.binds for use in own.uses) != 1:
        return False
    inner = program.find(*FUNCTIONS, ast.ClassDef, *_UNFIT, under=fn)
    recursive = any(called(call) == fn.name for call in program.find(ast.Call, under=fn))
    return not recursive and inner == [fn]


def _calls(program: Program, fn: ast.FunctionDef) -> list[ast.Call]:
    return [
        use.site
        for use in program.var(fn).uses
        if use.kind == "call" and not use.site.keywords and len(use.site.args) == len(fn.args.args)
    ]


def _fits(program: Program, fn: ast.FunctionDef, call: ast.Call) -> bool:
    """Whether the names of a helper mean the same where it is called, and those of the call inside it."""
    if any(isinstance(arg, ast.Starred) or not pure(program, arg) for arg in call.args):
        return False
    home = program.function(call)
    seen = {node.id for node in program.find(ast.Name, under=fn)}
    for name in seen:
        var = next((program.var(n) for n in program.find(ast.Name, under=fn) if n.id == name), None)
        free = var is None or not program.inside(var.scope, fn)
        hidden = [other for other in program.variables if other.name == name and other is not var]
        if free and any(program.inside(other.scope, home or program.tree) for other in hidden):
            return False
    inner = {
        var.name
        for var in program.variables
        if isinstance(var.scope, COMPREHENSIONS) and program.inside(var.scope, fn)
    }
    given = {node.id for arg in call.args for node in program.find(ast.Name, under=arg)}
    return not inner & given


def _arguments(program: Program, fn: ast.FunctionDef, call: ast.Call) -> dict[Var, ast.expr] | None:
    """What to write for each parameter; None where an argument would be worked out more than once."""
    found: dict[Var, ast.expr] = {}
    for param, arg in zip(fn.args.args, call.args, strict=True):
        var = program.var(param)
        reads = [use for use in var.uses if not use.binds]
        again = len(reads) > 1 or any(program.loops(use.node) for use in reads)
        if len(reads) != len(var.uses) - 1 or (again and not _cheap(arg)):
            return None
        found[var] = arg
    return found


def _cheap(arg: ast.expr) -> bool:
    match arg:
        case ast.Name() | ast.Constant():
            return True
        case ast.Subscript(value=ast.Name(), slice=ast.Name() | ast.Constant()):
            return True
        case ast.Attribute(value=ast.Name()):
            return True
    return False


@rewrite("inline_block", "helper of a few statements called in a loop -> its statements in the loop")
def inline_block(program: Program) -> Iterator[Edit]:
    """Write a helper's statements before the statement that calls it, and its result in the call's place.

    before: ``for x in xs: out.append(total(x))``; after: ``for x in xs: s = 0; ..; out.append(s)``.
    """
    for fn in program.find(ast.FunctionDef):
        body = _body(fn)
        plain = len(body) > 1 and isinstance(body[-1], ast.Return) and body[-1].value is not None
        once = plain and len(program.find(ast.Return, under=fn)) == 1
        if not once or len(program.find(ast.stmt, under=fn)) > LONGEST or not _simple(program, fn):
            continue
        calls = [
            call
            for call in _calls(program, fn)
            if program.loops(call) and _first_thing(program, call) and _fits(program, fn, call)
        ]
        if calls:
            edit = Edit(program)
            for call in calls:
                _write_out(program, edit, fn, body, call)
            _drop(program, edit, fn, calls)
            yield edit


def _first_thing(program: Program, call: ast.Call) -> bool:
    """Whether a call is what its statement surely does before anything else that could notice."""
    statement = program.statement(call)
    whole = isinstance(statement, ast.Assign | ast.Expr | ast.Return | ast.AugAssign)
    test = isinstance(statement, ast.If) and program.inside(call, statement.test)
    above = program.parents[statement]
    otherwise = test and isinstance(above, ast.If) and above.orelse == [statement]
    if not (whole or test) or otherwise or program.function(statement) is not program.function(call):
        return False
    around = []
    for item in program.ancestors(call):
        if item is statement:
            break
        around.append(item)
    if any(isinstance(item, (ast.BoolOp, ast.IfExp, ast.Lambda, *COMPREHENSIONS)) for item in around):
        return False
    calls = [item for item in program.find(ast.Call, under=statement) if not program.inside(item, call)]
    in_test = [item for item in calls if not test or program.inside(item, statement.test)]
    return all(program.inside(call, item) for item in in_test)


def _starts_over(program: Program, first: ast.stmt, var: Var) -> bool:
    """Whether a body begins with ``xs = f(xs)`` for a parameter, so that the argument can stand in there."""
    match first:
        case ast.Assign(targets=[ast.Name() as name], value=value) if program.var(name) is var:
            reads = [use for use in var.uses if program.inside(use.node, value)]
            return len(reads) == 1 and not program.find(*COMPREHENSIONS, under=value)
    return False


def _write_out(
    program: Program, edit: Edit, fn: ast.FunctionDef, body: list[ast.stmt], call: ast.Call
) -> None:
    home = program.function(call)
    taken = {
        getattr(node, "id", getattr(node, "arg", "")) for node in program.find(ast.Name, ast.arg, under=home)
    }
    names: dict[Var, str | ast.expr] = {}
    lines: list[str] = []
    params = {program.var(param): arg for param, arg in zip(fn.args.args, call.args, strict=True)}
    mine = {var for var in program.variables if var.scope is fn}
    for var in sorted(mine, key=lambda var: program.order[var.uses[0].node]):
        arg = params.get(var)
        kept = isinstance(arg, ast.Name | ast.Constant) and sum(use.binds for use in var.uses) == 1
        names[var] = arg if kept else edit.fresh(var.name) if var.name in taken else var.name
        if arg is not None and not kept and not _starts_over(program, body[0], var):
            lines.append(f"{names[var]} = {program.text(arg)}")
    for item in body[:-1]:
        var = program.var(item.targets[0]) if isinstance(item, ast.Assign) else None
        if item is body[0] and var in params and _starts_over(program, item, var):
            value = respelled(program, item.value, {**names, var: params[var]})
            lines.append(f"{names[var]} = {value}")
            continue
        lines += respelled(program, item, names).split("\n")
    edit.before(program.statement(call), *lines)
    value = respelled(program, body[-1].value, names)
    edit.replace(call, value if isinstance(body[-1].value, _ATOMS) else f"({value})")
    edit.possible &= edit.indent(program.statement(call)) is not None
