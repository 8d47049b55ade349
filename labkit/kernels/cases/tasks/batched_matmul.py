"""The matrix product of each pair of a batch."""

import torch
from torch import nn

FAMILY = "matmul"
BATCH, ROWS, INNER, COLS = 28, 128, 128, 128
SHAPES = [dict(BATCH=28, ROWS=128, INNER=128, COLS=128), dict(BATCH=29, ROWS=127, INNER=131, COLS=113)]
BOUNDARY = [
    dict(BATCH=1, ROWS=1, INNER=1, COLS=1),
    dict(BATCH=3, ROWS=1, INNER=13, COLS=7),
    dict(BATCH=2, ROWS=17, INNER=31, COLS=15),
    dict(BATCH=5, ROWS=9, INNER=3, COLS=33),
]
DTYPES = ["float32", "float16"]


class Model(nn.Module):
    def forward(self, a, b):
        return torch.bmm(a, b)


def get_inputs():
    return [torch.randn(BATCH, ROWS, INNER), torch.randn(BATCH, INNER, COLS)]


def get_init_inputs():
    return []
