"""Kernel tasks in KernelBench's format: what is computed, on which shapes, in which types.

A task is a Python file with module constants, `Model`, `get_inputs` and `get_init_inputs`; our own also name
their SHAPES, BOUNDARY shapes, DTYPES and FAMILY. The file is only read here, as a syntax tree; it is run in a
confined process (`inside/host.py`). Not covered: sizes that are computed inside functions.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from labkit.errors import BadInput

CASES = Path(__file__).parent / "cases"
ShapePolicy = Literal["as-is", "clamp", "fit"]
DTYPES = ("float32", "float16", "bfloat16", "float64")
NEEDED = {"Model", "get_inputs", "get_init_inputs"}
CLAMP = 64  # KernelBench's tasks with every size at most so: 96 of its 100 of level 1 then run on a laptop
FITS = (512, 256, 128, 64, 32, 16, 8)  # the sizes that `fit` tries, largest first
Sizes = Mapping[str, int]


@dataclass(frozen=True)
class KernelTask:
    """`shapes`: the sizes that are timed; `boundary`: those that are only checked. Sizes are named as in the
    source, where they are module constants."""

    name: str
    source: str
    statement: str = ""
    family: str = ""
    shapes: tuple[Sizes, ...] = ({},)
    boundary: tuple[Sizes, ...] = ()
    dtypes: tuple[str, ...] = ("float32",)

    @functools.cached_property
    def sizes(self) -> dict[str, int]:
        """The module's integer constants."""
        return {name: node.value for name, node in _integers(ast.parse(self.source)).items()}

    def at(self, sizes: Sizes) -> dict[str, int]:
        """All sizes, with these in place of the source's own."""
        return {**self.sizes, **sizes}

    def source_at(self, sizes: Sizes) -> str:
        """The source with these sizes for its own: rewritten in the text, so no code can rebind them."""
        tree = ast.parse(self.source)
        found = _integers(tree)
        if unknown := [name for name in sizes if name not in found]:
            raise BadInput(f"{self.name}: no module constant {unknown[0]!r}: it has {', '.join(found)}")
        lines = self.source.encode().splitlines(keepends=True)
        places = [(found[name], value) for name, value in sizes.items()]
        for node, value in sorted(places, key=lambda p: (p[0].lineno, p[0].col_offset), reverse=True):
            line = lines[node.lineno - 1]
            lines[node.lineno - 1] = line[: node.col_offset] + b"%d" % value + line[node.end_col_offset :]
        return b"".join(lines).decode()


def in_words(sizes: Sizes) -> str:
    """A shape as people read it."""
    return ", ".join(f"{name}={value}" for name, value in sizes.items()) or "its own sizes"


def _integers(tree: ast.Module) -> dict[str, ast.Constant]:
    """Module constants that are plain integers, by name; of a name given twice the last counts."""
    found: dict[str, ast.Constant] = {}
    for statement in tree.body:
        if not isinstance(statement, ast.Assign):
            continue
        for target in statement.targets:
            names = target.elts if isinstance(target, ast.Tuple) else [target]
            values = statement.value.elts if isinstance(statement.value, ast.Tuple) else [statement.value]
            for name, value in zip(names, values, strict=False):
                plain = isinstance(value, ast.Constant) and type(value.value) is int
                if isinstance(name, ast.Name) and plain:
                    found[name.id] = value
    return found


