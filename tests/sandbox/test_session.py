"""Sessions: one question after another, over shared memory, and no work between questions."""

import time

import pytest

from labkit.errors import BadInput
from labkit.sandbox import Limits
from labkit.sandbox.session import Session

LIMITS = Limits(wall_s=10, cpu_s=60, memory_mib=512, processes=4, value_mib=1)
PROGRAM = """
import mmap, os, threading, time
M = mmap.mmap(4, 0)
seen = []

def turn(what, *more):
    if what == "spin":
        def spin():
            while True:
                M[0] = (M[0] + 1) % 251
        threading.Thread(target=spin, daemon=True).start()
    if what == "fork" and os.fork() == 0:
        time.sleep(9)
        os._exit(0)
    if what == "die":
        os._exit(3)
    if what == "sleep":
        time.sleep(more[0])
    if what == "raise":
        raise ValueError("no")
    if what == "write":
        M[:4] = more[0]
    if what == "read":
        return M[4:8]
    if what == "ahead":  # would answer the next question before it is asked
        os.write(3, (8).to_bytes(8, "big") + b"V12345678")
    seen.append(what)
    return len(seen), len(M)
"""


@pytest.fixture
def session():
    with Session(PROGRAM, "turn", shared_bytes=1 << 16, limits=LIMITS) as session:
        yield session


def test_questions_and_answers_and_memory_on_both_sides(session):
    assert session.ask("a").value == (1, 1 << 16)
    assert session.ask("b").value == (2, 1 << 16)
    session.ask("write", b"abcd")
    session.memory[4:8] = b"efgh"
    assert bytes(session.memory[:4]) == b"abcd" and session.ask("read").value == b"efgh"
    answer = session.ask("sleep", 0.05)
    assert 0.05 <= answer.wall_s < 1 and answer.cpu_s < 0.05


def test_nothing_runs_between_questions(session):
    session.ask("spin")
    for _ in range(5):
        at_first = session.memory[0]
        time.sleep(0.01)
        assert session.memory[0] == at_first
        assert session.ask("x").status == "ok"
    began = session.memory[0]
    session.ask("sleep", 0.05)
    assert session.memory[0] != began, "the thread never ran: this test shows nothing"


@pytest.mark.parametrize(
    ("question", "status"),
    [("fork", "process_limit"), ("die", "runtime_error"), ("ahead", "runtime_error")],
)
def test_an_end_is_told_once_and_the_program_is_gone(session, question, status):
    answers = [session.ask(question), session.ask("x"), session.ask("x")]
    assert status in [answer.status for answer in answers[:2]], answers
    assert answers[2].status == "internal_error" and "gone" in answers[2].error
    with Session(PROGRAM, "turn", shared_bytes=1, limits=LIMITS) as following:
        assert following.ask("x").value == (1, 1)


def test_an_exception_is_an_answer(session):
    assert "ValueError: no" in session.ask("raise").error
    assert session.ask("x").status == "ok"


def test_a_question_has_a_limit_of_its_own(session):
    assert session.ask("sleep", 5, wall_s=0.2).status == "timeout"


def test_a_source_that_fails_is_told_at_the_start():
    with Session("1 / 0", "turn", shared_bytes=1, limits=LIMITS) as failed:
        assert failed.start.status == "runtime_error" and "ZeroDivisionError" in failed.start.error
    with pytest.raises(BadInput, match="shared_bytes=0"):
        Session(PROGRAM, "turn", shared_bytes=0, limits=LIMITS)


def test_the_memory_cannot_be_cut_off():
    source = "import os\ndef turn():\n    os.ftruncate(4, 0)\n"
    with Session(source, "turn", shared_bytes=4096, limits=LIMITS) as cut:
        assert cut.ask().status in ("denied", "runtime_error")
        assert len(bytes(cut.memory)) == 4096


def test_sessions_go_on_beside_each_other():
    with (
        Session(PROGRAM, "turn", shared_bytes=8, limits=LIMITS) as one,
        Session(PROGRAM, "turn", shared_bytes=8, limits=LIMITS) as two,
    ):
        assert [one.ask("x").value, two.ask("x").value, one.ask("x").value] == [(1, 8), (1, 8), (2, 8)]
