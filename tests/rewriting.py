"""What the tests of the rewrites share: a program that one changes, and what a program does."""

from __future__ import annotations

import copy
import textwrap
from collections.abc import Callable
from dataclasses import dataclass

from labkit.refinement.rewrites import Rewrite
from labkit.refinement.rewrites.edits import comments


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


def check_fires(
    item: Rewrite, source: str, wanted: str, inputs: tuple | list, told: Callable = lambda result: result
) -> None:
    """It fires, one result contains what is wanted, and each gives the same results, as `told` has them."""
    source = textwrap.dedent(source).lstrip("\n")
    found = item.apply(source)
    assert any(wanted in new for new in found), "\n".join(found) or "it does not fire"
    for new in found:
        assert not comments(source) - comments(new)
        for args in inputs:
            assert told(run(new, args)) == told(run(source, args)), new


def check_keeps_away(item: Rewrite, source: str) -> None:
    source = textwrap.dedent(source)
    compile(source, "<program>", "exec")
    assert item.apply(source) == []


def check_break_is_seen(source: str, inputs: list, wrong: tuple[str, str]) -> None:
    """A rewrite that made this mistake would give other results."""
    source = textwrap.dedent(source)
    assert any(run(source.replace(*wrong), args) != run(source, args) for args in inputs)


def check_both_sides(fires: dict[str, int], quiet: dict[str, int], least: int) -> None:
    """Each rewrite of a file is tried `least` times where it must fire, and three times where it must not."""
    assert all(count >= least for count in fires.values())
    assert all(quiet.get(name, 0) >= 3 for name in fires)
