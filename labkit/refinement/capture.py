"""Take a function out of its module or cell, with what it uses: imports, helper functions, constants.

Helpers come along from the user's own modules, too. Methods are for `methods.py`, which builds on this. Not
covered: closures over local variables, decorated functions, functions that assign globals, classes of the
user; each is refused with its name. A global container is taken as it stands now, a default as it was when
the function was made.
"""

from __future__ import annotations
import __future__

import ast
import builtins
import dis
import inspect
import marshal
import math
import site
import sys
import sysconfig
import textwrap
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

from labkit.errors import BadInput
from labkit.sandbox import Program


def capture(function: Callable) -> Program:
    """Self-contained source of `function`. BadInput when it cannot be read or depends on local state.

    >>> capture(textwrap.dedent).entry
    'dedent'
    """
    if not isinstance(function, types.FunctionType):
        what = getattr(function, "__name__", type(function).__name__)
        raise BadInput(f"{what} is not a plain Python function: wrap it in one")
    parts = Parts()
    parts.add(function)
    return Program(parts.text(), function.__name__)


class Parts:
    """Collects imports, constants and functions, each once, helpers before their users."""

    def __init__(self) -> None:
        self.imports: dict[str, str] = {}
        self.constants: dict[str, str] = {}
        self.functions: dict[Callable, str] = {}
        self.aliases: dict[Callable, list[str]] = {}
        self.seen: set[Callable] = set()
        # each name of the program with what it stands for; an entry may not change its meaning
        self.meanings: dict[str, Any] = {}
        self.future = False
        self.evaluated = False  # whether annotations must be: a dataclass reads them

    def text(self) -> str:
        blocks = ["\n".join(self.imports.values()), "\n".join(self.constants.values())]
        for function, source in self.functions.items():
            blocks += [source, "\n".join(self.aliases.get(function, []))]
        future = ["from __future__ import annotations"] if self.future else []
        return "\n\n".join(block.rstrip("\n") for block in [*future, *blocks] if block) + "\n"

    def add(self, function: types.FunctionType) -> None:
        if function in self.seen:
            return
        self.seen.add(function)
        source = _source(function)
        if function.__closure__:
            names = ", ".join(function.__code__.co_freevars)
            raise BadInput(
                f"{function.__name__} uses local variables of another function ({names}): pass them in"
            )
        self._mean(function.__name__, function, function)
        source, read = _with_defaults(source, function)
        strings = not self.evaluated and _annotations_as_strings(source, function)
        self.future |= strings
        self._names([*_free_names(source, function, strings), *read], function.__globals__, function, source)
        self.functions[function] = source

    def _names(self, names: list[str], space: dict[str, Any], user: Callable, source: str) -> None:
        for name in names:
            if name in space:
                self._global(name, space[name], user, source)
            elif hasattr(builtins, name):
                self._mean(name, getattr(builtins, name), user)
            elif self.evaluated:  # of an annotation that was never evaluated
                self.constants.setdefault(name, f"{name} = object")

    def _mean(self, name: str, value: Any, user: Callable) -> None:
        """BadInput when a name already stands for something else, as after a cell was run again."""
        if self.meanings.setdefault(name, value) is not value:
            raise BadInput(f"{user.__name__} and what it uses mean two things by {name}: rename one of them")

    def _global(self, name: str, value: Any, user: Callable, source: str) -> None:
        self._mean(name, value, user)
        if isinstance(value, types.ModuleType):
            if is_own(value.__name__):
                raise BadInput(
                    f"{user.__name__} uses {value.__name__}, a module of your own, which the sandbox does not"
                    f" have: take its functions with from {value.__name__} import .."
                )
            self._module(name, value, source)
        elif isinstance(value, types.FunctionType) and (
            value.__module__ == user.__module__ or is_own(value.__module__)
        ):
            self.add(value)
            self._alias(name, value)
        elif getattr(value, "__module__", None) and hasattr(value, "__qualname__"):
            self.imports[name] = _from_import(value, name, user)
        elif type(value).__module__ == "re" and type(value).__name__ == "Pattern":
            self.imports.setdefault("re", "import re")
            self.constants[name] = f"{name} = re.compile({value.pattern!r}, {value.flags})"
        else:
            what = f"{user.__name__} uses the global {name}, a"
            self.constants[name] = f"{name} = {_literal(value, what)}"

    def _alias(self, name: str, value: Callable) -> None:
        """Another name of a function: below it, wherever that comes to stand."""
        alias = f"{name} = {value.__name__}"
        if value.__name__ != name and alias not in self.aliases.setdefault(value, []):
            self.aliases[value].append(alias)

    def _module(self, name: str, module: types.ModuleType, source: str) -> None:
        """`import a.b` for each module a.b that the source reaches through the name `a`."""
        parts = _submodules(name, module, source)
        if not parts or module.__name__ != name:
            self.imports[name] = _import(module.__name__, name)
        self.imports |= {part: f"import {part}" for part in parts}


