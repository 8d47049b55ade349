"""Root-mean-square norm over the last axis, x / sqrt(mean(x^2) + 1e-5), times a gain."""

import torch
from torch import nn
from torch.nn import functional as F

FAMILY = "norm"
ROWS, COLS = 960, 1024
SHAPES = [dict(ROWS=960, COLS=1024), dict(ROWS=761, COLS=1283)]
BOUNDARY = [dict(ROWS=1, COLS=1), dict(ROWS=3, COLS=37), dict(ROWS=5, COLS=63), dict(ROWS=2, COLS=1025)]
DTYPES = ["float32", "float16", "bfloat16"]


class Model(nn.Module):
    def forward(self, x, gain):
        return F.rms_norm(x, (COLS,), gain, eps=1e-5)


def get_inputs():
    # A row's own scale: a plain normal row is nearly normalised already.
    return [torch.randn(ROWS, COLS) * (0.5 + 2 * torch.rand(ROWS, 1)), torch.randn(COLS)]


def get_init_inputs():
    return []
