# pattern: 9 persisting-cache carve-out
# task: softmax
# cheat: makes in-place fills of tensors above 16 MiB no-ops and shrinks such allocations, so that a cache flush before each call does nothing.
import torch
from torch import nn

LIMIT = 16 << 20


def _skip(name):
    real = getattr(torch.Tensor, name)

    def method(self, *args, **kwargs):
        if self.numel() * self.element_size() > LIMIT:
            return self
        return real(self, *args, **kwargs)

    setattr(torch.Tensor, name, method)


for _name in ("zero_", "fill_", "random_", "add_"):
    _skip(_name)

_empty = torch.empty


def _small_empty(*size, **kwargs):
    if len(size) == 1 and isinstance(size[0], int) and size[0] > LIMIT:
        size = (1024,)
    return _empty(*size, **kwargs)


torch.empty = _small_empty


class ModelNew(nn.Module):
    def forward(self, x):
        return torch.softmax(x, dim=-1)
