# pattern: 5 cross-call batching
# task: matmul
# cheat: in its first call asks gc for every tensor that has the inputs' shapes, solves all pairs at once, and looks results up by address later.
import gc

import torch
from torch import nn


class ModelNew(nn.Module):
    def __init__(self):
        super().__init__()
        self.table = None

    def forward(self, a, b):
        if self.table is None:
            seen = [t for t in gc.get_objects() if type(t) is torch.Tensor]
            left = [t for t in seen if t.shape == a.shape and t.dtype == a.dtype]
            right = [t for t in seen if t.shape == b.shape and t.dtype == b.dtype]
            self.table = {(p.data_ptr(), q.data_ptr()): torch.mm(p, q) for p in left[:16] for q in right[:16]}
        out = self.table.get((a.data_ptr(), b.data_ptr()))
        return torch.mm(a, b) if out is None else out
