"""Other people's task files: HumanEval, MBPP, EvalPlus, and records with solutions as Venus keeps them.

Covered: JSONL and JSON, either gzipped, and parquet; the form is told by its keys. Nothing of a file runs in
this process: where inputs are hidden in a test's asserts, the test runs confined with a recorder in the
candidate's place. Not covered: other languages than Python, graders of their own, downloading any of them.
"""

from __future__ import annotations

import ast
import gzip
import json
import math
import re
import warnings
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from labkit.errors import BadInput, MissingExtra, need
from labkit.sandbox import Program, call
from labkit.stats import Figure

from .task import CodeTask, Solution

KIB = 1024
GZIP, PARQUET = b"\x1f\x8b", b"PAR1"
FLOATS = 1e-6  # what EvalPlus allows floats where a record says 0
MOST_TOLERANCE = 1e-3  # ours is relative as well: rather stricter than laxer
MOST_TRIED = 3  # passing solutions that are tried for the one whose answers are the right ones
_RECORDER = '''

def labkit_inputs(tests):
    """The positional arguments of every call of the tests that returns, copied before it may change them."""
    import copy, inspect
    true, found, inside = globals()[{entry!r}], [], [0]
    signature = inspect.signature(true)

    def candidate(*given, **named):
        bound = signature.bind(*given, **named)
        if bound.kwargs:
            raise TypeError("called with keyword-only arguments")
        kept = None if inside[0] else copy.deepcopy(bound.args)
        inside[0] += 1
        try:
            answer = true(*bound.args)
        finally:
            inside[0] -= 1
        if kept is not None:
            found.append(kept)
        return answer

    space = dict(globals())
    space.update({{{entry!r}: candidate, "candidate": candidate}})
    for test in tests:
        exec(test, space)
    return found
'''
_STDIN = '''import io
import sys

CODE = compile({source!r}, "solution.py", "exec")


def solve(text):
    """What the program prints when `text` is its standard input."""
    before, printed = (sys.stdin, sys.stdout), io.TextIOWrapper(io.BytesIO(), "utf-8")
    sys.stdin, sys.stdout = io.TextIOWrapper(io.BytesIO(text.encode()), "utf-8"), printed
    try:
        exec(CODE, {{"__name__": "__main__"}})
    except SystemExit as end:
        if end.code:
            raise
    finally:
        sys.stdin, sys.stdout = before
    printed.flush()
    return printed.buffer.getvalue().decode()
'''


class Unusable(Exception):
    """Why a record gives no task."""


# of records that are not what their keys promise; what is wrong with the sandbox is not theirs
TROUBLES = (
    Unusable, LookupError, AttributeError, TypeError, ValueError, ArithmeticError, SyntaxError,
    RecursionError, MemoryError,
)  # fmt: skip


class Skipped(NamedTuple):
    """A record that gave no task, and why; `line`: its place, where the file is an array."""

    line: int
    name: str
    reason: str


class Loaded(NamedTuple):
    """What a file gave."""

    tasks: list[CodeTask]
    skipped: list[Skipped]


def load_tasks(path: str | Path, *, limit: int | None = None) -> Loaded:
    """The tasks of a file, at most `limit` of them; what cannot be used is listed with its reason.

    Raises BadInput for a file that cannot be read, is empty, or has no record of any known form.
    """
    if limit is not None and (not isinstance(limit, int) or limit < 0):
        raise BadInput(f"limit={limit!r}: give a whole number, or None for all")
    tasks, skipped, known = [], [], False
    for line, record in _records(Path(path)):
        if limit is not None and len(tasks) >= limit:
            break
        name = str(record.get("task_id", record.get("problem_id", line)))
        try:
            make = _form(record)
            known = True
            tasks.append(make(record, re.sub(r"\W+", "_", name).strip("_") or f"line_{line}"))
        except TROUBLES as error:
            skipped.append(Skipped(line, name, _reason(error)))
    if skipped and not known:
        raise BadInput(f"{path}, line {skipped[0].line}: {skipped[0].reason}")
    return Loaded(tasks, skipped)


