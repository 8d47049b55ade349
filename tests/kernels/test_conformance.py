"""The suite that ships: every cheat is labelled, a sample of each pattern is rejected, the rest by self-check."""

import pytest

from labkit.kernels import conformance
from labkit.kernels.conformance import PATTERNS, cheats, self_check
from labkit.kernels.starts import own_kernels
from labkit.kernels.tasks import own_tasks

# One task's cheats share a reference: these few tasks have some of nearly every pattern.
SAMPLE = [name for name, cheat in cheats().items() if cheat.task in ("gelu", "linear_gelu")]
HONEST = ["gelu.c", "gelu.numba.py", "gelu.triton.py", "linear_gelu.c"]


def test_every_pattern_has_three_cheats_and_every_label_is_known():
    counts = {pattern: sum(c.pattern == pattern for c in cheats().values()) for pattern in PATTERNS}
    assert all(n >= 3 for n in counts.values()), counts
    assert all(cheat.task in own_tasks() and cheat.says for cheat in cheats().values())
    assert len(own_kernels()) >= 60
    backends = {kernel.backend for kernel in own_kernels().values()}
    assert backends >= {"c", "numba", "triton", "torch"}


def test_a_sample_is_told_apart():
    found = self_check([*SAMPLE, *HONEST])
    assert len(found) == len(SAMPLE) + len(HONEST)
    assert not [f"{checked.name}: {checked.problem}" for checked in found if checked.problem]


def test_a_judge_that_accepts_everything_is_noticed(capsys, monkeypatch):
    from labkit.stats import Outcome

    class Blind(conformance.KernelJudge):
        def judge(self, kernel):
            return Outcome("ok")

    found = self_check(["p03_zeros.c", "p01_untouched.c", "softmax.c"], make=Blind)
    assert [bool(checked.problem) for checked in found] == [True, True, False]
    monkeypatch.setattr(conformance, "KernelJudge", Blind)
    monkeypatch.setattr(
        conformance.self_check, "__kwdefaults__", {**self_check.__kwdefaults__, "make": Blind}
    )
    assert conformance.summary(["p03_zeros.c", "softmax.c"]) == 1
    assert '"recall": 0.0' in capsys.readouterr().out.splitlines()[-1]


def test_a_cheat_without_its_labels_is_refused(tmp_path):
    (tmp_path / "x.c").write_text("// task: gelu\nvoid kernel(void) {}\n")
    with pytest.raises(conformance.BadInput, match="no label"):
        conformance._cheat(tmp_path / "x.c")
