"""A 3 by 3 convolution of images with bias; zeros around the edge keep the size."""

import torch
from torch import nn

FAMILY = "convolution"
BATCH, IN_CHANNELS, OUT_CHANNELS, HEIGHT, WIDTH = 2, 32, 32, 96, 96
SHAPES = [
    dict(BATCH=2, IN_CHANNELS=32, OUT_CHANNELS=32, HEIGHT=96, WIDTH=96),
    dict(BATCH=3, IN_CHANNELS=17, OUT_CHANNELS=35, HEIGHT=67, WIDTH=61),
]
BOUNDARY = [
    dict(BATCH=1, IN_CHANNELS=1, OUT_CHANNELS=3, HEIGHT=1, WIDTH=1),
    dict(BATCH=2, IN_CHANNELS=3, OUT_CHANNELS=5, HEIGHT=7, WIDTH=2),
    dict(BATCH=1, IN_CHANNELS=7, OUT_CHANNELS=17, HEIGHT=1, WIDTH=31),
    dict(BATCH=3, IN_CHANNELS=5, OUT_CHANNELS=2, HEIGHT=17, WIDTH=15),
]
DTYPES = ["float32"]  # halves go through a fallback in torch that is far slower


class Model(nn.Module):
    def __init__(self, in_channels, out_channels):
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, kernel_size=3, padding=1)

    def forward(self, x):
        return self.conv(x)


def get_inputs():
    return [torch.randn(BATCH, IN_CHANNELS, HEIGHT, WIDTH)]


def get_init_inputs():
    return [IN_CHANNELS, OUT_CHANNELS]
