"""Where the cost is: on programs whose hot spot is known, and on programs that would rather not tell."""

import ast
import math
import random
import time

import pytest

from labkit.errors import BadInput
from labkit.refinement import CodeTask, task_names
from labkit.refinement import hotspots as package_function
from labkit.refinement.hotspots import LEAST, HotLine, HotSpots, _read, _wilson, hotspots
from labkit.refinement.task import load_case
from labkit.refinement.watched import HARNESS
from labkit.sandbox import Limits, Program, values

ITEMS = list(range(1500))
INDEX = "def f(xs):\n    n = 0\n    for x in xs:\n        n += xs.index(x)\n    return n\n"
TWO = "def f(n):\n    for i in range(n):\n        a = sum(range(7000))\n        b = sum(range(3000))\n    return a, b\n"
room = __import__("sys").modules[hotspots.__module__]


def spots(source, *arguments, entry="f", seconds=0.3, **options):
    return hotspots(Program(source, entry), [arguments], seconds=seconds, **options)


def share_of(found, number):
    return next((line.share for line in found.lines if line.number == number), 0.0)


def sent(stacks, **others):
    plain = {
        "stacks": stacks,
        "calls": [],
        "failed": None,
        "whole": True,
        "cpu": 0.1,
        "rounds": 3,
        "marks": [],
        "mark_s": 0.0,
    }
    return {**plain, **others}


def read(data, source=INDEX):
    return _read(source, "f", data, 0.2, 0.2)


def test_a_line_that_is_nearly_all_is_found_with_its_bound():
    found = spots(INDEX, ITEMS)
    top = found.lines[0]
    assert (top.number, top.text, top.kind) == (4, "n += xs.index(x)", "statement") and top.share > 0.95
    assert found.bound(4).value > 20 and found.bound(4).how == "measured"
    assert "no change can win more than" in found.summary() and found.rounds >= 1
    assert found.samples >= 100 and 0.25 < found.total_cpu_s < 3


def test_two_lines_share_as_they_cost():
    """One sum over 7000 numbers, one over 3000."""
    tries = [spots(TWO, 300, seconds=0.8) for _ in range(3)]  # a machine that does other things may sway one
    for number, share in ((3, 0.7), (4, 0.3)):
        lines = [next(line for line in found.lines if line.number == number) for found in tries]
        assert any(line.lo - 0.03 < share < line.hi + 0.03 for line in lines)
        line, found = lines[0], tries[0]
        assert line.lo < line.share < line.hi < line.lo + 0.12 and line.samples == found.samples
        assert line.bound.value == pytest.approx(1 / (1 - line.share)) and line.bound.how == "measured"
        assert line.bound.lo < line.bound.value < line.bound.hi


@pytest.mark.parametrize("hot", ["x in out", "[x] + out", "out == copy", "out[:]", "x not in out and x > -1"])
def test_what_c_code_does_for_a_statement_is_the_statements(hot):
    """None of these is a call: a handler in Python only gets to run once something else is called."""
    source = f"def f(xs):\n    out = []\n    copy = xs[:]\n    for x in xs:\n        {hot}\n        out.append(x)\n        if len(out) > 9000:\n            break\n    return out\n"
    if hot == "out == copy":
        source = source.replace("out = []", "out = xs[:]").replace("        out.append(x)\n", "")
    found = spots(source, ITEMS)
    assert found.lines[0].number == 5 and found.lines[0].share > 0.75, found
    assert found.loops[0].number == 4 and found.loops[0].share > 0.95


def test_a_condition_a_return_and_a_yield_are_charged_to_themselves():
    source = (
        "def has(xs, x):\n    return x in xs\n\n"
        "def walk(xs):\n    for x in xs:\n        yield x in xs\n\n"
        "def f(xs):\n    n = 0\n    for x in xs:\n        if x not in xs:\n            n += 1\n        elif has(xs, x):\n"
        "            n += 2\n    for y in walk(xs):\n        n += y\n    return n\n"
    )
    found = spots(source, ITEMS, seconds=0.6)
    for line in (2, 6, 11):
        assert share_of(found, line) == pytest.approx(1 / 3, abs=0.1), found
    calling = next(line for line in found.lines if line.number == 13)
    assert calling.share < 0.05 and calling.reach[0] == pytest.approx(1 / 3, abs=0.1)
    assert found.bound(13).value == pytest.approx(1.5, abs=0.25), "with what it calls: it can be done without"
    assert "with what it calls" in str(calling)


