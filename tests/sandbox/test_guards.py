"""Each guard against a program that needs it, and the same program with the guard taken away.

A test that has never failed proves nothing: every canary here is shown to die when its guard is off.
"""

import os
import socket
import sys

import pytest

from labkit.sandbox import Limits, capabilities

# Things on the host that a program would reach, were it not for one guard.
LISTENER = socket.create_server(("127.0.0.1", 0))
ABSTRACT = socket.socket(socket.AF_UNIX)
ABSTRACT.bind(f"\0labkit-test-{os.getpid()}")
ABSTRACT.listen()

# guard: (also taken away, the program, what it prints when it got through)
REACH = {
    "net_ns": ({"seccomp", "landlock"}, "import socket; print(len(socket.if_nameindex()) > 1 or 'alone')", "True"),
    "pid_ns": (
        {"mount_ns", "landlock", "seccomp"},
        "import os; print('host' if os.getppid() != 1 else 'own')", "host",
    ),
    "mount_ns": (
        {"landlock", "seccomp"},
        "import os; print('host' if os.path.exists('/etc/passwd') else 'own')", "host",
    ),
    "landlock": (
        {"mount_ns"},
        "import os; print('read' if open('/etc/passwd').read() else '')", "read",
    ),
    "seccomp": (
        {"landlock"},
        "import ctypes\nlibc = ctypes.CDLL(None)\nprint('called' if libc.unshare(0) == 0 else 'refused')", "called",
    ),
    "ipc_ns": ({"seccomp"}, "import os; print(os.readlink('/proc/self/ns/ipc'))", None),
    "uts_ns": ({"seccomp"}, "import os; print(os.readlink('/proc/self/ns/uts'))", None),
    "user_ns": ({"seccomp"}, "import os; print(os.readlink('/proc/self/ns/user'))", None),
    "rlimits": (
        set(),
        "import resource; print('free' if resource.getrlimit(resource.RLIMIT_AS)[0] < 0 else 'bound')", "free",
    ),
    "landlock_net": (
        {"net_ns", "seccomp"},
        f"import socket; socket.create_connection(('127.0.0.1', {LISTENER.getsockname()[1]}), 2); print('in')", "in",
    ),
    "landlock_scope": (
        {"net_ns", "landlock_net", "seccomp"},
        f"import socket; socket.socket(socket.AF_UNIX).connect({ABSTRACT.getsockname()!r}); print('in')", "in",
    ),
    "cgroup": (  # memory that is in no process
        {"seccomp"},
        "import os\nfiles = [os.memfd_create('x') for _ in range(100)]\nfor file in files: os.write(file, bytes(4 << 20))\n"
        "os.write(1, b'held')", "held",
    ),
}  # fmt: skip


@pytest.mark.parametrize("guard", REACH)
def test_a_guard_holds_and_its_canary_dies_without_it(guard, attempt, needs):
    needs(guard)
    others, code, through = REACH[guard]
    if through is None:  # a namespace shows as a number of its own
        name = guard.removesuffix("_ns")
        through = os.readlink(f"/proc/self/ns/{name}")
    _, held = attempt(code, without=others)
    _, open_ = attempt(code, without={*others, guard})
    assert held != through
    assert open_ == through


def test_the_layers_overlap_so_that_one_hole_is_not_enough(attempt, needs):
    needs("mount_ns", "landlock")
    read = "print(open('/etc/passwd').read())"
    assert attempt(read, without={"landlock"})[1] == ""
    assert attempt(read, without={"mount_ns"})[1] == ""
    dial = "import socket; socket.create_connection(('127.0.0.1', 9), 1)"
    for hole in ("net_ns", "seccomp", "landlock"):
        reply, _ = attempt(dial, without={hole})
        assert reply["wait_status"] not in (0, None)


KERNEL = [
    "ptrace",
    "mount",
    "unshare",
    "setns",
    "keyctl",
    "bpf",
    "userfaultfd",
    "io_uring_setup",
    "perf_event_open",
]


@pytest.mark.parametrize("name", KERNEL)
def test_the_kernels_surface_is_refused(name, attempt, needs):
    needs("seccomp")
    from labkit.sandbox.inside.guards import _ARCH, SYSCALLS

    number = SYSCALLS[name][_ARCH[0]]
    code = f"import ctypes\nl = ctypes.CDLL(None, use_errno=True)\nprint(l.syscall({number}, 0, 0, 0, 0, 0), ctypes.get_errno())"
    assert attempt(code)[1] == "-1 1"


