"""What a run writes, whoever writes it and whatever ends it: no gaps, an end, and nothing lost on the way."""

from __future__ import annotations

import json
import random
import signal
import threading
import time
import warnings
from concurrent.futures import ThreadPoolExecutor

import pytest

from labkit import record
from labkit.errors import BadInput, RecordError
from labkit.stats import Figure

SPEED = Figure(2.0, "x", "measured", 1.8, 2.2, n=9)


@pytest.fixture
def run(tmp_path):
    with record.start("demo", {"n": 3}, seed=7, source="x = 1", notes={"k": 1}, root=tmp_path) as run:
        yield run


def resume(root):
    return record.start("demo", {}, root=root, resume=True)


def gapless(run):
    seqs = [event["seq"] for event in run.events()]
    return seqs == list(range(1, len(seqs) + 1))


def test_a_run_is_on_disk_as_it_happens(run, tmp_path):
    assert run.path == tmp_path / "demo" / run.id / "001"
    assert run.event("turn", {"text": "é\u2028"}) == 1
    assert record.load(run.path).events() == run.events()
    assert run.events()[0].items() >= {"v": 1, "seq": 1, "kind": "turn", "parent": None}.items()
    assert abs(run.events()[0]["t"] - time.time()) < 60
    run.result("speed", SPEED)
    assert record.load(run.path).results == {"speed": SPEED}
    assert record.load(run.path).status == "running"


def test_run_json_holds_what_is_promised(run):
    run.result("speed", SPEED)
    run.finish()
    meta = json.loads((run.path / "run.json").read_text())
    said = {"v": 1, "name": "demo", "attempt": "001", "params": {"n": 3}, "seed": 7, "notes": {"k": 1}}
    assert meta.items() >= said.items()
    assert meta["provenance"].keys() == {"git", "source", "versions", "device", "platform"}
    assert meta["start"] < meta["end"] and meta["end"].endswith("+00:00")
    assert (meta["status"], meta["error"], meta["results"]) == ("ok", None, {"speed": SPEED.to_json()})


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (ValueError("a\n  b"), "failed", "ValueError: a b"),
        (KeyboardInterrupt(), "stopped", "KeyboardInterrupt"),
        (SystemExit(3), "failed", "SystemExit: 3"),
    ],
)
def test_an_exception_ends_the_run_and_goes_on(tmp_path, error, status, said):
    with pytest.raises(type(error)), record.start("demo", {}, root=tmp_path) as run:
        raise error
    loaded = record.load(run.path)
    assert (loaded.status, loaded.error) == (status, said)


def test_a_run_ends_once_and_as_one_of_the_words(run):
    with pytest.raises(BadInput, match="a run ends as one of ok, failed"):
        run.finish("done")
    run.finish("timeout", "took 9 s")
    with pytest.raises(RecordError, match=r"already finished \(timeout\)"):
        run.finish()
    with pytest.raises(RecordError, match=r"closed \(timeout\)"):
        run.event("late", {})
    assert record.load(run.path).error == "took 9 s"


def test_a_run_dropped_unfinished_is_killed_not_running(tmp_path):
    run = record.start("demo", {}, root=tmp_path)
    path = run.path
    assert record.load(path).status == "running"
    del run
    assert record.load(path).status == "killed"


def test_a_result_is_a_figure_and_the_last_of_a_name_counts(run):
    with pytest.raises(BadInput, match="'speed' is float"):
        run.result("speed", 2.0)
    run.event("result", {"name": "odd", "figure": {"value": 1}})  # no figure: left out
    run.result("speed", Figure(1.0, "x", "measured"))
    run.result("speed", SPEED)
    run.finish()
    assert record.load(run.path).results == {"speed": SPEED}


def test_subscribers_come_after_the_event_is_on_disk(run):
    seen = []
    stop = run.subscribe(lambda event: seen.append((event, run.events()[-1])))
    run.event("a", {"x": (1, 2)})
    stop()
    run.event("b", {})
    assert [(event["kind"], event["data"]) for event, _ in seen] == [("a", {"x": [1, 2]})]
    assert all(event == disk for event, disk in seen)


