"""The maximum over 3 by 3 windows of images, two pixels apart; a window may overhang the edge by one."""

import torch
from torch import nn
from torch.nn import functional as F

FAMILY = "convolution"
BATCH, CHANNELS, HEIGHT, WIDTH = 2, 64, 96, 96
SHAPES = [dict(BATCH=2, CHANNELS=64, HEIGHT=96, WIDTH=96), dict(BATCH=3, CHANNELS=61, HEIGHT=71, WIDTH=67)]
BOUNDARY = [
    dict(BATCH=1, CHANNELS=1, HEIGHT=1, WIDTH=1),
    dict(BATCH=2, CHANNELS=3, HEIGHT=2, WIDTH=5),
    dict(BATCH=1, CHANNELS=5, HEIGHT=17, WIDTH=1),
    dict(BATCH=3, CHANNELS=2, HEIGHT=15, WIDTH=33),
]
DTYPES = ["float32", "float16"]


class Model(nn.Module):
    def forward(self, x):
        return F.max_pool2d(x, kernel_size=3, stride=2, padding=1)


def get_inputs():
    return [torch.randn(BATCH, CHANNELS, HEIGHT, WIDTH)]


def get_init_inputs():
    return []
