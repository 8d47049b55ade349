"""The mean and the variance (divided by the length) of each row."""

import torch
from torch import nn

FAMILY = "reduction"
ROWS, COLS = 1024, 1536
SHAPES = [dict(ROWS=1024, COLS=1536), dict(ROWS=2017, COLS=769)]
BOUNDARY = [dict(ROWS=1, COLS=3), dict(ROWS=3, COLS=31), dict(ROWS=5, COLS=129), dict(ROWS=2, COLS=1009)]
DTYPES = ["float32", "float16"]


class Model(nn.Module):
    def forward(self, x):
        variance, mean = torch.var_mean(x, dim=-1, correction=0)
        return mean, variance


def get_inputs():
    # A row's own scale and offset: the rows of a plain normal matrix all have mean 0 and variance 1.
    return [torch.randn(ROWS, COLS) * (0.5 + 2 * torch.rand(ROWS, 1)) + 2 * torch.randn(ROWS, 1)]


def get_init_inputs():
    return []
