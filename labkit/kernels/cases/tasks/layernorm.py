"""Layer norm over the last axis (biased variance, epsilon 1e-5), then gamma and beta."""

import torch
from torch import nn
from torch.nn import functional as F

FAMILY = "norm"
ROWS, COLS = 960, 1024
SHAPES = [dict(ROWS=960, COLS=1024), dict(ROWS=2503, COLS=387)]
BOUNDARY = [dict(ROWS=1, COLS=3), dict(ROWS=3, COLS=31), dict(ROWS=5, COLS=129), dict(ROWS=2, COLS=1009)]
DTYPES = ["float32", "float16"]


class Model(nn.Module):
    def forward(self, x, gamma, beta):
        return F.layer_norm(x, (COLS,), gamma, beta, eps=1e-5)


def get_inputs():
    # A row's own scale and offset: a plain normal row is nearly normalised already.
    x = torch.randn(ROWS, COLS) * (0.5 + 2 * torch.rand(ROWS, 1)) + torch.randn(ROWS, 1)
    return [x, torch.randn(COLS), torch.randn(COLS)]


def get_init_inputs():
    return []