def test_new_namespaces_by_clone_are_refused(attempt, needs):
    needs("seccomp")
    from labkit.sandbox.inside.guards import _ARCH, CLONE, SYSCALLS

    column, flags = _ARCH[0], CLONE["user_ns"] | 17
    code = f"""
import ctypes
l = ctypes.CDLL(None, use_errno=True)
print(l.syscall({SYSCALLS["clone"][column]}, {flags}, 0, 0, 0, 0), ctypes.get_errno())
print(l.syscall({SYSCALLS["clone3"][column]}, 0, 0), ctypes.get_errno())
"""
    assert attempt(code)[1] == "-1 1\n-1 38"


def test_signals_do_not_reach_the_broker_or_the_host(attempt):
    code = f"""
import os, signal
for pid in (1, {os.getpid()}, -1):
    try:
        os.kill(pid, 0 if pid == -1 else signal.SIGTERM)
        print('sent', pid)
    except OSError as e:
        pass
"""
    _reply, out = attempt(code)
    assert f"sent {os.getpid()}" not in out
    assert attempt("print(1)")[1] == "1"


def test_the_scratch_folder_is_bounded(attempt, needs):
    needs("mount_ns")
    fill = "f = open('/tmp/x', 'wb')\nfor _ in range(64): f.write(bytes(1 << 20))"
    reply, _ = attempt(fill)
    assert reply["wait_status"] != 0
    flood = "import os\nfor i in range(100_000): os.symlink('x', f'/tmp/{i}')"
    assert attempt(flood)[0]["wait_status"] != 0


@pytest.mark.parametrize("path", ["/usr/x", "/x", "/proc/sys/kernel/x", "/dev/x", sys.base_prefix + "/x"])
def test_nothing_else_can_be_written(path, attempt, needs):
    needs("mount_ns")
    _reply, out = attempt(f"open({path!r}, 'w'); print('wrote')")
    assert out == "" and not os.path.exists(path)


def test_it_runs_as_an_ordinary_user(ordinary_user):
    code = (
        "from labkit.sandbox import *; import os\n"
        "assert os.geteuid() != 0\n"
        "print(*[k for k, v in capabilities().items() if not v])\n"
        "print(run('import os; print(os.getuid())').stdout.strip(), run('open(\"/etc/passwd\")').status, "
        "run('import os\\nwhile True: os.fork()', limits=Limits(processes=8)).status, "
        "call('def f(n): return n + 1', 'f', [(1,)]).values)"
    )
    done = ordinary_user("-c", code)
    assert done.returncode == 0, done.stderr
    first, second = done.stdout.splitlines()
    if "pid_ns" in first:
        assert second == "65534 runtime_error process_limit (2,)"


def test_capabilities_name_every_guard_with_a_reason_or_none():
    found = capabilities()
    assert set(REACH) == set(found)
    assert all(isinstance(reason, str) for reason in found.values())


def test_fewer_guards_still_run_and_say_so(attempt):
    spaces = {"user_ns", "pid_ns", "net_ns", "mount_ns", "ipc_ns", "uts_ns"}
    reply, out = attempt("import os; open('x', 'w').write('y'); print(os.listdir())", without=spaces)
    assert reply["wait_status"] == 0 and "x" in out
    daemon = "import os, time\nif os.fork() == 0:\n  os.setsid()\n  if os.fork() == 0: time.sleep(30)\n  os._exit(0)\n"
    reply, _ = attempt(daemon, without=spaces, limits=Limits(wall_s=3))
    assert reply["wall_s"] < 2


def test_without_a_private_root_the_hosts_sockets_are_out_of_reach(attempt, needs, tmp_path):
    needs("landlock", "seccomp")
    import socket

    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "s"))
        listener.listen()
        dial = f"import socket; socket.socket(socket.AF_UNIX).connect({str(tmp_path / 's')!r}); print('in')"
        spaces = {"user_ns", "pid_ns", "net_ns", "mount_ns", "ipc_ns", "uts_ns"}
        assert attempt(dial, without=spaces)[1] == ""
        assert attempt(dial, without={*spaces, "seccomp"})[1] == "in"
