"""A batch on a real cluster of separate processes: in order, and a worker that is killed costs nothing."""

import os
import signal
import socket
import sys
import threading
import time
import warnings

import pytest

from labkit import cli, record
from labkit.errors import BadInput
from labkit.executors import connect
from labkit.sandbox import map as run_all

distributed = pytest.importorskip("distributed", reason="pip install 'labkit-jupyter[scale]'")
cloudpickle = pytest.importorskip("cloudpickle")
cloudpickle.register_pickle_by_value(sys.modules[__name__])  # workers cannot import a test module


class Tally(distributed.WorkerPlugin):
    """Writes a line for each program that a worker begins, by standing in front of the real `run` there.

    The programs themselves are confined and leave nothing outside, so executions are counted in the worker
    process: the batch sends `run` by name, and the name leads to the counting one. A line is a single append,
    so that workers may share the file.
    """

    def __init__(self, path):
        self.path = path

    def setup(self, worker):
        from labkit.sandbox import batch

        real, path = batch.run, self.path

        def run(code, **options):
            with open(path, "a") as file:
                file.write(f"{os.getpid()} {code.splitlines()[0]}\n")
            return real(code, **options)

        run.__module__, run.__qualname__ = real.__module__, real.__qualname__
        batch.run = run


@pytest.fixture(scope="module")
def cluster():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # distributed's own
        with distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
        ) as made:
            yield made


@pytest.fixture(scope="module")
def where(cluster):
    return cluster.scheduler_address.replace("tcp://", "dask://")


@pytest.fixture
def tally(cluster, tmp_path):
    """tally(): (pid of the worker, first line of the program) of each run that was begun."""
    path = tmp_path / "tally"
    path.touch()
    with distributed.Client(cluster, set_as_default=False) as client:
        client.register_plugin(Tally(str(path)), name="tally")
        yield lambda: [tuple(line.split(" ", 1)) for line in path.read_text().splitlines()]
        client.unregister_worker_plugin("tally")


def wait_for(what, seconds=60):
    deadline = time.monotonic() + seconds
    while not what() and time.monotonic() < deadline:
        time.sleep(0.005)


def programs(folder, count, nap):
    files = [folder / f"{i:02}.py" for i in range(count)]
    for i, file in enumerate(files):
        file.write_text(f"# {i}\nimport time; time.sleep({nap}); print({i})\n")
    return files


def recorded(runs):
    """Which programs have a result in the record, and what they printed."""
    found = record.find(runs)
    events = found[0].events("execution") if found else []
    return {event["data"]["index"]: event["data"]["execution"]["stdout"] for event in events}


def test_a_batch_spreads_over_the_workers_and_comes_back_in_order(where, tally, tmp_path, capsys):
    files = programs(tmp_path, 6, 0.2)
    argv = ["run", *map(str, files), "--executor", where, "--runs", str(tmp_path / "runs")]
    assert cli.main(argv) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(map(str, files))
    assert all(line.split()[1].startswith("ok") for line in lines)
    assert recorded(tmp_path / "runs") == {i: f"{i}\n" for i in range(6)}
    began = tally()
    assert sorted(line for _, line in began) == [f"# {i}" for i in range(6)], "each once"
    pids = {int(pid) for pid, _ in began}
    assert len(pids) == 2 and os.getpid() not in pids, "both workers, and not here"


def test_a_worker_killed_in_mid_batch_loses_no_result_and_repeats_none(where, tally, tmp_path, capsys):
    files, runs, before, killed = programs(tmp_path, 12, 0.4), tmp_path / "runs", set(), []

    def kill():
        """Once four results are recorded: a worker that has just begun another program."""
        wait_for(lambda: len(recorded(runs)) >= 4)
        begun = len(tally())
        wait_for(lambda: len(tally()) > begun)
        before.update(recorded(runs))
        killed.append(int(tally()[-1][0]))
        os.kill(killed[0], signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    code = cli.main(["run", *map(str, files), "--mode", "fast", "--executor", where, "--runs", str(runs)])
    killer.join()
    assert code == 0 and 4 <= len(before) < 12 and killed
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(map(str, files))
    assert recorded(runs) == {i: f"{i}\n" for i in range(12)}, "no result is lost"
    begun = [line for _, line in tally()]
    assert {i for i in before if begun.count(f"# {i}") != 1} == set(), "what was recorded is not run again"
    assert set(begun) == {f"# {i}" for i in range(12)} and len(begun) > 12, (
        "the interrupted one was run again"
    )


def test_a_program_that_fails_on_a_worker_is_a_result(where, tmp_path, capsys):
    good, bad = tmp_path / "good.py", tmp_path / "bad.py"
    good.write_text("print(1)")
    bad.write_text("1 / 0")
    assert cli.main(["run", str(bad), str(good), "--mode", "fast", "--executor", where]) == 1
    first, second = capsys.readouterr().out.splitlines()
    assert "runtime_error (ZeroDivisionError" in first and "ok" in second


def test_closing_a_batch_early_leaves_the_cluster_free(where, tally):
    codes = ["# first\nprint(1)", *["# slow\nimport time; time.sleep(0.5)"] * 6]
    with connect(where) as executor:
        results = run_all(codes, executor=executor, ahead=7, mode="fast")
        assert next(results).ok
        results.close()
        assert executor.submit(abs, -1).result(timeout=60) == 1
    time.sleep(1.0)
    assert len(tally()) <= 4, "what had not begun is cancelled: the first, two that ran, one in a race"


@pytest.fixture
def impatient(monkeypatch):
    """The real client, with less patience for a scheduler that does not answer."""
    real = distributed.Client
    monkeypatch.setattr(distributed, "Client", lambda at, **options: real(at, **{**options, "timeout": "1s"}))


def test_where_no_scheduler_answers_it_is_one_clear_error(impatient, tmp_path, capsys):
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    files = programs(tmp_path, 2, 0)
    assert cli.main(["run", *map(str, files), "--executor", f"dask://127.0.0.1:{port}"]) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1 and f"dask://127.0.0.1:{port}: no scheduler answers" in err


def test_an_address_that_is_none_is_one_clear_error(impatient):
    with pytest.raises(BadInput, match="no scheduler answers"):
        connect("dask://no port").__enter__()
