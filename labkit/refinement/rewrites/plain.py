"""Plain values: whether an expression evidently gives a number, text, None or a tuple of such.

Such a value has no parts that can change, so one object may stand in many places. Read from the text, on the
careful side: where a recursive function's result is in question, its own calls count as plain, since a value
that is plain in each base case stays plain in each step.
"""

from __future__ import annotations

import ast

from .evidence import type_of, var_type
from .program import FUNCTIONS, Program, Var, called, words

TYPES = words("str number range")
ARITHMETIC = (ast.Sub, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow, ast.Add)
TESTS = words(
    "isinstance callable hasattr startswith endswith isdigit isalpha isalnum isspace hash divmod comb"
)


def gives_plain(program: Program, fn: ast.FunctionDef) -> bool:
    """Whether every result of a function is plain."""
    return _Plain(program).function(fn)


class _Plain:
    def __init__(self, program: Program) -> None:
        self.program = program
        # taken as plain while their own values are looked into
        self.assumed: set[ast.AST | Var] = set()
        self.tuples = False

    def function(self, fn: ast.FunctionDef) -> bool:
        if fn in self.assumed:
            return True
        self.assumed.add(fn)
        # with a tuple about, one plain side of `a + b` says nothing of the other
        self.tuples |= any(map(self._makes_tuple, self.program.find(ast.Tuple, ast.Call, under=fn)))
        returns = [item for item in self.program.find(ast.Return) if self.program.function(item) is fn]
        lazy = self.program.find(ast.Yield, ast.YieldFrom, under=fn)
        return not lazy and all(item.value is None or self.value(item.value) for item in returns)

    def _makes_tuple(self, node: ast.AST) -> bool:
        if isinstance(node, ast.Call):
            return called(node) in {"tuple", "divmod"}
        inert = isinstance(self.program.parents[node], ast.Compare | ast.Subscript)
        return isinstance(node.ctx, ast.Load) and not inert

    def value(self, node: ast.expr) -> bool:
        if type_of(self.program, node) in TYPES and not isinstance(node, ast.Name):
            return not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult)) or self._both(node)
        match node:
            case ast.Constant() | ast.Compare() | ast.JoinedStr() | ast.UnaryOp(op=ast.Not()):
                return True
            case ast.Name() if (var := self.program.var(node)) is not None:
                return self.variable(var)
            case ast.Tuple(elts=parts) | ast.BoolOp(values=parts):
                return all(map(self.value, parts))
            case ast.IfExp(body=one, orelse=other):
                return self.value(one) and self.value(other)
            case ast.UnaryOp(operand=inner) | ast.Subscript(value=inner) | ast.NamedExpr(value=inner):
                return self.value(inner)
            case ast.BinOp(left=left, right=right, op=op):
                one = isinstance(op, ARITHMETIC) and not self.tuples
                return (self.value(left) or self.value(right)) if one else self._both(node)
            case ast.Call():
                return self._call(node)
        return False

    def _both(self, node: ast.BinOp) -> bool:
        return self.value(node.left) and self.value(node.right)

    def _call(self, call: ast.Call) -> bool:
        name, program = called(call), self.program
        if isinstance(call.func, ast.Name) and name in program.functions:
            return all(
                isinstance(fn, ast.FunctionDef) and self.function(fn) for fn in program.functions[name]
            )
        if not isinstance(call.func, ast.Name) or name in program.bound_names:
            return False
        match name, call.args:
            case "min" | "max", [ast.GeneratorExp(elt=item) | ast.ListComp(elt=item)]:
                options = [option.value for option in call.keywords if option.arg == "default"]
                return self.value(item) and all(map(self.value, options))
            case "min" | "max", [_, _, *_] as parts:
                return all(map(self.value, parts))
        return name in TESTS or name in {"any", "all", "len"}

    def variable(self, var: Var) -> bool:
        if var in self.assumed or var_type(self.program, var) in TYPES:
            return True
        self.assumed.add(var)
        return bool(var.uses) and all(self._bound(var, use) for use in var.uses if use.binds)

    def _bound(self, var: Var, use) -> bool:
        match use.kind:
            case "assign" | "bind" if isinstance(getattr(use.site, "value", None), ast.expr):
                return self.value(use.site.value)
            case "augment":
                return self.value(use.site.value)
            case "param":
                return self._counts(var)
        return False

    def _counts(self, var: Var) -> bool:
        """Whether the program computes with a parameter as with a number: ``n < 2``, ``n - 1``."""
        for use in var.uses:
            match use.site:
                case ast.Compare(
                    left=left, ops=[ast.Lt() | ast.LtE() | ast.Gt() | ast.GtE()], comparators=[right]
                ):
                    sides = left, right
                case ast.BinOp(left=left, right=right, op=ast.Sub() | ast.FloorDiv() | ast.Div()):
                    sides = left, right
                case _:
                    continue
            if use.node in sides and any(type_of(self.program, side) == "number" for side in sides):
                return isinstance(var.scope, FUNCTIONS)
        return False
