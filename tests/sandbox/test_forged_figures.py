"""Programs that would be charged less than they take: each was once believed."""

import contextlib
import shutil
import threading
import time

import pytest

from labkit.errors import BadInput
from labkit.sandbox import CodeJudge, Limits, Program, ProgramFailed, Stopped, call, compare, run, trial
from labkit.sandbox.inside.guards import GuardError
from labkit.sandbox.inside.meter import CpuMeter
from labkit.sandbox.values import BadValue, decode

SPIN = "end = time.process_time() + {s}\nwhile time.process_time() < end: pass\n"


def _counts_cpu():
    import os

    try:
        CpuMeter(os.getpid()).close()
    except GuardError as error:
        pytest.skip(f"this machine lends no CPU counter: {error}")


@pytest.mark.parametrize("mode", ["measure", "fast"])
def test_memory_behind_a_dead_first_thread_is_seen(mode):
    code = """
import ctypes, threading, time
def work():
    held = bytearray(100 << 20)
    held[::4096] = b'x' * len(held[::4096])
    time.sleep(0.4)
    print('held', flush=True)
    ctypes.CDLL(None).syscall(231, 0)
threading.Thread(target=work).start()
ctypes.CDLL(None).syscall(60, 0)
"""
    done = run(code, mode=mode)
    assert done.stdout == "held\n" and done.figures["integral_mib_s"].value > 25, done


def test_cpu_time_of_children_that_nobody_waits_for_is_counted():
    _counts_cpu()
    ignored = "import os, signal, time\nsignal.signal(signal.SIGCHLD, signal.SIG_IGN)\n"
    child = "if os.fork() == 0:\n    " + SPIN.format(s=0.1).replace("\n", "\n    ") + "os._exit(0)\n"
    done = run(ignored + child * 3 + "time.sleep(2.5)")
    assert done.figures["cpu_s"].value > 0.28, done
    limited = run(ignored + child.replace("0.1", "5") + "time.sleep(9)", limits=Limits(cpu_s=0.3))
    assert limited.status == "timeout" and "CPU" in limited.detail


def test_cpu_time_of_children_that_ended_unwaited_is_counted():
    child = "if os.fork() == 0:\n    " + SPIN.format(s=0.1).replace("\n", "\n    ") + "os._exit(0)\n"
    assert run("import os, time\n" + child + "time.sleep(2)").figures["cpu_s"].value > 0.09


def test_a_candidate_may_not_become_another_program():
    code = """
import os, sys
def f(n):
    held = bytearray(60 << 20)
    if n == 2:
        os.execv(EXE, ['python', '-c', 'import os; os.write(3, b"x" * 9); os.read(3, 9)'])
    return n
""".replace("EXE", repr("/usr/bin/env"))
    assert not call(code, "f", [(1,), (2,)]).ok
    same = """
import os, marshal
W = 'import os, marshal\\nbody = b"V" + marshal.dumps((2, (2,)), 2)\\nos.write(3, len(body).to_bytes(8, "big") + body)\\nos.read(3, 9)'
def f(n):
    if n == 2:
        os.execv(PYTHON, ['python', '-I', '-S', '-c', W])
    return n
"""
    from labkit.sandbox.broker import python

    done = call(same.replace("PYTHON", repr(python())), "f", [(1,), (2,)])
    assert done.status == "denied" and "in its place" in done.error + repr(done), done


def test_what_a_candidate_holds_while_it_is_defined_counts():
    body = "[bytes([i % 256]) * 1000 for i in range(30_000)]"
    honest = Program(f"def f(n):\n    return len({body}) + n\n", "f")
    early = Program(f"K = len({body})\ndef f(n):\n    return K + n\n", "f")
    judge = CodeJudge()
    reference = judge.learn(honest, [(1,)])
    costs = [judge.judge(reference, program).figures["peak_mib"].value for program in (honest, early)]
    assert costs[1] > 0.8 * costs[0] > 15


