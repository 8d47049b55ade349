"""KernelView: live and stored, its picture, its table, and the magic."""

import pytest
from IPython.core.interactiveshell import InteractiveShell

from labkit.errors import BadInput
from labkit.kernels import KernelResult, own_kernels
from labkit.widgets import KernelView
from labkit.widgets.roofline import points, roofline_figure


def turn(number, wall_s, flops, accepted=True, status="ok"):
    shape = {"wall_s": wall_s, "empty_s": 0.0, "flops": flops, "bytes": 1000, "verdict": {"ratio": 0.5}}
    detail = {"shapes": [shape], "tier": "measured-cpu"}
    return {"number": number, "accepted": accepted, "outcome": {"status": status, "detail": detail}}


@pytest.mark.parametrize("flops", [0, 8000])
def test_the_picture_shows_each_turn_that_was_measured(flops):
    turns = [turn(0, 2e-6, flops), turn(1, 1e-6, flops, False), turn(2, 1e-6, flops, status="wrong_answer")]
    figure = roofline_figure(turns, (1e10, 1e11))
    assert figure.count("<circle") == 2 and "torch eager" in figure
    assert ("GFLOP/s" in figure) == bool(flops)
    assert points(turns)[0].eager == pytest.approx(points(turns)[0].speed / 2)
    assert roofline_figure([turn(0, 1e-6, flops, status="timeout")], (1e10, 1e11)) == ""


def test_a_search_is_watched_and_its_record_shown_again(tmp_path):
    kernel = own_kernels()["row_sum.c"]
    view = KernelView.start("row_sum", kernel, turns=1, record=str(tmp_path))
    study = view.wait(120)
    assert view.state["status"] == "finished" and "<svg" in view.state["figure"]["html"]
    frame = view.data()
    assert list(frame.tier) == ["measured-cpu"] * len(study.trajectories[0].turns)
    assert frame.speedup[0] > 0
    stored = KernelView(study)
    assert stored.state["turns"] == view.state["turns"] and "<svg" in stored.static_html()


def test_bad_input_raises_at_once():
    with pytest.raises(BadInput, match="no kernel task"):
        KernelView.start("nope")
    with pytest.raises(BadInput, match="turns=0"):
        KernelView.start("row_sum", turns=0)


def test_the_magic_judges_a_cell_or_searches_from_it():
    shell = InteractiveShell.instance()
    try:
        shell.run_line_magic("load_ext", "labkit")
        source = own_kernels()["row_sum.c"].source
        done = shell.run_cell(f"%%kernel --task row_sum --save mine\n{source}")
        assert isinstance(done.result, KernelResult) and done.result.ok
        assert shell.user_ns["mine"] is done.result
        view = shell.run_cell(f"%%kernel --task row_sum --turns 1 --no-record --wait\n{source}").result
        assert isinstance(view, KernelView) and view.result.turns is not None
        assert shell.run_cell("%%kernel --task nope\nvoid kernel() {}").error_in_exec is not None
    finally:
        InteractiveShell.clear_instance()
