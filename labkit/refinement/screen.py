"""A look at proposed code before it runs: what it reaches for that a faster function has no need of.

A reviewer's aid in front of the sandbox, not the wall: the sandbox holds whatever gets past it.
Covered: imports, dynamic code, files, network, processes, the interpreter's inner parts, patched modules,
tables of answers, second names of all these. Not covered: what the code computes, which the judge finds out;
modules that travel through a container or a call are reported where they set out, not where they arrive.
"""

from __future__ import annotations

import ast
import builtins
import importlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Literal


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
    **dict.fromkeys(("open", "input", "breakpoint", "exit", "quit", "help"), "input and output"),
    **dict.fromkeys(("setattr", "delattr"), "dynamic attribute access"),
    **dict.fromkeys(("__builtins__", "__loader__", "__spec__"), "inner parts"),
}
# Ways out of an object to the interpreter behind it.
INNER = _words("""
    __subclasses__ __bases__ __base__ __mro__ mro __globals__ __code__ __builtins__ __closure__ __defaults__
    __kwdefaults__ __getattribute__ __setattr__ __delattr__ __loader__ __spec__ __reduce__ __reduce_ex__
    gi_frame gi_code cr_frame ag_frame f_back f_globals f_locals f_builtins f_code tb_frame tb_next
    __traceback__ __self__ __wrapped__ __import__ __dict__
""")
# What modules show of others, what opens files, what acts on the process.
REACH = _words("""
    open open_code FileIO LZMAFile BZ2File GzipFile os sys io subprocess socket signal threading builtins gc
    inspect importlib _os _sys codecs system popen fork forkpty kill killpg remove unlink rmdir rename
    symlink chmod settrace setprofile setitimer _getframe modules addaudithook fromfile tofile memmap savetxt
    loadtxt genfromtxt ctypeslib
""")
MAKERS = {"types.FunctionType", "types.LambdaType", "types.CodeType", "types.ModuleType"}
GETTERS = {"operator.attrgetter", "operator.methodcaller"}
FILLS = _words("append add update setdefault extend insert appendleft pop popitem clear remove discard")
CACHES = {"functools.cache", "functools.lru_cache", "functools.cached_property"}
LITERAL = 64 << 10  # bytes of literals that may still be constants
ENTRIES = 200  # of a dict that may still be a table of constants
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_CANNOT = (SyntaxError, ValueError, RecursionError, MemoryError)


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
    >>> screen("def f(:")[0].rule
    'syntax'
    """
    try:
        tree = ast.parse(source)
    except _CANNOT as error:
        return [Reason("syntax", getattr(error, "lineno", 0) or 0, f"does not parse: {error}")]
    try:
        look = _Look(tree, _parsed(original), frozenset(allow_imports))
        found = [
            *look.names(),
            *look.imports(),
            *look.attributes(),
            *look.calls(),
            *look.literals(),
            *look.state(),
        ]
    except RecursionError:
        return [Reason("syntax", 0, "is nested too deeply to be looked at")]
    if entry and entry not in _bound_at_top(tree):
        found.append(Reason("no function", 0, f"defines no function {entry}"))
    return sorted(set(found), key=lambda reason: (reason.line, reason.rule, reason.text))


class _Look:
    """One program beside its original, and what its names may stand for."""

    def __init__(self, tree: ast.Module, old: ast.Module, allowed: frozenset[str]) -> None:
        self.tree, self.old, self.nodes = tree, old, list(ast.walk(tree))
        self.allowed = allowed | _imported(old)
        self.known = _names(old)
        self.origins = _origins(self.nodes)
        self.called = {id(node.func) for node in self.nodes if isinstance(node, ast.Call)}
        self.free = {id(node) for node in _free(tree, frozenset(_sure_at_top(tree)))}

    def origin(self, node: ast.AST) -> set[str]:
        """Dotted names, from a module or the builtins on, that an expression may stand for."""
        return _origin(node, self.origins)

    def names(self) -> Iterator[Reason]:
        """Builtins that a faster function has no need of, by whatever name they are used next."""
        for node in self.nodes:
            if isinstance(node, ast.Name) and id(node) in self.free and node.id not in self.known:
                if node.id in CALLS:
                    yield Reason(CALLS[node.id], node.lineno, f"uses {node.id}")
                elif node.id == "getattr" and id(node) not in self.called:
                    yield Reason("dynamic attribute access", node.lineno, "passes getattr on")

    def imports(self) -> Iterator[Reason]:
        for node in self.nodes:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    if not self._allowed(alias.name):
                        yield Reason("import", node.lineno, f"imports {alias.name}")
            elif isinstance(node, ast.ImportFrom):
                module = "." * node.level + (node.module or "")
                if node.level or not self._allowed(module):
                    yield Reason("import", node.lineno, f"imports from {module}")
                    continue
                for alias in node.names:
                    if alias.name == "*" or self._reaches(f"{module}.{alias.name}"):
                        yield Reason("import", node.lineno, f"imports {alias.name} from {module}")
                    elif f"{module}.{alias.name}" in MAKERS and alias.name not in self.known:
                        yield Reason("dynamic code", node.lineno, f"imports {alias.name}")

    def _allowed(self, module: str) -> bool:
        """`_bisect` is the same as `bisect`, written in C."""
        top = module.partition(".")[0]
        return top in self.allowed or (top.startswith("_") and top[1:] in self.allowed)

    def _reaches(self, dotted: str) -> bool:
        """Whether a dotted name leads from a module to one that is not allowed, or to what acts on files."""
        module, *path = dotted.split(".")
        for i, name in enumerate(path):
            if name in REACH and name not in self.known:
                return True
            found = _at(module, path[: i + 1])
            if isinstance(found, ModuleType) and not self._allowed(found.__name__):
                return True
        return False

    def attributes(self) -> Iterator[Reason]:
        for node in self.nodes:
            if not isinstance(node, ast.Attribute):
                continue
            line, name, held = node.lineno, node.attr, self.origin(node.value)
            if name in INNER and name not in self.known:
                yield Reason("inner parts", line, f"uses .{name}")
            ours = isinstance(node.value, ast.Name) and node.value.id not in self.origins
            if held and not isinstance(node.ctx, ast.Load) and not (ours and id(node.value) not in self.free):
                yield Reason("patches a module", line, f"sets {ast.unparse(node)[:60]}")
            full = sorted(f"{each}.{name}" for each in held if not each.startswith("builtins."))
            if any(self._reaches(each) for each in full):
                yield Reason("import", line, f"reaches {name} through {ast.unparse(node.value)[:60]}")
            if name not in self.known and set(full) & MAKERS:
                yield Reason("dynamic code", line, f"uses {name}")

    def calls(self) -> Iterator[Reason]:
        for node in self.nodes:
            if isinstance(node, ast.Name | ast.Attribute) and id(node) not in self.called:
                loads = isinstance(node.ctx, ast.Load) and self.origin(node) & GETTERS
                if loads:
                    yield Reason("dynamic attribute access", node.lineno, "passes a getter of attributes on")
            if not isinstance(node, ast.Call):
                continue
            if isinstance(node.func, ast.Name) and node.func.id == "getattr" and id(node.func) in self.free:
                yield from _asked(node.args[1:2], node.lineno)
            if self.origin(node.func) & GETTERS:
                yield from _asked(node.args, node.lineno)
            yield from self._format(node)
            for given in [*node.args, *(keyword.value for keyword in node.keywords)]:
                if self._modules(given):
                    words = f"passes the module {ast.unparse(given)[:40]} on"
                    yield Reason("dynamic attribute access", node.lineno, words)

    def _modules(self, node: ast.AST) -> set[str]:
        found = self.origin(node)
        return {each for each in found if isinstance(_at(*_split(each)), ModuleType)}

    def _format(self, node: ast.Call) -> Iterator[Reason]:
        """Format strings may ask for attributes of what they are given."""
        if not isinstance(node.func, ast.Attribute) or node.func.attr not in (
            "format",
            "format_map",
            "vformat",
        ):
            return
        holder = node.func.value
        if isinstance(holder, ast.Name) and holder.id == "str" and node.args:
            holder = node.args[0]
        texts = _texts(holder, self.nodes)
        if texts is None:
            words = "a format string that is not a plain literal"
            yield Reason("dynamic attribute access", node.lineno, words, "note")
        elif any("__" in text for text in texts):
            yield Reason("dynamic attribute access", node.lineno, "a format string that asks for inner parts")

    def literals(self) -> Iterator[Reason]:
        sizes = [(_bytes(node), node.lineno) for node in self.nodes if isinstance(node, ast.Constant)]
        before = sum(_bytes(node) for node in ast.walk(self.old) if isinstance(node, ast.Constant))
        if sum(size for size, _ in sizes) > LITERAL + before:
            size, line = max(sizes)
            total = sum(size for size, _ in sizes) >> 10
            yield Reason("large literal", line, f"literals of {total} KiB, the largest of {size >> 10} KiB")
        most = max([ENTRIES, *(_entries(node) for node in ast.walk(self.old))])
        long = max([10 * ENTRIES, *(len(getattr(node, "elts", ())) for node in ast.walk(self.old))])
        for node in self.nodes:
            if _entries(node) > most:
                yield Reason("table of answers", node.lineno, f"a table of {_entries(node)} entries")
            if len(getattr(node, "elts", ())) > long:
                yield Reason("large literal", node.lineno, f"a literal of {len(node.elts)} items")

    def state(self) -> Iterator[Reason]:
        """What outlives a call, and so could remember answers; for a reader, no reason to refuse."""
        top = _sure_at_top(self.tree) - self.known
        for function in (node for node in self.nodes if isinstance(node, ast.FunctionDef)):
            kept = (top - _locals(function)) | _mutable_defaults(function)
            if any(self.origin(getattr(d, "func", d)) & CACHES for d in function.decorator_list):
                yield Reason("keeps state", function.lineno, f"{function.name} keeps its answers", "note")
            for node in ast.walk(function):
                for name in _filled(node) & kept:
                    words = f"{name} keeps what {function.name} puts into it"
                    yield Reason("keeps state", node.lineno, words, "note")
                if isinstance(node, ast.Global):
                    words = f"{function.name} sets the global {', '.join(node.names)}"
                    yield Reason("keeps state", node.lineno, words, "note")


def _parsed(source: str) -> ast.Module:
    try:
        return ast.parse(source)
    except _CANNOT:
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
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return names | {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


def _stored(node: ast.AST) -> set[str]:
    """Names that one node binds in its own scope."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {node.name}
    if isinstance(node, ast.Import | ast.ImportFrom):
        return {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        return {node.id}
    named = isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name
    return {node.name} if named else set()


def _scope(node: ast.AST) -> Iterator[ast.AST]:
    """What lies in a scope, without what lies in scopes within it."""
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, (*_FUNCTIONS, *_COMPREHENSIONS, ast.ClassDef)):
            yield from _scope(child)


