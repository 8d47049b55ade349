"""Two programs against each other: the right verdict by each objective, and a record that tells all of it."""

import itertools
import threading
import time

import pytest

from labkit import record
from labkit.errors import BadInput
from labkit.sandbox import ProgramFailed, Stopped, compare, trial
from labkit.stats import Verdict

LIGHT = "sum(i * i for i in range(150_000))"
HEAVY = "sum(i * i for i in range(450_000))"
SLEEPS = "import time; time.sleep(0.1)"  # long by the wall, cheap by the processor
BRIEF = "x = b'x' * (16 << 20)"  # much memory, not for long
LITTLE = "x = b'x' * (4 << 20)"
LASTS = LITTLE + "; import time; time.sleep(0.25)"  # little memory, for long

DECISIVE = {
    "a third of the work": ("time", HEAVY, LIGHT, "faster"),
    "work instead of sleep, by processor time": ("time", SLEEPS, LIGHT, "slower"),
    "work instead of sleep, by the wall": ("wall", SLEEPS, LIGHT, "faster"),
    "a quarter of the memory, by peak": ("memory", BRIEF, LITTLE, "faster"),
    "little and long instead of much and brief, by area": ("integral", BRIEF, LASTS, "slower"),
}


@pytest.mark.parametrize("pair", DECISIVE)
def test_a_decisive_difference_is_found_by_its_objective(pair):
    objective, a, b, answer = DECISIVE[pair]
    seen = []
    verdict = compare(a, b, objective=objective, watch=seen.append)
    assert verdict.answer == answer, verdict
    assert verdict.hi < 1 if answer == "faster" else verdict.lo > 1
    assert verdict.lo <= verdict.ratio <= verdict.hi
    assert [each.n for each in seen] == list(range(1, verdict.n + 1)) and seen[-1] == verdict
    assert 10 <= verdict.n <= 40


def test_too_few_pairs_to_tell_are_a_tie_even_for_what_differs():
    """Six signs of one kind are still likely by chance: the interval must be open."""
    verdict = compare(HEAVY, LIGHT, max_pairs=6, min_pairs=2)
    assert (verdict.answer, verdict.n, verdict.lo, verdict.hi) == ("tie", 6, 0.0, float("inf"))


def test_a_program_against_itself_is_a_tie():
    verdict = compare(LIGHT, LIGHT, max_pairs=12, margin=0.25)  # a tie by sign or by size
    assert verdict.answer == "tie" and verdict.n >= 10, verdict


@pytest.mark.parametrize("a, b, words", [("1 / 0", "pass", "program a"), ("pass", "1 / 0", "program b")])
def test_a_program_that_fails_is_named(a, b, words):
    with pytest.raises(ProgramFailed, match=f"{words} ended as runtime_error: ZeroDivisionError"):
        compare(a, b)


def test_stop_between_two_pairs_ends_with_what_is_known():
    stop = threading.Event()
    verdict = compare("pass", "pass", stop=stop, watch=lambda v: v.n == 2 and stop.set())
    assert verdict.n == 2 and verdict.answer == "tie"


def test_stop_in_mid_run_raises_at_once():
    stop = threading.Event()
    threading.Timer(0.5, stop.set).start()
    started = time.monotonic()
    with pytest.raises(Stopped):
        compare("import time; time.sleep(9)", "pass", stop=stop)
    assert time.monotonic() - started < 6


BAD = {
    "objective": ({"objective": "speed"}, "objective='speed': choose one of time, wall, memory, integral"),
    "three languages": ({"language": ("python", "c", "c")}, "give one language, or one for each"),
    "unknown language": ({"language": "cobol"}, "language='cobol': choose one of python"),
    "one unknown language": ({"language": ("python", "cobol")}, "language='cobol': choose one of python"),
    "no pairs": ({"max_pairs": 0}, "max_pairs=0"),
}


@pytest.mark.parametrize("what", BAD)
@pytest.mark.parametrize("function", [compare, trial])
def test_bad_input_is_one_line(function, what):
    options, words = BAD[what]
    with pytest.raises(BadInput, match=words.replace("(", r"\(")) as caught:
        function("pass", "pass", **options)
    assert "\n" not in str(caught.value)


