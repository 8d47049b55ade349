"""labkit report on real notebooks and a real kernel: pages, records, comparisons, and the truth after kills."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from labkit import record as records
from labkit.errors import BadInput
from labkit.report import Notebook, find_notebooks, run_report, write_index
from labkit.report.page import baseline
from labkit.report.runner import _facts
from labkit.stats import Figure

PARAMETERS = """
n: int = 2  # how many
rate: float = 0.5
name: str = "a"  # what to call it
deep: bool = False
seed: int = 0
"""
BEGIN = "from labkit import Figure\nfrom labkit.report import begin\nreport = begin()"
RESULT = (
    "report.result('value', Figure(float(n + seed), 'x', 'measured', n + seed - 0.5, n + seed + 0.5, 10))"
)


@pytest.fixture
def notebook(tmp_path):
    """notebook("cell", "cell", ..., name=, tagged=) -> path, with the parameters cell in front."""

    def make(*cells, name="small", tagged=True):
        metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        first = new_code_cell(PARAMETERS.strip(), metadata={"tags": ["parameters"]} if tagged else {})
        nb = new_notebook(cells=[first, *map(new_code_cell, cells)], metadata=metadata)
        (tmp_path / "notebooks").mkdir(exist_ok=True)
        path = tmp_path / "notebooks" / f"{name}.ipynb"
        nbformat.write(nb, path)
        return path

    return make


def report(path, tmp_path, **options):
    given = options.pop("given", {})
    return run_report(Notebook.load(path), given, out=tmp_path / "reports", **options)


def cli(tmp_path, *arguments):
    command = [sys.executable, "-P", "-m", "labkit.cli", "report", *map(str, arguments)]
    return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)


def test_a_report_leaves_a_page_a_record_and_an_index(notebook, tmp_path):
    path = notebook(BEGIN, RESULT, "import os; print('cwd', os.getcwd())")
    run = report(path, tmp_path, given={"n": "5"})
    assert run.status == "ok" and run.params == {"n": 5, "rate": 0.5, "name": "a", "deep": False, "seed": 0}
    assert run.results["value"].value == 5.0 and run.meta["seed"] == 0
    assert run.path.relative_to(tmp_path / "reports").parts == ("small", run.id, "001")
    page, index = (run.path / "index.html").read_text(), (tmp_path / "reports" / "index.html").read_text()
    assert "4.5 to 5.5" in page and str(run.path / "work") in page
    assert "<code>n=5</code>" in index and "first run" in index and "[4.5, 5.5]" in index
    for text in (page, index):
        assert "<script" not in text.lower() and not re.search(r"""(src|href)=["']?(https?:)?//""", text)
    for link in re.findall(r'href="([^"]+)"', index):
        assert (tmp_path / "reports" / link).exists(), link


def test_again_is_a_second_attempt_compared_with_the_first(notebook, tmp_path):
    path = notebook(BEGIN, RESULT)
    first, second = report(path, tmp_path), report(path, tmp_path)
    assert (first.id, first.attempt, second.id, second.attempt) == (first.id, "001", first.id, "002")
    index = (tmp_path / "reports" / "index.html").read_text()
    assert "unchanged (1 figures)" in index
    assert "Against the previous run" in (second.path / "index.html").read_text()
    other = report(path, tmp_path, given={"seed": 7})
    assert other.id != first.id and other.meta["seed"] == 7
    page = (other.path / "index.html").read_text()
    assert "seed" in page and "changed" in page
    assert "other parameters: seed" in (tmp_path / "reports" / "index.html").read_text()


def test_a_failing_cell_is_told_with_its_error_and_keeps_its_figures(notebook, tmp_path):
    run = report(notebook(BEGIN, RESULT, "1 / 0"), tmp_path)
    assert run.status == "failed" and "ZeroDivisionError: division by zero" in run.error
    assert run.results["value"].value == 2.0
    assert "ZeroDivisionError" in (run.path / "index.html").read_text()
    done = cli(tmp_path, "small")
    assert done.returncode == 1 and "small  failed: code cell 4 of 4: ZeroDivisionError" in done.stderr


def test_a_time_out_ends_kernel_and_worker(notebook, tmp_path):
    run = report(
        notebook(BEGIN, RESULT, "import os; print(os.getpid())", "import time; time.sleep(60)"),
        tmp_path,
        timeout_s=6,
    )
    assert run.status == "timeout" and run.error == "code cell 5 of 5: more than 6 s"
    assert run.results["value"].value == 2.0
    (pid,) = re.findall(r"\d+", _output(run.path / "run.ipynb", "os.getpid"))
    assert not _alive(int(pid))


