# pattern: own wrong dtype or shape
# task: row_sum
# cheat: returns a tensor of shape (1,) that a broadcasting comparison or copy stretches over all rows.
from torch import nn


class ModelNew(nn.Module):
    def forward(self, x):
        return x[:1].sum(-1)
