"""The log: what may be recorded comes back as it went in, and a cut or damaged file costs those lines only."""

from __future__ import annotations

import enum
import json
import math
import tempfile
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit import record
from labkit.errors import BadInput, RecordError
from labkit.record.events import Log, plain, read
from labkit.stats import Figure

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def finite(value):
    """What JSON makes of a value: no NaN, no infinity, the rest as it was."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, list):
        return [finite(item) for item in value]
    return {key: finite(item) for key, item in value.items()} if isinstance(value, dict) else value


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.text(min_size=1), json_values), max_size=8), st.floats(0, 1))
def test_events_round_trip_and_any_cut_leaves_a_whole_beginning(events, cut_at):
    with tempfile.TemporaryDirectory() as root:
        run = record.start("demo", {}, root=root)
        for kind, value in events:
            run.event(kind, value)
        run.finish("failed")
        expected = [(i, kind, finite(value)) for i, (kind, value) in enumerate(events, start=1)]

        def read(source, kind=None):
            return [(event["seq"], event["kind"], event["data"]) for event in source.events(kind)]

        assert read(record.load(run.path)) == expected
        for kind, _ in events:
            assert read(run, kind) == [event for event in expected if event[1] == kind]
        log = run.path / "events.jsonl"
        content = log.read_bytes() if events else b""
        cut = round(cut_at * len(content))
        log.write_bytes(content[:cut])
        whole = content[:cut].count(b"\n")
        assert read(record.load(run.path)) == expected[:whole]
        with record.start("demo", {}, root=root, resume=True) as again:
            assert again.event("more", None) == whole + 1
        assert read(again) == [*expected[:whole], (whole + 1, "more", None)]


def test_a_writer_killed_in_the_middle_of_a_line_costs_that_line_only(tmp_path):
    log = Log(tmp_path)
    log.append("owner", {})
    with log.path.open("ab") as kernel:
        kernel.write(b'{"v":1,"seq":2,"ki')
    assert len(read(tmp_path)) == 1
    assert log.append("owner", {})["seq"] == 2
    assert [event["seq"] for event in read(tmp_path)] == [1, 2]


def test_a_damaged_line_is_named_and_the_rest_is_kept(tmp_path):
    log = Log(tmp_path)
    lines = [json.dumps(log.append("a", {"i": i})) for i in range(3)]
    log.path.write_text(f"{lines[0]}\n\0\0\n{lines[2]}\n")
    with pytest.warns(UserWarning, match=r"events.jsonl, line 2 is damaged"):
        assert [event["seq"] for event in read(tmp_path)] == [1, 3]
    assert Log(tmp_path).append("b", {})["seq"] == 4


def test_a_log_that_somebody_cut_is_not_written_on(tmp_path):
    log = Log(tmp_path)
    log.append("a", {})
    log.path.write_text("")
    with pytest.raises(RecordError, match="was cut by someone else"):
        log.append("b", {})


def test_unknown_kinds_and_fields_are_kept(tmp_path):
    event = {"v": 2, "seq": 1, "t": 0, "kind": "from the future", "parent": None, "data": [1], "extra": 1}
    (tmp_path / "events.jsonl").write_text(json.dumps(event) + "\n")
    assert Log(tmp_path).append("a", {})["seq"] == 2
    assert read(tmp_path, "from the future") == [event]


@pytest.mark.parametrize("kind", ["", 3, None])
def test_a_kind_is_a_word(tmp_path, kind):
    with pytest.raises(BadInput, match="kind is a word"):
        Log(tmp_path).append(kind, {})


@dataclass(frozen=True)
class Turn:
    text: str
    figure: Figure


class Word(enum.StrEnum):
    YES = "yes"


FIGURE = Figure(1.0, "x", "measured")


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (Turn("a", FIGURE), {"text": "a", "figure": FIGURE.to_json()}),
        ((1, [2]), [1, [2]]),
        ({3, 1}, [1, 3]),
        (frozenset({"b", "a", 2}), ["a", "b", 2]),
        (Path("a/b"), "a/b"),
        (MappingProxyType({"a": Word.YES}), {"a": "yes"}),
        (
            [np.float32(0.5), np.int64(3), np.bool_(True), np.float64("nan"), np.array(2)],
            [0.5, 3, True, None, 2],
        ),
        ([float("inf"), 1.5], [None, 1.5]),
    ],
)
def test_the_values_of_the_lab(value, kept):
    assert json.loads(json.dumps(plain(value), allow_nan=False)) == kept


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"a": [1, {"b": object()}]}, r"data.a\[1\].b is object"),
        (b"x", "data is bytes"),
        ({"x": np.zeros(3)}, "data.x is ndarray"),
        ({1: 2}, r"data has the key 1, and JSON keys are text; use str\(key\)"),
        (Turn, "data is type"),
    ],
)
def test_anything_else_is_named(value, said):
    with pytest.raises(BadInput, match=said):
        plain(value)


def test_what_is_kept_is_a_copy():
    inner = [1]
    kept = plain({"a": inner})
    inner.append(2)
    assert kept == {"a": [1]}
