"""Where the cost is: on programs whose hot spot is known, and on programs that would rather not tell."""

import math

import pytest

from labkit.errors import BadInput
from labkit.refinement import CodeTask
from labkit.refinement.hotspots import HotLine, HotSpots, hotspots
from labkit.sandbox import Program

ITEMS = list(range(1500))


def spots(source, *arguments, entry="f", **options):
    return hotspots(Program(source, entry), [arguments], **options)


def share_of(found, number):
    return next((line.share for line in found.lines if line.number == number), 0.0)


def test_a_line_that_is_nearly_all_is_found_with_its_bound():
    found = spots("def f(xs):\n    n = 0\n    for x in xs:\n        n += xs.index(x)\n    return n\n", ITEMS)
    top = found.lines[0]
    assert (top.number, top.text, top.kind) == (4, "n += xs.index(x)", "statement") and top.share > 0.9
    assert found.bound(4).value > 10 and found.bound(4).how == "measured"
    assert "no change can win more than" in found.summary() and found.rounds >= 1


def test_two_lines_share_as_they_cost():
    """One sums twice as much as the other: 67 and 33 in a hundred."""
    source = "def f(n):\n    for i in range(n):\n        a = sum(range(4000))\n        b = sum(range(2000))\n    return a, b\n"
    found = spots(source, 400)
    assert share_of(found, 3) == pytest.approx(0.667, abs=0.05)
    assert share_of(found, 4) == pytest.approx(0.333, abs=0.05)
    both = {line.number: line for line in found.lines}
    assert both[3].lo <= both[3].share <= both[3].hi
    assert found.bound(3).value == pytest.approx(3.0, abs=0.5), "the mutant 1/p would say 1.5"


def test_what_c_code_does_for_a_statement_is_the_statements():
    source = "def f(xs):\n    out = []\n    for x in xs:\n        if x not in out:\n            out.append(x)\n    return out\n"
    found = spots(source, ITEMS)
    assert found.lines[0].number == 4 and found.lines[0].share > 0.9
    assert found.loops[0].number == 3 and found.loops[0].share > 0.95


def test_tracing_does_not_make_cheap_lines_dear():
    """Half a million cheap lines beside one dear call of about their cost: untraced, each has about half."""
    source = (
        "def f(n):\n    total = 0\n    for i in range(n):\n        total += i\n"
        "    kept = sorted(range(n), key=str)\n    return total\n"
    )
    found = spots(source, 30_000, seconds=1.5)
    assert share_of(found, 5) > 0.6, "sorting by str costs several times what the loop does"


def test_helpers_methods_and_recursion():
    source = (
        "class Box:\n    def __init__(self, xs):\n        self.xs = xs\n\n"
        "    def find(self, x):\n        return self.xs.index(x)\n\n"
        "def fib(n):\n    return n if n < 2 else fib(n - 1) + fib(n - 2)\n\n"
        "def f(xs):\n    box = Box(xs)\n    fib(3)\n    return [box.find(x) for x in xs]\n"
    )
    found = spots(source, ITEMS)
    assert found.lines[0].number == 6
    calls = {each.name: each for each in found.calls}
    assert calls["find"].calls == len(ITEMS) and calls["fib"].calls == 5 and calls["f"].calls == 1
    assert calls["f"].share >= calls["find"].share > 0.5 and calls["fib"].share < 0.2


def test_comprehensions_and_statements_of_several_lines_belong_together():
    source = "def f(xs):\n    return [\n        xs.index(x)\n        for x in xs\n        if x >= 0\n    ]\n"
    found = spots(source, ITEMS)
    assert found.lines[0].number == 2 and found.lines[0].share > 0.99


def test_generators_nested_functions_and_decorators():
    source = (
        "import functools\n\ndef plain(g):\n    @functools.wraps(g)\n    def inner(*a):\n        return g(*a)\n    return inner\n\n"
        "def walk(xs):\n    for x in xs:\n        yield xs.index(x)\n\n"
        "@plain\ndef f(xs):\n    def add(a, b):\n        return a + b\n    total = 0\n    for n in walk(xs):\n        total = add(total, n)\n    return total\n"
    )
    found = spots(source, ITEMS)
    assert found.lines[0].number == 11 and found.lines[0].share > 0.7


