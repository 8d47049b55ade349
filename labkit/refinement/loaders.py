"""Other people's task files: HumanEval, MBPP, EvalPlus, and records with solutions as Venus keeps them.

Covered: JSONL, JSON, either gzipped; the form is told by its keys. Nothing of a file runs in this process:
where inputs are hidden in a test's asserts, the test runs confined with a recorder in the candidate's place.
Not covered: other languages than Python, and downloading any of them.
"""

from __future__ import annotations

import ast
import gzip
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from labkit.errors import BadInput
from labkit.sandbox import Program, call
from labkit.stats import Figure

from .task import CodeTask, Solution

KIB = 1024
_RECORDER = '''

def labkit_inputs(tests):
    """The positional arguments of every call that the tests make, copied before the call may change them."""
    import copy, inspect
    true, found, inside = globals()[{entry!r}], [], [0]
    signature = inspect.signature(true)

    def candidate(*given, **named):
        bound = signature.bind(*given, **named)
        if bound.kwargs:
            raise TypeError("called with keyword-only arguments")
        if not inside[0]:
            found.append(copy.deepcopy(bound.args))
        inside[0] += 1
        try:
            return true(*bound.args)
        finally:
            inside[0] -= 1

    space = dict(globals())
    space.update({{{entry!r}: candidate, "candidate": candidate}})
    for test in tests:
        exec(test, space)
    return found
'''
_STDIN = '''SOURCE = {source!r}


def solve(text):
    """What the program prints when `text` is its standard input."""
    import contextlib, io, sys
    printed, before, sys.stdin = io.StringIO(), sys.stdin, io.StringIO(text)
    try:
        with contextlib.redirect_stdout(printed):
            exec(compile(SOURCE, "solution.py", "exec"), {{"__name__": "__main__"}})
    finally:
        sys.stdin = before
    return printed.getvalue()
'''


class Skipped(NamedTuple):
    """A record that gave no task, and why."""

    line: int
    name: str
    reason: str


class Loaded(NamedTuple):
    """What a file gave."""

    tasks: list[CodeTask]
    skipped: list[Skipped]


class _Unusable(Exception):
    """Why a record gives no task."""


def load_tasks(path: str | Path, *, limit: int | None = None) -> Loaded:
    """The tasks of a file, at most `limit` of them; what cannot be used is listed with its reason.

    Raises BadInput for a file that cannot be read, is empty, or is of none of the known forms.
    """
    tasks, skipped = [], []
    for line, record in _records(Path(path)):
        if limit is not None and len(tasks) >= limit:
            break
        make = _form(record, path, line)
        name = str(record.get("task_id", record.get("problem_id", line)))
        try:
            tasks.append(make(record, re.sub(r"\W+", "_", name).strip("_") or f"line_{line}"))
        except _Unusable as error:
            skipped.append(Skipped(line, name, str(error)))
        except (KeyError, TypeError, ValueError, SyntaxError, BadInput) as error:
            skipped.append(Skipped(line, name, f"{type(error).__name__}: {error}"))
    return Loaded(tasks, skipped)