def test_one_long_c_call_weighs_as_much_as_it_takes():
    """Only one look is taken of a call of many milliseconds, however many signals came."""
    source = "def f(n):\n    kept = sorted(range(n), key=str)\n    total = 0\n    for i in range(n // 5):\n        total += i\n    return total\n"
    assert share_of(spots(source, 100_000), 2) > 0.7


def test_what_the_marks_cost_is_taken_off():
    """Seven cheap statements beside a dear one: its share is known from the time of the program without it."""
    plain = (
        "def f(n):\n    a = b = c = d = 0\n    for i in range(n):\n        a = i\n        b = a + 1\n        c = b - a\n"
        "        d += c\n        if d == -1:\n            a = 2\n        {}\n    return d\n"
    )
    full = plain.format("max(a, b, c, d, 1, 2, 3)")
    true = 1 - seconds_of(plain.format("pass")) / seconds_of(full)
    dear = spots(full, 100_000, seconds=0.6).lines[0]
    assert dear.number == 10 and dear.lo - 0.07 < true < dear.hi + 0.07, (dear, true)
    stacks = [[[("f", 4)], 60], [[("f", 3)], 40]]
    found = read(sent(stacks, marks=[(3, 1000)], mark_s=1e-6, rounds=10))
    assert found.lines[0].share == pytest.approx(60 / 90) and found.lines[0].hi > _wilson(200 / 3, 100)[1]


def seconds_of(source):
    names = {}
    exec(source, names)
    times = []
    for _ in range(7):
        began = time.process_time()
        names["f"](100_000)
        times.append(time.process_time() - began)
    return min(times)


def test_helpers_methods_and_recursion():
    source = (
        "class Box:\n    def __init__(self, xs):\n        self.xs = xs\n\n"
        "    def find(self, x):\n        return self.xs.index(x)\n\n"
        "def fib(n):\n    return n if n < 2 else fib(n - 1) + fib(n - 2)\n\n"
        "def f(xs):\n    box = Box(xs)\n    fib(3)\n    return [box.find(x) for x in xs]\n"
    )
    found = spots(source, ITEMS)
    assert found.lines[0].number == 6 and found.ceiling().value > 20
    calls = {each.name: each for each in found.calls}
    assert calls["find"].calls == len(ITEMS) and calls["fib"].calls == 5 and calls["f"].calls == 1
    assert calls["f"].inclusive.value >= calls["find"].inclusive.value > 0.9
    assert calls["f"].own.value < 0.1 and calls["find"].own.value > 0.9 and calls["find"].line == 5


def test_deep_recursion_is_seen_down_to_its_caller():
    source = "def deep(n):\n    return 0 if n == 0 else 1 + deep(n - 1)\n\ndef f(n):\n    t = 0\n    for i in range(200):\n        t += deep(n)\n    return t\n"
    found = spots(source, 800)
    calls = {each.name: each for each in found.calls}
    assert calls["deep"].own.value > 0.9 and calls["f"].inclusive.value == 1.0
    assert calls["deep"].calls == 200 * 801 and found.loops[0].number == 6 and found.loops[0].share > 0.98
    assert next(line for line in found.lines if line.number == 7).reach[0] > 0.98


def test_comprehensions_and_statements_of_several_lines_belong_together():
    source = "def f(xs):\n    return [\n        xs.index(x)\n        for x in xs\n        if x >= 0\n    ]\n"
    found = spots(source, ITEMS)
    assert found.lines[0].number == 2 and found.lines[0].share > 0.99
    assert [each.name for each in found.calls] == ["f"], "a comprehension is no function of its own"


@pytest.mark.parametrize(
    "line", ["[x in xs for x in xs]", "sum(x in xs for x in xs)", "{x: x in xs for x in xs}"]
)
def test_comprehensions_over_operators(line):
    found = spots(f"def f(xs):\n    n = 1\n    {line}\n    n += 1\n    return n\n", ITEMS)
    assert found.lines[0].number == 3 and found.lines[0].share > 0.95


