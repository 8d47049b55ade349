"""The benchmark of the sandbox: real small runs of each part, the rule of the quick run, planted leaks."""

import contextlib
import doctest
import io
import json
import subprocess
import tempfile
import threading

import pytest

from labkit import bench
from labkit.bench import code_hash, finish, share, stored, write
from labkit.bench.sandbox import PARTS, Counts, main
from labkit.bench.sandbox_soak import mixed, soak
from labkit.bench.sandbox_verdicts import KINDS, loaded, verdicts
from labkit.errors import BadInput
from labkit.sandbox import run
from labkit.sandbox.broker import pool
from labkit.stats import Figure

TINY = Counts(2, 3, 3, 2, 12, 1, 1, 1, 1, 60, 2, flip_ms=10, aa_ms=10, found_ms=10)
CODE = code_hash("sandbox", "stats.py")
NAMED = {name for part in PARTS.values() for name in part.figures}


def bench_sandbox(**options):
    """(standard output, the figures of its last line)"""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        assert main(**{"counts": TINY, **options}) == 0
    return out.getvalue(), json.loads(out.getvalue().splitlines()[-1])


@pytest.fixture(scope="module", autouse=True)
def own_temporary_folder(tmp_path_factory):
    """The soak counts what is new in the temporary folder: other tests' things are not to be there."""
    before, tempfile.tempdir = tempfile.gettempdir(), str(tmp_path_factory.mktemp("t"))
    yield
    tempfile.tempdir = before


@pytest.fixture(scope="module")
def everything(tmp_path_factory):
    file = tmp_path_factory.mktemp("full") / "sandbox.json"
    return file, *bench_sandbox(json_file=str(file))


def test_every_part_runs_and_the_last_line_has_every_figure(everything):
    file, out, figures = everything
    assert set(figures) >= NAMED and {"vs_bwrap", "flip_loaded", "soak_drift"} <= NAMED
    assert all(
        figures[name] is not None for name in NAMED - {"vs_bwrap", "fast_numpy_p50_ms", "numpy_over_plain"}
    )
    assert 0 < figures["fast_p50_ms"] <= figures["fast_p99_ms"] and figures["vs_fork"] > 1
    assert figures["broker_mib"] == max(figures["broker_pss_mib"], figures["broker_rss_mib"]) < 60
    assert (figures["soak_runs"], figures["leaked"], figures["soak_wrong"]) == (60, 0, 0), out
    assert f"guards on: {', '.join(run('pass').guards)}\n" in out
    assert figures["guards"] == len(run("pass").guards)
    assert set(stored(file)) == {name for name in NAMED if figures[name] is not None}


def test_a_part_alone_keeps_the_figures_of_the_others(everything, tmp_path):
    full = json.loads(everything[0].read_text())
    for figure in filter(None, full["figures"].values()):
        figure["date"] = "2001-01-01T00:00:00+00:00"
    file = tmp_path / "sandbox.json"
    file.write_text(json.dumps(full))
    _, figures = bench_sandbox(json_file=str(file), only=["memory"])
    assert figures["leaked"] == 0 and figures["broker_mib"] > 1
    again = {name for name, figure in stored(file).items() if not figure.date.startswith("2001")}
    assert again == set(PARTS["memory"].figures)
    file.write_text(file.read_text().replace(CODE, "other"))
    _, figures = bench_sandbox(json_file=str(file), only=["memory"])
    assert figures["leaked"] is None and figures["broker_mib"] > 1
    assert set(stored(file)) == set(PARTS["memory"].figures)


@pytest.mark.parametrize(
    "flips, code, quoted",
    [(share(1, 400), CODE, 0.0025), (share(1, 400), "other", None), (share(390, 400), CODE, None)],
    ids=["confirmed", "other code", "sample disagrees"],
)
def test_a_quick_run_quotes_what_a_fresh_sample_confirms_of_the_same_code(flips, code, quoted, tmp_path):
    full = tmp_path / "full.json"
    write("sandbox", {"flip_idle": flips}, str(full), code=code)
    counts = Counts(flips_idle=2, flip_ms=20)
    _, figures = bench_sandbox(quick=True, only=["flip_idle"], counts=counts, full_run=full)
    assert figures["flip_idle"] == quoted and set(figures) >= NAMED


def test_a_quick_run_without_a_full_one_has_no_long_figures_and_is_never_quoted(tmp_path):
    quick = tmp_path / "quick.json"
    _, figures = bench_sandbox(
        quick=True, only=["memory", "soak"], full_run=tmp_path / "none", json_file=str(quick)
    )
    assert figures["broker_mib"] > 1 and figures["leaked"] is None
    assert stored(quick) == {} and json.loads(quick.read_text())["figures"]["broker_mib"]["value"] > 1


