"""Membership tests: a list becomes a set, copied keys the dict itself, a search loop ``in``."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .edits import Edit, rewrite
from .evidence import maybe_list, starts_fresh, type_of, var_type
from .facts import outermost, pure, reads, variables_in
from .program import Program, Use, Var


@rewrite("membership_set", "membership test in a list -> set")
def membership_set(program: Program) -> Iterator[Edit]:
    """Test membership in a set made of a list, beside the list.

    before::

        for x in xs:
            if x not in seen: seen.append(x)

    after::

        seen_set = set(seen)
        for x in xs:
            if x not in seen_set: seen.append(x); seen_set.add(x)
    """
    if program.bound_names & {"set", "list", "tuple", "isinstance"}:
        return
    for var in program.variables:
        # a test in an inner function may run as often as one in a loop
        tests = [
            use
            for use in var.of_kind("in")
            if program.loops(use.node) or program.function(use.node) is not program.function(var.uses[0].node)
        ]
        if tests and maybe_list(program, var) and _hashable_items(program, var):
            yield _growing(program, var) or _steady(program, var, tests)


def _hashable_items(program: Program, var: Var) -> bool:
    items = [use.site.args[0] for use in var.of_kind("method") if use.detail == "append" and use.site.args]
    return not any(type_of(program, item) in {"list", "dict", "set"} for item in items)


def _steady(program: Program, var: Var, tests: list[Use]) -> Edit:
    """A list that no loop changes: make the set just before the outermost loop it is steady in."""
    edit = Edit(program)
    name = edit.fresh(f"{var.name}_set")
    made = f"set({var.name})"
    if var_type(program, var) not in {"list", "tuple"}:
        # in a string, `in` looks for substrings, and None may stand for no list
        made += f" if isinstance({var.name}, (list, tuple)) else {var.name}"
    for use in tests:
        loop = outermost(program, use.node, [var])
        if loop is not None:
            edit.before(program.anchor(loop), f"{name} = {made}")
            edit.replace(use.node, name)
    return edit


def _growing(program: Program, var: Var) -> Edit | None:
    """A local list that only grows: keep a set beside it, with one more line after each append."""
    appends = [use for use in var.of_kind("method") if use.detail == "append"]
    if not appends or not starts_fresh(program, var):
        return None
    for use in var.uses:
        if use not in appends and use.kind != "assign" and not reads(program, use):
            return None
    edit = Edit(program)
    name = edit.fresh(f"{var.name}_set")
    for use in var.of_kind("assign"):
        empty = isinstance(use.site.value, ast.List) and not use.site.value.elts
        edit.after(use.site, f"{name} = set({'' if empty else var.name})")
    for use in appends:
        match program.parents[use.site], use.site.args:
            case ast.Expr() as statement, [ast.Name() | ast.Constant() as item]:
                edit.after(statement, f"{name}.add({program.text(item)})")
            case ast.Expr() as statement, [_]:
                edit.after(statement, f"{name}.add({var.name}[-1])")
            case _:
                return None
    for use in var.of_kind("in"):
        edit.replace(use.node, name)
    return edit


@rewrite("keys_membership", "membership test in a copy of the keys -> in the dict itself")
def keys_membership(program: Program) -> Iterator[Edit]:
    """``k in d.keys()``, ``k in list(d)``, ``k in list(d.keys())`` become ``k in d``."""
    edit = Edit(program)
    for test in program.find(ast.Compare):
        for operator, items in zip(test.ops, test.comparators, strict=True):
            whole = _keys_of(program, items) if isinstance(operator, ast.In | ast.NotIn) else None
            if whole is not None:
                edit.replace(items, program.text(whole))
    if edit:
        yield edit


def _keys_of(program: Program, node: ast.expr) -> ast.expr | None:
    """The dict (or set) that an expression only lists the keys of."""
    match node:
        case ast.Call(func=ast.Attribute(value=whole, attr="keys"), args=[], keywords=[]):
            return whole
        case ast.Call(func=func, args=[inner], keywords=[]):
            if program.is_builtin(func, "list", "set", "tuple", "sorted"):
                known = isinstance(inner, ast.Name) and type_of(program, inner) in {"dict", "set"}
                return inner if known else _keys_of(program, inner)
    return None


@rewrite("any_equal", "search for an equal element -> in")
def any_equal(program: Program) -> Iterator[Edit]:
    """``any(x == y for y in ys)`` becomes ``x in ys``."""
    for call in program.find(ast.Call):
        match call:
            case ast.Call(func=func, args=[ast.GeneratorExp(elt=test, generators=[loop])], keywords=[]):
                found = None if loop.ifs or loop.is_async else _wanted(program, loop, test)
                if found is not None and program.is_builtin(func, "any"):
                    edit = Edit(program)
                    edit.replace(call, f"({found})")
                    yield edit


def _wanted(program: Program, loop: ast.comprehension, test: ast.expr) -> str | None:
    """The text ``key in items`` for the test ``item == key`` or ``key == item`` on each item."""
    match test, loop:
        case (
            ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]),
            ast.comprehension(target=ast.Name() as target, iter=ast.Name() as items),
        ):
            for item, key in ((left, right), (right, left)):
                own = program.var(target)
                alone = program.var(item) is own and own not in variables_in(program, key)
                # in a string, `in` looks for substrings
                listed = type_of(program, items) in {"list", "tuple", "range"}
                if alone and listed and pure(program, key):
                    return f"{program.operand(key)} in {items.id}"
    return None
