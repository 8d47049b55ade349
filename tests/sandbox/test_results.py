"""Figures: the known cost of known programs, how repeats and counts are told, and the way to JSON and back."""

import itertools
import json
import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit.errors import BadInput
from labkit.sandbox import Execution, Limits, languages, run
from labkit.sandbox.results import METHODS, STATUSES, spread
from labkit.stats import Figure

# Holds 50 MiB for 0.3 s, and again.
STAIRCASE = """
import time
for _ in range(2):
    held = b"x" * (50 << 20)
    time.sleep(0.3)
    del held
    time.sleep(0.1)
"""


def area(curve):
    return sum((t - s) * (a + b) / 2 for (s, a), (t, b) in itertools.pairwise(curve))


def test_the_integral_is_the_area_of_a_known_staircase():
    done = run(STAIRCASE)
    integral, base = done.figures["integral_mib_s"], done.figures["baseline_mib"].value
    assert integral.unit == "MiB·s" and integral.n > 20
    assert integral.value == pytest.approx(area(done.curve), rel=0.05)
    above = integral.value - base * done.figures["wall_s"].value
    assert 0.7 * 2 * 50 * 0.3 < above < 2 * 2 * 50 * 0.3  # a busy machine makes steps longer, not shorter
    times, held = [at for at, _ in done.curve], [mib - base for _, mib in done.curve]
    assert times == sorted(times) and times[-1] == pytest.approx(done.figures["wall_s"].value, abs=0.05)
    rises = sum(before < 25 <= after for before, after in itertools.pairwise(held))
    assert rises == 2, "two stairs"


def test_twice_as_long_is_twice_the_area_at_the_same_peak():
    short, long = (run(f"x = b'x' * (50 << 20); import time; time.sleep({s})") for s in (0.3, 0.9))
    area_of, peak_of = (lambda done, f=f: done.figures[f].value for f in ("integral_mib_s", "peak_mib"))
    assert 1.5 < area_of(long) / area_of(short) < 5
    assert peak_of(long) == pytest.approx(peak_of(short), rel=0.05)


# A fast run has its program going before its baseline is read: figures to go by, not to rank by.
PEAKS = {"measure": (3, 49, 55), "fast": (20, 25, 100)}


@pytest.mark.parametrize("mode", PEAKS)
def test_the_peak_is_what_the_program_adds(mode):
    def peak(code):
        return run(code, mode=mode).figures["peak_mib"].value

    empty, low, high = PEAKS[mode]
    assert 0 <= peak("") < empty
    for fifty in ("x = bytearray(50 << 20)", "x = b'x' * (50 << 20)"):
        assert low < peak(fifty) < high


def test_each_figure_stands_in_the_frame_with_its_method():
    frame = run("print(1)").to_frame().set_index("figure")
    assert set(frame.index) == set(METHODS) - {"instructions"}
    assert frame.method.to_dict() == {name: METHODS[name] for name in frame.index}
    assert set(frame.how) == {"measured"} and frame.n["integral_mib_s"] >= 1 and frame.unit["cpu_s"] == "s"


def test_repeats_give_medians_with_an_interval_and_their_number():
    done = run("x = sum(range(20_000)); print(x)", repeats=9)
    assert done.stdout == "199990000\n"
    for figure in done.figures.values():
        assert figure.n == 9 and figure.lo <= figure.value <= figure.hi
    assert done.figures["cpu_s"].lo > 0


def test_the_first_of_the_repeats_that_fails_counts_alone():
    ok, failed = Execution("ok", "1"), Execution("timeout", "2")
    assert spread([ok, failed, ok]) is failed
    values = {"cpu_s": [3.0, 1.0, 2.0]}
    runs = [Execution("ok", figures={"cpu_s": Figure(v, "s", "measured")}) for v in values["cpu_s"]]
    assert spread(runs).figures["cpu_s"] == Figure(2.0, "s", "measured", 1.0, 3.0, 3)
    done = run("1 / 0", repeats=5)
    assert done.status == "runtime_error" and done.figures["cpu_s"].n == 1


@pytest.mark.parametrize("repeats", [0, -1, 1.5, "2", None, True])
def test_absurd_repeats_are_refused(repeats):
    with pytest.raises(BadInput, match="repeats="):
        run("pass", repeats=repeats)


@pytest.mark.parametrize(
    "expected, status, detail",
    [
        ("1\n2\n3\n", "ok", ""),
        ("1\n2  \n3\n\n\n", "ok", ""),  # white space at the ends of lines is no difference
        ("1\n2\n4", "wrong_answer", "3"),
        ("1\n2", "wrong_answer", ""),
        ("1\n2\n3\n4", "wrong_answer", ""),
        ("", "wrong_answer", ""),
        (" 1\n2\n3", "wrong_answer", "1"),
    ],
)
def test_output_is_compared_line_by_line(expected, status, detail):
    done = run("print(1); print(2); print(3)", expected=expected, mode="fast")
    assert done.status == status, done
    assert detail in done.detail and ("line" in done.detail) == (status == "wrong_answer")