def test_the_soaks_figures_are_quoted_while_a_short_one_leaves_no_more(tmp_path):
    full = tmp_path / "full.json"
    for leaked, quoted in ((0, 20_000), (-1, None)):  # fewer than none: more than the full run left
        clean = {"soak_runs": 20_000, "leaked": leaked, "soak_wrong": 0}
        write("sandbox", {name: Figure(n, "", "measured") for name, n in clean.items()}, str(full), code=CODE)
        counts = Counts(soak_runs=8, soak_parts=1)
        _, figures = bench_sandbox(quick=True, only=["soak"], counts=counts, full_run=full)
        assert figures["soak_runs"] == quoted


def test_unknown_parts_and_files_that_cannot_be_written_are_said(tmp_path):
    with pytest.raises(BadInput, match="--only sped: choose from speed,numpy"):
        main(only=["sped"])
    full = tmp_path / "full.json"
    write("sandbox", {"leaked": Figure(0, "", "measured")}, str(full), code=CODE)
    with pytest.raises(BadInput, match="holds a full run"):
        main(quick=True, json_file=str(full))
    assert stored(full)
    (tmp_path / "file").touch()
    with pytest.raises(BadInput, match="--json"):
        bench_sandbox(only=["memory"], json_file=str(tmp_path / "file" / "x.json"))


def test_the_soak_sees_what_is_left_behind(capsys):
    with contextlib.ExitStack() as stack:

        def leaky(code, **options):
            if first.acquire(blocking=False):
                left.append(stack.enter_context(subprocess.Popen(["sleep", "60"])))
                left.append(stack.enter_context(tempfile.TemporaryDirectory(prefix="labkit-")))
                left.append(stack.enter_context(open(__file__)))
                stack.callback(left[0].kill)
            return run(code, **options)

        left, first = [], threading.Lock()
        figures = soak(8, 1, leaky)
    assert figures["leaked"].value == 3
    assert "soak left: processes 1, files 1, groups 0, mounts 0, descriptors 1" in capsys.readouterr().out


def test_the_soak_sees_wrong_answers_and_escapes(capsys):
    def forging(code, **options):
        return run("print('ESCAPED')", **options)

    assert soak(8, 1, forging)["soak_wrong"].value == 8
    assert "a hostile program escaped" in capsys.readouterr().out


def test_the_soaks_mix_is_a_quarter_hostile_and_mostly_fast():
    class NoHost:
        fill = staticmethod(str)

    jobs = mixed(400, NoHost())
    bad = [job for job in jobs if job.prints is None]
    assert len(jobs) == 400 and len(bad) == 100 and len({job.code for job in bad}) == 100
    assert all(job.options["limits"].wall_s == 0.3 for job in bad)
    fast = sum(job.options.get("mode") == "fast" for job in jobs)
    assert 350 < fast < 400 and any("stdin" in job.options for job in jobs)


def test_what_is_called_dearer_does_exactly_so_much_more_and_the_wrong_direction_is_a_flip():
    for kind in KINDS.values():
        for ms, factor in ((20, 1.0), (40, 1.25), (100, 1.05)):
            assert (kind.in_10_ms * ms / 10 * factor).is_integer()
    assert verdicts("planted", 0.5, 1, 20, wrong=True).value == 1
    assert verdicts("planted", 0.5, 1, 20).value == 0


def test_load_is_as_many_processes_as_cores_and_ends_with_the_block():
    with pytest.raises(KeyboardInterrupt), loaded() as processes:
        assert len(processes) >= 1 and all(p.poll() is None for p in processes)
        raise KeyboardInterrupt
    assert all(p.returncode is not None for p in processes)


def test_shared_helpers(tmp_path, capsys):
    assert doctest.testmod(bench).failed == 0
    assert finish("x", {"a": Figure(1, "s", "measured"), "b": None}, str(tmp_path / "x.json")) == 0
    assert capsys.readouterr().out.splitlines()[-1] == '{"a": 1.0, "b": null}'
    assert stored(tmp_path / "x.json") == stored(tmp_path / "none") == {}  # without a code's hash
    ticks = bench.ticker("work", 2)
    ticks(), ticks()
    assert capsys.readouterr().err.startswith("work: 2 of 2, ")
    assert bench.quantile(range(10_000), 0.99, "ms").lo < 9_900 < bench.quantile(range(10_000), 0.99, "ms").hi


def test_pools_are_left_usable():
    pool().close()
    assert run("print(1)", mode="fast").stdout == "1\n"
