"""A notebook read as a function: what counts as a parameter, what a value may be, and its name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from labkit.errors import BadInput
from labkit.report import Notebook, find_notebooks


@pytest.fixture
def load(tmp_path: Path):
    """load(the parameters cell) -> the notebook."""

    def make(cell: str) -> Notebook:
        tagged = {"cell_type": "code", "source": cell, "metadata": {"tags": ["parameters"]}}
        (tmp_path / "it.ipynb").write_text(json.dumps({"cells": [tagged], "metadata": {}}))
        return Notebook.load(tmp_path / "it.ipynb")

    return make


def test_parameters_are_values_of_plain_names_and_the_last_of_a_name_counts(load):
    it = load(
        "a: int = 1\n(b, c) = 1, 2\na: float = 2.0  # twice\nit.x = 3\nit.y: int = 4\nd: int\ne = f = 5\ng = 6"
    )
    assert [(p.name, p.kind, p.default, p.help) for p in it.parameters] == [
        ("a", "float", 2.0, "twice"),
        ("g", "int", 6, ""),
    ]


def test_annotations_in_quotes_are_kinds(load):
    it = load("n: 'int' = 1\nwords: \"list[str]\" = []")
    assert [p.kind for p in it.parameters] == ["int", "list"]
    with pytest.raises(BadInput, match="n=x is not of type int"):
        it.values({"n": "x"})


@pytest.mark.parametrize(
    "cell",
    ["x = {1, 2}", "x = (1, 2)", "x: tuple = None", "x = b''", "x = 1e999", "x = {1: 2}", "x = [1j]", "x = ...",
     "x: 'set[int]' = None", "x = {[]: 1}", "x = [1]\n" + "y = " + "9" * 5000],
)  # fmt: skip
def test_a_default_that_json_does_not_hold_is_named_before_anything_runs(load, cell):
    with pytest.raises(BadInput, match=r"it\.ipynb: the parameter") as caught:
        load(cell)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 10**400, "1e999", "nan", "9" * 400])
def test_a_float_is_finite(load, value):
    with pytest.raises(BadInput) as caught:
        load("wall_s: float = 1.0").values({"wall_s": value})
    assert len(str(caught.value)) < 300 and str(caught.value).startswith("it: wall_s=")


def test_a_number_too_long_to_be_written_is_refused(load):
    with pytest.raises(BadInput, match=r"it: n=\(int\) cannot be recorded"):
        load("n: int = 1").values({"n": 10**5000})


@pytest.mark.parametrize("value", ["[" * 1000, "{[]:1}", "[1e999]", [{1}], [float("nan")], "(1,)"])
def test_a_value_that_json_does_not_hold_is_refused(load, value):
    with pytest.raises(BadInput, match="it: turns="):
        load("turns: list = []").values({"turns": value})


@pytest.mark.parametrize(
    "content",
    ["{", "[]", "[" * 100_000, '{"cells": [{"cell_type": "markdown"}]}', '{"cells": [], "metadata": null}',
     '{"cells": [{"cell_type": "code", "source": "", "metadata": {"tags": null}}]}', "\x00"],
)  # fmt: skip
def test_what_is_no_notebook_is_named(tmp_path, content):
    (tmp_path / "bad.ipynb").write_text(content)
    with pytest.raises(BadInput, match=r"bad.ipynb cannot be read as a notebook"):
        Notebook.load(tmp_path / "bad.ipynb")


def test_notebooks_of_different_names_have_different_histories():
    stems = ["a b", "a_b", "a-b", "a+b", ".a_b", "ä", "ö", ".", "0123456789ab", "0123456789ab-"]
    names = [Notebook(Path(f"{stem}.ipynb"), "", (), False).name for stem in stems]
    assert len(set(names)) == len(stems) and names[1:3] == ["a_b", "a-b"]


def test_a_named_notebook_that_cannot_be_read_is_refused_at_once(tmp_path):
    (tmp_path / "bad.ipynb").write_text("{")
    with pytest.raises(BadInput, match="cannot be read"):
        find_notebooks(tmp_path, ["bad"])
    (last,) = find_notebooks(tmp_path)
    assert last.name == "bad" and last.values({"n": "1"}) == {}
    with pytest.raises(BadInput, match="cannot be read"):
        _ = last.parameters
