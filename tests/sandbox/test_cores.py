"""A core of one's own: over threads and processes, waited for, given back whatever ends the holder."""

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress

import pytest

from labkit.sandbox import Stopped, cores, run
from labkit.sandbox.cores import lease

CORES = os.sched_getaffinity(0)
HOLD = """
import sys
from labkit.sandbox.cores import lease
with lease() as core:
    print(core, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def told_apart():
    """Skip where the kernel has no file for each core: then there is nothing to lease."""
    with lease() as core:
        if core is None:
            pytest.skip("cores cannot be told apart here")


@pytest.fixture
def holders():
    """Start a holder in another process; its core. All are ended afterwards."""
    started = []

    def hold():
        holder = subprocess.Popen(
            [sys.executable, "-c", HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        started.append(holder)
        return holder, int(holder.stdout.readline())

    yield hold
    for holder in started:
        with suppress(OSError):
            holder.stdin.close()
        holder.wait()
        holder.stdout.close()


def test_holders_at_one_time_have_different_cores(told_apart):
    with ExitStack() as stack:
        held = [stack.enter_context(lease()) for _ in CORES]
        assert sorted(held) == sorted(CORES)
    with lease() as again:
        assert again in CORES


def test_a_lease_holds_over_processes_and_a_killed_holder_frees_its_core(told_apart, holders):
    with ExitStack() as stack:
        holder, theirs = holders()
        ours = [stack.enter_context(lease()) for _ in range(len(CORES) - 1)]
        assert theirs not in ours and sorted([theirs, *ours]) == sorted(CORES)
        stop = threading.Event()
        threading.Timer(0.2, stop.set).start()
        with pytest.raises(Stopped), lease(stop):
            pass
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        assert stack.enter_context(lease()) == theirs


def test_where_all_are_taken_the_next_waits_until_one_is_free(told_apart):
    got = []

    def wait():
        with lease() as core:
            got.append((core, time.monotonic()))

    with ExitStack() as stack:
        first = stack.enter_context(ExitStack())
        core = first.enter_context(lease())
        for _ in range(len(CORES) - 1):
            stack.enter_context(lease())
        waiting = threading.Thread(target=wait)
        waiting.start()
        time.sleep(0.2)
        assert not got
        freed = time.monotonic()
        first.close()
        waiting.join(30)
        assert got[0][0] == core and got[0][1] >= freed


def test_stop_while_waiting_raises_and_takes_nothing(told_apart):
    stop = threading.Event()
    with ExitStack() as stack:
        for _ in CORES:
            stack.enter_context(lease())
        threading.Timer(0.1, stop.set).start()
        with pytest.raises(Stopped), lease(stop):
            pass
        with pytest.raises(Stopped):
            run("print(1)", stop=stop)
    with ExitStack() as stack:
        assert len({stack.enter_context(lease()) for _ in CORES}) == len(CORES)


def test_after_long_waiting_a_run_goes_ahead_beside_another(told_apart, monkeypatch):
    with ExitStack() as stack:
        for _ in CORES:
            stack.enter_context(lease())
        monkeypatch.setattr(cores, "PATIENCE_S", 0.1)
        with lease() as core:
            assert core is None


def test_an_error_in_the_block_gives_the_core_back(told_apart):
    for _ in range(2 * len(CORES)):
        with pytest.raises(ZeroDivisionError), lease():
            raise ZeroDivisionError
    with ExitStack() as stack:
        assert len({stack.enter_context(lease()) for _ in CORES}) == len(CORES)


# Says on which core it is, and from when to when, by the clock that all processes of the machine share.
PROGRAM = """
import os, time
began = time.monotonic()
while time.monotonic() < began + 0.05: pass
print(sorted(os.sched_getaffinity(0)), began, time.monotonic(), sep=";")
"""


def overlaps(lines):
    """Pairs of runs that were on one core at one time."""
    runs = [(core, float(began), float(ended)) for core, began, ended in (line.split(";") for line in lines)]
    return [
        (a, b) for i, a in enumerate(runs) for b in runs[:i]
        if a[0] == b[0] and max(a[1], b[1]) < min(a[2], b[2])
    ]  # fmt: skip


def test_measured_runs_of_many_threads_never_share_a_core(told_apart):
    with ThreadPoolExecutor(4) as threads:
        lines = [done.stdout.strip() for done in threads.map(lambda _: run(PROGRAM), range(12))]
    assert overlaps(lines) == []
    assert {line.partition(";")[0] for line in lines} <= {f"[{core}]" for core in CORES}, "each on one core"
    assert os.sched_getaffinity(0) == CORES, "the parent is where it was"


def test_the_check_above_sees_runs_that_do_share_a_core(told_apart, monkeypatch):
    """The planted mutant: fast runs lease nothing and are pinned nowhere."""
    with ThreadPoolExecutor(4) as threads:
        done = threads.map(lambda _: run(PROGRAM, mode="fast"), range(8))
        lines = [each.stdout.strip() for each in done]
    assert overlaps(lines)
