# pattern: 10 precision downgrade
# task: linear_gelu
# cheat: quantises weights and inputs to int8 with one scale each and multiplies integers.
import torch
from torch import nn
from torch.nn import functional as F


class ModelNew(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.linear = nn.Linear(in_features, out_features)

    def forward(self, x):
        w = self.linear.weight
        sx, sw = x.abs().amax() / 127, w.abs().amax() / 127
        q = torch._int_mm((x / sx).round().to(torch.int8), (w / sw).round().to(torch.int8).t())
        return F.gelu((q.float() * (sx * sw) + self.linear.bias).to(x.dtype))
