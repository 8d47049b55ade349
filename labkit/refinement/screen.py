"""A look at proposed code before it runs: what it reaches for that a faster function has no need of.

A reviewer's aid in front of the sandbox, not the wall: the sandbox holds whatever gets past it.
Covered: imports, dynamic code, files, network, processes, the interpreter's inner parts, patched modules,
tables of answers, aliases of all these. Not covered: what the code computes, which the judge finds out.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Modules of the standard library that compute and do nothing else.
DEFAULT = _words("""
    __future__ abc array ast base64 binascii bisect bz2 calendar cmath collections colorsys contextlib copy
    copyreg csv dataclasses datetime decimal difflib enum fractions functools graphlib hashlib heapq html
    io ipaddress itertools json keyword locale lzma math numbers operator queue re reprlib statistics string
    struct textwrap token tokenize types typing unicodedata zlib
""")
CALLS = {
    **dict.fromkeys(("exec", "eval", "compile", "__import__"), "dynamic code"),
    **dict.fromkeys(("globals", "locals", "vars"), "reaches into namespaces"),
    **dict.fromkeys(("open", "input", "breakpoint", "exit", "quit"), "input and output"),
    **dict.fromkeys(("setattr", "delattr"), "dynamic attribute access"),
}
# Ways out of an object to the interpreter behind it.
INNER = _words("""
    __subclasses__ __bases__ __base__ __mro__ __globals__ __code__ __builtins__ __closure__ __getattribute__
    __loader__ __spec__ __reduce__ __reduce_ex__ gi_frame cr_frame f_back f_globals f_locals f_code tb_frame
    __self__ __import__ __dict__
""")
LITERAL = 64 << 10  # bytes of one literal that may still be a constant
ENTRIES = 200  # of a dict that may still be a table of constants


@dataclass(frozen=True)
class Reason:
    """What was found, where; "refuse" rejects the program, "note" is for a reader."""

    rule: str
    line: int
    text: str
    severity: Literal["refuse", "note"] = "refuse"


def screen(
    source: str, original: str = "", *, entry: str = "", allow_imports: frozenset[str] = DEFAULT
) -> list[Reason]:
    """Everything in a program that a reviewer would ask about; [] when it is clean.

    `original`: what it imports, calls and keeps may be kept.

    >>> screen("import heapq")
    []
    >>> [reason.rule for reason in screen("from os import system as s")]
    ['import']
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return [Reason("syntax", getattr(error, "lineno", 0) or 0, f"does not parse: {error}")]
    old = _parsed(original)
    found = list(_reasons(tree, allow_imports | _imported(old), _names(old), _largest_dict(old)))
    if entry and entry not in _defined(tree):
        found.append(Reason("no function", 0, f"defines no function {entry}"))
    return sorted(set(found), key=lambda reason: (reason.line, reason.rule, reason.text))


def _parsed(source: str) -> ast.Module:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module([], [])


