"""The Frobenius norm of each matrix of a batch."""

import torch
from torch import nn

FAMILY = "reduction"
BATCH, ROWS, COLS = 16, 256, 480
SHAPES = [dict(BATCH=16, ROWS=256, COLS=480), dict(BATCH=7, ROWS=331, COLS=811)]
BOUNDARY = [
    dict(BATCH=1, ROWS=1, COLS=1),
    dict(BATCH=3, ROWS=5, COLS=7),
    dict(BATCH=2, ROWS=3, COLS=63),
    dict(BATCH=1, ROWS=17, COLS=65),
]
DTYPES = ["float32", "float16"]


class Model(nn.Module):
    def forward(self, x):
        return torch.linalg.matrix_norm(x, ord="fro")


def get_inputs():
    # A matrix's own scale: the norm of a large standard normal matrix is nearly the root of its size.
    return [torch.randn(BATCH, ROWS, COLS) * (0.25 + torch.rand(BATCH, 1, 1))]


def get_init_inputs():
    return []
