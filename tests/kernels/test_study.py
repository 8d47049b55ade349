"""Kernels in the shared loop: a schedule search keeps what is faster, and its record can be read again."""

import pytest

from labkit.errors import BadInput
from labkit.kernels import grid, refine_kernel, start_kernels
from labkit.kernels.metrics import avg_at_k, best_at_k, fast_p, geometric_mean, returns, speedup, turn_score
from labkit.kernels.schedule import settings, with_settings
from labkit.kernels.study import StudyJudge
from labkit.refinement import load_study
from labkit.stats import Figure, Outcome

SLOW = """#include "task.h"
#define TIMES 40  // one of: 1 40
void kernel(const real *x, real *out) {
    for (int t = 1; t <= TIMES; t++)
        for (int r = 0; r < ROWS; r++) {
            double sum = 0;
            for (int c = 0; c < COLS; c++) sum += x[(long)r * COLS + c] * t;
            out[r] = sum / t;
        }
}
"""


def test_a_search_finds_the_faster_schedule_and_leaves_a_record(tmp_path):
    study = refine_kernel("row_sum", SLOW, turns=3, record=str(tmp_path))
    assert study.improved and settings(study.source)["TIMES"] == "1"
    assert study.gain.value > 3 and study.best.outcome.figures["speedup"].how == "measured"
    again = load_study(study.path)
    assert again.source == study.source


def test_a_wrong_kernel_is_rejected_with_its_name():
    class Wrong:
        def propose(self, task, history):
            from labkit.refinement import Candidate

            return Candidate(SLOW.replace("sum / t", "sum"), "test") if len(history) == 1 else None

    study = refine_kernel("row_sum", with_settings(SLOW, {"TIMES": "1"}), Wrong(), turns=2, record=False)
    assert not study.improved
    start_again = refine_kernel("row_sum", SLOW, Wrong(), turns=2, record=False)
    assert start_again.turns[0].outcome.status == "wrong_answer"


def test_verdicts_are_remembered():
    class Counting:
        def __init__(self):
            self.calls = 0

        def judge(self, kernel):
            self.calls += 1
            return Outcome("ok")

    from labkit.sandbox import Program

    judge = StudyJudge(counting := Counting())
    for _ in range(3):
        judge.judge(None, Program(SLOW, "kernel"))
    assert counting.calls == 1


def test_serial_against_parallel_is_one_call():
    frame = grid("row_sum", start_kernels("row_sum")[0], budget=2, record=False)
    assert list(frame.parallel) == [1, 2] and list(frame.serial) == [2, 1]
    with pytest.raises(BadInput, match="budget=0"):
        grid("row_sum", budget=0)


def test_metrics_are_those_of_the_papers():
    def ok(x):
        return Outcome("ok", {"speedup": Figure(x, "x", "measured")})

    bad = Outcome("wrong_answer")
    outcomes = [ok(0.5), ok(1.2), ok(3.0), bad]
    assert [fast_p(outcomes, p) for p in (0, 1, 2)] == [0.75, 0.5, 0.25] and speedup(bad) == 0
    assert best_at_k([[bad, ok(2)], [ok(1)]]) == 2 and avg_at_k([[bad, ok(2)], [ok(1)]]) == 1.5
    assert geometric_mean([2, 8]) == pytest.approx(4)
    assert turn_score(bad) == 0 and turn_score(ok(1.0)) == pytest.approx(1.3)
    assert [round(r, 2) for r in returns([0, 0.8, 1.3, 1.55])] == [0.63, 1.57, 1.92, 1.55]
