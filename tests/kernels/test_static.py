"""Ahead of time: a real compiler gate for GPUs that are not here."""

import pytest

from labkit.errors import BadInput
from labkit.kernels import (
    Gate,
    ScheduleProposer,
    compile_ahead,
    kernel,
    own_kernels,
    own_tasks,
    rank_schedules,
)
from labkit.kernels.backends import BACKENDS
from labkit.kernels.roofline import TARGETS, Launch, estimate_launches
from labkit.kernels.schedule import settings
from labkit.refinement.study import Candidate, Turn
from labkit.stats import Figure, Outcome

pytestmark = pytest.mark.skipif(bool(BACKENDS["triton"].problem()), reason="no Triton")
SOFTMAX = own_tasks()["softmax"]


def test_a_kernel_compiles_for_three_gpus_with_its_registers():
    outcome = compile_ahead(own_kernels()["softmax.triton.py"], SOFTMAX)
    assert outcome.ok, outcome.feedback
    for target in TARGETS:
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


def test_schedules_are_ranked_and_those_that_do_not_fit_come_last():
    frame = rank_schedules(own_kernels()["matmul.triton.py"], "matmul", tries=0)
    assert list(frame["status"]) == ["ok"] and frame["least"][0] > 0
    source = own_kernels()["matmul.triton.py"].source
    source = source.replace("BLOCK_K = 32  # one of: 16 32 64", "BLOCK_K = 32  # one of: 32 512")
    source = source.replace("# one of: 32 64 128", "")
    frame = rank_schedules(kernel(source), "matmul", target="gfx942")
    assert list(frame["BLOCK_K"]) == ["32", "512"] and list(frame["status"]) == ["ok", "over_limit"]


def test_a_gate_prunes_what_a_proposer_draws():
    source = own_kernels()["matmul.triton.py"].source
    source = source.replace("# one of: 16 32 64", "# one of: 32 16 512").replace("# one of: 32 64 128", "")
    outcome = Outcome("ok", {"wall_s": Figure(1.0, "s", "measured")})
    history = [Turn(0, 0, Candidate(source, "start"), outcome, None, True, "", 1.0)]
    with Gate("matmul", target="gfx942") as gate:
        proposed = ScheduleProposer(gate=gate).propose(None, history)
        assert settings(proposed.source) == {"BLOCK_K": "16"}
        assert sorted(o.status for o in gate.outcomes.values()) == ["ok", "over_limit"]


def test_an_estimate_grows_with_spills_and_with_idle_processors():
    def seconds(**changed):
        launch = Launch(32, 1024, 0, 4, 4096)._replace(**changed)
        return estimate_launches([launch], 1e8, 1e9, "float32", "sm_90").value

    assert seconds() == pytest.approx(1e8 / 3.35e12, rel=0.1)
    assert seconds(spilled=4000) > 2 * seconds()
    assert seconds(programs=4) > 10 * seconds()
    assert seconds(shared=200 << 10) > 1.5 * seconds()