def test_arguments_are_fresh_in_every_round():
    found = spots("def f(xs):\n    while xs:\n        xs.pop(0)\n", list(range(3000)))
    assert found.rounds > 2 and found.lines[0].number in (2, 3)


def test_a_program_that_is_too_quick_says_so():
    found = spots("def f(x):\n    return x\n", 1)
    assert found.lines == () and found.ceiling() is None and "too quick" in found.summary()
    assert "too quick" in found.feedback() and found.rounds == 0


def test_a_long_round_is_broken_off_and_still_tells():
    source = "def f(n):\n    total = 0\n    while True:\n        total += sum(range(n))\n"
    found = spots(source, 2000, seconds=0.2)
    assert found.lines[0].number == 4


@pytest.mark.parametrize(
    "source, words",
    [
        ("def f(x):\n    return 1 // 0\n", "ZeroDivisionError"),
        ("def f(x):\n    return [][x]\n", "IndexError"),
        ("def f(x:\n", "SyntaxError"),
        ("def g(x):\n    return 1\n", "f"),
    ],
)
def test_a_program_that_fails_is_one_line(source, words):
    with pytest.raises(BadInput, match=words) as caught:
        spots(source, 5)
    assert "\n" not in str(caught.value)


def test_bad_calls_are_one_line():
    with pytest.raises(BadInput, match="seconds=0"):
        hotspots(Program("def f(x): return x\n", "f"), [1], seconds=0)
    with pytest.raises(BadInput, match="no inputs for f"):
        hotspots(Program("def f(x): return x\n", "f"))
    found = spots("def f(xs):\n    return sum(xs.index(x) for x in xs)\n", ITEMS)
    with pytest.raises(BadInput, match="line 99 took no time: the lines that did are 2"):
        found.bound(99)


@pytest.mark.parametrize(
    "lie",
    [
        "import sys\n    sys.settrace(None)",
        "import time\n    time.perf_counter = lambda: -1.0",
        "global labkit_profile\n    labkit_profile = None",
        "import copy\n    copy.deepcopy = lambda x: x",
    ],
)
def test_a_program_that_tampers_may_mislead_but_does_no_harm(lie):
    found = spots(f"def f(xs):\n    {lie}\n    return sum(xs.index(x) for x in xs)\n", ITEMS)
    assert all(0 <= line.share <= 1 for line in found.lines)


@pytest.mark.parametrize(
    "sent", ["[]", "[([(1, -5.0)], [])]", "[([(1, float('nan'))], [])]", "'lines'", "[(1, 2)]"]
)
def test_a_forged_profile_is_refused_or_says_nothing(sent):
    source = f"def f(x):\n    import sys\n    frame = sys._getframe()\n    while frame.f_code.co_name != 'labkit_profile':\n        frame = frame.f_back\n    frame.f_globals['labkit_profile'] = lambda *a: {sent}\n    return x\n"
    forged = Program(source + "\n\ndef labkit_profile(*a):\n    return None\n", "f")
    found = hotspots(forged, [(1,)])
    assert isinstance(found, HotSpots) and found.lines == ()


def test_numbers_that_are_none_are_refused():
    from labkit.refinement.hotspots import _read

    for bad in ([([(1, -5.0)], [])], [([(1, math.nan)], [])], [(1, 2)], [([("x", 1.0)], [])], 5):
        with pytest.raises(BadInput, match="changed its own profile"):
            _read("def f(x):\n    return x\n", bad)


def test_a_task_its_tables_and_the_bound_of_its_parts():
    found = hotspots("unique_identifiers", seconds=0.2)
    frame = found.to_frame()
    assert set(frame.kind) >= {"statement", "function"} and frame.share.between(0, 1).all()
    html = found._repr_html_()
    assert "<table>" in html and "█" in html and "<script" not in html
    assert found.ceiling().value >= found.lines[0].bound.value
    assert HotLine(3, "x", 0.5, 0.25, 0.75).bound == HotLine(3, "y", 0.5, 0.25, 0.75).bound
    assert [HotLine(3, "x", p, None, None).bound.value for p in (0.5, 0.75)] == [2.0, 4.0]


def test_a_task_object_is_taken_too():
    task = CodeTask("t", Program("def f(xs):\n    return [xs.index(x) for x in xs]\n", "f"), ((ITEMS,),))
    assert hotspots(task, seconds=0.2).lines[0].number == 2
