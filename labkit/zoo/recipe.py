"""The family's sizes and how each is trained: the dials of `labkit zoo train`, in one table."""

from __future__ import annotations

from dataclasses import dataclass

from labkit.errors import BadInput

from .llama import Size


@dataclass(frozen=True)
class Recipe:
    """`tokens`: of the whole training; `batch`: of a step; `rate`: the highest of the optimiser's steps.
    `teacher`: the model whose next-token distributions it learns from, too."""

    size: Size
    tokens: float
    rate: float
    batch: int = 4096
    longest: int = 640
    warm_up: int = 200
    teacher: str = ""
    decay: float = 0.1
    clip: float = 1.0
    exit_weight: float = 0.3  # of the loss at one shallower exit a step, drawn
    drop: float = 0.1  # of the last block, in each step; of those before it less
    agree: float = 0.7  # of the loss that is the teacher's


RECIPES = {
    "nano": Recipe(Size(3, 128, 352), 40e6, 3e-3, teacher="base"),
    "small": Recipe(Size(6, 192, 512), 40e6, 2.5e-3),
    "base": Recipe(Size(8, 320, 832), 60e6, 1.5e-3),
    "large": Recipe(Size(8, 512, 1408), 1e9, 1e-3, batch=65536),
}


def recipe(size: str) -> Recipe:
    if size not in RECIPES:
        raise BadInput(f"size {size!r}: choose one of {', '.join(RECIPES)}")
    return RECIPES[size]
