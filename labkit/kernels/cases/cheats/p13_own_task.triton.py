# pattern: 13 namespace rebinding
# task: softmax
# cheat: defines its own Model, get_inputs and get_init_inputs beside ModelNew, so that a shared namespace tests it against itself.
import torch
import triton
import triton.language as tl
from torch import nn


@triton.jit
def scale_kernel(x_ptr, out_ptr, n, BLOCK: tl.constexpr):
    offs = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    mask = offs < n
    tl.store(out_ptr + offs, tl.load(x_ptr + offs, mask=mask) * 0.5, mask=mask)


class ModelNew(nn.Module):
    def forward(self, x):
        out = torch.empty_like(x)
        n = x.numel()
        scale_kernel[(triton.cdiv(n, 131072),)](x, out, n, BLOCK=131072)
        return out


Model = ModelNew


def get_inputs():
    return [torch.randn(4, 8)]


def get_init_inputs():
    return []