def test_generators_nested_functions_and_decorators():
    source = (
        "import functools\n\ndef plain(g):\n    @functools.wraps(g)\n    def inner(*a):\n        return g(*a)\n    return inner\n\n"
        "def walk(xs):\n    for x in xs:\n        yield xs.index(x)\n\n"
        "@plain\ndef f(xs):\n    def add(a, b):\n        return sum(range(a)) + b\n    total = 0\n    for n in walk(xs):\n        total = add(n, n)\n    return total\n"
    )
    found = spots(source, ITEMS)
    assert {found.lines[0].number, found.lines[1].number} == {11, 16}
    calls = {each.name: each.calls for each in found.calls}
    assert calls["walk"] == 1 and calls["add"] == len(ITEMS) and calls["f"] == calls["inner"] == 1


def test_arguments_are_fresh_in_every_round():
    found = spots("def f(xs):\n    while xs:\n        xs.pop(0)\n", list(range(3000)))
    assert found.rounds > 2 and found.lines[0].number in (2, 3), "the second round would find nothing to do"
    assert found.samples >= 100 and found.calls[0].calls == 1


def test_a_program_that_is_too_quick_says_so():
    found = spots("def f(x):\n    return x\n", 1, seconds=0.02)
    assert found.lines == found.loops == found.calls == () and found.ceiling() is None
    assert "too quick" in found.summary() and "too quick" in found.feedback() and found.samples < LEAST
    assert len(found.to_frame()) == 0 and "too quick" in found._repr_html_()


def test_a_long_round_is_broken_off_and_still_tells():
    source = "def f(n):\n    total = 0\n    while True:\n        total += sum(range(n))\n"
    found = spots(source, 2000, seconds=0.1)
    assert found.lines[0].number == 4 and not found.whole and "of its beginning" in found.feedback()
    assert [each.calls for each in found.calls] == [None]


@pytest.mark.parametrize(
    "source, words",
    [
        ("def f(x):\n    return 1 // (7 - x)\n", "f fails on input 1: ZeroDivisionError: integer division"),
        ("def f(x):\n    return [0] * 6 + [][x - 7]\n", "f fails on input 0: IndexError"),
        ("def f(x):\n    raise ValueError('a\\nb')\n", "input 0: ValueError: a b"),
        ("def f(x:\n", "SyntaxError"),
        ("def g(x):\n    return 1\n", "defines no function 'f'"),
        ("1 / 0\ndef f(x):\n    return 1\n", "ZeroDivisionError"),
    ],
)
def test_a_program_that_fails_is_one_line(source, words):
    with pytest.raises(BadInput, match=words) as caught:
        hotspots(Program(source, "f"), [(5,), (7,)], seconds=0.1)
    assert "\n" not in str(caught.value)


def test_bad_calls_are_one_line():
    for seconds in (0, -1, math.inf, True, "1"):
        with pytest.raises(BadInput, match="seconds="):
            hotspots(Program("def f(x): return x\n", "f"), [1], seconds=seconds)
    with pytest.raises(BadInput, match="no inputs for f"):
        hotspots(Program("def f(x): return x\n", "f"))
    found = read(sent([[[("f", 4)], 50]]))
    with pytest.raises(BadInput, match="line 99 took no time: the lines that did are 4"):
        found.bound(99)


@pytest.mark.parametrize(
    "lie",
    [
        "import signal; signal.setitimer(signal.ITIMER_REAL, 0)",
        "import signal; signal.signal(signal.SIGALRM, signal.SIG_IGN)",
        "import time; time.process_time = lambda: -1.0",
        "import sys; sys.setprofile(None)",
    ],
)
def test_a_program_that_tampers_may_mislead_but_does_no_harm(lie):
    found = spots(f"def f(xs):\n    {lie}\n    return sum(xs.index(x) for x in xs)\n", ITEMS, seconds=0.1)
    assert all(0 <= line.lo <= line.share <= line.hi <= 1 for line in found.lines)
    if "signal" in lie:
        assert found.lines == () and "too few samples" in found.summary(), found


