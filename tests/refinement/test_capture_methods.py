"""A method is judged on a rebuilt instance: its answer and what it leaves of self; what cannot be is named."""

from __future__ import annotations

import enum
import subprocess
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import ClassVar

import pytest

from labkit.errors import BadInput
from labkit.refinement import refine
from labkit.refinement.members import untested
from labkit.refinement.methods import Method, load_method, method_task
from labkit.refinement.patch import Source, make_patch
from labkit.refinement.placing import patched
from labkit.refinement.rules import lab_screen
from labkit.refinement.task import load_file
from labkit.sandbox import CodeJudge, Program, call

UNIT, WIDTH = "kg", 3


def clean(code):
    return code.strip()


class Base:
    def have(self, codes):
        return [code for code in codes if code in self.stock]

    def unused(self):
        return open  # no literal form, and not needed


@dataclass
class Shop(Base):
    SIZES: ClassVar[dict[str, int]] = {"a": 1}
    stock: list[str] = field(default_factory=list)
    asked: int = 0

    def sells(self, codes: list[str], other: Shop | None = None) -> list[str]:
        """Those that are there."""
        self.asked += len(codes)  # counted
        return [self.label(code) for code in self.have(map(clean, codes))]

    def label(self, code: str) -> str:
        return f"{code:{WIDTH}}{UNIT}{self.SIZES.get(code, 0)}"

    @staticmethod
    def common(left, right):
        return [x for x in left if x in right]

    @classmethod
    def both(cls, left, right):
        return len(cls.common(left, right))

    def __secret(self):
        return self.asked

    def copy(self):
        return Shop(list(self.stock))


class Plain:
    def __init__(self, rows):
        self.rows = rows
        self.best = None

    def top(self, n):
        self.best = max(self.rows)
        return sorted(self.rows)[-n:]

    @property
    def total(self):
        return sum(self.rows)

    @cached_property
    def mean(self):
        return self.total / len(self.rows)

    @lru_cache  # noqa: B019 (what is tested)
    def cached(self):
        return 1


class Derived(Plain):
    def top(self, n):
        return super().top(n)[::-1]


class Counted:
    made = 0

    def make(self):
        Counted.made += 1
        return self.made


class Slotted:
    __slots__ = ("x",)

    def get(self):
        return self.x


class Rows(dict):
    def size(self):
        return len(self)


class Kind(enum.Enum):
    A = 1

    def get(self):
        return self.value


class Holds:
    def __init__(self):
        self.file = object()

    def get(self):
        return 1


def answers(function, inputs):
    task = method_task(function, inputs)
    done = call(task.program.source, task.program.entry, task.inputs)
    assert not done.error, (done.error, task.program.source)
    return done.values, done.arguments


def test_the_answer_and_what_is_left_of_self_are_the_methods_own():
    shop = Shop(["a", "b"])
    values, left = answers(Shop.sells, [(Shop(["a", "b"]), [" a", "c"])])
    assert values == (shop.sells([" a", "c"]),) and left[0][0] == vars(shop) == {
        "stock": ["a", "b"],
        "asked": 2,
    }
    assert answers(Shop(["x"]).have, [(["x", "y"],)])[0] == (["x"],), "a bound method brings its instance"
    values, left = answers(Derived.top, [(Derived([3, 1, 2]), 2)])
    assert values == ([3, 2],) and left[0][0]["best"] == 3, "by way of super()"
    assert answers(Plain.top, [(Plain([3, 1, 2]), 1)])[0] == ([3],)
    assert answers(Shop._Shop__secret, [Shop([], 4)])[0] == (4,)


def test_static_and_class_methods_take_their_arguments_alone():
    assert answers(Shop.common, [([1, 2], [2])]) == (([2],), (([1, 2], [2]),))
    assert answers(Shop.both, [([1, 2], [2])])[0] == (1,)


def test_only_what_the_method_needs_comes_along():
    source = method_task(Shop.sells, [(Shop(), [])]).program.source
    assert "def label" in source and "def have" in source and "def clean" in source and "# counted" in source
    assert "unused" not in source and "def copy" not in source and "Plain" not in source


def test_a_method_that_leaves_self_otherwise_is_found_out():
    task = method_task(Shop.sells, [(Shop(["a"]), ["a"])])
    judge = CodeJudge()
    reference = judge.learn(task.program, task.inputs)
    assert judge.judge(reference, task.program).ok
    for old, new in [("self.asked += len(codes)", "pass"), ("{UNIT}", "g")]:
        bad = Program(task.program.source.replace(old, new), task.program.entry)
        outcome = judge.judge(reference, bad)
        assert outcome.status == "wrong_answer", (new, outcome)


