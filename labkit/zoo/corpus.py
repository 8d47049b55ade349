"""Text that people wrote: functions, modules' code and reference prose of Python's standard library.

Kept with the lab as one file, so that every interpreter has the same; made once by `collect`, from modules
on an allow-list whose text names no licence of its own. PSF licence; the notice lies beside the weights.
"""

from __future__ import annotations

import ast
import functools
import gzip
import json
import re
import sysconfig
import textwrap
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from .items import SPLITS

FILE = Path(__file__).parent / "data" / "corpus.json.gz"
PACKAGES = """
abc argparse ast asyncio base64 bdb bisect calendar cmd code codeop collections compileall concurrent
configparser contextlib copy copyreg csv ctypes curses dataclasses datetime difflib dis doctest email
encodings/punycode.py encodings/idna.py enum filecmp fileinput fnmatch fractions ftplib functools
gettext getopt getpass glob graphlib gzip hashlib heapq hmac html http/client.py http/server.py imaplib
importlib inspect io ipaddress json keyword linecache locale logging lzma mailbox mailcap mimetypes
modulefinder multiprocessing netrc nntplib ntpath numbers opcode operator optparse os pathlib pdb pickle
pickletools pkgutil platform plistlib poplib posixpath pprint pyclbr pydoc queue quopri random reprlib
rlcompleter runpy sched selectors shelve shlex shutil signal site smtplib socket socketserver sqlite3
ssl stat statistics string stringprep struct subprocess symtable sysconfig tabnanny telnetlib tempfile
textwrap threading timeit token tokenize tomllib traceback tracemalloc tty types typing unittest urllib
uuid venv warnings wave weakref webbrowser wsgiref xdrlib xml zipapp zipfile zoneinfo
""".split()
OWN_LICENCE = re.compile(r"copyright|licen[cs]e|permission|all rights", re.I)
FUNCTION_CHARS, FUNCTION_LINES = 480, 12
CHUNK_CHARS = 1200  # of code and prose for language modelling


class Corpus(NamedTuple):
    functions: list[str]
    code: list[str]
    prose: list[str]


@functools.cache
def corpus() -> Corpus:
    """All of it."""
    return Corpus(**json.loads(gzip.decompress(FILE.read_bytes())))


def side(text: str, split: str) -> bool:
    """Whether a text is of a split: by its first line, so that a function's copies stay together."""
    return zlib.crc32(text.partition("\n")[0].strip().encode()) % 8 in SPLITS[split]


@functools.cache
def functions(split: str, least: int, most: int) -> tuple[str, ...]:
    """Short functions of a split with so many lines."""
    found = (f for f in corpus().functions if side(f, split))
    return tuple(f for f in found if least <= f.count("\n") + 1 <= most)


@functools.cache
def passages(kind: str, split: str) -> tuple[str, ...]:
    """Stretches of `code` or `prose` of a split."""
    return tuple(text for text in getattr(corpus(), kind) if side(text, split))


def collect(path: Path = FILE) -> Corpus:
    """Read the running interpreter's library and write the file."""
    library, seen = Path(sysconfig.get_path("stdlib")), set()
    found = Corpus([], [], [])
    for file in _files(library):
        text = file.read_text(encoding="utf-8", errors="replace")
        if OWN_LICENCE.search(text) or not text.isascii():
            continue
        try:
            tree = ast.parse(text)
        except SyntaxError:
            continue
        for source in _functions(tree, text):
            if source not in seen:
                seen.add(source)
                found.functions.append(source)
        found.code.extend(_chunks(text))
        found.prose.extend(doc for doc in _docstrings(tree) if doc not in seen and not seen.add(doc))
    from pydoc_data.topics import topics

    for _, topic in sorted(topics.items()):
        found.prose.extend(_chunks(topic.strip()))
    path.parent.mkdir(exist_ok=True)
    (path.parent / "NOTICE.txt").write_text((library / "LICENSE.txt").read_text())
    data = json.dumps(found._asdict(), separators=(",", ":")).encode()
    path.write_bytes(gzip.compress(data, 9, mtime=0))
    return found


def _files(library: Path) -> Iterator[Path]:
    for name in PACKAGES:
        for where in (library / name, library / f"{name}.py"):
            if where.is_file():
                yield where
            elif where.is_dir():
                yield from sorted(
                    f for f in where.rglob("*.py") if "test" not in f.parts and "idle" not in str(f)
                )


def _functions(tree: ast.AST, text: str) -> Iterator[str]:
    """Short functions without their docstrings, as they stand."""
    rows = text.splitlines()
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef) or not 2 <= (node.end_lineno - node.lineno + 1) <= 30:
            continue
        body = node.body
        first = body[1] if ast.get_docstring(node) is not None and len(body) > 1 else body[0]
        if ast.get_docstring(node) is not None and len(body) == 1:
            continue
        head = rows[node.lineno - 1 : body[0].lineno - 1] or [rows[node.lineno - 1]]
        source = textwrap.dedent("\n".join([*head, *rows[first.lineno - 1 : node.end_lineno]]))
        lines = source.count("\n") + 1
        if 2 <= lines <= FUNCTION_LINES and len(source) <= FUNCTION_CHARS and "\t" not in source:
            try:
                ast.parse(source)
            except SyntaxError:
                continue
            yield source


def _docstrings(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module):
            doc = ast.get_docstring(node)
            if doc and 80 <= len(doc) <= CHUNK_CHARS:
                yield doc


def _chunks(text: str) -> Iterator[str]:
    """Stretches of whole lines."""
    part: list[str] = []
    for line in text.splitlines():
        if sum(map(len, part)) + len(line) > CHUNK_CHARS and part:
            yield "\n".join(part)
            part = []
        part.append(line.rstrip())
    if part:
        yield "\n".join(part)
