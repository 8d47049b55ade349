"""Requests of several parts: their plan says which can be made at once, and which need another's result."""

from __future__ import annotations

from ..items import Draw, Made, lines
from ..words import FIELDS, GOODS
from .looking import csv_text, markdown_text, rows_of, value

_WORK = {
    "in capitals": str.upper,
    "with its first letter": lambda w: w[0],
    "twice": lambda w: f"{w} {w}",
    "with its length": lambda w: str(len(w)),
}


def each(draw: Draw) -> Made:
    """The same for each of some items: a line each, none of which needs another."""
    k = draw.by_level(2, 3, 4, 6, 8)
    if draw.chance() < 0.5:
        head, rows = rows_of(draw, k + draw.between(0, 2), draw.between(1, 2))
        column = draw.between(1, len(head) - 1)
        some = draw.sample(rows, k)
        told = [(row[0], f"{row[0]}: {row[column]}") for row in some]
        ask, given = f"the {head[column]}", (csv_text if draw.chance() < 0.5 else markdown_text)(head, rows)
    else:
        ask = draw.choice(tuple(_WORK))
        told = [(word, f"{word}: {_WORK[ask](word)}") for word in draw.sample(GOODS, k)]
        ask, given = f"the word {ask}", ""
    names = ", ".join(name for name, _ in told)
    answer, plan = lines(told)
    wording = draw.worded(
        (f"For each of {names}, ", f"For {names}: ", f"Take {names}. Line by line, "),
        (f"give {ask}.", f"write {ask}.", f"{ask}, one line each."),
    )
    return Made(wording, given, answer, plan=plan)


def compare(draw: Draw) -> Made:
    """Two records on some attributes: a line an attribute."""
    fields = draw.sample(tuple(FIELDS), draw.by_level(2, 3, 4, 5, 7))
    one, two = draw.sample(GOODS, 2)
    given = {name: {f: value(draw, f) for f in fields} for name in (one, two)}
    asked = draw.sample(fields, max(2, len(fields) - draw.between(0, 1)))
    told = [(f, f"{f}: {one} {given[one][f]}, {two} {given[two][f]}") for f in asked]
    answer, plan = lines(told)
    text = "\n\n".join(
        "\n".join([f"[{name}]", *(f"{f}: {v}" for f, v in of.items())]) for name, of in given.items()
    )
    ask = draw.worded(
        (f"Compare {one} and {two} ", f"Set {one} beside {two} ", f"How do {one} and {two} differ? Tell "),
        (f"by {', '.join(asked)}.", f"on {', '.join(asked)}.", f"in {', '.join(asked)}, a line each."),
    )
    return Made(ask, text, answer, plan=plan)


def totals(draw: Draw) -> Made:
    """Some small sums, and then one number of all of them."""
    k = draw.by_level(2, 2, 3, 4, 6)
    names = draw.sample(GOODS, k)
    sums = [(draw.between(1, 9), draw.between(2, 9)) for _ in names]
    told = [(n, f"{n}: {a} * {b} = {a * b}") for n, (a, b) in zip(names, sums, strict=True)]
    told.append(("total", f"total: {sum(a * b for a, b in sums)}"))
    answer, plan = lines(told, [*(() for _ in names), tuple(range(k))])
    given = "\n".join(f"{n}: {a} at {b}" for n, (a, b) in zip(names, sums, strict=True))
    ask = draw.worded(
        ("Work out the bill", "Compute each price", "What does it cost"),
        (" and the total.", ", then the total.", "; add up."),
    )
    return Made(ask, given, answer, plan=plan)


def steps(draw: Draw) -> Made:
    """A chain in which each line needs the one before."""
    k = draw.by_level(2, 3, 4, 5, 7)
    value_ = draw.between(1, 20)
    given, told = [f"a = {value_}"], [("a", f"a = {value_}")]
    for before, name in zip("abcdefg", "bcdefgh"[:k], strict=False):
        step = draw.between(1, 9)
        sign = "-" if draw.chance() < 0.4 and value_ >= step else "+"
        value_ += step if sign == "+" else -step
        given.append(f"{name} = {before} {sign} {step}")
        told.append((name, f"{name} = {value_}"))
    answer, plan = lines(told, [(), *((i,) for i in range(k))])
    ask = draw.worded(
        ("Work out ", "Find ", "Compute "), ("every value.", "the values in order.", "each of them.")
    )
    return Made(ask, "\n".join(given), answer, plan=plan)
