"""Growth: exponents that are known, found; none that the interval does not hold; a real pair of programs."""

import doctest
import math
import random

import pytest

from labkit.errors import BadInput
from labkit.refinement import CodeTask
from labkit.refinement import growth as room
from labkit.refinement.growth import growth
from labkit.sandbox import CodeJudge, Limits, Program
from labkit.stats import Figure

SLOW = "def f(xs):\n    out = []\n    for x in xs:\n        if x not in out:\n            out.append(x)\n    return out\n"
FAST = "def f(xs):\n    return list(dict.fromkeys(xs))\n"


def make(seed, size):
    return [([i * 7919 % 100_003 for i in range(int(4000 * size))],)]


TASK = CodeTask("dedupe", Program(SLOW, "f"), tuple(make(0, 1)), generate=make)


def grown(cost, noise=0.0, **options):
    rng = random.Random(3)

    def runner(program, inputs):
        n = len(inputs[0][0])
        return cost(n) * math.exp(rng.gauss(0, noise))

    return growth(TASK, runner=runner, **options).fits["start"]


@pytest.mark.parametrize("noise", [0.0, 0.03])
@pytest.mark.parametrize(
    "cost, word, exponent",
    [
        (lambda n: 3e-6 * n, "n", 1.0),
        (lambda n: 3e-6 * n * math.log(n), "n log n", 1.14),
        (lambda n: 1e-8 * n**2, "n²", 2.0),
        (lambda n: 1e-9 * n**3, "n³", 3.0),
        (lambda n: 1e-9 * n**2.5, "n^2.5", 2.5),
    ],
)
def test_a_known_exponent_is_found_and_its_class_named(cost, word, exponent, noise):
    fit = grown(cost, noise)
    assert fit.slope.value == pytest.approx(exponent, abs=0.08) and fit.slope.how == "measured"
    assert fit.slope.lo <= fit.slope.value <= fit.slope.hi and len(fit.points) == 5
    either = {"n", "n log n", "n or n log n"}
    assert fit.word.startswith(word) or (noise and {fit.word, word} <= either)


def unheld(fit):
    """Whether a class is named that the interval of the slope does not hold, or not only it."""
    exponents = {"n": 1.0, "n²": 2.0, "n³": 3.0}
    others = [e for e in exponents.values() if fit.slope.lo <= e <= fit.slope.hi]
    return fit.word in exponents and others != [exponents[fit.word]]


ALMOST = [(lambda n: 1e-8 * n**1.9, 0.0), (lambda n: 1e-8 * n**2.9, 0.0), (lambda n: 1e-8 * n**2, 1.5)]


@pytest.mark.parametrize("cost, noise", ALMOST)
def test_no_class_is_named_that_the_interval_does_not_hold(cost, noise):
    fit = grown(cost, noise)
    assert not unheld(fit) and fit.word.startswith("n^" if noise == 0 else "unclear")


def test_the_mutant_that_looks_at_the_middle_only_is_seen(monkeypatch):
    def careless(slope, points, counted=True):
        return min(("n", "n²", "n³"), key=lambda word: abs(["n", "n²", "n³"].index(word) + 1 - slope.value))

    monkeypatch.setattr(room, "_word", careless)
    assert all(unheld(grown(cost, noise)) for cost, noise in ALMOST)


def test_an_interval_that_holds_two_classes_names_none_but_n_and_n_log_n():
    points = [(400, 1.0), (4000, 10.0)]

    def word(value, low, high):
        return room._word(Figure(value, "exponent", "measured", low, high), points)

    assert word(1.05, 0.95, 1.2) == "n or n log n" and word(1.0, 0.98, 1.02) == "n"
    assert word(1.98, 1.9, 2.1) == "n²" and word(1.98, 1.45, 2.4) == "n^1.98"
    assert word(1.98, 1.4, 2.6) == "unclear" and word(0.3, -0.7, 1.3) == "unclear"
    assert word(1.9, 1.89, 1.91) == "n^1.90" and word(0.02, -0.1, 0.1) == "constant"


def test_noise_widens_the_interval():
    calm, loud = grown(lambda n: 1e-6 * n, 0.01), grown(lambda n: 1e-6 * n, 0.3)
    assert loud.slope.hi - loud.slope.lo > 3 * (calm.slope.hi - calm.slope.lo)


def test_too_little_is_said_instead_of_a_number():
    fit = growth(TASK, runner=lambda program, inputs: None).fits["start"]
    assert fit.slope is None and fit.word == "too little to tell (0 usable sizes)" and fit.points == ()
    assert grown(lambda n: 1e-6 * n, sizes=(0.5, 1.0)).word == "too little to tell (2 usable sizes)"
    found = growth(TASK, {"a": TASK.program, "b": TASK.program}, runner=lambda program, inputs: 0.0)
    assert found.describe("a", "b").startswith("time: a too little to tell (0")


def test_costs_below_what_can_be_told_are_left_out():
    fit = grown(lambda n: 1e-8 * n**2 if n > 1000 else 0.0)
    assert [n for n, _ in fit.points] == [1280, 2240, 4000] and fit.word == "n²"
    nothing = Program("def f(xs):\n    return []\n", "f")
    quick = CodeTask("quick", nothing, TASK.inputs, generate=make)
    assert growth(quick, sizes=(0.01, 0.02, 0.04), repeats=1).fits["start"].slope is None


