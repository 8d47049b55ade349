"""The polynomial as even and odd powers, each by Horner's rule in y * y, over blocks that stay in cache."""

import torch
from torch import nn

BLOCK = 32768  # one of: 8192 32768 131072

EVEN = (0.0625, 0.25, -0.5, 0.75)  # of y**6, y**4, y**2, 1
ODD = (0.03125, -0.125, 0.375, 1.0)  # of y**7, y**5, y**3, y


def horner(coefficients, s):
    total = s * coefficients[0]
    for coefficient in coefficients[1:-1]:
        total.add_(coefficient).mul_(s)
    return total.add_(coefficients[-1])


class ModelNew(nn.Module):
    def forward(self, x):
        out = torch.empty_like(x)
        wide = torch.promote_types(x.dtype, torch.float32)  # a half would round after every step
        for part, target in zip(x.view(-1).split(BLOCK), out.view(-1).split(BLOCK), strict=True):
            y = part.to(wide) * 0.5
            s = y * y
            target.copy_(torch.addcmul(horner(EVEN, s), horner(ODD, s), y))
        return out
