"""Matrix product A @ B."""

import torch
from torch import nn

FAMILY = "matmul"
ROWS, INNER, COLS = 288, 768, 288
SHAPES = [dict(ROWS=288, INNER=768, COLS=288), dict(ROWS=257, INNER=801, COLS=307)]
BOUNDARY = [
    dict(ROWS=1, INNER=1, COLS=1),
    dict(ROWS=1, INNER=17, COLS=5),
    dict(ROWS=31, INNER=33, COLS=29),
    dict(ROWS=65, INNER=7, COLS=63),
]
DTYPES = ["float32", "float16"]


class Model(nn.Module):
    def forward(self, a, b):
        return a @ b


def get_inputs():
    return [torch.randn(ROWS, INNER), torch.randn(INNER, COLS)]


def get_init_inputs():
    return []