def test_a_program_that_stops_the_timer_and_runs_on_meets_the_limits():
    source = "def f(x):\n    import signal\n    signal.setitimer(signal.ITIMER_REAL, 0)\n    while True:\n        pass\n"
    with pytest.raises(BadInput, match="f fails while it is watched: timeout"):
        spots(source, 1, seconds=0.1, limits=Limits(processes=1, cpu_s=1, wall_s=2))


def test_a_forged_profile_is_read_as_data():
    source = (
        "def f(x):\n    import sys\n    frame = sys._getframe()\n    while frame.f_code.co_name != 'labkit_profile':\n"
        "        frame = frame.f_back\n    frame.f_globals['labkit_profile'] = None\n"
        "    frame.f_locals['stacks'][(('f', 4),)] = 10 ** 9\n    return x\n"
    )
    with pytest.raises(BadInput, match="f changed its own profile: nothing can be said"):
        spots(source, 1, seconds=0.1)


@pytest.mark.parametrize(
    "data",
    [
        5, None, [], {}, sent(5), sent([[[("f", 4)], -5]]), sent([[[("f", 4)], math.nan]]), sent([[[], 5]]),
        sent([[[("f", 99)], 5]]), sent([[[("f", -1)], 5]]), sent([[[("f", "x")], 5]]), sent([[[("f", 4)], 10**9]]),
        sent([], cpu=math.nan), sent([], cpu=-1.0), sent([], rounds=1.5), sent([], calls=[("f",)]),
        sent([], calls=5), sent([], marks=[("x", 1)]), sent([], mark_s="x"), sent([], failed=5), sent([], failed=("x", 1, 2)), sent([[[("f", 4)], True]]),
    ],
)  # fmt: skip
def test_what_is_no_profile_is_refused(data):
    with pytest.raises(BadInput, match="changed its own profile"):
        read(data)


def test_cpu_seconds_are_no_more_than_were_measured_from_outside():
    assert read(sent([[[("f", 4)], 50]], cpu=1e9)).total_cpu_s == 0.2
    assert read(sent([[[("f", 4)], LEAST - 1]])).lines == (), "too few to give shares"


def test_statements_loops_and_calls_of_known_stacks():
    """By hand: 60 looks at the index, 30 at the loop's head, 10 at the end."""
    found = read(sent([[[("f", 4)], 60], [[("f", 3)], 30], [[("f", 5)], 10]], calls=[("f", 1, 7)]))
    assert [(line.number, line.share) for line in found.lines] == [(4, 0.6), (3, 0.3), (5, 0.1)]
    assert [(loop.number, loop.share) for loop in found.loops] == [(3, 0.9)]
    assert (found.calls[0].calls, found.calls[0].own.value, found.ceiling().value) == (7, 1.0, 2.5)
    assert found.bound(4) == found.lines[0].bound and found.bound(3).value == pytest.approx(10)
    all_of_it = read(sent([[[("f", 4)], 60]])).ceiling()
    assert (all_of_it.value, all_of_it.hi) == (1000.0, 1000.0), "a record holds no infinity"
    assert str(found.lines[0]).startswith(
        "line 4 (statement) is 60 % [50, 69] of the cost; no change can win"
    )


def test_the_interval_holds_the_share_as_often_as_it_says():
    rng = random.Random(1)
    held = 0
    for _ in range(2000):
        k = sum(rng.random() < 0.3 for _ in range(80))
        lo, hi = _wilson(k, 80)
        held += lo <= 0.3 <= hi
    assert 0.93 < held / 2000 < 0.975
    assert _wilson(0, 30)[0] == 0 and _wilson(30, 30)[1] == 1 and _wilson(0, 30)[1] > 0.05


