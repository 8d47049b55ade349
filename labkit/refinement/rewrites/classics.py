"""What every handbook says: compile a pattern once, build a list in one go, sort no more than is needed."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .edits import Edit, rewrite
from .facts import in_try
from .program import Program, Var, words

# Functions of `re` that a compiled pattern has as methods, with the number of arguments after the pattern.
PATTERN_METHODS = {
    **dict.fromkeys(("match", "search", "fullmatch", "findall", "finditer", "split"), 1),
    **dict.fromkeys(("sub", "subn"), 2),
}
# These look at items one after another and need no list of them.
ONE_BY_ONE = words("any all sum min max set frozenset sorted")
_UNFIT = (ast.Yield, ast.YieldFrom, ast.Await, ast.NamedExpr)


@rewrite("compile_pattern", "re.match(literal, ..) in a function -> pattern compiled once")
def compile_pattern(program: Program) -> Iterator[Edit]:
    """``re.match(r"..", line)`` looks the pattern up on each call; a compiled one at the top does not."""
    for call in program.find(ast.Call):
        match call:
            case ast.Call(func=ast.Attribute(value=ast.Name() as module, attr=name), args=[pattern, *rest]):
                fits = PATTERN_METHODS.get(name) == len(rest) and not call.keywords
            case _:
                continue
        if not fits or not _is_module(program, module, "re") or program.function(call) is None:
            continue
        if not (isinstance(pattern, ast.Constant) and isinstance(pattern.value, str | bytes)):
            continue
        top = next(item for item in program.tree.body if program.inside(call, item))
        if getattr(top, "decorator_list", None) or any(isinstance(item, ast.Starred) for item in rest):
            continue
        edit = Edit(program)
        constant = edit.fresh(f"{name.upper()}_PATTERN")
        edit.before(top, f"{constant} = {module.id}.compile({program.text(pattern)})", "", "")
        edit.replace(call, f"{constant}.{name}({', '.join(map(program.argument, rest))})")
        yield edit


def _is_module(program: Program, node: ast.Name, name: str) -> bool:
    """Whether a name stands for that module, and for nothing else anywhere."""
    var = program.var(node)
    binds = [use for use in var.uses if use.binds] if var else []
    match [use.site for use in binds]:
        case [ast.Import(names=names)]:
            return any(alias.name == name and (alias.asname or name) == node.id for alias in names)
    return False


@rewrite("append_comprehension", "append in a loop -> list comprehension")
def append_comprehension(program: Program) -> Iterator[Edit]:
    """``out = []`` and ``for x in xs: out.append(f(x))`` become ``out = [f(x) for x in xs]``."""
    for loop in program.find(ast.For):
        start, found = _empty_before(program, loop), _appended(loop)
        if start is None or found is None or in_try(program, loop) or program.function(loop) is None:
            continue
        item, test, owner = found
        out = program.var(start.targets[0])
        if out is None or program.var(owner) is not out or isinstance(program.function(loop), ast.Lambda):
            continue
        parts = [part for part in (loop.iter, item, test) if part is not None]
        if any(program.find(*_UNFIT, under=part) for part in parts):
            continue
        if any(program.inside(use.node, part) for use in out.uses for part in parts):
            continue
        if not all(_only_inside(program, var, loop) for var in _targets(program, loop)):
            continue
        text = f"{program.argument(item)} for {program.text(loop.target)} in {program.operand(loop.iter)}"
        text += f" if {_condition(program, test)}" if test is not None else ""
        edit = Edit(program)
        edit.splice(program.span(start)[0], program.span(loop)[1], f"{out.name} = [{text}]")
        yield edit


def _condition(program: Program, test: ast.expr) -> str:
    bare = not isinstance(test, ast.IfExp | ast.Lambda)
    return program.text(test) if bare else program.operand(test)


def _empty_before(program: Program, loop: ast.For) -> ast.Assign | None:
    """The statement ``out = []`` just before a loop."""
    block = program.block(loop)
    place = block.index(loop)
    match block[place - 1] if place else None:
        case ast.Assign(targets=[ast.Name()], value=ast.List(elts=[])) as start:
            return start
    return None


def _appended(loop: ast.For) -> tuple[ast.expr, ast.expr | None, ast.Name] | None:
    """(item, test, list) of a loop that only appends, perhaps under one test."""
    match loop:
        case ast.For(body=[ast.If(test=test, body=[statement], orelse=[])], orelse=[]):
            pass
        case ast.For(body=[statement], orelse=[]):
            test = None
        case _:
            return None
    match statement:
        case ast.Expr(
            value=ast.Call(
                func=ast.Attribute(value=ast.Name() as owner, attr="append"), args=[item], keywords=[]
            )
        ) if not isinstance(item, ast.Starred):
            return item, test, owner
    return None


def _targets(program: Program, loop: ast.For) -> list[Var]:
    names = program.find(ast.Name, under=loop.target)
    return [var for name in names if (var := program.var(name)) is not None]


def _only_inside(program: Program, var: Var, loop: ast.For) -> bool:
    """A comprehension's names are its own: nobody may look at them afterwards."""
    return var.local and all(program.inside(use.node, loop) for use in var.uses)


@rewrite("generator_argument", "any([..]) and the like -> any(..) without the list")
def generator_argument(program: Program) -> Iterator[Edit]:
    """What is looked at item by item needs no list: less memory, and any() and all() end early."""
    for call in program.find(ast.Call):
        match call:
            case ast.Call(func=func, args=[ast.ListComp() as made]) if program.is_builtin(func, *ONE_BY_ONE):
                start, end = program.span(made)
                inner = program.source[start + 1 : end - 1].strip()
                alone = not call.keywords and program.source[end : program.span(call)[1]].strip() == ")"
                edit = Edit(program)
                edit.replace(made, inner if alone else f"({inner})")
                yield edit


@rewrite("sorted_top", "sorted(xs)[:k] -> heapq.nsmallest(k, xs)")
def sorted_top(program: Program) -> Iterator[Edit]:
    """The first k of an order need no full sort, with its key and in its direction."""
    for node in program.find(ast.Subscript):
        match node:
            case ast.Subscript(
                value=ast.Call(func=func, args=[items]) as call,
                slice=ast.Slice(lower=None, upper=upper, step=None),
            ) if upper is not None and program.is_builtin(func, "sorted"):
                keywords = {keyword.arg: keyword.value for keyword in call.keywords}
            case _:
                continue
        backwards = keywords.pop("reverse", ast.Constant(False))
        if keywords.keys() - {"key"} or isinstance(items, ast.Starred) or not _count(upper):
            continue
        if not (isinstance(backwards, ast.Constant) and isinstance(backwards.value, bool)):
            continue
        edit = Edit(program)
        take = edit.use("heapq", "nlargest" if backwards.value else "nsmallest")
        key = f", key={program.text(keywords['key'])}" if "key" in keywords else ""
        top = f"{take}({program.argument(upper)}, {program.argument(items)}{key})"
        if isinstance(upper, ast.Name):  # None, or a count from the end, is another thing
            edit.possible &= not program.bound_names & {"isinstance", "int"}
            top = f"({top} if isinstance({upper.id}, int) and {upper.id} >= 0 else {program.text(node)})"
        edit.replace(node, top)
        yield edit


def _count(upper: ast.expr) -> bool:
    """Whether the end of a slice may be a count: a number from 0 on, or a name."""
    match upper:
        case ast.Constant(value=int(number)):
            return number >= 0 and not isinstance(upper.value, bool)
    return isinstance(upper, ast.Name)
