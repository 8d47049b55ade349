"""SandboxView without a browser: its state is a function of a record, and every page can show it."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit import record as records
from labkit.errors import BadInput
from labkit.sandbox import Limits, run, trial
from labkit.widgets import SandboxView
from labkit.widgets.sandbox import MOST_POINTS, MOST_TEXT, _thin
from labkit.widgets.view import module

SLOW, FAST = "sum([i * i for i in range(300_000)])", "print('<b>done</b>')"


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    return trial(SLOW, FAST, max_pairs=12, record=str(tmp_path_factory.mktemp("runs")))


def test_a_stored_record_is_shown_again(stored):
    views = [SandboxView(stored), SandboxView(stored.path), SandboxView(records.load(stored.path))]
    assert views[0].state == views[1].state == views[2].state
    assert [p["done"]["status"] for p in views[0].state["programs"]] == ["ok", "ok"]
    assert views[0].result == stored and views[0].state["status"] == "finished"
    assert len(views[0].state["pairs"]) == stored.verdict.n == views[0].state["verdict"]["n"]
    with pytest.raises(BadInput, match="nothing runs behind this view"):
        views[0].wait()


def test_the_live_view_ends_in_the_same_state_as_the_replayed_one(tmp_path):
    view = SandboxView.start(SLOW, FAST, max_pairs=12, record=str(tmp_path))
    done = view.wait(60)
    assert done.verdict.answer == "faster" and view.result is done
    assert view.state == SandboxView(done.path).state


def test_executions_and_pairs_of_them_are_shown_too():
    one = run(FAST)
    assert SandboxView(one).state["programs"][0]["done"]["stdout"] == "<b>done</b>\n"
    assert [p["name"] for p in SandboxView([one, one]).state["programs"]] == ["a", "b"]
    for wrong in ([], [one] * 3, 7, {"a": 1}):
        with pytest.raises(BadInput, match="show a record's path"):
            SandboxView(wrong)


def test_another_record_is_refused(tmp_path):
    with records.start("something/else", {}, root=tmp_path) as other:
        other.event("turn", {})
    with pytest.raises(BadInput, match="not the record of a trial"):
        SandboxView(other.path)


def test_every_page_has_a_table_words_and_a_picture_without_script(stored):
    bundle = SandboxView(stored)._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    html, text = bundle["text/html"], bundle["text/plain"]
    assert html.count("<table>") == 2 and "<svg" in html and "<script" not in html
    assert "&lt;b&gt;done&lt;/b&gt;" in html and "<b>done" not in html
    assert "b is cheaper" in text and "pairs" in text and "measured" in text


def test_the_words_say_what_was_found_and_what_was_not(tmp_path):
    failed = trial("1 / 0", FAST)
    assert SandboxView(failed).state["words"] == "not compared: a ended as runtime_error"
    assert "peak memory" in SandboxView(run(SLOW)).state["words"]
    assert SandboxView().summary() == "sandbox: empty; no program"


def test_stop_ends_a_program_that_would_not():
    view = SandboxView.start("while True: pass", record=False, limits=Limits(wall_s=60, cpu_s=60))
    threading.Timer(0.5, view._on_message, (None, {"type": "stop"}, None)).start()
    assert view._worker.join(10) is None and not view._worker.is_alive()
    assert view.state["status"] == "stopped" and view.state["programs"][0]["done"] is None


def test_stop_in_mid_comparison_keeps_what_was_found(tmp_path):
    view = SandboxView.start("x = 1", "x = 2", max_pairs=2000, record=str(tmp_path))
    view.observe(lambda change: len(change["new"].get("pairs", ())) == 3 and view.stop(), "state")
    done = view.wait(60)
    assert view.state["status"] == "stopped" and 3 <= done.verdict.n <= 6
    assert records.load(done.path).status == "stopped"
    assert SandboxView(done.path).state["pairs"] == view.state["pairs"]


@pytest.mark.parametrize(
    "options, words",
    [
        ({"language": "cobol"}, "cobol"),
        ({"objective": "beauty"}, "choose one of time"),
        ({"repeats": 0}, "whole number"),
        ({"isolation": "vm"}, "choose 'auto'"),
        ({"b": 7}, "give its source as a str"),
    ],
)
def test_bad_input_raises_at_once(options, words):
    with pytest.raises(BadInput, match=words):
        SandboxView.start("pass", **options)
    with pytest.raises(TypeError):
        SandboxView.start("pass", colour="red")


def test_data_is_what_is_shown(stored):
    frame = SandboxView(stored).data()
    assert set(frame.program) == {"a", "b"} and {"cpu_s", "integral_mib_s"} <= set(frame.figure)
    assert set(frame.how) == {"measured"}


def test_a_long_output_is_cut_in_the_view_only():
    done = run("print('x' * 100_000)")
    shown = SandboxView(done).state["programs"][0]["done"]["stdout"]
    assert len(shown) < MOST_TEXT + 100 and "80001 characters left out" in shown
    assert len(done.stdout) == 100_001


@given(st.lists(st.floats(0, 1e4), min_size=1, max_size=3000))
def test_thinning_a_curve_keeps_ends_order_and_peak(heights):
    curve = list(enumerate(heights))
    thin = _thin(curve)
    assert len(thin) <= MOST_POINTS and thin[0] == curve[0] and thin[-1] == curve[-1]
    assert [p[0] for p in thin] == sorted({p[0] for p in thin})
    assert max(p[1] for p in thin) == max(heights)


def test_the_chart_arithmetic_in_the_browsers_language(tmp_path):
    """The module's pure functions, run by a JavaScript engine where there is one: our own sandbox's."""
    from labkit.sandbox import languages

    if "v" not in languages()["javascript"][:1]:
        pytest.skip(languages()["javascript"])
    source = module("sandbox").replace("export const", "const").replace("export default", "const view =")
    check = """
    console.log(JSON.stringify([ticks(100, 4), ticks(0.0031, 3), span([{done: null}]).s,
      span([{done: {curve: [[0, 5], [2, 50]]}}]).s]));
    """
    done = run(source + check, language="javascript")
    assert done.stdout.strip() == "[[0,50,100],[0,0.002],0.001,2]", done