def _reason(error: BaseException) -> str:
    if isinstance(error, KeyError):
        return f"it has no {error.args[0]!r}"
    plain = isinstance(error, Unusable | BadInput)
    return " ".join((str(error) if plain else f"{type(error).__name__}: {error}").split())


def _records(path: Path) -> Iterator[tuple[int, dict]]:
    """(line, record) of each."""
    found = list(_parquet(path) if _begins(path, PARQUET) else _read(path))
    if not found:
        raise BadInput(f"{path}: no records in it")
    for line, record in found:
        if not isinstance(record, dict):
            raise BadInput(f"{path}, line {line}: a {type(record).__name__}, not a record")
        yield line, record


def _begins(path: Path, magic: bytes) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(magic)) == magic
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror or error}") from None


def _read(path: Path) -> Iterator[tuple[int, Any]]:
    lines = list(_lines(path))
    first = next((text.lstrip()[:1] for text in lines if text.strip()), "")
    if first == "[":
        yield from enumerate(_json("".join(lines), path, 1), 1)
        return
    for line, text in enumerate(lines, 1):
        if text.strip():
            yield line, _json(text.strip(), path, line)


def _lines(path: Path) -> Iterator[str]:
    """Lines as files have them: U+2028 and its like within a JSON text end none."""
    line = 0
    try:
        with (gzip.open if _begins(path, GZIP) else open)(path, "rb") as file:
            for line, raw in enumerate(file, 1):
                yield raw.decode("utf-8-sig" if line == 1 else "utf-8")
    except UnicodeDecodeError as error:
        raise BadInput(f"{path}, line {line}: not UTF-8 text (byte {error.start})") from None
    except (OSError, EOFError, zlib.error) as error:
        words = getattr(error, "strerror", None) or error
        raise BadInput(f"{path}, line {line + 1}: damaged or cut short: {words}") from None


def _json(text: str, path: Path, line: int) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        where = f"{path}, line {line + error.lineno - 1}"
        raise BadInput(f"{where}: not JSON: {error.msg} (column {error.colno})") from None
    except (ValueError, RecursionError) as error:  # a number of too many digits; nested too deeply
        raise BadInput(f"{path}, line {line}: not JSON that can be read: {error}") from None


def _parquet(path: Path) -> Iterator[tuple[int, Any]]:
    try:
        pandas, _ = need("pandas", "lab"), need("pyarrow", "lab")
    except MissingExtra:
        raise BadInput(f"{path}: parquet takes two packages to read: pip install pandas pyarrow") from None
    try:
        rows = pandas.read_parquet(path, engine="pyarrow").to_dict("records")
    except (OSError, ValueError, TypeError, NotImplementedError) as error:
        raise BadInput(f"{path}: not parquet that can be read: {' '.join(str(error).split())}") from None
    yield from enumerate(map(_plain, rows), 1)


def _plain(value: Any) -> Any:
    """Arrays as lists, at every level."""
    value = value.tolist() if hasattr(value, "tolist") else value
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def _form(record: Mapping[str, Any]) -> Callable[[dict, str], CodeTask]:
    """What makes a task of a record with these keys."""
    for keys, make in _FORMS:
        if keys <= record.keys():
            return make
    raise Unusable(f"unknown form with the keys {', '.join(sorted(record)[:12]) or '(none)'}")


def _humaneval(record: dict, name: str) -> CodeTask:
    program = Program(record["prompt"] + record["canonical_solution"], record["entry_point"])
    statement = _statement(program, record["prompt"])
    return CodeTask(name, program, _recorded(program, [f"{record['test']}\ncheck(candidate)\n"]), statement)


