"""Each row divided by its Euclidean length."""

import torch
from torch import nn
from torch.nn import functional as F

FAMILY = "norm"
ROWS, COLS = 5120, 192
SHAPES = [dict(ROWS=5120, COLS=192), dict(ROWS=7507, COLS=131)]
BOUNDARY = [dict(ROWS=1, COLS=2), dict(ROWS=3, COLS=29), dict(ROWS=5, COLS=63), dict(ROWS=2, COLS=257)]
DTYPES = ["float32", "float16"]


class Model(nn.Module):
    def forward(self, x):
        return F.normalize(x, dim=-1)


def get_inputs():
    # A row's own scale: the lengths of plain normal rows are nearly equal.
    return [torch.randn(ROWS, COLS) * (0.5 + 2 * torch.rand(ROWS, 1))]


def get_init_inputs():
    return []
