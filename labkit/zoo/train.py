"""Training a model of the family: deterministic by seed, and resumable to the step whatever ended it.

A checkpoint is one file, written beside the last and renamed: weights, the optimiser's state, and where the
data goes on. A block is now and then left out, and one shallower exit a step is held to the same answer, so
that a model can be used with fewer blocks. Not covered: several machines.
"""

from __future__ import annotations

import math
import os
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch.nn import functional as F

from labkit.errors import BadInput

from .batches import Batch, batches
from .llama import Llama
from .recipe import Recipe, recipe
from .tokens import tokenizer

SAVED_EVERY_S = 60.0
TOLD_EVERY_S = 2.0
LOOKED_EVERY_S = 120.0
WIDE = 256  # from here on bfloat16 saves more than casting costs
RATED = 8  # steps of which the speed is told, where the time is what is given


class Step(NamedTuple):
    """How training stands: `number` of `total` steps; the `loss` of this one, nats a token; tokens so far;
    `accuracy`: exact answers by group of requests, when it was last looked at."""

    number: int
    total: int
    loss: float
    tokens: int
    tokens_per_s: float
    left_s: float
    accuracy: Mapping[str, float] = {}


@dataclass
class Training:
    """A model in training, as it is checkpointed."""

    recipe: Recipe
    model: Llama
    optimiser: torch.optim.Optimizer
    seed: int
    total: int = 0
    step: int = 0
    tokens: int = 0
    cursor: tuple[int, int] = (0, 0)

    def save(self, file: Path) -> None:
        state = {
            "model": self.model.state_dict(), "optimiser": self.optimiser.state_dict(), "seed": self.seed,
            "total": self.total, "step": self.step, "tokens": self.tokens, "cursor": self.cursor,
        }  # fmt: skip
        part = file.with_suffix(".part")
        torch.save(state, part)
        os.replace(part, file)

    def load(self, file: Path) -> None:
        """Raises BadInput for a file that is none of this training's."""
        try:
            state = torch.load(file, weights_only=True)
            if state["seed"] != self.seed:
                raise BadInput(f"{file} was trained with seed {state['seed']}: give that, or another folder")
            self.model.load_state_dict(state["model"])
            self.optimiser.load_state_dict(state["optimiser"])
        except BadInput:
            raise
        except Exception as error:
            raise BadInput(
                f"{file} is no checkpoint of this training: {error}; give another folder"
            ) from None
        self.total, self.step, self.tokens = state["total"], state["step"], state["tokens"]
        self.cursor = tuple(state["cursor"])


def begin(size: str | Recipe, seed: int = 0, device: str = "cpu") -> Training:
    """A new model and its optimiser."""
    given = recipe(size) if isinstance(size, str) else size
    torch.manual_seed(seed)
    model = Llama(given.size).to(device)
    groups = [
        {"params": [p for p in model.parameters() if p.dim() > 1], "weight_decay": given.decay},
        {"params": [p for p in model.parameters() if p.dim() < 2], "weight_decay": 0.0},
    ]
    optimiser = torch.optim.AdamW(groups, lr=given.rate, betas=(0.9, 0.95), eps=1e-8)
    return Training(given, model, optimiser, seed)