def _evalplus(record: dict, name: str) -> CodeTask:
    program = Program(record["prompt"] + record["canonical_solution"], record["entry_point"])
    statement = _statement(program, record["prompt"])
    given = [*record["base_input"], *(record.get("plus_input") or [])]
    if not given or not all(isinstance(each, list) for each in given):
        raise Unusable("its inputs are not lists of arguments" if given else "no inputs")
    inputs = tuple(tuple(each) for each in given)
    _answers(program, inputs)
    return CodeTask(name, program, inputs, statement, _tolerance(record.get("atol")))


def _tolerance(atol: Any) -> float:
    """Ours for theirs, which is absolute; theirs is for floats, and 0 does not mean 0 there."""
    atol = float(atol or 0)
    return min(atol, MOST_TOLERANCE) if atol > 0 else FLOATS


def _mbpp(record: dict, name: str) -> CodeTask:
    setup = record.get("test_setup_code") or "\n".join(record.get("test_imports") or [])
    tests = [*record["test_list"], *(record.get("challenge_test_list") or [])]
    source = f"{setup}\n{record['code']}\n" if setup else f"{record['code']}\n"
    program = Program(source.replace("\r\n", "\n"), _called_in(record["code"], tests))
    statement = record.get("text") or record.get("prompt") or ""
    return CodeTask(name, program, _recorded(program, tests), statement)


def _venus(record: dict, name: str) -> CodeTask:
    cases = _cases(record["test_cases"])
    texts = all(isinstance(given, str) and isinstance(wanted, str) for given, wanted in cases)
    entry = "solve" if texts else _method(record)
    solutions = tuple(_solution(i, each, entry, texts) for i, each in enumerate(record["solutions"]))
    passing = sorted((each for each in solutions if each.passed), key=_seconds)
    program, inputs = _agreeing(passing[:MOST_TRIED], cases, entry, texts)
    return CodeTask(name, program, inputs, record["question_content"], solutions=solutions)


def _agreeing(
    passing: Sequence[Solution], cases: Sequence[tuple[Any, Any]], entry: str, texts: bool
) -> tuple[Program, tuple[tuple, ...]]:
    """The first whose answers are those of the test cases, and its arguments."""
    why: BaseException = Unusable("no passing solution")
    for each in passing:
        program = Program(each.source, entry)
        try:
            inputs = tuple((given,) if texts else _arguments(given, program) for given, _ in cases)
            _agree(_answers(program, inputs), cases, texts)
        except TROUBLES as error:
            why = error
        else:
            return program, inputs
    raise why


def _cases(given: Any) -> list[tuple[Any, Any]]:
    """(input, output) of each test case, which may be a JSON text, a record or a pair."""
    given = json.loads(given) if isinstance(given, str) else given
    cases = [(each["input"], each["output"]) if isinstance(each, dict) else tuple(each) for each in given]
    if not cases or any(len(case) != 2 for case in cases):
        raise Unusable("its test cases are not pairs" if cases else "no test cases")
    return cases


def _method(record: Mapping[str, Any]) -> str:
    """The last function that the prompt begins, whose body may be missing; else that of a solution."""
    begun = re.findall(r"^\s*def\s+(\w+)", record.get("code_prompt") or "", re.MULTILINE)
    if begun:
        return begun[-1]
    passing = [each["code"] for each in record["solutions"] if each["passed"]]
    return _called_in(passing[0] if passing else "", [])


def _arguments(given: Any, program: Program) -> tuple:
    """The arguments of a call: a list in order, or a record by the names that the solution gives them."""
    if not isinstance(given, dict):
        return tuple(given) if isinstance(given, list) else (given,)
    for node in ast.walk(_parse(program.source)):
        if isinstance(node, ast.FunctionDef) and node.name == program.entry:
            names = [each.arg for each in node.args.args if each.arg != "self"]
            if sorted(names) == sorted(given):
                return tuple(given[name] for name in names)
    raise Unusable(f"its solution does not take {', '.join(given)}")


