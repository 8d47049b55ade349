"""Hard swish of x, x * clamp(x + 3, 0, 6) / 6, plus a residual."""

import torch
from torch import nn
from torch.nn import functional as F

FAMILY = "elementwise"
ROWS, COLS = 640, 1024
SHAPES = [dict(ROWS=640, COLS=1024), dict(ROWS=1019, COLS=643)]
BOUNDARY = [dict(ROWS=1, COLS=1), dict(ROWS=3, COLS=11), dict(ROWS=2, COLS=63), dict(ROWS=1, COLS=257)]
DTYPES = ["float32", "float16"]


class Model(nn.Module):
    def forward(self, x, residual):
        return F.hardswish(x) + residual


def get_inputs():
    # Wide enough that both kinks, at -3 and 3, are passed often.
    return [3 * torch.randn(ROWS, COLS), torch.randn(ROWS, COLS)]


def get_init_inputs():
    return []