def task_from_source(source: str, name: str = "task", policy: ShapePolicy = "as-is") -> KernelTask:
    """A task from the text of a file in KernelBench's format.

    `policy`: "as-is" takes the sizes that stand there, "clamp" none above 64; "fit" clamps them as little as
    this machine's memory makes necessary (see `material.fitted`). Raises BadInput when something is missing.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError) as error:
        raise BadInput(f"{name}: not Python: {error}") from None
    defined = {node.name for node in tree.body if isinstance(node, ast.ClassDef | ast.FunctionDef)}
    if missing := sorted(NEEDED - defined):
        raise BadInput(f"{name}: defines no {missing[0]}: a task has {', '.join(sorted(NEEDED))}")
    if policy not in ("as-is", "clamp", "fit"):
        raise BadInput(f"policy={policy!r}: choose as-is, clamp or fit")
    told = _told(tree, name)
    task = KernelTask(name, source, (ast.get_docstring(tree) or "").strip(), **told)
    return replace(task, shapes=tuple(_clamped(task, s) for s in task.shapes)) if policy == "clamp" else task


def _told(tree: ast.Module, name: str) -> dict[str, Any]:
    """What a file of ours says beyond KernelBench's format."""
    told: dict[str, Any] = {}
    keys = {"FAMILY": "family", "SHAPES": "shapes", "BOUNDARY": "boundary", "DTYPES": "dtypes"}
    for statement in tree.body:
        target = statement.targets[0] if isinstance(statement, ast.Assign) else None
        if isinstance(target, ast.Name) and target.id in keys:
            value = _literal(statement.value, f"{name}: {target.id}")
            told[keys[target.id]] = value if isinstance(value, str) else tuple(value)
    if unknown := [d for d in told.get("dtypes", ()) if d not in DTYPES]:
        raise BadInput(f"{name}: DTYPES has {unknown[0]!r}: choose of {', '.join(DTYPES)}")
    return told


def _literal(node: ast.expr, what: str) -> Any:
    """A literal; `dict(A=1)` counts as one."""
    if isinstance(node, ast.List | ast.Tuple):
        return [_literal(part, what) for part in node.elts]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "dict":
        return {k.arg: _literal(k.value, what) for k in node.keywords}
    try:
        return ast.literal_eval(node)
    except ValueError:
        raise BadInput(f"{what} is no literal: write the values themselves") from None


def _clamped(task: KernelTask, sizes: Sizes, most: int = CLAMP) -> dict[str, int]:
    return {name: min(value, most) for name, value in task.at(sizes).items()}


def smaller(task: KernelTask) -> list[KernelTask]:
    """The same task with its sizes clamped to less and less: what `fit` tries in turn."""
    return [replace(task, shapes=tuple(_clamped(task, s, most) for s in task.shapes)) for most in FITS]


def load_task(path: str | Path, policy: ShapePolicy = "as-is") -> KernelTask:
    """The task in a file. Raises BadInput when there is none."""
    return task_from_source(read_source(path), Path(path).stem, policy)


def read_source(path: str | Path) -> str:
    """The text of a user's file. Raises BadInput."""
    try:
        return Path(path).read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from None


def load_folder(path: str | Path, policy: ShapePolicy = "as-is") -> list[KernelTask]:
    """Every task below a folder (KernelBench's `level1`, say), in order; other files are passed by."""
    files = sorted(file for file in Path(path).rglob("*.py") if file.name != "__init__.py")
    tasks = []
    for file in files:
        try:
            tasks.append(load_task(file, policy))
        except BadInput:
            continue
    if not tasks:
        raise BadInput(f"{path}: no task in KernelBench's format below it")
    return tasks


@functools.cache
def own_tasks() -> dict[str, KernelTask]:
    """The tasks that come with labkit, by name.

    >>> own_tasks()["softmax"].family
    'softmax'
    """
    return {file.stem: load_task(file) for file in sorted((CASES / "tasks").glob("*.py"))}


def task_named(name: str | KernelTask | Path, policy: ShapePolicy = "as-is") -> KernelTask:
    """One of ours by name, or the task in a file. Raises BadInput."""
    if isinstance(name, KernelTask):
        return name
    if isinstance(name, Path) or name.endswith(".py"):
        return load_task(name, policy)
    if name not in own_tasks():
        raise BadInput(f"no kernel task {name!r}: give a file, or one of {', '.join(own_tasks())}")
    return own_tasks()[name]
