"""Two runs side by side: noise is not a change, and nothing that differs is left out."""

from __future__ import annotations

import pytest

from labkit import record
from labkit.stats import Figure


@pytest.fixture
def two(tmp_path):
    """Make two runs of these results and parameters and compare them."""

    def compare(a, b, params=({}, {}), **options):
        for results, given in zip((a, b), params, strict=True):
            with record.start("demo", given, seed=given.get("a seed"), root=tmp_path) as run:
                for name, figure in results.items():
                    run.result(name, figure)
        return record.compare(*record.find(tmp_path)[-2:], **options)

    return compare


def ms(value, lo=None, hi=None, how="measured", unit="ms"):
    return Figure(value, unit, how, lo, hi)


@pytest.mark.parametrize(
    ("a", "b", "answer"),
    [
        (ms(10, 9, 11), ms(12, 11, 13), "unchanged"),  # intervals meet, values differ by 20 %
        (ms(10, 9.9, 10.01), ms(10.05, 10.02, 10.1), "changed"),  # apart, values within 1 %
        (ms(10), ms(10.09), "unchanged"),
        (ms(10), ms(10.2), "changed"),
        (ms(10, 9, 11), ms(10.2), "changed"),  # one interval is none
        (ms(0), ms(0), "unchanged"),
        (ms(0), ms(1), "changed"),
        (ms(10), ms(10, unit="s"), "changed"),
        (ms(float("nan")), ms(float("nan")), "unchanged"),
        (ms(float("nan")), ms(1), "changed"),
        (ms(10, 9, float("inf")), ms(99, 90, 110), "unchanged"),  # an open end meets everything above
        (ms(-10, float("-inf"), -9), ms(-99, -110, -90), "unchanged"),
    ],
)
def test_answers(two, a, b, answer):
    (row,) = two({"wall": a}, {"wall": b}).rows
    assert row.answer == answer


def test_delta_and_ratio(two):
    rows = two(
        {"x": ms(2), "zero": ms(0), "unit": ms(1)}, {"x": ms(3), "zero": ms(1), "unit": ms(1, unit="s")}
    ).rows
    assert [(row.name, row.delta, row.ratio) for row in rows] == [
        ("x", 1, 1.5),
        ("zero", 1, None),
        ("unit", None, None),
    ]


def test_tolerance_is_a_parameter(two):
    assert two({"x": ms(10)}, {"x": ms(11)}, tolerance=0.2).rows[0].answer == "unchanged"


def test_parameters_and_names_that_differ(two):
    both = two(
        {"shared": ms(1), "old": ms(1)},
        {"shared": ms(1), "new": ms(1)},
        (
            {"n": 1, "same": 2, "model": {"layers": 4}, "gone": None},
            {"n": 2, "same": 2, "model": {"layers": 6}},
        ),
    )
    assert [(d.name, d.a, d.b) for d in both.params] == [
        ("n", 1, 2),
        ("model.layers", 4, 6),
        ("gone", None, "(absent)"),
    ]
    assert (both.only_in_a, both.only_in_b, both.environment) == (("old",), ("new",), ())


def test_the_environment_comes_last(two, tmp_path):
    both = two({"x": ms(1)}, {"x": ms(2)}, ({"n": 1}, {"n": 2}))
    a, b = record.find(tmp_path)
    b.meta["provenance"]["versions"]["python"] = "4.0"
    both = record.compare(a, b)
    assert [d.name for d in both.environment] == ["versions.python"]
    text, html = str(both), both._repr_html_()
    order = ["1 ms (measured, n=1)", "parameter: n", "environment: versions.python"]
    for shown in (text, html):
        assert sorted(order, key=shown.index) == order and "changed" in shown


def test_folders_are_compared_too(two, tmp_path):
    both = two({"x": ms(1)}, {"x": ms(1)}, ({"a seed": 1}, {"a seed": 2}))
    a, b = record.find(tmp_path)
    assert record.compare(a.path, str(b.path)) == both
    assert [d.name for d in both.params] == ["seed", "a seed"]
