"""The cases of the lab: each is a sound task on real data, whatever the optimiser makes of it."""

import copy
import doctest
import importlib
import marshal
import os
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

from labkit.refinement import cases, corpus

ROOT = Path(__file__).resolve().parents[2]
NAMES = sorted(module.name for module in pkgutil.iter_modules(cases.__path__))
EXACT_TYPES = (type(None), bool, int, float, str, bytes, tuple, list, dict, set, frozenset)

# One line of the child process: a marshalled dict from case to its results.
RUN_ALL = """
import importlib, marshal, sys
results = {}
for name in sys.argv[1:]:
    case = importlib.import_module("labkit.refinement.cases." + name)
    results[name] = [getattr(case, name)(*arguments) for arguments in case.inputs(0)]
sys.stdout.buffer.write(marshal.dumps(results))
"""

TINY = {
    "definition_uses": [
        (
            ([("f", "a.py", 1), ("g", "a.py", 5), ("f", "b.py", 2)], [("f", "c.py", 9), ("h", "c.py", 10)]),
            [("f", "c.py:9", "a.py:1"), ("f", "c.py:9", "b.py:2")],
        )
    ],
    "edit_distances": [
        (([(list("kitten"), list("sitting")), ([], ["a", "b"]), (["a"], ["a"])],), [3, 2, 0]),
        (([(["if", "x", ":"], ["if", "not", "x", ":"])],), [1]),
    ],
    "import_distances": [
        (
            ({"a": ["b", "c"], "b": ["d"], "c": ["d", "a"], "d": []}, ["a", "d"]),
            {"a": {"a": 0, "b": 1, "c": 1, "d": 2}, "d": {"d": 0}},
        )
    ],
    "index_terms": [
        ((["The cat saw the dog", "a cat", "DOG dog"], [" THE ", "saw"]), {"cat": [1, 2], "dog": [1, 3]})
    ],
    "line_depths": [(([(1, 4), (2, 3), (3, 3), (6, 9)], 6), [1, 2, 3, 1, 0, 1])],
    "load_order": [
        (({"app": ["lib", "os"], "lib": ["os"], "os": [], "abc": ["app"]},), ["os", "lib", "app", "abc"]),
        (({"b": ["a"], "a": ["b"], "c": ["elsewhere"]},), ["c", "a", "b"]),
    ],
    "log_summary": [
        (
            (["-- start --", "a.py:7 INFO hello", "b.py:1 ERROR no", "a.py:3 INFO x", "a.py:5 DEBUG olleh"],),
            {
                "a.py": {"levels": {"INFO": 2, "DEBUG": 1}, "last": 7, "longest": "hello"},
                "b.py": {"levels": {"ERROR": 1}, "last": 1, "longest": "no"},
            },
        )
    ],
    "moving_average": [(([1, 2, 3, 5], 2), [1, 2, 4]), (([1], 2), [])],
    "newest_first": [
        (
            ([("a.py", 1, " x = 1"), ("lib/b.py", 20, "y"), ("a.py", 3, "z ")], 5),
            " a.py:3     #2    z\n/b.py:20    #1    y\n a.py:1     #1    x = 1\n",
        )
    ],
    "ngram_table": [((["a.b", "a.b", "b a"], 2), {("a", "."): 2, (".", "b"): 2})],
    # "aa bb" fits into 5, "cc" does not follow; "aa" alone leaves 3 and then "bb cc" is free of charge.
    "paragraph_breaks": [
        (([["aa", "bb", "cc"], ["aaaaaaaa", "b"], [], ["aaa", "bbb", "c", "d", "e"]], 5), [0, 0, 0, 4])
    ],
    "running_top": [(([5, 1, 7, 7], 2), [[5], [5, 1], [7, 5], [7, 7]])],
    "unique_identifiers": [((["for b in a:  # a comment", "    b = a_1(b)"],), ["b", "a", "a_1"])],
    "word_counts": [(("The cat, the dog's CAT",), {"the": 2, "cat": 2, "dog's": 1})],
}


def load(name):
    return importlib.import_module(f"{cases.__name__}.{name}")


def assert_exact(value):
    assert type(value) in EXACT_TYPES, type(value)
    if type(value) is dict:
        assert_exact([*value, *value.values()])
    elif type(value) not in EXACT_TYPES[:6]:
        for item in value:
            assert_exact(item)


@pytest.fixture(scope="module")
def results_by_hash_seed():
    """Results of every case at inputs(0) from two processes that differ in PYTHONHASHSEED."""

    def run(hash_seed):
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-c", RUN_ALL, *NAMES]
        # marshal refuses what is no builtin, so a Counter as result fails in the child already.
        child = subprocess.run(command, env=environment, capture_output=True, timeout=60, check=True)
        return marshal.loads(child.stdout)

    return run("0"), run("1")


def test_there_are_fourteen_cases_and_each_has_an_example():
    assert len(NAMES) == 14
    assert sorted(TINY) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_program_is_named_like_its_file_and_says_what_it_does(name):
    case = load(name)
    assert callable(getattr(case, name))
    assert case.__doc__ and case.inputs.__doc__


@pytest.mark.parametrize("name", NAMES)
def test_inputs_follow_seed_and_size(name):
    inputs = load(name).inputs
    first = inputs(0)
    assert len(first) in (2, 3)
    assert first == inputs(0)
    assert first != inputs(1)
    assert all(type(arguments) is tuple for arguments in first)
    assert_exact(first)
    assert len(marshal.dumps(inputs(0, size=0.3))) < len(marshal.dumps(first))


@pytest.mark.parametrize("name", NAMES)
def test_the_call_leaves_its_arguments_alone(name):
    case = load(name)
    for arguments in case.inputs(2, size=0.3):
        before = copy.deepcopy(arguments)
        assert_exact(getattr(case, name)(*arguments))
        assert arguments == before


@pytest.mark.parametrize("name", NAMES)
def test_results_do_not_depend_on_the_hash_seed(name, results_by_hash_seed):
    one, other = (results[name] for results in results_by_hash_seed)
    assert one == other
    assert all(len(result) > 10 for result in one)  # an empty result would judge nothing


@pytest.mark.parametrize("name", NAMES)
def test_the_example_done_by_hand(name):
    for arguments, expected in TINY[name]:
        assert getattr(load(name), name)(*arguments) == expected


def test_the_corpus_reads_modules_of_this_library_only():
    paths = [corpus.relative(path) for path in corpus.library_paths()]
    assert len(paths) > 200
    folders = {folder for path in paths for folder in path.split("/")[:-1]}
    assert not folders & {"test", "tests", "lib2to3", "idlelib", "site-packages", "__pycache__"}
    assert doctest.testmod(corpus).failed == 0
