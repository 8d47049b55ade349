"""A notebook as a function: its name, its typed parameters with their help, and checked values for them."""

from __future__ import annotations

import ast
import io
import json
import re
import tokenize
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labkit.errors import BadInput

_TYPES: dict[str, tuple[type, ...]] = {
    "int": (int,), "float": (float, int), "str": (str,), "bool": (bool,), "list": (list,), "dict": (dict,),
}  # fmt: skip


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
        """The value for a command-line text; ValueError when it is not of this kind."""
        if self.kind == "str":
            return text
        if self.kind == "bool" and text.lower() in ("true", "false"):
            return text.lower() == "true"
        try:
            value = ast.literal_eval(text)
        except (ValueError, SyntaxError):
            raise ValueError(text) from None
        return self.check(value)

    def check(self, value: Any) -> Any:
        wanted = _TYPES.get(self.kind)
        if wanted and (not isinstance(value, wanted) or (isinstance(value, bool) and self.kind != "bool")):
            raise ValueError(repr(value))
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
        """The file's name, with what cannot be part of a record's name replaced."""
        return re.sub(r"[^A-Za-z0-9_.-]", "_", self.path.stem).lstrip(".") or "notebook"

    @classmethod
    def load(cls, path: str | Path) -> Notebook:
        """Read a notebook. BadInput when there is none, or it is not one."""
        path = Path(path)
        try:
            content = json.loads(path.read_text())
            cells, metadata = content["cells"], content.get("metadata", {})
            code = ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]
            tags = [c.get("metadata", {}).get("tags", []) for c in cells if c["cell_type"] == "code"]
        except FileNotFoundError:
            raise BadInput(f"{path}: there is no such notebook") from None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise BadInput(f"{path} cannot be read as a notebook: {error}") from None
        tagged = [text for text, names in zip(code, tags, strict=True) if "parameters" in names]
        parameters = _parameters(tagged[0], path) if tagged else ()
        kernel = None if "kernelspec" in metadata else "python3"
        return cls(path, "\n".join("".join(c["source"]) for c in cells), parameters, bool(tagged), kernel)

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
            except ValueError:
                raise BadInput(
                    f"{self.name}: {name}={value} is not of type {known[name].kind}; it has: {listing}"
                ) from None
        return values


def find_notebooks(folder: str | Path, names: Sequence[str] = ()) -> list[Notebook]:
    """The named notebooks (a name in `folder`, or a path); all of `folder` when none is named."""
    folder = Path(folder)
    if not names:
        found = sorted(folder.glob("*.ipynb"))
        if not found:
            raise BadInput(f"no notebooks in {folder}/: name one, or say where they are with --notebooks")
        return [Notebook.load(path) for path in found]
    return [_named(folder, name) for name in names]


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
    except SyntaxError as error:
        raise BadInput(f"{path}: the parameters cell does not parse: {error.msg}") from None
    comments = {
        token.start[0]: token.string.lstrip("# ").strip()
        for token in tokenize.generate_tokens(io.StringIO(cell).readline)
        if token.type == tokenize.COMMENT
    }
    found = []
    for node in tree.body:
        if isinstance(node, ast.AnnAssign) and node.value is not None:
            target, kind = node.target, ast.unparse(node.annotation).partition("[")[0]
        elif isinstance(node, ast.Assign) and len(node.targets) == 1:
            target, kind = node.targets[0], ""
        else:
            continue
        try:
            default = ast.literal_eval(node.value)
        except ValueError:
            raise BadInput(
                f"{path}: the parameter on line {node.lineno} of its cell is not a plain value"
            ) from None
        name = ast.unparse(target)
        found.append(
            Parameter(name, kind or type(default).__name__, default, comments.get(node.end_lineno, ""))
        )
    return tuple(found)
