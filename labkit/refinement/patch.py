"""A user's file as it is stored, a patch of it that `git apply` takes, and the new text in its place.

Covered: line ends (mixed ones stay as they are), encodings, links, files that changed meanwhile. Not covered:
what the new text is, see `placing`.
"""

from __future__ import annotations

import difflib
import errno
import os
import re
import shutil
import tempfile
import tokenize
from dataclasses import dataclass
from pathlib import Path

from labkit.errors import BadInput

_ENDS = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True)
class Source:
    """A file's text with "\\n" line ends, and how it is stored; `ends`: one for each line, () for "\\n"."""

    path: Path
    text: str
    encoding: str = "utf-8"
    ends: tuple[str, ...] = ()

    @classmethod
    def read(cls, path: str | Path) -> Source:
        """BadInput where it is no Python text."""
        path = Path(path)
        try:
            raw = path.read_bytes()
            encoding, _ = tokenize.detect_encoding(iter(raw.splitlines(keepends=True)).__next__)
            text = raw.decode(encoding)
        except (OSError, SyntaxError, UnicodeDecodeError) as error:
            raise BadInput(f"{path}: {getattr(error, 'strerror', None) or error}") from None
        return cls(path, _ENDS.sub("\n", text), encoding, tuple(_ENDS.findall(text)))

    @property
    def codec(self) -> str:
        """For text inside a patch: a mark of the byte order is a character of the first line there."""
        return self.encoding.removesuffix("-sig")

    def stored(self, text: str) -> str:
        """A new text with the file's line ends: each line that stays keeps its own."""
        kinds = set(self.ends)
        if len(kinds) < 2:
            return text.replace("\n", *kinds) if kinds else text
        old, new = self.text.split("\n"), text.split("\n")
        ends = [max(kinds, key=self.ends.count)] * (len(new) - 1)
        matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
        for i, j, size in matcher.get_matching_blocks():
            for k in range(min(size, len(self.ends) - i, len(ends) - j)):
                ends[j + k] = self.ends[i + k]
        return "".join(line + end for line, end in zip(new, [*ends, ""], strict=True))

    def encoded(self, text: str) -> bytes:
        """BadInput where the encoding has no such characters."""
        return self._encode(self.stored(text), self.encoding)

    def encoded_patch(self, patch: str) -> bytes:
        return self._encode(patch, self.codec)

    def _encode(self, text: str, codec: str) -> bytes:
        try:
            return text.encode(codec)
        except UnicodeEncodeError as error:
            what = error.object[error.start : error.end]
            raise BadInput(f"{self.path} is stored as {codec}, which cannot say {what!r}") from None


def make_patch(file: Source, text: str) -> str:
    """A unified diff from the file to `text`, with paths from the root of its checkout; '' without change.

    Store it with `file.encoded_patch`.
    """
    name = file.path.resolve().relative_to(_root(file.path)).as_posix()
    mark = "\ufeff" if file.encoding.endswith("-sig") else ""
    sides = []
    for part in (file.text, text):
        lines = (mark + file.stored(part)).split("\n")
        sides.append([f"{line}\n" for line in lines[:-1]] + [lines[-1]] * bool(lines[-1]))
    found = difflib.unified_diff(*sides, f"a/{name}", f"b/{name}")
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in found
    )


def _root(path: Path) -> Path:
    folder = path.resolve().parent
    return next((each for each in (folder, *folder.parents) if (each / ".git").exists()), folder)


def apply(file: Source, text: str) -> None:
    """Write the new text in the file's place, whole or not at all. BadInput where that cannot be done."""
    if Source.read(file.path) != file:
        raise BadInput(f"{file.path} has changed since it was read: refine it again")
    target, data, part = Path(os.path.realpath(file.path)), file.encoded(text), None  # a link stays one
    try:
        if not os.access(target, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as part:
            part.write(data)
        shutil.copymode(target, part.name)
        os.replace(part.name, target)
    except OSError as error:
        if part:
            Path(part.name).unlink(missing_ok=True)
        raise BadInput(f"{target} cannot be written: {error.strerror}") from None
