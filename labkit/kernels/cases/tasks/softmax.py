"""Softmax over the last axis."""

import torch
from torch import nn

FAMILY = "softmax"
ROWS, COLS = 480, 2048
SHAPES = [dict(ROWS=480, COLS=2048), dict(ROWS=3989, COLS=257)]
BOUNDARY = [dict(ROWS=1, COLS=2), dict(ROWS=3, COLS=1000), dict(ROWS=7, COLS=31), dict(ROWS=5, COLS=65)]
DTYPES = ["float32", "float16", "bfloat16"]


class Model(nn.Module):
    def forward(self, x):
        return torch.softmax(x, dim=-1)


def get_inputs():
    # The factor keeps long rows from flattening to zeros; the offset overflows an exp without the maximum.
    return [4 * torch.randn(ROWS, COLS) + 40 * torch.randn(ROWS, 1)]


def get_init_inputs():
    return []
