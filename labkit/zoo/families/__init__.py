"""The families of requests, one file a kind; FAMILIES says which there are.

A maker gets a Draw and returns a Made. To add one: write it, and name it here with its group.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ..items import Draw, Made
from . import arithmetic, copying, looking, parts, phrases, tables, text


class Family(NamedTuple):
    """`group`: the kind of work, of which figures are told."""

    group: str
    make: Callable[[Draw], Made]


FAMILIES = {
    "repeat": Family("copy", copying.repeat),
    "rename": Family("copy", copying.rename),
    "fix_line": Family("copy", copying.fix_line),
    "reformat": Family("copy", copying.reformat),
    "record": Family("lookup", looking.record),
    "table": Family("lookup", looking.table),
    "hops": Family("hops", looking.hops),
    "convert": Family("tables", tables.convert),
    "sort": Family("tables", tables.sort),
    "filter": Family("tables", tables.keep),
    "add": Family("arithmetic", arithmetic.add),
    "subtract": Family("arithmetic", arithmetic.subtract),
    "multiply": Family("arithmetic", arithmetic.multiply),
    "chain": Family("arithmetic", arithmetic.chain),
    "letters": Family("strings", text.letters),
    "words": Family("strings", text.words),
    "each": Family("parts", parts.each),
    "compare": Family("parts", parts.compare),
    "totals": Family("parts", parts.totals),
    "steps": Family("parts", parts.steps),
    "notice": Family("phrases", phrases.notice),
}