def train(
    size: str | Recipe,
    folder: Path,
    *,
    seed: int = 0,
    device: str = "cpu",
    minutes: float | None = None,
    steps: int | None = None,
    teacher: Llama | None = None,
    stop: Callable[[], bool] = lambda: False,
    watch: Callable[[Step], Any] = lambda _: None,
    look: Callable[[Llama], Mapping[str, float]] | None = None,
) -> Training:
    """Train until the recipe's tokens, so many `steps`, or about so many `minutes` are used up.

    `folder` holds the checkpoint; a training that it holds already goes on. How many steps the minutes make
    is settled once, by the speed of the first ones. `stop` ends it early, to be gone on with. `look` is asked
    now and then how good the model is, for `watch`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file, state = folder / "checkpoint.pt", begin(size, seed, device)
    if file.exists():
        state.load(file)
    given, words = state.recipe, tokenizer()
    data = batches(words, seed, given.batch, given.longest, state.cursor)
    if not state.total:
        state.total = steps or math.ceil(given.tokens / given.batch)
        if minutes:
            state.total = _steps_in(minutes, given, device, seed, words, teacher)
    began = saved = looked = time.monotonic()
    told, before, accuracy = 0.0, state.tokens, {}
    while state.step < state.total and not stop():
        state.cursor, batch = next(data)
        loss = one_step(state, batch, teacher)
        state.step += 1
        state.tokens += int((batch.weights > 0).sum())
        now = time.monotonic()
        if look and (now - looked > LOOKED_EVERY_S or state.step == state.total):
            accuracy = look(state.model)
            looked = now
        if now - told > TOLD_EVERY_S or state.step == state.total:
            rate = (state.tokens - before) / (now - began)
            left = state.tokens / state.step * (state.total - state.step) / max(rate, 1.0)
            watch(Step(state.step, state.total, float(loss), state.tokens, rate, left, accuracy))
            told = now
        if now - saved > SAVED_EVERY_S:
            state.save(file)
            saved = now
    state.save(file)
    return state


def _steps_in(
    minutes: float, given: Recipe, device: str, seed: int, words: Any, teacher: Llama | None
) -> int:
    """How many steps so many minutes have room for: a few are timed, on a model of their own."""
    trial = begin(given, seed, device)
    trial.total = 1000
    data = batches(words, seed, given.batch, given.longest)
    times = []
    for _, (_, batch) in zip(range(RATED), data, strict=False):
        began = time.monotonic()
        one_step(trial, batch, teacher)
        times.append(time.monotonic() - began)
    return max(1, round(60 * minutes / (sum(times[1:]) / (len(times) - 1))))


def one_step(state: Training, batch: Batch, teacher: Llama | None = None) -> torch.Tensor:
    """One step of the optimiser; the loss at full depth."""
    given, model = state.recipe, state.model
    device = next(model.parameters()).device
    tokens, weights = batch.tokens.to(device, non_blocking=True), batch.weights.to(device, non_blocking=True)
    chance = random.Random(f"{state.seed}/{state.step}")
    depth = model.size.layers
    skip = [i for i in range(1, depth) if chance.random() < given.drop * i / (depth - 1)]
    early = chance.randrange(1, depth)
    for group in state.optimiser.param_groups:
        group["lr"] = given.rate * schedule(state.step, state.total, given.warm_up)
    with torch.autocast(device.type, torch.bfloat16, enabled=half_pays(device.type, model.size.width)):
        at, full = model(tokens[:, :-1], (early, depth), skip)
        wanted, weight = tokens[:, 1:].flatten(), weights.flatten()
        kept = weight > 0  # padding costs nothing
        wanted, weight = wanted[kept], weight[kept]
        logits = model.logits(full.flatten(0, 1)[kept])
        loss = _loss(logits, wanted, weight)
        total = loss + given.exit_weight * _loss(model.logits(at.flatten(0, 1)[kept]), wanted, weight)
        if teacher is not None:
            with torch.no_grad():
                told = teacher.logits(teacher(tokens[:, :-1])[0].flatten(0, 1)[kept])
            apart = F.kl_div(
                F.log_softmax(logits.float(), -1),
                F.log_softmax(told.float(), -1),
                reduction="none",
                log_target=True,
            ).sum(-1)
            total = (1 - given.agree) * total + given.agree * (apart * weight).sum() / weight.sum()
    state.optimiser.zero_grad(set_to_none=True)
    total.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), given.clip)
    state.optimiser.step()
    return loss.detach()


def _loss(logits: torch.Tensor, wanted: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    return (F.cross_entropy(logits.float(), wanted, reduction="none") * weight).sum() / weight.sum()


def schedule(step: int, total: int, warm_up: int) -> float:
    """The share of the highest rate: up in a line, even, and down in a line over the last third."""
    warm = min(warm_up, max(1, total // 10))
    down = max(1, total // 3)
    return min(1.0, (step + 1) / warm, max(0.02, (total - step) / down))


def half_pays(device: str, width: int) -> bool:
    """Whether bfloat16 is faster there: on a GPU; for a wide model on a processor that has it."""
    if device != "cpu":
        return True
    known = ("_is_amx_tile_supported", "_is_avx512_bf16_supported")
    return width >= WIDE and any(getattr(torch.cpu, name, bool)() for name in known)
