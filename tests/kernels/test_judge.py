"""The judge on real kernels: honest ones pass, each guard is needed, bad tasks and bad candidates are named."""

import pytest

from labkit.errors import BadInput
from labkit.kernels import (
    KernelJudge,
    arena,
    kernel,
    material,
    own_kernels,
    own_tasks,
    process,
    task_from_source,
    trials,
)
from labkit.kernels import (
    judge as judging,
)
from labkit.kernels.backends import BACKENDS
from labkit.kernels.conformance import cheats

QUICK = {"max_pairs": 2, "min_pairs": 2}
SCALE = """
import torch
from torch import nn
ROWS, COLS = 64, 80
SHAPES = [dict(ROWS=64, COLS=80), dict(ROWS=33, COLS=41)]
BOUNDARY = [dict(ROWS=1, COLS=1), dict(ROWS=3, COLS=7)]

class Model(nn.Module):
    def forward(self, x):
        return 2 * x

def get_inputs():
    return [torch.randn(ROWS, COLS)]

def get_init_inputs():
    return []
"""
DOUBLE = '#include "task.h"\nvoid kernel(const real *x, real *out) { for (int i = 0; i < ROWS * COLS; i++) out[i] = 2 * x[i]; }\n'
TORCH = "import torch\nfrom torch import nn\n\nclass ModelNew(nn.Module):\n    def forward(self, x):\n        return {}\n"


@pytest.fixture(scope="module")
def scale():
    with KernelJudge(task_from_source(SCALE, "scale"), **QUICK) as judge:
        yield judge


def needs(backend):
    if problem := BACKENDS[backend].problem():
        pytest.skip(problem)


@pytest.mark.parametrize(
    "name", ["softmax.c", "matmul.c", "row_sum.numba.py", "softmax.triton.py", "rmsnorm.torch.py"]
)
def test_honest_kernels_of_each_back_end_pass(name):
    needs(own_kernels()[name].backend)
    with KernelJudge(own_tasks()[name.partition(".")[0]], **QUICK) as judge:
        outcome = judge.judge(own_kernels()[name])
    assert outcome.ok, outcome.feedback
    assert ("speedup" in outcome.figures) == (outcome.detail["tier"] == "measured-cpu")


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_honest_kernels_in_half_the_precision_pass(dtype):
    with KernelJudge(own_tasks()["softmax"], dtype, **QUICK) as judge:
        assert judge.judge(own_kernels()["softmax.c"]).ok
    with pytest.raises(BadInput, match="no dtype 'float8'"):
        KernelJudge(own_tasks()["softmax"], "float8")


def test_a_kernel_is_compared_call_by_call(scale):
    slow = DOUBLE.replace("for", "for (int k = 1; k < 400; k++) for").replace("2 * x[i]", "2 * x[i] * k / k")
    outcome = scale.judge(kernel(DOUBLE))
    assert outcome.ok and outcome.figures["speedup"].how == "measured"
    assert len(outcome.detail["shapes"]) == 2
    verdict = scale.compare(kernel(slow), kernel(DOUBLE))
    assert verdict.ratio < 1


# -- each guard is needed: a case that it names, and what it is named without -------------------------


def plain(monkeypatch):
    """No C kernel's accesses are looked at."""
    otherwise = material.Source.otherwise
    monkeypatch.setattr(
        material.Source, "otherwise", lambda self, threads=0, bounded=False: otherwise(self, threads)
    )


