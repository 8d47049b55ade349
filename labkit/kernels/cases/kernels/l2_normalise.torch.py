"""Each row times the reciprocal root of its squared length, a dot product of the row with itself."""

import torch
from torch import nn

ROWS_AT_ONCE = 512  # one of: 64 512 4096


class ModelNew(nn.Module):
    def forward(self, x):
        out = torch.empty_like(x)
        wide = torch.promote_types(x.dtype, torch.float32)  # squares would overflow a half, or vanish in it
        for part, target in zip(x.split(ROWS_AT_ONCE), out.split(ROWS_AT_ONCE), strict=True):
            rows = part.to(wide)
            squares = torch.linalg.vecdot(rows, rows).unsqueeze(-1)
            torch.mul(rows, squares.clamp_min(1e-24).rsqrt(), out=target)  # its least length is 1e-12
        return out
