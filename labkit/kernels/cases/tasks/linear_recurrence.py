"""The recurrence h[t] = a[t] * h[t-1] + b[t] along the middle (time) axis, from 0; every h[t] is kept."""

import torch
from torch import nn

FAMILY = "scan"
BATCH, STEPS, CHANNELS = 2, 256, 512
SHAPES = [dict(BATCH=2, STEPS=256, CHANNELS=512), dict(BATCH=3, STEPS=251, CHANNELS=387)]
BOUNDARY = [
    dict(BATCH=1, STEPS=1, CHANNELS=1),
    dict(BATCH=3, STEPS=2, CHANNELS=5),
    dict(BATCH=1, STEPS=31, CHANNELS=17),
    dict(BATCH=2, STEPS=65, CHANNELS=7),
]
DTYPES = ["float32", "float16"]


class Model(nn.Module):
    def forward(self, a, b):
        states = [b[:, 0]]
        for t in range(1, STEPS):
            states.append(a[:, t] * states[-1] + b[:, t])
        return torch.stack(states, dim=1)


def get_inputs():
    return [1 - 0.2 * torch.rand(BATCH, STEPS, CHANNELS), torch.randn(BATCH, STEPS, CHANNELS)]


def get_init_inputs():
    return []
