"""Real data for the cases: text, tokens, blocks and imports of the installed standard library.

Covered: small readers that are deterministic in (seed, part) for one installation. `seed` chooses the run,
`part` gives the second and third input of the same run other modules than the first.
Not covered: equal data on two machines (another Python has another library), caching, any download.
"""

import ast
import os
import random
import re
from collections.abc import Iterator
from pathlib import Path

LIBRARY = Path(os.__file__).resolve().parent

# Written by people, present from 3.11 to 3.13, and neither tests nor generated tables.
PACKAGES = (
    "asyncio", "collections", "concurrent", "ctypes", "curses", "dbm", "email", "html", "http",
    "importlib", "json", "logging", "multiprocessing", "re", "sqlite3", "tomllib", "unittest",
    "urllib", "venv", "wsgiref", "xml", "xmlrpc", "zoneinfo",
)  # fmt: skip
SKIPPED_FOLDERS = frozenset({"test", "tests", "__pycache__"})

IDENTIFIER = re.compile(r"[A-Za-z_]\w*")
DEFINITION = re.compile(r"\s*(?:async\s+)?(?:def|class)\s+(\w+)")
CALL = re.compile(r"(\w+)\(")
IMPORT = re.compile(
    r"^([ \t]*)(import\s(?:\\\n|[^\n;#])+|from\s+[.\w]+\s+import\s+(?:\([^)]*\)|(?:\\\n|[^\n;#(])+))",
    re.MULTILINE,
)
BLOCKS = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.If,
    ast.For,
    ast.AsyncFor,
    ast.While,
    ast.With,
    ast.AsyncWith,
    ast.Try,
)


def library_paths() -> list[Path]:
    """Every module file that the corpus may read, in the order of the relative path."""
    paths = [path for path in LIBRARY.glob("*.py") if not path.name.startswith("_sysconfigdata")]
    for package in PACKAGES:
        for folder, subfolders, names in os.walk(LIBRARY / package):
            subfolders[:] = [name for name in subfolders if name not in SKIPPED_FOLDERS]
            paths += [Path(folder, name) for name in names if name.endswith(".py")]
    return sorted(paths, key=relative)


def relative(path: Path) -> str:
    """The path below the library's folder, with forward slashes on every system."""
    return path.relative_to(LIBRARY).as_posix()


def _shuffled(seed: int, part: int) -> list[Path]:
    paths = library_paths()
    # A str seed is hashed with SHA-512, so neither PYTHONHASHSEED nor the version matters.
    random.Random(f"{seed}/{part}").shuffle(paths)
    return paths


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def stdlib_files(seed: int = 0, count: int = 10, part: int = 0) -> dict[str, str]:
    """Text of `count` modules by relative path.

    >>> len(stdlib_files(seed=0, count=3))
    3
    """
    return {relative(path): _read(path) for path in _shuffled(seed, part)[:count]}


def _source_lines(seed: int, part: int) -> Iterator[tuple[str, int, str]]:
    """(relative path, line number from 1, line) of one module after another."""
    for path in _shuffled(seed, part):
        name = relative(path)
        for number, line in enumerate(_read(path).splitlines(), 1):
            yield name, number, line


def stdlib_text(chars: int, seed: int = 0, part: int = 0) -> str:
    """The first `chars` characters of modules put end to end.

    >>> len(stdlib_text(500, seed=3))
    500
    """
    pieces, total = [], 0
    for path in _shuffled(seed, part):
        if total >= chars:
            break
        pieces.append(_read(path))
        total += len(pieces[-1])
    return "".join(pieces)[:chars]


def stdlib_lines(count: int, seed: int = 0, part: int = 0) -> list[str]:
    """`count` lines that are not blank, without their line ends."""
    return [line for _, _, line in numbered_lines(count, seed, part)]


def numbered_lines(count: int, seed: int = 0, part: int = 0) -> list[tuple[str, int, str]]:
    """`count` rows (relative path, line number from 1, line), blank lines left out."""
    rows: list[tuple[str, int, str]] = []
    for row in _source_lines(seed, part):
        if len(rows) >= count:
            break
        if row[2].strip():
            rows.append(row)
    return rows


def identifiers(count: int, seed: int = 0, part: int = 0) -> list[str]:
    """`count` names and words in the order of the text, repeats kept."""
    names: list[str] = []
    for _, _, line in _source_lines(seed, part):
        if len(names) >= count:
            break
        names += IDENTIFIER.findall(line)
    return names[:count]


