"""x * clamp(x + 3, 0, 6) / 6 + residual in one pass; in float32 inside, whatever the dtype of the tensors."""

import torch
import triton
import triton.language as tl
from torch import nn

BLOCK = 4096  # one of: 1024 2048 4096 8192 65536


@triton.jit
def hardswish_residual_kernel(x_ptr, residual_ptr, out_ptr, count, BLOCK: tl.constexpr):
    offsets = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    mask = offsets < count
    x = tl.load(x_ptr + offsets, mask=mask, other=0.0).to(tl.float32)
    residual = tl.load(residual_ptr + offsets, mask=mask, other=0.0).to(tl.float32)
    gate = tl.minimum(tl.maximum(x + 3.0, 0.0), 6.0)
    tl.store(out_ptr + offsets, x * gate * (1.0 / 6.0) + residual, mask=mask)


class ModelNew(nn.Module):
    def forward(self, x, residual):
        out = torch.empty_like(x)
        grid = (triton.cdiv(x.numel(), BLOCK),)
        hardswish_residual_kernel[grid](x, residual, out, x.numel(), BLOCK=BLOCK)
        return out