def test_a_subscriber_may_record_and_sees_the_order_of_seq(run):
    seen = []
    run.subscribe(lambda event: event["kind"] == "a" and run.event("b", {}, parent=event["seq"]))
    run.subscribe(lambda event: seen.append(event["seq"]))
    run.event("a", {})
    run.event("a", {})
    assert seen == [1, 2, 3, 4]


def test_a_failing_subscriber_is_said_and_breaks_nothing(run):
    seen = []
    run.subscribe(lambda event: 1 / 0)
    run.subscribe(lambda event: seen.append(event["seq"]))
    with pytest.warns(UserWarning, match="subscriber of demo failed: ZeroDivisionError"):
        run.event("a", {})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        run.event("b", {})
    assert seen == [1, 2]


def test_threads_share_a_run(run):
    seen = []
    run.subscribe(lambda event: seen.append(event["seq"]))

    def work(_):
        return [(run.event("step", {"i": i, "pad": "x" * 300 * (i % 7)}), i) for i in range(100)]

    with ThreadPoolExecutor(8) as pool:
        given = dict(pair for pairs in pool.map(work, range(8)) for pair in pairs)
    assert [event["seq"] for event in run.events()] == list(range(1, 801)) == seen
    assert {event["seq"]: event["data"]["i"] for event in run.events()} == given


def test_same_inputs_same_id_new_attempt(tmp_path):
    ids = []
    for params in ({"a": 1, "b": 2}, {"b": 2, "a": 1}, {"a": 1, "b": 3}):
        with record.start("demo", params, root=tmp_path) as run:
            ids.append((run.id, run.attempt))
    assert ids[0] == (ids[1][0], "001") and ids[1][1] == "002" and ids[2][0] != ids[0][0]
    (run.path.parent / "999").mkdir()
    with record.start("demo", {"a": 1, "b": 3}, root=tmp_path) as run:
        assert run.attempt == "1000"


@pytest.mark.parametrize("name", ["", "..", "a/../b", "/a", "a/", ".a", "a b", "ä", "a\n", None, "0" * 12])
def test_a_name_is_a_safe_path(name, tmp_path):
    with pytest.raises(BadInput, match="name="):
        record.start(name, {}, root=tmp_path)
    assert not list(tmp_path.iterdir())


KERNEL = """
import sys
from labkit import record
from labkit.stats import Figure
with record.attach(sys.argv[1]) as run:
    print(run.id, flush=True); sys.stdin.readline()
    for i in range(300):
        run.event("kernel", {"i": i})
    run.result("speed", Figure(3.0, "x", "measured", n=4))
"""


def test_a_kernel_adds_to_the_record_of_its_owner(python, tmp_path):
    with record.start("report", {}, root=tmp_path) as run:
        run.result("own", Figure(1.0, "s", "measured"))
        kernel = python(KERNEL, run.path)
        assert kernel.stdout.readline().strip() == run.id
        print(file=kernel.stdin, flush=True)
        for i in range(300):
            run.event("owner", {"i": i})
        _, err = kernel.communicate(timeout=20)
        assert not err
        loaded = record.load(run.path)
        assert loaded.status == "running" and set(loaded.results) == {"own", "speed"}
        run.event("owner", {"i": 300})
    loaded = record.load(run.path)
    assert [event["seq"] for event in loaded.events()] == list(range(1, 604))
    for kind, count in (("owner", 301), ("kernel", 300)):
        assert [event["data"]["i"] for event in loaded.events(kind)] == list(range(count))
    assert loaded.status == "ok" and loaded.results.keys() == {"own", "speed"}
    with pytest.raises(RecordError, match=r"not open \(ok\)"):
        record.attach(run.path)


