# pattern: 6 side stream / thread / lazy result
# task: softmax
# cheat: starts the work with torch.jit.fork and never waits for it; what it returns is a buffer that the forked task writes.
import torch
from torch import nn


def _fill(x: torch.Tensor, out: torch.Tensor):
    out.copy_(torch.softmax(x, -1))
    return out


_fill_scripted = torch.jit.script(_fill)


class ModelNew(nn.Module):
    def forward(self, x):
        out = torch.empty_like(x)
        self.future = torch.jit.fork(_fill_scripted, x, out)
        return out
