"""relu(x + bias) * scale + residual, with one bias and one scale for each column."""

import torch
from torch import nn

FAMILY = "fused"
ROWS, COLS = 640, 1024
SHAPES = [dict(ROWS=640, COLS=1024), dict(ROWS=1277, COLS=517)]
BOUNDARY = [dict(ROWS=1, COLS=1), dict(ROWS=3, COLS=37), dict(ROWS=5, COLS=63), dict(ROWS=2, COLS=257)]
DTYPES = ["float32", "float16"]


class Model(nn.Module):
    def forward(self, x, bias, scale, residual):
        return torch.relu(x + bias) * scale + residual


def get_inputs():
    return [torch.randn(ROWS, COLS), torch.randn(COLS), torch.randn(COLS), torch.randn(ROWS, COLS)]


def get_init_inputs():
    return []
