"""Layer norm over the last axis: one program takes some whole rows, reads them once and keeps them."""

import torch
import triton
import triton.language as tl
from torch import nn

BLOCK_ROWS = 8  # one of: 1 2 4 8 32


@triton.jit
def layernorm_kernel(
    x_ptr, gamma_ptr, beta_ptr, out_ptr, rows, cols, BLOCK_ROWS: tl.constexpr, BLOCK_COLS: tl.constexpr
):
    r = tl.program_id(0) * BLOCK_ROWS + tl.arange(0, BLOCK_ROWS)
    c = tl.arange(0, BLOCK_COLS)
    mask = (r[:, None] < rows) & (c[None, :] < cols)
    offsets = r[:, None] * cols + c[None, :]
    x = tl.load(x_ptr + offsets, mask=mask, other=0.0).to(tl.float32)
    mean = tl.sum(x, axis=1) / cols
    # Columns past the end hold 0: less the mean they would count in the variance.
    deviation = tl.where(c[None, :] < cols, x - mean[:, None], 0.0)
    scale = 1.0 / tl.sqrt(tl.sum(deviation * deviation, axis=1) / cols + 1e-5)
    gamma = tl.load(gamma_ptr + c, mask=c < cols, other=0.0).to(tl.float32)
    beta = tl.load(beta_ptr + c, mask=c < cols, other=0.0).to(tl.float32)
    tl.store(out_ptr + offsets, deviation * scale[:, None] * gamma[None, :] + beta[None, :], mask=mask)


class ModelNew(nn.Module):
    def forward(self, x, gamma, beta):
        rows, cols = x.shape
        out = torch.empty_like(x)
        grid = (triton.cdiv(rows, BLOCK_ROWS),)
        width = triton.next_power_of_2(cols)
        layernorm_kernel[grid](x, gamma, beta, out, rows, cols, BLOCK_ROWS=BLOCK_ROWS, BLOCK_COLS=width)
        return out
