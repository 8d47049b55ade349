"""The judge: learns from the original, catches what is wrong, and is not fooled; each check has its mutant."""

import pytest

from labkit.errors import BadInput, NonDeterministic
from labkit.sandbox import CodeJudge, Program
from labkit.sandbox.judge import CandidateFailed

GOOD = Program("def f(xs):\n    return sorted(xs)\n", "f")
INPUTS = [([3, 1, 2],), ([],), ([5, 5, 1],)]


@pytest.fixture(scope="module")
def judge():
    return CodeJudge()


@pytest.fixture(scope="module")
def reference(judge):
    return judge.learn(GOOD, INPUTS)


def test_the_original_passes_its_own_judge(judge, reference):
    outcome = judge.judge(reference, GOOD)
    keys = {"cpu_s", "peak_mib", "wall_s", "integral_mib_s", "latency_p95_s", "energy_j"}
    assert outcome.ok and set(outcome.figures) == keys
    assert all(f.how == "measured" for key, f in outcome.figures.items() if key != "energy_j")


MUTANTS = {
    "drops duplicates": ("def f(xs): return sorted(set(xs))", "wrong_answer", r"result of input 2"),
    "returns a tuple": ("def f(xs): return tuple(sorted(xs))", "wrong_answer", "expected list"),
    "right but for floats": ("def f(xs): return [float(x) for x in sorted(xs)]", "wrong_answer", "expected int"),
    "changes its argument": ("def f(xs):\n  xs.sort()\n  return list(xs)", "wrong_answer", "arguments of input 0"),
    "equal to everything": (
        "def f(xs):\n  class L(list):\n    def __eq__(s, o): return True\n  return L()", "wrong_answer", "got 0"
    ),
    "lazy": ("def f(xs):\n  return iter(sorted(xs))", "runtime_error", "cannot leave the sandbox"),
    "raises": ("def f(xs): return xs[0] and sorted(xs)", "runtime_error", "IndexError"),
    "exits with success": ("import os\ndef f(xs): print('Success', flush=True); os._exit(0)", "runtime_error", "ended before"),
    "forges a result": (
        "import os, marshal\ndef f(xs):\n  b = b'V' + marshal.dumps(([],), 2)\n  os.write(3, len(b).to_bytes(8, 'big') + b)\n"
        "  return sorted(xs)", "wrong_answer|runtime_error", ""
    ),
    "forks": ("import os\ndef f(xs):\n  os.fork()\n  return sorted(xs)", "process_limit", ""),
    "does not compile": ("def f(xs) return 1", "runtime_error", "SyntaxError"),
}  # fmt: skip


@pytest.mark.parametrize("what", MUTANTS)
def test_every_mutant_is_rejected_by_name(what, judge, reference):
    source, status, words = MUTANTS[what]
    outcome = judge.judge(reference, Program(source, "f"))
    assert outcome.status in status.split("|"), outcome
    assert words in outcome.feedback


BUSY = "def f(n):\n    total = 0\n    for i in range(n):\n        total += i\n    return total\n"
QUICK = "def f(n):\n    return n * (n - 1) // 2\n"
N = [(60_000,)]


def test_faster_is_found_faster_and_slower_slower(judge):
    reference = judge.learn(Program(BUSY, "f"), N)
    won = judge.compare(reference, Program(BUSY, "f"), Program(QUICK, "f"))
    lost = judge.compare(reference, Program(QUICK, "f"), Program(BUSY, "f"))
    assert (won.answer, lost.answer) == ("faster", "slower")
    assert won.ratio < 1 < lost.ratio and won.lo <= won.ratio <= won.hi
    assert won.speedup().value == pytest.approx(1 / won.ratio)


def test_the_same_program_is_a_tie(judge):
    reference = judge.learn(Program(BUSY, "f"), N)
    answers = [judge.compare(reference, Program(BUSY, "f"), Program(BUSY, "f")).answer for _ in range(4)]
    assert answers.count("tie") >= 3


def test_work_moved_to_import_time_is_charged(judge):
    slow = BUSY.replace("def f", "def slow")
    body = slow + "ANSWER = slow(4_000_000)\ndef f(n): return ANSWER if n == 4_000_000 else slow(n)\n"
    reference = judge.learn(Program(BUSY, "f"), [(4_000_000,)])
    honest = judge.judge(reference, Program(BUSY, "f")).figures["cpu_s"].value
    assert judge.judge(reference, Program(body, "f")).figures["cpu_s"].value > 0.5 * honest


def test_memory_taken_up_before_the_call_is_charged():
    judge = CodeJudge(objective="memory")
    fresh = Program(
        "def f(n):\n    x = bytearray(n)\n    x[::4096] = b'1' * len(x[::4096])\n    return len(x)\n", "f"
    )
    early = Program(
        "X = bytearray(64 << 20)\nX[::4096] = b'1' * len(X[::4096])\ndef f(n):\n    return len(X)\n", "f"
    )
    reference = judge.learn(fresh, [(64 << 20,)])
    assert judge.compare(reference, fresh, early).answer != "faster"


def test_arguments_are_looked_at_on_timed_runs_too(judge):
    """In the frames of the harness a candidate must find nothing that tells a timed run from a judged one."""
    original = Program("def f(xs):\n    xs.sort()\n", "f")
    reference = judge.learn(original, [([3, 1, 2],)])
    assert judge.judge(reference, Program("def f(xs):\n    return None\n", "f")).status == "wrong_answer"
    with pytest.raises(CandidateFailed, match="arguments of input 0"):
        judge.compare(reference, original, Program("def f(xs):\n    return None\n", "f"))


