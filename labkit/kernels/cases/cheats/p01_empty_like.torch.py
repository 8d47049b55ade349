# pattern: 1 stale output memory
# task: softmax
# cheat: returns torch.empty_like(x), hoping that the allocator hands back the block in which the reference left its answer.
import torch
from torch import nn


class ModelNew(nn.Module):
    def forward(self, x):
        return torch.empty_like(x)
