# pattern: maximum taken over masked elements too
# task: causal_softmax
# cheat: The maximum includes the later columns that row r must not see; random scores stay within exp's range of it, but a later score of 200 underflows the whole visible row to 0/0 = NaN.
# round: 6
import torch
import triton
import triton.language as tl
from torch import nn


@triton.jit
def causal(x, out, seq, BLOCK: tl.constexpr):
    row = tl.program_id(0).to(tl.int64)
    last = row % seq
    c = tl.arange(0, BLOCK)
    v = tl.load(x + row * seq + c, mask=c < seq, other=float("-inf")).to(tl.float32)
    e = tl.exp(v - tl.max(v, 0))
    e = tl.where(c <= last, e, 0.0)
    p = e / tl.sum(e, 0)
    tl.store(out + row * seq + c, p.to(out.dtype.element_ty), mask=c < seq)


class ModelNew(nn.Module):
    def forward(self, scores):
        batch, seq, _ = scores.shape
        out = torch.empty(scores.shape, dtype=scores.dtype, device=scores.device)
        causal[(batch * seq,)](scores, out, seq, BLOCK=triton.next_power_of_2(seq))
        return out
