"""The control group behind the watch: made, limited, removed; swept where its broker was killed; the hard wall."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from labkit.sandbox import Limits, capabilities
from labkit.sandbox.broker import Pool
from labkit.sandbox.execution import _execution
from labkit.sandbox.inside import cgroup
from labkit.sandbox.inside.cgroup import PREFIX, SLACK_MIB, SLACK_PROCESSES, Cgroup, NoCgroup
from labkit.sandbox.request import make_request


@pytest.fixture(autouse=True)
def groups_can_be_made():
    if reason := capabilities()["cgroup"]:
        pytest.skip(f"no control group may be made here: {reason}")


@pytest.fixture
def group():
    made = Cgroup()
    yield made
    made.close()


@pytest.fixture
def pool():
    own = Pool()
    yield own
    own.close()


def folders(pid):
    """The groups of a broker that are there."""
    parents = set(cgroup._parents()[1].values())
    return [folder for parent in parents if (folder := Path(parent, f"{PREFIX}{pid}")).exists()]


def wait_for(what, seconds=10):
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.01)


def run(pool, code, limits):
    request = make_request(["script", "main.py"], limits, files={"main.py": code.encode()})
    return _execution(pool.request(request), (), None)


def read(group, controller):
    return Path(group._file(controller, controller)).read_text().strip()


def test_a_group_is_made_limited_joined_and_removed(group):
    assert folders(os.getpid())
    group.limit(100, 7)
    assert int(read(group, "memory")) == pytest.approx((100 + SLACK_MIB) << 20, abs=1 << 16)
    assert int(read(group, "pids")) == 7 + SLACK_PROCESSES
    group.limit(200, 9)
    assert int(read(group, "memory")) == pytest.approx((200 + SLACK_MIB) << 20, abs=1 << 16)
    member = subprocess.Popen(["sleep", "60"])
    try:
        group.join(member.pid)
        assert PREFIX + str(os.getpid()) in Path(f"/proc/{member.pid}/cgroup").read_text()
        group.close()
        assert folders(os.getpid()), "a group that is in use stays"
    finally:
        member.kill()
        member.wait()
    wait_for(lambda: (group.close(), not folders(os.getpid()))[1])


def test_only_kills_since_the_last_look_count(group):
    assert group.killed() is False and group.kills() == 0
    group.limit(1, 8)
    # joins by itself, or its own start would be charged to another group
    hog = f"import os; open({group._folders['memory'] + '/cgroup.procs'!r}, 'w').write(str(os.getpid()))\n"
    hog += "x = [b'x' * (1 << 20) for _ in range(256)]"
    done = subprocess.run([sys.executable, "-S", "-c", hog], timeout=60)
    assert done.returncode == -signal.SIGKILL
    assert group.killed() is True and group.killed() is False


def test_groups_of_dead_brokers_are_swept_and_those_of_the_living_are_not(group):
    done = subprocess.Popen(["true"])
    done.wait()
    parents = set(cgroup._parents()[1].values())
    stale = [Path(parent, f"{PREFIX}{done.pid}") for parent in parents]
    for folder in stale:
        folder.mkdir()
    for parent in parents:
        cgroup._sweep(parent)
    assert not any(folder.exists() for folder in stale) and folders(os.getpid())


def test_what_a_killed_broker_leaves_is_swept_by_the_next(pool):
    broker = pool.take()
    assert folders(broker.pid)
    broker._process.kill()
    broker.close()

    def swept():
        for parent in set(cgroup._parents()[1].values()):
            cgroup._sweep(parent)
        return not folders(broker.pid)

    wait_for(swept)  # its zygote falls with it, and takes a moment


def test_a_pool_that_is_closed_leaves_no_group():
    own = Pool()
    assert run(own, "print(1)", Limits()).ok
    (broker,) = own._idle
    assert folders(broker.pid)
    assert run(own, "import os\nwhile True: os.fork()", Limits(processes=8)).status == "process_limit"
    pids = {broker.pid, *(each.pid for each in own._idle)}
    own.close()
    assert not [folder for pid in pids for folder in folders(pid)]


def test_a_broker_that_ends_in_mid_run_leaves_no_group():
    """Its parent is killed, so that its input closes while a program runs."""
    code = """
import threading
from labkit.sandbox.broker import Pool
from labkit.sandbox import Limits
from labkit.sandbox.request import make_request
pool = Pool()
broker = pool.take(); pool.give(broker)
print(broker.pid, flush=True)
pool.request(make_request(["script", "main.py"], Limits(wall_s=60), files={"main.py": b"import time; time.sleep(60)"}))
"""
    owner = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    broker = int(owner.stdout.readline())
    wait_for(lambda: len(Path(f"/proc/{broker}/task/{broker}/children").read_text().split()) >= 2)
    owner.kill()
    owner.wait()
    owner.stdout.close()
    wait_for(lambda: not Path(f"/proc/{broker}").exists())
    for parent in set(cgroup._parents()[1].values()):
        cgroup._sweep(parent)  # as the next broker does
    wait_for(lambda: not folders(broker))


# Memory that no process's resident set shows: only the group can stop it, once the call itself is allowed.
UNSEEN = """
import os
held = []
for _ in range(40):
    held.append(os.memfd_create("x"))
    os.write(held[-1], b"x" * (8 << 20))
print("got it")
"""


def test_memory_that_no_sample_shows_is_a_memory_limit(needs):
    needs("seccomp")
    limits = Limits(memory_mib=64, disk_mib=16, wall_s=20)
    on = [name for name, reason in capabilities().items() if not reason and name != "seccomp"]
    for guards, status in ((on, "memory_limit"), ([g for g in on if g != "cgroup"], "ok")):
        own = Pool(tuple(guards))
        try:
            done = run(own, UNSEEN, limits)
            assert done.status == status, (guards, done)
            assert "64 MiB" in done.detail or done.stdout == "got it\n"
            assert run(own, "print('fine')", limits).stdout == "fine\n"
        finally:
            own.close()


def test_where_no_group_may_be_made_the_reason_is_said(monkeypatch, tmp_path):
    def refuse(*args, **kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(cgroup, "_parents", lambda: (2, dict.fromkeys(("memory", "pids"), str(tmp_path))))
    monkeypatch.setattr(cgroup.os, "makedirs", refuse)
    with pytest.raises(NoCgroup, match="cgroup v2: Permission denied"):
        Cgroup()


def test_a_group_without_the_controllers_is_said_and_removed(monkeypatch, tmp_path):
    """Plain folders: a v1 hierarchy without the files that a controller would put there."""
    monkeypatch.setattr(cgroup, "_parents", lambda: (1, dict.fromkeys(("memory", "pids"), str(tmp_path))))
    with pytest.raises(NoCgroup, match=r"no (memory|pids) controller"):
        Cgroup()
    assert not list(tmp_path.glob(f"{PREFIX}*"))
