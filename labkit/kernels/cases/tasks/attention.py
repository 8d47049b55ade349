"""Attention of several heads, softmax(Q K^T / sqrt(DIM)) V, without a mask."""

import torch
from torch import nn

FAMILY = "attention"
BATCH, HEADS, SEQ, DIM = 2, 8, 160, 64
SHAPES = [dict(BATCH=2, HEADS=8, SEQ=160, DIM=64), dict(BATCH=1, HEADS=12, SEQ=197, DIM=64)]
BOUNDARY = [
    dict(BATCH=1, HEADS=1, SEQ=1, DIM=1),
    dict(BATCH=1, HEADS=3, SEQ=17, DIM=5),
    dict(BATCH=2, HEADS=1, SEQ=31, DIM=16),
    dict(BATCH=1, HEADS=2, SEQ=65, DIM=7),
]
DTYPES = ["float32", "float16"]


class Model(nn.Module):
    def forward(self, q, k, v):
        scores = q @ k.transpose(-2, -1) / DIM**0.5
        return torch.softmax(scores, dim=-1) @ v


def get_inputs():
    shape = (BATCH, HEADS, SEQ, DIM)
    # Doubled queries: with scores of unit variance attention is nearly the mean of the values.
    return [2 * torch.randn(shape), torch.randn(shape), torch.randn(shape)]


def get_init_inputs():
    return []
