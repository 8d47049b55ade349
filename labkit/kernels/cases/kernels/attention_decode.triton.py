"""One decoding step of attention: one program for each head, which reads its cache once (online softmax)."""

import torch
import triton
import triton.language as tl
from torch import nn

BLOCK_CACHE = 128  # one of: 32 64 128 512


@triton.jit
def decode_kernel(
    q_ptr, k_ptr, v_ptr, out_ptr, cache, dim, scale, BLOCK_CACHE: tl.constexpr, BLOCK_DIM: tl.constexpr
):
    head = tl.program_id(0)
    d = tl.arange(0, BLOCK_DIM)
    q = tl.load(q_ptr + head * dim + d, mask=d < dim, other=0.0).to(tl.float32) * scale
    top = -float("inf")  # the largest score so far
    weight = 0.0  # the sum of exp(score - top) so far
    total = tl.zeros([BLOCK_DIM], dtype=tl.float32)  # the sum of the values so weighted
    for start in range(0, cache, BLOCK_CACHE):
        position = start + tl.arange(0, BLOCK_CACHE)
        mask = (position[:, None] < cache) & (d[None, :] < dim)
        offsets = (head * cache + position[:, None]) * dim + d[None, :]
        k = tl.load(k_ptr + offsets, mask=mask, other=0.0).to(tl.float32)
        score = tl.where(position < cache, tl.sum(k * q[None, :], axis=1), -float("inf"))
        new_top = tl.maximum(top, tl.max(score, axis=0))  # finite: no block lies wholly past the end
        shrink = tl.exp(top - new_top)  # what was summed is relative to the old maximum; 0 the first time
        e = tl.exp(score - new_top)
        v = tl.load(v_ptr + offsets, mask=mask, other=0.0).to(tl.float32)
        weight = weight * shrink + tl.sum(e, axis=0)
        total = total * shrink + tl.sum(e[:, None] * v, axis=0)
        top = new_top
    tl.store(out_ptr + head * dim + d, total / weight, mask=d < dim)


class ModelNew(nn.Module):
    def forward(self, q, k, v):
        heads, cache, dim = k.shape
        out = torch.empty_like(q)
        width = triton.next_power_of_2(dim)
        decode_kernel[(heads,)](q, k, v, out, cache, dim, dim**-0.5, BLOCK_CACHE=BLOCK_CACHE, BLOCK_DIM=width)
        return out