def test_a_source_that_is_no_text_is_the_candidates_fault(judge, reference):
    assert judge.judge(reference, Program("def f(xs): return '\ud800'", "f")).status == "runtime_error"


TAMPERING = {
    "patched clocks": "import time\nfor n in dir(time):\n  if n.endswith(('time', 'counter')): setattr(time, n, lambda *a: 0.0)\n",
    "work done while arguments arrive": (
        "import marshal\nloads = marshal.loads\n"
        "def early(data):\n  value = loads(data)\n  f.answer = slow(*value)\n  return value\nmarshal.loads = early\n"
    ),
    "work done by the garbage collector": "import gc\ngc.disable()\n",
}


@pytest.mark.parametrize("what", TAMPERING)
def test_no_tampering_hides_time(what, judge):
    slow = BUSY.replace("def f", "def slow")
    body = "def f(n): return f.answer\n" if "arguments" in what else "def f(n): return slow(n)\n"
    reference = judge.learn(Program(BUSY, "f"), [(400_000,)])
    honest = judge.judge(reference, Program(BUSY, "f")).figures["cpu_s"].value
    cheat = judge.judge(reference, Program(slow + body + TAMPERING[what], "f"))
    assert cheat.ok, cheat
    assert cheat.figures["cpu_s"].value > 0.5 * honest


def test_memory_is_compared_too():
    judge = CodeJudge(objective="memory")
    listed = Program("def f(n):\n    return sum([i for i in range(n)])\n", "f")
    lazy = Program("def f(n):\n    return sum(i for i in range(n))\n", "f")
    reference = judge.learn(listed, [(400_000,)])
    assert judge.compare(reference, listed, lazy).answer == "faster"
    assert judge.judge(reference, listed).figures["peak_mib"].value > 8


def test_a_candidate_that_fails_while_timed_is_not_kept(judge, reference):
    with pytest.raises(CandidateFailed, match="wrong_answer: result of input 0"):
        judge.compare(reference, GOOD, Program("def f(xs): return []\n", "f"))


@pytest.mark.parametrize(
    "source",
    [
        "import random\ndef f(x): return random.random()",
        "import time\ndef f(x): return time.time_ns()",
        "def f(x): return list({'a' * i for i in range(50)})",
        "def f(x): return [hash('abc')]",
    ],
)
def test_two_answers_for_one_input_are_refused_and_both_shown(source, judge):
    with pytest.raises(NonDeterministic) as caught:
        judge.learn(Program(source, "f"), [(1,)])
    message = str(caught.value)
    assert "first run" in message and "second run" in message and "\n" not in message


def test_an_original_that_fails_is_refused(judge):
    with pytest.raises(BadInput, match="fails on input 1: runtime_error"):
        judge.learn(Program("def f(x): return 1 / x", "f"), [(1,), (0,)])


def test_an_unknown_objective_is_refused():
    with pytest.raises(BadInput, match="choose one of time, memory"):
        CodeJudge(objective="speed")


def test_bytes_found_right_are_not_read_again_and_others_are() -> None:
    judge = CodeJudge()
    seen = []

    def check(given, expected, got):
        seen.append(got)
        got.sort()  # a checker may use up what it is given
        return got == sorted(expected) and bool(got)

    original = Program("def f(n):\n    return list(range(n))\n", "f")
    reference = judge.learn(original, [(5,)], check=check)
    other = Program("def f(n):\n    return list(range(n))[::-1]\n", "f")
    assert judge.judge(reference, other).ok
    before = len(seen)
    assert judge.judge(reference, other).ok and judge.judge(reference, original).ok
    assert len(seen) == before and reference.expected == ([0, 1, 2, 3, 4],)
    for body in ("[]", "list(range(n - 1))", "list(map(float, range(n - 1)))"):
        assert (
            judge.judge(reference, Program(f"def f(n):\n    return {body}\n", "f")).status == "wrong_answer"
        )
    changed = Program("def f(xs):\n    n = len(xs)\n    xs.clear()\n    return n\n", "f")
    reference = judge.learn(Program("def f(xs):\n    return len(xs)\n", "f"), [([1, 2],)])
    assert judge.judge(reference, changed).status == "wrong_answer"


def test_what_is_remembered_is_bounded() -> None:
    judge = CodeJudge()
    reference = judge.learn(Program("def f(n):\n    return {'a': n, 'b': n}\n", "f"), [(1,)], 0.5)
    for i in range(12):
        program = Program(f"def f(n):\n    return {{'b': n + {i} * 0, 'a': n, }}\n", "f")
        assert judge.judge(reference, program).ok
    assert 1 <= len(reference.known) <= 6
    assert all(value == ({"a": 1, "b": 1}, (1,)) for value in reference.known.values())


def test_a_checker_that_uses_up_the_answers_fools_nobody() -> None:
    def check(given, expected, got):
        for x in got:
            if x not in expected:
                return False
            expected.remove(x)
        return not expected

    judge = CodeJudge()
    reference = judge.learn(Program("def f(n):\n    return list(range(n))\n", "f"), [(5,)], check=check)
    assert reference.expected == ([0, 1, 2, 3, 4],)
    assert judge.judge(reference, Program("def f(n):\n    return []\n", "f")).status == "wrong_answer"
    assert judge.judge(reference, Program("def f(n):\n    return list(range(n))[::-1]\n", "f")).ok
