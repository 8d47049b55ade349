"""Matrix product A @ B.T, both stored row by row."""

import torch
from torch import nn

FAMILY = "matmul"
ROWS, INNER, COLS = 320, 896, 320
SHAPES = [dict(ROWS=320, INNER=896, COLS=320), dict(ROWS=257, INNER=1021, COLS=301)]
BOUNDARY = [
    dict(ROWS=1, INNER=1, COLS=1),
    dict(ROWS=7, INNER=19, COLS=1),
    dict(ROWS=31, INNER=65, COLS=33),
    dict(ROWS=5, INNER=127, COLS=17),
]
DTYPES = ["float32", "float16"]


class Model(nn.Module):
    def forward(self, a, b):
        return a @ b.T


def get_inputs():
    return [torch.randn(ROWS, INNER), torch.randn(COLS, INNER)]


def get_init_inputs():
    return []
