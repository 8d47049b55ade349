"""relu(x + bias) * scale + residual in one pass; one program takes some whole rows."""

import torch
import triton
import triton.language as tl
from torch import nn

BLOCK_ROWS = 4  # one of: 1 4 16 64


@triton.jit
def fused_kernel(
    x_ptr, bias_ptr, scale_ptr, residual_ptr, out_ptr, rows, cols,
    BLOCK_ROWS: tl.constexpr, BLOCK_COLS: tl.constexpr,
):  # fmt: skip
    r = tl.program_id(0) * BLOCK_ROWS + tl.arange(0, BLOCK_ROWS)[:, None]
    c = tl.arange(0, BLOCK_COLS)[None, :]
    mask = (r < rows) & (c < cols)
    offsets = r * cols + c
    bias = tl.load(bias_ptr + c, mask=c < cols, other=0.0).to(tl.float32)
    scale = tl.load(scale_ptr + c, mask=c < cols, other=0.0).to(tl.float32)
    x = tl.load(x_ptr + offsets, mask=mask, other=0.0).to(tl.float32)
    residual = tl.load(residual_ptr + offsets, mask=mask, other=0.0).to(tl.float32)
    tl.store(out_ptr + offsets, tl.maximum(x + bias, 0.0) * scale + residual, mask=mask)


class ModelNew(nn.Module):
    def forward(self, x, bias, scale, residual):
        rows, cols = x.shape
        out = torch.empty_like(x)
        grid = (triton.cdiv(rows, BLOCK_ROWS),)
        width = triton.next_power_of_2(cols)
        fused_kernel[grid](x, bias, scale, residual, out, rows, cols, BLOCK_ROWS=BLOCK_ROWS, BLOCK_COLS=width)
        return out
