"""Helper functions that are asked the same again and again remember their answers while one call runs.

Covered: functions of the program that only compute; parameters that are the same in the whole call stay out
of the key. Not covered: methods, generators, results that somebody changes.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .edits import Edit, rewrite
from .evidence import type_of, var_type
from .facts import IMMUTABLE, _origins, changes, harmless, reads
from .plain import gives_plain
from .program import FUNCTIONS, Program, Var, called, words
from .recursion import UNHASHABLE, _key_types, _looked_at, _plain, changes_its_own
from .uses import MUTATORS

# Changes that read from elsewhere, and what a match gives.
READS_AWAY = words("send read readline write writelines __next__")
MATCHES = words("groups groupdict start end span fullmatch finditer")


@rewrite("remember_answers", "helper asked the same again and again -> remembers its answers in one call")
def remember_answers(program: Program) -> Iterator[Edit]:
    """Keep the answers of a helper by its arguments; the functions called from outside forget them first.

    before: ``def parse(line): ..``, called in nested loops; after: ``@cache`` above it, and
    ``parse.cache_clear()`` at the start of the outer function. Where a list is handed down unchanged, a dict
    by the other arguments takes the place of ``@cache``.
    """
    roots = called_from_outside(program)
    if not roots:
        return
    for fn in program.tree.body:
        own = program.var(fn) if isinstance(fn, ast.FunctionDef) and not fn.decorator_list else None
        if own is None or not own.of_kind("call") or not _plain(program, fn, own) or not fn.args.args:
            continue
        calls = [use.site for use in own.of_kind("call")]
        full = all(len(call.args) == len(fn.args.args) and not call.keywords for call in calls)
        if not full or not _often(program, calls) or not only_answers(program, fn):
            continue
        if _key_types(fn, calls) or not (
            gives_plain(program, fn) or all(_only_looked_at(program, call) for call in calls)
        ):
            continue
        edit = _remembering(program, fn, roots)
        if edit is not None:
            yield edit


def _remembering(program: Program, fn: ast.FunctionDef, roots: list[ast.FunctionDef]) -> Edit | None:
    params = [program.var(arg) for arg in fn.args.args]
    fixed = [_fixed(program, fn, index, roots, set()) for index in range(len(params))]
    keys = [var for var, same in zip(params, fixed, strict=True) if not same]
    edit = Edit(program)
    if not keys or any(var_type(program, var) in UNHASHABLE for var in keys):
        return None
    calls = [use.site for use in program.var(fn).of_kind("call")]
    given = [call.args[index] for call in calls for index, same in enumerate(fixed) if not same]
    if any(type_of(program, node) in UNHASHABLE for node in given):
        return None
    if len(keys) == len(params):
        edit.before(fn, f"@{edit.use('functools', 'cache')}")
        forget = f"{fn.name}.cache_clear()"
    else:
        known, anew = edit.fresh(f"{fn.name}_known"), edit.fresh(f"{fn.name}_anew")
        listed = ", ".join(var.name for var in params)
        key = keys[0].name if len(keys) == 1 else f"({', '.join(var.name for var in keys)})"
        start, _ = program.span(fn)
        head = program.source[start : program.span(fn.body[0])[0]].partition("\n")[0]
        edit.before(
            fn,
            f"{known} = {{}}",
            "",
            "",
            head,
            f"    if {key} not in {known}:",
            f"        {known}[{key}] = {anew}({listed})",
            f"    return {known}[{key}]",
            "",
            "",
        )
        name = program.source.index(fn.name, start + len("def"))
        edit.splice(name, name + len(fn.name), anew)
        forget = f"{known}.clear()"
        edit.possible &= head.rstrip().endswith(":") and edit.indent(fn) == ""
    at_the_start(edit, roots, forget)
    return edit


def at_the_start(edit: Edit, roots: list[ast.FunctionDef], line: str) -> None:
    """Put a line at the start of each function."""
    for root in roots:
        body = root.body[1:] if ast.get_docstring(root) is not None else root.body
        edit.possible &= bool(body) and edit.indent(body[0]) is not None
        if body:
            edit.before(body[0], line)


def called_from_outside(program: Program) -> list[ast.FunctionDef]:
    """The functions at the margin that the program itself does not call; [] if one of them is unfit."""
    found = []
    for fn in program.tree.body:
        var = program.var(fn) if isinstance(fn, ast.FunctionDef) else None
        if var is not None and all(use.kind == "def" for use in var.uses):
            if program.find(ast.Yield, ast.YieldFrom, under=fn):
                return []
            found.append(fn)
    return found


def _often(program: Program, calls: list[ast.Call]) -> bool:
    """Whether a loop, or a function called in a loop or by itself, makes one of the calls."""
    for call in calls:
        match program.parents[call]:
            case ast.Assign(targets=[ast.Subscript()]) as kept if isinstance(program.parents[kept], ast.If):
                continue  # its answers are remembered already
        if program.loops(call):
            return True
        around = next((item for item in program.ancestors(call) if isinstance(item, FUNCTIONS)), None)
        var = program.var(around)
        for use in var.of_kind("call") if var is not None else ():
            if program.loops(use.node) or program.inside(use.node, around):
                return True
    return False


def _only_looked_at(program: Program, call: ast.Call) -> bool:
    """Whether the answer of a call is only read, so that many askers may share one object."""
    match program.parents[call]:
        case ast.Assign(targets=[ast.Name() as name]):
            var = program.var(name)
            uses = [use for use in var.uses if not use.binds] if var is not None and var.local else None
            return uses is not None and all(reads(program, use) and use.kind != "return" for use in uses)
        case ast.For(iter=source) | ast.comprehension(iter=source):
            return source is call
        case ast.Compare():
            return True
    return _looked_at(program, call) and not isinstance(program.parents[call], ast.Return)


def _fixed(
    program: Program, fn: ast.FunctionDef, index: int, roots: list[ast.FunctionDef], seen: set[Var]
) -> bool:
    """Whether a parameter is one and the same unchanged object in all calls while a root runs."""
    own, name = program.var(fn.args.args[index]), program.var(fn)
    if own is None or name is None or any(use.kind not in {"def", "call"} for use in name.uses):
        return False
    if sum(use.binds for use in own.uses) != 1 or not _untouched(program, own, set()):
        return False
    if own in seen:
        return True
    seen.add(own)
    return all(_same(program, use.site, index, roots, seen) for use in name.of_kind("call"))


def _same(program: Program, call: ast.Call, index: int, roots: list, seen: set[Var]) -> bool:
    given = call.args[index] if index < len(call.args) else None
    var = program.var(given) if isinstance(given, ast.Name) else None
    starred = any(isinstance(item, ast.Starred) for item in call.args)
    return var is not None and not starred and same_all_along(program, var, roots, seen)


def same_all_along(program: Program, var: Var, roots: list, seen: set[Var]) -> bool:
    """Whether a variable stands for one and the same unchanged object all the time that a root runs."""
    if sum(use.binds for use in var.uses) != 1 or not _untouched(program, var, set()):
        return False
    (bound,) = [use for use in var.uses if use.binds]
    if var.scope in roots:
        return bound.kind == "param" or (bound.kind == "assign" and not program.loops(bound.node))
    holder = next((item for item in program.tree.body if item is var.scope), None)
    if bound.kind != "param" or not isinstance(holder, ast.FunctionDef):
        return False
    names = [arg.arg for arg in holder.args.args]
    return var.name in names and _fixed(program, holder, names.index(var.name), roots, seen)


def _untouched(program: Program, var: Var, seen: set[Var]) -> bool:
    """Whether nothing changes a value or its elements, here or in the functions that it is handed to."""
    if var in seen or var_type(program, var) in IMMUTABLE:
        return True
    seen.add(var)
    for use in var.uses:
        if use.kind == "argument":
            place = use.site.args.index(use.node) if use.node in use.site.args else -1
            params = [
                program.var(arg) for fn in program.functions[use.detail] for arg in fn.args.args[place:][:1]
            ]
            if place < 0 or not params or not all(_untouched(program, item, seen) for item in params):
                return False
        elif not use.binds and (use.kind == "return" or not reads(program, use)):
            return False
    parts = [other for other in program.variables if other is not var and var in _origins(program, other)]
    return not any(changes(program, use) for other in parts for use in other.uses)


def only_answers(program: Program, fn: ast.FunctionDef, seen: tuple = ()) -> bool:
    """Whether a function's result follows from its arguments, and it changes only what it made itself."""
    if program.find(ast.Global, ast.Nonlocal, ast.Yield, ast.YieldFrom, ast.Await, under=fn):
        return False
    for call in program.find(ast.Call, under=fn):
        method = isinstance(call.func, ast.Attribute)
        helpers = [] if method else program.functions.get(called(call), [])
        # whether what a method changes is the function's own is seen below
        known = method and call.func.attr in MUTATORS - READS_AWAY | MATCHES
        if not (helpers or known or harmless(program, call)):
            return False
        new = [item for item in helpers if item not in (fn, *seen)]
        if not all(only_answers(program, item, (*seen, fn)) for item in new):
            return False
    return changes_its_own(program, fn)
