"""The sum of each row."""

import torch
from torch import nn

FAMILY = "reduction"
ROWS, COLS = 2000, 1024
SHAPES = [dict(ROWS=2000, COLS=1024), dict(ROWS=499, COLS=4099)]
BOUNDARY = [dict(ROWS=1, COLS=1), dict(ROWS=3, COLS=101), dict(ROWS=5, COLS=63), dict(ROWS=2, COLS=1025)]
DTYPES = ["float32", "float16"]


class Model(nn.Module):
    def forward(self, x):
        return x.sum(dim=-1)


def get_inputs():
    return [torch.randn(ROWS, COLS)]


def get_init_inputs():
    return []