GUARDS = {
    "screen": ("p12_inherit.torch.py", "refused", lambda m: m.setattr(judging, "screen", lambda *_: [])),
    "poison": ("p01_untouched.c", "unwritten", lambda m: m.setattr(arena, "poison", lambda target: None)),
    "inputs are looked at again": (
        "p02_zero_inputs.c", "changed_input",
        lambda m: m.setattr(arena.Arena, "strays", lambda *_: None),
    ),
    "tolerance": ("p10_tf32.c", "wrong_answer", lambda m: m.setattr(process, "mismatch", lambda *_: None)),
    "bait": ("p05_shared_table.c", "replayed", lambda m: m.setattr(trials, "BAITS", ())),
    "junk": ("p01_if_poisoned.c", "replayed", lambda m: m.setattr(trials, "BAITS", ((True, False),) * 3)),
    "left over": ("r3_poison_probe.c", "unwritten", lambda m: m.setattr(trials, "LEFT_OVER", False)),
    "not a number around the arrays": (
        "r3_zero_times_garbage.c", "wrong_answer", lambda m: m.setattr(arena, "CANARY", 0),
    ),
    "read-only inputs": (
        "r3_borrowed_index.c", "changed_input",
        lambda m: m.setattr(
            judging, "KernelProcess", lambda *a, **k: process.KernelProcess(*a, **{**k, "guarded": False})
        ),
    ),
    "fences": (
        "r4_overrun_restore.c", "out_of_bounds", lambda m: (m.setattr(trials, "OWN_CODE", ()), plain(m)),
    ),
    "accesses": ("r6_poly_overrun_restore.c", "out_of_bounds", plain),
    "new memory": (
        "r4_fresh_pages.numba.py", "wrong_answer",
        lambda m: m.setattr(process.KernelProcess, "fill_new_memory", lambda *_: None),
    ),
    "two threads": (
        "r4_prange_race.numba.py", "race",
        lambda m: m.setattr(judging.KernelJudge, "_watched", lambda *_: []),
    ),
    "repeats": ("p04_exact_memo.c", "replayed", lambda m: m.setattr(trials, "REPLAYED", 0.0)),
    "boundary": (
        "p03_skip_tail.c", "wrong_answer",
        lambda m: m.setattr(judging.KernelJudge, "checked_shapes", lambda _: []),
    ),
}  # fmt: skip


@pytest.mark.parametrize("guard", GUARDS)
def test_each_guard_is_needed(guard, monkeypatch):
    name, status, weaken = GUARDS[guard]
    cheat = cheats()[name]
    needs(cheat.kernel.backend)
    with KernelJudge(own_tasks()[cheat.task], **QUICK) as judge:
        outcome = judge.judge(cheat.kernel)
        assert outcome.status == status, outcome.feedback
        weaken(monkeypatch)
        weakened = judge.judge(cheat.kernel)
    assert weakened.status != status or weakened.feedback != outcome.feedback, (
        "nobody would notice it missing"
    )


@pytest.mark.parametrize(
    "case",
    [
        ("r3_positive_max.c", {"shift": -131072.0}, {"rows": "tied"}), ("r5_dropped_carry.numba.py", {"rows": "falling"}),
        ("r5_shared_division.c", {"rows": "partly tainted"}),
        ("r6_argmax_intkeys.c", {"rows": "tied"}), ("r6_ce_shortexp.c", {"rows": "confident"}),
        ("r6_recurrence_cumprod.torch.py", {"rows": "holes"}), ("r7_spectral_leak.torch.py", {"rows": "spiked"}),
        ("r9_half_bits.c", {"factor": 2.0**-16}),
        ("r7_distributed_bias.numba.py", {"shift": 1024.0, "opposed": True}),
        ("own_zeros_between_rows.triton.py", {"rows": "tainted"}),
    ],
)  # fmt: skip
def test_each_kind_of_other_inputs_is_needed(case, monkeypatch):
    name, *needed = case
    cheat = cheats()[name]
    for wider, caught in (
        (tuple(w for w in material.WIDER if w[0] not in needed), False),
        (material.WIDER, True),
    ):
        monkeypatch.setattr(material, "WIDER", wider)
        with KernelJudge(own_tasks()[cheat.task], cheat.dtype, **QUICK) as judge:
            outcome = judge.judge(cheat.kernel)
        assert (outcome.status in ("wrong_answer", "runtime_error")) == caught, outcome.feedback


@pytest.mark.parametrize("without", ["dispatch", "ghost"])
def test_the_library_is_caught_at_work_without_the_screen(without, monkeypatch):
    needs("triton")
    name = {"dispatch": "p12_copy_kernel.triton.py", "ghost": "p12_unused_kernel.triton.py"}[without]
    cheat = cheats()[name]
    monkeypatch.setattr(judging, "screen", lambda *_: [])
    with KernelJudge(own_tasks()[cheat.task], **QUICK) as judge:
        assert judge.judge(cheat.kernel).status == "fallback"


