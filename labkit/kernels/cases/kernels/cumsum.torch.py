"""The running sum by matrix products: within blocks by a triangle of ones, then of the blocks before."""

import torch
from torch import nn
from torch.nn import functional as F

BLOCK = 32  # one of: 16 32 64 128


class ModelNew(nn.Module):
    def forward(self, x):
        rows, cols = x.shape
        wide = torch.promote_types(x.dtype, torch.float32)  # long sums in a half would lose their small terms
        blocks = F.pad(x, (0, -cols % BLOCK)).to(wide).view(rows, -1, BLOCK)
        triangle = torch.ones(BLOCK, BLOCK, dtype=wide, device=x.device).triu_()  # column j: 0 to j
        inside = blocks @ triangle
        count = blocks.shape[1]
        earlier = torch.ones(count, count, dtype=wide, device=x.device).triu_(1)  # its own is inside
        inside += (inside[:, :, -1] @ earlier).unsqueeze(-1)
        return inside.view(rows, -1)[:, :cols].to(x.dtype).contiguous()
