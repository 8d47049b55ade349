"""What a model is trained on: requests and their answers, code and prose, as batches of about equal length.

Batch i of a seed is always the same. A request's own words count little in the loss, its answer in full.
Texts are sorted by length within a pool, so that little is padded and each stands by itself.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import torch

from .corpus import passages
from .tokens import BEGIN, END, encoded
from .workload import item

# How often a text is of a group; code and prose are texts as they are.
MIXTURE: Mapping[str, float] = {
    "copy": 0.26, "lookup": 0.10, "hops": 0.04, "tables": 0.14, "arithmetic": 0.07, "strings": 0.05,
    "parts": 0.12, "phrases": 0.05, "mixed": 0.03, "code": 0.07, "prose": 0.07,
}  # fmt: skip
POOL = 256  # texts that are sorted together
ROUND = 16  # lengths are whole numbers of these
PROMPT_WEIGHT = 0.1


class Batch(NamedTuple):
    """tokens [B, T + 1]; weights [B, T]: of the loss of each next token."""

    tokens: torch.Tensor
    weights: torch.Tensor


def batches(
    tokenizer: Any,
    seed: int,
    tokens: int,
    longest: int,
    start: tuple[int, int] = (0, 0),
    mixture: Mapping[str, float] = MIXTURE,
) -> Iterator[tuple[tuple[int, int], Batch]]:
    """(where the next one starts, a batch of some `tokens`), without end; texts have `longest` at most."""
    pool, first = start
    while True:
        found = _pool(tokenizer, f"{seed}/{pool}", tokens, longest, mixture)
        for i in range(first, len(found)):
            yield ((pool, i + 1) if i + 1 < len(found) else (pool + 1, 0)), found[i]
        pool, first = pool + 1, 0


def _text(tokenizer: Any, name: str, seed: str, longest: int) -> tuple[list[int], int]:
    """(tokens, how many of them are the request's)."""
    for attempt in range(8):
        if name in ("code", "prose"):
            text = random.Random(seed).choice(passages(name, "train"))
            return tokenizer.encode(f"{BEGIN}{text}{END}", add_special_tokens=False)[: longest + 1], 0
        text, asked = encoded(tokenizer, item(name, f"{seed}/{attempt}", "train"))
        if len(text) <= longest + 1:
            return text, asked
    return _text(tokenizer, "arithmetic", seed, longest)


def _pool(tokenizer: Any, seed: str, tokens: int, longest: int, mixture: Mapping[str, float]) -> list[Batch]:
    draw = random.Random(seed)
    kinds = draw.choices(tuple(mixture), tuple(mixture.values()), k=POOL)
    texts = [_text(tokenizer, kind, f"{seed}/{i}", longest) for i, kind in enumerate(kinds)]
    texts.sort(key=lambda text: len(text[0]))
    found, group, width = [], [], 0
    for text in texts:
        width = -(-(len(text[0]) - 1) // ROUND) * ROUND
        if group and (len(group) + 1) * width > tokens:
            found.append(_batch(group))
            group = []
        group.append(text)
    found.append(_batch(group))
    draw.shuffle(found)
    return found


def _batch(texts: list[tuple[list[int], int]]) -> Batch:
    width = max(-(-(len(text) - 1) // ROUND) * ROUND for text, _ in texts)
    tokens = torch.zeros(len(texts), width + 1, dtype=torch.long)
    weights = torch.zeros(len(texts), width)
    for row, (text, asked) in enumerate(texts):
        tokens[row, : len(text)] = torch.tensor(text)
        weights[row, : len(text) - 1] = 1.0
        weights[row, : max(0, asked - 1)] = PROMPT_WEIGHT
    return Batch(tokens, weights)