@pytest.mark.parametrize(
    "function, inputs, words",
    [
        (Plain.__dict__["total"].fget, [Plain([])], "Plain.total is a property, not a method"),
        (Plain.__dict__["mean"].func, [Plain([])], "Plain.mean is a cached_property, not a method"),
        (Plain.__dict__["cached"].__wrapped__, [Plain([])], "Plain.cached is a _lru_cache_wrapper"),
        (Slotted.get, [Slotted()], "Slotted has __slots__"),
        (Rows.size, [Rows()], "Rows inherits from builtins.dict, which is not your own"),
        (Kind.get, [Kind.A], "Kind has a metaclass"),
        (Holds.get, [Holds()], r"input 0: vars\(Holds\)\['file'\] is of type object"),
        (Counted.make, [Counted()], "Counted sets Counted.made, an attribute of the class"),
        (Plain.top, [([3, 1], 2)], "input 0 of Plain.top starts with a list: give tuples"),
        (clean, ["a"], "clean is not a method"),
    ],
)
def test_what_cannot_be_rebuilt_is_named_in_one_line(function, inputs, words):
    with pytest.raises(BadInput, match=words) as caught:
        method_task(function, inputs)
    assert "\n" not in str(caught.value)
    with pytest.raises(BadInput, match="has no method 'nothing': it has __init__, top"):
        Method(Plain, "nothing").raw()


SPACED = "def text():\n    return '''a\n   \n  b'''\n\n\nclass A:\n    def text(self):\n        return '''a\n   \n  b'''\n"


def test_a_blank_line_of_a_string_keeps_its_blanks(tmp_path):
    path = tmp_path / "spaced.py"
    path.write_text(SPACED + "\n\ndef inputs():\n    return [A()]\n\n\ndef none():\n    return [()]\n")
    for task in (load_method(path, "A.text"), load_file(path, "text", "none")):
        assert call(task.program.source, task.program.entry, task.inputs).values == ("a\n   \n  b",)


def test_what_no_call_can_show_is_refused():
    source = method_task(Shop.copy, [Shop()]).program.source
    assert untested(source, source.replace("Shop(list(self.stock))", "Shop(self.stock[:])")) == []
    for old, new, words in [
        ("asked: int = 0", "asked: int = 1", "changes Shop outside of its methods"),
        ("    def copy", "    def __len__(self):\n        return 0\n\n    def copy", "adds Shop.__len__"),
        ("labkit_state.clear()", "pass", "changes labkit_entry"),
        ("class Base", "class Other", "leaves out Base"),
    ]:
        assert old in source
        assert words in " ".join(untested(source, source.replace(old, new))), words
        assert lab_screen(source.replace(old, new), source, "labkit_entry")


MODULE = '''#!/usr/bin/env python3
# Counts what a shop has.
"""A small shop."""

from __future__ import annotations

from dataclasses import dataclass


def known(codes, stock):
    return list(codes)


@dataclass
class Shelf:
    """Of one shop."""

    stock: list[str]
    asked: int = 0

    # how orders are looked up
    def known(self, codes: list[str]) -> list[str]:
        """In the order of the codes."""
        stock = list(self.stock)
        self.asked += 1
        found = []
        for code in codes:
            if code in stock:  # a list!
                found.append(code)
        return found

    def __len__(self):
        return len(self.stock)  # all


def inputs(seed, size):
    n = int(3000 * size)
    return [(Shelf([f"c{i}" for i in range(n)]), [f"c{i}" for i in range(seed % 2, n, 2)])]
'''


def test_a_refined_method_is_patched_in_its_class_and_nowhere_else(tmp_path):
    path = tmp_path / "shelf.py"
    path.write_text(MODULE)
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    file, task = Source.read(path), load_method(path, "Shelf.known")
    study = refine(task, turns=2, record=False)
    assert study.improved and study.held_out, study.summary()
    patch = make_patch(file, patched(file, study.original, study.source))
    (tmp_path / "p.patch").write_bytes(file.encoded_patch(patch))
    subprocess.run(["git", "apply", "p.patch"], cwd=tmp_path, check=True)
    now, old = path.read_text().splitlines(), MODULE.splitlines()
    start, end = old.index('        """In the order of the codes."""'), old.index("    def __len__(self):")
    assert now[: start + 1] == old[: start + 1] and now[end - len(old) :] == old[end:]
    assert "# a list!" in path.read_text() and "labkit" not in path.read_text()


@pytest.mark.parametrize(
    "name, words",
    [
        ("Nothing.known", "has no class 'Nothing': it has Shelf"),
        ("Shelf.nothing", "Shelf has no method 'nothing'"),
        ("Shelf.Inner.known", "Shelf.Inner.known is of a nested class"),
    ],
)
def test_names_that_are_not_there(name, words, tmp_path: Path):
    (tmp_path / "shelf.py").write_text(MODULE)
    with pytest.raises(BadInput, match=words):
        load_method(tmp_path / "shelf.py", name)


def test_refine_takes_methods_as_they_are():
    shop = Shop([f"c{i}" for i in range(800)])
    given = [([f"c{i}" for i in range(0, 1600, 2)],)]
    for function, inputs in ((shop.have, given), (Shop.sells, [(shop, *given[0])])):
        study = refine(function, inputs=inputs, turns=2, record=False)
        assert study.task.startswith("Shop.") and study.trajectories[0].turns[0].outcome.ok
    assert refine(Shop.common, inputs=[(list(range(900)), list(range(0, 900, 2)))], record=False).improved
