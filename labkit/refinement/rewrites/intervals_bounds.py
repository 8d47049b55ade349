"""Bounds that a loop's tests set to its elements, and the loop before which those can be sorted.

Covered: comparisons in chains, ``abs(key - x) <= d``, ``x in range(a, b)``, ``text.startswith(x)``.
Not covered: bounds joined by ``or``, steps of a range.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from .evidence import type_of
from .facts import changed_in, steady, variables_in
from .joining import _private
from .keys import Loop, conjuncts, only_computes, own_variables, splits, unguarded
from .program import Program, Var, called

_LOWER, _UPPER = (ast.Gt, ast.GtE), (ast.Lt, ast.LtE)


@dataclass(frozen=True)
class Bound:
    """``key >= value`` (``above``) or ``key <= value``, or strictly so, for a key of the inner elements."""

    key: ast.expr
    value: str
    above: bool
    strict: bool
    outside: tuple[ast.expr, ...]

    @property
    def place(self) -> str:
        """The bisection that finds the first element past the bound, or within it, in the order of keys."""
        return "bisect_right" if self.above == self.strict else "bisect_left"


@dataclass(frozen=True)
class Inner:
    """An inner loop, its variables, and the one or two bounds that its elements must keep."""

    loop: Loop
    own: list[Var]
    low: Bound | None
    high: Bound | None
    whole: bool  # whether the bounds are all that is tested

    @property
    def bounds(self) -> list[Bound]:
        return [bound for bound in (self.low, self.high) if bound is not None]

    @property
    def same_key(self) -> bool:
        keys = {ast.unparse(bound.key) for bound in self.bounds}
        return len(keys) == 1


def inner_loops(program: Program) -> Iterator[Inner]:
    """The loops inside others that filter a list, which the outer one leaves alone, by a range."""
    for loop in program.find(ast.For, ast.comprehension):
        own, tests = own_variables(program, loop), conjuncts(loop)
        private = not isinstance(loop, ast.For) or _private(program, loop)
        if (
            own is None
            or not private
            or not all(only_computes(program, part) for part in (*tests, loop.iter))
        ):
            continue
        found, taken = [], 0
        for test in unguarded(tests):
            bounds = bounds_in(program, test, own)
            found += bounds or []
            taken += bounds is not None
        whole = taken == len(tests)
        for low, high in _pairs(found):
            left = len(found) - (low is not None) - (high is not None)
            yield Inner(loop, own, low, high, whole and not left)
            break


def bounds_in(program: Program, test: ast.expr, own: list[Var]) -> list[Bound] | None:
    """The bounds that make up a test; None where it also says something else."""
    match test:
        case ast.Call(func=ast.Attribute(value=key, attr="startswith"), args=[start], keywords=[]):
            if type_of(program, start) == "str" and splits(program, key, start, own):
                # what starts with a text lies together in the order of texts
                last = f"{program.operand(start)} + chr(0x10FFFF)"
                low = Bound(key, program.text(start), True, False, (start,))
                return [low, Bound(key, last, False, False, (start,))]
    if not isinstance(test, ast.Compare):
        return None
    sides = [test.left, *test.comparators]
    found: list[Bound] = []
    for left, op, right in zip(sides, test.ops, sides[1:], strict=False):
        if isinstance(op, ast.In):
            new = _in_range(program, left, right, own)
        elif isinstance(op, (*_LOWER, *_UPPER)):
            above, strict = isinstance(op, _LOWER), isinstance(op, ast.Lt | ast.Gt)
            new = _bound(program, left, right, above, strict, own)
            new = new or _bound(program, right, left, not above, strict, own)
        else:
            new = []
        if not new:
            return None
        found += new
    return found


def _bound(
    program: Program, key: ast.expr, value: ast.expr, above: bool, strict: bool, own: list[Var]
) -> list[Bound]:
    """The bounds in ``key >= value``; in ``abs(key - x) <= d`` there are two."""
    if _about(program, value, own):
        return []
    text = program.operand(value)
    match key:
        case ast.Call(func=func, args=[ast.BinOp(left=one, op=ast.Sub(), right=other)], keywords=[]):
            for inner, centre in ((one, other), (other, one)):
                if program.is_builtin(func, "abs") and not above and splits(program, inner, centre, own):
                    low, high = (f"{program.operand(centre)} {sign} {text}" for sign in "-+")
                    parts = (centre, value)
                    return [
                        Bound(inner, low, True, strict, parts),
                        Bound(inner, high, False, strict, parts),
                    ]
        case ast.BinOp(left=one, op=ast.Sub(), right=other):
            if splits(program, one, other, own):
                return [Bound(one, f"{program.operand(other)} + {text}", above, strict, (other, value))]
            if splits(program, other, one, own):
                return [Bound(other, f"{program.operand(one)} - {text}", not above, strict, (one, value))]
    return [Bound(key, program.text(value), above, strict, (value,))] if _about(program, key, own) else []


def _about(program: Program, node: ast.expr, own: list[Var]) -> bool:
    return bool({*variables_in(program, node)} & {*own})


def _in_range(program: Program, item: ast.expr, items: ast.expr, own: list[Var]) -> list[Bound]:
    match items:
        case ast.Call(func=func, args=[start, stop], keywords=[]) if program.is_builtin(func, "range"):
            if _about(program, item, own):
                low = _bound(program, item, start, True, False, own)
                high = _bound(program, item, stop, False, True, own)
            else:
                low = _bound(program, stop, item, True, True, own)
                high = _bound(program, start, item, False, False, own)
            return [*low, *high] if low and high else []
    return []


def _pairs(bounds: list[Bound]) -> Iterator[tuple[Bound | None, Bound | None]]:
    """A lower and an upper bound, of the same key where there are such; else a single one."""
    lows = [bound for bound in bounds if bound.above]
    highs = [bound for bound in bounds if not bound.above]
    both = [(low, high) for low in lows for high in highs]
    yield from (pair for pair in both if ast.unparse(pair[0].key) == ast.unparse(pair[1].key))
    yield from both
    yield from ((low, None) for low in lows)
    yield from ((None, high) for high in highs)


def outer_loop(program: Program, inner: Inner) -> ast.AST | None:
    """The outermost loop around an inner one in which the list and what the keys use are steady."""
    loop, used = (
        inner.loop,
        [var for bound in inner.bounds for out in bound.outside for var in variables_in(program, out)],
    )
    if isinstance(loop.iter, ast.Name) and type_of(program, loop.iter) in {"iterator", "str"}:
        return None
    if isinstance(loop.iter, ast.Subscript | ast.List) or any(changed_in(program, var, loop) for var in used):
        return None
    others = [v for bound in inner.bounds for v in variables_in(program, bound.key) if v not in inner.own]
    looked_up = _looked_up(program, loop.iter)
    kept = [var for var in [*variables_in(program, loop.iter), *others] if var not in looked_up]
    best = None
    for outer in program.loops(loop.iter):
        bound = any(use.binds and program.inside(use.node, outer) for var in looked_up for use in var.uses)
        if bound or not steady(program, kept, outer):
            break
        best = outer
    return best


def _looked_up(program: Program, items: ast.expr) -> set[Var]:
    """Names of this function that only serve as keys: what can be a key of a dict does not change."""
    calls = [
        call
        for call in program.find(ast.Call, under=items)
        if called(call) == "get" and isinstance(call.func, ast.Attribute) and len(call.args) == 2
    ]
    keys = [name for call in calls for name in program.find(ast.Name, under=call.args[0])]
    names = [name for name in program.find(ast.Name, under=items) if name not in keys]
    elsewhere = {program.var(name) for name in names}
    found = {program.var(name) for name in keys} - elsewhere
    return {var for var in found if var is not None and var.scope is program.function(items)}
