"""RefinementView without a browser: its state is a function of a record, and every page can show it."""

import threading

import pytest

from labkit import record as records
from labkit.errors import BadInput, LabkitError
from labkit.refinement import Candidate, CodeTask, refine
from labkit.sandbox import Program
from labkit.widgets import RefinementView
from labkit.widgets.refinement import state_of

SLOW = "def f(xs):\n    out = []\n    for x in xs:\n        if x not in out:\n            out.append(x)\n    return out\n"
FAST = "def f(xs):\n    return list(dict.fromkeys(xs))\n"
TASK = CodeTask("dedupe <b>", Program(SLOW, "f"), (([i * 7919 % 1000 for i in range(2000)],),))


class Script:
    """Proposes FAST, then waits to be stopped."""

    name = "script"

    def __init__(self, hold=None, error=None):
        self.hold, self.error = hold, error

    def propose(self, task, history):
        if len(history) == 1:
            return Candidate(FAST, "script <i>")
        if self.hold:
            self.hold.wait(20)
        if self.error:
            raise self.error
        return None


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return refine(TASK, Script(), record=str(tmp_path_factory.mktemp("runs")))


def test_a_stored_record_is_shown_again(study):
    from_study, from_path = RefinementView(study), RefinementView(study.path)
    assert from_study.state == from_path.state == RefinementView(records.load(study.path)).state
    assert from_path.state["status"] == "finished" and len(from_path.state["turns"]) == 2
    assert from_path.source == FAST
    assert list(from_path.data().origin) == ["start", "script <i>"]
    with pytest.raises(BadInput, match="nothing runs behind this view"):
        from_path.wait()


def test_the_live_view_ends_in_the_same_state_as_the_replayed_one(tmp_path):
    view = RefinementView.start(TASK, Script(), record=str(tmp_path))
    study = view.wait(60)
    assert study.improved and view.result is study
    assert view.state == RefinementView(study).state


def test_every_page_has_a_table_and_words(study):
    bundle = RefinementView(study)._repr_mimebundle_()
    html, text = bundle["text/html"], bundle["text/plain"]
    assert "<table>" in html and "script &lt;i&gt;" in html and "<i>" not in html and "<script" not in html
    assert "dedupe &lt;b&gt;" in html and "pairs, measured" in html
    assert text.startswith("refinement of dedupe <b>: finished, 1 turn, ") and "x less time (95" in text
    assert "application/vnd.jupyter.widget-view+json" in bundle


@pytest.mark.parametrize("how", ["message", "method"])
def test_stop_comes_as_a_message_or_a_call(how, tmp_path):
    hold = threading.Event()
    view = RefinementView.start(TASK, Script(hold), record=str(tmp_path))
    deadline = threading.Event()
    while len(view.state["turns"]) < 2 and not deadline.wait(0.05):
        pass
    with pytest.raises(LabkitError, match="still running"):
        view.wait(0.01)
    if how == "message":
        view._handle_custom_msg({"type": "stop"}, [])
    else:
        view.stop()
    assert view.state["status"] == "stopping"
    hold.set()
    study = view.wait(30)
    assert view.state["status"] == "stopped" and study.source == FAST and study.gain.how == "estimated"
    view._handle_custom_msg({"type": "nonsense"}, [])
    view._handle_custom_msg("nonsense", [])


def test_an_error_in_the_job_is_shown_and_raised(tmp_path):
    view = RefinementView.start(TASK, Script(error=BadInput("no luck")), record=str(tmp_path))
    with pytest.raises(BadInput, match="no luck"):
        view.wait(30)
    assert view.state["status"] == "failed" and view.state["message"] == "no luck"
    (run,) = records.find(tmp_path)
    assert run.status == "failed" and RefinementView(run).state["status"] == "failed"


def test_bad_input_raises_before_anything_runs(tmp_path, study):
    with pytest.raises(BadInput, match="choose one of"):
        RefinementView.start("no_such_task")
    other = records.start("other", {}, root=tmp_path)
    other.finish()
    with pytest.raises(BadInput, match="not the record of a refinement"):
        RefinementView(other.path)
    with pytest.raises(BadInput, match="has no record"):
        RefinementView(refine(TASK, Script(), record=False))


def test_an_empty_view_says_so():
    view = RefinementView()
    assert view.state["status"] == "empty" and view.source == "" and len(view.data()) == 0
    assert "empty" in view.summary() and "<table>" in view.static_html()


@pytest.mark.parametrize("options", [{"turns": 0}, {"objective": "nope"}, {"seed": "x"}])
def test_bad_options_raise_at_once(options):
    with pytest.raises(BadInput):
        RefinementView.start(TASK, **options)


def test_state_survives_unknown_events_and_an_empty_record():
    assert state_of([], "killed") == {"status": "killed", "task": {}, "turns": [], "best": None}
    assert state_of([{"kind": "later", "data": 1}], "running")["turns"] == []


def test_a_gain_that_was_not_proved_is_not_claimed(study):
    view = RefinementView(study)
    tie = {"answer": "tie", "ratio": 0.98, "lo": 0.95, "hi": 1.02, "n": 24}
    view.update(best={**view.state["best"], "verdict": tie})
    assert "nothing proved better" in view.summary() and "nothing proved better" in view.static_html()
    view.update(best={**view.state["best"], "verdict": {**tie, "lo": 0.0, "hi": None, "n": 3}})
    assert "nothing proved better" in view.static_html()


def test_a_turn_is_accepted_by_its_button_and_python_is_told(study):
    view, told = RefinementView(study), []
    view.on_accept(told.append)
    assert view.accepted is None
    view._handle_custom_msg({"type": "accept", "turn": "0.1"}, [])
    assert view.accepted == FAST and told == [FAST] and view.state["accepted"] == "0.1"
    view._handle_custom_msg({"type": "accept", "turn": "7.7"}, [])
    assert view.accepted == FAST, "a button of an older page changes nothing"
    with pytest.raises(BadInput, match=r"'7.7' cannot be accepted: choose one that passed: 0.0, 0.1"):
        view.accept("7.7")


def test_a_withdrawn_turn_is_shown_as_rejected(study):
    events = [e for e in records.load(study.path).events() if e["kind"] != "best"]
    gone = {
        "kind": "withdrawn",
        "data": {"trajectory": 0, "number": 1, "reason": "failed in the last comparison"},
    }
    view = RefinementView(study)
    view.state = state_of([*events, gone], "finished")
    assert view.source == SLOW and "nothing proved better" in view.summary()
    assert "failed in the last comparison" in view.static_html()
    with pytest.raises(BadInput, match=r"choose one that passed: 0\.0"):
        view.accept("0.1")
