"""Looking up: the answer stands in what was given, at one place or at the end of a path."""

from __future__ import annotations

from itertools import pairwise

from ..items import Draw, Made
from ..words import FIELDS, GOODS, PEOPLE

_OPEN = ("", "Look it up: ", "From the data below: ", "Please tell: ", "Answer with the value only: ")


def value(draw: Draw, field: str) -> str:
    some = FIELDS[field]
    if some is None:
        return draw.code()
    return str(draw.between(*some)) if isinstance(some, tuple) else draw.choice(some)


def rows_of(draw: Draw, rows: int, columns: int) -> tuple[list[str], list[list[str]]]:
    """(column names, rows of cells): a table whose first column names the row."""
    fields = draw.sample(tuple(FIELDS), columns)
    names = draw.sample(PEOPLE if "owner" not in fields and draw.chance() < 0.3 else GOODS, rows)
    return ["name", *fields], [[name, *(value(draw, f) for f in fields)] for name in names]


def csv_text(head: list[str], rows: list[list[str]]) -> str:
    return "\n".join(",".join(row) for row in (head, *rows))


def markdown_text(head: list[str], rows: list[list[str]]) -> str:
    bar = "|" + "---|" * len(head)
    told = ["| " + " | ".join(row) + " |" for row in (head, *rows)]
    return "\n".join([told[0], bar, *told[1:]])


def record(draw: Draw) -> Made:
    """One field of one record."""
    fields = draw.sample(tuple(FIELDS), draw.by_level(2, 3, 4, 6, 8))
    given = {"name": draw.choice(GOODS), **{f: value(draw, f) for f in fields}}
    wanted = draw.choice(tuple(given))
    tails = (
        f"what is the {wanted}?",
        f"give the {wanted}.",
        f"the {wanted} of this record?",
        f"which {wanted}?",
    )
    text = "\n".join(f"{key}: {told}" for key, told in given.items())
    return Made(draw.worded(_OPEN, tails), text, given[wanted])


def table(draw: Draw) -> Made:
    """One cell of a table, as CSV or in Markdown."""
    head, rows = rows_of(draw, draw.by_level(2, 4, 6, 9, 12), draw.by_level(1, 2, 2, 3, 4))
    row, column = draw.choice(rows), draw.between(1, len(head) - 1)
    who, what = row[0], head[column]
    tails = (f"what is the {what} of {who}?", f"give the {what} for {who}.", f"{who}: which {what}?",
             f"find the {what} in the row of {who}.")  # fmt: skip
    text = (csv_text if draw.chance() < 0.5 else markdown_text)(head, rows)
    return Made(draw.worded(_OPEN, tails), text, row[column])


def hops(draw: Draw) -> Made:
    """Who is at the end of so many steps from one to the next."""
    steps = draw.by_level(1, 2, 3, 4, 6)
    people = draw.sample(PEOPLE, steps + draw.between(2, 5))
    after = dict(pairwise(people))
    told = [f"{a} -> {b}" for a, b in after.items()]
    draw.random.shuffle(told)
    at = draw.between(0, len(people) - 1 - steps)
    who = people[at]
    word = "step" if steps == 1 else "steps"
    tails = (
        f"start at {who} and go {steps} {word}.",
        f"who is {steps} {word} after {who}?",
        f"{steps} {word} from {who}?",
    )
    return Made(
        draw.worded(("", "Follow the arrows: ", "Where do we end? "), tails),
        "\n".join(told),
        people[at + steps],
    )
