"""Evident types: what the text of a program says about the type of an expression or a variable."""

from __future__ import annotations

import ast

from .program import Program, Use, Var, called, words
from .uses import STR_METHODS

METHODS_OF = {
    "str": STR_METHODS,
    "list": words("append extend insert sort reverse"),
    "dict": words("keys values items get setdefault"),
    "set": words("add discard issubset"),
}
# Calls, annotations and kinds of node by the type that they make evident.
MADE_BY = {
    "list": "list sorted split rsplit splitlines findall nlargest nsmallest List Sequence ListComp",
    "str": "str input repr chr lower upper strip lstrip rstrip replace join title zfill bin hex JoinedStr",
    "dict": "dict defaultdict Counter OrderedDict fromkeys Dict Mapping DictComp",
    "set": "set frozenset Set SetComp",
    "iterator": "map filter zip enumerate reversed iter values items keys Iterator Iterable GeneratorExp",
    "number": "int len float round abs ord isqrt sqrt sum bool",
    "tuple": "tuple Tuple",
    "range": "range",
    "deque": "deque",
}
TYPE_OF_NAME = {name: kind for kind, names in MADE_BY.items() for name in names.split()}
# How far a type is traced through names: `a = b`, `b = c` ..
DEPTH = 4


def type_of(program: Program, node: ast.AST | None, depth: int = 0) -> str | None:
    """The evident type of an expression (list, str, dict, number, iterator..), or None."""
    if depth > DEPTH:
        return None
    match node:
        case ast.Name() if program.var(node) is not None:
            return var_type(program, program.var(node), depth + 1)
        case ast.Constant(value=value):
            return "str" if isinstance(value, str | bytes) else "number"
        case ast.Subscript(value=value, slice=part):
            whole = type_of(program, value, depth + 1)
            return whole if isinstance(part, ast.Slice) or whole == "str" else None
        case ast.BinOp(left=left, right=right, op=ast.Add() | ast.Mult() | ast.Sub()):
            sides = {type_of(program, side, depth + 1) for side in (left, right)}
            # the other side of `x + 2` is a number, too; that of `x * 2` may be a list
            number = "number" if not isinstance(node.op, ast.Mult) or len(sides) == 1 else ""
            return next((kind for kind in ("list", "tuple", "str", number) if kind in sides), None)
        case ast.Call(func=ast.Name(id=name) as func) if name in program.bound_names:
            var = program.var(func)
            imported = var is not None and all(use.kind == "import" for use in var.uses if use.binds)
            return TYPE_OF_NAME.get(name) if imported else None
        case ast.Call():
            # sum(rows, []) is a list
            known = called(node) != "sum" or (len(node.args) == 1 and not node.keywords)
            return TYPE_OF_NAME.get(called(node)) if known else None
    return TYPE_OF_NAME.get(type(node).__name__)


def var_type(program: Program, var: Var, depth: int = 0) -> str | None:
    """The evident type of a variable: by its annotation, then its methods, then what is assigned to it."""
    for use in var.uses:
        annotation = getattr(use.node if use.kind == "param" else use.site, "annotation", None)
        if annotation is not None and use.binds:
            base = annotation.value if isinstance(annotation, ast.Subscript) else annotation
            return TYPE_OF_NAME.get(getattr(base, "id", getattr(base, "attr", "")))
    methods = {use.detail for use in var.of_kind("method")}
    for kind, names in METHODS_OF.items():
        if methods & names:
            return kind
    kinds = {type_of(program, use.site.value, depth) for use in var.of_kind("assign")}
    kinds |= {None for _ in var.of_kind("bind", "param")}
    for use in var.of_kind("for"):
        source = type_of(program, use.site.iter, depth + 1) if use.site.target is use.node else None
        kinds.add({"range": "number", "str": "str"}.get(source or ""))
    return kinds.pop() if len(kinds) == 1 else None


def guarded(program: Program, var: Var) -> bool:
    """Whether the program itself expects that a variable may be None or of another type."""
    for use in var.uses:
        tested = isinstance(use.site, ast.Compare) and isinstance(use.site.ops[0], ast.Is | ast.IsNot)
        if tested or use.kind == "truth" or use.detail == "isinstance" or _none_by_default(program, use):
            return True
    return False


def _none_by_default(program: Program, use: Use) -> bool:
    if use.kind != "param":
        return False
    args, empty = use.site, ast.Constant(value=None)
    late = [*args.posonlyargs, *args.args][::-1]
    pairs = [
        *zip(late, args.defaults[::-1], strict=False),
        *zip(args.kwonlyargs, args.kw_defaults, strict=True),
    ]
    return any(arg is use.node and default and ast.dump(default) == ast.dump(empty) for arg, default in pairs)


def maybe_list(program: Program, var: Var) -> bool:
    """Whether a variable is a list or tuple, or may be one: no string, set or dict as far as one can see."""
    tests = [use.site.ops[0] for use in var.uses if isinstance(use.site, ast.Compare)]
    if any(isinstance(test, ast.Is | ast.IsNot) for test in tests):
        return False  # it may be None
    for use in var.of_kind("assign"):
        if isinstance(use.site.value, ast.IfExp) and type_of(program, use.site.value.body) == "set":
            return False  # made by the rewrite below
    kind = var_type(program, var)
    # an element of something else may well be a string, where `in` and `count` look for substrings
    return kind in {"list", "tuple"} or (kind is None and not var.of_kind("for"))


def fresh_list(program: Program, node: ast.AST | None) -> bool:
    """Whether an expression evidently makes a new list that has no other name."""
    return not isinstance(node, (ast.Name, ast.Attribute)) and type_of(program, node) == "list"


def starts_fresh(program: Program, var: Var) -> bool:
    """Whether a local variable only ever starts as a new list."""
    starts = var.of_kind("assign")
    return bool(starts) and var.local and all(fresh_list(program, use.site.value) for use in starts)