def comment_words(count: int, seed: int = 0, part: int = 0) -> list[str]:
    """`count` words of prose: lines that are a comment, split at spaces, bare punctuation left out."""
    words: list[str] = []
    for _, _, line in _source_lines(seed, part):
        if len(words) >= count:
            break
        if line.lstrip().startswith("# "):
            words += [word for word in line.split() if any(map(str.isalpha, word))]
    return words[:count]


def log_lines(count: int, seed: int = 0, part: int = 0) -> list[str]:
    """`count` lines of the form 'path:number LEVEL message'; the message is a source line, stripped."""
    rows = numbered_lines(count, seed, part)
    return [f"{path}:{number} {_level(line)} {line.strip()}" for path, number, line in rows]


def _level(line: str) -> str:
    if "raise" in line or "except" in line:
        return "ERROR"
    if "warn" in line or "if not" in line:
        return "WARNING"
    return "DEBUG" if line.lstrip().startswith("#") else "INFO"


def block_spans(lines: int, seed: int = 0, part: int = 0) -> list[tuple[int, int]]:
    """(first line, last line) of functions, classes, loops, branches, with and try blocks.

    Modules lie end to end, so a span of the second module starts after the last line of the first;
    spans that reach past `lines` are left out, and so are modules of more than 1000 lines (parsing is slow).
    """
    spans: list[tuple[int, int]] = []
    offset = 0
    for path in _shuffled(seed, part):
        if offset >= lines:
            break
        text = _read(path)
        length = text.count("\n") + 1
        if length > 1000:
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, BLOCKS):
                spans.append((offset + node.lineno, offset + (node.end_lineno or node.lineno)))
        offset += length
    return [(first, last) for first, last in spans if last <= lines]


def definitions(count: int, seed: int = 0, part: int = 0) -> list[tuple[str, str, int]]:
    """`count` rows (name, path, line number), one for each line that starts with def or class."""
    rows: list[tuple[str, str, int]] = []
    for path, number, line in _source_lines(seed, part):
        if len(rows) >= count:
            break
        # The pattern alone takes five times as long on a whole module.
        if ("def " in line or "class " in line) and (match := DEFINITION.match(line)):
            rows.append((match[1], path, number))
    return rows


def calls(count: int, seed: int = 0, part: int = 0) -> list[tuple[str, str, int]]:
    """`count` rows (name, path, line number), one for each 'name(' outside lines with def or class."""
    rows: list[tuple[str, str, int]] = []
    for path, number, line in _source_lines(seed, part):
        if len(rows) >= count:
            break
        if not DEFINITION.match(line):
            rows += [(name, path, number) for name in CALL.findall(line)]
    return rows[:count]


def import_graph(count: int, seed: int = 0, part: int = 0, nested: bool = True) -> dict[str, list[str]]:
    """Imports among `count` modules: module name -> sorted names of the modules that it imports.

    With nested=False only imports at the left margin count, those that run when the module is loaded.
    Statements are found by pattern, each is then parsed: whole modules would take seconds.
    """
    chosen = {_module_name(path): path for path in _shuffled(seed, part)[:count]}
    return {
        name: sorted(_imports(name, path, nested) & chosen.keys() - {name}) for name, path in chosen.items()
    }


def _module_name(path: Path) -> str:
    return relative(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _imports(module: str, path: Path, nested: bool) -> set[str]:
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    names: set[str] = set()
    for indent, statement in IMPORT.findall(_read(path)):
        if nested or not indent:
            names |= _imported_names(statement, package)
    return names


def _imported_names(statement: str, package: str) -> set[str]:
    try:
        node = ast.parse(statement.strip()).body[0]
    except SyntaxError:  # prose of a docstring that begins with "import" or "from"
        return set()
    if isinstance(node, ast.Import):
        return {alias.name for alias in node.names}
    if not isinstance(node, ast.ImportFrom):
        return set()
    base = _absolute(node.module or "", node.level, package)
    return {base} | {f"{base}.{alias.name}" for alias in node.names}


def _absolute(name: str, level: int, package: str) -> str:
    if level == 0:
        return name
    above = package.split(".")[: len(package.split(".")) - level + 1]
    return ".".join([*above, name] if name else above)
