"""A method as a program of its own: its class, and an entry that rebuilds `self` from plain data.

The sandbox takes plain data only, so an instance travels as its attributes; what the method leaves of them
comes back as what it left of its first argument, and is compared like that. `__init__` is not run. Methods
that nothing in the program mentions are left out, so that nobody improves those.
Covered: plain, static and class methods, dataclasses, base classes of the user's own. Not covered, and
refused: properties, slots, attributes that are no plain data, bases from elsewhere, nested classes, methods
that set attributes of the class. Not seen: changes inside those, and two attributes that share one list.
"""

from __future__ import annotations
import __future__

import abc
import ast
import dataclasses
import dis
import inspect
import sys
import types
import typing
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from labkit.errors import BadInput
from labkit.sandbox import Program, values

from .capture import Parts, at_margin, is_own
from .members import ENTRY
from .task import CodeTask, as_arguments, import_file, made_by

_ON_INSTANCE = """def labkit_entry(labkit_state, *arguments):
    labkit_self = object.__new__({cls})
    labkit_self.__dict__.update(labkit_state)
    labkit_answer = labkit_self.{name}(*arguments)
    labkit_state.clear()
    labkit_state.update(labkit_self.__dict__)
    return labkit_answer
"""
_ON_CLASS = "def labkit_entry(*arguments):\n    return {cls}.{name}(*arguments)\n"
_STATELESS = {object, abc.ABC, typing.Generic, typing.Protocol}
_FUTURE = __future__.annotations.compiler_flag


@dataclass(frozen=True)
class Method:
    """A method of a class by its name; `on`: the instance that it was taken from, if any."""

    cls: type
    name: str
    on: Any = None

    @classmethod
    def of(cls, function: Callable) -> Method:
        """From `Class.method` or `instance.method`. BadInput where it is neither."""
        owner = getattr(function, "__self__", None)
        if isinstance(owner, type):
            return cls(owner, function.__name__)
        if isinstance(function, types.MethodType):
            return cls(type(owner), function.__name__, owner)
        path = getattr(function, "__qualname__", "").split(".")
        found = getattr(function, "__globals__", {}).get(path[0])
        if len(path) != 2 or not isinstance(found, type):
            raise BadInput(f"{'.'.join(path)} is not a method of a class at the top of its module")
        return cls(found, path[1])

    def __str__(self) -> str:
        return f"{self.cls.__name__}.{self.name}"

    @property
    def mangled(self) -> str:
        private = self.name.startswith("__") and not self.name.endswith("__")
        return f"_{self.cls.__name__.lstrip('_')}{self.name}" if private else self.name

    def raw(self) -> Any:
        """As the class holds it. BadInput where it is no method, or its `self` cannot be rebuilt."""
        found = next((vars(c)[self.mangled] for c in self.cls.__mro__ if self.mangled in vars(c)), None)
        if found is None:
            has = [name for name, value in vars(self.cls).items() if inspect.isroutine(value)]
            raise BadInput(f"{self.cls.__name__} has no method {self.name!r}: it has {', '.join(has)}")
        if not isinstance(found, types.FunctionType | staticmethod | classmethod):
            raise BadInput(
                f"{self} is a {type(found).__name__}, not a method: refine a function that it calls"
            )
        if isinstance(found, types.FunctionType):
            self._rebuildable()
        return found

    def _rebuildable(self) -> None:
        if type(self.cls) not in (type, abc.ABCMeta, type(typing.Protocol)):
            raise BadInput(f"{self}: {self.cls.__name__} has a metaclass: its instances cannot be rebuilt")
        for base in self.cls.__mro__:
            if base not in _STATELESS and not (
                base.__module__ == self.cls.__module__ or is_own(base.__module__)
            ):
                raise BadInput(
                    f"{self}: {self.cls.__name__} inherits from {base.__module__}.{base.__qualname__}, which"
                    " is not your own code: its instances cannot be rebuilt from plain data"
                )
            if base not in _STATELESS and vars(base).get("__slots__"):
                raise BadInput(
                    f"{self}: {base.__name__} has __slots__: only attributes of a __dict__ can be sent"
                )

    def program(self) -> Program:
        """The class with what it uses, and the entry. BadInput names what cannot be taken along."""
        on_instance = isinstance(self.raw(), types.FunctionType)
        form = _ON_INSTANCE if on_instance else _ON_CLASS
        entry = form.format(cls=self.cls.__name__, name=self.mangled)
        keep = _mentioned(entry) | {self.name}
        while True:  # what is kept may mention more
            source = f"{_class_text(self.cls, keep)}\n\n{entry}"
            if (more := _mentioned(source)) <= keep:
                return Program(source, ENTRY)
            keep |= more

    def arguments(self, inputs: Sequence) -> tuple[tuple, ...]:
        """Each input with the instance as its attributes; static and class methods take theirs as is."""
        if not isinstance(self.raw(), types.FunctionType):
            return as_arguments(inputs)
        given = as_arguments(inputs)
        if self.on is not None:
            given = tuple((self.on, *rest) for rest in given)
        return tuple(self._sent(i, *each) for i, each in enumerate(given))

    def _sent(self, i: int, instance: Any = None, *rest: Any) -> tuple:
        name = self.cls.__name__
        if type(instance).__qualname__ != name or _file(type(instance)) != _file(self.cls):
            raise BadInput(
                f"input {i} of {self} starts with a {type(instance).__name__}: give tuples ({name} instance,"
                " arguments ..)"
            )
        state = dict(vars(instance))
        values.encode(state, f"input {i}: vars({name})")
        return (state, *rest)


