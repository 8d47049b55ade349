"""A notebook as a function: its name, its typed parameters with their help, and checked values for them."""

from __future__ import annotations

import ast
import hashlib
import io
import json
import re
import sys
import tokenize
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labkit.errors import BadInput

_TYPES: dict[str, tuple[type, ...]] = {
    "int": (int,), "float": (float, int), "str": (str,), "bool": (bool,), "list": (list,), "dict": (dict,),
}  # fmt: skip
_LOST = ("tuple", "set", "frozenset", "bytes", "complex")  # kinds that JSON would return as another
_HELD = "None, a bool, a finite number, a text, a list, or a dict with text keys"  # by JSON, as it is


@dataclass(frozen=True)
class Parameter:
    """`name: kind = default  # help`, as it stands in the parameters cell."""

    name: str
    kind: str
    default: Any
    help: str = ""

    def __str__(self) -> str:
        return f"{self.name}: {self.kind} = {self.default!r}" + (f" ({self.help})" if self.help else "")

    def parse(self, text: str) -> Any:
        """The value for a command-line text; ValueError says why it cannot be one of this kind."""
        if self.kind == "str":
            return text
        if self.kind == "bool" and text.lower() in ("true", "false"):
            return text.lower() == "true"
        try:
            value = ast.literal_eval(text)
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            raise ValueError(f"is not of type {self.kind}") from None
        return self.check(value)

    def check(self, value: Any) -> Any:
        """The value as this kind; ValueError says why it cannot be."""
        wanted = _TYPES.get(self.kind)
        if wanted and (not isinstance(value, wanted) or (isinstance(value, bool) and self.kind != "bool")):
            raise ValueError(f"is not of type {self.kind}")
        if not _held(value) or (self.kind == "float" and abs(value) > sys.float_info.max):
            raise ValueError(f"cannot be recorded as it is: give {_HELD}")
        return float(value) if self.kind == "float" else value


