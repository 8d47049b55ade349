"""One request with its exact answer, and what it is drawn with.

What is drawn belongs to one split by its content, whatever the seed: no test item's material is ever trained
on. Requests are worded by two halves, and some pairs of halves are kept for tests. Not covered: answers that
are a matter of taste.
"""

from __future__ import annotations

import csv
import io
import json
import random
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from labkit.errors import BadInput

from .words import NOUNS, VERBS

SPLITS = {"train": (0, 1, 2, 3, 4), "dev": (5,), "test": (6, 7)}  # of the remainders by 8
HELD_WORDINGS = 3  # one pair of halves in so many is a test's
LEVELS = 5


class Part(NamedTuple):
    """A stretch of an answer, [start, end) in characters, and the numbers of the parts that it needs."""

    name: str
    start: int
    end: int
    needs: tuple[int, ...] = ()


class Regime(NamedTuple):
    """From where to where, in characters of the answer, the text is of one kind."""

    name: str
    start: int
    end: int


@dataclass(frozen=True)
class Item:
    """A request. `level`: 0 (easy) to 4. `plan`: the parts of the answer, and what each needs."""

    prompt: str
    answer: str
    scorer: str
    family: str
    level: int
    regimes: tuple[Regime, ...]
    plan: tuple[Part, ...] = ()

    def score(self, text: str) -> float:
        """1.0 when the text answers the request, else 0.0."""
        return float(SCORERS[self.scorer](text, self.answer))

    def part_scores(self, text: str) -> list[float]:
        """Of each part of the plan, whether it stands in its place among the lines of the text."""
        lines, wanted = text.strip().split("\n"), [self.answer[p.start : p.end] for p in self.plan]
        return [float(i < len(lines) and lines[i].strip() == w.strip()) for i, w in enumerate(wanted)]


def _exact(text: str, answer: str) -> bool:
    return text.strip() == answer.strip()


def _csv(text: str, answer: str) -> bool:
    rows = [list(csv.reader(io.StringIO(each.strip()))) for each in (text, answer)]
    return rows[0] == rows[1]


def _json(text: str, answer: str) -> bool:
    try:
        return json.loads(text) == json.loads(answer)
    except ValueError:
        return False


SCORERS: dict[str, Callable[[str, str], bool]] = {
    "exact": _exact,
    "csv": _csv,
    "json": _json,
    "none": lambda *_: False,
}


class Made(NamedTuple):
    """What a family makes: the request's words, its material, the answer. `key`: what tells it from others;
    the material and the answer where it is empty; None of what was chosen from the split's own."""

    ask: str
    given: str
    answer: str
    scorer: str = "exact"
    plan: tuple[Part, ...] = ()
    key: str | None = ""


class Draw:
    """Chance for one item of a split at a level."""

    def __init__(self, seed: str, split: str, level: int) -> None:
        if split not in SPLITS:
            raise BadInput(f"split={split!r}: choose of {', '.join(SPLITS)}")
        self.random, self.split, self.level = random.Random(seed), split, level
        self.choice, self.sample = self.random.choice, self.random.sample
        self.chance, self.between = self.random.random, self.random.randint

    def mine(self, key: str) -> bool:
        """Whether material of this name belongs to the split."""
        return zlib.crc32(key.encode()) % 8 in SPLITS[self.split]

    def worded(self, heads: Sequence[str], tails: Sequence[str]) -> str:
        """A head and a tail that go together in this split."""
        while True:
            i, j = self.random.randrange(len(heads)), self.random.randrange(len(tails))
            if ((i + j) % HELD_WORDINGS == 0) == (self.split == "test"):
                return heads[i] + tails[j]

    def by_level(self, *steps: int) -> int:
        """The step of the item's level, of one a level."""
        return steps[self.level]

    def name(self) -> str:
        """An identifier of two or three words."""
        end = f"_{self.choice(NOUNS)}" if self.chance() < 0.3 else ""
        return f"{self.choice(VERBS)}_{self.choice(NOUNS)}{end}"

    def code(self) -> str:
        """A short code such as `K7-482`."""
        return f"{chr(65 + self.between(0, 25))}{self.between(1, 9)}-{self.between(100, 999)}"


def lines(
    parts: Sequence[tuple[str, str]], needs: Sequence[tuple[int, ...]] = ()
) -> tuple[str, tuple[Part, ...]]:
    """(the answer of a line a part, its plan)."""
    at, found = 0, []
    for i, (name, text) in enumerate(parts):
        found.append(Part(name, at, at + len(text), needs[i] if needs else ()))
        at += len(text) + 1
    return "\n".join(text for _, text in parts), tuple(found)