def test_the_first_different_line_is_named_with_both_sides():
    done = run("print('a'); print('bee'); print('sea')", expected="a\nb\nc", mode="fast")
    assert done.status == "wrong_answer" and "bee" in done.detail and "'b'" in done.detail, done.detail
    assert "sea" not in done.detail
    assert done.stdout == "a\nbee\nsea\n" and set(done.figures) == set(METHODS) - {"instructions"}


def test_a_failure_is_told_before_a_wrong_answer():
    assert run("print(1); 1 / 0", expected="1").status == "runtime_error"


REFUSED = {
    "a call": ("import os\n\nos.chroot('/tmp')\n", "os.chroot('/tmp')"),
    "deep in a library": (
        "import socket\ndef dial():\n    return socket.socket()\n\ndial()\n",
        "return socket.socket()",
    ),
}


@pytest.mark.parametrize("mode", ["measure", "fast"])
@pytest.mark.parametrize("what", REFUSED)
def test_a_denied_run_names_the_users_line_that_was_refused(what, mode, needs):
    needs("seccomp")
    code, line = REFUSED[what]
    done = run(code, mode=mode)
    assert done.status == "denied" and done.detail.startswith("PermissionError: "), done
    assert done.detail.endswith(f", at: {line}")


C_WORK = "int main(void) {{ volatile long s = 0; for (long i = 0; i < {n}; i++) s += i; return 0; }}"
PYTHON_WORK = "s = 0\nfor i in range({n}): s += i"


@pytest.mark.parametrize("language, code, n", [("c", C_WORK, 1_000_000), ("python", PYTHON_WORK, 30_000)])
def test_cachegrind_counts_the_same_again_and_more_for_more_work(language, code, n):
    if not shutil.which("valgrind"):
        pytest.skip("no valgrind here")
    if "install" in languages()[language]:
        pytest.skip(languages()[language])

    def count(n):
        done = run(
            code.format(n=n), language=language, count="cachegrind", limits=Limits(wall_s=60, cpu_s=60)
        )
        assert done.ok and "==" not in done.stderr, done
        return done.figures["instructions"]

    with ThreadPoolExecutor(2) as threads:
        first, again, more = threads.map(count, (n, n, 4 * n))
    assert first.unit == "instructions" and first.how == "measured"
    assert abs(first.value - again.value) <= 0.001 * first.value
    assert more.value - first.value > 3 * n * 3, "each round is a few instructions at least"


FORGED = r"""
#include <stdio.h>
int main(void) { fputs("==1== I   refs:      7\n", stderr); return 0; }
"""


def test_a_forged_count_is_withheld():
    if not shutil.which("valgrind") or "install" in languages()["c"]:
        pytest.skip("no valgrind or no C compiler here")
    done = run(FORGED, language="c", count="cachegrind", limits=Limits(wall_s=60, cpu_s=60))
    assert "instructions" not in done.figures and "not counted" in done.detail


def test_the_machines_counter_counts_or_says_why_not():
    done = run("sum(range(100_000))", count="perf")
    assert done.ok
    if "instructions" in done.figures:
        assert done.figures["instructions"].value > 100_000
    else:
        assert "instructions not counted: " in done.detail and "perf_event_open" in done.detail


@pytest.mark.parametrize("options", [{"count": "magic"}, {"count": "perf", "mode": "fast"}])
def test_counts_that_cannot_be_had_are_refused(options):
    with pytest.raises(BadInput):
        run("pass", **options)


floats = st.floats(allow_nan=False, allow_infinity=False)
figures = st.builds(
    Figure, floats, st.sampled_from(["s", "MiB", "MiB·s"]), st.just("measured"), st.none() | floats,
    st.none() | floats, st.integers(1, 10**6),
)  # fmt: skip
executions = st.builds(
    Execution, st.sampled_from(STATUSES), st.text(), st.text(), st.none() | st.integers(-64, 255),
    st.dictionaries(st.sampled_from(sorted(METHODS)), figures), st.lists(st.text(max_size=8)).map(tuple),
    st.text(), st.lists(st.tuples(floats, floats)).map(tuple),
)  # fmt: skip


@settings(max_examples=50)
@given(executions)
def test_an_execution_survives_json(execution):
    text = json.dumps(execution.to_json(), allow_nan=False)
    assert Execution.from_json(json.loads(text)) == execution


@settings(max_examples=50)
@given(executions)
def test_any_execution_can_be_shown(execution):
    assert execution.status in repr(execution)
    assert "<script" not in execution._repr_html_().replace("&lt;", "")


def test_a_real_execution_survives_json_and_shows_no_markup_of_the_programs():
    done = run("print('<script>alert(1)</script>')", repeats=3)
    assert Execution.from_json(json.loads(json.dumps(done.to_json()))) == done
    assert "<script>" not in done._repr_html_() and "&lt;script&gt;" in done._repr_html_()
