"""Populations on real programs, and the published metrics on numbers worked out by hand."""

import json
import statistics

import pytest

from labkit.errors import BadInput
from labkit.refinement import CodeTask, Solution, load_case, metrics
from labkit.refinement.metrics import beyond, published_interval, score
from labkit.refinement.population import Population, population
from labkit.sandbox import CodeJudge, Program
from labkit.stats import Figure, Outcome

SLOW = "def f(xs):\n    out = []\n    for x in xs:\n        if x not in out:\n            out.append(x)\n    return out\n"
FAST = "def f(xs):\n    return list(dict.fromkeys(xs))\n"
WRONG = "def f(xs):\n    return sorted(set(xs))\n"
INPUTS = (([i * 7919 % 800 for i in range(1600)],),)
TASK = CodeTask(
    "dedupe", Program(SLOW, "f"), INPUTS, solutions=(Solution("dict", FAST), Solution("sorted", WRONG))
)


def test_every_solution_is_run_and_the_wrong_one_does_not_count(tmp_path):
    found = population(TASK, cache=tmp_path)
    assert [each.label for each in found.entries] == ["start", "dict", "sorted"]
    assert [each.passed for each in found.entries] == [True, True, False]
    assert found.best("time").label == "dict" and found.spread("time") > 5
    assert found.values("time") == [found.entries[1].figures["cpu_s"].value]
    assert "1 of 2 pass" in repr(found) and list(found.to_frame().label) == ["start", "dict", "sorted"]
    with pytest.raises(BadInput, match="time, memory and integral"):
        found.values("latency")


class Never(CodeJudge):
    def learn(self, *args, **options):
        raise AssertionError("measured again")


def test_what_was_measured_is_not_measured_again_unless_something_changed(tmp_path):
    ticks = []
    first = population(TASK, cache=tmp_path, repeats=1, progress=lambda i, n: ticks.append((i, n)))
    assert ticks == [(1, 3), (2, 3), (3, 3)]
    assert population(TASK, cache=tmp_path, judge=Never()) == first
    other = CodeTask("dedupe", Program(SLOW, "f"), (([1, 1],),), solutions=TASK.solutions)
    with pytest.raises(AssertionError, match="measured again"):
        population(other, cache=tmp_path, judge=Never())
    with pytest.raises(AssertionError, match="measured again"):
        population(TASK, cache=False, judge=Never())


@pytest.mark.parametrize("damage", ["", "{", '{"entries": 3}', '{"entries": [{"label": 1}]}', "[]"])
def test_a_damaged_cache_is_measured_anew(damage, tmp_path):
    population(TASK, cache=tmp_path, repeats=1)
    (file,) = (tmp_path / "populations").iterdir()
    file.write_text(damage)
    assert population(TASK, cache=tmp_path, repeats=1).best("time").label == "dict"
    assert json.loads(file.read_text())["entries"][0]["label"] == "start"


def test_a_cache_that_cannot_be_written_is_no_reason_to_fail(tmp_path):
    (tmp_path / "file").write_text("")
    assert population(TASK, cache=tmp_path / "file", repeats=1).passing


def test_the_users_cache_and_a_task_of_the_lab(tmp_path, monkeypatch):
    monkeypatch.setenv("LABKIT_CACHE", str(tmp_path))
    found = population(load_case("unique_identifiers", size=0.3), repeats=1)
    assert len(found.passing) >= 5 and list((tmp_path / "populations").iterdir())


def test_a_task_without_solutions_is_told_so():
    with pytest.raises(BadInput, match="has no solutions"):
        population(CodeTask("t", Program(FAST, "f"), INPUTS))


def fixed(name, *costs):
    """A population with these costs for time, memory and integral alike."""
    units = {"cpu_s": "s", "peak_mib": "MiB", "integral_mib_s": "MiB·s"}
    entries = [Solution("start", "", True, {k: Figure(9.0, u, "measured") for k, u in units.items()})]
    entries += [
        Solution(str(i), "", True, {k: Figure(c, u, "measured") for k, u in units.items()})
        for i, c in enumerate(costs)
    ]
    return Population(name, tuple(entries))


def ran(cost):
    units = {"cpu_s": "s", "peak_mib": "MiB", "integral_mib_s": "MiB·s"}
    return Outcome("ok", {k: Figure(cost, u, "measured") for k, u in units.items()})


BY_HAND = [
    ([1, 2, 2, 4], 2, 0.75),
    ([1, 2, 2, 4], 0.5, 1.0),
    ([1, 2, 2, 4], 4, 0.25),
    ([1, 2], 5, 0.0),
    ([], 1, 0.0),
]


@pytest.mark.parametrize("values, cost, share", BY_HAND)
def test_beyond_by_hand_ties_count_as_beaten(values, cost, share):
    assert beyond(values, cost) == share


def test_the_mutant_that_does_not_count_ties_is_seen(monkeypatch):
    from bisect import bisect_right

    monkeypatch.setattr(metrics, "bisect_left", bisect_right)
    assert any(beyond(values, cost) != share for values, cost, share in BY_HAND)


def test_scores_are_means_over_all_tasks_and_failures_are_nought():
    results = [
        (fixed("a", 1, 2, 2, 4), ran(2)),  # 0.75
        (fixed("b", 1, 2), None),
        (fixed("c", 3), ran(3)),  # 1.0
        (fixed("d", 3), Outcome("timeout")),
    ]
    scores = score(results)
    figures = scores.figures
    assert figures["pass_at_1"].value == 0.5 and figures["beyond_time"].value == (0.75 + 1.0) / 4
    assert figures["beyond_memory"].value == figures["beyond_integral"].value == figures["beyond_time"].value
    assert figures["beyond_time"].lo <= 0.4375 <= figures["beyond_time"].hi and figures["beyond_time"].n == 4
    assert list(scores.to_frame().task) == ["a", "b", "c", "d"] and "pass_at_1" in scores._repr_html_()


def test_all_failed_and_one_task():
    assert {f.value for f in score([(fixed("a", 1), None), (fixed("b", 1), None)]).figures.values()} == {0.0}
    assert score([(fixed("a", 1), ran(1))]).figures["beyond_time"].value == 1.0
    with pytest.raises(BadInput, match="nothing to score"):
        score([])


def test_the_published_interval_is_named_apart_and_narrower():
    shares = tuple(float(i % 2) for i in range(300))
    low, high = published_interval(shares)
    assert low < statistics.fmean(shares) + 0.1 and high - low < 0.2
    wide = score([(fixed("a", 1), ran(1)), (fixed("b", 1), None)])
    assert (
        wide.published["pass_at_1"][1] - wide.published["pass_at_1"][0]
        < 1
        == (wide.figures["pass_at_1"].hi - wide.figures["pass_at_1"].lo)
    )
