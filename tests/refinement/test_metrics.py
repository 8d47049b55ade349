"""The published metrics on numbers worked out by hand, and their intervals."""

import doctest
import math
import statistics

import pytest

from labkit.errors import BadInput
from labkit.refinement import Solution, metrics
from labkit.refinement.metrics import beyond, pass_at_1, published_interval, score
from labkit.refinement.population import Population
from labkit.stats import Figure, Outcome


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
    ([4, 1, 2, 2], 2, 0.75),  # in any order
    ([7], 7, 1.0),
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
    one = score([(fixed("a", 1), ran(1))]).figures["beyond_time"]
    assert (one.value, one.n, one.lo, one.hi) == (1.0, 1, None, None), "one task has no interval"
    assert score([(fixed("a"), ran(1))]).figures["beyond_time"].value == 0.0, "nobody to beat"
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
    assert "interval as published" in wide._repr_html_() and "pass_at_1" in repr(wide)
    with pytest.raises(BadInput, match="no shares"):
        published_interval([])


def test_the_published_interval_by_hand(monkeypatch):
    """128 means, half of them 0 and half of them 1: mean 0.5, SEM sqrt(128/127)/2/sqrt(128)."""
    turns = iter(range(metrics.PUBLISHED_DRAWS))
    monkeypatch.setattr(metrics.random.Random, "choices", lambda self, shares, k: [next(turns) % 2] * k)
    low, high = published_interval([0.0, 1.0])
    half = 1.979 * math.sqrt(128 / 127) / 2 / math.sqrt(128)
    assert (low, high) == pytest.approx((0.5 - half, 0.5 + half))


def test_pass_at_1_is_over_all_tasks():
    assert pass_at_1([ran(1), None, Outcome("timeout"), ran(2)]) == 0.5 and pass_at_1([None]) == 0.0
    with pytest.raises(BadInput, match="nothing to score"):
        pass_at_1([])


def test_costs_that_are_none_are_told_and_recorded_ones_make_an_estimate():
    with pytest.raises(BadInput, match="nan"):
        beyond([1.0, 2.0], math.nan)
    with pytest.raises(BadInput, match="nan"):
        beyond([1.0, math.nan], 1.0)
    with pytest.raises(BadInput, match="the outcome of a has no cpu_s"):
        score([(fixed("a", 1), Outcome("ok"))])
    read = Population("b", fixed("b", 1).entries, "as recorded")
    figures = score([(fixed("a", 1), ran(1)), (read, ran(1))]).figures
    assert figures["beyond_time"].how == "estimated" and figures["pass_at_1"].how == "measured"


def test_its_examples():
    assert doctest.testmod(metrics).failed == 0
