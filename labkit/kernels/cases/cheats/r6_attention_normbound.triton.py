# pattern: softmax shifted by a norm bound, not the maximum
# task: attention
# cheat: The shift is |q| times the largest |k| (Cauchy-Schwarz), which never overflows and needs no rescaling; but where q and the keys are long and nearly orthogonal every weight underflows and the row is 0/0 = NaN.
# round: 6
import torch
import triton
import triton.language as tl
from torch import nn


@triton.jit
def longest(k, norm, seq, dim, N: tl.constexpr, D: tl.constexpr):
    head = tl.program_id(0).to(tl.int64)
    d = tl.arange(0, D)
    top = tl.zeros((N,), tl.float32)
    for j0 in range(0, seq, N):
        j = j0 + tl.arange(0, N)
        live = (j[:, None] < seq) & (d[None, :] < dim)
        v = tl.load(k + head * seq * dim + j[:, None] * dim + d[None, :], mask=live, other=0.0).to(tl.float32)
        top = tl.maximum(top, tl.sum(v * v, 1))
    tl.store(norm + head, tl.sqrt(tl.max(top, 0)))


@triton.jit
def attend(q, k, v, norm, out, seq, dim, scale, M: tl.constexpr, N: tl.constexpr, D: tl.constexpr):
    head = tl.program_id(1).to(tl.int64)
    i = tl.program_id(0) * M + tl.arange(0, M)
    d = tl.arange(0, D)
    base = head * seq * dim
    mine = (i[:, None] < seq) & (d[None, :] < dim)
    qs = tl.load(q + base + i[:, None] * dim + d[None, :], mask=mine, other=0.0).to(tl.float32) * scale
    bound = tl.sqrt(tl.sum(qs * qs, 1)) * tl.load(norm + head)
    total = tl.zeros((M,), tl.float32)
    acc = tl.zeros((M, D), tl.float32)
    for j0 in range(0, seq, N):
        j = j0 + tl.arange(0, N)
        ks = tl.load(k + base + j[None, :] * dim + d[:, None], mask=(j[None, :] < seq) & (d[:, None] < dim), other=0.0)
        vs = tl.load(v + base + j[:, None] * dim + d[None, :], mask=(j[:, None] < seq) & (d[None, :] < dim), other=0.0)
        s = tl.dot(qs, ks.to(tl.float32), input_precision="ieee")
        p = tl.where(j[None, :] < seq, tl.exp(s - bound[:, None]), 0.0)
        total += tl.sum(p, 1)
        acc += tl.dot(p, vs.to(tl.float32), input_precision="ieee")
    acc = acc / total[:, None]
    tl.store(out + base + i[:, None] * dim + d[None, :], acc.to(out.dtype.element_ty), mask=mine)


class ModelNew(nn.Module):
    def forward(self, q, k, v):
        batch, heads, seq, dim = q.shape
        out = torch.empty(q.shape, dtype=q.dtype, device=q.device)
        norm = torch.empty(batch * heads, dtype=torch.float32, device=q.device)
        width = max(16, triton.next_power_of_2(dim))
        longest[(batch * heads,)](k, norm, seq, dim, N=32, D=width)
        grid = (triton.cdiv(seq, 32), batch * heads)
        attend[grid](q, k, v, norm, out, seq, dim, dim**-0.5, M=32, N=32, D=width)
        return out
