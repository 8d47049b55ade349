"""The largest value of each row and its int64 index."""

import torch
from torch import nn

FAMILY = "reduction"
ROWS, COLS = 1280, 1536
SHAPES = [dict(ROWS=1280, COLS=1536), dict(ROWS=653, COLS=3001)]
BOUNDARY = [dict(ROWS=5, COLS=2), dict(ROWS=1, COLS=97), dict(ROWS=7, COLS=31), dict(ROWS=3, COLS=257)]
DTYPES = ["float32"]  # a half has so few values that rows would tie


class Model(nn.Module):
    def forward(self, x):
        values, indices = x.max(dim=-1)
        return values, indices


def get_inputs():
    # A row's own scale: the maximum of a long standard normal row is nearly a constant.
    return [torch.randn(ROWS, COLS) * (0.5 + 2 * torch.rand(ROWS, 1))]


def get_init_inputs():
    return []
