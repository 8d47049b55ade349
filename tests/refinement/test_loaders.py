"""Task files in the forms that people have, written here; and files that would rather not be loaded."""

import builtins
import gzip
import json

import pytest

from labkit.errors import BadInput, MissingExtra, SandboxUnavailable
from labkit.refinement import loaders, refine
from labkit.refinement.loaders import load_tasks
from labkit.refinement.population import population


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


RAISES = human(
    "h/4",
    "    if not xs:\n        raise ValueError(xs)\n    return xs[0]\n",
    "def check(candidate):\n    try:\n        candidate([])\n    except ValueError:\n        pass\n    assert candidate([4]) == 4\n",
)
HELPED = human(
    "h/5",
    "    return twice(sum(xs))\n",
    "def both(f):\n    return f([1]) + f([2])\ndef check(candidate):\n    assert both(candidate) == twice(3)\n",
    head="import math\n\n\ndef twice(x):\n    return 2 * x\n\n\ndef total(xs):\n",
)


def test_calls_that_raise_are_left_out_and_helpers_of_both_sides_are_there(tmp_path):
    tasks, skipped = load_tasks(write(tmp_path / "h.jsonl", RAISES, HELPED))
    assert skipped == [] and [task.inputs for task in tasks] == [(([4],),), (([1],), ([2],))]
    assert all(refine(task, turns=2, record=False).trajectories for task in tasks)


def test_nothing_of_a_file_runs_in_this_process(tmp_path):
    mark = "import builtins\nbuiltins.labkit_was_here = True\n"
    record = human("h", SUM, mark + CHECK, head=mark + "def total(xs, start=0):\n")
    code = {"task_id": 1, "code": mark + "def f(x):\n    return x", "test_list": [mark, "assert f(1) == 1"]}
    for each in (record, {**record, "base_input": [[[1]]]}, code):
        assert len(load_tasks(write(tmp_path / "h.jsonl", each)).tasks) == 1
    assert not hasattr(builtins, "labkit_was_here")


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
    digits = {
        "task_id": 9,
        "text": "Digits.",
        "code": "import re\ndef digits(s):\n    return re.findall('\\d', s)\n",
        "test_list": ["assert set(digits('a1')) == set(['1'])", "assert digits('\\d') == []"],
        "test_setup_code": "",
        "challenge_test_list": None,
    }
    path = tmp_path / "m.json"
    path.write_text(json.dumps([full, clean, digits], indent=1))
    tasks, skipped = load_tasks(path)
    assert not skipped and [t.program.entry for t in tasks] == ["square", "root", "digits"]
    assert [t.inputs for t in tasks] == [((3,), (-2,)), ((4,),), (("a1",), ("\\d",))] and tasks[
        0
    ].statement == "Square it."
    assert all(refine(task, turns=1, record=False).trajectories for task in tasks[:2])


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


@pytest.mark.parametrize(
    "atol, tolerance", [(0, 1e-6), (None, 1e-6), (1e-4, 1e-4), (1.0, 1e-3), (float("nan"), 1e-6), (-1, 1e-6)]
)
def test_the_tolerance_of_evalplus_is_absolute_and_ours_is_rather_stricter(atol, tolerance, tmp_path):
    record = {**human("E/1", SUM, ""), "base_input": [[[1, 2]]], "plus_input": None, "atol": atol}
    (task,) = load_tasks(write(tmp_path / "e.jsonl", record)).tasks
    assert task.tolerance == tolerance


def test_evalplus_that_fails_on_its_own_inputs_is_skipped(tmp_path):
    base = human("E/1", SUM, "")
    given = [
        {"base_input": []},
        {"base_input": [{"xs": [1]}]},
        {"base_input": [[[1]], [["a"]]]},
        {"base_input": 3},
        {"base_input": [[[1]]]},
    ]
    records = [{**base, "task_id": f"E/{i}", **each} for i, each in enumerate(given)]
    tasks, skipped = load_tasks(write(tmp_path / "e.jsonl", *records))
    assert [task.name for task in tasks] == ["E_4"]
    assert [each.reason[:29] for each in skipped[:3]] == [
        "no inputs",
        "its inputs are not lists of a",
        "its own solution fails on inp",
    ]
    assert refine(tasks[0], turns=2, record=False).trajectories[0].turns[0].outcome.ok


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


def venus(name, cases, *solutions, prompt=""):
    return {
        "problem_id": name,
        "question_content": "Do it.",
        "code_prompt": prompt,
        "test_cases": cases,
        "solutions": list(solutions),
    }


