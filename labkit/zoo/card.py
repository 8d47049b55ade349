"""A model's card: what it is, what it was trained on, what it can do at which depth; written by the program.

`card.json` lies beside the weights; `markdown` is how people read it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from labkit.errors import BadInput
from labkit.stats import Figure

from .evaluate import Cell, proportion
from .items import LEVELS
from .models import WEIGHTS, names

LICENCES = (
    "Weights: Apache License 2.0, as the lab. Trained on generated requests, and code and documentation of "
    "Python's standard library (PSF License Agreement, version 2; its notice lies beside the weights)."
)


def card(name: str) -> dict[str, Any]:
    """The card of a model of the zoo. Raises BadInput."""
    if name not in names():
        raise BadInput(f"no model {name!r}: the zoo has {', '.join(names()) or 'none yet'}")
    return json.loads((WEIGHTS / name / "card.json").read_text())


def write(
    folder: Path,
    *,
    training: Mapping[str, Any],
    cells: Sequence[Cell],
    accepted: Mapping[str, Mapping[str, Figure]],
) -> None:
    """Write a card. `training`: tokens, steps, hours, device, loss; `accepted`: by drafter and regime."""
    told = {
        "training": dict(training),
        "cells": [[c.family, c.level, c.depth, c.right, c.n] for c in cells],
        "accepted": {d: {r: f.to_json() for r, f in rows.items()} for d, rows in accepted.items()},
        "licences": LICENCES,
    }
    (folder / "card.json").write_text(json.dumps(told, indent=1) + "\n")


def cells_of(told: Mapping[str, Any]) -> list[Cell]:
    return [Cell(*row) for row in told["cells"]]


def exact_share(
    cells: Sequence[Cell],
    families: Sequence[str],
    levels: Sequence[int] = tuple(range(LEVELS)),
    depth: int | None = None,
) -> Figure:
    """The share of exact answers over some families and levels, at a depth or at the full one."""
    depth = depth or max(cell.depth for cell in cells)
    some = [c for c in cells if c.family in families and c.level in levels and c.depth == depth]
    if not some:
        raise BadInput(f"no item of {', '.join(families)} was evaluated at depth {depth}")
    return proportion(sum(c.right for c in some), sum(c.n for c in some))


def markdown(name: str, told: Mapping[str, Any]) -> str:
    """The card as people read it."""
    cells, t = cells_of(told), told["training"]
    depths = sorted({c.depth for c in cells})
    rows = [
        f"# {name}",
        "",
        f"{t['parameters'] / 1e6:.2f}M parameters, {t['layers']} blocks of width {t['width']}.",
        "",
    ]
    rows += [
        f"Trained on {t['tokens'] / 1e6:.1f}M tokens in {t['steps']:,} steps, {t['hours']:.1f} h on "
        f"{t['device']}; "
        f"loss {t['loss']:.3f} nats a token (answers in full, requests at a tenth).", "",
        "## Exact answers on held-out requests", "",
        "| family | " + " | ".join(f"level {i}" for i in range(LEVELS)) + " | all |",
        "|---|" + "---|" * (LEVELS + 1),
    ]  # fmt: skip
    for family in dict.fromkeys(c.family for c in cells):
        levels = [exact_share(cells, [family], [i]).value for i in range(LEVELS)]
        whole = exact_share(cells, [family])
        told_levels = " | ".join(f"{v:.0%}" for v in levels)
        rows.append(f"| {family} | {told_levels} | {whole.value:.0%} [{whole.lo:.0%}, {whole.hi:.0%}] |")
    rows += [
        "",
        "## By exit depth",
        "",
        "| family | " + " | ".join(map(str, depths)) + " |",
        "|---|" + "---|" * len(depths),
    ]
    for family in dict.fromkeys(c.family for c in cells):
        shares = " | ".join(f"{exact_share(cells, [family], depth=d).value:.0%}" for d in depths)
        rows.append(f"| {family} | {shares} |")
    for drafter, regimes in told["accepted"].items():
        rows += [
            "",
            f"## {drafter} as its drafter (4 tokens a round)",
            "",
            "| regime | kept of the drafted |",
            "|---|---|",
        ]
        rows += [f"| {regime} | {Figure.from_json(figure)} |" for regime, figure in regimes.items()]
    return "\n".join([*rows, "", told["licences"], ""])
