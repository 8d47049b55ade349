"""The gates and budgets of a study: each stops what it is for, and the study goes on."""

from dataclasses import dataclass, field

import pytest

from labkit import record as records
from labkit.errors import BadInput
from labkit.refinement import Candidate, CodeTask, refine
from labkit.refinement.study import load_study
from labkit.refinement.tables import progress, serial_parallel, starts, yields
from labkit.sandbox import CodeJudge, Program

SLOW = "def f(xs):\n    out = []\n    for x in xs:\n        if x not in out:\n            out.append(x)\n    return out\n"
FAST = "def f(xs):\n    return list(dict.fromkeys(xs))\n"
WRONG = "def f(xs):\n    return sorted(set(xs))\n"
BROKEN = "def f(xs):\n    return [1]\n"
# right on what the turns see, wrong on what they do not
MEMORISED = (
    "def f(xs):\n    return list(dict.fromkeys(xs)) if len(xs) != 3001 and 5_000_000 not in xs else []\n"
)
SLOWER = SLOW.replace("x not in out", "x not in out and x not in list(out) and x not in tuple(out)")


def make(seed, size):
    step = 7919 if seed < 1000 else 7907
    count = int(3000 * size)
    return [([i * step % 1500 for i in range(count)] + ([5_000_000] if seed >= 7919 else []),)]


TASK = CodeTask("dedupe", Program(SLOW, "f"), tuple(make(0, 1)))
GENERATED = CodeTask("dedupe", Program(SLOW, "f"), tuple(make(0, 1)), generate=make)


@dataclass(frozen=True)
class Script:
    """Proposes the given candidates in order."""

    given: tuple
    name: str = "script"

    def propose(self, task, history):
        number = len(history) - 1
        if number >= len(self.given):
            return None
        item = self.given[number]
        return item if isinstance(item, Candidate) else Candidate(item, "script")


def turns_of(study):
    return study.trajectories[0].turns


def test_what_a_proposer_could_not_do_is_a_turn_with_a_name():
    down = Candidate("", "endpoint", "connection refused", "endpoint_down", {"requests": 3})
    study = refine(TASK, Script((down, SLOW, FAST)), record=False)
    statuses = [turn.outcome.status for turn in turns_of(study)]
    assert statuses == ["ok", "endpoint_down", "repeated", "ok"] and study.source == FAST
    assert "connection refused" in turns_of(study)[1].reason and "turn 0" in turns_of(study)[2].reason
    assert not any(turn.accepted for turn in turns_of(study)[1:3])


def test_a_proposer_that_fails_is_a_turn_and_what_is_no_candidate_is_refused():
    class Failing:
        name = "failing"

        def propose(self, task, history):
            if len(history) == 1:
                return {}["missing"]
            return Candidate(FAST, "failing") if len(history) == 2 else None

    study = refine(TASK, Failing(), turns=3, record=False)
    assert study.turns[0].outcome.status == "proposer_failed" and "missing" in study.turns[0].candidate.note
    assert study.source == FAST

    class Text:
        def propose(self, task, history):
            return FAST

    with pytest.raises(BadInput, match="Text gave a str: give a Candidate"):
        refine(TASK, Text(), turns=1, record=False)


def test_a_start_that_fails_is_not_replaced_by_nothing():
    broken = Candidate("", "endpoint", "garbage", "endpoint_garbage")
    study = refine(CodeTask("d", TASK.program, TASK.inputs, starter=BROKEN), Script((broken,)), record=False)
    assert study.trajectories[0].best.number == 0 and not study.improved and not study.solved
    assert study.source == SLOW


def test_a_start_of_its_own_is_where_the_first_trajectory_begins():
    study = refine(
        CodeTask("d", TASK.program, TASK.inputs, starter=BROKEN), Script((SLOW, FAST)), record=False
    )
    assert turns_of(study)[0].candidate.source == BROKEN and turns_of(study)[1].accepted
    assert study.solved and study.source == FAST and study.gain.lo > 3


def test_the_screen_refuses_before_anything_runs():
    seen = []

    def screen(source, original, entry):
        seen.append((source, original, entry))
        return ["reads the clock"] if "sorted" in source else []

    study = refine(TASK, Script((WRONG, FAST)), screen=screen, record=False)
    assert turns_of(study)[1].outcome.status == "refused" and "reads the clock" in turns_of(study)[1].reason
    assert "run_s" not in turns_of(study)[1].outcome.detail and study.improved
    assert seen[0] == (WRONG, SLOW, "f")


@dataclass
class Counting(CodeJudge):
    """Notes how large the inputs are on which each program was judged."""

    seen: list = field(default_factory=list)

    def judge(self, reference, candidate):
        self.seen.append((candidate.source, sum(len(given[0]) for given in reference.inputs)))
        return super().judge(reference, candidate)


def test_what_fails_or_crawls_on_small_inputs_never_reaches_the_large_ones():
    judge = Counting()
    study = refine(GENERATED, Script((WRONG, SLOWER, FAST)), judge, record=False)
    sizes = {source: [n for at, n in judge.seen if at == source] for source in (WRONG, SLOWER, FAST)}
    assert sizes[WRONG] == [300] and max(sizes[FAST]) == 3000 and study.source == FAST
    assert turns_of(study)[1].outcome.detail["stage"] == "small"
    assert 0 < study.time_saved.value < 1 and study.time_saved.how == "estimated"


def test_without_a_generator_the_smallest_inputs_come_first():
    inputs = (([1, 1, 2],), *TASK.inputs)
    judge = Counting()
    refine(CodeTask("d", TASK.program, inputs), Script((BROKEN,)), judge, record=False)
    assert [n for source, n in judge.seen if source == BROKEN] == [3]