def _output(path, marker):
    cells = nbformat.read(path, 4).cells
    return next(
        c.outputs[0].text for c in cells if c.cell_type == "code" and marker in c.source and c.outputs
    )


def _alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def test_a_killed_kernel_is_a_killed_run(notebook, tmp_path):
    """papermill alone marks every cell of such a notebook as completed."""
    run = report(notebook(BEGIN, RESULT, "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"), tmp_path)
    assert (run.status, run.error) == ("killed", "code cell 4 of 4: the kernel died")
    assert run.results["value"].value == 2.0
    assert "killed" in (tmp_path / "reports" / "index.html").read_text()


def _start(tmp_path, *arguments):
    command = [sys.executable, "-m", "labkit.cli", "report", *arguments]
    # a test run started in the background ignores Ctrl-C, and would hand that on
    heed = lambda: signal.signal(signal.SIGINT, signal.default_int_handler)  # noqa: E731
    return subprocess.Popen(
        command,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=heed,  # noqa: PLW1509 (no threads here)
    )


def _wait_for_event(tmp_path, kind, seconds=60):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        for events in (tmp_path / "reports").glob("*/*/*/events.jsonl"):
            if f'"kind":"{kind}"' in events.read_text().replace(" ", ""):
                return events.parent
        time.sleep(0.05)
    raise AssertionError(f"no {kind} event within {seconds} s")


def _children(pid):
    out = subprocess.run(["ps", "-eo", "pid,ppid"], capture_output=True, text=True).stdout
    pairs = [tuple(map(int, line.split())) for line in out.splitlines()[1:]]
    found = [p for p, parent in pairs if parent == pid]
    return found + [below for child in found for below in _children(child)]


def test_a_killed_worker_is_a_killed_run(notebook, tmp_path):
    notebook(BEGIN, RESULT, "import time; time.sleep(60)")
    job = _start(tmp_path, "small")
    path = _wait_for_event(tmp_path, "result")
    worker = _children(job.pid)[0]
    os.kill(worker, signal.SIGKILL)
    _, err = job.communicate(timeout=30)
    run = records.load(path)
    assert job.returncode == 1 and run.status == "killed" and "code -9" in run.error, err
    assert run.results["value"].value == 2.0


def test_a_killed_report_says_killed_leaves_no_process_and_resumes(notebook, tmp_path):
    flag = tmp_path / "go"
    notebook(
        BEGIN, RESULT, "open('seen', 'a').write('x')",
        f"import os, time\nwhile not os.path.exists({str(flag)!r}): time.sleep(0.1)",
        "print(len(open('seen').read()), 'times here')",
    )  # fmt: skip
    job = _start(tmp_path, "small")
    path = _wait_for_event(tmp_path, "result")
    time.sleep(0.5)
    below = _children(job.pid)
    assert below
    job.kill()
    job.communicate()
    run = records.load(path)
    assert run.status == "killed" and run.results["value"].value == 2.0
    write_index(tmp_path / "reports")
    assert "killed" in (tmp_path / "reports" / "index.html").read_text()
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline and any(map(_alive, below)):
        time.sleep(0.2)
    assert not [pid for pid in below if _alive(pid)], "a process outlived its report"
    flag.touch()
    done = cli(tmp_path, "small", "--resume")
    assert done.returncode == 0, done.stderr
    again = records.load(path)
    assert again.status == "ok" and len(records.find(tmp_path / "reports")) == 1
    assert "2 times here" in _output(path / "run.ipynb", "times here")


