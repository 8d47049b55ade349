"""What the tests of the rewrites share: a program that one changes, and what a program does."""

from __future__ import annotations

import copy
from dataclasses import dataclass


@dataclass(frozen=True)
class Fires:
    """A program that a rewrite changes: what the result must contain, and inputs for ``entry``."""

    rewrite: str
    source: str
    wanted: str
    inputs: tuple


def run(source: str, args: tuple) -> tuple:
    """What a program does for some arguments: its result (or error), and what became of the arguments."""
    args = copy.deepcopy(args)
    space: dict = {"__name__": "program"}
    exec(compile(source, "<program>", "exec"), space)
    try:
        return "result", space["entry"](*args), args
    except Exception as error:
        return "error", type(error), None