@dataclass(frozen=True)
class Notebook:
    """A notebook file and its parameters; `tagged` is False when it has no cell tagged `parameters`."""

    path: Path
    source: str
    parameters: tuple[Parameter, ...]
    tagged: bool
    kernel: str | None = None  # to be named when the file names none

    @property
    def name(self) -> str:
        """The file's name; one that cannot be a record's is made so, with a hash to tell it from others."""
        stem = self.path.stem
        safe = re.sub(r"[^A-Za-z0-9_.-]", "_", stem).lstrip(".")
        if safe == stem and not re.fullmatch("[0-9a-f]{12}", stem):
            return stem
        return f"{safe}-{hashlib.sha256(stem.encode(errors='surrogatepass')).hexdigest()[:6]}"

    @classmethod
    def load(cls, path: str | Path) -> Notebook:
        """Read a notebook. BadInput when there is none, or it is not one."""
        path = Path(path)
        try:
            content = json.loads(path.read_text())
            cells, metadata = content["cells"], content.get("metadata", {})
            tagged = [c for c in cells if c["cell_type"] == "code" and "parameters" in _tags(c)]
            cell = "".join(tagged[0]["source"]) if tagged else ""
            source = "\n".join("".join(c["source"]) for c in cells)
            kernel = None if "kernelspec" in metadata else "python3"
        except FileNotFoundError:
            raise BadInput(f"{path}: there is no such notebook") from None
        except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            raise BadInput(f"{path} cannot be read as a notebook: {error!r}") from None
        return cls(path, source, _parameters(cell, path), bool(tagged), kernel)

    def values(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Every parameter's value: what is given, checked, over the defaults.

        Texts are read by the parameter's type. BadInput lists the valid names and types.
        """
        if given and not self.tagged:
            raise BadInput(
                f"{self.path} has no cell tagged 'parameters', so it takes none: "
                "tag the cell that sets its values, or leave -p out"
            )
        known = {p.name: p for p in self.parameters}
        values = {p.name: p.default for p in self.parameters}
        listing = "; ".join(map(str, self.parameters))
        for name, value in given.items():
            if name not in known:
                raise BadInput(f"{self.name} has no parameter {name!r}; it has: {listing}")
            try:
                parse = known[name].parse if isinstance(value, str) else known[name].check
                values[name] = parse(value)
            except ValueError as error:
                raise BadInput(f"{self.name}: {name}={_short(value)} {error}; it has: {listing}") from None
        return values


@dataclass(frozen=True)
class Unreadable:
    """In the place of a folder's notebooks that cannot be read: says so when it is listed or run.

    It comes last, so that the others are listed and run before.
    """

    name: str
    problem: str

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        raise BadInput(self.problem)

    def values(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """None to check."""
        return {}


def find_notebooks(folder: str | Path, names: Sequence[str] = ()) -> list[Notebook | Unreadable]:
    """The named notebooks (a name in `folder`, or a path); all of `folder` when none is named.

    BadInput when a named one cannot be read; of all, those that cannot be come last, as one `Unreadable`.
    """
    folder = Path(folder)
    if not names:
        found = sorted(folder.glob("*.ipynb"))
        if not found:
            raise BadInput(f"no notebooks in {folder}/: name one, or say where they are with --notebooks")
        return _all(found)
    return [_named(folder, name) for name in names]


def _all(paths: Sequence[Path]) -> list[Notebook | Unreadable]:
    found, names, problems = [], [], []
    for path in paths:
        try:
            found.append(Notebook.load(path))
        except BadInput as error:
            names.append(path.stem)
            problems.append(str(error))
    return [*found, Unreadable(", ".join(names), "; ".join(problems))] if problems else found


def _named(folder: Path, name: str) -> Notebook:
    inside = folder / f"{name.removesuffix('.ipynb')}.ipynb"
    if inside.exists():
        return Notebook.load(inside)
    if name.endswith(".ipynb"):
        return Notebook.load(name)
    there = ", ".join(sorted(p.stem for p in folder.glob("*.ipynb"))) or "none"
    raise BadInput(f"there is no notebook {name!r} in {folder}/: it has {there}")


def _parameters(cell: str, path: Path) -> tuple[Parameter, ...]:
    """The assignments of the parameters cell; a default must be a plain value, so that it can be recorded."""
    try:
        tree = ast.parse(cell)
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        said = getattr(error, "msg", None) or error
        raise BadInput(f"{path}: the parameters cell does not parse: {said}") from None
    comments = {
        token.start[0]: token.string.lstrip("# ").strip()
        for token in tokenize.generate_tokens(io.StringIO(cell).readline)
        if token.type == tokenize.COMMENT
    }
    found = [_parameter(node, comments, path) for node in tree.body if _is_assignment(node)]
    return tuple({p.name: p for p in found}.values())  # the last of a name counts, as it does in Python


def _is_assignment(node: ast.stmt) -> bool:
    """Of one value to one plain name."""
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    given = isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None
    return given and len(targets) == 1 and isinstance(targets[0], ast.Name)


def _parameter(node: ast.Assign | ast.AnnAssign, comments: Mapping[int, str], path: Path) -> Parameter:
    where = f"{path}: the parameter on line {node.lineno} of its cell"
    try:
        default = ast.literal_eval(node.value)
    except (ValueError, TypeError, MemoryError, RecursionError):
        raise BadInput(f"{where} is not a plain value") from None
    target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
    kind = _kind(node.annotation) if isinstance(node, ast.AnnAssign) else type(default).__name__
    if kind in _LOST or not _held(default):
        raise BadInput(f"{where} ({kind}) cannot be recorded as it is: use {_HELD}")
    return Parameter(target.id, kind, default, comments.get(node.end_lineno, ""))


def _kind(annotation: ast.expr) -> str:
    """`list` of list[int], and of "list[int]" in quotes."""
    quoted = isinstance(annotation, ast.Constant) and isinstance(annotation.value, str)
    return (annotation.value if quoted else ast.unparse(annotation)).partition("[")[0].strip()


def _held(value: Any) -> bool:
    """Whether it comes back from JSON as it went in: a set does not, nor a tuple, nor an infinity."""
    try:
        return json.loads(json.dumps(value, allow_nan=False)) == value
    except (TypeError, ValueError, RecursionError):
        return False


def _tags(cell: Mapping[str, Any]) -> Sequence[str]:
    return cell.get("metadata", {}).get("tags", [])


def _short(value: Any, width: int = 60) -> str:
    try:
        text = str(value)
    except (ValueError, RecursionError):  # a whole number of over 4300 digits
        text = f"({type(value).__name__})"
    return text if len(text) <= width else f"{text[: width - 3]}..."
