"""Tables: the same rows in another form, in another order, or some of them."""

from __future__ import annotations

import json

from ..items import Draw, Made
from .looking import csv_text, markdown_text, rows_of


def _json_text(head: list[str], rows: list[list[str]]) -> str:
    return "\n".join(
        ["[", *(json.dumps(dict(zip(head, r, strict=True))) + "," * (r is not rows[-1]) for r in rows), "]"]
    )


_FORMS = {"CSV": (csv_text, "csv"), "Markdown": (markdown_text, "exact"), "JSON": (_json_text, "json")}


def _made(draw: Draw) -> tuple[list[str], list[list[str]]]:
    return rows_of(draw, draw.by_level(2, 3, 4, 6, 8), draw.by_level(1, 1, 2, 2, 3))


def convert(draw: Draw) -> Made:
    """From one of three forms to another."""
    head, rows = _made(draw)
    source, target = draw.sample(tuple(_FORMS), 2)
    write, scorer = _FORMS[target]
    ask = draw.worded(
        (
            f"Convert this {source}",
            f"Write the {source} below",
            f"Please write this {source} table",
            f"Give the {source}",
        ),
        (f" to {target}.", f" as {target}.", f" as {target}, in the same order."),
    )
    return Made(ask, _FORMS[source][0](head, rows), write(head, rows), scorer)


def sort(draw: Draw) -> Made:
    """By a column of words or numbers, up or down."""
    head, rows = _made(draw)
    column = draw.between(0, len(head) - 1)
    down = draw.chance() < 0.3
    numbers = all(row[column].isdigit() for row in rows)
    if len({row[column] for row in rows}) < len(rows):
        return sort(draw)
    ordered = sorted(rows, key=lambda r: int(r[column]) if numbers else r[column], reverse=down)
    order = "descending" if down else "ascending"
    ask = draw.worded(
        ("Sort the rows by ", "Order this table by ", "Please sort by "),
        (f"{head[column]}, {order}.", f"{head[column]} ({order}).", f"the column {head[column]}, {order}."),
    )
    return Made(ask, csv_text(head, rows), csv_text(head, ordered), "csv")


def keep(draw: Draw) -> Made:
    """The rows with some value in a column."""
    head, rows = _made(draw)
    column = draw.between(1, len(head) - 1)
    wanted = draw.choice(rows)[column]
    for row in rows:
        if draw.chance() < 0.3:
            row[column] = wanted
    found = [row for row in rows if row[column] == wanted]
    ask = draw.worded(
        ("Keep only the rows where ", "Filter: ", "Which rows remain if "),
        (
            f"{head[column]} is {wanted}.",
            f"{head[column]} = {wanted}.",
            f"the {head[column]} equals {wanted}.",
        ),
    )
    return Made(ask, csv_text(head, rows), csv_text(head, found), "csv")
