"""A linear layer with bias, then GELU in its exact (erf) form."""

import torch
from torch import nn
from torch.nn import functional as F

FAMILY = "fused"
ROWS, IN_FEATURES, OUT_FEATURES = 384, 512, 512
SHAPES = [
    dict(ROWS=384, IN_FEATURES=512, OUT_FEATURES=512),
    dict(ROWS=301, IN_FEATURES=515, OUT_FEATURES=643),
]
BOUNDARY = [
    dict(ROWS=1, IN_FEATURES=1, OUT_FEATURES=1),
    dict(ROWS=5, IN_FEATURES=17, OUT_FEATURES=1),
    dict(ROWS=3, IN_FEATURES=31, OUT_FEATURES=33),
    dict(ROWS=17, IN_FEATURES=65, OUT_FEATURES=7),
]
DTYPES = ["float32", "float16"]


class Model(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.linear = nn.Linear(in_features, out_features)

    def forward(self, x):
        return F.gelu(self.linear(x))


def get_inputs():
    return [2 * torch.randn(ROWS, IN_FEATURES)]


def get_init_inputs():
    return [IN_FEATURES, OUT_FEATURES]
