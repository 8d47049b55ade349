"""Reading records back: under any root, in order, and what is broken or none is named."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from pathlib import Path

import pytest

from labkit import record
from labkit.errors import BadInput, RecordError
from labkit.stats import Figure


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Four runs: refine (2 attempts), refine/word_counts, and one that was killed before it had a run.json."""
    for name in ("refine", "refine/word_counts", "refine"):
        with record.start(name, {"n": 1}, root=tmp_path) as run:
            run.event("turn", {"score": 0.5, "seq": "clash"})
            run.event("note", "plain text")
            run.result("speed", Figure(2.0, "x", "measured", n=3))
    (tmp_path / "pilot/a" / record.run_id("pilot/a", {}) / "001").mkdir(parents=True)
    return tmp_path


def test_find_lists_all_newest_last(root):
    runs = record.find(root)
    assert [(run.name, run.attempt, run.status) for run in runs] == [
        ("refine", "001", "ok"),
        ("refine/word_counts", "001", "ok"),
        ("refine", "002", "ok"),
    ]
    assert [run.attempt for run in record.find(root, "refine")] == ["001", "002"]
    assert record.find(root, "no_such") == record.find(root / "no_such") == []
    with pytest.raises(BadInput):
        record.find(root, "../x")
    with record.start("pilot/a", {}, root=root, resume=True) as run:
        assert (run.attempt, run.resumed) == ("002", False)


def test_find_passes_over_what_is_not_a_record(root):
    (root / "notes.txt").write_text("x")
    (root / ".cache" / ("0" * 12) / "001").mkdir(parents=True)
    (root / "refine" / ("f" * 12)).write_text("a file")
    assert len(record.find(root)) == 3


def test_latest(root):
    runs = record.find(root, "refine")
    assert record.latest(root, "refine") == runs[-1]
    assert record.latest(root, "refine", before=runs[-1]) == runs[0]
    assert record.latest(root, "refine", before=runs[0]) is None


def test_a_run_shows_itself(root):
    run = record.find(root, "refine")[0]
    assert repr(run).startswith(f"<run refine {run.id} 001: ok, ") and repr(run).endswith(" s>")


def test_wall_s_leaves_out_the_time_between_an_interruption_and_its_resumption(tmp_path):
    with record.start("demo", {}, root=tmp_path) as run:
        run.event("step", {})
    meta, events = run.path / "run.json", run.path / "events.jsonl"
    at = datetime(2026, 1, 1, tzinfo=UTC).timestamp()
    moment = lambda s: datetime.fromtimestamp(at + s, UTC).isoformat()  # noqa: E731
    event = json.loads(events.read_text())
    events.write_text("".join(json.dumps({**event, "t": at + t}) + "\n" for t in (1, 5, 105, 1002)))
    times = {"start": moment(0), "resumptions": [moment(100), moment(1000)], "end": moment(1010)}
    meta.write_text(json.dumps({**json.loads(meta.read_text()), **times}))
    assert record.load(run.path).wall_s == pytest.approx(5 + 5 + 10)


def test_a_figure_without_a_value_or_an_end_stays_a_figure(tmp_path):
    with record.start("demo", {}, root=tmp_path) as run:
        run.result("loss", Figure(math.nan, "nat", "measured", -math.inf, 2.0))
    assert str(record.load(run.path).results["loss"]) == "nan nat [-inf, 2] (measured, n=1)"


def test_a_run_that_ends_while_it_is_looked_at_is_not_killed(tmp_path, monkeypatch):
    run = record.start("demo", {}, root=tmp_path)
    monkeypatch.setattr("labkit.record.loaded.is_held", lambda path: run.finish())
    assert record.load(run.path).status == "ok"


@pytest.mark.parametrize("content", ["", "{", "[]", "3", '{"status": "ok"}'])
def test_an_unreadable_run_json_is_named_and_skipped(tmp_path, content):
    run = record.start("demo", {}, root=tmp_path)
    run.finish("failed")
    (run.path / "run.json").write_text(content)
    with pytest.raises(RecordError, match=r"001/run.json is unreadable .* move .*001 away, or start anew"):
        record.load(run.path)
    with pytest.raises(RecordError, match="unreadable"):
        record.start("demo", {}, root=tmp_path, resume=True)
    with pytest.warns(UserWarning, match="unreadable"):
        assert record.find(tmp_path) == []
    assert record.start("demo", {}, root=tmp_path).attempt == "002"


def test_what_is_no_record_is_named(tmp_path):
    with pytest.raises(RecordError, match=r"is not the folder of a run"):
        record.load(tmp_path)


def test_events_are_a_table(tmp_path):
    with record.start("demo", {}, root=tmp_path) as run:
        run.event("turn", {"n": 1, "nested": {"a": 2}})
        run.event("turn", {"n": 2})
    frame = record.load(run.path).to_frame("turn")
    assert list(frame["data.n"]) == [1, 2] and list(frame.seq) == [1, 2]
    assert record.load(run.path).to_frame("none").empty
