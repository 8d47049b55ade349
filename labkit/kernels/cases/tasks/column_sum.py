"""The sum of each column: a reduction over the first axis."""

import torch
from torch import nn

FAMILY = "reduction"
ROWS, COLS = 2000, 1024
SHAPES = [dict(ROWS=2000, COLS=1024), dict(ROWS=3989, COLS=511)]
BOUNDARY = [dict(ROWS=1, COLS=1), dict(ROWS=1, COLS=37), dict(ROWS=101, COLS=3), dict(ROWS=63, COLS=129)]
DTYPES = ["float32", "float16"]


class Model(nn.Module):
    def forward(self, x):
        return x.sum(dim=0)


def get_inputs():
    return [torch.randn(ROWS, COLS)]


def get_init_inputs():
    return []
