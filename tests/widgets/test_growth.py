"""The growth picture: well-formed, in words too, and one clear line for what cannot be drawn."""

import re
from itertools import pairwise
from xml.dom.minidom import parseString

import pytest

from labkit.errors import BadInput
from labkit.refinement.growth import Fit, Growth, fit
from labkit.stats import Figure
from labkit.widgets import RefinementView
from labkit.widgets.growth import APART, growth_figure, growth_words

SIZES = (100, 180, 320, 560, 1000)
SQUARE = fit([(n, [1e-6 * n * n, 1.05e-6 * n * n]) for n in SIZES])
LINEAR = fit([(n, [1e-5 * n, 1.02e-5 * n]) for n in SIZES])
GROWN = Growth("t", "time", {"start": SQUARE, "best": LINEAR})
UNTOLD = Fit((), None, "too little to tell (0 usable sizes)")


def _svg(growth):
    """The picture, parsed; None where there is none."""
    found = re.search(r"<svg.*</svg>", growth_figure(growth))
    return found and parseString(found[0])


def test_points_lines_and_words_of_both_programs():
    svg = _svg(GROWN)
    marks = svg.getElementsByTagName("circle")
    assert len(marks) == 2 * len(SIZES) + 2, "each point, and one mark beside each name"
    lines = [each.getAttribute("class") for each in svg.getElementsByTagName("line")]
    assert lines.count("base") == lines.count("path") == 1
    words = [each.firstChild.data for each in svg.getElementsByTagName("text")]
    assert {"start", "best", "time (CPU s)", "elements in the input", "1,000", "0.001"} <= set(words)
    change, each = growth_words(GROWN)
    assert (
        change == f"n² → {LINEAR.word}" and "slope 2.00 [1." in each and "(95 % intervals, measured)" in each
    )


def test_the_fitted_line_goes_through_exact_points():
    exact = Growth("t", "time", {"start": fit([(n, [1e-6 * n * n]) for n in SIZES])})
    svg = _svg(exact)
    (line,) = [e for e in svg.getElementsByTagName("line") if e.getAttribute("class") == "base"]
    marks = svg.getElementsByTagName("circle")
    for end, mark in (("1", marks[0]), ("2", marks[len(SIZES) - 1])):
        for axis in "xy":
            assert abs(float(line.getAttribute(axis + end)) - float(mark.getAttribute("c" + axis))) <= 0.2


@pytest.mark.parametrize("scale", [1e-9, 1.0, 1e9])
@pytest.mark.parametrize("sizes", [SIZES, (1000, 1001, 1002), (1, 1e4, 1e8), (0.1, 0.3, 1.0), (7, 7, 7)])
def test_everything_stays_inside_the_picture(sizes, scale):
    points = tuple((n, scale * n) for n in sizes)
    many = {f"program {i}": Fit(points, Figure(1.0, "exponent", "measured"), "n") for i in range(5)}
    svg = _svg(Growth("t", "time", many))
    for each in svg.getElementsByTagName("circle"):
        assert 0 <= float(each.getAttribute("cx")) <= 400 and 0 <= float(each.getAttribute("cy")) <= 220
    names = [e for e in svg.getElementsByTagName("text") if e.firstChild.data.startswith("program")]
    heights = sorted(float(each.getAttribute("y")) for each in names)
    assert all(b - a >= APART - 0.2 for a, b in pairwise(heights))


def test_what_cannot_be_told_is_one_clear_line():
    for fits in ({}, {"start": UNTOLD}, {"start": UNTOLD, "best": UNTOLD}):
        figure = growth_figure(Growth("t", "time", fits))
        assert "<svg" not in figure and "growth cannot be told<" in figure
    half = Growth("t", "time", {"start": SQUARE, "best": UNTOLD})
    assert "<svg" in growth_figure(half)
    assert growth_words(half)[0] == "growth cannot be told of every program"
    assert "best too little to tell (0 usable sizes)" in growth_words(half)[1]
    unclear = Fit(SQUARE.points, SQUARE.slope, "unclear")
    assert growth_words(Growth("t", "time", {"start": unclear, "best": unclear}))[0] == "growth is unclear"
    bad = Fit(((0, 1.0), (10, float("nan")), (20, float("inf")), (30, 0.1)), None, "odd")
    assert len(_svg(Growth("t", "time", {"a": bad})).getElementsByTagName("circle")) == 2


def test_names_are_escaped():
    figure = growth_figure(Growth("t", "time", {"<i>&\"'": SQUARE, "b": Fit(SQUARE.points, None, "<b>")}))
    assert "<i>" not in figure and "<b>" not in figure and _svg(GROWN)


def test_the_view_shows_it_live_and_stored():
    view = RefinementView(growth=GROWN)
    bundle = view._repr_mimebundle_()
    assert view.growth is GROWN and "<svg" in view.state["figure"]["html"]
    assert "<svg" in bundle["text/html"] and "n² → " in bundle["text/html"]
    view.growth = None
    assert view.growth is None and "<svg" not in view.static_html()


def test_what_is_no_growth_of_this_task_is_refused():
    view = RefinementView()
    with pytest.raises(BadInput, match=r"growth=3: give what labkit\.refinement\.growth"):
        view.growth = 3
    view.update(task={"name": "other"})
    with pytest.raises(BadInput, match="this is the growth of t, and the view shows other"):
        view.growth = GROWN
    assert "growth" not in view.state