def test_interrupting_a_report_is_recorded(notebook, tmp_path):
    notebook(BEGIN, RESULT, "import time; time.sleep(60)")
    job = _start(tmp_path, "small")
    path = _wait_for_event(tmp_path, "result")
    job.send_signal(signal.SIGINT)
    _, err = job.communicate(timeout=30)
    assert job.returncode == 130 and err.decode().strip().endswith("labkit: stopped")
    assert records.load(path).status == "stopped"


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["small", "-p", "m=1"], "small has no parameter 'm'; it has: n: int = 2 (how many); rate"),
        (["small", "-p", "n=many"], "small: n=many is not of type int; it has: n: int = 2"),
        (["small", "-p", "n=1.5"], "n=1.5 is not of type int"),
        (["small", "-p", "deep=1"], "deep=1 is not of type bool"),
        (["small", "-p", "n={[]:1}"], "n={[]:1} is not of type int"),
        (
            ["small", "-p", "rate=1e999"],
            "rate=1e999 cannot be recorded as it is: give None, a bool, a finite",
        ),
        (["small", "-p", "rate=" + "9" * 400], "999... cannot be recorded as it is"),
        (["small", "--out", "/proc/nope"], "no report can be written to /proc/nope: it cannot be made"),
        (["bare", "-p", "n=1"], "has no cell tagged 'parameters'"),
        (["nothing"], "there is no notebook 'nothing' in notebooks/: it has bare, small"),
        (["small", "--timeout", "0"], "timeout 0.0 s"),
        (["small", "--out", "small.file/reports"], "small.file/reports"),
        (["notebooks/broken.ipynb"], "cannot be read as a notebook"),
    ],
)
def test_bad_input_is_one_line_before_anything_runs(arguments, words, notebook, tmp_path):
    notebook("print(1)")
    notebook("print(1)", name="bare", tagged=False)
    (tmp_path / "small.file").write_text("")
    if "broken" in arguments[0]:
        (tmp_path / "notebooks" / "broken.ipynb").write_text("{")
    done = cli(tmp_path, *arguments)
    assert done.returncode == 2 and len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("labkit: ") and words in done.stderr, done.stderr
    assert not (tmp_path / "reports").exists()


def test_a_notebook_without_parameters_still_runs(notebook, tmp_path):
    run = report(notebook("print('fine')", name="bare", tagged=False), tmp_path)
    assert run.status == "ok" and run.params == {}


def test_values_are_read_by_type(notebook):
    loaded = Notebook.load(notebook())
    values = loaded.values({"n": "7", "rate": "2", "name": "12", "deep": "true"})
    assert values == {"n": 7, "rate": 2.0, "name": "12", "deep": True, "seed": 0}
    assert type(values["rate"]) is float
    assert [p.help for p in loaded.parameters][:3] == ["how many", "", "what to call it"]
    with pytest.raises(BadInput, match="not of type bool"):
        loaded.values({"deep": 1})


def test_odd_notebooks(notebook, tmp_path):
    """A name with a space, no kernelspec, a file beside it, a module that shadows one, active content."""
    path = notebook("import helper; print(helper.WORD)", "from IPython.display import HTML",
                    "HTML('<img src=https://example.invalid/x.png onerror=alert(1)><script>alert(1)</script>')", name="a b ü")  # fmt: skip
    (path.parent / "helper.py").write_text("WORD = 'beside'")
    (tmp_path / "statistics.py").write_text("1 / 0")
    nb = nbformat.read(path, 4)
    del nb.metadata["kernelspec"]
    nbformat.write(nb, path)
    done = cli(tmp_path, "a b ü")
    assert done.returncode == 0, done.stderr
    (run,) = records.find(tmp_path / "reports")
    page = (run.path / "index.html").read_text()
    assert run.name.startswith("a_b__-") and "beside" in page and "<script" not in page
    assert "default-src 'none'" in page


def test_a_kernel_that_is_not_there_failed_and_was_not_killed(notebook, tmp_path):
    path = notebook("1")
    nb = nbformat.read(path, 4)
    nb.metadata["kernelspec"]["name"] = "no_such_kernel"
    nbformat.write(nb, path)
    run = report(path, tmp_path)
    assert run.status == "failed" and "no_such_kernel" in run.error


def test_list_shows_parameters(notebook, tmp_path):
    notebook("pass")
    out = cli(tmp_path, "--list").stdout
    assert out.splitlines()[:2] == ["small", "    n: int = 2 (how many)"]


def test_a_full_disk_is_one_clear_line_and_keeps_what_was_recorded(notebook, tmp_path):
    """A real full file system: a tmpfs of 1 MiB, which only root can mount."""
    small = tmp_path / "small_disk"
    small.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", small], capture_output=True)
    if mounted.returncode:
        pytest.skip("a small file system can only be mounted as root")
    try:
        fill = f"open({str(small / 'ballast')!r}, 'wb').write(bytes((1 << 20) - 150_000))"
        more = "for i in range(20_000): report.run.event('noise', {'i': i, 'text': 'x' * 100})"
        notebook(BEGIN, RESULT, fill, more)
        done = cli(tmp_path, "small", "--out", small / "reports")
        assert done.returncode == 1
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        assert len(lines) == 1 and re.search("[Nn]o space|full", lines[0]), done.stderr
        (small / "ballast").unlink(missing_ok=True)
        (run,) = records.find(small / "reports")
        assert run.status in ("failed", "killed") and run.results["value"].value == 2.0
    finally:
        subprocess.run(["umount", "-l", small], check=True)


