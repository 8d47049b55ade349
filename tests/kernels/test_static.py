"""Ahead of time: a real compiler gate for GPUs that are not here."""

import pytest

from labkit.errors import BadInput
from labkit.kernels import compile_ahead, kernel, own_kernels, own_tasks
from labkit.kernels.backends import BACKENDS
from labkit.kernels.static import SHARED_BYTES

pytestmark = pytest.mark.skipif(bool(BACKENDS["triton"].problem()), reason="no Triton")
SOFTMAX = own_tasks()["softmax"]


def test_a_kernel_compiles_for_three_gpus_with_its_registers():
    outcome = compile_ahead(own_kernels()["softmax.triton.py"], SOFTMAX)
    assert outcome.ok, outcome.feedback
    for target in SHARED_BYTES:
        assert 0 < outcome.figures[f"registers_{target}"].value <= 512
        assert outcome.figures[f"registers_{target}"].how == "estimated"
    assert not any("speedup" in name or name[-2:] == "_s" for name in outcome.figures)


def test_what_does_not_compile_or_fit_is_named():
    source = own_kernels()["softmax.triton.py"].source
    broken = source.replace("tl.store(", "tl.stare(", 1) if "tl.store(" in source else source
    assert compile_ahead(kernel(broken), SOFTMAX, targets=("sm_90",)).status in ("compile_error", "refused")
    big = """
import torch
import triton
import triton.language as tl
from torch import nn

@triton.jit
def scores(a, b, out, N: tl.constexpr):
    i = tl.arange(0, N)
    x = tl.load(a + i[:, None] * N + i[None, :])
    y = tl.load(b + i[:, None] * N + i[None, :])
    tl.store(out + i[:, None] * N + i[None, :], tl.dot(x, y))

class ModelNew(nn.Module):
    def forward(self, x):
        out = torch.empty_like(x)
        scores[(1,)](x, x, out, N=256, num_warps=4)
        return out
"""
    outcome = compile_ahead(kernel(big), SOFTMAX, targets=("sm_90",))
    assert outcome.status in ("over_limit", "compile_error"), outcome
    idle = "import torch\nimport triton\nimport triton.language as tl\nfrom torch import nn\n\n@triton.jit\ndef k(x):\n    pass\n\nclass ModelNew(nn.Module):\n    def forward(self, x):\n        if x.numel() < 0:\n            k[(1,)](x)\n        return torch.empty_like(x)\n"
    assert compile_ahead(kernel(idle), SOFTMAX, targets=("sm_90",)).status == "fallback"


def test_bad_input_is_one_line():
    with pytest.raises(BadInput, match="only Triton's"):
        compile_ahead(own_kernels()["softmax.c"], SOFTMAX)
    with pytest.raises(BadInput, match="target 'sm_1'"):
        compile_ahead(own_kernels()["softmax.triton.py"], SOFTMAX, targets=("sm_1",))
