"""Batches: in order, a bounded number ahead, stoppable, resumable from a record; and the same in an event loop."""

import asyncio
import gc
import json
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from labkit import cli, record
from labkit.errors import BadInput
from labkit.executors import connect
from labkit.sandbox import Limits, Stopped, batch, map_async, run, run_async
from labkit.sandbox import map as run_all

SLEEP = "import time; time.sleep(30)"


def wait_for(what, seconds=10):
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.01)


def running(mark):
    """Processes on this machine with `mark` on their command line: programs that branded themselves."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            if mark.encode() in Path(f"/proc/{pid}/cmdline").read_bytes():
                found.append(pid)
        except OSError:
            continue
    return found


def branded(mark, then):
    """A program that writes `mark` over its own command line, so that it can be seen from here."""
    return f"""
import ctypes, time
fields = open("/proc/self/stat").read().rpartition(")")[2].split()
ctypes.memmove(int(fields[45]), b"{mark}\\0", {len(mark) + 1})
{then}
"""


@pytest.fixture
def count(monkeypatch):
    """The programs that were really run, in the order in which they began."""
    began = []

    def counted(program, **options):
        began.append(program)
        return run(program, **options)

    monkeypatch.setattr(batch, "run", counted)
    return began


def test_results_come_in_order_however_long_each_takes():
    naps = [0.3, 0.0, 0.2, 0.0, 0.1, 0.0]
    programs = [f"import time; time.sleep({nap}); print({i})" for i, nap in enumerate(naps)]
    told = []
    done = list(run_all(programs, mode="fast", progress=lambda done, of: told.append((done, of))))
    assert [each.stdout for each in done] == [f"{i}\n" for i in range(6)]
    assert told == [(i + 1, 6) for i in range(6)]


def test_a_program_that_fails_is_a_result():
    codes = ["1 / 0", "while True: pass", "print(3)", "import os; os.kill(os.getpid(), 9)"]
    done = list(run_all(codes, mode="fast", limits=Limits(cpu_s=0.3)))
    assert [each.status for each in done] == ["runtime_error", "timeout", "ok", "runtime_error"]


def test_no_programs_give_no_results():
    assert list(run_all([])) == [] and list(run_all(iter(()))) == []


def test_closing_early_ends_what_runs_and_starts_nothing_more(count):
    mark = f"labkit-batch-{os.getpid()}"
    programs = ["print(1)", *[branded(mark, "time.sleep(30)")] * 5]
    with ThreadPoolExecutor(2) as executor:
        results = run_all(programs, executor=executor, ahead=6)
        assert next(results).ok
        wait_for(lambda: len(running(mark)) == 2)
        started = time.monotonic()
        results.close()
    assert time.monotonic() - started < 10, "leaving the executor waits for what runs"
    assert len(count) == 3, "one that ended, two that ran; the other three had not begun"
    wait_for(lambda: not running(mark))


def test_stop_raises_and_ends_what_runs():
    stop = threading.Event()
    results = run_all(["print(1)", SLEEP, SLEEP, "print(4)"], stop=stop)
    assert next(results).ok
    threading.Timer(0.3, stop.set).start()
    started = time.monotonic()
    with pytest.raises(Stopped):
        list(results)
    assert time.monotonic() - started < 10


def test_an_interrupted_batch_goes_on_where_it_ended(tmp_path, count):
    programs = [f"print({i})" for i in range(6)]
    with pytest.raises(KeyboardInterrupt), record.start("batch", {}, root=tmp_path) as first:
        for done in run_all(programs, record=first, mode="fast", ahead=1):
            if done.stdout == "2\n":
                raise KeyboardInterrupt
    kept = {event["data"]["index"] for event in record.load(first.path).events("execution")}
    assert kept == {0, 1, 2} and record.load(first.path).status == "stopped"
    count.clear()
    with record.start("batch", {}, root=tmp_path, resume=True) as second:
        done = list(run_all(programs, record=second, mode="fast"))
    assert second.path == first.path and record.load(second.path).status == "ok"
    assert [each.stdout for each in done] == [f"{i}\n" for i in range(6)]
    assert sorted(count) == programs[3:], "each of the others, once"
    indices = [event["data"]["index"] for event in record.load(second.path).events("execution")]
    assert sorted(indices) == list(range(6))


def test_a_program_that_was_changed_or_moved_is_run_again(tmp_path, count):
    with record.start("batch", {}, root=tmp_path) as open_record:
        list(run_all(["print(1)", "print(2)"], record=open_record, mode="fast"))
        count.clear()
        done = list(run_all(["print(1)", "print(22)"], record=open_record, mode="fast"))
        assert count == ["print(22)"] and [each.stdout for each in done] == ["1\n", "22\n"]
        count.clear()
        list(run_all(["print(22)", "print(1)"], record=open_record, mode="fast"))
        assert sorted(count) == ["print(1)", "print(22)"]


def test_what_is_resumed_is_told_as_it_was(tmp_path, count):
    told = []
    with record.start("batch", {}, root=tmp_path) as open_record:
        (first,) = run_all(["print(1); 1 / 0"], record=open_record)
        (again,) = run_all(
            ["print(1); 1 / 0"], record=open_record, progress=lambda done, of: told.append((done, of))
        )
    assert again == first and len(count) == 1 and told == [(1, 1)]


def test_the_command_resumes_a_batch_that_did_not_end(tmp_path, count, capsys, monkeypatch):
    files = [tmp_path / f"{i}.py" for i in range(4)]
    for i, file in enumerate(files):
        file.write_text(f"print({i})")
    argv = [
        "run",
        *map(str, files),
        "--mode",
        "fast",
        "--executor",
        "threads:1",
        "--runs",
        str(tmp_path / "runs"),
    ]
    real = record.Run.event

    def event(self, kind, data, parent=None):
        seq = real(self, kind, data, parent)
        if data.get("index") == 1:
            raise KeyboardInterrupt
        return seq

    with monkeypatch.context() as patch:
        patch.setattr(record.Run, "event", event)
        assert cli.main(argv) == 130
    capsys.readouterr()
    count.clear()
    assert cli.main(argv) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(map(str, files)) and all(
        "ok" in line for line in lines
    )
    assert count == ["print(2)", "print(3)"]
    (run_record,) = record.find(tmp_path / "runs")
    assert run_record.status == "ok" and len(run_record.events("execution")) == 4
    assert json.dumps(run_record.params)


def test_a_batch_of_two_languages_is_refused(tmp_path, capsys):
    for name in ("a.py", "b.sh"):
        (tmp_path / name).write_text("")
    assert cli.main(["run", str(tmp_path / "a.py"), str(tmp_path / "b.sh")]) == 2
    assert "one language" in capsys.readouterr().err


def test_the_async_form_returns_the_same():
    assert asyncio.run(run_async("print(input())", stdin="hello", mode="fast")).stdout == "hello\n"
    with pytest.raises(BadInput, match="choose one of measure, fast"):
        asyncio.run(run_async("pass", mode="quick"))


def test_cancelling_the_task_kills_the_program():
    mark = f"labkit-async-{os.getpid()}"

    async def main():
        task = asyncio.create_task(run_async(branded(mark, "time.sleep(30)")))
        while not running(mark):
            await asyncio.sleep(0.01)
        started = time.monotonic()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return time.monotonic() - started

    assert asyncio.run(main()) < 10
    wait_for(lambda: not running(mark))


def test_a_timeout_of_the_loop_reaches_the_program():
    async def main():
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(run_async(SLEEP), timeout=0.3)

    started = time.monotonic()
    asyncio.run(main())
    assert time.monotonic() - started < 10


def test_results_come_in_order_while_the_loop_goes_on():
    beats = []

    async def beat():
        while True:
            beats.append(1)
            await asyncio.sleep(0.01)

    async def main():
        other = asyncio.create_task(beat())
        programs = [f"import time; time.sleep({nap}); print({nap})" for nap in (0.4, 0.0, 0.2)]
        seen = [(done.stdout, len(beats)) async for done in map_async(programs, mode="fast")]
        other.cancel()
        return seen

    seen = asyncio.run(main())
    assert [out for out, _ in seen] == ["0.4\n", "0.0\n", "0.2\n"]
    assert seen[0][1] >= 3, "the other coroutine ran while the first result was awaited"


def test_leaving_an_async_batch_early_ends_what_runs():
    mark = f"labkit-amap-{os.getpid()}"

    async def main():
        results = map_async(["print(1)", *[branded(mark, "time.sleep(30)")] * 3])
        async for done in results:
            assert done.ok
            break
        await results.aclose()

    started = time.monotonic()
    asyncio.run(main())
    assert time.monotonic() - started < 15
    wait_for(lambda: not running(mark))


@pytest.mark.parametrize(
    "where, workers", [("threads", os.cpu_count()), ("threads:3", 3), (None, os.cpu_count())]
)
def test_threads_by_name(where, workers):
    with connect(where) as executor:
        assert isinstance(executor, ThreadPoolExecutor) and executor._max_workers == workers
        done = list(run_all(["print(1)", "print(2)"], executor=executor, mode="fast"))
        assert [each.stdout for each in done] == ["1\n", "2\n"]
        assert executor.submit(abs, -1).result() == 1, "an executor that was given is not shut down"


@pytest.mark.parametrize(
    "where", ["threads:0", "threads:-1", "threads:x", "threads:1.5", "dask", "dask:", "dask://", "ray://x:1", "3", ""]
)  # fmt: skip
def test_other_forms_are_refused_in_one_line(where):
    if where == "":
        with connect(where) as executor:  # as if it had not been given
            assert isinstance(executor, ThreadPoolExecutor)
        return
    with pytest.raises(BadInput, match="give threads, threads:N or dask://HOST:PORT") as caught:
        connect(where).__enter__()
    assert "\n" not in str(caught.value)


def test_what_is_no_program_is_one_bad_result_among_others():
    done = list(batch.map(["print(1)", None, "print('\ud800')", 7, "print(2)"], mode="fast"))
    assert [each.status for each in done] == ["ok", "runtime_error", "runtime_error", "runtime_error", "ok"]
    assert "NoneType" in done[1].detail and "not valid text" in done[2].detail
    with pytest.raises(BadInput, match="ahead=-1"):
        next(batch.map(["pass"], ahead=-1))


def test_another_input_or_limit_is_another_run(tmp_path):
    with record.start("batch", {}, root=tmp_path) as kept:
        for text in "ab":
            (done,) = batch.map(["print(input())"], record=kept, stdin=text)
            assert done.stdout == f"{text}\n"
        (again,) = batch.map(["print(input())"], record=kept, stdin="a")
    assert again.stdout == "a\n" and len(kept.events("execution")) == 2


def test_closing_one_batch_leaves_the_callers_stop_alone():
    stop = threading.Event()
    running = batch.map(["print(1)", *["import time; time.sleep(9)"] * 3], stop=stop)
    assert next(running).stdout == "1\n"
    running.close()
    assert not stop.is_set()


def test_a_cancelled_map_async_ends_its_programs_and_says_nothing_else(capfd):
    async def first_of_many():
        async for _ in map_async(["import time; time.sleep(30)"] * 4):
            pass

    async def main():
        task = asyncio.ensure_future(first_of_many())
        await asyncio.sleep(0.5)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    began = time.monotonic()
    asyncio.run(main())
    gc.collect()
    assert time.monotonic() - began < 10 and "Traceback" not in capfd.readouterr().err