RAW = """
import os, subprocess, time
os.system("echo hi")
subprocess.run(["echo", "there"])
os.write(1, b'{"status":"ok","error":null}\\n{"status":"ok","error":null,"in_cell":false}\\n[1]\\n')
os.system("echo raw >&2; echo '{\\"cell\\":9,\\"of\\":9}'")
time.sleep(1)
"""


def test_what_programs_print_to_the_kernels_stdout_is_no_word_of_the_report(notebook, tmp_path):
    run = report(notebook(BEGIN, RESULT, RAW, "1 / 0"), tmp_path)
    assert run.status == "failed" and run.error.startswith("code cell 5 of 5: ZeroDivisionError")
    assert (run.path / "index.html").exists()
    assert report(notebook(RAW, name="raw"), tmp_path).status == "ok"


def test_lines_that_are_not_the_workers_say_nothing(tmp_path):
    lines = [b"", b"hi", b"[1]", b"3", b'{"status": "ok", "error": null}', b'{"cell": 1}', b"\xff", b"{" * 9]
    assert [_facts(line) for line in lines] == [{}] * len(lines)
    assert _facts(b'{"cell": 1, "of": 2}') == {"cell": 1, "of": 2}


def test_a_time_out_before_the_first_cell_says_so(notebook, tmp_path):
    run = report(notebook("1"), tmp_path, timeout_s=0.1)
    assert (run.status, run.error) == ("timeout", "before the first cell: more than 0.1 s")


def test_only_code_cells_are_counted_and_not_the_injected_one(notebook, tmp_path):
    path = notebook("", "1 / 0", "2")
    nb = nbformat.read(path, 4)
    nb.cells.insert(1, new_markdown_cell("# Text"))
    nbformat.write(nb, path)
    seen = []
    run = report(path, tmp_path, given={"n": 9}, progress=lambda name, cell, of, _: seen.append((cell, of)))
    assert run.error == "code cell 3 of 4: ZeroDivisionError: division by zero"
    assert set(seen) <= {(0, 0), (1, 4), (2, 4), (3, 4)} and (3, 4) in seen


def test_the_comparison_is_with_the_newest_run_that_has_figures(notebook, tmp_path):
    """ok, failed, killed without figures, ok: the last is compared with the first."""
    path = notebook("if name == 'b': 1 / 0", BEGIN, RESULT)
    first = report(path, tmp_path)
    report(path, tmp_path, given={"name": "b"})
    records.start("small", {}, root=tmp_path / "reports")  # nobody holds it: killed
    last = report(path, tmp_path)
    page, index = (last.path / "index.html").read_text(), (tmp_path / "reports" / "index.html").read_text()
    assert f"{first.id}/{first.attempt}</a>" in page and "only in b" not in page
    assert "unchanged (1 figures)" in index and "other parameters" in index


def test_a_baseline_ended_ok_if_any_did_has_figures_and_is_older(tmp_path):
    def run(status, value=None):
        it = records.start("small", {}, root=tmp_path)
        if value:
            it.result("value", Figure(value, "x", "measured"))
        return it if status is None else it.finish(status)

    for status, value in (
        ("failed", 1.0),
        ("failed", 2.0),
        ("ok", 3.0),
        ("ok", None),
        ("failed", 4.0),
        ("ok", 5.0),
    ):
        run(status, value)
    open_one = run(None, 6.0)
    runs = records.find(tmp_path)
    found = [baseline(it, runs) for it in runs]
    assert [it and it.attempt for it in found] == [None, "001", "002", "003", "003", "003", "006"]
    open_one.finish("stopped")


def test_while_it_runs_the_index_says_so_and_what_to_do_if_it_is_gone(notebook, tmp_path):
    flag = tmp_path / "go"
    wait = f"import os, time\nwhile not os.path.exists({str(flag)!r}): time.sleep(0.1)"
    notebook(BEGIN, RESULT, wait)
    job = _start(tmp_path, "small")
    _wait_for_event(tmp_path, "result")
    index = (tmp_path / "reports" / "index.html").read_text()
    flag.touch()
    job.communicate(timeout=60)
    assert job.returncode == 0
    assert ">running</span>" in index and "the same command with <code>--resume</code>" in index
    assert ">running</span>" not in (tmp_path / "reports" / "index.html").read_text()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_a_report_like_ctrl_c_and_every_process_below_it(number, notebook, tmp_path):
    """A child of the kernel, one with a session of its own, and an orphan."""
    start = "subprocess.Popen(['sleep', '987'], start_new_session={}).pid"
    pids = f"[{start.format(False)}, {start.format(True)}]"
    orphan = "int(subprocess.check_output('setsid sleep 987 >/dev/null & echo $!', shell=True))"
    told = f"report.run.event('pids', {pids} + [{orphan}])"
    notebook(BEGIN, "import subprocess", told, "import time; time.sleep(60)")
    job = _start(tmp_path, "small")
    path = _wait_for_event(tmp_path, "pids")
    pids = records.load(path).events("pids")[0]["data"]
    assert len(pids) == 3 and all(map(_alive, pids))
    below = _children(job.pid)
    job.send_signal(number)
    _, err = job.communicate(timeout=30)
    assert job.returncode == 130 and err.decode().strip() == "labkit: stopped"
    run = records.load(path)
    assert run.status == "stopped" and number.name in run.error
    assert ">stopped</span>" in (tmp_path / "reports" / "index.html").read_text()
    assert not [pid for pid in {*below, *pids} if _alive(pid)], "a process outlived its report"