ECHO = [{"input": "4\n5\n", "output": "9\n"}]
STYLES = {
    "buffers": "import sys\na, b = sys.stdin.buffer.read().split()\nsys.stdout.buffer.write(b'%d' % (int(a) + int(b)))\n",
    "exit": "import sys\nprint(sum(map(int, sys.stdin)))\nsys.exit(0)\n",
    "main": "def main():\n    print(int(input()) + int(input()))\nif __name__ == '__main__':\n    main()\n",
    "lines": "from sys import stdin\nprint(sum(int(x) for x in stdin.readlines()))\nraise SystemExit\n",
}


@pytest.mark.parametrize("style", STYLES)
def test_a_program_of_any_style_is_a_function_of_its_input(style, tmp_path):
    tasks, skipped = load_tasks(write(tmp_path / "v.jsonl", venus(style, ECHO, solution(STYLES[style]))))
    assert skipped == [] and tasks[0].inputs == (("4\n5\n",),)


def test_a_program_that_ends_badly_is_no_solution(tmp_path):
    code = "print(9)\nraise SystemExit(1)\n"
    (only,) = load_tasks(write(tmp_path / "v.jsonl", venus("v", ECHO, solution(code)))).skipped
    assert "fails on input 0" in only.reason


METHOD = "class Solution:\n    def less(self, a, b):\n        return a - b\n"
OPEN = "class Solution:\n    def less(self, a: int, b: int) -> int:\n        "


def test_venus_calls_by_name_in_pairs_and_with_a_prompt_that_is_open(tmp_path):
    named = venus("named", [{"input": {"b": 1, "a": 3}, "output": 2}], solution(METHOD), prompt=OPEN)
    pairs = venus("pairs", [[[3, 1], 2], [[1, 3], -2]], solution(METHOD), prompt=OPEN)
    single = venus("single", [[7, 14]], solution("def double(x):\n    return 2 * x\n"))
    tasks, skipped = load_tasks(write(tmp_path / "v.jsonl", named, pairs, single))
    assert skipped == [] and [task.program.entry for task in tasks] == ["less", "less", "double"]
    assert [task.inputs for task in tasks] == [((3, 1),), ((3, 1), (1, 3)), ((7,),)]


def test_the_program_is_the_fastest_whose_answers_are_those_of_the_tests(tmp_path):
    liar, broken = "print(8)", "print 9"
    slow = "print(int(input()) + int(input()))"
    unmeasured = {"code": slow + "\n", "passed": True, "time": float("nan"), "memory": None}
    record = venus(
        "v", ECHO, solution(slow, time=5), solution(liar, time=1), solution(broken, time=2), unmeasured
    )
    (task,) = load_tasks(write(tmp_path / "v.jsonl", record)).tasks
    assert repr(slow) in task.program.source and len(task.solutions) == 4
    assert task.solutions[3].figures == {}
    found = population(task, repeats=1, cache=False)
    assert [each.passed for each in found.entries] == [True, True, False, False, True]
    assert found.statuses == {"solution 1": "wrong_answer", "solution 2": "runtime_error"}
    assert found.recorded["solution 0"]["cpu_s"].value == 0.005 != found.entries[1].figures["cpu_s"].value


UNUSABLE = [
    (venus("v", ECHO, solution("print(9)", passed=False)), "no passing solution"),
    (venus("v", ECHO), "no passing solution"),
    (venus("v", [], solution("print(9)")), "no test cases"),
    (venus("v", [[1, 2, 3]], solution("print(9)")), "its test cases are not pairs"),
    (venus("v", "{", solution("print(9)")), "JSONDecodeError"),
    (venus("v", None, solution("print(9)")), "TypeError"),
    (venus("v", ECHO, {"passed": True}), "it has no 'code'"),
    (venus("v", ECHO, solution("print(8)")), "other answers than its test cases"),
    (venus("v", [{"input": {"z": 1}, "output": 2}], solution(METHOD), prompt=OPEN), "does not take z"),
    (venus("v", [[[1], 2]], solution("x = 1")), "its code defines no function"),
]


@pytest.mark.parametrize("record, reason", UNUSABLE)
def test_a_venus_record_that_is_no_task(record, reason, tmp_path):
    (only,) = load_tasks(write(tmp_path / "v.jsonl", record)).skipped
    assert reason in only.reason and only.line == 1