def test_n_counts_elements_and_is_the_size_where_these_do_not_grow():
    assert room._elements(([1, (2, 3)], "abc", {"k": [1]}, {4, 5}, 7)) == 3 + 3 + 2 + 2 + 1
    number = CodeTask("t", TASK.program, ((1,),), generate=lambda seed, size: [(int(1000 * size),)])
    found = growth(number, runner=lambda program, inputs: 1e-6 * inputs[0][0] ** 2)
    assert found.axis == room.SIZE and found.fits["start"].word == "n²"
    assert [n for n, _ in found.fits["start"].points] == list(room.SIZES)
    table = [0] * 5000
    fixed = CodeTask("t", TASK.program, ((1,),), generate=lambda seed, size: [(table, [0] * int(50 * size))])
    assert growth(fixed, runner=lambda program, inputs: float(len(inputs[0][1]))).axis == room.SIZE
    assert growth(TASK, runner=lambda program, inputs: 1.0).axis == room.ELEMENTS


def test_memory_is_fitted_beside_time():
    def runner(program, inputs):
        n = len(inputs[0][0])
        return {"time": 1e-8 * n**2, "memory": 1e-3 * n}

    found = growth(TASK, {"start": TASK.program, "best": Program(FAST, "f")}, runner=runner)
    assert found.describe("start", "best", "memory").startswith(
        "memory: n as before (slopes 1.00 [1.00, 1.00]"
    )
    assert set(found.to_frame().objective) == {"time", "memory"} and found.fits["start"].word == "n²"
    with pytest.raises(BadInput, match="this growth has time, memory"):
        found.describe("start", "best", "latency")
    with pytest.raises(BadInput, match="no program 'bets' here: there are start, best"):
        found.describe("start", "bets")


def test_the_budget_ends_it_between_runs_and_says_so(monkeypatch):
    now = iter(range(100))
    monkeypatch.setattr(room.time, "monotonic", lambda: float(next(now)))
    fit = growth(TASK, runner=lambda program, inputs: 1e-8 * len(inputs[0][0]) ** 2, budget_s=3.5).fits[
        "start"
    ]
    assert [n for n, _ in fit.points] == [400, 720, 1280]
    assert fit.word == "n² (time used up before n = 2240)"


def test_two_real_programs():
    found = growth(TASK, {"start": TASK.program, "best": Program(FAST, "f")}, sizes=(0.2, 0.4, 0.7, 1.2, 2.0))
    slow, fast = found.fits["start"], found.fits["best"]
    assert slow.slope.value == pytest.approx(2.0, abs=0.3)
    assert fast.slope is None or fast.slope.value < 1.4
    assert found.describe("start", "best").startswith("time: ") and "start" in repr(found)
    assert "<table>" in found._repr_html_() and set(found.to_frame().program) >= {"start"}
    assert found.to_json()["programs"]["start"]["word"] == slow.word


def test_a_program_that_fails_or_runs_out_of_time_is_noted_and_no_end():
    programs = {"start": TASK.program, "wrong": Program("def f(xs):\n    return [1]\n", "f")}
    judge = CodeJudge(limits=Limits(wall_s=2, cpu_s=2, processes=1, disk_mib=1))
    found = growth(TASK, programs, sizes=(0.1, 0.2, 0.3), judge=judge, repeats=1)
    assert found.fits["wrong"].slope is None and found.fits["wrong"].word == "wrong_answer at n = 400"
    assert found.fits["start"].points


LATE = """def f(xs):
    while len(xs) > 1000:
        pass
    return sum(x * y % 7 for x in xs for y in xs[:40])
"""


def test_a_program_that_is_lost_at_a_size_is_not_run_on_larger_ones():
    fine = LATE.replace("len(xs) > 1000", "False")
    task = CodeTask("late", Program(fine, "f"), TASK.inputs, generate=make)
    judge = CodeJudge(limits=Limits(wall_s=1, cpu_s=1, processes=1, disk_mib=1))
    sizes = (0.05, 0.1, 0.2, 0.4, 0.8)
    found = growth(task, {"late": Program(LATE, "f")}, sizes=sizes, judge=judge, repeats=1)
    late = found.fits["late"]
    assert [n for n, _ in late.points] == [200, 400, 800] and late.word.endswith("(timeout at n = 1600)")
    own = CodeTask("late", Program(LATE, "f"), TASK.inputs, generate=make)
    fit = growth(own, sizes=sizes[1:], judge=judge, repeats=1).fits["start"]
    assert fit.slope is None and fit.word.startswith("no answers to go by at n = 1600: f fails on input 0")


def test_words_for_both_and_bad_input():
    def runner(program, inputs):
        n = len(inputs[0][0])
        return 1e-8 * n**2 if program.source == SLOW else 1e-6 * n

    found = growth(TASK, {"start": TASK.program, "best": Program(FAST, "f")}, runner=runner)
    assert "from n² to n (slopes 2.00 [" in found.describe("start", "best")
    assert "measured, 5 sizes)" in found.describe("start", "best")
    for options in ({"sizes": ()}, {"sizes": (0, 1)}, {"repeats": 0}):
        with pytest.raises(BadInput, match="sizes="):
            growth(TASK, **options)
    with pytest.raises(BadInput, match="makes no inputs of other sizes"):
        growth(CodeTask("t", TASK.program, TASK.inputs))

    def bad(seed, size):
        raise OSError("gone")

    with pytest.raises(BadInput, match=r"cannot be made .* OSError: gone"):
        growth(CodeTask("t", TASK.program, TASK.inputs, generate=bad))


def test_its_examples():
    assert doctest.testmod(room).failed == 0
