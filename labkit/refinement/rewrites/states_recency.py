"""Lists kept in the order of last use (a cache, move to front): an OrderedDict finds and moves keys at once.

Covered: a list of distinct elements that are looked for, taken out and put in at one end, also by functions
that it is handed to. Not covered: elements at an index, slices, loops over the list, a list handed back.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .edits import Edit, rewrite
from .program import Program, Use, Var


@rewrite("recency_dict", "list in order of last use -> OrderedDict")
def recency_dict(program: Program) -> Iterator[Edit]:
    """Keep keys in an OrderedDict, its end where the list takes new ones.

    before: ``if key in recent: recent.remove(key)``, ``recent.insert(0, key)``, ``recent.pop()``;
    after: ``if key in recent: del recent[key]``, ``recent[key] = None``, ``recent.popitem(last=False)``.
    It fires where what is put in was taken out just before, or was not in the list.
    """
    for var in program.variables:
        starts = var.of_kind("assign")
        empty = [use for use in starts if isinstance(use.site.value, ast.List) and not use.site.value.elts]
        if not starts or len(empty) != len(starts) or not var.local:
            continue
        names = _names(program, var, [])
        uses = [use for name in names or () for use in name.uses]
        ends = {end for use in uses if (end := _put_at(use)) is not None}
        if names is None or len(ends) != 1 or not any(_found(program, use) for use in uses):
            continue
        edit = Edit(program)
        for use in starts:
            edit.replace(use.site.value, f"{edit.use('collections', 'OrderedDict')}()")
            edit.possible &= not isinstance(use.site, ast.AnnAssign)
        front = "front" in ends
        done = [use for use in uses if _rewritten(program, edit, use, names, front)]
        if len(done) == len(uses) and any(program.loops(use.node) for use in uses):
            yield edit


def _names(program: Program, var: Var, seen: list[Var]) -> list[Var] | None:
    """A variable and the parameters that it is handed to, which must get nothing else; None if they do."""
    if var in seen:
        return seen
    seen.append(var)
    for use in var.of_kind("argument"):
        for fn in program.functions[use.detail]:
            place = use.site.args.index(use.node) if use.node in use.site.args else -1
            own = program.var(fn)
            if place < 0 or place >= len(fn.args.args) or own is None:
                return None
            param = program.var(fn.args.args[place])
            if param is None or _names(program, param, seen) is None:
                return None
    for name in seen[1:]:
        fn = name.scope
        own = program.var(fn)
        place = [arg.arg for arg in fn.args.args].index(name.name)
        for use in own.uses if own is not None else ():
            if use.kind == "def":
                continue
            given = use.site.args[place] if use.kind == "call" and place < len(use.site.args) else None
            if not isinstance(given, ast.Name) or program.var(given) not in seen:
                return None
    return seen


def _put_at(use: Use) -> str | None:
    """The end of the list that new elements come to."""
    match use.kind, use.detail, use.site:
        case "method", "insert", ast.Call(args=[ast.Constant(value=0), ast.Name()]):
            return "front"
        case "method", "append", ast.Call(args=[ast.Name()]):
            return "back"
    return None


def _rewritten(program: Program, edit: Edit, use: Use, names: list[Var], front: bool) -> bool:
    """Write one use of the list as one of the dict; False where the dict has no such use."""
    name = program.var(use.node).name
    if use.kind in {"assign", "param", "argument", "in", "truth"} or use.detail == "len":
        return True
    if use.kind != "method":
        return False
    statement = program.parents[use.site]
    alone = isinstance(statement, ast.Expr)
    match use.detail, use.site.args:
        case (("insert" | "append"), _) if _put_at(use) is not None:
            key = use.site.args[-1].id
            edit.replace(use.site, f"{name}[{key}] = None")
            return alone and _was_out(program, statement, key, names)
        case "remove", [ast.Name(id=key)]:
            edit.replace(use.site, f"del {name}[{key}]")
            return alone
        case "pop", [
            ast.Call(func=ast.Attribute(value=ast.Name() as owner, attr="index"), args=[ast.Name(id=key)])
        ]:
            edit.replace(use.site, f"del {name}[{key}]")
            return alone and program.var(owner) is program.var(use.node)
        case "index", [_]:
            # the pop around it is written anew as a whole
            above = statement
            return isinstance(above, ast.Call) and getattr(above.func, "attr", "") == "pop"
        case "pop", [] | [ast.Constant(value=0)] as place:
            newest = bool(place) == front
            edit.replace(
                use.site, f"{name}.popitem({'' if newest else 'last=False'}){'' if alone else '[0]'}"
            )
            return True
        case "count", [ast.Name(id=key)]:
            return _counted(program, edit, use, f"{key} in {name}")
        case "clear", []:
            return True
    return False


def _counted(program: Program, edit: Edit, use: Use, code: str) -> bool:
    """``xs.count(x) > 0``, or the count as a truth value, as a test of membership."""
    match program.parents[use.site]:
        case ast.Compare(ops=[operator], comparators=[ast.Constant(value=value)]) as test if (
            test.left is use.site
        ):
            known = {(ast.Gt, 0), (ast.GtE, 1), (ast.NotEq, 0)}
            edit.replace(test, f"({code})")
            return (type(operator), value) in known
        case ast.If(test=test) | ast.While(test=test) if test is use.site:
            edit.replace(use.site, code)
            return True
    return False


def _was_out(program: Program, statement: ast.stmt, key: str, names: list[Var]) -> bool:
    """Whether an element is surely not in the list when it is put in."""
    block = program.block(statement)
    for item in block[: block.index(statement)]:
        match item:
            case ast.If(test=test, body=[*_, last]) if _asks(program, test, key, names):
                takes = any(
                    _takes_out(program, call, key, names) for call in program.find(ast.Call, under=item)
                )
                if takes or isinstance(last, ast.Continue | ast.Return | ast.Break):
                    return True
    above = program.parents[statement]
    match above:
        case ast.If(test=ast.Compare(ops=[ast.NotIn()]) as test) if block is above.body:
            return _asks(program, test, key, names, ast.NotIn)
        case ast.If(test=test) if block is above.orelse:
            return _asks(program, test, key, names)
    return False


def _asks(program: Program, test: ast.expr, key: str, names: list[Var], how: type = ast.In) -> bool:
    """Whether a test, or what it names, is true for an element of the list (with NotIn: for no element)."""
    match test:
        case ast.Compare(left=ast.Name(id=item), ops=[operator], comparators=[ast.Name() as owner]):
            return item == key and program.var(owner) in names and isinstance(operator, how)
        case ast.Compare(left=ast.Call() as call) | (ast.Call() as call):
            return _on(program, call, "count", key, names)
        case ast.Name() if (var := program.var(test)) is not None and len(var.of_kind("assign")) == 1:
            (bound,) = var.of_kind("assign")
            return not isinstance(bound.site.value, ast.Name) and _asks(program, bound.site.value, key, names)
    return False


def _takes_out(program: Program, call: ast.Call, key: str, names: list[Var]) -> bool:
    return any(_on(program, call, name, key, names) for name in ("remove", "index"))


def _on(program: Program, call: ast.Call, method: str, key: str, names: list[Var]) -> bool:
    match call:
        case ast.Call(func=ast.Attribute(value=ast.Name() as owner, attr=name), args=[ast.Name(id=item)]):
            return name == method and item == key and program.var(owner) in names
    return False


def _found(program: Program, use: Use) -> bool:
    return use.kind == "method" and use.detail in {"remove", "index"}