def test_the_expected_output_is_asked_of_every_timed_run():
    """One that is right now and then: ten times in a row happens once in a million."""
    rare = "import os\nprint(4950 if os.urandom(1)[0] < 64 else 0)"
    with pytest.raises(ProgramFailed, match="program b ended as wrong_answer"):
        compare("print(sum(range(100)))", rare, expected="4950")
    with contextlib.suppress(ProgramFailed):  # right in its first run, and found out in a later one
        assert trial("print(sum(range(100)))", rare, expected="4950").verdict is None


def test_no_room_outside_the_programs_memory():
    stdin = "import os\nprint(os.lseek(0, 0, 2), end=' ')\ntry: os.write(0, b'x' * 4096)\nexcept OSError as e: print(e.errno)"
    assert run(stdin, stdin="abc").stdout == "3 1\n"
    pipe = "import fcntl, os\nr, w = os.pipe()\ntry: fcntl.fcntl(w, 1031, 1 << 20)\nexcept OSError as e: print(e.errno)"
    assert run(pipe).stdout == "1\n"


@pytest.mark.parametrize(
    "body",
    [b"[" + (5_000_000).to_bytes(4, "little") + b"N" * 5_000_000, b"[\x00\x5a\x62\x02" + b"{0" * 40_000_000],
)
def test_a_small_text_that_stands_for_a_huge_value_is_refused(body):
    began = time.monotonic()
    with pytest.raises(BadValue, match=r"more than 4000000 items|takes more than"):
        decode(body)
    assert time.monotonic() - began < 40


@pytest.mark.skipif(not shutil.which("valgrind"), reason="no valgrind here")
def test_a_count_of_another_program_is_withheld():
    from labkit.sandbox.broker import python

    forged = (
        "import os, sys\nfor i in range(30_000): pass\n"
        "sys.stderr.write('==1== I   refs:      7\\n'); sys.stderr.flush()\n"
        f"os.execv({python()!r}, ['python', '-I', '-S', '-c', 'pass'])"
    )
    done = run(forged, count="cachegrind", limits=Limits(wall_s=60, cpu_s=60))
    assert "instructions" not in done.figures or done.figures["instructions"].value > 1e6, done


def test_a_checker_that_cannot_read_a_wrong_answer_refuses_it():
    judge = CodeJudge()
    sized = lambda arguments, expected, got: len(got) == len(expected)  # noqa: E731
    reference = judge.learn(Program("def f(n):\n    return [0] * n\n", "f"), [(3,)], check=sized)
    outcome = judge.judge(reference, Program("def f(n):\n    return None\n", "f"))
    assert outcome.status == "wrong_answer" and "could not read it: TypeError" in outcome.feedback


def test_stop_ends_a_compiler_too():
    slow = (
        "#define A(x) x x x x x x x x\nint main(void) { int n = 0; "
        + "A(A(A(A(A(A(n++;))))))"
        + " return 0; }"
    )
    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()
    began = time.monotonic()
    with pytest.raises(Stopped):
        run(slow, language="c", stop=stop)
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    "options, words",
    [
        ({"stdin": None}, "stdin is a NoneType"),
        ({"stdin": "\ud800"}, "stdin is not valid text"),
        ({"limits": {"wall_s": 1}}, "limits is a dict"),
        ({"language": ["python"]}, "choose one of python"),
        ({"preload": "json"}, "list of modules"),
    ],
)
def test_bad_options_are_one_line_and_the_broker_goes_on(options, words):
    with pytest.raises(BadInput, match=words):
        run("pass", **options)
    assert run("pass").ok


def test_limits_are_plain_numbers_whatever_they_came_as():
    numpy = pytest.importorskip("numpy")
    assert run("pass", limits=Limits(wall_s=numpy.float64(2), disk_mib=3e6)).ok
    with pytest.raises(BadInput, match=r"processes=0.5: give a whole number"):
        Limits(processes=0.5)
