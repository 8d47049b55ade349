"""Embedding look-up: one program copies the table rows for a block of indices, whatever the dtype."""

import torch
import triton
import triton.language as tl
from torch import nn

BLOCK_COUNT = 32  # one of: 16 32 64 1024


@triton.jit
def embedding_kernel(
    table_ptr, index_ptr, out_ptr, count, dim, BLOCK_COUNT: tl.constexpr, BLOCK_DIM: tl.constexpr
):
    i = tl.program_id(0) * BLOCK_COUNT + tl.arange(0, BLOCK_COUNT)
    d = tl.arange(0, BLOCK_DIM)
    index = tl.load(index_ptr + i, mask=i < count, other=0)
    mask = (i[:, None] < count) & (d[None, :] < dim)
    rows = tl.load(table_ptr + index[:, None] * dim + d[None, :], mask=mask)
    tl.store(out_ptr + i[:, None] * dim + d[None, :], rows, mask=mask)


class ModelNew(nn.Module):
    def forward(self, table, index):
        count, dim = index.shape[0], table.shape[1]
        out = torch.empty(count, dim, dtype=table.dtype, device=table.device)
        grid = (triton.cdiv(count, BLOCK_COUNT),)
        width = triton.next_power_of_2(dim)
        embedding_kernel[grid](table, index, out, count, dim, BLOCK_COUNT=BLOCK_COUNT, BLOCK_DIM=width)
        return out