FORKING = """
import os
from labkit import record
run = record.start("demo", {}, root="runs")
run.event("parent", {})
if os.fork() == 0:
    with run:  # leaving this must not finish the parent's run
        for i in range(500):
            run.event("child", {})
    os.setsid(); os.close(1); os.close(2)
    import time; time.sleep(2)  # a worker that outlives its killed parent, for a while
    os._exit(0)
for i in range(500):
    run.event("parent", {})
while len(run.events()) < 1001:
    pass
assert record.load(run.path).status == "running"
os.kill(os.getpid(), 9)
"""


def test_a_forked_child_adds_to_a_run_but_does_not_own_it(python, tmp_path):
    assert python(FORKING).communicate(timeout=20) == ("", "")
    (run,) = record.find(tmp_path / "runs")
    assert run.status == "killed" and gapless(run)  # although a child of it still lives


# Records as fast as it can and says what it has; killed by the test at a random moment.
BUSY = """
import sys
from labkit import record
from labkit.stats import Figure
print("ready", flush=True); sys.stdin.readline()
with record.start("demo", {}, root="runs", resume=True) as run:
    while True:
        print(run.event("step", {"pad": "x" * 5000}), flush=True)
        run.result("speed", Figure(1.0, "x", "measured"))
"""


def test_kill_at_random_moments(python, tmp_path):
    rng = random.Random(0)
    resumed = said = 0
    for delay_s in [0.0, 0.001, 0.004, *(rng.uniform(0, 0.06) for _ in range(7))]:
        child = python(BUSY)
        child.stdout.readline()
        print(file=child.stdin, flush=True)
        if delay_s > 0.004:  # while it writes; the first three while it starts
            said = max(said, int(child.stdout.readline()))
        time.sleep(delay_s)
        child.kill()
        out, err = child.communicate()
        assert not err and child.returncode == -signal.SIGKILL
        runs = record.find(tmp_path / "runs")
        assert all(run.status == "killed" for run in runs) and len(runs) <= 1
        said = max([said, *map(int, out.split())])
        if runs:
            assert len(runs[0].events()) >= said
            resumed += 1
    assert resumed >= 5
    with resume(tmp_path / "runs") as run:
        assert run.resumed and gapless(run)
        run.event("end", {})
        assert gapless(run)
    assert record.load(run.path).status == "ok" and record.load(run.path).results.keys() == {"speed"}


# Kills itself in its n-th call to the system: before it, or where it is a write, half way through.
CRASHING = """
import fcntl, os, signal, sys
from labkit import record
from labkit.record import run
from labkit.stats import Figure
run.provenance = lambda source: {}  # git and versions come before the first call, and take long
record.source_hash(); calls = 0
def deadly(function):
    def call(*args, **kwargs):
        global calls
        calls += 1
        if calls == int(sys.argv[1]):
            if function is write:
                write(args[0], bytes(args[1])[:len(args[1]) // 2])
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*args, **kwargs)
    return call
write = os.write
for module, names in ((os, "mkdir open write fsync replace ftruncate close"), (fcntl, "flock")):
    for name in names.split():
        setattr(module, name, deadly(getattr(module, name)))
run = record.start("demo", {}, root=sys.argv[2])
for i in range(2):
    seq = run.event("step", {"i": i})
    write(1, b"%d\\n" % seq)
run.result("speed", Figure(1.0, "x", "measured"))
run.finish()
write(1, b"done\\n")
"""


def test_kill_in_every_call_to_the_system(python, tmp_path):
    """Not a matter of luck: mkdir, lock, first run.json, half an event, fsync, rename, each of them."""

    def crash(n):
        root = tmp_path / f"runs{n}"
        out, err = python(CRASHING, n, root).communicate()
        assert not err
        acknowledged = [int(word) for word in out.split() if word != "done"]
        found = record.find(root)
        for old in found:
            assert old.status == "ok" or (old.status == "killed" and "done" not in out)
            assert [event["seq"] for event in old.events()][: len(acknowledged)] == acknowledged
        assert found or not acknowledged
        with resume(root) as run:
            assert run.resumed == any(old.status == "killed" for old in found)
            run.event("after", {})
            assert gapless(run)
        assert record.load(run.path).status == "ok"
        return "done" in out

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(crash, range(1, 40)))
    assert done == sorted(done) and done.index(True) > 20


