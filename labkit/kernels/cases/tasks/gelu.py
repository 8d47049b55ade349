"""GELU in its exact (erf) form, x * Phi(x), element by element."""

import torch
from torch import nn
from torch.nn import functional as F

FAMILY = "elementwise"
ROWS, COLS = 1024, 1000
SHAPES = [dict(ROWS=1024, COLS=1000), dict(ROWS=769, COLS=1289)]
BOUNDARY = [dict(ROWS=1, COLS=1), dict(ROWS=3, COLS=17), dict(ROWS=1, COLS=255), dict(ROWS=7, COLS=129)]
DTYPES = ["float32", "float16"]


class Model(nn.Module):
    def forward(self, x):
        return F.gelu(x)


def get_inputs():
    return [2 * torch.randn(ROWS, COLS)]


def get_init_inputs():
    return []
