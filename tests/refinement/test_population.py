"""Populations: real programs measured, kept, and read back; and caches that somebody has damaged."""

import doctest
import json
import math

import pytest

from labkit.errors import BadInput
from labkit.refinement import CodeTask, Solution, load_case
from labkit.refinement import population as room
from labkit.refinement.population import Population, as_recorded, population
from labkit.sandbox import CodeJudge, Limits, Program
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
    assert population(TASK, cache=tmp_path, repeats=1, judge=Never()) == first
    other = CodeTask("dedupe", Program(SLOW, "f"), (([1, 1],),), solutions=TASK.solutions)
    with pytest.raises(AssertionError, match="measured again"):
        population(other, cache=tmp_path, judge=Never())
    with pytest.raises(AssertionError, match="measured again"):
        population(TASK, cache=False, judge=Never())


def once(**options):
    return population(TASK, repeats=1, **options)


def test_fewer_repeats_other_limits_and_other_checks_are_measured_anew(tmp_path):
    once(cache=tmp_path)
    for changed in (
        {"repeats": 2, "judge": Never()},
        {"judge": Never(limits=Limits(wall_s=3, processes=1))},
        {"judge": Never(isolation="none")},
    ):
        with pytest.raises(AssertionError, match="measured again"):
            population(TASK, **{"cache": tmp_path, "repeats": 1, **changed})
    unordered = CodeTask("d", TASK.program, INPUTS, check="unordered", solutions=TASK.solutions)
    with pytest.raises(AssertionError, match="measured again"):
        population(unordered, cache=tmp_path, repeats=1, judge=Never())


def test_another_sandbox_is_measured_anew(tmp_path, monkeypatch):
    once(cache=tmp_path)
    monkeypatch.setattr(room, "_sandbox_hash", lambda: "other")
    with pytest.raises(AssertionError, match="measured again"):
        once(cache=tmp_path, judge=Never())


def test_a_checker_counts_by_its_source_and_one_without_is_not_kept(tmp_path):
    def as_sets(arguments, expected, got):
        return set(expected) == set(got)

    task = CodeTask("d", TASK.program, INPUTS, check=as_sets, solutions=TASK.solutions)
    found = population(task, cache=tmp_path, repeats=1)
    assert [each.passed for each in found.entries] == [True, True, True] and found.statuses == {}
    assert len(list((tmp_path / "populations").iterdir())) == 1
    space = {}
    exec("def same(arguments, expected, got):\n    return True", space)
    nameless = CodeTask("d", TASK.program, INPUTS, check=space["same"], solutions=TASK.solutions)
    assert population(nameless, cache=tmp_path, repeats=1).passing
    assert len(list((tmp_path / "populations").iterdir())) == 1


DAMAGES = {
    "empty": lambda data: "",
    "cut": lambda data: json.dumps(data)[:-40],
    "list": lambda data: "[]",
    "deep": lambda data: "[" * 100_000,
    "number": lambda data: '{"repeats": 9, "entries": 3}',
    "bare": lambda data: '{"repeats": 9, "entries": [{"label": 1}]}',
    "missing": lambda data: json.dumps({**data, "entries": data["entries"][1:]}),
    "figures": lambda data: json.dumps(changed(data, figures=[])),
    "passes": lambda data: json.dumps(changed(data, 2, status="ok")),
    "nan": lambda data: json.dumps(changed(data, figures=costing(math.nan))),
    "below": lambda data: json.dumps(changed(data, figures=costing(-1.0))),
    "words": lambda data: json.dumps(changed(data, figures=costing("cheap"))),
}


def changed(data, at=1, **fields):
    data["entries"][at].update(fields)
    return data


def costing(cost):
    return {key: {"value": cost, "unit": "s", "how": "measured"} for key in room.KEYS}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_cache_is_measured_anew(damage, tmp_path):
    first = once(cache=tmp_path)
    (file,) = (tmp_path / "populations").iterdir()
    file.write_text(DAMAGES[damage](json.loads(file.read_text())))
    with pytest.raises(AssertionError, match="measured again"):
        once(cache=tmp_path, judge=Never())
    assert once(cache=tmp_path).statuses == first.statuses == {"sorted": "wrong_answer"}
    assert json.loads(file.read_text())["entries"][0]["label"] == "start"
    assert once(cache=tmp_path, judge=Never()).passing and list(file.parent.iterdir()) == [file]


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
    for label in ("start", "one"):
        twice = (Solution("one", FAST), Solution(label, SLOW))
        with pytest.raises(BadInput, match=f"two solutions labelled '{label}'"):
            population(CodeTask("t", Program(FAST, "f"), INPUTS, solutions=twice))
    for repeats in (0, True, 1.5):
        with pytest.raises(BadInput, match="repeats="):
            population(TASK, repeats=repeats)
    with pytest.raises(BadInput, match=r"of type object, which cannot be sent"):
        population(CodeTask("t", Program(FAST, "f"), ((object(),),), solutions=TASK.solutions))


class Counting(CodeJudge):
    """Answers with costs from a list; counts how often each program was run."""

    def judge(self, reference, candidate):
        runs = self.__dict__.setdefault("runs", [])
        runs.append(candidate.source)
        if candidate.source == WRONG:
            return Outcome("timeout")
        cost = [3.0, 1.0, 2.0][runs.count(candidate.source) - 1]
        units = {"cpu_s": "s", "peak_mib": "MiB", "integral_mib_s": "MiB·s"}
        return Outcome("ok", {key: Figure(cost, unit, "measured") for key, unit in units.items()})


def test_the_least_of_the_repeats_counts_and_a_failure_is_not_repeated():
    judge = Counting()
    found = population(TASK, judge=judge, cache=False)
    assert [found.entries[1].figures[key].value for key in room.KEYS] == [1.0, 1.0, 1.0]
    assert found.entries[1].figures["cpu_s"].n == 3
    assert [judge.runs.count(each.source) for each in found.entries] == [3, 3, 1]
    assert found.statuses == {"sorted": "timeout"} and found.how == "measured"
    assert list(found.to_frame().status) == ["ok", "ok", "timeout"]
    assert found.summary().splitlines() == [
        "dedupe: 1 of 2 pass (measured)",
        "time: dict 1 s, 1x to the dearest",
        "memory: dict 1 MiB, 1x to the dearest",
        "integral: dict 1 MiB·s, 1x to the dearest",
        "failed: sorted (timeout)",
    ]


def test_figures_of_a_record_are_kept_apart_and_ours_win():
    theirs = {"cpu_s": Figure(77.0, "s", "measured")}
    others = (Solution("dict", FAST, True, theirs), Solution("sorted", WRONG, False))
    task = CodeTask("dedupe", TASK.program, INPUTS, solutions=others)
    ours = population(task, judge=Counting(), cache=False)
    assert ours.values("time") == [1.0] and ours.recorded == {"dict": theirs} and ours.how == "measured"
    read = as_recorded(task)
    assert read.values("time") == [77.0] and read.how == "as recorded" and read.values("memory") == []
    assert read.best("memory").label == "start" and read.spread("memory") == 1.0
    assert "as recorded" in repr(read) and read.summary().splitlines()[1].startswith("time: dict 77 s")
    with pytest.raises(BadInput, match="came without figures"):
        as_recorded(TASK)


def test_nobody_passes():
    none = Population("t", (Solution("start", FAST), Solution("a", WRONG, False)))
    assert none.values("time") == [] and none.best("time").label == "start" and none.spread("time") == 1.0


def test_its_examples():
    assert doctest.testmod(room).failed == 0
