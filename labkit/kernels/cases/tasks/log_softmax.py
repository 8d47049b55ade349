"""The logarithm of the softmax over the last axis."""

import torch
from torch import nn

FAMILY = "softmax"
ROWS, COLS = 960, 1024
SHAPES = [dict(ROWS=960, COLS=1024), dict(ROWS=503, COLS=2003)]
BOUNDARY = [dict(ROWS=1, COLS=2), dict(ROWS=3, COLS=127), dict(ROWS=5, COLS=33), dict(ROWS=2, COLS=1009)]
DTYPES = ["float32", "float16"]


class Model(nn.Module):
    def forward(self, x):
        return torch.log_softmax(x, dim=-1)


def get_inputs():
    # A row's own scale, so that its normaliser is not nearly a constant.
    return [torch.randn(ROWS, COLS) * (1 + 3 * torch.rand(ROWS, 1))]


def get_init_inputs():
    return []
