"""`workload`: requests without end from a seed; the same for training, evaluation and the benches.

Item i of a seed is the same whatever n is. Splits have nothing in common: see items.Draw. The test split is
frozen: FROZEN is the hash of its first requests, and a test holds the code to it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from labkit.errors import BadInput

from .corpus import passages
from .families import FAMILIES
from .items import LEVELS, Draw, Item, Made, Regime

MIXED = ("copy", "tables", "prose", "phrases", "arithmetic")  # of a text with several regimes
GROUPS = tuple(dict.fromkeys(family.group for family in FAMILIES.values()))
PROSE_HEAD = 160  # characters of a passage that are given; what follows is to be continued
PROSE_REST = 320
REQUESTS, MIXED_LEVEL = 3, 2  # in one text of several regimes; the hardest of them
ATTEMPTS = 1000
FROZEN = "12967dd9c21f1c2ddaf07eddaef0b4dccb43cb738cbbf7cd49046f249576c93a"


def workload(
    name: str, n: int, seed: int = 0, split: str = "test", level: int | None = None
) -> Iterator[Item]:
    """n items of a family (`rename`), of a group (`copy`), of `prose` or `code` (no exact answer: the scorer
    is `none`), of `mixed` (several regimes in one answer) or of `all`; `level`: of one difficulty only.

    >>> next(iter(workload("add", 1, seed=1, level=0))).scorer
    'exact'
    """
    if name not in names():
        raise BadInput(f"workload {name!r}: choose one of {', '.join(names())}")
    if level is not None and level not in range(LEVELS):
        raise BadInput(f"level={level!r}: give a whole number from 0 to {LEVELS - 1}")
    if not isinstance(n, int) or n < 0:
        raise BadInput(f"n={n!r}: give a whole number from 0 on")
    Draw("", split, 0)  # raises BadInput for a split that is none
    return (item(name, f"{seed}:{i}", split, level) for i in range(n))


def names() -> list[str]:
    return [*FAMILIES, *GROUPS, "prose", "code", "mixed", "all"]


def item(name: str, seed: str, split: str, level: int | None = None) -> Item:
    """One item of a workload, by its seed."""
    first = Draw(f"{name}:{seed}:{split}", split, 0)
    level = first.between(0, LEVELS - 1) if level is None else level
    if name in ("prose", "code"):
        return _passage(name, first, level)
    if name == "mixed":
        return _mixed(first, seed, split, level)
    family = name if name in FAMILIES else first.choice(_of(name))
    return _item(_made(family, seed, split, level), family, level)


def _made(family: str, seed: str, split: str, level: int) -> Made:
    """What the family makes; drawn again until it is the split's."""
    for attempt in range(ATTEMPTS):
        draw = Draw(f"{family}:{seed}:{split}:{level}:{attempt}", split, level)
        made = FAMILIES[family].make(draw)
        if made.key is None or draw.mine(made.key or made.given + made.answer):
            return made
    raise AssertionError(f"{family}: nothing of split {split} in {ATTEMPTS} draws")


def _of(name: str) -> list[str]:
    return [family for family, row in FAMILIES.items() if name in (row.group, "all")]


def _item(made: Made, family: str, level: int) -> Item:
    prompt = f"{made.ask}\n\n{made.given}" if made.given else made.ask
    regimes = (Regime(FAMILIES[family].group, 0, len(made.answer)),)
    return Item(prompt, made.answer, made.scorer, family, level, regimes, made.plan)


def _passage(kind: str, draw: Draw, level: int) -> Item:
    """A stretch of text and what follows it: there is no one right answer."""
    while len(text := draw.choice(passages(kind, draw.split))) < PROSE_HEAD + 80:
        pass
    cut = text.rfind(" ", 0, PROSE_HEAD) + 1 or PROSE_HEAD
    rest = text[cut : cut + PROSE_REST]
    return Item(
        f"Continue this text.\n\n{text[:cut]}", rest, "none", kind, level, (Regime(kind, 0, len(rest)),)
    )


def _mixed(draw: Draw, seed: str, split: str, level: int) -> Item:
    """Several requests in one, answered one after another under their numbers."""
    asks, answer, regimes = [], "", []
    for i, group in enumerate(draw.sample(MIXED, REQUESTS), 1):
        one = item(group, f"{seed}/{i}", split, min(level, MIXED_LEVEL))
        asks.append(f"{i}. {one.prompt}")
        answer += f"{i}.\n"
        regimes.append(Regime(group, len(answer), len(answer) + len(one.answer)))
        answer += f"{one.answer}\n"
    scorer = "none" if any(regime.name == "prose" for regime in regimes) else "exact"
    return Item("\n\n".join(asks), answer.rstrip("\n"), scorer, "mixed", level, tuple(regimes))


def fingerprint(n: int = 64) -> str:
    """The hash of the test split's first n items of each family."""
    found = hashlib.sha256()
    for family in (*FAMILIES, "prose", "code", "mixed"):
        for one in workload(family, n, seed=0, split="test"):
            found.update(f"{one.prompt}\0{one.answer}\0{one.level}\0".encode())
    return found.hexdigest()
