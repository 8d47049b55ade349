"""The cases of the lab: each is a sound task on real data, whatever the optimiser makes of it."""

import copy
import doctest
import marshal
import os
import subprocess
import sys
from pathlib import Path

import pytest

from labkit.refinement import corpus, load_case, reference_solutions, task_names
from labkit.refinement.task import GROUPS, case_module
from labkit.sandbox import Reference, call

ROOT = Path(__file__).resolve().parents[2]
NAMES = task_names()
EXACT_TYPES = (type(None), bool, int, float, str, bytes, tuple, list, dict, set, frozenset)

# One line of the child process: a marshalled dict from case to its results.
RUN_ALL = """
import marshal, sys
from labkit.refinement.task import case_module
results = {}
for name in sys.argv[1:]:
    case = case_module(name)
    results[name] = [getattr(case, name)(*arguments) for arguments in case.inputs(0, 0.4)]
sys.stdout.buffer.write(marshal.dumps(results))
"""

load = case_module


def assert_exact(value):
    assert type(value) in EXACT_TYPES, type(value)
    if type(value) is dict:
        assert_exact([*value, *value.values()])
    elif type(value) not in EXACT_TYPES[:6]:
        for item in value:
            assert_exact(item)


@pytest.fixture(scope="module")
def results_by_hash_seed():
    """Results of every case at inputs(0, 0.4) from two processes that differ in PYTHONHASHSEED."""

    def run(hash_seed):
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-c", RUN_ALL, *NAMES]
        # marshal refuses what is no builtin, so a Counter as result fails in the child already.
        child = subprocess.run(command, env=environment, capture_output=True, timeout=120, check=True)
        return marshal.loads(child.stdout)

    return run("0"), run("1")


FAMILIES = {
    "de-duplication", "joins", "windows", "graph", "string", "parsing", "DP", "numeric", "intervals", "top-k",
    "simulation", "text",
}  # fmt: skip


def test_there_are_sixty_four_in_twelve_families_a_quarter_of_them_held_out():
    assert len(NAMES) == len(set(NAMES)) == 64
    assert [len(task_names(group)) for group in GROUPS] == [14, 34, 16]
    assert {load(name).FAMILY for name in NAMES} == FAMILIES
    assert len({load(name).FAMILY for name in task_names("held_out")}) == 12


@pytest.mark.parametrize("name", NAMES)
def test_start_and_solutions_are_programs_of_their_own_and_right(name):
    """Each is run confined, so it can stand alone, on the examples and on other data than the timed."""
    task = load_case(name, seed=1, size=0.1)
    programs = {"start": task.program, **reference_solutions(name)}
    assert len(programs) >= 6 and len({program.source for program in programs.values()}) == len(programs)
    expected = [answer for _, answer in task.examples]
    assert len(expected) >= 6
    for label, program in programs.items():
        done = call(program.source, program.entry, task.inputs, mode="fast")
        assert done.ok, (label, done.error)
        answers = Reference(task.inputs, tuple(expected), done.arguments, {}, task.tolerance, task.check)
        problems = [answers.problem(i, got) for i, got in enumerate(done.values[: len(expected)])]
        assert not any(problems), (label, problems)
        assert done.arguments == task.inputs, f"{label} changes its arguments"
        if label == "start":
            expected += done.values[len(expected) :]


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
    if name in task_names("real"):
        assert all(len(result) > 3 for result in one)  # an empty result would judge nothing


def test_the_corpus_reads_modules_of_this_library_only():
    paths = [corpus.relative(path) for path in corpus.library_paths()]
    assert len(paths) > 200
    folders = {folder for path in paths for folder in path.split("/")[:-1]}
    assert not folders & {"test", "tests", "lib2to3", "idlelib", "site-packages", "__pycache__"}
    assert doctest.testmod(corpus).failed == 0
