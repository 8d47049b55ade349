"""A stored refinement proposes the same programs once more."""

import pytest

from labkit import record
from labkit.errors import BadInput
from labkit.refinement.replay import ReplayProposer
from labkit.refinement.study import Candidate, Study, Trajectory, Turn
from labkit.refinement.task import CodeTask
from labkit.sandbox import Program
from labkit.stats import Outcome

TASK = CodeTask("t", Program("def f(x): pass\n", "f"), ((1,),))


def turn(k, n):
    candidate = Candidate(f"source {k}.{n}", "who", spent={"tokens": 1})
    return Turn(k, n, candidate, Outcome("ok"), None, n == 0, "", 1.0)


def test_a_record_and_a_study_replay_in_order_by_trajectory(tmp_path):
    turns = {k: tuple(turn(k, n) for n in range(3)) for k in range(2)}
    with record.start("refine/t", {}, root=tmp_path) as run:
        run.event("task", {"name": "t"})
        for n in range(3):
            for k in (1, 0):
                run.event("turn", turns[k][n].to_json())
    study = Study("t", "", "time", tuple(Trajectory(turns[k]) for k in range(2)))
    for what in (run.path, str(run.path), record.load(run.path), study):
        for k in range(2):
            proposer, history = ReplayProposer(what).for_trajectory(k), [turns[k][0]]
            while candidate := proposer.propose(TASK, history):
                assert candidate == turns[k][len(history)].candidate
                history.append(turns[k][len(history)])
            assert len(history) == 3
    other = CodeTask("other", TASK.program, TASK.inputs)
    with pytest.raises(BadInput, match="'t', not 'other'"):
        ReplayProposer(study).propose(other, list(turns[0][:1]))


def test_a_record_of_something_else_is_refused(tmp_path):
    with record.start("demo", {}, root=tmp_path) as run:
        run.event("note", {})
    with pytest.raises(BadInput, match="holds no refinement"):
        ReplayProposer(run.path).propose(TASK, [turn(0, 0)])