def test_pages_that_cannot_be_written_do_not_hide_how_it_ended(notebook, tmp_path):
    path = notebook(BEGIN, RESULT, "1 / 0")
    (tmp_path / "reports" / "index.html").mkdir(parents=True)
    run = report(path, tmp_path)
    assert run.status == "failed" and re.search(r"ZeroDivision.*; .*index.html was not written: ", run.error)
    assert "\n" not in run.error and records.load(run.path).status == "failed"
    assert not list((tmp_path / "reports").glob("**/*.tmp"))
    done = cli(tmp_path, "small")
    assert done.returncode == 1 and len(done.stderr.splitlines()) == 1 and "not written" in done.stderr


def test_a_disk_too_small_for_the_pages_is_one_line(notebook, tmp_path):
    small = tmp_path / "small_disk"
    small.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=24k", "none", small], capture_output=True
    ).returncode:
        pytest.skip("a small file system can only be mounted as root")
    try:
        notebook("print(1)")
        done = cli(tmp_path, "small", "--out", small / "reports")
        assert len(done.stderr.splitlines()) == 1 and "No space left" in done.stderr, done.stderr
        assert "Traceback" not in done.stderr and not list(small.glob("**/*.tmp"))
        (run,) = records.find(small / "reports")
        assert run.status == "ok" and done.stderr.startswith("small  ok: ")
    finally:
        subprocess.run(["umount", "-l", small], check=True)


def test_a_bad_notebook_keeps_no_other_from_running(notebook, tmp_path):
    notebook("print(1)", name="good")
    (tmp_path / "notebooks" / "bad.ipynb").write_text("{")
    (tmp_path / "notebooks" / "worse.ipynb").write_text('{"cells": [{"cell_type": "markdown"}]}')
    shown = cli(tmp_path, "--list")
    assert shown.stdout.startswith("good\n    n: int") and shown.returncode == 2
    done = cli(tmp_path)
    ran, named = done.stderr.splitlines()
    assert ran.startswith("good  ok") and done.returncode == 2
    assert named == shown.stderr.strip() and "bad.ipynb cannot be read" in named and "worse.ipynb" in named


def test_a_notebook_may_be_named(notebook, tmp_path, monkeypatch):
    path = notebook("print(1)")
    monkeypatch.chdir(tmp_path)
    assert run_report("small", {"n": 3}).params["n"] == 3
    assert run_report(path, out=tmp_path / "reports").name == "small"
    with pytest.raises(BadInput, match="there is no notebook 'large' in notebooks/: it has small"):
        run_report("large")


def test_the_shipped_notebooks_are_typed_commented_and_stripped():
    folder = Path(__file__).parent.parent.parent / "notebooks"
    for notebook in find_notebooks(folder):
        assert notebook.tagged and all(p.help for p in notebook.parameters), notebook.name
        cells = json.loads(notebook.path.read_text())["cells"]
        assert not [c for c in cells if c.get("outputs")], notebook.name
        assert any(c["cell_type"] == "markdown" for c in cells)


def test_markdown_and_widgets_survive_into_the_page(notebook, tmp_path):
    path = notebook(
        "from labkit.widgets import RefinementView\n"
        "view = RefinementView.start('unique_identifiers', turns=1)\nview", "study = view.wait()\nstudy",
    )  # fmt: skip
    nb = nbformat.read(path, 4)
    nb.cells.insert(0, new_markdown_cell("# A *title*"))
    nbformat.write(nb, path)
    run = report(path, tmp_path)
    page = (run.path / "index.html").read_text()
    assert run.status == "ok" and "<em>title</em>" in page
    # the view's own table, updated by wait() to the final state, not to how it was when it was shown
    assert re.search(r"refinement of unique_identifiers: finished, 1 turn\b", page)
    assert "rewrite:membership_set" in page and "widget-view+json" not in page
