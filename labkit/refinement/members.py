"""What a proposed program changes of the user's classes although no call of the method can show it.

Covered: `__init__` and other methods that are not run, the class outside of its methods, the entry, new
special methods, which are called by no name. Not covered: whether a changed method is right, which the judge
finds out.
"""

from __future__ import annotations

import ast
import re

ENTRY = "labkit_entry"


def untested(original: str, best: str) -> list[str]:
    """What `best` changes of a class although no call can show it: reasons to refuse it, [] for none.

    >>> old = "class A:\\n    def __init__(self): ...\\n    def f(self): return 1\\n"
    >>> untested(old + "def labkit_entry(a): return a.f()\\n", old.replace("...", "self.x = 1"))
    ['changes labkit_entry', 'changes A.__init__, which the inputs do not run']
    """
    before, after = ast.parse(original), ast.parse(best)
    old, new = _classes(before), _classes(after)
    reached, reasons = _reached(before), []
    if _members(before).get(ENTRY) != _members(after).get(ENTRY):
        reasons.append(f"changes {ENTRY}")
    for name, cls in old.items():
        if name not in new:
            reasons.append(f"leaves out {name}")
            continue
        mine, its = _members(cls), _members(new[name])
        if _frame(cls) != _frame(new[name]):
            reasons.append(f"changes {name} outside of its methods")
        changed = [each for each in mine | its if mine.get(each) != its.get(each)]
        special = [each for each in changed if each not in mine and each.startswith("__")]
        reasons += [f"adds {name}.{each}, which is called by no name" for each in special]
        unseen = [each for each in changed if each in mine and (each not in its or each not in reached)]
        reasons += [f"changes {name}.{each}, which the inputs do not run" for each in unseen]
    return reasons


def _classes(tree: ast.Module) -> dict[str, ast.ClassDef]:
    return {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}


def _members(tree: ast.Module | ast.ClassDef) -> dict[str, list[str]]:
    """Functions of a body as dumps, by name; a property has several."""
    found: dict[str, list[str]] = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found.setdefault(node.name, []).append(ast.dump(node))
    return found


def _frame(cls: ast.ClassDef) -> list[str]:
    """A class without its methods."""
    rest = [each for each in cls.body if not isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)]
    return [ast.dump(node) for node in (*cls.decorator_list, *cls.bases, *cls.keywords, *rest)]


def _reached(tree: ast.Module) -> set[str]:
    """Names that the entry mentions, and those that whatever has such a name mentions."""
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    reached, done = {ENTRY}, 0
    while done < len(reached):
        done = len(reached)
        for part in (p for f in functions if f.name in reached for p in ast.walk(f)):
            name = part.attr if isinstance(part, ast.Attribute) else getattr(part, "id", "")
            private = re.fullmatch(r"_\w+?(__\w+)", name)
            reached |= {name, private[1]} if private else {name}
    return reached
