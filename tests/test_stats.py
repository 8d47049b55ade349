"""Intervals keep their promise under peeking, and a figure says how it was got."""

import doctest
import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit import stats
from labkit.stats import Figure, Outcome, Verdict, bootstrap, compare_paired, median_interval, sign_evidence


def test_examples():
    import labkit.errors

    assert doctest.testmod(stats).failed == 0 and doctest.testmod(labkit.errors).failed == 0


@given(st.integers(1, 60))
def test_the_evidence_is_a_fair_game(n):
    """Under the null each step's expected e-value is the present one: what makes peeking harmless."""
    for k in range(n):
        ahead = (sign_evidence(n + 1, k) + sign_evidence(n + 1, k + 1)) / 2
        assert ahead == pytest.approx(sign_evidence(n, k))


def test_peeking_at_every_step_errs_in_at_most_five_percent():
    rng, wrong = random.Random(1), 0
    for _ in range(400):
        values = []
        for _ in range(40):
            values.append(rng.gauss(0, 1) + (3 if rng.random() < 0.05 else 0) * rng.choice([-1, 1]))
            low, high = median_interval(values)
            if not low <= 0 <= high:
                wrong += 1
                break
    assert wrong / 400 <= 0.05 + 2 * math.sqrt(0.05 * 0.95 / 400)


def test_a_naive_interval_would_fail_that_test():
    """The mutant: a bootstrap interval looked at again and again."""
    rng, wrong = random.Random(1), 0
    for _ in range(60):
        values = [rng.gauss(0, 1) for _ in range(9)]
        for _ in range(31):
            values.append(rng.gauss(0, 1))
            low, high = bootstrap(values, resamples=100)
            if not low <= 0 <= high:
                wrong += 1
                break
    assert wrong / 60 > 0.12


@given(st.lists(st.floats(-10, 10), min_size=1, max_size=60))
def test_the_interval_holds_the_sample_median(values):
    low, high = median_interval(values)
    assert low <= sorted(values)[len(values) // 2] <= high


def test_a_true_five_percent_is_found_in_forty_pairs():
    rng, found = random.Random(2), 0
    for _ in range(200):
        verdict = compare_paired(lambda _: (rng.lognormvariate(0, 0.03), 1.05 * rng.lognormvariate(0, 0.03)))
        found += verdict.answer == "slower"
    assert found / 200 >= 0.95


def test_a_difference_too_small_to_matter_is_a_tie():
    assert compare_paired(lambda i: (1.0, 1.01 + i * 1e-6)).answer == "tie"
    assert compare_paired(lambda i: (1.0, 0.9)).answer == "faster"
    assert compare_paired(lambda i: (1.0, 0.9)).n == 10


def test_stopping_early_decides_nothing():
    calls = iter([False, True])
    assert compare_paired(lambda i: (1.0, 0.1), stop=lambda: next(calls)).answer == "tie"


def test_figures_survive_json_and_refuse_an_unknown_origin():
    figure = Figure(2.0, "x", "measured", 1.5, 2.5, 12)
    assert Figure.from_json(figure.to_json()) == figure
    assert figure.overlaps(Figure(3.0, "x", "measured", 2.4, 4.0)) is True
    assert figure.overlaps(Figure(3.0, "x", "measured")) is None
    with pytest.raises(ValueError, match="measured, simulated"):
        Figure(1.0, "s", "guessed")
    outcome = Outcome("ok", {"cpu_s": figure}, "fine", {"input": 1})
    assert Outcome.from_json(outcome.to_json()) == outcome


def test_bootstrap_covers_a_mean():
    rng = random.Random(3)
    values = [rng.gauss(5, 1) for _ in range(200)]
    low, high = bootstrap(values)
    mean = sum(values) / len(values)
    assert mean - 0.3 < low < mean < high < mean + 0.3


def test_a_verdict_is_quoted_as_a_speedup():
    assert str(Verdict("faster", 0.5, 0.4, 0.8, 10).speedup()) == "2 x [1.25, 2.5] (measured, n=10)"


def test_the_median_interval_of_thousands_is_narrow_and_finite():
    values = [i / 1000 for i in range(5000)]
    low, high = median_interval(values)
    assert 2.3 < low < 2.5 < high < 2.7


def test_a_small_gain_is_not_looked_for_and_none_is_invented() -> None:
    def pairs(ratio: float, seed: int):
        noise = random.Random(seed)
        return lambda i: (1.0, ratio * math.exp(noise.gauss(0, 0.03)))

    quick = [compare_paired(pairs(1.0, seed), least_gain=0.03) for seed in range(200)]
    assert all(verdict.answer != "faster" for verdict in quick)
    assert sum(verdict.n == 4 for verdict in quick) >= 150
    gains = [compare_paired(pairs(0.8, seed), least_gain=0.03) for seed in range(200)]
    assert sum(verdict.answer == "faster" for verdict in gains) >= 198