def test_resuming_keeps_the_start_and_lists_the_resumptions(tmp_path):
    with pytest.raises(ValueError), resume(tmp_path) as first:
        assert not first.resumed
        first.event("a", {})
        raise ValueError("no")
    start = record.load(first.path).start
    with (first.path / "events.jsonl").open("ab") as log:
        log.write(b'{"v":1,"seq":2,"ki')
    with resume(tmp_path) as second:
        assert (first.path / "events.jsonl").read_bytes().endswith(b"\n")  # the partial line is cut
        loaded = record.load(second.path)
        assert (loaded.status, loaded.end, loaded.error) == ("running", None, None)
        assert second.resumed and second.path == first.path and second.event("b", {}) == 2
    loaded = record.load(second.path)
    assert loaded.start == start and len(loaded.meta["resumptions"]) == 1
    assert resume(tmp_path).attempt == "002"  # ok is not resumed


def test_a_running_attempt_is_not_resumed(python, tmp_path):
    child = python(BUSY)
    print(file=child.stdin, flush=True)
    [child.stdout.readline() for _ in range(2)]
    with pytest.raises(RecordError, match="still running in another process"):
        resume(tmp_path / "runs")
    assert record.find(tmp_path / "runs")[0].status == "running"
    child.kill()
    child.wait()
    assert record.find(tmp_path / "runs")[0].status == "killed"


def test_looking_at_a_record_never_keeps_it_from_being_resumed(tmp_path):
    """load() holds the lock for a moment to see whether anyone is there."""
    resume(tmp_path).finish("failed")
    stop = threading.Event()

    def look():
        while not stop.is_set():
            record.find(tmp_path)

    with ThreadPoolExecutor(3) as pool:
        for _ in range(3):
            pool.submit(look)
        try:
            for _ in range(30):
                run = resume(tmp_path)
                del run  # unfinished: every look from here takes the lock
        finally:
            stop.set()


STARTING = """
import sys
from labkit import record
print("ready", flush=True); sys.stdin.readline()
run = record.start("demo", {}, root="runs")
run.event("mine", {})
print(run.attempt, flush=True); sys.stdin.readline()
run.finish()
"""


def test_processes_that_start_at_once_get_different_attempts(python, tmp_path):
    children = [python(STARTING) for _ in range(4)]
    [child.stdout.readline() for child in children]
    for child in children:
        print(file=child.stdin, flush=True)
    numbers = sorted(child.stdout.readline().strip() for child in children)
    assert numbers == ["001", "002", "003", "004"]
    [child.communicate("\n") for child in children]
    runs = record.find(tmp_path / "runs")
    assert [(run.status, len(run.events())) for run in runs] == [("ok", 1)] * 4


HUGE = 10**5000
ITSELF: list = [1]
ITSELF.append(ITSELF)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), [1, {"a": float("-inf")}]], ids=str)
def test_parameters_are_finite(tmp_path, value):
    """As None, nan and inf would have one id."""
    with pytest.raises(BadInput, match=r"params\.a.* is -?(nan|inf), which JSON cannot hold; give a finite"):
        record.start("demo", {"a": value}, root=tmp_path)
    with pytest.raises(BadInput, match="seed is"):
        record.run_id("demo", {}, seed=float("nan"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("value", [HUGE, {"a": [-HUGE]}, ITSELF], ids=["huge", "nested", "itself"])
def test_what_json_has_no_end_for_is_refused_in_one_line(tmp_path, value):
    with pytest.raises(BadInput, match="params") as caught:
        record.start("demo", {"a": value}, root=tmp_path)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 200
    run = record.start("demo", {"a": 10**4299}, root=tmp_path)
    with pytest.raises(BadInput, match="data"):
        run.event("step", value)
    assert record.load(run.path).params == {"a": 10**4299} and run.events() == []