def at_margin(source: str) -> str:
    """A definition without its indentation; one without is left alone, blank lines of its strings, too."""
    return textwrap.dedent(source) if source[:1].isspace() else source


def _source(function: types.FunctionType) -> str:
    if hasattr(function, "__wrapped__"):
        raise BadInput(f"{function.__name__} is wrapped by a decorator: give the function inside")
    if function.__name__ == "<lambda>":
        raise BadInput("a lambda cannot be refined: give a function made with def")
    try:
        source = at_margin(inspect.getsource(function))
        tree = ast.parse(source)
    except (OSError, TypeError, SyntaxError):
        raise BadInput(
            f"the source of {function.__name__} cannot be read: define it in a file or a cell"
        ) from None
    if "." in function.__qualname__ and "<locals>" not in function.__qualname__:
        raise BadInput(
            f"{function.__qualname__} is a method: refine it from its file, labkit refine"
            f" FILE.py::{function.__qualname__}, or as methods.method_task({function.__qualname__}, inputs)"
        )
    first = tree.body[0]
    lines = source.splitlines(keepends=True)
    return "".join(lines[first.lineno - 1 :]) if isinstance(first, ast.FunctionDef) else source


def _free_names(source: str, function: types.FunctionType, strings: bool) -> list[str]:
    """Globals that the function's code reads, nested functions and comprehensions included, in order.

    BadInput when it assigns one: then its result depends on when it runs.
    """
    names: dict[str, None] = {}
    codes = [_code(source, function, strings)]
    for code in codes:
        for instruction in dis.get_instructions(code):
            if instruction.opname in ("STORE_GLOBAL", "DELETE_GLOBAL"):
                raise BadInput(
                    f"{function.__name__} changes the global {instruction.argval}: pass it in, return it"
                )
            if instruction.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
                names[instruction.argval] = None
        codes += [const for const in code.co_consts if isinstance(const, types.CodeType)]
    if not strings:
        for annotation in _annotations(source):
            names |= {node.id: None for node in ast.walk(annotation) if isinstance(node, ast.Name)}
    return list(names)


def _code(source: str, function: types.FunctionType, strings: bool) -> types.CodeType:
    """The function's code as it will be compiled, annotations evaluated or not."""
    flags = __future__.annotations.compiler_flag if strings else 0
    module = compile(source, "<captured>", "exec", flags=flags, dont_inherit=True)
    codes = [const for const in module.co_consts if isinstance(const, types.CodeType)]
    return next((code for code in codes if code.co_name == function.__name__), function.__code__)


def _annotations(source: str, *, everywhere: bool = False) -> list[ast.expr]:
    """Annotations of the function itself or, everywhere, of the functions and variables in it, too."""
    tree = ast.parse(source)
    nodes = list(ast.walk(tree if everywhere else getattr(tree.body[0], "args", tree.body[0])))
    found = [
        getattr(node, name, None) for node in [*nodes, tree.body[0]] for name in ("annotation", "returns")
    ]
    return [node for node in found if isinstance(node, ast.expr)]


def _annotations_as_strings(source: str, function: types.FunctionType) -> bool:
    """Whether the program must leave annotations unevaluated: their names are not there, or never were."""
    tree, annotations = ast.parse(source), _annotations(source, everywhere=True)
    if function.__code__.co_flags & __future__.annotations.compiler_flag:
        return bool(annotations)
    if any(isinstance(node, ast.ClassDef) for node in ast.walk(tree)):
        return False  # a dataclass reads its annotations
    names = [node for part in annotations for node in ast.walk(part)]
    return any(isinstance(node, ast.Name) and not hasattr(builtins, node.id) for node in names)


