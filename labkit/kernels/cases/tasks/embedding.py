"""Embedding look-up: the rows of a table that an index names."""

import torch
from torch import nn

FAMILY = "gather"
VOCAB, DIM, COUNT = 4096, 128, 10240
SHAPES = [dict(VOCAB=4096, DIM=128, COUNT=10240), dict(VOCAB=5003, DIM=77, COUNT=20011)]
BOUNDARY = [
    dict(VOCAB=1, DIM=1, COUNT=1),
    dict(VOCAB=7, DIM=3, COUNT=31),
    dict(VOCAB=101, DIM=17, COUNT=5),
    dict(VOCAB=33, DIM=65, COUNT=63),
]
DTYPES = ["float32", "float16"]


class Model(nn.Module):
    def forward(self, table, index):
        return table[index]


def get_inputs():
    return [torch.randn(VOCAB, DIM), torch.randint(VOCAB, (COUNT,))]


def get_init_inputs():
    return []
