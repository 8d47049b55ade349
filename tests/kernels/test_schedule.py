"""The schedule proposer: tunables as they stand in the source, every setting once, then nothing more."""

import pytest

from labkit.kernels import ScheduleProposer, own_kernels
from labkit.kernels.schedule import settings, tunables, with_settings
from labkit.refinement.study import Candidate, Turn
from labkit.stats import Figure, Outcome

C = """#include "task.h"
#define TILE 64  // one of: 16 32 64
#define UNROLL 2  // one of: 1 2 4
void kernel(const real *x, real *out) { }
"""
PYTHON = "BLOCK = 128  # one of: 64 128\nOTHER = 3\n"


def turn(number, source, kept=True, wall_s=1.0):
    outcome = Outcome("ok", {"wall_s": Figure(wall_s, "s", "measured")})
    return Turn(0, number, Candidate(source, "schedule", "TILE 64 → 32"), outcome, None, kept, "", 1.0)


def test_tunables_are_read_and_set():
    assert tunables(C) == {"TILE": ["16", "32", "64"], "UNROLL": ["1", "2", "4"]}
    assert settings(C) == {"TILE": "64", "UNROLL": "2"} and settings(PYTHON) == {"BLOCK": "128"}
    changed = with_settings(C, {"TILE": "16"})
    assert changed == C.replace("TILE 64 ", "TILE 16 ")
    assert with_settings(PYTHON, {"BLOCK": "64", "OTHER": "9"}) == PYTHON.replace("128 ", "64 ", 1)


@pytest.mark.parametrize("sampler", ["neighbours", "optuna"])
def test_every_setting_is_tried_once(sampler):
    history, proposer = [turn(0, C)], ScheduleProposer(sampler=sampler)
    while candidate := proposer.propose(None, history):
        history.append(turn(len(history), candidate.source, kept=False))
    assert len({t.candidate.source for t in history}) == len(history) == 9


def test_other_kernels_come_first_and_trajectories_differ():
    proposer = ScheduleProposer(also=("other",))
    assert proposer.propose(None, [turn(0, C)]).source == "other"
    first = [ScheduleProposer().for_trajectory(k).propose(None, [turn(0, C)]).source for k in range(8)]
    assert len(set(first)) > 1


def test_the_labs_kernels_say_what_their_tunables_may_be():
    tuned = [name for name, kernel in own_kernels().items() if tunables(kernel.source)]
    assert len(tuned) >= 50
    for name in tuned:
        source = own_kernels()[name].source
        assert all(value in tunables(source)[key] for key, value in settings(source).items()), name