def _bound_at_top(tree: ast.Module) -> set[str]:
    return {name for node in _scope(tree) for name in _stored(node)}


def _sure_at_top(tree: ast.Module) -> set[str]:
    """Names bound at the top whatever happens, other than to a builtin, and never deleted."""
    found, gone = set(), set()
    for node in tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign):
            copies = any(
                isinstance(part, ast.Name) and part.id in CALLS for part in ast.walk(node.value or node)
            )
            found |= set() if copies else {name for part in ast.walk(node) for name in _stored(part)}
        else:
            found |= _stored(node)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Del):
            gone.add(node.id)
    return found - gone


def _locals(function: Any) -> set[str]:
    args = function.args
    every = [*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg]
    inside = list(_scope(function))
    outer = {n for node in inside if isinstance(node, ast.Global | ast.Nonlocal) for n in node.names}
    return ({a.arg for a in every if a} | {n for node in inside for n in _stored(node)}) - outer


def _free(node: ast.AST, bound: frozenset[str]) -> Iterator[ast.Name]:
    """Names read that no scope around them binds: they are the builtins'."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id not in bound:
        yield node
    within = bound
    if isinstance(node, _FUNCTIONS):
        within |= _locals(node)
    elif isinstance(node, _COMPREHENSIONS):
        within |= {n for each in node.generators for part in ast.walk(each.target) for n in _stored(part)}
        yield from _free(node.generators[0].iter, bound)  # read before any of them is bound
    for name, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.arguments):  # defaults and annotations are read outside
                for part in ast.iter_child_nodes(child):
                    yield from _free(part, bound)
            elif isinstance(child, ast.AST):
                own = name in ("body", "elt", "key", "value", "generators")
                yield from _free(child, within if own else bound)


def _origins(nodes: list[ast.AST]) -> dict[str, set[str]]:
    """What names may stand for: modules, what was taken from them, and builtins; second names followed."""
    found: dict[str, set[str]] = {}
    pairs = []
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                full = alias.name if alias.asname else alias.name.partition(".")[0]
                found.setdefault(alias.asname or full, set()).add(full)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                found.setdefault(alias.asname or alias.name, set()).add(f"{node.module}.{alias.name}")
        pairs += _copied(node)
    for _ in range(len(pairs) + 1):
        before = sum(map(len, found.values()))
        for name, value in pairs:
            more = {o for part in _parts(value) for o in _origin(part, found) if o.count(".") < 8}
            if more:
                found.setdefault(name, set()).update(more)
        if sum(map(len, found.values())) == before:
            break
    return found


def _copied(node: ast.AST) -> list[tuple[str, ast.expr]]:
    """Names that a node gives a value to, with the value."""
    if isinstance(node, ast.Assign):
        targets, value = node.targets, node.value
    elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.value:
        targets, value = [node.target], node.value
    elif isinstance(node, ast.For | ast.comprehension):
        targets, value = [node.target], node.iter
    elif isinstance(node, _FUNCTIONS):
        args = [*node.args.posonlyargs, *node.args.args]
        pairs = list(zip(reversed(args), reversed(node.args.defaults), strict=False))
        pairs += [(a, d) for a, d in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True) if d]
        return [(arg.arg, default) for arg, default in pairs]
    else:
        return []
    return [(name, value) for target in targets for part in ast.walk(target) for name in _stored(part)]


def _parts(value: ast.expr) -> Iterator[ast.expr]:
    """The values that an expression may be or hold as they stand."""
    if isinstance(value, ast.Tuple | ast.List | ast.Set):
        for each in value.elts:
            yield from _parts(each)
    elif isinstance(value, ast.IfExp):
        yield from (*_parts(value.body), *_parts(value.orelse))
    elif isinstance(value, ast.BoolOp | ast.Dict):
        for each in value.values:
            yield from _parts(each)
    elif isinstance(value, ast.NamedExpr | ast.Starred | ast.Subscript):
        yield from _parts(value.value)
    else:
        yield value


def _origin(node: ast.AST, origins: Mapping[str, set[str]]) -> set[str]:
    if isinstance(node, ast.NamedExpr):
        return _origin(node.value, origins)
    if isinstance(node, ast.Name):
        own = origins.get(node.id, set())
        return own or (
            {f"builtins.{node.id}"} if isinstance(getattr(builtins, node.id, None), type) else set()
        )
    if isinstance(node, ast.Attribute):
        return {
            f"{each}.{node.attr}" for each in _origin(node.value, origins) if not each.startswith("builtins.")
        }
    return set()


def _split(dotted: str) -> tuple[str, list[str]]:
    module, *path = dotted.split(".")
    return module, path


def _at(module: str, path: list[str]) -> Any:
    """What a dotted name stands for, looked up only in modules known to do nothing when imported."""
    if module not in DEFAULT:
        return None
    found: Any = importlib.import_module(module)
    for name in path:
        found = getattr(found, name, None)
    return found


def _asked(asked: list[ast.expr], line: int) -> Iterator[Reason]:
    """About the names of attributes that are asked for as text."""
    for each in asked:
        if not isinstance(each, ast.Constant):
            yield Reason("dynamic attribute access", line, "an attribute whose name is computed")
        elif set(str(each.value).split(".")) & (INNER | REACH) or str(each.value) in CALLS:
            yield Reason("inner parts", line, f"uses .{each.value}")


def _texts(node: ast.expr, nodes: list[ast.AST], depth: int = 0) -> list[str] | None:
    """All texts that an expression may be; None where that cannot be seen."""
    if isinstance(node, ast.Constant):
        return [str(node.value)]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) and depth < 8:
        left, right = (_texts(side, nodes, depth + 1) for side in (node.left, node.right))
        return None if left is None or right is None else [a + b for a in left for b in right][:64]
    if isinstance(node, ast.Name) and depth < 4:
        values = [value for each in nodes for name, value in _copied(each) if name == node.id]
        given = any(isinstance(each, ast.arg) and each.arg == node.id for each in nodes)
        found = [_texts(value, nodes, depth + 1) for value in values]
        known = found and not given and None not in found
        return [text for texts in found for text in texts] if known else None
    return None


def _bytes(node: ast.Constant) -> int:
    if isinstance(node.value, str | bytes):
        return len(node.value)
    return node.value.bit_length() // 8 if isinstance(node.value, int) else 8


def _entries(node: ast.AST) -> int:
    """How many keys and answers a literal pairs: a dict, dict(a=..), a list of pairs."""
    if isinstance(node, ast.Dict):
        return len(node.keys)
    if isinstance(node, ast.Call):
        return len(node.keywords)
    pairs = isinstance(node, ast.List | ast.Tuple | ast.Set) and len(node.elts) > ENTRIES
    return sum(isinstance(each, ast.Tuple | ast.List) for each in node.elts) if pairs else 0


def _mutable_defaults(function: ast.FunctionDef) -> set[str]:
    return {
        name
        for name, value in _copied(function)
        if isinstance(value, ast.Dict | ast.List | ast.Set | ast.Call)
    }


def _filled(node: ast.AST) -> set[str]:
    """Names of containers or functions that a node puts something into."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in FILLS:
        node = node.func
    elif not (isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store | ast.Del)):
        return set()
    return {node.value.id} if isinstance(node.value, ast.Name) else set()
