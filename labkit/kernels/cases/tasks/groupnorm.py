"""Group norm of images (biased variance, epsilon 1e-5), then gamma and beta for each channel."""

import torch
from torch import nn
from torch.nn import functional as F

FAMILY = "norm"
BATCH, CHANNELS, GROUPS, HEIGHT, WIDTH = 12, 80, 8, 32, 32
SHAPES = [
    dict(BATCH=12, CHANNELS=80, GROUPS=8, HEIGHT=32, WIDTH=32),
    dict(BATCH=10, CHANNELS=63, GROUPS=9, HEIGHT=37, WIDTH=41),
]
BOUNDARY = [
    dict(BATCH=1, CHANNELS=1, GROUPS=1, HEIGHT=1, WIDTH=3),
    dict(BATCH=3, CHANNELS=10, GROUPS=5, HEIGHT=7, WIDTH=3),
    dict(BATCH=2, CHANNELS=7, GROUPS=7, HEIGHT=5, WIDTH=13),
    dict(BATCH=1, CHANNELS=34, GROUPS=2, HEIGHT=1, WIDTH=31),
]
DTYPES = ["float32", "float16"]


class Model(nn.Module):
    def forward(self, x, gamma, beta):
        return F.group_norm(x, GROUPS, gamma, beta, eps=1e-5)


def get_inputs():
    # A channel's own scale and offset, so that no group is nearly normalised already.
    scale = 0.5 + 2 * torch.rand(BATCH, CHANNELS, 1, 1)
    x = torch.randn(BATCH, CHANNELS, HEIGHT, WIDTH) * scale + torch.randn(BATCH, CHANNELS, 1, 1)
    return [x, torch.randn(CHANNELS), torch.randn(CHANNELS)]


def get_init_inputs():
    return []
