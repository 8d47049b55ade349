"""Matrix times vector."""

import torch
from torch import nn

FAMILY = "matmul"
ROWS, COLS = 1024, 2000
SHAPES = [dict(ROWS=1024, COLS=2000), dict(ROWS=2011, COLS=1019)]
BOUNDARY = [dict(ROWS=1, COLS=1), dict(ROWS=1, COLS=127), dict(ROWS=37, COLS=5), dict(ROWS=17, COLS=65)]
DTYPES = ["float32", "float16"]


class Model(nn.Module):
    def forward(self, matrix, vector):
        return matrix @ vector


def get_inputs():
    return [torch.randn(ROWS, COLS), torch.randn(COLS)]


def get_init_inputs():
    return []
