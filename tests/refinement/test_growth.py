"""Growth: exponents that are known, found; none that the interval does not hold; a real pair of programs."""

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
    assert fit.word.startswith(word) or (noise and {fit.word, word} <= {"n", "n log n"})


def test_no_class_is_named_that_the_interval_does_not_hold(monkeypatch):
    fit = grown(lambda n: 1e-8 * n**1.9)
    assert fit.slope.hi < 1.95 and fit.word == "n^1.90"
    wide = Figure(1.9, "per decade", "measured", 1.8, 2.05)
    narrow = Figure(1.9, "per decade", "measured", 1.89, 1.91)
    assert room._word(wide, fit.points) == "n²", "the mutant, which looks at the middle only, says so of both"
    assert room._word(narrow, fit.points) == "n^1.90"


def test_noise_widens_the_interval():
    calm, loud = grown(lambda n: 1e-6 * n, 0.01), grown(lambda n: 1e-6 * n, 0.3)
    assert loud.slope.hi - loud.slope.lo > 3 * (calm.slope.hi - calm.slope.lo)


def test_too_quick_is_said_instead_of_a_number():
    fit = growth(TASK, runner=lambda program, inputs: None).fits["start"]
    assert fit.slope is None and fit.word == "too quick to tell" and fit.points == ()
    assert grown(lambda n: 1e-6 * n, sizes=(0.5, 1.0)).slope is None


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
    assert found.fits["wrong"].slope is None and "wrong_answer at n = 1200" in found.fits["wrong"].word
    assert found.fits["start"].points


def test_words_for_both_and_bad_input():
    def runner(program, inputs):
        n = len(inputs[0][0])
        return 1e-8 * n**2 if program.source == SLOW else 1e-6 * n

    found = growth(TASK, {"start": TASK.program, "best": Program(FAST, "f")}, runner=runner)
    assert "from n² to n (slopes 2.00 [" in found.describe("start", "best")
    with pytest.raises(BadInput, match="makes no inputs of other sizes"):
        growth(CodeTask("t", TASK.program, TASK.inputs))

    def bad(seed, size):
        raise OSError("gone")

    with pytest.raises(BadInput, match=r"cannot be made .* OSError: gone"):
        growth(CodeTask("t", TASK.program, TASK.inputs, generate=bad))
