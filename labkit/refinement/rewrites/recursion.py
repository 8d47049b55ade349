"""Functions that call themselves more than once remember their results, within one call from outside.

No result outlives that call: the cache is made anew each time the outer function starts.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .edits import Edit, rewrite
from .evidence import type_of, var_type
from .facts import changes, harmless, kin
from .plain import gives_plain
from .program import FUNCTIONS, Program, Use, Var, called, words
from .uses import READERS

UNHASHABLE = words("list dict set deque iterator")
# A tuple in the place of a list can be told by its text and its type.
TELLING = words("str repr print type isinstance copy deepcopy")
# Calls that keep no part of their argument.
LOOKS = words("len any all bool isinstance print")


@rewrite("cache_recursion", "function that recurses more than once -> functools.cache inside one call")
def cache_recursion(program: Program) -> Iterator[Edit]:
    """Remember results of a recursive function while one call from outside runs.

    before::

        def ways(n):
            return 1 if n < 2 else ways(n - 1) + ways(n - 2)

    after::

        def ways(n):
            @cache
            def ways_cached(n):
                return 1 if n < 2 else ways_cached(n - 1) + ways_cached(n - 2)

            return ways_cached(n)

    Parameters handed on unchanged stay outside the cache; a list cut at each step becomes a tuple.
    A nested function gets ``@cache`` directly: its outer function makes it anew.
    """
    for fn in program.find(ast.FunctionDef):
        own = program.var(fn)
        if own is None or not _plain(program, fn, own):
            continue
        calls = [use.site for use in own.uses if use.kind == "call" and program.inside(use.node, fn)]
        branches = len(calls) > 1 or any(program.loops(call) for call in calls)
        full = all(len(call.args) == len(fn.args.args) and not call.keywords for call in calls)
        if branches and full and _depends_on_arguments(program, fn):
            nested = not isinstance(own.scope, ast.Module)
            edit = _nested(program, fn, own) if nested else _wrapped(program, fn, own, calls)
            if edit is not None:
                yield edit


def _plain(program: Program, fn: ast.FunctionDef, own: Var) -> bool:
    """A function that is only called, with simple parameters, and contains no function."""
    args = fn.args
    special = [args.posonlyargs, args.kwonlyargs, args.defaults, args.vararg, args.kwarg, fn.decorator_list]
    inner = program.find(*FUNCTIONS, ast.ClassDef, ast.Yield, ast.YieldFrom, ast.Await, under=fn)
    known = isinstance(own.scope, ast.Module | ast.FunctionDef) and len(own.of_kind("def")) == 1
    only_called = all(use.kind in {"def", "call"} for use in own.uses)
    return known and only_called and not any(special) and inner == [fn]


# --- may the results be remembered? -------------------------------------------------------------------------
def _depends_on_arguments(program: Program, fn: ast.FunctionDef, seen: tuple = ()) -> bool:
    """Whether the result follows from the arguments, and nothing outside the function is changed."""
    if program.find(ast.Global, ast.Nonlocal, ast.Yield, under=fn):
        return False
    for call in program.find(ast.Call, under=fn):
        helpers = program.functions.get(called(call), []) if isinstance(call.func, ast.Name) else []
        # whether the list that grows is the function's own is seen below
        grows = isinstance(call.func, ast.Attribute) and call.func.attr in {"append", "extend", "add"}
        if not (helpers or grows or harmless(program, call)):
            return False
        new = [item for item in helpers if item not in (fn, *seen)]
        if not all(_depends_on_arguments(program, item, (*seen, fn)) for item in new):
            return False
    return changes_its_own(program, fn)


def changes_its_own(program: Program, fn: ast.FunctionDef) -> bool:
    """Whether a function changes only values that it made, and reads outside only what stays as it is."""
    for var in program.variables:
        inner = [use for use in var.uses if program.inside(use.node, fn)]
        changed = any(changes(program, use) for use in inner)
        mine = program.inside(var.scope, fn)
        if inner and not mine and (changed or not _settled(program, var, fn)):
            return False
        # what is changed must start as a new value and be no part of an argument
        around = kin(program, var) if inner and changed else ()
        if any(other.of_kind("param") or not program.inside(other.scope, fn) for other in around):
            return False
    return True


def _settled(program: Program, var: Var, fn: ast.FunctionDef) -> bool:
    """Whether a name from outside has its final value before the function can be called."""
    home = program.function(fn)
    for use in (use for other in kin(program, var) for use in other.uses):
        final = not changes(program, use) and not (use.binds and use in var.uses)
        early = program.order[use.node] <= program.order[fn] and program.function(use.node) is home
        if not (final or early or use.kind in {"def", "import"}):
            return False
    return not program.loops(fn)


def _shareable(program: Program, fn: ast.FunctionDef, calls: list[ast.Call]) -> bool:
    """Whether nobody can tell that equal calls give one and the same object.

    It is so when the result has no parts to change, or when each call's result is handed back or looked at on
    the spot and lands in no container.
    """
    return gives_plain(program, fn) or all(_looked_at(program, call) for call in calls)


def _looked_at(program: Program, call: ast.Call) -> bool:
    node, above = call, program.parents[call]
    while isinstance(above, ast.BoolOp | ast.IfExp) and node is not getattr(above, "test", None):
        node, above = above, program.parents[above]
    match above:
        case ast.Compare() | ast.UnaryOp(op=ast.Not()) | ast.If() | ast.While() | ast.IfExp() | ast.Return():
            return True
        case ast.Call():
            return called(above) in LOOKS and node in above.args
    return False


def _key_types(fn: ast.FunctionDef, calls: list[ast.Call]) -> bool:
    """Whether arguments may be equal and differ in type, as 1, 1.0 and True do."""
    for node in (node for call in calls for arg in call.args for node in ast.walk(arg)):
        match node:
            case ast.Constant(value=bool() | float()) | ast.Compare() | ast.UnaryOp(op=ast.Not()):
                return True
            case ast.BinOp(op=ast.Div() | ast.Pow()) | ast.BoolOp():
                return True
            case ast.Call() if called(node) in {"float", "bool", "round", "sqrt"}:
                return True
    return False


def _cache(edit: Edit, fn: ast.FunctionDef, calls: list[ast.Call]) -> str:
    if _key_types(fn, calls):
        return f"@{edit.use('functools', 'lru_cache')}(maxsize=None, typed=True)"
    return f"@{edit.use('functools', 'cache')}"


# --- the two forms ------------------------------------------------------------------------------------------
def _nested(program: Program, fn: ast.FunctionDef, own: Var) -> Edit | None:
    calls = [use.site for use in own.of_kind("call")]
    args = [arg for call in calls for arg in call.args]
    cut = any(isinstance(arg, ast.Subscript) and isinstance(arg.slice, ast.Slice) for arg in args)
    listed = any(type_of(program, arg) in UNHASHABLE for arg in args)
    if cut or listed or not args or not _shareable(program, fn, calls):
        return None
    edit = Edit(program)
    edit.before(fn, _cache(edit, fn, calls))
    return edit


def _wrapped(program: Program, fn: ast.FunctionDef, own: Var, calls: list[ast.Call]) -> Edit | None:
    params = [program.var(arg) for arg in fn.args.args]
    moving = [index for index, var in enumerate(params) if not _handed_on(program, var, index, calls)]
    handed = [_as_key(program, params[index], index, calls) for index in moving]
    body = fn.body[1:] if ast.get_docstring(fn) is not None else fn.body
    edit = Edit(program)
    lines = [edit.indent(line) for line in body]
    if not moving or None in handed or not body or None in lines:
        return None
    if not _shareable(program, fn, calls):
        return None
    inner = edit.fresh(f"{fn.name}_cached")
    listed = ", ".join(program.text(fn.args.args[index]) for index in moving)
    returns = f" -> {program.text(fn.returns)}" if fn.returns else ""
    edit.before(body[0], _cache(edit, fn, calls), f"def {inner}({listed}){returns}:")
    _indent(program, edit, body)
    edit.after(body[-1], "", f"return {inner}({', '.join(handed)})")
    for call in calls:
        edit.replace(call.func, inner)
        if len(moving) < len(params):
            start, end = program.span(call.func)[1], program.span(call)[1]
            edit.splice(start, end, f"({', '.join(program.text(call.args[index]) for index in moving)})")
    return edit


def _indent(program: Program, edit: Edit, body: list[ast.stmt]) -> None:
    """Move the lines of a block to the right, but not the insides of strings."""
    texts = [node for item in body for node in program.find(ast.Constant, ast.JoinedStr, under=item)]
    inside = {line for node in texts for line in range(node.lineno + 1, node.end_lineno + 1)}
    for line in range(body[0].lineno, body[-1].end_lineno + 1):
        start = program.line_start(line)
        if line not in inside and program.source[start : program.line_start(line + 1)].strip():
            edit.splice(start, start, "    ")


def _handed_on(program: Program, var: Var, index: int, calls: list[ast.Call]) -> bool:
    """Whether each recursive call passes a parameter on as it came."""
    bound_once = sum(use.binds for use in var.uses) == 1
    return bound_once and all(program.var(call.args[index]) is var for call in calls)


def _as_key(program: Program, var: Var, index: int, calls: list[ast.Call]) -> str | None:
    """How the wrapper hands a parameter to the cached function; None for a list that cannot be a tuple."""
    cut = False
    for arg in (call.args[index] for call in calls):
        if isinstance(arg, ast.Subscript) and isinstance(arg.slice, ast.Slice):
            cut = True
        elif program.var(arg) is not var and type_of(program, arg) in UNHASHABLE:
            return None
    kind = var_type(program, var)
    if kind == "str" or not (cut or kind == "list"):
        return var.name
    if not all(_same_for_tuple(program, use, calls) for use in var.uses):
        return None
    return f"tuple({var.name}) if isinstance({var.name}, list) else {var.name}"


def _same_for_tuple(program: Program, use: Use, calls: list[ast.Call]) -> bool:
    if use.kind == "slice":
        above = program.parents[use.site]
        return isinstance(above, ast.Call) and (above in calls or called(above) in READERS - TELLING)
    if use.kind in {"argument", "read"}:
        return use.site in calls or use.detail in READERS - TELLING
    return use.kind in {"param", "index", "iter", "truth", "in"}