def test_planted_mutants_are_noticed(monkeypatch):
    """One that is off by a line, one that takes 1/p for the bound, one without marks: the checks above fail."""
    with monkeypatch.context() as patch:
        right = room._statements
        patch.setattr(room, "_statements", lambda tree: {k: v - 1 for k, v in right(tree).items()})
        assert spots(INDEX, ITEMS, seconds=0.1).lines[0].number == 3
    with monkeypatch.context() as patch:
        patch.setattr(room, "_amdahl", lambda share: 1 / share)
        assert HotLine(3, "x", 0.75, None, None).bound.value != 4.0
    member = "def f(xs):\n    out = []\n    for x in xs:\n        x in out\n        hash(x)\n        out.append(x)\n    return out\n"
    assert spots(member, ITEMS).lines[0].number == 4
    bare = HARNESS.replace("labkit_marked(ast.parse(labkit_source), mark)", "ast.parse(labkit_source)")
    monkeypatch.setattr(room, "HARNESS", bare)
    assert bare != HARNESS and spots(member, ITEMS).lines[0].number != 4


def marked(source):
    """The program as it is watched, here; only the lab's own programs."""
    tools = {}
    exec(HARNESS.partition("def labkit_profile")[0], tools)
    names = {"__name__": "candidate", "labkit_mark": callable}
    exec(compile(tools["labkit_marked"](ast.parse(source)), "<program>", "exec", dont_inherit=True), names)
    return names


def test_marks_change_no_answer():
    """Each of the lab's visible programs gives the right answers with its marks, too."""
    for name in [*task_names("real"), *task_names("more")]:
        task = load_case(name, size=0.05)
        function = marked(task.program.source)[task.program.entry]
        for arguments, answer in task.examples:
            got = function(*arguments)
            given = (values.unordered(each) if task.check == "unordered" else each for each in (got, answer))
            assert callable(task.check) or values.same(*given, max(task.tolerance, 1e-12)), name


def test_marks_keep_every_kind_of_statement():
    source = '''from __future__ import annotations
def g(xs):
    """Doc."""
    got = yield xs
    while True:
        try:
            got = yield (got, len(xs))
        except ValueError:
            return 5
        finally:
            xs.append(1)
def f(n):
    class P:
        __slots__ = ("__x",)
        def __init__(self):
            self.__x = n
        def get(self):
            return self.__x
    for i in range(n):
        if i == 2:
            continue
        elif i == 4:
            break
    else:
        i = -1
    match (i, n):
        case (4, x) if x > 3:
            out = ["four", x]
        case _:
            out = ["other"]
    it = g([])
    out += [next(it), it.send(7)]
    try:
        it.throw(ValueError)
    except StopIteration as end:
        out.append(end.value)
    out.append((lambda: P().get())())
    return out
'''
    plain = {"__name__": "candidate"}
    exec(compile(source, "<plain>", "exec", dont_inherit=True), plain)
    for n in (3, 9):
        assert marked(source)["f"](n) == plain["f"](n)
    assert marked(source)["g"].__doc__ == "Doc."


def test_callbacks_from_c_are_charged_where_they_run():
    source = (
        "def key(x):\n    return sum(range(x % 50))\n\ndef f(n):\n    return sorted(range(n), key=key)[0]\n"
    )
    found = spots(source, 5000)
    assert found.lines[0].number == 2 and found.lines[0].share > 0.5
    assert {each.name for each in found.calls} == {"key", "f"} and found.calls[0].name == "f"


def test_a_task_its_tables_and_its_page():
    found = package_function("unique_identifiers", seconds=0.2)
    frame = found.to_frame()
    assert set(frame.kind) >= {"statement", "function"} and frame.share.between(0, 1).all()
    html = found._repr_html_()
    assert "<table>" in html and "█" in html and "a hint, not a verdict" in html
    assert not {"<script", "<style", "color"} & set(html.split()) and "style=" not in html
    assert found.ceiling().value >= found.lines[0].bound.value and isinstance(found, HotSpots)
    assert repr(found).count("\n") <= 5 and "a hint, not a verdict" in found.feedback(top=1)


def test_a_task_object_and_a_function_are_taken_too():
    task = CodeTask("t", Program("def f(xs):\n    return [xs.index(x) for x in xs]\n", "f"), ((ITEMS,),))
    assert hotspots(task, seconds=0.1).lines[0].number == 2
    with pytest.raises(BadInput, match="no inputs for test_a_task"):
        hotspots(test_a_task_object_and_a_function_are_taken_too)
