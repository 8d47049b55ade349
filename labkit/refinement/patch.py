"""From the best program back to the user's file: a patch that `git apply` takes, and its application.

The captured program holds the user's functions as they stood; each one that changed is put back in its place
with its own indentation, new imports go to the imports, new helpers before the function.
Covered: functions, nested ones too, helpers of the same file, comments, line endings, encodings. Not covered:
functions that were captured from another file: those are refused with a reason.
"""

from __future__ import annotations

import ast
import difflib
import os
import shutil
import tempfile
import textwrap
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from labkit.errors import BadInput

_DEFS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True)
class Source:
    """A file's text with "\\n" line ends, and how it is stored."""

    path: Path
    text: str
    encoding: str = "utf-8"
    ends: str = "\n"

    @classmethod
    def read(cls, path: str | Path) -> Source:
        """BadInput where it is no Python text."""
        path = Path(path)
        try:
            with open(path, "rb") as file:
                encoding, _ = tokenize.detect_encoding(file.readline)
            text = path.read_bytes().decode(encoding)
        except (OSError, SyntaxError, UnicodeDecodeError) as error:
            raise BadInput(f"{path}: {getattr(error, 'strerror', None) or error}") from None
        return cls(path, text.replace("\r\n", "\n"), encoding, "\r\n" if "\r\n" in text else "\n")

    def encoded(self, text: str) -> bytes:
        return text.replace("\n", self.ends).encode(self.encoding)


def patched(file: Source, original: str, best: str) -> str:
    """The file's text with what changed from the captured `original` to `best`.

    Raises BadInput where a function that changed is not in the file as it was captured.

    >>> file = Source(Path("m.py"), "import re\\n\\ndef f(x):\\n    return x  # same\\n")
    >>> print(patched(file, "def f(x):\\n    return x  # same\\n", "def f(x):\\n    return +x  # same\\n"))
    import re
    <BLANKLINE>
    def f(x):
        return +x  # same
    <BLANKLINE>
    """
    old, new = _definitions(original), _definitions(best)
    lines, edits = file.text.split("\n"), []
    tree = ast.parse(file.text)
    changed = [name for name in old if name in new and old[name] != new[name]]
    for name in changed:
        node, _ = _place(file, tree, name, old[name])
        indent = lines[node.lineno - 1][: node.col_offset]
        text = textwrap.indent(new[name], indent, lambda line: line.strip() != "")
        edits.append((node.lineno - 1, node.end_lineno, text.split("\n")))
    if not changed:
        return file.text
    first = min((_place(file, tree, name, old[name])[1] for name in changed), key=lambda top: top.lineno)
    at = min([first.lineno, *(each.lineno for each in getattr(first, "decorator_list", ()))]) - 1
    while at and lines[at - 1].startswith("#"):  # a comment belongs to what follows it
        at -= 1
    for text in reversed(list(_added(original, best, old, new))):  # each goes above the one before
        edits.append((at, at, [*text.split("\n"), "", ""]))
    if imports := _new_imports(original, best, file.text):
        line = _after_imports(tree)
        edits.append((line, line, imports))
    for start, end, text in sorted(edits, key=lambda edit: (-edit[0], edit[0] == edit[1])):
        lines[start:end] = text
    return "\n".join(lines)


def _definitions(source: str) -> dict[str, str]:
    """Text of each function and class at the top, by name, without decorators."""
    lines = source.split("\n")
    return {
        node.name: "\n".join(lines[node.lineno - 1 : node.end_lineno])
        for node in ast.parse(source).body
        if isinstance(node, _DEFS)
    }


def _place(file: Source, tree: ast.Module, name: str, text: str) -> tuple[ast.stmt, ast.stmt]:
    """Where a captured definition stands in the file, and the statement at the top around it."""
    lines, seen = file.text.split("\n"), False
    for top in tree.body:
        for node in ast.walk(top):
            if isinstance(node, _DEFS) and node.name == name:
                seen = True
                if textwrap.dedent("\n".join(lines[node.lineno - 1 : node.end_lineno])) == text:
                    return node, top
    why = "has changed since it was captured" if seen else "is not in this file"
    raise BadInput(f"{file.path}: {name} {why}: the patch cannot be made; take the change from the diff")


def _added(original: str, best: str, old: dict[str, str], new: dict[str, str]) -> Iterator[str]:
    """Helpers and constants that only the best program has."""
    known = {ast.dump(node) for node in ast.parse(original).body}
    lines = best.split("\n")
    for node in ast.parse(best).body:
        if isinstance(node, _DEFS):
            if node.name not in old:
                yield new[node.name]
        elif not isinstance(node, ast.Import | ast.ImportFrom) and ast.dump(node) not in known:
            yield "\n".join(lines[node.lineno - 1 : node.end_lineno])


def _new_imports(original: str, best: str, text: str) -> list[str]:
    """Import lines that neither the original nor the file has."""
    known = {ast.unparse(node) for source in (original, text) for node in ast.parse(source).body}
    wanted = [ast.unparse(n) for n in ast.parse(best).body if isinstance(n, ast.Import | ast.ImportFrom)]
    return [line for line in wanted if line not in known]


def _after_imports(tree: ast.Module) -> int:
    """The line after the last import at the top, or after docstring and `from __future__`."""
    ends = [0]
    for node in tree.body:
        docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if not isinstance(node, ast.Import | ast.ImportFrom) and not (docstring and node is tree.body[0]):
            break
        ends.append(node.end_lineno)
    return ends[-1]


def make_patch(file: Source, text: str) -> str:
    """A unified diff from the file to `text`, with paths from the root of its checkout; '' without change."""
    name = file.path.resolve().relative_to(_root(file.path)).as_posix()
    before, after = (part.replace("\n", file.ends).split("\n") for part in (file.text, text))
    sides = [
        [f"{line}\n" for line in lines[:-1]] + [lines[-1]] * bool(lines[-1]) for lines in (before, after)
    ]
    found = difflib.unified_diff(*sides, f"a/{name}", f"b/{name}")
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in found
    )


def _root(path: Path) -> Path:
    folder = path.resolve().parent
    return next((each for each in (folder, *folder.parents) if (each / ".git").exists()), folder)


def apply(file: Source, text: str) -> None:
    """Write the new text in the file's place, whole or not at all. BadInput where it has changed since."""
    if Source.read(file.path) != file:
        raise BadInput(f"{file.path} has changed since it was read: refine it again")
    target = Path(os.path.realpath(file.path))  # a link stays one
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as part:
        part.write(file.encoded(text))
    try:
        shutil.copymode(target, part.name)
        os.replace(part.name, target)
    except OSError as error:
        os.unlink(part.name)
        raise BadInput(f"{target}: {error.strerror}") from None
