"""What is to be improved: a program, the function that is judged, and the inputs it is judged on.

A task file is an ordinary module: a function named like the task, and `inputs(seed, size)`. The lab's own
tasks in `cases/` and a user's own files are read in the same way; the lab's also have a FAMILY, EXAMPLES
with their answers, and independent solutions, which nobody who proposes gets to see.
"""

from __future__ import annotations

import importlib.util
import inspect
import pkgutil
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

from labkit.errors import BadInput
from labkit.sandbox import Program
from labkit.sandbox.judge import Check
from labkit.stats import Figure

from .capture import capture

SOLUTION = "solution_"
Generate = Callable[[int, float], Sequence[tuple]]
GROUPS = {
    "real": "labkit.refinement.cases",
    "more": "labkit.refinement.cases.more",
    "held_out": "labkit.refinement.cases.held_out",
}


@dataclass(frozen=True)
class Solution:
    """A program that somebody else wrote for a task; what it cost, and whether it passed, where known."""

    label: str
    source: str
    passed: bool | None = None
    figures: Mapping[str, Figure] = field(default_factory=dict)


@dataclass(frozen=True)
class CodeTask:
    """A program to improve. `inputs`: one tuple of arguments a call, those of the examples first.

    `examples`: small inputs with the answers that are right. `check`: how answers are compared (see
    CodeJudge.learn). `starter`: the source to start from where that is not the program itself, whose answers
    are the right ones. `generate(seed, size)`: fresh inputs, as many as `inputs` has beside the examples;
    `size` 1 is that of `inputs`. `solutions`: by others, which nobody who proposes gets to see.
    """

    name: str
    program: Program
    inputs: tuple[tuple, ...]
    statement: str = ""
    tolerance: float = 0.0
    family: str = ""
    examples: tuple[tuple[tuple, Any], ...] = field(default=(), repr=False)
    check: Check = "exact"
    starter: str | None = field(default=None, repr=False)
    generate: Generate | None = field(default=None, repr=False)
    solutions: tuple[Solution, ...] = field(default=(), repr=False)

    def __repr__(self) -> str:
        return f"<task {self.name}: {self.program.entry}() on {len(self.inputs)} inputs>"


def task_names(group: str | None = None) -> list[str]:
    """Names of the lab's own tasks: all, or those of a group.

    `real`: on text and source of this machine's standard library; `more`: in twelve families; `held_out`:
    written without sight of the rewrites.

    >>> len(task_names()), len(task_names("real")), len(task_names("held_out"))
    (64, 14, 16)
    """
    if group is not None and group not in GROUPS:
        raise BadInput(f"group={group!r}: choose one of {', '.join(GROUPS)}")
    return sorted(name for each in ([group] if group else GROUPS) for name in _names(each))


def _names(group: str) -> list[str]:
    folder = importlib.import_module(GROUPS[group])
    return [module.name for module in pkgutil.iter_modules(folder.__path__) if not module.ispkg]


def case_module(name: str) -> ModuleType:
    """The file of one of the lab's own tasks."""
    for group, package in GROUPS.items():
        if name in _names(group):
            return importlib.import_module(f"{package}.{name}")
    raise BadInput(f"there is no task {name!r}: choose one of {', '.join(task_names())}")


def load_case(name: str, *, seed: int = 0, size: float = 1.0) -> CodeTask:
    """One of the lab's own tasks; `seed` picks its data, `size` scales it."""
    module = case_module(name)
    examples = tuple((tuple(arguments), answer) for arguments, answer in module.EXAMPLES)
    inputs = [*(arguments for arguments, _ in examples), *module.inputs(seed=seed, size=size)]
    return replace(
        _from_module(module, name, inputs),
        tolerance=getattr(module, "TOLERANCE", 0.0),
        family=module.FAMILY,
        examples=examples,
        check=getattr(module, "CHECK", "exact"),
        generate=partial(_scaled, module.inputs, size),
    )


def _scaled(make: Generate, unit: float, seed: int, size: float) -> Sequence[tuple]:
    return make(seed=seed, size=unit * size)


def reference_solutions(name: str) -> dict[str, Program]:
    """Independent solutions of one of the lab's own tasks, by label; its start is none of them.

    >>> sorted(reference_solutions("running_top"))[:2]
    ['counts', 'heap']
    """
    found = {label: f for label, f in vars(case_module(name)).items() if label.startswith(SOLUTION)}
    return {label.removeprefix(SOLUTION): capture(function) for label, function in found.items()}


