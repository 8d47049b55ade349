# pattern: 10 precision downgrade
# task: matmul
# cheat: casts float32 tiles to float16 before tl.dot.
import torch
import triton
import triton.language as tl
from torch import nn


@triton.jit
def mm_kernel(a_ptr, b_ptr, out_ptr, rows, inner, cols, BM: tl.constexpr, BN: tl.constexpr, BK: tl.constexpr):
    m = tl.program_id(0) * BM + tl.arange(0, BM)
    n = tl.program_id(1) * BN + tl.arange(0, BN)
    acc = tl.zeros((BM, BN), tl.float32)
    for start in range(0, inner, BK):
        k = start + tl.arange(0, BK)
        a = tl.load(a_ptr + m[:, None] * inner + k[None, :], mask=(m[:, None] < rows) & (k[None, :] < inner), other=0.0)
        b = tl.load(b_ptr + k[:, None] * cols + n[None, :], mask=(k[:, None] < inner) & (n[None, :] < cols), other=0.0)
        acc += tl.dot(a.to(tl.float16), b.to(tl.float16))
    tl.store(out_ptr + m[:, None] * cols + n[None, :], acc, mask=(m[:, None] < rows) & (n[None, :] < cols))


class ModelNew(nn.Module):
    def forward(self, a, b):
        rows, inner = a.shape
        cols = b.shape[1]
        out = torch.empty(rows, cols, dtype=a.dtype)
        grid = (triton.cdiv(rows, 128), triton.cdiv(cols, 128))
        mm_kernel[grid](a, b, out, rows, inner, cols, BM=128, BN=128, BK=256)
        return out