def _with_defaults(source: str, function: types.FunctionType) -> tuple[str, list[str]]:
    """The source with the defaults that the function has, which are not always what their text says today.

    Also the names that the defaults still read.
    """
    args = ast.parse(source).body[0].args
    positional = [*args.posonlyargs, *args.args]
    values = function.__defaults__ or ()
    pairs = list(zip(positional[len(positional) - len(args.defaults) :], args.defaults, values, strict=False))
    if len(values) != len(args.defaults):
        raise BadInput(f"the defaults of {function.__name__} were changed after it was made: define it anew")
    given = function.__kwdefaults__ or {}
    pairs += [(a, d, given.get(a.arg)) for a, d in zip(args.kwonlyargs, args.kw_defaults, strict=True) if d]
    names: list[str] = []
    lines = source.splitlines(keepends=True)
    for arg, node, value in sorted(
        pairs, key=lambda pair: (pair[1].lineno, pair[1].col_offset), reverse=True
    ):
        if _says(node, value, function.__globals__):
            names += [part.id for part in ast.walk(node) if isinstance(part, ast.Name)]
            continue
        text = _literal(value, f"the default of {arg.arg} in {function.__name__} is a")
        first, last = node.lineno - 1, node.end_lineno - 1
        before, after = lines[first].encode()[: node.col_offset], lines[last].encode()[node.end_col_offset :]
        lines[first : last + 1] = [before.decode() + text + after.decode()]
    return "".join(lines), names


def _says(node: ast.expr, value: Any, space: dict[str, Any]) -> bool:
    """Whether the text of a default gives its value today: a literal, a name, an attribute of a module."""
    try:
        literal = ast.literal_eval(node)
        return type(literal) is type(value) and repr(literal) == repr(value)
    except (ValueError, TypeError):
        pass
    if isinstance(node, ast.Name):
        return space.get(node.id, getattr(builtins, node.id, node)) is value
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        module = space.get(node.value.id)
        return isinstance(module, types.ModuleType) and getattr(module, node.attr, node) is value
    return False


def is_own(module: str | None) -> bool:
    """Whether a module is a file of the user's, outside the standard library and what is installed."""
    file = getattr(sys.modules.get(module or ""), "__file__", None)
    folders = [*sysconfig.get_paths().values(), *site.getsitepackages()]
    homes = [Path(folder).resolve() for folder in folders]
    return file is not None and not any(Path(file).resolve().is_relative_to(home) for home in homes)


def _submodules(name: str, module: types.ModuleType, source: str) -> list[str]:
    """Modules that the source reaches as attributes of a module, by their full names."""
    found: dict[str, None] = {}
    for node in ast.walk(ast.parse(source)):
        path = ast.unparse(node) if isinstance(node, ast.Attribute) else ""
        if path.startswith(f"{name}."):
            full = module.__name__ + path.removeprefix(name)
            # os.path is a name of another module, and comes with os
            if getattr(sys.modules.get(full), "__name__", None) == full:
                found[full] = None
    return [part for part in found if not any(other.startswith(f"{part}.") for other in found)]


def _import(module: str, name: str) -> str:
    if module == name:
        return f"import {module}"
    package, _, last = module.rpartition(".")
    return f"from {package} import {last}" if last == name and package else f"import {module} as {name}"


def _from_import(value: Any, name: str, user: Callable) -> str:
    module = value.__module__
    if module in (user.__module__, "__main__") or is_own(module):
        raise BadInput(
            f"{user.__name__} uses {name}, which is defined in your own code and is no function: pass it in"
        )
    own = value.__qualname__
    if "." in own:
        raise BadInput(
            f"{user.__name__} uses {name} ({module}.{own}), which cannot be imported by name: pass it in"
        )
    return f"from {module} import {own}" + (f" as {name}" if own != name else "")


def _literal(value: Any, what: str) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        return f"float({str(value)!r})"
    if type(value) is frozenset:
        return f"frozenset({_literal(set(value), what)})"
    if type(value) is set and value:  # in an order of its own: the source is part of a run's identity
        return "{" + ", ".join(sorted(_literal(item, what) for item in value)) + "}"
    try:
        marshal.dumps(value)
        text = repr(value)
        if ast.literal_eval(text) == value:
            return text
    except (ValueError, SyntaxError):
        pass
    raise BadInput(f"{what} {type(value).__name__} without a literal form: pass it in")