def _records(path: Path) -> Iterator[tuple[int, dict]]:
    """(line, record) of each."""
    try:
        raw = path.read_bytes()
        text = (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode()
    except UnicodeDecodeError as error:
        raise BadInput(f"{path}: not UTF-8 text (byte {error.start})") from None
    except (OSError, EOFError) as error:
        raise BadInput(f"{path}: {getattr(error, 'strerror', None) or error}") from None
    if text.lstrip()[:1] == "[":
        found = list(enumerate(_json(text, path, 1), 1))
    else:
        lines = enumerate(text.splitlines(), 1)
        found = [(n, _json(line, path, n)) for n, line in lines if line.strip()]
    if not found:
        raise BadInput(f"{path}: no records in it")
    for line, record in found:
        if not isinstance(record, dict):
            raise BadInput(f"{path}, line {line}: a {type(record).__name__}, not a record")
        yield line, record


def _json(text: str, path: Path, line: int) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise BadInput(f"{path}, line {line}: not JSON: {error}") from None


def _form(record: Mapping[str, Any], path: Any, line: int) -> Callable[[dict, str], CodeTask]:
    """What makes a task of a record with these keys."""
    for keys, make in _FORMS:
        if keys <= record.keys():
            return make
    raise BadInput(f"{path}, line {line}: unknown form with the keys {', '.join(sorted(record)[:12])}")


def _humaneval(record: dict, name: str) -> CodeTask:
    program = Program(record["prompt"] + record["canonical_solution"], record["entry_point"])
    inputs = _recorded(program, [f"{record['test']}\ncheck(candidate)\n"])
    return CodeTask(name, program, inputs, _statement(program, record["prompt"]))


def _evalplus(record: dict, name: str) -> CodeTask:
    program = Program(record["prompt"] + record["canonical_solution"], record["entry_point"])
    inputs = tuple(tuple(each) for each in [*record["base_input"], *record.get("plus_input", [])])
    if not inputs:
        raise _Unusable("no inputs")
    done = call(program.source, program.entry, inputs)
    if not done.ok:
        raise _Unusable(_last(done.error or done.status))
    statement = _statement(program, record["prompt"])
    return CodeTask(name, program, inputs, statement, min(float(record.get("atol") or 0), 0.99))


def _mbpp(record: dict, name: str) -> CodeTask:
    setup = record.get("test_setup_code") or "\n".join(record.get("test_imports", []))
    tests = [*record["test_list"], *record.get("challenge_test_list", [])]
    source = f"{setup}\n{record['code']}\n" if setup else f"{record['code']}\n"
    program = Program(source.replace("\r\n", "\n"), _called_in(record["code"], tests))
    statement = record.get("text") or record.get("prompt", "")
    return CodeTask(name, program, _recorded(program, tests), statement)


def _venus(record: dict, name: str) -> CodeTask:
    cases = record["test_cases"]
    cases = json.loads(cases) if isinstance(cases, str) else cases
    texts = all(isinstance(case["input"], str) for case in cases)
    entry = "solve" if texts else _called_in(record.get("code_prompt", ""), [])
    solutions = tuple(_solution(i, each, entry, texts) for i, each in enumerate(record["solutions"]))
    passing = [each for each in solutions if each.passed]
    if not passing or not cases:
        raise _Unusable("no passing solution" if cases else "no test cases")
    first = min(passing, key=lambda each: each.figures["cpu_s"].value if "cpu_s" in each.figures else 1e9)
    inputs = tuple((case["input"],) if texts else tuple(case["input"]) for case in cases)
    done = call(first.source, entry, inputs)
    if not done.ok:
        raise _Unusable(_last(done.error or done.status))
    for got, case in zip(done.values, cases, strict=True):
        wanted = case["output"]
        if (got.split() != wanted.split()) if texts else (json.loads(json.dumps(got)) != wanted):
            raise _Unusable("its fastest passing solution gives another answer than its test cases")
    statement = record["question_content"]
    return CodeTask(name, Program(first.source, entry), inputs, statement, solutions=solutions)


def _solution(number: int, given: Mapping[str, Any], entry: str, texts: bool) -> Solution:
    """Recorded in milliseconds, KiB and their product; kept in seconds, MiB, MiB·s."""
    scales = {
        "time": ("cpu_s", "s", 1e3), "memory": ("peak_mib", "MiB", KIB),
        "integral": ("integral_mib_s", "MiB·s", 1e3 * KIB),
    }  # fmt: skip
    figures = {
        key: Figure(float(given[name]) / scale, unit, "measured")
        for name, (key, unit, scale) in scales.items()
        if given.get(name) is not None
    }
    code = given["code"]
    source = _STDIN.format(source=code) if texts else _function(code, entry)
    return Solution(f"solution {number}", source, bool(given["passed"]), figures)


def _function(code: str, entry: str) -> str:
    """The code with `entry` at its top, also where it is a method of a class Solution."""
    if any(isinstance(node, ast.FunctionDef) and node.name == entry for node in ast.parse(code).body):
        return code
    return f"{code}\n\n\ndef {entry}(*given):\n    return Solution().{entry}(*given)\n"


def _called_in(code: str, tests: Sequence[str]) -> str:
    """The function of the code that the tests call; the last one where they call none."""
    tree = ast.parse(code)
    functions = [node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    called = [
        node.func.id
        for test in tests
        for node in ast.walk(ast.parse(test))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]
    found = [name for name in called if name in functions] or functions[-1:]
    if not found:
        raise _Unusable("its code defines no function")
    return found[0]


def _recorded(program: Program, tests: Sequence[str]) -> tuple[tuple, ...]:
    """The arguments of each call that the tests make, with the true answers in the candidate's place."""
    source = program.source.rstrip("\n") + _RECORDER.format(entry=program.entry)
    done = call(source, "labkit_inputs", [(list(tests),)])
    if not done.ok:
        raise _Unusable(f"its own solution does not pass its test: {_last(done.error or done.status)}")
    found = done.values[0]
    if not isinstance(found, list) or not all(isinstance(each, tuple) for each in found) or not found:
        raise _Unusable("its test makes no calls")
    return tuple(found)


def _statement(program: Program, prompt: str) -> str:
    """The docstring of the function to write."""
    for node in ast.walk(ast.parse(program.source)):
        if isinstance(node, ast.FunctionDef) and node.name == program.entry:
            return ast.get_docstring(node) or prompt.strip()
    raise _Unusable(f"its code defines no function {program.entry}")


def _last(text: str) -> str:
    return text.strip().rpartition("\n")[2]


_FORMS: tuple[tuple[set[str], Callable[[dict, str], CodeTask]], ...] = (
    ({"prompt", "canonical_solution", "entry_point", "base_input"}, _evalplus),
    ({"prompt", "canonical_solution", "entry_point", "test"}, _humaneval),
    ({"code", "test_list"}, _mbpp),
    ({"question_content", "test_cases", "solutions"}, _venus),
)
