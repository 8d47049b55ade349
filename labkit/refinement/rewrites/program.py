"""A parsed program: its nodes in source order, what lies around each, and every use of every name.

Covered: lexical scopes (functions, lambdas, comprehensions, classes, global, nonlocal), blocks, loops.
Not covered: data flow, attributes as variables; what a use means for a rewrite is decided in ``facts``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
SCOPES = (*FUNCTIONS, *COMPREHENSIONS, ast.ClassDef)
# Python shares one object for each of these, so they have no place in a program.
SHARED = (ast.expr_context, ast.operator, ast.unaryop, ast.cmpop, ast.boolop)
# Evaluated where the function, class or comprehension stands, not inside it.
OUTSIDE = words("decorator_list returns bases keywords defaults kw_defaults")
# A generator given to one of these is used up on the spot; a lambda given to one is a loop body.
CONSUMERS = words("any all sum list set tuple sorted min max dict frozenset join Counter next")
REPEATERS = words("sorted min max sort")
BINDING = words("assign augment for param bind import def")


@dataclass(frozen=True)
class Use:
    """One place where a variable is bound or read; ``site`` is the node that makes it that kind of use."""

    node: ast.AST
    kind: str
    site: ast.AST
    detail: str = ""

    @property
    def binds(self) -> bool:
        return self.kind in BINDING


@dataclass(eq=False)
class Var:
    """A name in the scope that owns it, with all its uses in source order."""

    name: str
    scope: ast.AST
    uses: list[Use] = field(default_factory=list)

    def of_kind(self, *kinds: str) -> list[Use]:
        return [use for use in self.uses if use.kind in kinds]

    @property
    def local(self) -> bool:
        """Whether it lives in one call of a function and does not come from the caller."""
        return isinstance(self.scope, FUNCTIONS) and not self.of_kind("param", "bind", "import", "def")


class Program:
    """Source text with the relations between its nodes worked out once; shared, so never changed."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.tree = ast.parse(source)
        self.parents: dict[ast.AST, ast.AST] = {}
        self.scopes: dict[ast.AST, ast.AST] = {}
        # in source order, so that what lies under a node is the slice from its own place to its end
        self.nodes: list[ast.AST] = []
        self.order: dict[ast.AST, int] = {}
        self.end: dict[ast.AST, int] = {}
        self._lines = source.split("\n")
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line) + 1)
        self._visit(self.tree, self.tree)

    def _visit(self, node: ast.AST, scope: ast.AST) -> None:
        self.scopes[node] = scope
        self.order[node] = len(self.nodes)
        self.nodes.append(node)
        inner = node if isinstance(node, SCOPES) else scope
        for name, value in ast.iter_fields(node):
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST) and not isinstance(child, SHARED):
                    self.parents[child] = node
                    self._visit(child, self._outer(node, name, child) or inner)
        self.end[node] = len(self.nodes)

    def _outer(self, node: ast.AST, field_name: str, child: ast.AST) -> ast.AST | None:
        """The scope of a child that is evaluated outside the scope it is written in."""
        if field_name in OUTSIDE and isinstance(node, (*SCOPES, ast.arguments)):
            return self.scopes[self.parents[node] if isinstance(node, ast.arguments) else node]
        first = isinstance(node, ast.comprehension) and self.parents[node].generators[0] is node
        return self.scopes[self.parents[node]] if first and child is node.iter else None

    # --- tree ---------------------------------------------------------------------------------------------
    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        while (above := self.parents.get(node)) is not None:
            yield above
            node = above

    def inside(self, node: ast.AST, region: ast.AST) -> bool:
        return self.order[region] <= self.order[node] < self.end[region]

    def find(self, *kinds: type[ast.AST], under: ast.AST | None = None) -> list:
        nodes = self.nodes if under is None else self.nodes[self.order[under] : self.end[under]]
        return [node for node in nodes if isinstance(node, kinds)]

    def function(self, node: ast.AST) -> ast.AST | None:
        return next((above for above in self.ancestors(node) if isinstance(above, FUNCTIONS)), None)

    def statement(self, node: ast.AST) -> ast.stmt:
        """The innermost statement around a node, or the node itself."""
        return next(item for item in (node, *self.ancestors(node)) if isinstance(item, ast.stmt))

    def block(self, statement: ast.AST) -> list[ast.stmt]:
        """The statements of the block that a statement stands in."""
        fields = ast.iter_fields(self.parents[statement])
        return next(value for _, value in fields if isinstance(value, list) and statement in value)

    def place(self, node: ast.AST, block: list[ast.stmt]) -> int | None:
        """The index of the statement of ``block`` around ``node``."""
        return next((index for index, item in enumerate(block) if self.inside(node, item)), None)

    # --- text ---------------------------------------------------------------------------------------------
    def span(self, node: ast.AST) -> tuple[int, int]:
        """Where the text of a node starts and ends in the source."""
        start = self._offset(node.lineno, node.col_offset)
        return start, self._offset(node.end_lineno, node.end_col_offset)

    def _offset(self, line: int, column: int) -> int:
        text = self._lines[line - 1]
        # ast counts columns in UTF-8 bytes
        chars = column if text.isascii() else len(text.encode()[:column].decode())
        return self._starts[line - 1] + chars

    def line_start(self, line: int) -> int:
        return self._starts[line - 1]

    def in_fstring(self, node: ast.AST) -> bool:
        """Before Python 3.12 the parts of an f-string have no true places."""
        return any(isinstance(above, ast.JoinedStr) for above in self.ancestors(node))

    def text(self, node: ast.AST) -> str:
        if self.in_fstring(node):
            return ast.unparse(node)
        start, end = self.span(node)
        return self.source[start:end]

    def operand(self, node: ast.expr) -> str:
        """The text of an expression that may stand beside an operator or as one argument."""
        loose = (ast.BinOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.Lambda, ast.UnaryOp, ast.NamedExpr)
        bare = isinstance(node, ast.Tuple) and node.elts and self.span(node)[0] == self.span(node.elts[0])[0]
        return f"({self.text(node)})" if bare or isinstance(node, (*loose, ast.Await)) else self.text(node)

    def argument(self, node: ast.expr) -> str:
        """The text of an expression that stands as one argument of a call."""
        return self.operand(node) if isinstance(node, ast.Tuple) else self.text(node)

    # --- loops --------------------------------------------------------------------------------------------
    def loops(self, node: ast.AST) -> list[ast.AST]:
        """The loops of the same function that evaluate ``node`` again and again, innermost first.

        No loops for what runs later, when the loop may have gone on: a lambda or a generator that is kept.
        """
        found: list[ast.AST] = []
        below = node
        for above in self.ancestors(node):
            if isinstance(above, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                break
            match above:
                case ast.For() | ast.AsyncFor() if below in above.body:
                    found.append(above)
                case ast.While() if below is above.test or below in above.body:
                    found.append(above)
                case ast.GeneratorExp() if not self._at_once(above, CONSUMERS):
                    return []
                case ast.Lambda():
                    if not self._at_once(above, REPEATERS):
                        return []
                    found.append(next(item for item in self.ancestors(above) if isinstance(item, ast.Call)))
                case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                    if not self.inside(node, above.generators[0].iter):
                        found.append(above)
            below = above
        return found

    def _at_once(self, node: ast.AST, callers: frozenset[str]) -> bool:
        """Whether a lazy value is used up by the call that it is given to, as in ``any(x for x in xs)``."""
        above = self.parents[node]
        call = self.parents[above] if isinstance(above, ast.keyword) else above
        return isinstance(call, ast.Call) and call.func is not node and called(call) in callers

    def anchor(self, loop: ast.AST) -> ast.stmt | None:
        """The statement to insert before so that the insertion runs just before the loop starts."""
        statement = self.statement(loop)
        again = isinstance(statement, ast.While) and statement is not loop
        later = self.function(loop) is not self.function(statement)
        return None if again or later else statement

    # --- names --------------------------------------------------------------------------------------------
    @cached_property
    def variables(self) -> list[Var]:
        from .uses import resolve

        return resolve(self)

    @cached_property
    def _by_node(self) -> dict[ast.AST, Var]:
        return {use.node: var for var in self.variables for use in var.uses}

    def var(self, node: ast.AST | None) -> Var | None:
        """The variable a node binds or reads; None for builtins and for what is no variable."""
        return self._by_node.get(node)

    @cached_property
    def bound_names(self) -> frozenset[str]:
        return frozenset(var.name for var in self.variables)

    def is_builtin(self, node: ast.AST, *names: str) -> bool:
        return isinstance(node, ast.Name) and node.id in names and node.id not in self.bound_names

    @cached_property
    def functions(self) -> dict[str, list[ast.FunctionDef]]:
        found: dict[str, list[ast.FunctionDef]] = {}
        for node in self.find(ast.FunctionDef, ast.AsyncFunctionDef):
            found.setdefault(node.name, []).append(node)
        return found


@lru_cache(maxsize=64)
def parse(source: str) -> Program | None:
    """The program of a source, parsed once for all rewrites; None where it is no Python."""
    try:
        # a lone carriage return ends a line for Python but not for us
        return Program(source) if "\r" not in source else None
    except (SyntaxError, ValueError, RecursionError):
        return None


def called(call: ast.Call) -> str:
    """The last part of what is called: ``f`` for ``f(..)``, ``m`` for ``x.y.m(..)``."""
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""
