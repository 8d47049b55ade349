"""A function is taken out with what it uses, and what cannot be taken is named."""

import functools
import math
import os.path as osp
import re
from collections import Counter
from pathlib import Path

import pytest

from labkit.errors import BadInput
from labkit.refinement.capture import capture
from labkit.refinement.task import as_arguments, load_file
from labkit.sandbox import call

WORD = re.compile(r"\w+", re.IGNORECASE)
LIMIT, NAMES = 3, {"a": [1, 2.5, None]}
LIVE = open  # a builtin under another name
STATE = object()


def helper(text):
    return Counter(WORD.findall(text))


def uses_everything(text):
    """Docstring."""
    counts = helper(text)  # a comment
    return [counts.most_common(LIMIT), math.floor(2.5), osp.basename("/a/b"), NAMES["a"]]


def recursive(n):
    return 1 if n < 2 else n * recursive(n - 1)


def uses_state(x):
    return STATE


INF, UNSET = float("inf"), -math.inf


def uses_infinity(x):
    return [min(x, INF), UNSET, [text for text in ("LIMIT",)]]


COUNT = 0


def counts(x):
    global COUNT  # noqa: PLW0603 (what is tested)
    COUNT += 1
    return COUNT


def wrapped(x):
    return x


@functools.wraps(wrapped)
def wrapper(x):
    return x + 1


class Box:
    def method(self):
        return 1


def outer():
    hidden = 3

    def inner(x):
        return x + hidden

    return inner


def test_the_captured_program_stands_alone():
    program = capture(uses_everything)
    done = call(program.source, program.entry, [("b a a c c c",)])
    assert done.values == (uses_everything("b a a c c c"),), done
    assert "# a comment" in program.source and program.source.index("def helper") < program.source.index(
        "def uses"
    )
    assert call(*vars(capture(uses_infinity)).values(), [(5,)]).values == (uses_infinity(5),)
    assert call(*vars(capture(recursive)).values(), [(5,)]).values == (120,)


@pytest.mark.parametrize(
    "function, words",
    [
        (uses_state, "global STATE"),
        (counts, "changes the global COUNT"),
        (wrapper, "wrapped by a decorator"),
        (Box.method, "is a method"),
        (Box().method, "not a plain Python function"),
        (outer(), r"local variables of another function \(hidden\)"),
        (len, "not a plain Python function"),
        (eval("lambda x: x"), "lambda"),
        (Box, "not a plain Python function"),
    ],
)
def test_what_cannot_be_captured_is_named(function, words):
    with pytest.raises(BadInput, match=words):
        capture(function)


def test_inputs_are_tuples_of_arguments():
    assert as_arguments([1, (2, 3), [4]]) == ((1,), (2, 3), ([4],))
    for bad in ([], "text", 5, {"a": 1}):
        with pytest.raises(BadInput):
            as_arguments(bad)


FILE = "LIMIT = 2\n\ndef f(x):\n    return x * LIMIT\n\ndef inputs():\n    return [1, 2]\n\ndef broken():\n    return 1 / 0\n"


def test_a_users_file_is_a_task(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(FILE)
    task = load_file(path, "f")
    assert task.inputs == ((1,), (2,)) and "LIMIT = 2" in task.program.source
    for function, inputs, words in [
        ("g", "inputs", "has no function 'g': it has f, inputs, broken"),
        ("f", "none", "has no function 'none'"),
        ("f", "broken", r"broken\(\) fails: ZeroDivisionError"),
    ]:
        with pytest.raises(BadInput, match=words):
            load_file(path, function, inputs)
    (tmp_path / "bad.py").write_text("1 / 0")
    with pytest.raises(BadInput, match="cannot be imported: ZeroDivisionError"):
        load_file(tmp_path / "bad.py", "f")
    with pytest.raises(BadInput, match="no such file"):
        load_file(Path("nowhere.py"), "f")
