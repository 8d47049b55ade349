"""Requests: the same for a seed, disjoint between splits, frozen for tests, scored, planned."""

import json

import pytest

from labkit.errors import BadInput
from labkit.zoo import workload
from labkit.zoo.families import FAMILIES
from labkit.zoo.items import LEVELS, SPLITS
from labkit.zoo.workload import FROZEN, _made, fingerprint, names


def test_the_test_split_is_frozen():
    assert fingerprint() == FROZEN, (
        "test requests changed: nothing that was trained before may be told by them"
    )


@pytest.mark.parametrize("family", FAMILIES)
def test_items_depend_on_seed_and_number_alone(family):
    some, more = list(workload(family, 3, seed=7)), list(workload(family, 5, seed=7))
    assert some == more[:3]
    assert some != list(workload(family, 3, seed=8))


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("level", range(LEVELS))
def test_an_answer_scores_and_another_does_not(family, level):
    for item in workload(family, 8, seed=1, level=level):
        assert (item.family, item.level) == (family, level)
        assert item.score(item.answer) == 1.0
        assert item.score(item.answer + "\nx") == item.score("") == 0.0


def _key(family, i, split):
    made = _made(family, f"0:{i}", split, i % LEVELS)
    return made.key or (made.given if made.key is None else made.given + made.answer)


@pytest.mark.parametrize("family", FAMILIES)
def test_no_test_item_is_ever_trained_on(family):
    seen = {split: {_key(family, i, split) for i in range(300)} for split in SPLITS}
    assert not seen["train"] & seen["test"]
    assert not seen["train"] & seen["dev"]


def test_wordings_of_tests_are_not_those_of_training():
    first = {
        split: {i.prompt.partition("\n")[0] for i in workload("convert", 400, split=split)}
        for split in SPLITS
    }
    assert first["train"] == first["dev"]
    assert not first["train"] & first["test"]


@pytest.mark.parametrize(
    "family", [name for name, row in FAMILIES.items() if row.group in ("parts", "phrases")]
)
def test_a_plan_covers_its_answer_and_needs_only_what_comes_before(family):
    for item in workload(family, 30, seed=2):
        text = "\n".join(item.answer[part.start : part.end] for part in item.plan)
        assert text == item.answer
        assert all(need < i for i, part in enumerate(item.plan) for need in part.needs)
        assert item.part_scores(item.answer) == [1.0] * len(item.plan)
        assert sum(item.part_scores("x" + item.answer)) == len(item.plan) - 1
    assert any(part.needs for item in workload(family, 30) for part in item.plan) == (
        family in ("totals", "steps")
    )


def test_regimes_say_where_a_mixed_answer_changes():
    for item in workload("mixed", 20, seed=3):
        assert len({regime.name for regime in item.regimes}) == 3
        assert all(item.answer[r.start - 3 : r.start].endswith(".\n") for r in item.regimes)
        assert item.regimes[-1].end <= len(item.answer)


def test_arithmetic_is_right():
    for family in ("add", "subtract", "multiply", "chain"):
        for item in workload(family, 50, seed=4):
            sums = "".join(c for c in item.prompt if c in "0123456789+-* ")
            assert eval(sums) == int(item.answer)


def test_tables_hold_the_same_in_every_form():
    for item in workload("convert", 60, seed=5):
        cells = {
            "csv": lambda t: t.replace(",", " ").split(),
            "json": lambda t: [v for row in json.loads(t) for v in row.values()],
        }
        if item.scorer in cells:
            assert all(cell in item.prompt for cell in cells[item.scorer](item.answer))


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"name": "poems"}, "choose one of"),
        ({"split": "all"}, "choose of train"),
        ({"level": 9}, "from 0 to 4"),
        ({"n": -1}, "from 0 on"),
    ],
)
def test_bad_requests_for_requests(asked, words):
    given = {"name": "add", "n": 1, **asked}
    with pytest.raises(BadInput, match=words):
        workload(given.pop("name"), given.pop("n"), **given)


def test_every_name_works():
    assert all(len(list(workload(name, 2, seed=6))) == 2 for name in names())
