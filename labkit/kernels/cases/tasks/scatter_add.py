"""Row i of the values added to row index[i] of a base; indices repeat."""

import torch
from torch import nn

FAMILY = "gather"
BUCKETS, DIM, COUNT = 1024, 128, 12800
SHAPES = [dict(BUCKETS=1024, DIM=128, COUNT=12800), dict(BUCKETS=1009, DIM=203, COUNT=7507)]
BOUNDARY = [
    dict(BUCKETS=1, DIM=1, COUNT=1),
    dict(BUCKETS=3, DIM=7, COUNT=31),
    dict(BUCKETS=65, DIM=5, COUNT=11),
    dict(BUCKETS=17, DIM=33, COUNT=127),
]
DTYPES = ["float32"]  # a half would round after every addition, in whichever order they come


class Model(nn.Module):
    def forward(self, base, index, values):
        return base.index_add(0, index, values)


def get_inputs():
    return [torch.randn(BUCKETS, DIM), torch.randint(BUCKETS, (COUNT,)), torch.randn(COUNT, DIM)]


def get_init_inputs():
    return []
