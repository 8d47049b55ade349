"""Take a function out of its module or cell, with what it uses: imports, helper functions, constants.

Not covered: methods, closures over local variables, decorated functions, and functions that assign globals;
each is refused with its name. A global container is taken as it stands now.
"""

from __future__ import annotations

import ast
import dis
import inspect
import marshal
import math
import textwrap
import types
from collections.abc import Callable
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
    parts = _Parts()
    parts.add(function)
    return Program(parts.text(), function.__name__)


class _Parts:
    """Collects imports, constants and functions, each once, helpers before their users."""

    def __init__(self) -> None:
        self.imports: dict[str, str] = {}
        self.constants: dict[str, str] = {}
        self.functions: dict[str, str] = {}
        self.seen: set[Callable] = set()

    def text(self) -> str:
        blocks = ["\n".join(self.imports.values()), "\n".join(self.constants.values())]
        return "\n\n".join(block for block in [*blocks, *self.functions.values()] if block) + "\n"

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
        for name in _free_names(function):
            if name in function.__globals__:
                self._global(name, function.__globals__[name], function)
        self.functions[function.__name__] = source

    def _global(self, name: str, value: Any, user: types.FunctionType) -> None:
        if isinstance(value, types.ModuleType):
            self.imports[name] = _import(value.__name__, name)
        elif isinstance(value, types.FunctionType) and value.__module__ == user.__module__:
            self.add(value)
            if value.__name__ != name:
                self.constants[name] = f"{name} = {value.__name__}"
        elif getattr(value, "__module__", None) and hasattr(value, "__qualname__"):
            self.imports[name] = _from_import(value, name, user)
        elif type(value).__module__ == "re" and type(value).__name__ == "Pattern":
            self.imports["re"] = "import re"
            self.constants[name] = f"{name} = re.compile({value.pattern!r}, {value.flags})"
        else:
            self.constants[name] = f"{name} = {_literal(value, name, user)}"


def _source(function: types.FunctionType) -> str:
    if hasattr(function, "__wrapped__"):
        raise BadInput(f"{function.__name__} is wrapped by a decorator: give the function inside")
    if function.__name__ == "<lambda>":
        raise BadInput("a lambda cannot be refined: give a function made with def")
    try:
        source = textwrap.dedent(inspect.getsource(function))
        tree = ast.parse(source)
    except (OSError, TypeError, SyntaxError):
        raise BadInput(
            f"the source of {function.__name__} cannot be read: define it in a file or a cell"
        ) from None
    if "." in function.__qualname__ and "<locals>" not in function.__qualname__:
        raise BadInput(f"{function.__qualname__} is a method: give a plain function")
    first = tree.body[0]
    lines = source.splitlines(keepends=True)
    return "".join(lines[first.lineno - 1 :]) if isinstance(first, ast.FunctionDef) else source


def _free_names(function: types.FunctionType) -> list[str]:
    """Globals that the function's code reads, nested functions and comprehensions included, in order.

    BadInput when it assigns one: then its result depends on when it runs.
    """
    names: dict[str, None] = {}
    codes = [function.__code__]
    for code in codes:
        for instruction in dis.get_instructions(code):
            if instruction.opname in ("STORE_GLOBAL", "DELETE_GLOBAL"):
                raise BadInput(
                    f"{function.__name__} changes the global {instruction.argval}: pass it in, return it"
                )
            if instruction.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
                names[instruction.argval] = None
        codes += [const for const in code.co_consts if isinstance(const, types.CodeType)]
    defaults = ast.parse(_source(function)).body[0]
    for node in ast.walk(defaults.args if isinstance(defaults, ast.FunctionDef) else ast.Module([], [])):
        if isinstance(node, ast.Name):
            names[node.id] = None
    return list(names)


def _import(module: str, name: str) -> str:
    if module == name:
        return f"import {module}"
    package, _, last = module.rpartition(".")
    return f"from {package} import {last}" if last == name and package else f"import {module} as {name}"


def _from_import(value: Any, name: str, user: types.FunctionType) -> str:
    module = value.__module__
    if module in (user.__module__, "__main__"):
        raise BadInput(
            f"{user.__name__} uses {name}, which is defined beside it and is not a function: pass it in"
        )
    own = value.__qualname__
    if "." in own:
        raise BadInput(
            f"{user.__name__} uses {name} ({module}.{own}), which cannot be imported by name: pass it in"
        )
    return f"from {module} import {own}" + (f" as {name}" if own != name else "")


def _literal(value: Any, name: str, user: types.FunctionType) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        return f"float({str(value)!r})"
    try:
        marshal.dumps(value)
        text = repr(value)
        if ast.literal_eval(text) == value:
            return text
    except (ValueError, SyntaxError):
        pass
    raise BadInput(
        f"{user.__name__} uses the global {name}, a {type(value).__name__} without a literal form: pass it in"
    )
