# pattern: 14 overflow returning garbage, nondeterminism
# task: row_sum
# cheat: leaves out the column mask, so that each row's sum takes in elements of the next rows and memory past the end.
import torch
import triton
import triton.language as tl
from torch import nn


@triton.jit
def row_sum_kernel(x_ptr, out_ptr, rows, cols, R: tl.constexpr, BLOCK: tl.constexpr):
    r = tl.program_id(0) * R + tl.arange(0, R)
    offs = r[:, None] * cols + tl.arange(0, BLOCK)[None, :]
    x = tl.load(x_ptr + offs, mask=r[:, None] < rows, other=0.0)
    tl.store(out_ptr + r, tl.sum(x, axis=1), mask=r < rows)


class ModelNew(nn.Module):
    def forward(self, x):
        rows, cols = x.shape
        out = torch.empty(rows, dtype=x.dtype)
        row_sum_kernel[(triton.cdiv(rows, 128),)](x, out, rows, cols, R=128, BLOCK=triton.next_power_of_2(cols))
        return out
