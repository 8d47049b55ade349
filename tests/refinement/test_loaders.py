"""Task files in the forms that people have, written here; and files that would rather not be loaded."""

import gzip
import json

import pytest

from labkit.errors import BadInput
from labkit.refinement import loaders, refine
from labkit.refinement.loaders import load_tasks


def write(path, *records, zipped=False):
    text = "\n".join(json.dumps(record) for record in records) + "\n"
    path.write_bytes(gzip.compress(text.encode()) if zipped else text.encode())
    return path


def human(name, body, test, head="def total(xs, start=0):\n"):
    prompt = head + '    """Sum of the numbers."""\n'
    return {
        "task_id": name,
        "prompt": prompt,
        "entry_point": "total",
        "canonical_solution": body,
        "test": test,
    }


SUM = "    for x in xs:\n        start = start + x\n    return start\n"
CHECK = "def check(candidate):\n    assert candidate([1, 2]) == 3\n    for n in range(3):\n        assert abs(candidate(list(range(n)), start=1) - sum(range(n)) - 1) < 1e-6\n"
EATS = human(
    "h/2",
    "    n = 0\n    while xs:\n        n += xs.pop()\n    return n\n",
    "def check(candidate):\n    xs = [1, 2, 3]\n    candidate(xs)\n    assert xs == []\n",
)
RECURS = human(
    "h/3",
    "    return start if not xs else xs[0] + total(xs[1:], start)\n",
    "def check(candidate):\n    assert candidate([1, 2, 3]) == 6\n",
)


def test_humaneval_inputs_come_out_of_loops_tolerances_and_keywords(tmp_path):
    path = write(tmp_path / "h.jsonl.gz", human("h/1", SUM, CHECK), EATS, RECURS, zipped=True)
    tasks, skipped = load_tasks(path)
    assert skipped == [] and [task.name for task in tasks] == ["h_1", "h_2", "h_3"]
    assert tasks[0].inputs == (([1, 2],), ([], 1), ([0], 1), ([0, 1], 1))
    assert tasks[1].inputs == (([1, 2, 3],),), "a copy from before the call"
    assert tasks[2].inputs == (([1, 2, 3],),), (
        "calls that the function makes of itself are none of the test's"
    )
    assert tasks[0].statement == "Sum of the numbers." and tasks[0].program.entry == "total"
    assert refine(tasks[0], turns=2, record=False).trajectories[0].turns[0].outcome.ok


def test_the_mutant_that_keeps_what_the_call_has_changed_is_seen(tmp_path, monkeypatch):
    careless = loaders._RECORDER.replace("copy.deepcopy(bound.args)", "bound.args")
    monkeypatch.setattr(loaders, "_RECORDER", careless)
    assert load_tasks(write(tmp_path / "h.jsonl", EATS)).tasks[0].inputs == (([],),)


def test_mbpp_in_both_its_forms(tmp_path):
    code = "def helper(x):\r\n    return x\r\n\r\ndef square(x):\r\n    return helper(x) ** 2"
    full = {
        "task_id": 7,
        "text": "Square it.",
        "code": code,
        "test_list": ["assert square(3) == 9"],
        "test_setup_code": "import math",
        "challenge_test_list": ["assert square(-2) == 4"],
    }
    clean = {
        "task_id": 8,
        "prompt": "Root.",
        "code": "def root(x):\n    return math.sqrt(x)\n",
        "test_list": ["assert math.isclose(root(4), 2)"],
        "test_imports": ["import math"],
    }
    path = tmp_path / "m.json"
    path.write_text(json.dumps([full, clean]))
    tasks, skipped = load_tasks(path)
    assert not skipped and [t.program.entry for t in tasks] == ["square", "root"]
    assert [t.inputs for t in tasks] == [((3,), (-2,)), ((4,),)] and tasks[0].statement == "Square it."
    assert all(refine(task, turns=1, record=False).trajectories for task in tasks)