def load_file(path: str | Path, function: str, inputs: Callable[[], Sequence] | str = "inputs") -> CodeTask:
    """A function of a user's file, with its inputs made by another function.

    `inputs`: the maker's name in the same file, FILE::NAME, or the function itself. One that takes `seed` and
    `size` also makes the inputs that no turn has seen.
    """
    module = import_file(path)
    _attribute(module, function, path)
    made, maker = made_by(module, inputs, path)
    generate = partial(_scaled, maker, 1.0) if maker else None
    return replace(_from_module(module, function, made), generate=generate)


def made_by(
    module: ModuleType, inputs: Callable[[], Sequence] | str, path: str | Path
) -> tuple[Sequence, Callable | None]:
    """The inputs that a maker gives, and the maker itself where it takes `seed` and `size`."""
    maker = _maker(module, inputs, path) if isinstance(inputs, str) else inputs
    sized = {"seed", "size"} <= set(inspect.signature(maker).parameters)
    try:
        made = maker(seed=0, size=1.0) if sized else maker()
    except Exception as error:
        name = getattr(maker, "__name__", "inputs")
        raise BadInput(f"{path}::{name}() fails: {type(error).__name__}: {error}") from error
    return made, maker if sized else None


def _maker(module: ModuleType, inputs: str, path: str | Path) -> Callable:
    other, separator, name = inputs.rpartition("::")
    return _attribute(import_file(other), name, other) if separator else _attribute(module, inputs, path)


def from_function(function: Callable, inputs: Sequence, tolerance: float = 0.0) -> CodeTask:
    """A function as it stands in a cell or module, with what it uses of its surroundings."""
    name = getattr(function, "__name__", "")
    return CodeTask(name, capture(function), as_arguments(inputs), function.__doc__ or "", tolerance)


def as_task(
    what: CodeTask | Callable | str, inputs: Sequence | None = None, *, tolerance: float = 0.0, seed: int = 0
) -> CodeTask:
    """A task from a task, the name of one of the lab's own, or a function with its inputs."""
    if isinstance(what, CodeTask):
        return what
    if isinstance(what, str):
        return load_case(what, seed=seed)
    if not callable(what):
        raise BadInput(f"cannot refine a {type(what).__name__}: give a function, a task, or a task's name")
    if inputs is None:
        raise BadInput(f"no inputs for {what.__name__}: refine({what.__name__}, inputs=[...])")
    if inspect.ismethod(what) or isinstance(getattr(what, "__globals__", {}).get(_owner(what)), type):
        from .methods import method_task

        return method_task(what, inputs, tolerance)
    return from_function(what, inputs, tolerance)


def _owner(function: Callable) -> str:
    """The class that a function was written in, or ''."""
    return getattr(function, "__qualname__", "").rpartition(".")[0]


def as_arguments(inputs: Sequence) -> tuple[tuple, ...]:
    """Each input as a tuple of arguments; anything that is not a tuple is taken as the only argument."""
    if isinstance(inputs, str | bytes) or not isinstance(inputs, Sequence):
        raise BadInput(f"inputs is a {type(inputs).__name__}: give a list with one item a call")
    if not inputs:
        raise BadInput("inputs is empty: give at least one item, the arguments of one call")
    return tuple(i if isinstance(i, tuple) else (i,) for i in inputs)


def import_file(path: str | Path) -> ModuleType:
    """Run a user's Python file as a module, with its folder importable, as Python itself would do."""
    path = Path(path)
    if not path.is_file():
        raise BadInput(
            f"{path}: {'a folder, not a Python file' if path.is_dir() else 'there is no such file'}"
        )
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None:
        raise BadInput(f"{path}: not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(path.parent.resolve()))
    try:
        sys.modules[path.stem] = module
        spec.loader.exec_module(module)
    except Exception as error:
        raise BadInput(f"{path} cannot be imported: {type(error).__name__}: {error}") from error
    finally:
        sys.path.pop(0)
    return module


def _attribute(module: ModuleType, name: str, path: str | Path) -> Any:
    found = getattr(module, name, None)
    if not callable(found):
        functions = [n for n, v in vars(module).items() if callable(v) and v.__module__ == module.__name__]
        raise BadInput(f"{path} has no function {name!r}: it has {', '.join(functions) or 'none'}")
    return found


def _from_module(module: ModuleType, function: str, inputs: Sequence) -> CodeTask:
    statement = (module.__doc__ or "").strip()
    return CodeTask(function, capture(getattr(module, function)), as_arguments(inputs), statement)
