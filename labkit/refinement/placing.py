"""From the best program back to the text of the user's file.

The captured program holds the user's functions as they stood; each one that changed is put back in its place
with its own indentation, new imports go to the imports, new helpers before the function.
Covered: functions, nested ones too, methods, helpers of the same file, comments. Not covered, and refused
with a reason: functions that were captured from another file, constants that changed, new names that the
file has already.
"""

from __future__ import annotations

import ast
import builtins
import re
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from labkit.errors import BadInput

from .members import untested
from .patch import Source

_DEFS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_SCOPES = (*_DEFS, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_IMPORTS = (ast.Import, ast.ImportFrom)
_CODING = re.compile(r"[ \t\f]*#.*?coding[:=][ \t]*[-\w.]+")  # PEP 263


@dataclass(frozen=True)
class _Place:
    """Where a captured definition stands in the file: lines [start, end), and what is around it."""

    node: ast.stmt
    inside: ast.stmt | ast.Module
    top: ast.stmt
    start: int
    indent: str

    def fitted(self, old: str, new: str) -> list[str]:
        """The new text with the file's indentation; as it is where the old one had that already."""
        if old[: len(old) - len(old.lstrip())] != self.indent:
            new = textwrap.indent(textwrap.dedent(new), self.indent)
        return new.split("\n")


def patched(file: Source, original: str, best: str, entry: str = "") -> str:
    """The file's text with what changed from the captured `original` to `best`.

    `entry`: what the inputs call; another function is not changed where other code of the file uses it, too.
    Raises BadInput where a function that changed is not in the file as it was captured, and where the change
    would mean something else there.

    >>> from pathlib import Path
    >>> file = Source(Path("m.py"), "import re\\n\\ndef f(x):\\n    return x  # same\\n")
    >>> print(patched(file, "def f(x):\\n    return x  # same\\n", "def f(x):\\n    return +x  # same\\n"))
    import re
    <BLANKLINE>
    def f(x):
        return +x  # same
    <BLANKLINE>
    """
    if reasons := untested(original, best):
        raise _refused(file, f"the best program {'; '.join(reasons)}")
    classes = {node.name for node in ast.parse(original).body if isinstance(node, ast.ClassDef)}
    old, new = _definitions(original, classes), _definitions(best, classes)
    tree, lines = ast.parse(file.text), file.text.split("\n")
    places = {
        name: _place(file, tree, name, old[name]) for name in old if name in new and old[name] != new[name]
    }
    blocks = list(_added(original, best, old))
    _check_blocks(file, blocks)
    if not places:
        if ast.dump(ast.parse(original)) != ast.dump(ast.parse(best)):
            raise _refused(file, "the best program changes no function in its place")
        return file.text
    if entry:
        _check_others(file, tree, old, places.values(), entry)
    used = _used(best, {name.partition(".")[0] for name in (*places, *(new.keys() - old.keys()))}, blocks)
    imports = _new_imports(tree, original, best, used)
    _check_names(file, tree, original, blocks, imports, places.values())
    edits = [(p.start, p.node.end_lineno, p.fitted(old[name], new[name])) for name, p in places.items()]
    edits += _new_methods(file, lines, places, old, new)
    edits += _new_blocks(tree, lines, blocks, places.values())
    edits += _new_lines(tree, lines, imports)
    for start, end, text in sorted(edits, key=lambda edit: (-edit[0], edit[0] == edit[1])):
        lines[start:end] = text
    text = "\n".join(lines)
    _check_text(file, text, best, used - {name.rpartition(".")[2] for name in places})
    return text


def _refused(file: Source, why: str) -> BadInput:
    return BadInput(f"{file.path}: {why}: the patch cannot be made; take the change from the diff")


def _top_line(node: ast.stmt) -> int:
    """The first line of a statement, its decorators included."""
    return min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", ()))])


def _definitions(source: str, classes: set[str]) -> dict[str, str]:
    """Text of each definition at the top, by name, with decorators; of the methods (A.f) of those classes."""
    lines, found = source.split("\n"), {}
    for top in ast.parse(source).body:
        inner = isinstance(top, ast.ClassDef) and top.name in classes
        for node in top.body if inner else [top]:
            if isinstance(node, _DEFS):
                name = f"{top.name}.{node.name}" if inner else node.name
                while inner and name in found:  # a property has several
                    name += "/"
                found[name] = "\n".join(lines[_top_line(node) - 1 : node.end_lineno])
    return found


def _place(file: Source, tree: ast.Module, name: str, text: str) -> _Place:
    """Where a captured definition stands: at the top or in its class, else wherever there is one like it."""
    lines, seen, (owner, _, short) = file.text.split("\n"), False, name.rstrip("/").rpartition(".")
    for inside, node, top in _nodes(tree, owner):
        if isinstance(node, _DEFS) and node.name == short:
            seen = True
            first = _top_line(node) if text.lstrip().startswith("@") else node.lineno
            if textwrap.dedent("\n".join(lines[first - 1 : node.end_lineno])) == textwrap.dedent(text):
                return _Place(node, inside, top, first - 1, lines[node.lineno - 1][: node.col_offset])
    why = "has changed since it was captured" if seen else "is not in this file"
    raise _refused(file, f"{name.rstrip('/')} {why}")


def _nodes(tree: ast.Module, owner: str) -> Iterator[tuple[ast.AST, ast.stmt, ast.stmt]]:
    """(what is around it, statement, the statement at the top): of the class, or all, the top's own first."""
    if not owner:
        yield from ((tree, top, top) for top in reversed(tree.body))  # of two the last one counts
    for top in tree.body:
        for inside in ast.walk(top):
            if not owner or (isinstance(inside, ast.ClassDef) and inside.name == owner):
                yield from ((inside, node, top) for node in ast.iter_child_nodes(inside))


def _added(original: str, best: str, old: dict[str, str]) -> Iterator[tuple[ast.stmt, str]]:
    """Helpers and constants that only the best program has, with their text."""
    before, lines = ast.parse(original).body, best.split("\n")
    known = {ast.dump(node) for node in before} | {node.name for node in before if isinstance(node, _DEFS)}
    for node in ast.parse(best).body:
        remark = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        name = node.name if isinstance(node, _DEFS) else ast.dump(node)
        if name not in known and not remark and not isinstance(node, _IMPORTS):
            yield node, "\n".join(lines[_top_line(node) - 1 : node.end_lineno])


def _used(best: str, names: set[str], blocks: Iterable[tuple[ast.stmt, str]]) -> set[str]:
    """Names that the changed and the added parts mention."""
    nodes = [node for node in ast.parse(best).body if isinstance(node, _DEFS) and node.name in names]
    return {
        part.id
        for node in (*nodes, *(node for node, _ in blocks))
        for part in ast.walk(node)
        if isinstance(part, ast.Name)
    }


def _aliases(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """(name, import line that binds it) for each import among a node's statements."""
    for node in getattr(tree, "body", ()):
        for alias in node.names if isinstance(node, _IMPORTS) else ():
            end = f"import {alias.name}" + (f" as {alias.asname}" if alias.asname else "")
            if isinstance(node, ast.Import):
                yield alias.asname or alias.name.partition(".")[0], end
            else:
                yield alias.asname or alias.name, f"from {'.' * node.level}{node.module or ''} {end}"


def _new_imports(tree: ast.Module, original: str, best: str, used: set[str]) -> list[tuple[str, str]]:
    """(name, line) of imports that the file lacks: new ones, and another file's that are used now."""
    there, has = {line for _, line in _aliases(tree)}, _bound(tree)
    old = {line for _, line in _aliases(ast.parse(original))}
    found = dict.fromkeys(each for each in _aliases(ast.parse(best)) if each[1] not in there)
    return [(name, line) for name, line in found if line not in old or (name in used and name not in has)]


def _bound(node: ast.AST) -> set[str]:
    """Names that a scope's own statements bind, and `global` ones inside of it."""
    found, rest = {name for part in ast.walk(node) if isinstance(part, ast.Global) for name in part.names}, []
    rest += ast.iter_child_nodes(node)
    for part in rest:
        if isinstance(part, _DEFS):
            found.add(part.name)
        elif isinstance(part, _IMPORTS):
            found |= {name for name, _ in _aliases(ast.Module([part], []))}
        elif not isinstance(part, _SCOPES):
            if isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Load):
                found.add(part.id)
            elif isinstance(part, ast.arg):
                found.add(part.arg)
            elif isinstance(part, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and part.name:
                found.add(part.name)
            rest += ast.iter_child_nodes(part)
    return found


def _check_blocks(file: Source, blocks: Iterable[tuple[ast.stmt, str]]) -> None:
    """BadInput for statements at the top that do more than make something new."""
    for node, text in blocks:
        targets = getattr(node, "targets", None) or [getattr(node, "target", None)]
        makes = isinstance(node, ast.Assign | ast.AnnAssign) and all(isinstance(t, ast.Name) for t in targets)
        if not makes and not isinstance(node, _DEFS):
            raise _refused(file, f"the best program adds {text.splitlines()[0]!r} at the top")


def _check_others(
    file: Source, tree: ast.Module, old: dict[str, str], places: Iterable[_Place], entry: str
) -> None:
    """BadInput where a changed helper is used by code that was not captured, which no input has run."""
    short = {name.rpartition(".")[2] for name in old}
    foreign = [top for top in tree.body if getattr(top, "name", "") not in short and isinstance(top, _DEFS)]
    for helper in {place.node.name for place in places} - {entry.rpartition(".")[2]}:
        for top in foreign:
            named = (part for part in ast.walk(top) if isinstance(part, ast.Name | ast.Attribute))
            if any(helper == getattr(part, "id", getattr(part, "attr", "")) for part in named):
                raise _refused(file, f"the best program changes {helper}, which {top.name} uses, too")


def _check_names(
    file: Source,
    tree: ast.Module,
    original: str,
    blocks: Iterable[tuple[ast.stmt, str]],
    imports: list[tuple[str, str]],
    places: Iterable[_Place],
) -> None:
    """BadInput where a new name has a meaning in the file already, or hides one."""
    plain = {name for name, line in _aliases(tree) if line.startswith("import ") and " as " not in line}
    new = {name for node, _ in blocks for name in _bound(ast.Module([node], []))}
    new |= {n for n, line in imports if not (n in plain and line.startswith(f"import {n}"))}
    before = ast.parse(original)
    same = {name for name, line in _aliases(before) if (name, line) in imports}
    if changed := sorted((new - same) & _bound(before)):
        raise _refused(file, f"the best program changes {', '.join(changed)}, which others may use")
    around = [
        part for p in places for part in ast.walk(p.top) if isinstance(part, _DEFS) and p.top is not p.node
    ]
    taken = _bound(tree).union(*(_bound(part) for part in around if not isinstance(part, ast.ClassDef)))
    if clash := sorted(new & (taken | set(dir(builtins)))):
        raise _refused(file, f"the best program adds {', '.join(clash)}, which means something else already")


def _check_text(file: Source, text: str, best: str, used: set[str]) -> None:
    """BadInput where the new text does not parse, or uses what only the captured program has."""
    try:
        has = _bound(ast.parse(text))
    except SyntaxError as error:
        raise _refused(file, f"the change does not parse in its place (line {error.lineno})") from None
    missing = sorted((used & _bound(ast.parse(best))) - has)
    if missing and "*" not in has:
        raise _refused(file, f"the best program uses {', '.join(missing)} of another file")


def _new_methods(
    file: Source, lines: list[str], places: dict[str, _Place], old: dict[str, str], new: dict[str, str]
) -> Iterator[tuple[int, int, list[str]]]:
    """Edits that put new methods above the first one of their class that changed."""
    for name in reversed([name for name in new if "." in name and name not in old]):
        owner, _, short = name.rpartition(".")
        beside = [each for each in places if each.startswith(f"{owner}.")]
        if not beside:
            raise _refused(file, f"the best program adds {name} to a class that has not changed")
        first = min(beside, key=lambda each: places[each].start)
        if short in _bound(places[first].inside):
            raise _refused(file, f"the best program adds {name}, which is there already")
        at = _above(lines, _top_line(places[first].node) - 1)
        yield at, at, [*places[first].fitted(old[first], new[name]), ""]


def _new_blocks(
    tree: ast.Module, lines: list[str], blocks: list[tuple[ast.stmt, str]], places: Iterable[_Place]
) -> list[tuple[int, int, list[str]]]:
    """Edits that put helpers and constants above what changed, below what they need when they are made."""
    at = min(_above(lines, _top_line(place.top) - 1) for place in places)
    needed = {
        part.id
        for node, _ in blocks
        for now in ([node] if not isinstance(node, ast.FunctionDef) else [*node.decorator_list, node.args])
        for part in ast.walk(now)
        if isinstance(part, ast.Name)
    }
    below = max([0, *(n.end_lineno for n in tree.body if _bound(ast.Module([n], [])) & needed)])
    start = ["", ""] if below > at else []
    at, end = max(at, below), [] if below > at else ["", ""]
    # each goes above the one before
    return [(at, at, [*start, *text.split("\n"), *end]) for _, text in reversed(blocks)]


def _new_lines(
    tree: ast.Module, lines: list[str], imports: list[tuple[str, str]]
) -> Iterator[tuple[int, int, list[str]]]:
    """Edits that put imports below those that are there, `from __future__` first."""
    future = end = doc = _first_lines(lines)
    bare = True
    for node in tree.body:
        value = getattr(node.value, "value", None) if isinstance(node, ast.Expr) else None
        if isinstance(value, str) and node is tree.body[0]:
            future = end = doc = node.end_lineno
        elif isinstance(node, _IMPORTS):
            end, bare = node.end_lineno, False
            future = end if getattr(node, "module", "") == "__future__" else future
        else:
            break
    new = [line for _, line in imports]
    early = [line for line in new if line.startswith("from __future__ ")]
    late = [line for line in new if line not in early]
    for at, text in ((end, late), (future, early)):  # of two at one line the last comes first
        if text:
            before = [""] * bool(at == doc and at and lines[at - 1].strip() and at > _header(lines))
            after = ["", ""] * bool(bare and at < len(lines) and lines[at].strip())
            yield at, at, [*before, *text, *after]


def _header(lines: list[str]) -> int:
    """How many lines must stay first: `#!` and the encoding."""
    if len(lines) > 1 and _CODING.match(lines[1]) and lines[0].strip()[:1] in ("", "#"):
        return 2
    return int(lines[0].startswith("#!") or bool(_CODING.match(lines[0])))


def _first_lines(lines: list[str]) -> int:
    """Where code may start: below the header, and a comment that stands alone, such as a licence."""
    start = end = _header(lines)
    while end < len(lines) and lines[end].startswith("#"):
        end += 1
    return start if end < len(lines) and lines[end].strip() else end


def _above(lines: list[str], at: int) -> int:
    """A line, or that of the comment above it, which belongs to what follows."""
    while at > _header(lines) and lines[at - 1].lstrip().startswith("#"):
        at -= 1
    return at
