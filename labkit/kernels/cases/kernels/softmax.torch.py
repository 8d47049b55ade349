"""Softmax in base 2, some rows at a time so that they stay in cache."""

import math

import torch
from torch import nn

ROWS_AT_ONCE = 64  # one of: 16 64 256 1024


class ModelNew(nn.Module):
    def forward(self, x):
        out = torch.empty_like(x)
        wide = torch.promote_types(x.dtype, torch.float32)  # a half would round each term before the sum
        for rows, target in zip(x.split(ROWS_AT_ONCE), out.split(ROWS_AT_ONCE), strict=True):
            power = (rows.to(wide) - rows.amax(-1, keepdim=True)).mul_(math.log2(math.e)).exp2_()
            torch.div(power, power.sum(-1, keepdim=True), out=target)
        return out
