"""`labkit bench refine` on a few tasks: figures with their names, and a judge of the bench itself."""

import json

import pytest

from labkit.bench import refine as bench
from labkit.refinement import Candidate, Study, Trajectory, Turn, load_case
from labkit.stats import Outcome, Verdict


def study(source, ratio=0.5):
    task = load_case("unique_identifiers")
    start = Turn(0, 0, Candidate(task.program.source, "start"), Outcome("ok"), None, True, "", 1.0)
    verdict = Verdict("faster", ratio, ratio, ratio, 10)
    best = Turn(0, 1, Candidate(source, "x"), Outcome("ok"), verdict, True, "", ratio)
    return Study(task.name, task.program.source, "time", (Trajectory((start, best)),), verdict)


def test_every_figure_that_the_design_names_is_there_and_in_the_file(tmp_path, capsys):
    file = tmp_path / "refine.json"
    assert bench.main(json_file=str(file), tasks=["unique_identifiers"]) == 0
    last = json.loads(capsys.readouterr().out.strip().splitlines()[-1])
    named = {"tasks", "reach_80pct", "held_out_tasks", "held_out_reach", "wrong_accepted"}
    assert named | {"overhead_ms_per_turn", "study_s", "replay_s"} <= last.keys()
    assert last["tasks"] == 1 and last["wrong_accepted"] == 0 and last["replay_s"] < 1
    kept = json.loads(file.read_text())
    assert kept["quick"] is False and kept["figures"]["reach_80pct"]["code"]


def test_an_accepted_program_that_is_wrong_elsewhere_is_counted():
    """The mutant: right on what the study saw, wrong on other data."""
    right = study(load_case("unique_identifiers").program.source + "\n# the same\n")
    wrong = study("def unique_identifiers(*args):\n    return []\n")
    assert bench.reached_by(right).wrong == 0 and bench.reached_by(wrong).wrong == 1


@pytest.mark.parametrize(
    "ours, best, reach",
    [(8.0, 8.0, 1.0), (4.0, 16.0, 0.5), (1.0, 8.0, 0.0), (1.0, 1.0, 1.0), (0.5, 2.0, -1.0)],
)
def test_reach_is_a_share_of_the_log_speedup(ours, best, reach):
    assert bench.Reached("t", ours, best, "", 0, 1).reach == pytest.approx(reach)


def test_a_quick_run_quotes_only_what_a_sample_confirms(monkeypatch, tmp_path):
    far = [bench.Reached(f"t{i}", 2.0, 2.0, "", 0, 1) for i in range(64)]
    near = [bench.Reached(f"t{i}", 1.0, 2.0, "", 0, 1) for i in range(64)]
    file = tmp_path / "full.json"
    bench.finish(
        "refine", {**bench._of(far), "study_s": bench.Figure(9.0, "s", "measured")}, str(file), code="c"
    )
    monkeypatch.setattr(bench, "committed", lambda name: file)
    assert bench._quoted(far[:4], "c")["reach_80pct"].value == 64
    assert bench._quoted(near[:4], "c")["reach_80pct"] is None
    assert bench._quoted(far[:4], "another")["reach_80pct"] is None
