"""How good a model is: exact answers by family, level and exit depth, and what drafters are worth to it.

An answer is exact when the likeliest next token is the right one at each of its places, the answer's text
before it given: then decoding greedily gives that very text (the same tokens of it; another split of the
same text counts as wrong). So one pass over request and answer tells of every depth at once. Not covered:
texts without one right answer; of these only drafters' acceptance is told.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from labkit.stats import Figure

from .families import FAMILIES
from .items import LEVELS, Item
from .llama import Llama
from .tokens import chat, encoded
from .workload import workload

BATCH_TOKENS = 16384
DRAFT = 4  # tokens a round, of which acceptance is told
CONTINUED = 96  # tokens that a text is continued by, where there is no right answer
_Z = 1.959964


@dataclass(frozen=True)
class Cell:
    """Of n items of a family at a level, how many a depth answers exactly."""

    family: str
    level: int
    depth: int
    right: int
    n: int


def proportion(hits: int, of: int) -> Figure:
    """A measured share with its Wilson interval."""
    rate, w = hits / of, _Z**2 / of
    middle, half = rate + w / 2, _Z * math.sqrt(rate * (1 - rate) / of + w / (4 * of))
    lo, hi = max(0.0, (middle - half) / (1 + w)), min(1.0, (middle + half) / (1 + w))
    return Figure(rate, "share", "measured", lo if hits else 0.0, hi if hits < of else 1.0, of)


def accuracy(
    model: Llama,
    tokenizer: Any,
    n: int = 20,
    *,
    seed: int = 0,
    split: str = "test",
    families: Sequence[str] = tuple(FAMILIES),
    depths: Sequence[int] = (),
) -> list[Cell]:
    """Exact answers to n items of each family at each level, at `depths` (all of them when none is given)."""
    depths = tuple(depths) or tuple(range(1, model.size.layers + 1))
    items = [item for f in families for level in range(LEVELS) for item in workload(f, n, seed, split, level)]
    right = {(item.family, item.level, depth): 0 for item in items for depth in depths}
    for group in _groups(items, tokenizer):
        for item, found in zip([i for i, *_ in group], exact(model, group, depths), strict=True):
            for depth, ok in zip(depths, found, strict=True):
                right[item.family, item.level, depth] += ok
    return [Cell(f, level, depth, hits, n) for (f, level, depth), hits in right.items()]


def _groups(items: Sequence[Item], tokenizer: Any) -> Iterator[list[tuple[Item, list[int], int]]]:
    """(item, tokens, how many are the request's) in batches of about equal length."""
    texts = [(item, *encoded(tokenizer, item)) for item in items]
    texts.sort(key=lambda text: len(text[1]))
    group: list[tuple[Item, list[int], int]] = []
    for text in texts:
        if group and (len(group) + 1) * len(text[1]) > BATCH_TOKENS:
            yield group
            group = []
        group.append(text)
    if group:
        yield group


@torch.no_grad()
def exact(
    model: Llama, group: Sequence[tuple[Any, list[int], int]], depths: Sequence[int]
) -> list[tuple[bool, ...]]:
    """Of each text, at each depth, whether every token of its answer is the likeliest."""
    device = next(model.parameters()).device
    width = max(len(text) for _, text, _ in group)
    tokens = torch.zeros(len(group), width, dtype=torch.long)
    answer = torch.zeros(len(group), width - 1, dtype=torch.bool)
    for row, (_, text, asked) in enumerate(group):
        tokens[row, : len(text)] = torch.tensor(text)
        answer[row, asked - 1 : len(text) - 1] = True
    tokens, answer = tokens.to(device), answer.to(device)
    found = []
    for stream in model(tokens[:, :-1], depths):
        wrong = torch.zeros(answer.shape, dtype=torch.bool, device=device)
        wrong[answer] = model.logits(stream[answer]).argmax(-1) != tokens[:, 1:][answer]
        found.append(~wrong.any(1))
    return [tuple(bool(depth[row]) for depth in found) for row in range(len(group))]


def glance(model: Llama, tokenizer: Any, seed: int = 0) -> dict[str, float]:
    """Exact answers by group of requests, of a few of the dev split: for a model in training."""
    cells = accuracy(model, tokenizer, 1, seed=seed, split="dev", depths=(model.size.layers,))
    found: dict[str, list[int]] = {}
    for cell in cells:
        found.setdefault(FAMILIES[cell.family].group, []).append(cell.right)
    return {group: sum(some) / len(some) for group, some in found.items()}


@torch.no_grad()
def acceptance(
    target: Llama, drafters: dict[str, Llama], tokenizer: Any, regime: str, n: int = 24, seed: int = 0
) -> dict[str, Figure]:
    """Of the tokens that a drafter proposes, DRAFT a round, the share that the target's greedy text keeps.

    Over the target's own answers to n requests of a group (`copy`, `tables`, …), or its continuations of
    `prose` or `code`; with an interval over the requests.
    """
    hits: dict[str, list[tuple[int, int]]] = {name: [] for name in drafters}
    for item in workload(regime, n, seed, "test"):
        given = tokenizer.encode(chat(item.prompt), add_special_tokens=False)
        if item.scorer == "none":
            given, most = (
                tokenizer.encode(item.prompt.partition("\n\n")[2], add_special_tokens=False),
                CONTINUED,
            )
        else:
            most = len(tokenizer.encode(item.answer, add_special_tokens=False)) + 1
        text = greedy(target, given, most, tokenizer.eos_token_id)
        row = torch.tensor([text], device=next(target.parameters()).device)
        for name, drafter in drafters.items():
            said = drafter.logits(drafter(row[:, :-1])[0])[0].argmax(-1).tolist()
            agrees = [said[i - 1] == text[i] for i in range(len(given), len(text))]
            hits[name].append(_kept(agrees))
    return {name: _ratio(rows) for name, rows in hits.items()}


def _kept(agrees: Sequence[bool]) -> tuple[int, int]:
    """(tokens kept, tokens drafted) when a round has DRAFT and the next begins after the first wrong one."""
    at = kept = drafted = 0
    while at < len(agrees):
        run = agrees[at : at + DRAFT]
        good = run.index(False) if False in run else len(run)
        kept, drafted, at = kept + good, drafted + len(run), at + good + 1
    return kept, drafted


def _ratio(rows: Sequence[tuple[int, int]]) -> Figure:
    """The share over all, with its interval by the requests' spread."""
    kept, drafted = sum(k for k, _ in rows), max(1, sum(d for _, d in rows))
    rate, n = kept / drafted, len(rows)
    spread = math.sqrt(sum((k - rate * d) ** 2 for k, d in rows)) / drafted
    return Figure(rate, "share", "measured", max(0.0, rate - _Z * spread), min(1.0, rate + _Z * spread), n)


@torch.no_grad()
def greedy(model: Llama, given: Sequence[int], most: int, end: int) -> list[int]:
    """The request and the likeliest text after it, by passes over the whole; for evaluation only."""
    text, device = list(given), next(model.parameters()).device
    for _ in range(most):
        stream = model(torch.tensor([text], device=device))[0][:, -1]
        text.append(int(model.logits(stream).argmax()))
        if text[-1] == end:
            break
    return text