def _imported(tree: ast.AST) -> set[str]:
    """Top names of what a program imports."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").partition(".")[0])
    return found


def _names(tree: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} | {
        node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)
    }


def _defined(tree: ast.Module) -> set[str]:
    functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    return functions | {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _largest_dict(tree: ast.AST) -> int:
    return max((len(node.keys) for node in ast.walk(tree) if isinstance(node, ast.Dict)), default=0)


def _reasons(tree: ast.Module, allowed: frozenset[str], known: set[str], entries: int) -> Iterator[Reason]:
    own = _bound(tree)
    modules = _modules(tree)
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 0)
        match node:
            case ast.Import(names=names):
                for alias in names:
                    if not _allowed(alias.name, allowed):
                        yield Reason("import", line, f"imports {alias.name}")
            case ast.ImportFrom(module=module, level=level, names=names):
                if level or not _allowed(module or "", allowed):
                    yield Reason("import", line, f"imports from {'.' * level}{module or ''}")
                for alias in names:
                    if alias.name == "*" or alias.name in _REACH:
                        yield Reason("import", line, f"imports {alias.name} from {module}")
            case ast.Name(id=name) if name in CALLS and name not in own and name not in known:
                yield Reason(CALLS[name], line, f"uses {name}")
            case ast.Name(id="__builtins__" | "__loader__" | "__spec__"):
                yield Reason("inner parts", line, f"uses {node.id}")
            case ast.Attribute(attr=name) if name in INNER and name not in known:
                yield Reason("inner parts", line, f"uses .{name}")
            case ast.Attribute(value=ast.Name(id=holder), ctx=ast.Store() | ast.Del()) if holder in modules:
                yield Reason("patches a module", line, f"sets {holder}.{node.attr}")
            case ast.Attribute(value=ast.Name(id=holder), attr=name) if holder in modules and name in _REACH:
                yield Reason("import", line, f"reaches {name} through {holder}")
            case ast.Call(func=ast.Name(id="getattr"), args=[_, asked, *_]) if "getattr" not in own:
                yield from _getattr(asked, line)
            case ast.Call(func=ast.Attribute(attr="attrgetter" | "methodcaller"), args=[asked, *_]):
                yield from _getattr(asked, line)
            case ast.Call(func=ast.Name(id="attrgetter" | "methodcaller"), args=[asked, *_]):
                yield from _getattr(asked, line)
            case ast.Name(id="getattr", ctx=ast.Load()) if "getattr" not in own and not _is_called(
                tree, node
            ):
                yield Reason("dynamic attribute access", line, "passes getattr on")
            case ast.Call(func=ast.Attribute(value=text, attr="format" | "format_map")):
                if not isinstance(text, ast.Constant) or "__" in str(text.value):
                    rule, how = "dynamic attribute access", "a format string that is not a plain literal"
                    yield Reason(rule, line, how, "note" if not isinstance(text, ast.Constant) else "refuse")
            case ast.Constant(value=str() | bytes() as value) if len(value) > LITERAL:
                yield Reason("large literal", line, f"a literal of {len(value) >> 10} KiB")
            case ast.Dict(keys=keys) if len(keys) > max(ENTRIES, entries):
                yield Reason("table of answers", line, f"a table of {len(keys)} entries")
            case ast.List() | ast.Tuple() | ast.Set() if len(node.elts) > 10 * ENTRIES:
                yield Reason("large literal", line, f"a literal of {len(node.elts)} items")
    yield from _kept_state(tree, known)


def _allowed(module: str, allowed: frozenset[str]) -> bool:
    """`_bisect` is the same as `bisect`, written in C."""
    top = module.partition(".")[0]
    return top in allowed or (top.startswith("_") and top[1:] in allowed)


# What an allowed module imports for itself and shows as an attribute; and what opens files.
_REACH = _words("""
    open open_code FileIO LZMAFile BZ2File os sys io subprocess socket signal threading builtins gc inspect
    importlib _os _sys
""")


def _getattr(asked: ast.expr, line: int) -> Iterator[Reason]:
    if not isinstance(asked, ast.Constant):
        yield Reason("dynamic attribute access", line, "an attribute whose name is computed")
    elif set(str(asked.value).split(".")) & (INNER | _REACH) or str(asked.value) in CALLS:
        yield Reason("inner parts", line, f"uses .{asked.value}")


def _is_called(tree: ast.AST, name: ast.Name) -> bool:
    return any(isinstance(node, ast.Call) and node.func is name for node in ast.walk(tree))


def _bound(tree: ast.AST) -> set[str]:
    """Names that the program gives a meaning of its own, other than by copying a builtin's."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
    return found - set(_copies(tree))


def _copies(tree: ast.AST) -> Iterator[str]:
    """Names that also stand for a builtin somewhere, as in `open = open`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name) and node.value.id in CALLS:
            yield node.value.id


def _modules(tree: ast.AST) -> set[str]:
    """Names that stand for a module, also by a second name."""
    found = {"builtins"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.asname or alias.name.partition(".")[0] for alias in node.names}
    while True:
        more = {
            target.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name) and node.value.id in found
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        if more <= found:
            return found
        found |= more


def _kept_state(tree: ast.Module, known: set[str]) -> Iterator[Reason]:
    """Containers at the top level that functions fill: they outlive a call, and so would remember answers."""
    top = {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict | ast.List | ast.Set | ast.Call)
        for target in node.targets
        if isinstance(target, ast.Name) and target.id not in known
    }
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        for node in ast.walk(function):
            filled = isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store)
            if filled and isinstance(node.value, ast.Name) and node.value.id in top:
                words = f"{node.value.id} keeps what {function.name} puts into it"
                yield Reason("keeps state", node.lineno, words, "note")
