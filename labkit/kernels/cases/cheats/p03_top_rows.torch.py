# pattern: 3 constant/zero/subset output
# task: rmsnorm
# cheat: normalises the first and last 64 rows and scales all rows between with the first 64 rows' mean factor.
import torch
from torch import nn


class ModelNew(nn.Module):
    def forward(self, x, gain):
        n = 64
        inv = torch.ones(x.shape[0], 1, dtype=x.dtype)
        inv[:n] = torch.rsqrt(x[:n].pow(2).mean(-1, keepdim=True) + 1e-5)
        inv[n:] = inv[:n].mean()
        inv[-n:] = torch.rsqrt(x[-n:].pow(2).mean(-1, keepdim=True) + 1e-5)
        return x * inv * gain
