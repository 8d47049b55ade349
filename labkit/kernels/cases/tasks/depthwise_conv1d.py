"""A causal convolution of each channel with its own filter and bias; there are zeros before step 0."""

import torch
from torch import nn
from torch.nn import functional as F

FAMILY = "convolution"
BATCH, CHANNELS, STEPS, TAPS = 2, 480, 1024, 4
SHAPES = [dict(BATCH=2, CHANNELS=480, STEPS=1024, TAPS=4), dict(BATCH=5, CHANNELS=193, STEPS=1009, TAPS=7)]
BOUNDARY = [
    dict(BATCH=1, CHANNELS=1, STEPS=1, TAPS=1),
    dict(BATCH=2, CHANNELS=3, STEPS=2, TAPS=5),
    dict(BATCH=1, CHANNELS=7, STEPS=31, TAPS=4),
    dict(BATCH=3, CHANNELS=2, STEPS=65, TAPS=3),
]
DTYPES = ["float32", "float16"]


class Model(nn.Module):
    def __init__(self, channels, taps):
        super().__init__()
        self.conv = nn.Conv1d(channels, channels, taps, groups=channels)

    def forward(self, x):
        return self.conv(F.pad(x, (TAPS - 1, 0)))


def get_inputs():
    return [torch.randn(BATCH, CHANNELS, STEPS)]


def get_init_inputs():
    return [CHANNELS, TAPS]
