"""The running sum along the last axis."""

import torch
from torch import nn

FAMILY = "scan"
ROWS, COLS = 960, 1024
SHAPES = [dict(ROWS=960, COLS=1024), dict(ROWS=479, COLS=2039)]
BOUNDARY = [dict(ROWS=1, COLS=1), dict(ROWS=3, COLS=37), dict(ROWS=5, COLS=127), dict(ROWS=2, COLS=1025)]
DTYPES = ["float32", "float16"]


class Model(nn.Module):
    def forward(self, x):
        return x.cumsum(dim=-1)


def get_inputs():
    return [torch.randn(ROWS, COLS)]


def get_init_inputs():
    return []