def test_evalplus_gives_its_inputs_and_its_tolerance(tmp_path):
    record = {
        **human("E/1", SUM, ""),
        "base_input": [[[1, 2]]],
        "plus_input": [[[5], 2]],
        "contract": "",
        "atol": 1e-6,
    }
    del record["test"]
    (task,) = load_tasks(write(tmp_path / "e.jsonl", record)).tasks
    assert task.inputs == (([1, 2],), ([5], 2)) and task.tolerance == 1e-6


def solution(code, passed=True, time=2.0):
    return {"code": code, "passed": passed, "time": time, "memory": 2048.0, "integral": 4096.0}


def test_venus_with_standard_input_and_with_calls(tmp_path):
    double = "print(int(input()) * 2)"
    text = {
        "problem_id": 1,
        "question_content": "Double.",
        "code_prompt": "",
        "test_cases": json.dumps([{"input": "4\n", "output": "8"}]),
        "solutions": [
            solution("n = int(input())\nprint(n + n)", time=9),
            solution(double),
            solution("print(1)", False, 0.1),
        ],
    }
    method = "class Solution:\n    def twice(self, n):\n        return [n, n]\n"
    calls = {
        "problem_id": 2,
        "question_content": "Twice.",
        "code_prompt": "class Solution:\n    def twice(self, n): ...",
        "test_cases": [{"input": [3], "output": [3, 3]}],
        "solutions": [solution(method)],
    }
    tasks, skipped = load_tasks(write(tmp_path / "v.jsonl", text, calls))
    assert skipped == [] and [task.program.entry for task in tasks] == ["solve", "twice"]
    assert tasks[0].inputs == (("4\n",),) and double in tasks[0].program.source, "the fastest that passes"
    first = tasks[0].solutions[1]
    assert (first.passed, first.figures["cpu_s"].value, first.figures["peak_mib"].value) == (True, 0.002, 2.0)
    assert first.figures["integral_mib_s"].value == pytest.approx(0.004) and not tasks[0].solutions[2].passed
    assert refine(tasks[0], turns=1, record=False).trajectories[0].turns[0].outcome.ok


HOSTILE = {
    "ends": "def check(candidate):\n    import os\n    os._exit(0)\n",
    "reads": "def check(candidate):\n    open('/etc/passwd').read()\n    candidate([1])\n",
    "prints": "def check(candidate):\n    while True:\n        print('x' * 10_000)\n",
    "nothing": "def check(candidate):\n    pass\n",
    "fails": "def check(candidate):\n    assert candidate([1]) == 2\n",
}


def test_what_cannot_be_used_is_listed_with_its_reason_and_the_rest_loads(tmp_path):
    bad = [human(name, SUM, test) for name, test in HOSTILE.items()]
    tasks, skipped = load_tasks(write(tmp_path / "h.jsonl", *bad, human("good", SUM, CHECK)))
    assert [task.name for task in tasks] == ["good"] and [each.name for each in skipped] == list(HOSTILE)
    reasons = {each.name: each.reason for each in skipped}
    assert "makes no calls" in reasons["nothing"] and "AssertionError" in reasons["fails"]
    assert all(each.line and "\n" not in each.reason for each in skipped)
    assert len(load_tasks(tmp_path / "h.jsonl", limit=0).tasks) == 0


@pytest.mark.parametrize(
    "content, words",
    [
        (b"", "no records"),
        (b"{}\n", "line 1: unknown form"),
        (b'{"a": 1, "b": 2}\n', "keys a, b"),
        (b"[1]", "line 1: a int"),
        (b"{\n", "line 1: not JSON"),
        (b"\xff\xfe", "not UTF-8"),
        (gzip.compress(b"{}" * 99)[:-9], "end-of-stream"),
    ],
)
def test_a_file_that_is_none_is_one_line(content, words, tmp_path):
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(BadInput, match=words) as caught:
        load_tasks(tmp_path / "x")
    assert "\n" not in str(caught.value)
    with pytest.raises(BadInput, match="No such file"):
        load_tasks(tmp_path / "gone")