def test_the_best_is_compared_on_inputs_that_no_turn_has_seen(tmp_path):
    study = refine(GENERATED, Script((MEMORISED, FAST)), turns=1, record=str(tmp_path))
    assert turns_of(study)[1].accepted is False and not study.improved and study.source == SLOW
    assert "failed in the last comparison" in turns_of(study)[1].reason
    again = load_study(study.path)
    assert not again.improved and again.trajectories == study.trajectories and again.verdict == study.verdict
    careless = refine(GENERATED, Script((MEMORISED,)), hold_out=False, record=False)
    assert careless.source == MEMORISED, "the mutant: without fresh inputs it is taken"
    honest = refine(GENERATED, Script((FAST,)), record=False)
    assert honest.held_out and honest.improved and "on fresh inputs" in repr(honest)


def test_a_person_may_decline():
    asked = []

    def approve(turn):
        asked.append(turn.candidate.source)
        return False

    study = refine(TASK, Script((WRONG, FAST)), approve=approve, record=False)
    assert asked == [FAST] and not study.improved and "not approved" in turns_of(study)[2].reason


def costs(tokens):
    return Candidate(WRONG + f"# {tokens}\n", "model", "", "", {"tokens": tokens, "usd": tokens / 1e3})


@pytest.mark.parametrize(
    "options, made, ended",
    [
        ({"patience": 2}, 2, "nothing kept in 2 turns"),
        ({"tokens": 25}, 3, "tokens used up"),
        ({"usd": 0.015}, 2, "usd used up"),
        ({"tokens": 40, "trajectories": 2}, 2, "tokens used up"),
        ({"wall_s": 1e-6}, 0, "time used up"),
        ({"turns": 3}, 3, "all turns used"),
    ],
)
def test_budgets_end_a_trajectory_and_say_so(options, made, ended):
    given = tuple(Candidate(WRONG + "#" * i, "model", "", "", {"tokens": 10, "usd": 0.01}) for i in range(9))
    study = refine(TASK, Script(given), record=False, **options)
    assert (len(turns_of(study)) - 1, study.trajectories[0].ended) == (made, ended)
    assert ("tokens" in study.figures) == (made > 0)


@pytest.mark.parametrize(
    "options", [{"patience": 0}, {"tokens": -1}, {"usd": "x"}, {"wall_s": True}, {"patience": 1.5}]
)
def test_budgets_that_cannot_be_meant_are_refused(options):
    with pytest.raises(BadInput, match=next(iter(options))):
        refine(TASK, Script(()), record=False, **options)


def test_a_generator_that_fails_is_told_with_its_error():
    def bad(seed, size):
        raise ValueError("no data")

    with pytest.raises(BadInput, match=r"inputs of d cannot be made .* ValueError: no data"):
        refine(CodeTask("d", TASK.program, TASK.inputs, generate=bad), Script((FAST,)), record=False)


@pytest.mark.parametrize("objective", ["latency", "energy", "integral", "0.5*time+0.5*memory", "time+energy"])
def test_every_objective_finds_the_better_program(objective):
    study = refine(TASK, Script((FAST,)), objective=objective, record=False)
    assert study.improved and study.gain.lo > 1.2
    modelled = "energy" in objective and study.gain.how != "measured"
    assert study.gain.how == ("modelled" if modelled else "measured")


def test_a_mixture_weighs_what_it_says():
    """Twice as fast for much more memory: a gain by time, a loss by memory; the weights decide."""
    lean = "def f(n):\n    total = 0\n    for i in range(n):\n        total += i % 7\n    return total\n"
    hungry = "def f(n):\n    block = list(range(7)) * (n // 7 + 1)\n    return sum(block[:n])\n"
    task = CodeTask("m", Program(lean, "f"), ((400_000,),))
    answers = {
        objective: refine(task, Script((hungry,)), objective=objective, record=False).improved
        for objective in ("time", "memory", "0.95*time+0.05*memory", "0.05*time+0.95*memory")
    }
    assert list(answers.values()) == [True, False, True, False]


def test_tables_of_a_study():
    study = refine(TASK, Script((WRONG, FAST)), starts=[FAST], record=False)
    frame = progress(study)
    assert list(frame.used) == list(range(len(frame))) and frame.best.is_monotonic_decreasing
    assert frame.raw.isna().sum() == sum(not turn.outcome.ok for turn in study.turns)
    table = starts(study)
    assert list(table.start) == ["start", "start 1", "all 2"] and table.best.iloc[2] == table.best.min()
    by = yields([study])
    assert by.turns.sum() == len(study.turns) and by.kept.sum() == 1 and by.gain[0] > 3


def test_serial_beside_parallel_at_one_budget():
    table = serial_parallel(TASK, Script((WRONG, FAST)), budget=2, record=False)
    assert list(zip(table.parallel, table.serial, strict=True)) == [(1, 2), (2, 1)]
    assert table.gain[0] > 3 and table.gain[1] == 1.0
    with pytest.raises(BadInput, match="budget=0"):
        serial_parallel(TASK, budget=0)


def test_a_record_is_read_again_without_running_anything(tmp_path, monkeypatch):
    study = refine(TASK, Script((WRONG, FAST)), trajectories=2, record=str(tmp_path))
    with records.start("refine/empty", {}, root=tmp_path) as empty:
        empty.event("task", {"name": "empty"})
    monkeypatch.setattr("labkit.sandbox.execution.pool", None)
    again = load_study(study.path)
    assert again == study
    with pytest.raises(BadInput, match="as far as a turn"):
        load_study(empty.path)
