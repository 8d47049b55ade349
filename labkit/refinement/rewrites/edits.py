"""What a rewrite is, and how it changes the text of a program.

An ``Edit`` collects the changes of one rewrite at one place. All are splices of the source, so that comments
and layout stay; ``source()`` gives the new text, or None when the changes do not go together.
"""

from __future__ import annotations

import ast
import io
import tokenize
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from .program import Program, parse


@dataclass(frozen=True)
class Rewrite:
    """``apply`` gives one new source for each place where the rewrite fires, and [] where it does not."""

    name: str
    summary: str
    apply: Callable[[str], list[str]]


def rewrite(name: str, summary: str) -> Callable[[Callable[[Program], Iterable[Edit]]], Rewrite]:
    """Make a Rewrite of a function that yields one edit for each place."""

    def wrap(edits: Callable[[Program], Iterable[Edit]]) -> Rewrite:
        def apply(source: str) -> list[str]:
            program = parse(source)
            found = [edit.source() for edit in edits(program)] if program is not None else []
            return [new for new in dict.fromkeys(found) if new and new != source and sound(source, new)]

        apply.__doc__ = edits.__doc__
        return Rewrite(name, summary, apply)

    return wrap


def sound(source: str, new: str) -> bool:
    """Whether a new source compiles and has every comment of the old one."""
    try:
        compile(new, "<rewritten>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return not comments(source) - comments(new)


def comments(source: str) -> Counter[str]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return Counter(token.string for token in tokens if token.type == tokenize.COMMENT)


class Edit:
    def __init__(self, program: Program) -> None:
        self.program = program
        self.possible = True
        self._splices: list[tuple[int, int, str]] = []
        self._imports: dict[tuple[str, str], str] = {}
        named = (node.id for node in program.find(ast.Name))
        self._taken = {*program.bound_names, *named}

    def __bool__(self) -> bool:
        return bool(self._splices)

    # --- changes ------------------------------------------------------------------------------------------
    def splice(self, start: int, end: int, text: str) -> None:
        # the same line may be asked for at several uses, as when two loops share a table
        if (start, end, text) not in self._splices:
            self._splices.append((start, end, text))

    def replace(self, node: ast.AST, text: str) -> None:
        """Put other text in the place of an expression or a statement."""
        self.possible &= not self.program.in_fstring(node)
        self.splice(*self.program.span(node), text)

    def before(self, statement: ast.stmt, *lines: str) -> None:
        start, _ = self.program.span(statement)
        indent = self.indent(statement)
        if indent is None:
            self.splice(start, start, "".join(f"{line}; " for line in lines))
        else:
            self.splice(start - len(indent), start - len(indent), _block(indent, lines))

    def after(self, statement: ast.stmt, *lines: str) -> None:
        indent, (_, end) = self.indent(statement), self.program.span(statement)
        rest = self.program.source[end:].partition("\n")[0]
        if indent is not None and rest.lstrip()[:1] in ("", "#"):
            stop, last = end + len(rest) + 1, end + len(rest) == len(self.program.source)
            self.splice(stop - last, stop - last, "\n" * last + _block(indent, lines))
        else:
            # on the line of a compound statement this would land inside it
            self.possible &= not hasattr(statement, "body")
            self.splice(end, end, "".join(f"; {line}" for line in lines))

    def indent(self, statement: ast.stmt) -> str | None:
        """The blanks before a statement; None when something else stands before it on its line."""
        start, _ = self.program.span(statement)
        before = self.program.source[self.program.line_start(statement.lineno) : start]
        return before if not before.strip() else None

    # --- names --------------------------------------------------------------------------------------------
    def fresh(self, base: str) -> str:
        """A name that the program does not use: ``base``, else ``base_2``, ``base_3``.."""
        name, number = base, 1
        while name in self._taken:
            number += 1
            name = f"{base}_{number}"
        self._taken.add(name)
        return name

    def use(self, module: str, name: str) -> str:
        """How to write an imported name here; adds the import when the program has none."""
        for statement in self.program.tree.body:
            if isinstance(statement, ast.ImportFrom) and statement.module == module:
                for alias in statement.names:
                    local = alias.asname or alias.name
                    bound = [use for var in self.program.variables if var.name == local for use in var.uses]
                    if alias.name == name and sum(use.binds for use in bound) == 1:
                        return local
        if (module, name) not in self._imports:
            self._imports[module, name] = self.fresh(name)
        return self._imports[module, name]

    # --- result -------------------------------------------------------------------------------------------
    def source(self) -> str | None:
        if self._imports:
            self._add_imports()
        text, at = [], 0
        for start, end, new in sorted(self._splices, key=lambda splice: splice[:2]):
            if start < at:
                return None
            text += [self.program.source[at:start], new]
            at = end
        return "".join([*text, self.program.source[at:]]) if self.possible else None

    def _add_imports(self) -> None:
        """Above the first statement that is neither docstring nor ``__future__`` import, and its comment."""
        lines = self.program.source.split("\n")
        first = next(item for item in self.program.tree.body if not _preamble(item))
        line = min(node.lineno for node in (first, *getattr(first, "decorator_list", ())))
        while line > 1 and lines[line - 2].startswith("#") and not lines[line - 2].startswith("#!"):
            line -= 1
        modules: dict[str, list[str]] = {}
        for (module, name), local in sorted(self._imports.items()):
            modules.setdefault(module, []).append(name if local == name else f"{name} as {local}")
        new = "".join(f"from {module} import {', '.join(names)}\n" for module, names in modules.items())
        gap = "" if isinstance(first, ast.Import | ast.ImportFrom) else "\n\n"
        self.splice(self.program.line_start(line), self.program.line_start(line), new + gap)
        self._imports = {}


def _preamble(statement: ast.stmt) -> bool:
    match statement:
        case ast.Expr(value=ast.Constant(value=str())) | ast.ImportFrom(module="__future__"):
            return True
    return False


def _block(indent: str, lines: tuple[str, ...]) -> str:
    return "".join(f"{indent}{line}\n" if line else "\n" for line in lines)
