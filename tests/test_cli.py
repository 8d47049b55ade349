"""The command as a user meets it: one clear line for bad input, truthful exit codes."""

import subprocess
import sys

import pytest


def labkit(*arguments, cwd=None, stdin=None):
    command = [sys.executable, "-m", "labkit.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, input=stdin)


def test_run_passes_output_through_and_says_what_it_cost(tmp_path):
    (tmp_path / "a.py").write_text("print('hello')")
    done = labkit("run", tmp_path / "a.py")
    assert (done.returncode, done.stdout) == (0, "hello\n")
    assert "ok; wall_s" in done.stderr and "guards: " in done.stderr
    assert labkit("run", "-", stdin="print(1)").stdout == "1\n"
    bad = labkit("run", "-", "--wall", "0.3", stdin="while True: pass")
    assert bad.returncode == 1 and "timeout (more than 0.3 s of wall time)" in bad.stderr


SLOW = '''"""Mine."""


def common(left, right):
    # keeps order
    return [x for x in left if x in right]


def inputs():
    return [(list(range(0, 3000, 2)), list(range(0, 3000, 3)))]


def noisy(x):
    import random
    return random.random()


def numbers():
    return [1]


def odd_inputs():
    return [object()]
'''


def test_refine_a_function_of_a_file(tmp_path):
    (tmp_path / "mine.py").write_text(SLOW)
    done = labkit("refine", "mine.py::common", "--turns", "2", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (
        "less time [" in done.stdout and "+++ b/common.py" in done.stdout and "# keeps order" in done.stdout
    )
    assert "0.1  kept" in done.stderr and list(tmp_path.glob("runs/refine/common/*/001/run.json"))


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["run", "no.py"], "no.py: No such file or directory"),
        (["run", "bytes.py"], "bytes.py is not UTF-8 text"),
        (["run", "mine.py", "--wall", "-1"], "limit wall_s=-1.0"),
        (["refine", "no.py::f"], "no.py: there is no such file"),
        (["refine", "mine.py::nothing"], "has no function 'nothing': it has common"),
        (["refine", "mine.py::common", "--inputs", "nothing"], "has no function 'nothing'"),
        (["refine", "mine.py::noisy", "--inputs", "numbers"], "gives two answers for one input"),
        (["refine", "mine.py::noisy", "--inputs", "odd_inputs"], "input 0[0] is of type object"),
        (["refine", "nothing"], "there is no task 'nothing': choose one of"),
        (["refine", "mine.py::common", "--turns", "0"], "turns=0"),
        (["refine", "mine.py::common", "--runs", "mine.py/runs"], "mine.py"),
        (["report", "nothing"], "there is no notebook 'nothing' in notebooks/"),
        (["report"], "no notebooks in notebooks/"),
        (["report", "x.ipynb"], "there is no such notebook"),
        (["report", "x.ipynb", "-p", "oops"], "write it as -p name=value"),
    ],
)
def test_bad_input_is_one_line_and_exit_2(arguments, words, tmp_path):
    (tmp_path / "mine.py").write_text(SLOW)
    (tmp_path / "bytes.py").write_bytes(b"x = '\xff'")
    done = labkit(*arguments, cwd=tmp_path)
    assert done.returncode in (1, 2) and done.stdout == ""
    lines = [line for line in done.stderr.splitlines() if not line.startswith(("0.", "1."))]
    assert len(lines) == 1 and lines[0].startswith("labkit: ") and words in lines[0], done.stderr


def test_debug_shows_the_traceback(tmp_path):
    done = labkit("--debug", "run", "no.py", cwd=tmp_path)
    assert "Traceback" in done.stderr and done.returncode == 1


SLOW_FILE = (
    "def common(left, right):\n    return [x for x in left if x in right]\n\n\n"
    "def inputs():\n    return [(list(range(1500)), list(range(0, 1500, 3)))]\n"
)


@pytest.fixture
def refining(tmp_path):
    (tmp_path / "m.py").write_text(SLOW_FILE)
    return lambda *options, **given: labkit("refine", "m.py::common", *options, cwd=tmp_path, **given)


def test_refine_says_where_the_cost_is_and_runs_nothing_else(refining, tmp_path):
    done = refining("--hotspots")
    assert done.returncode == 0 and "line 2 (statement) is" in done.stdout
    assert "no change can win more than" in done.stdout and not (tmp_path / "runs").exists()


def test_refine_with_a_mixture_and_the_same_study_again_from_its_record(refining, tmp_path):
    first = refining("--objective", "0.9*time+0.1*memory", "--turns", "2")
    record = first.stdout.strip().rpartition("record: ")[2]
    again = labkit("refine", "--replay", record, cwd=tmp_path)
    assert again.stdout == first.stdout and "less 0.9*time+0.1*memory" in first.stdout


def test_refine_with_an_endpoint_that_is_down_ends_in_order(refining):
    done = refining("--endpoint", "http://127.0.0.1:9", "--model", "m", "--turns", "1")
    assert done.returncode == 0 and "nothing proved better in 1 turns" in done.stdout
    assert "endpoint_down" in done.stderr
    nameless = refining("--endpoint", "http://127.0.0.1:9")
    assert nameless.returncode == 2 and "--endpoint needs --model" in nameless.stderr


@pytest.mark.parametrize("said, improved", [("y\n", True), ("n\n", False), ("", False)])
def test_refine_asks_before_it_keeps(said, improved, refining):
    done = refining("--approve", "--turns", "1", stdin=said)
    assert ("less time" in done.stdout) is improved and "keep it? [y/N]" in done.stderr


def test_refine_without_a_target_says_what_to_give():
    done = labkit("refine")
    assert done.returncode == 2 and "FILE::FUNCTION" in done.stderr


def test_refine_changes_the_file_when_asked_and_the_patch_takes_it_back(refining, tmp_path):
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    (tmp_path / "data.py").write_text(
        "def make(seed, size):\n    n = int(1500 * size)\n    return [(list(range(seed, seed + n)), list(range(0, n, 3)))]\n"
    )
    kept = refining("--turns", "2", "--inputs", "data.py::make")
    assert "not applied: " in kept.stderr and (tmp_path / "m.py").read_text() == SLOW_FILE
    assert "on fresh inputs" in kept.stdout
    done = refining("--turns", "2", "--inputs", "data.py::make", "--apply")
    patch = done.stderr.strip().rpartition("applied: ")[2]
    changed = (tmp_path / "m.py").read_text()
    assert (
        done.returncode == 0 and changed != SLOW_FILE and changed.endswith(SLOW_FILE.partition("\n\n\n")[2])
    )
    subprocess.run(["git", "apply", "-R", patch], cwd=tmp_path, check=True)
    assert (tmp_path / "m.py").read_text() == SLOW_FILE


def test_refine_names_a_maker_that_is_not_there(refining, tmp_path):
    (tmp_path / "data.py").write_text("x = 1\n")
    done = refining("--inputs", "data.py::make")
    assert done.returncode == 2 and "data.py has no function 'make'" in done.stderr
    assert "no such file" in refining("--inputs", "gone.py::make").stderr