def test_faster_than_physics_is_a_status(scale, monkeypatch):
    monkeypatch.setattr(judging, "floor_s", lambda *_: 1.0)
    assert scale.judge(kernel(DOUBLE)).status == "faster_than_physics"


# -- bad candidates: a named status, and the next one is unaffected -----------------------------------

BAD = {
    "crashed": "#include <stdlib.h>\n" + DOUBLE.replace("for", "*(int *)8 = 1; for"),
    "timeout": DOUBLE.replace("for", "for (;;) x += 0; for"),
    "out_of_bounds": DOUBLE.replace("for", "out[-1] = 1; for"),
    "compile_error": DOUBLE.replace("2 * x[i]", "2 * y[i]"),
    "refused": DOUBLE.replace("for", "system(0); for"),
    "wrong_answer": DOUBLE.replace("2 * x", "3 * x"),
    "unwritten": DOUBLE.replace("i = 0", "i = 1"),
    "changed_input": DOUBLE.replace("for", "((real *)x)[0] = 1; for"),
}
RETURNS = {
    "None": "None", "a tuple": "(2 * x, x)", "a number": "3.0", "another type": "(2 * x).double()",
    "another shape": "(2 * x).T.contiguous().T[None]", "a subclass": "nn.Parameter(2 * x)",
}  # fmt: skip


@pytest.mark.parametrize("status", BAD)
def test_a_bad_kernel_is_named_and_the_next_is_unaffected(scale, status, monkeypatch):
    monkeypatch.setattr(process, "CALL_S", 1.0)
    monkeypatch.setattr(process, "BUILD_S", 5.0)
    outcome = scale.judge(kernel(BAD[status]))
    assert outcome.status == status, outcome.feedback
    assert scale.judge(kernel(DOUBLE)).ok


@pytest.mark.parametrize("what", RETURNS)
def test_a_result_that_is_no_plain_tensor_is_named(scale, what):
    outcome = scale.judge(kernel(TORCH.format(RETURNS[what]), "torch"))
    assert outcome.status == "bad_output", outcome.feedback


def test_a_view_of_the_input_is_judged_by_what_is_in_it(scale):
    assert scale.judge(kernel(TORCH.format("x"), "torch")).status == "wrong_answer"
    assert scale.judge(kernel(TORCH.format("x.mul_(2)"), "torch")).status == "changed_input"
    assert scale.judge(kernel(TORCH.format("x + x"), "torch")).ok


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("import nonexistent\n" + SCALE, "its module failed"),
        (
            SCALE.replace("torch.randn(ROWS, COLS)", "torch.empty(10_000_000_000)"),
            "failed: (memory_limit|runtime_error)",
        ),
        (SCALE.replace("return 2 * x", "return x / 0"), "not finite"),
        (SCALE.replace("return 2 * x", "return 0.001 * x"), "zeros pass"),
        (SCALE.replace("return 2 * x", "return 5 + 0.001 * x"), "a constant passes"),
        (
            SCALE.replace("torch.randn(ROWS, COLS)", "torch.ones(ROWS, COLS).cumsum(0)"),
            "other inputs give the same",
        ),
    ],
)
def test_a_task_that_proves_nothing_or_fails_is_one_line(source, words):
    with (
        KernelJudge(task_from_source(source, "bad"), **QUICK) as judge,
        pytest.raises(BadInput, match=words) as error,
    ):
        judge.judge(kernel(DOUBLE))
    assert "\n" not in str(error.value)


def test_a_task_that_hangs_or_prints_without_end_is_one_line(monkeypatch):
    from labkit.kernels import material

    monkeypatch.setattr(material, "TASK_S", 2.0)
    for line, words in (("while True: pass\n", "timeout"), ("print('x' * 10**7)\n", "output_limit")):
        with (
            KernelJudge(task_from_source(SCALE + line, "bad"), **QUICK) as judge,
            pytest.raises(BadInput, match=words),
        ):
            judge.judge(kernel(DOUBLE))


def test_kernelbench_files_may_rebind_nothing_of_the_reference(scale):
    """The published load path executes both into one dictionary: `ROWS = 1` there made both 1x1."""
    rebinding = "ROWS = COLS = 1\n" + TORCH.format("x * 2")
    assert scale.judge(kernel(rebinding, "torch")).ok  # it is right, and judged at the task's own sizes
