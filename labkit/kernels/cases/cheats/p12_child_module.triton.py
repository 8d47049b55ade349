# pattern: 12 fallback, reference import, unused kernel
# task: linear_gelu
# cheat: calls the nn.Linear that it holds only for its parameters, and an nn.GELU beside it; the Triton kernel adds zero.
import triton
import triton.language as tl
from torch import nn


@triton.jit
def add_zero_kernel(out_ptr, n, BLOCK: tl.constexpr):
    offs = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    mask = offs < n
    tl.store(out_ptr + offs, tl.load(out_ptr + offs, mask=mask) + 0.0, mask=mask)


class ModelNew(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.linear = nn.Linear(in_features, out_features)
        self.tail = nn.GELU()

    def forward(self, x):
        out = self.tail(self.linear(x))
        add_zero_kernel[(triton.cdiv(out.numel(), 131072),)](out, out.numel(), BLOCK=131072)
        return out
