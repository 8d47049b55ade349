"""The suite that ships must notice a weakened sandbox: for each guard, one of its own cases fails without it.

Guards overlap, so that one hole is not enough; those that would hide the missing one are taken away first, and
with these away but the guard itself still up the case must pass. Only cases that harm nothing when they succeed.
"""

from pathlib import Path

import pytest

from labkit.sandbox import Limits, capabilities
from labkit.sandbox.broker import Pool
from labkit.sandbox.cases import hostile
from labkit.sandbox.conformance import self_check
from labkit.sandbox.execution import _execution
from labkit.sandbox.inside.broker import GUARDS
from labkit.sandbox.request import make_request

# guard: (what else would hold the case, cases of which at least one must fail)
NOTICED = {
    "user_ns": ({"seccomp"}, ["namespaces_of_the_host"]),
    "pid_ns": (set(), ["processes_of_others"]),
    "net_ns": ({"seccomp", "landlock_net", "landlock_scope"}, ["ipv4", "abstract_socket"]),
    "mount_ns": ({"landlock"}, ["secret_file"]),
    "ipc_ns": ({"seccomp"}, ["leave_system_v_memory", "find_system_v_memory"]),
    "uts_ns": (set(), ["namespaces_of_the_host"]),
    "landlock": ({"mount_ns"}, ["secret_file"]),
    "landlock_net": ({"net_ns", "seccomp"}, ["ipv4"]),
    "landlock_scope": ({"net_ns", "seccomp"}, ["abstract_socket"]),
    "seccomp": (set(), ["unshare", "io_uring", "userfaultfd"]),
    "cgroup": ({"seccomp"}, ["many_memfds"]),
    "rlimits": (set(), ["locked_memory"]),
}


@pytest.fixture(scope="module")
def problems():
    """problems(guards, names): what the shipped suite finds under these guards."""
    pools = {}

    def check(guards, names):
        pool = pools.setdefault(guards, Pool(guards))

        def runner(code, *, limits=None, mode="measure"):
            files = {"main.py": code.encode()}
            request = make_request(["script", "main.py"], limits or Limits(), mode=mode, files=files)
            return _execution(pool.request(request), guards, None)

        found = self_check((case for case in hostile() if case.name in names), runner=runner)
        assert [checked.name for checked in found] == names
        return {checked.name: checked.problem for checked in found if checked.problem}

    yield check
    for pool in pools.values():
        pool.close()


def up(*without):
    return tuple(name for name, reason in capabilities().items() if not reason and name not in without)


def test_every_guard_has_its_cases():
    assert set(NOTICED) == set(GUARDS) == set(capabilities())


@pytest.mark.parametrize("guard", NOTICED)
def test_the_suite_notices_a_missing_guard(guard, problems, needs):
    needs(guard)
    others, names = NOTICED[guard]
    assert not problems(up(), names), "with all guards up"
    assert not problems(up(*others), names), "the guard alone holds"
    assert problems(up(guard, *others), names), f"nobody noticed that {guard} is missing"


def test_nothing_stays_of_the_shared_memory_that_was_left_on_purpose():
    for kind in ("shm", "msg", "sem"):
        table = Path(f"/proc/sysvipc/{kind}")
        keys = [line.split()[0] for line in table.read_text().splitlines()[1:]] if table.exists() else []
        assert str(0x6C61626B) not in keys