def method_task(function: Callable, inputs: Sequence, tolerance: float = 0.0) -> CodeTask:
    """`Class.method` with inputs (instance, arguments ..), or `instance.method` with its arguments.

    Static and class methods take their arguments alone.
    """
    method = Method.of(function)
    doc = inspect.getdoc(function) or ""
    return CodeTask(str(method), method.program(), method.arguments(inputs), doc, tolerance)


def load_method(path: str | Path, name: str, inputs: Callable[[], Sequence] | str = "inputs") -> CodeTask:
    """`Class.method` of a user's file; `inputs` as in load_file, each a tuple (instance, arguments ..)."""
    module = import_file(path)
    owner, _, short = name.partition(".")
    cls = getattr(module, owner, None)
    if not isinstance(cls, type):
        has = [n for n, v in vars(module).items() if isinstance(v, type) and v.__module__ == module.__name__]
        raise BadInput(f"{path} has no class {owner!r}: it has {', '.join(has) or 'none'}")
    if "." in short:
        raise BadInput(f"{path}: {name} is of a nested class: move {name.rpartition('.')[0]} to the top")
    method = Method(cls, short)
    program = method.program()
    made, maker = made_by(module, inputs, path)
    generate = partial(_generated, method, maker) if maker else None
    statement = (module.__doc__ or "").strip()
    return CodeTask(name, program, method.arguments(made), statement, generate=generate)


def _generated(method: Method, maker: Callable, seed: int, size: float) -> tuple[tuple, ...]:
    return method.arguments(maker(seed=seed, size=size))


def _class_text(cls: type, keep: set[str]) -> str:
    parts = _Classes(keep)
    parts.add_class(cls)
    if parts.future and parts.read_by_dataclass:  # it would look strings up in a module that is not there
        parts = _Classes(keep, evaluated=True)
        parts.add_class(cls)
    return parts.text()


def _mentioned(source: str) -> set[str]:
    """Every name and attribute of a program."""
    nodes = list(ast.walk(ast.parse(source)))
    return {getattr(node, "attr", None) or getattr(node, "id", "") for node in nodes}


