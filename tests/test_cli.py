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
        (["zoo", "train", "nano", "--steps", "0"], "--steps 0: give a number from 1 on"),
        (["zoo", "train", "nano", "--minutes", "-1"], "--minutes -1.0: give a number above 0"),
        (["zoo", "eval", "nowhere"], "nowhere holds no model"),
        (["zoo", "card", "mammoth"], "no model 'mammoth'"),
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


REAL = '''#!/usr/bin/env python3
# Loans of a small library.
"""Who has which book."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field

LIMIT = 3  # books a reader


def told(function):
    """Writes down each call."""

    @functools.wraps(function)
    def inner(*args):
        return function(*args)

    return inner


def listed(function):
    NAMES.append(function.__name__)
    return function


NAMES = []


@listed
def missing(wanted, shelf):
    """What is wanted and not there, in order."""
    gone = []
    for book in wanted:
        if book not in shelf:  # a list
            gone.append(book)
    return gone


@dataclass
class Library:
    """Books by title."""

    books: list[str] = field(default_factory=list)
    asked: int = 0

    def missing(self, wanted):
        # not the function above
        return missing(wanted, self.books)

    @property
    def size(self):
        return len(self.books)

    # the slow one
    def lend(self, wanted: list[str], reader: str) -> list[tuple[str, str]]:
        """The books that are there, each with its reader."""
        here = sorted(self.books)
        lent = []
        for book in wanted:
            if book in here:  # every time
                lent.append((book, reader))
        self.asked += len(wanted)
        return lent

    @told
    def first(self):
        return self.books[0]


def pairs():
    return [([f"b{i}" for i in range(0, 2000, 2)], [f"b{i}" for i in range(1000)])]


def loans():
    return [(Library(shelf), wanted, "me") for wanted, shelf in pairs()]
'''
ITS_TESTS = """import library
shelf = library.Library(["b", "a"])
assert shelf.lend(["a", "x", "b"], "me") == [("a", "me"), ("b", "me")] and shelf.asked == 3
assert shelf.missing(["a", "x"]) == library.missing(["a", "x"], ["a"]) == ["x"]
assert shelf.size == 2 and shelf.first() == "b" and library.NAMES == ["missing"]
print("green")
"""


def test_refine_applies_to_a_function_and_to_a_method_of_a_real_module(tmp_path):
    def git(*words):
        return subprocess.run(
            ["git", *words], cwd=tmp_path, check=True, capture_output=True, text=True
        ).stdout

    path, tests = tmp_path / "library.py", tmp_path / "test_library.py"
    path.write_text(REAL)
    tests.write_text(ITS_TESTS)
    git("init", "-q")
    patches = []
    for target, inputs in [("missing", "pairs"), ("Library.lend", "loans")]:
        before = path.read_text()
        done = labkit(
            "refine", f"library.py::{target}", "--inputs", inputs, "--turns", "3", "--apply", cwd=tmp_path
        )
        assert done.returncode == 0, done.stderr
        patches.append(done.stderr.strip().rpartition("applied: ")[2])
        now = path.read_text()
        assert now != before and "labkit" not in now
        green = subprocess.run([sys.executable, tests], cwd=tmp_path, capture_output=True, text=True)
        assert green.stdout == "green\n", (green.stderr, now)
        git("apply", "-R", patches[-1])
        assert path.read_text() == before
        git("apply", patches[-1])
        assert path.read_text() == now
    code = [line for line in REAL.splitlines() if " in here" not in line and " in shelf" not in line]
    assert [line for line in now.splitlines() if line in code] == code, "all else stays, in its order"
    assert "# a list" in now and "# every time" in now
    for patch in reversed(patches):
        git("apply", "-R", patch)
    assert path.read_text() == REAL


@pytest.mark.parametrize(
    "target, words",
    [
        ("Library.size", "Library.size is a property, not a method"),
        ("Library.lend", "input 0 of Library.lend starts with a list: give tuples (Library instance"),
        ("Library.nothing", "Library has no method 'nothing': it has"),
        ("Nothing.lend", "library.py has no class 'Nothing': it has Library"),
    ],
)
def test_refine_says_in_one_line_what_a_method_needs(target, words, tmp_path):
    (tmp_path / "library.py").write_text(REAL)
    done = labkit("refine", f"library.py::{target}", "--inputs", "pairs", cwd=tmp_path)
    assert done.returncode == 2 and words in done.stderr and done.stderr.count("\n") == 1, done.stderr


def test_refine_does_not_overwrite_an_edit_made_meanwhile(refining, tmp_path):
    path = tmp_path / "m.py"
    later = "def make():\n    open('m.py', 'a').write('# later\\n')\n    return [(list(range(1500)), [*range(0, 1500, 3)])]\n"
    (tmp_path / "data.py").write_text(later)
    done = refining("--turns", "2", "--inputs", "data.py::make", "--apply")
    assert done.returncode == 2 and path.read_text() == SLOW_FILE + "# later\n"
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("labkit: ")]
    assert "m.py has changed since it was read: not applied; " in line and "change.patch is for" in line
    path.write_text(SLOW_FILE)
    patch = line.partition("not applied; ")[2].partition(" is for")[0]
    subprocess.run(["git", "apply", tmp_path / patch], cwd=tmp_path, check=True)
    assert path.read_text() != SLOW_FILE


def test_refine_patches_a_file_with_a_mark_of_the_byte_order(refining, tmp_path):
    (tmp_path / "m.py").write_bytes(b"\xef\xbb\xbf" + SLOW_FILE.encode())
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    done = refining("--turns", "2")
    subprocess.run(["git", "apply", done.stderr.strip().rpartition("applied: ")[2]], cwd=tmp_path, check=True)
    now = (tmp_path / "m.py").read_bytes()
    assert now.startswith(b"\xef\xbb\xbfdef common") and b"set(right)" in now
