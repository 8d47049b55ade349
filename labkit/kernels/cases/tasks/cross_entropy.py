"""The cross-entropy of each row of logits against the index of its class."""

import torch
from torch import nn
from torch.nn import functional as F

FAMILY = "loss"
ROWS, CLASSES = 960, 2048
SHAPES = [dict(ROWS=960, CLASSES=2048), dict(ROWS=1931, CLASSES=1003)]
BOUNDARY = [
    dict(ROWS=1, CLASSES=2),
    dict(ROWS=3, CLASSES=31),
    dict(ROWS=17, CLASSES=5),
    dict(ROWS=2, CLASSES=1025),
]
DTYPES = ["float32", "float16"]


class Model(nn.Module):
    def forward(self, logits, target):
        return F.cross_entropy(logits, target, reduction="none")


def get_inputs():
    # A row's own scale, so that its normaliser is not nearly a constant.
    logits = torch.randn(ROWS, CLASSES) * (1 + 3 * torch.rand(ROWS, 1))
    return [logits, torch.randint(CLASSES, (ROWS,))]


def get_init_inputs():
    return []