def test_parquet_reads_as_the_same_records_do(tmp_path):
    pytest.importorskip("pyarrow")
    import pandas

    records = [
        venus(str(i), [{"input": f"{i}\n5\n", "output": str(i + 5)}], solution(STYLES["main"]))
        for i in range(3)
    ]
    pandas.DataFrame(records).to_parquet(tmp_path / "v.parquet")
    tasks = load_tasks(tmp_path / "v.parquet").tasks
    assert tasks == load_tasks(write(tmp_path / "v.jsonl", *records)).tasks and len(tasks) == 3
    (tmp_path / "cut").write_bytes((tmp_path / "v.parquet").read_bytes()[:200])
    with pytest.raises(BadInput, match="cut: not parquet that can be read"):
        load_tasks(tmp_path / "cut")


def test_parquet_without_its_reader_is_told_so(tmp_path, monkeypatch):
    def missing(module, extra):
        raise MissingExtra(module)

    monkeypatch.setattr(loaders, "need", missing)
    (tmp_path / "x").write_bytes(b"PAR1....")
    with pytest.raises(BadInput, match="x: parquet takes two packages to read: pip install pandas pyarrow"):
        load_tasks(tmp_path / "x")


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


def test_records_that_are_not_what_their_keys_promise_are_skipped(tmp_path):
    good = human("good", SUM, CHECK)
    bad = [
        {**good, "prompt": None},
        {**good, "canonical_solution": "  return ("},
        {**good, "canonical_solution": "    return " + "(" * 5000 + ")" * 5000 + "\n"},
        {**good, "entry_point": "other"},
        {**good, "prompt": "\0" + good["prompt"]},
        {"code": "x = 1", "test_list": []},
        {"code": None, "test_list": ["f()"]},
        {"code": "def f():\n    return 1", "test_list": [3]},
        {"other": 1},
    ]
    tasks, skipped = load_tasks(write(tmp_path / "h.jsonl", *bad, good))
    assert [task.name for task in tasks] == ["good"] and [each.line for each in skipped] == list(range(1, 10))
    assert skipped[-1].reason == "unknown form with the keys other"
    assert all(each.reason and "\n" not in each.reason for each in skipped)


def test_trouble_of_the_sandbox_is_no_fault_of_a_record(tmp_path, monkeypatch):
    def unavailable(*args, **options):
        raise SandboxUnavailable("no isolation")

    monkeypatch.setattr(loaders, "call", unavailable)
    with pytest.raises(SandboxUnavailable):
        load_tasks(write(tmp_path / "h.jsonl", EATS))


def test_lines_end_where_files_end_them_and_a_mark_of_bytes_is_none(tmp_path):
    record = {**human("h", SUM, CHECK), "note": "one\u2028two\x85three"}
    path = tmp_path / "h.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(record, ensure_ascii=False).encode() + b"\r\n\r\n")
    assert [task.name for task in load_tasks(path, limit=1).tasks] == ["h"]
    for limit in (-1, 1.5):
        with pytest.raises(BadInput, match="limit="):
            load_tasks(path, limit=limit)


ZIPPED = gzip.compress(
    b'{"a": "' + bytes(range(32, 127)).replace(b'"', b"").replace(b"\\", b"") * 9 + b'"}\n'
)


@pytest.mark.parametrize(
    "content, words",
    [
        (b"", "no records"),
        (b"{}\n", "line 1: unknown form"),
        (b'{"a": 1, "b": 2}\n', "keys a, b"),
        (b"[1]", "line 1: a int"),
        (b"{\n", "line 1: not JSON"),
        (b"\xff\xfe", "not UTF-8"),
        (b"{}\n[\n", "line 2: not JSON"),
        (b"[{},\n{]", "line 2: not JSON"),
        (b"{}\n{}\n\xff", r"line 3: not UTF-8 text \(byte 0\)"),
        (b"[" * 100_000, "line 1: not JSON that can be read"),
        (b'{"a": ' + b"9" * 5000 + b"}", "line 1: not JSON that can be read"),
        (gzip.compress(b"{}" * 99)[:-9], "line 1: damaged or cut short: .*end-of-stream"),
        (gzip.compress(b"{}\n{}\n")[:-9], "line 3: damaged or cut short"),
        (ZIPPED[:40] + b"\xff" * 20 + ZIPPED[60:], "line 1: damaged or cut short"),
    ],
)
def test_a_file_that_is_none_is_one_line(content, words, tmp_path):
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(BadInput, match=words) as caught:
        load_tasks(tmp_path / "x")
    assert "\n" not in str(caught.value)
    assert str(tmp_path / "x") in str(caught.value)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(BadInput, match="gone: No such file"):
        load_tasks(tmp_path / "gone")
    with pytest.raises(BadInput, match="Is a directory"):
        load_tasks(tmp_path)
