"""SwiGLU's gate, silu(a) * b, element by element."""

import torch
from torch import nn
from torch.nn import functional as F

FAMILY = "elementwise"
ROWS, COLS = 640, 1024
SHAPES = [dict(ROWS=640, COLS=1024), dict(ROWS=509, COLS=1301)]
BOUNDARY = [dict(ROWS=1, COLS=1), dict(ROWS=5, COLS=13), dict(ROWS=1, COLS=127), dict(ROWS=3, COLS=257)]
DTYPES = ["float32", "float16", "bfloat16"]


class Model(nn.Module):
    def forward(self, a, b):
        return F.silu(a) * b


def get_inputs():
    return [2 * torch.randn(ROWS, COLS), torch.randn(ROWS, COLS)]


def get_init_inputs():
    return []
