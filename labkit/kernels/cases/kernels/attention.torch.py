"""Attention by torch's fused kernel, a block of queries at a time; the scores are never stored whole."""

import torch
from torch import nn
from torch.nn import functional as F

QUERIES_AT_ONCE = 128  # one of: 32 64 128 512


class ModelNew(nn.Module):
    def forward(self, q, k, v):
        # Without a mask every query stands alone, so blocks of them can be answered apart.
        blocks = [F.scaled_dot_product_attention(part, k, v) for part in q.split(QUERIES_AT_ONCE, dim=-2)]
        return torch.cat(blocks, dim=-2)
