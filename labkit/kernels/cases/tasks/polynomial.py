"""A degree-7 polynomial of x / 2 by Horner's rule, element by element."""

import torch
from torch import nn

FAMILY = "elementwise"
ROWS, COLS = 1024, 1000
SHAPES = [dict(ROWS=1024, COLS=1000), dict(ROWS=661, COLS=1537)]
BOUNDARY = [dict(ROWS=1, COLS=1), dict(ROWS=3, COLS=7), dict(ROWS=1, COLS=65), dict(ROWS=5, COLS=127)]
DTYPES = ["float32", "float16"]


class Model(nn.Module):
    def forward(self, x):
        y = 0.5 * x
        total = 0.03125 * y
        for coefficient in (0.0625, -0.125, 0.25, 0.375, -0.5, 1.0):
            total = (total + coefficient) * y
        return total + 0.75


def get_inputs():
    return [torch.randn(ROWS, COLS)]


def get_init_inputs():
    return []
