"""RMS norm from the rows' Euclidean lengths, |x| / sqrt(COLS), some rows at a time: they stay in cache."""

import torch
from torch import nn

ROWS_AT_ONCE = 64  # one of: 16 64 256 1024


class ModelNew(nn.Module):
    def forward(self, x, gain):
        out = torch.empty_like(x)
        wide = torch.promote_types(x.dtype, torch.float32)  # squares would overflow a half
        gain = gain.to(wide)
        for rows, target in zip(x.split(ROWS_AT_ONCE), out.split(ROWS_AT_ONCE), strict=True):
            length = torch.linalg.vector_norm(rows, dim=-1, keepdim=True, dtype=wide)
            scale = (length.square() / x.shape[-1] + 1e-5).rsqrt()
            target.copy_(rows * scale * gain)  # scale is wide, and so are the products
        return out