class _Classes(Parts):
    """Takes the user's own classes along, too, with those methods that are to be kept."""

    def __init__(self, keep: set[str], evaluated: bool = False) -> None:
        super().__init__()
        self.keep, self.evaluated, self.read_by_dataclass = keep, evaluated, False

    def add_class(self, cls: type) -> None:
        if cls in self.seen:
            if self.evaluated and cls not in self.functions:  # an annotation inside of it names it
                self.constants.setdefault(cls.__name__, f"{cls.__name__} = object")
            return
        self.seen.add(cls)
        source = _kept(_class_source(cls), cls, self.keep)
        _check_assignments(source, cls)
        self._mean(cls.__name__, cls, cls)
        functions = [found for found in map(_function, vars(cls).values()) if found]
        strings = not self.evaluated and any(f.__code__.co_flags & _FUTURE for f in functions)
        self.future |= strings
        self.read_by_dataclass |= dataclasses.is_dataclass(cls)
        space = functions[0].__globals__ if functions else vars(sys.modules[cls.__module__])
        self._names(list(_class_names(source, cls, strings)), space, cls, source)
        self.functions[cls] = source

    def _global(self, name: str, value: Any, user: Callable, source: str) -> None:
        if isinstance(value, type) and (value.__module__ == user.__module__ or is_own(value.__module__)):
            self._mean(name, value, user)
            self.add_class(value)
            self._alias(name, value)
        else:
            super()._global(name, value, user, source)


def _function(member: Any) -> types.FunctionType | None:
    """The function that was written in a class's body; a dataclass's own are not."""
    found = inspect.unwrap(getattr(member, "__func__", getattr(member, "fget", member)) or member)
    written = isinstance(found, types.FunctionType) and not found.__code__.co_filename.startswith("<string>")
    return found if written else None


def _file(cls: type) -> str:
    return str(getattr(sys.modules.get(cls.__module__), "__file__", cls.__module__))


def _class_source(cls: type) -> str:
    if "." in cls.__qualname__:
        raise BadInput(f"{cls.__qualname__} is a class inside another one or a function: move it to the top")
    try:
        source = at_margin(inspect.getsource(cls))
        node = ast.parse(source).body[0]
    except (OSError, TypeError, SyntaxError, IndexError):
        raise BadInput(
            f"the source of {cls.__name__} cannot be read: define it in a file or a cell"
        ) from None
    return "".join(source.splitlines(keepends=True)[: node.end_lineno]).rstrip("\n") + "\n"


def _kept(source: str, cls: type, keep: set[str]) -> str:
    """A class's source without the methods that nobody mentions."""
    node, lines = ast.parse(source).body[0], source.splitlines(keepends=True)
    needed = {name for base in cls.__mro__ for name in getattr(base, "__abstractmethods__", ())}
    out = [
        each
        for each in node.body
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)
        and not (each.name in keep | needed or (each.name.startswith("__") and each.name.endswith("__")))
    ]
    if "getattr" in keep or len(out) == len(node.body):
        return source
    for each in reversed(out):
        start = min([each.lineno, *(part.lineno for part in each.decorator_list)]) - 1
        while lines[start - 1].strip() == "" or lines[start - 1].lstrip().startswith("#"):
            start -= 1
        del lines[start : each.end_lineno]
    return "".join(lines)


def _check_assignments(source: str, cls: type) -> None:
    """BadInput where a method sets an attribute of the class: it would not be compared."""
    ours = {cls.__name__, "cls", "type(self)", "self.__class__"}
    for node in ast.walk(ast.parse(source)):
        stored = isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load)
        if stored and ast.unparse(node.value) in ours:
            raise BadInput(
                f"{cls.__name__} sets {ast.unparse(node)}, an attribute of the class: keep it in self"
            )


def _class_names(source: str, cls: type, strings: bool) -> Iterator[str]:
    """Globals that a class reads: its decorators, bases, body and methods, in order, each once."""
    module = compile(source, "<captured>", "exec", flags=_FUTURE if strings else 0, dont_inherit=True)
    codes, seen = [module], set()
    for code in codes:
        own: set[str] = {"__name__"}
        for instruction in dis.get_instructions(code):
            what, name = instruction.opname, instruction.argval
            if what in ("STORE_GLOBAL", "DELETE_GLOBAL"):
                raise BadInput(f"{cls.__name__} changes the global {name} in {code.co_name}: keep it in self")
            if what == "STORE_NAME":
                own.add(name)
            free = what == "LOAD_GLOBAL" or (what.startswith("LOAD_") and "NAME" in what and name not in own)
            if free and name not in seen:
                seen.add(name)
                yield name
        codes += [const for const in code.co_consts if isinstance(const, types.CodeType)]