def kinds(events):
    """Kinds in order, with a run of the same kind once."""
    return [kind for kind, _ in itertools.groupby(event["kind"] for event in events)]


STORY = ["program", "execution", "pair", "verdict"]


def test_a_trial_leaves_a_record_that_tells_what_it_returned(tmp_path):
    seen = []
    found = trial(HEAVY, LIGHT, record=tmp_path, watch=seen.append)
    loaded = record.load(found.path)
    events = loaded.events()
    assert loaded.status == "ok" and loaded.name == "sandbox/trial" and kinds(events) == STORY
    assert [event["data"] for event in seen] == [event["data"] for event in events]
    programs = [event["data"] for event in loaded.events("program")]
    assert [(p["name"], p["source"], p["language"]) for p in programs] == [
        ("a", HEAVY, "python"), ("b", LIGHT, "python"),
    ]  # fmt: skip
    executions = [event["data"] for event in loaded.events("execution")]
    assert [e["status"] for e in executions] == [done.status for done in found.executions] == ["ok", "ok"]
    (verdict,) = loaded.events("verdict")
    assert Verdict(**verdict["data"]) == found.verdict and found.verdict.answer == "faster"
    assert [event["data"]["n"] for event in loaded.events("pair")] == list(range(1, found.verdict.n + 1))
    assert loaded.params["objective"] == "time" and loaded.params["limits"]["wall_s"] == 10.0
    assert "b is cheaper" in found.summary() and list(dict.fromkeys(found.to_frame().program)) == ["a", "b"]


def test_without_a_record_a_trial_tells_and_returns_the_same():
    seen = []
    found = trial("pass", "pass", max_pairs=10, watch=seen.append)
    assert kinds(seen) == STORY and found.path is None
    assert found.verdict.n == 10 and [done.status for done in found.executions] == ["ok", "ok"]


def test_one_program_alone_is_run_and_not_compared(tmp_path):
    found = trial("print(7)", record=tmp_path, repeats=3, expected="7")
    assert [done.stdout for done in found.executions] == ["7\n"] and found.verdict is None
    assert found.executions[0].figures["cpu_s"].n == 3
    assert [event["kind"] for event in record.load(found.path).events()] == ["program", "execution"]
    assert found.summary() == "ok"


def test_a_program_that_fails_is_told_and_nothing_is_compared(tmp_path):
    found = trial("print(1)", "print(2)", expected="1", record=tmp_path)
    assert [done.status for done in found.executions] == ["ok", "wrong_answer"] and found.verdict is None
    loaded = record.load(found.path)
    assert kinds(loaded.events()) == STORY[:2] and loaded.status == "ok"
    assert "wrong_answer" in found.summary()


def test_a_trial_that_is_stopped_says_so_in_its_record(tmp_path):
    stop = threading.Event()
    found = trial(
        "pass", "pass", record=tmp_path, stop=stop, watch=lambda e: e["kind"] == "pair" and stop.set()
    )
    assert found.verdict.n == 1 and record.load(found.path).status == "stopped"


def test_a_trial_that_is_stopped_in_mid_run_returns_what_it_has(tmp_path):
    stop = threading.Event()
    threading.Timer(0.5, stop.set).start()
    started = time.monotonic()
    found = trial("print(1)", "import time; time.sleep(9)", record=tmp_path, stop=stop)
    assert time.monotonic() - started < 6
    assert found.verdict is None and [done.stdout for done in found.executions] in (["1\n"], [])
    run = record.load(found.path)
    assert run.status == "stopped" and kinds(run.events())[0] == "program"


@pytest.mark.parametrize("what", BAD)
def test_what_cannot_be_tried_leaves_no_record(what, tmp_path):
    with pytest.raises(BadInput):
        trial("pass", "pass", record=tmp_path, **BAD[what][0])
    assert record.find(tmp_path) == []


def test_a_trial_adds_to_an_open_record_and_leaves_it_open(tmp_path):
    with record.start("mine", {}, root=tmp_path) as mine:
        found = trial("pass", record=mine)
        mine.event("more", {})
    assert found.path == str(mine.path)
    assert [event["kind"] for event in record.load(mine.path).events()] == ["program", "execution", "more"]
