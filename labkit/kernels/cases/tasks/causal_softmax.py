"""Softmax over the last axis of square scores; row r sees columns 0 to r, the others become 0."""

import torch
from torch import nn

FAMILY = "softmax"
BATCH, SEQ = 6, 384
SHAPES = [dict(BATCH=6, SEQ=384), dict(BATCH=6, SEQ=389)]
BOUNDARY = [dict(BATCH=1, SEQ=2), dict(BATCH=3, SEQ=17), dict(BATCH=1, SEQ=31), dict(BATCH=2, SEQ=65)]
DTYPES = ["float32", "float16"]


class Model(nn.Module):
    def forward(self, scores):
        later = torch.ones(SEQ, SEQ, dtype=torch.bool).triu(1)
        return torch.softmax(scores.masked_fill(later, float("-inf")), dim=-1)


def get_inputs():
    return [3 * torch.randn(BATCH, SEQ, SEQ)]


def get_init_inputs():
    return []