def _agree(got: Sequence[Any], cases: Sequence[tuple[Any, Any]], texts: bool) -> None:
    for answer, (_, wanted) in zip(got, cases, strict=True):
        right = answer.split() == wanted.split() if texts else json.loads(json.dumps(answer)) == wanted
        if not right:
            raise Unusable("its fastest passing solutions give other answers than its test cases")


def _seconds(solution: Solution) -> float:
    return solution.figures["cpu_s"].value if "cpu_s" in solution.figures else math.inf


def _solution(number: int, given: Mapping[str, Any], entry: str, texts: bool) -> Solution:
    """Recorded in milliseconds, KiB and their product; kept in seconds, MiB, MiB·s."""
    scales = {
        "time": ("cpu_s", "s", 1e3), "memory": ("peak_mib", "MiB", KIB),
        "integral": ("integral_mib_s", "MiB·s", 1e3 * KIB),
    }  # fmt: skip
    figures = {
        key: Figure(float(given[name]) / scale, unit, "measured")
        for name, (key, unit, scale) in scales.items()
        if given.get(name) is not None and math.isfinite(float(given[name]))
    }
    code = given["code"]
    source = _STDIN.format(source=code) if texts else _function(code, entry)
    return Solution(f"solution {number}", source, bool(given["passed"]), figures)


def _function(code: str, entry: str) -> str:
    """The code with `entry` at its top, also where it is a method of a class Solution."""
    try:
        body = _parse(code).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return code  # it will fail when it is run, and be counted as that
    if any(isinstance(node, ast.FunctionDef) and node.name == entry for node in body):
        return code
    return f"{code}\n\n\ndef {entry}(*given):\n    return Solution().{entry}(*given)\n"


def _parse(code: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a text like "\d" is their affair
        return ast.parse(code)


def _called_in(code: str, tests: Sequence[str]) -> str:
    """The function of the code that the tests call; the last one where they call none."""
    functions = [node.name for node in ast.walk(_parse(code)) if isinstance(node, ast.FunctionDef)]
    called = [
        node.func.id
        for test in tests
        for node in ast.walk(_parse(test))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]
    found = [name for name in called if name in functions] or functions[-1:]
    if not found:
        raise Unusable("its code defines no function")
    return found[0]


def _answers(program: Program, inputs: Sequence[tuple]) -> tuple[Any, ...]:
    """The program's answers, which are the right ones."""
    done = call(program.source, program.entry, inputs)
    if not done.ok:
        raise Unusable(
            f"its own solution fails on input {len(done.values)}: {_last(done.error or done.status)}"
        )
    return done.values


def _recorded(program: Program, tests: Sequence[str]) -> tuple[tuple, ...]:
    """The arguments of each call that the tests make, with the true answers in the candidate's place."""
    source = program.source.rstrip("\n") + _RECORDER.format(entry=program.entry)
    done = call(source, "labkit_inputs", [(list(tests),)])
    if not done.ok:
        raise Unusable(f"its own solution does not pass its test: {_last(done.error or done.status)}")
    found = done.values[0]
    if not isinstance(found, list) or not all(isinstance(each, tuple) for each in found) or not found:
        raise Unusable("its test makes no calls")
    return tuple(found)


def _statement(program: Program, prompt: str) -> str:
    """The docstring of the function to write; the prompt where it has none."""
    for node in ast.walk(_parse(program.source)):
        if isinstance(node, ast.FunctionDef) and node.name == program.entry:
            return ast.get_docstring(node) or prompt.strip()
    raise Unusable(f"its code defines no function {program.entry}")


def _last(text: str) -> str:
    return text.strip().rpartition("\n")[2]


_FORMS: tuple[tuple[set[str], Callable[[dict, str], CodeTask]], ...] = (
    ({"prompt", "canonical_solution", "entry_point", "base_input"}, _evalplus),
    ({"prompt", "canonical_solution", "entry_point", "test"}, _humaneval),
    ({"code", "test_list"}, _mbpp),
    ({"question_content", "test_cases", "solutions"}, _venus),
)
