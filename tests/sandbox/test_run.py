"""run(): statuses, limits, what a program can see, and that nothing is left behind."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import labkit
from labkit.errors import BadInput, SandboxUnavailable
from labkit.sandbox import Limits, Stopped, broker, call, capabilities, run
from labkit.sandbox.broker import Pool, pool
from labkit.sandbox.request import make_request


def test_a_program_runs_and_is_measured():
    done = run("import sys; print(sys.stdin.read().upper()); print('no', file=sys.stderr)", stdin="hello")
    assert (done.status, done.stdout, done.stderr, done.exit_code) == ("ok", "HELLO\n", "no\n", 0)
    names = ["wall_s", "cpu_s", "peak_mib", "integral_mib_s", "baseline_mib"]
    assert {name: f.how for name, f in done.figures.items()} == dict.fromkeys(names, "measured")
    assert f"{len(done.guards)} guards" in repr(done) and len(done.guards) == list(
        capabilities().values()
    ).count("")
    assert "<table>" in done._repr_html_()
    assert list(done.to_frame().figure) == names and all(done.to_frame().method)


SPIN = "while True: pass"
ENDS = {
    "sleep": ("import time; time.sleep(60)", "timeout", Limits(wall_s=0.5)),
    "spin": (SPIN, "timeout", Limits(cpu_s=0.3)),
    "spin in children": (
        "import os\nfor _ in range(3): os.fork()\n" + SPIN, "timeout", Limits(cpu_s=0.5, processes=16)
    ),
    "catches everything": (
        "while True:\n  try:\n    while True: pass\n  except BaseException: pass", "timeout", Limits(wall_s=0.5)
    ),
    "ignores signals": (
        "import signal\nfor s in range(1, 32):\n  try: signal.signal(s, signal.SIG_IGN)\n  except OSError: pass\n"
        + SPIN, "timeout", Limits(wall_s=0.5),
    ),
    "one big object": ("bytearray(2 << 30)", "memory_limit", Limits(memory_mib=256)),
    "memory of two": (
        "import os, time\nos.fork()\nx = bytearray(160 << 20)\nx[::4096] = b'x' * len(x[::4096])\ntime.sleep(5)",
        "memory_limit", Limits(memory_mib=256),
    ),
    "fork bomb": ("import os\nwhile True: os.fork()", "process_limit", Limits(processes=8)),
    "output": ("while True: print('x' * 999)", "output_limit", Limits(output_kib=64)),
    "sparse file": ("f = open('x', 'wb'); f.seek(1 << 40); f.write(b'x'); f.flush()", "output_limit", Limits()),
    "raises": ("1 / 0", "runtime_error", Limits()),
    "segmentation fault": ("import ctypes; ctypes.string_at(0)", "runtime_error", Limits()),
    "exits": ("import sys; sys.exit(3)", "runtime_error", Limits()),
    "syntax": ("def", "runtime_error", Limits()),
    "null byte": ("\0", "runtime_error", Limits()),
}  # fmt: skip


@pytest.mark.parametrize("mode", ["measure", "fast"])
@pytest.mark.parametrize("what", ENDS)
def test_every_end_has_its_status_and_the_next_run_is_unaffected(what, mode):
    code, status, limits = ENDS[what]
    done = run(code, limits=limits, mode=mode)
    assert done.status == status, done
    assert done.detail
    assert done.figures["wall_s"].value < 4
    assert run("print('fine')").stdout == "fine\n"


def test_cpu_of_a_killed_program_is_counted():
    done = run(SPIN, limits=Limits(wall_s=0.6))
    assert done.figures["cpu_s"].value > 0.3


def test_memory_is_the_programs_not_the_launchers():
    ballast = bytearray(300 << 20)
    ballast[::4096] = b"x" * len(ballast[::4096])
    fresh = Pool()  # a broker started by a launcher of 300 MiB
    try:
        small, large = (
            fresh.request(make_request(["script", "main.py"], Limits(), files={"main.py": code}))["peak_mib"]
            for code in (b"pass", b"x = bytearray(100 << 20)")
        )
    finally:
        fresh.close()
    assert small < 40
    assert 95 < large < 160


def test_traceback_shows_the_users_lines_only():
    done = run("def f():\n    return 1 / 0\n\nf()\n")
    assert "line 2, in f" in done.stderr and "ZeroDivisionError" in done.detail
    assert "exec(" not in done.stderr and "child" not in done.stderr


def test_environment_arguments_home_and_neighbours_are_invisible(tmp_path, monkeypatch):
    monkeypatch.setenv("MY_TOKEN", "secret-token")
    (tmp_path / "secret").write_text("secret-file")
    code = f"""
import os
print(sorted(os.environ), [p for p in os.listdir('/proc') if p.isdigit()] if os.path.isdir('/proc') else [])
for path in ({str(tmp_path / "secret")!r}, '/etc/passwd', '/etc/shadow', '/proc/1/environ', os.path.expanduser('~/.ssh')):
    try: print('GOT', open(path).read())
    except OSError as e: pass
"""
    out = run(code).stdout
    assert "secret" not in out and "MY_TOKEN" not in out and "GOT" not in out


def test_nothing_is_left_behind():
    def ours():
        return {p for p in os.listdir("/proc") if p.isdigit()}

    run("pass")
    before, tmp = ours(), set(os.listdir("/tmp"))
    daemon = "import os, time\nif os.fork() == 0:\n  os.setsid()\n  if os.fork() == 0:\n    time.sleep(60)\n  os._exit(0)\n"
    done = run(daemon + "open('/tmp/left', 'w').write('x')\nprint('bye')")
    assert done.ok and done.stdout == "bye\n"
    time.sleep(0.1)
    names = [path.read_text() for p in ours() - before if (path := Path(f"/proc/{p}/cmdline")).exists()]
    assert not [n for n in names if "main.py" in n]
    assert not any("left" in name or name.startswith("labkit-") for name in set(os.listdir("/tmp")) - tmp)
    assert not run("import os; print(os.path.exists('/tmp/left'))").stdout.startswith("True")


def test_stop_ends_a_run_at_once():
    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()
    started = time.monotonic()
    with pytest.raises(Stopped):
        run("import time; time.sleep(9)", stop=stop)
    assert time.monotonic() - started < 3


def test_a_killed_broker_is_one_clear_error_and_the_next_run_works():
    broker = pool().take()
    broker._process.kill()
    broker._process.wait()
    pool().give(broker)
    with pytest.raises(SandboxUnavailable, match="broker died"):
        run("pass")
    assert run("pass").ok


def test_programs_die_when_their_parent_is_killed(tmp_path):
    mark = f"labkit-orphan-{os.getpid()}"
    code = f"from labkit.sandbox import run; run('import time; x = {mark!r}; time.sleep(30)')"
    parent = subprocess.Popen([sys.executable, "-c", code])
    time.sleep(1.0)
    parent.kill()
    parent.wait()
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and _brokers_of(parent.pid):
        time.sleep(0.05)
    assert not _brokers_of(parent.pid)


def _brokers_of(pid):
    found = subprocess.run(["ps", "-eo", "pid,ppid,args"], capture_output=True, text=True).stdout
    return [line for line in found.splitlines() if "inside.broker" in line and f" {pid} " in line]


def test_threads_share_the_pool():
    results = {}

    def work(i):
        results[i] = run(f"print({i})").stdout

    threads = [threading.Thread(target=work, args=(i,)) for i in range(6)]
    [t.start() for t in threads], [t.join() for t in threads]
    assert results == {i: f"{i}\n" for i in range(6)}


@pytest.mark.parametrize(
    "action, words",
    [
        (lambda: run(b"print(1)"), "give its source as a str"),
        (lambda: run("print('\ud800')"), "not valid text"),
        (lambda: run("#" * (9 << 20)), "at most 8 MiB"),
        (lambda: Limits(wall_s=-1), "wall_s=-1"),
        (lambda: Limits(memory_mib=1), "memory_mib=1"),
        (lambda: Limits(processes=True), "processes=True"),
        (lambda: Limits(cpu_s=float("nan")), "cpu_s=nan"),
        (lambda: run("pass", isolation="vm"), "choose 'auto', 'bwrap' or 'none'"),
        (lambda: call("def f(x): return x", "f", [(object(),)]), r"input 0\[0\] is of type object"),
        (lambda: call("def f(x): return x", "f", [([1, {"a": {2, 3j, object}}],)]), "input 0"),
        (lambda: call("def f(x): return x", "f", []), "no inputs"),
    ],
)
def test_bad_input_is_one_line(action, words):
    with pytest.raises(BadInput, match=words) as caught:
        action()
    assert "\n" not in str(caught.value)
    assert run("pass").ok


def test_no_isolation_is_refused_unless_asked_for(monkeypatch):
    nothing = {name: "forbidden here" for name in capabilities() if name != "rlimits"}
    monkeypatch.setattr(pool(), "known", lambda: (("rlimits",), nothing))
    with pytest.raises(SandboxUnavailable, match="isolation='none'"):
        labkit.run("pass")
    done = labkit.run("print(1)", isolation="none")
    assert done.ok and done.guards == ("rlimits",)


@pytest.mark.parametrize("code, status", [("print(1)", "ok"), (SPIN, "timeout")])
def test_without_isolation_the_tree_is_still_killed(code, status):
    done = run(code, isolation="none", limits=Limits(wall_s=0.5))
    assert done.status == status


def test_installed_packages_can_be_imported():
    assert run("import yaml").ok


def _open_files(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def test_a_broker_keeps_no_descriptor_of_a_run():
    own = Pool()
    try:
        codes = [b"pass", b"import os; os._exit(1)", b"print('x' * (1 << 21))", b"import time; time.sleep(9)"]
        limits = Limits(wall_s=0.3, output_kib=64)
        for code in codes:
            own.request(make_request(["script", "main.py"], limits, files={"main.py": code}, mode="fast"))
        broker = own.take()
        own.give(broker)
        time.sleep(0.1)
        before = _open_files(broker.pid)
        for code in codes * 5:
            for mode in ("measure", "fast"):
                request = make_request(["script", "main.py"], limits, files={"main.py": code}, mode=mode)
                own.request(request)
        time.sleep(0.1)
        assert _open_files(broker.pid) == before
    finally:
        own.close()


def test_a_broker_killed_in_mid_run_is_told_at_once_and_its_program_dies():
    own = Pool()
    sleeper = make_request(
        ["script", "main.py"], Limits(wall_s=30), files={"main.py": b"import time; time.sleep(30)"}
    )
    broker = own.take()
    own.give(broker)
    threading.Timer(1.0, broker._process.kill).start()
    started = time.monotonic()
    with pytest.raises(SandboxUnavailable, match="broker died"):
        own.request(sleeper)
    assert time.monotonic() - started < 5
    time.sleep(0.5)
    assert not [line for line in _all_processes() if f" {broker.pid} " in line]
    own.close()


def _all_processes():
    return subprocess.run(["ps", "-eo", "pid,ppid,args"], capture_output=True, text=True).stdout.splitlines()


def test_stop_works_while_a_program_does_not_read_its_arguments():
    forged = (
        "import os, time\nbody = b'VN'\nos.write(3, len(body).to_bytes(8, 'big') + body)\ntime.sleep(60)\n"
        "def f(x): return x"
    )
    stop = threading.Event()
    threading.Timer(0.5, stop.set).start()
    started = time.monotonic()
    with pytest.raises(Stopped):
        call(forged, "f", [("x" * (8 << 20),)], stop=stop)
    assert time.monotonic() - started < 3


HELD = {
    "memfd": "import os\nfds = []\nfor _ in range(40):\n  f = os.memfd_create('x'); os.write(f, bytes(16 << 20)); fds.append(f)",
    "SysV shm": "import ctypes\nl = ctypes.CDLL(None)\nassert l.shmget(0, 1 << 20, 0o1600) != -1",
    "half a MiB of disk": "open('/tmp/x', 'wb').write(bytes(1 << 21))",
}


@pytest.mark.parametrize("what", HELD)
def test_memory_outside_the_resident_set_is_not_to_be_had(what):
    assert not run(HELD[what], limits=Limits(memory_mib=128, disk_mib=0.5)).ok


def test_endless_results_are_cut_off():
    flood = "import os\ndef f(x):\n  while True: os.write(3, (1 << 20).to_bytes(8, 'big') + bytes(1 << 20))"
    done = call(flood, "f", [(1,)], limits=Limits(processes=1, wall_s=3, value_mib=4))
    assert done.status in ("runtime_error", "output_limit")
    unasked = "import os\nos.write(3, (2).to_bytes(8, 'big') + b'VN')\nos.write(3, (2).to_bytes(8, 'big') + b'VN')\ndef f(x): return x"
    assert not call(unasked, "f", [(1,)]).ok


def test_unknown_modes_and_seeds_are_refused():
    with pytest.raises(BadInput, match="choose one of measure, fast"):
        run("pass", mode="quick")
    with pytest.raises(BadInput, match="one hash seed"):
        call("def f(): pass", "f", [()], mode="fast", hash_seed=1)


def test_a_fast_run_finds_modules_already_imported():
    code = "import sys; print('decimal' in sys.modules)"
    assert run(code, mode="fast", preload=("decimal", "no_such_module")).stdout == "True\n"
    assert run(code, mode="fast").stdout == "False\n"


def test_a_fast_run_starts_from_a_clean_memory():
    run("secret = 'left-' + 'behind'; print(secret)", mode="fast")
    look = (
        "import gc\nword = ''.join(['left', '-', 'behind'])\n"
        "print(sum(word in repr(o) for o in gc.get_objects() if isinstance(o, (dict, list, tuple)) and len(o) < 99))"
    )
    assert int(run(look, mode="fast").stdout) <= 2  # its own module and its locals


def test_packages_below_the_scratch_folders_place_can_be_preloaded(tmp_path, monkeypatch):
    """An environment below /tmp is hidden by each run's own /tmp, and shown in it again."""
    (tmp_path / "found_here.py").write_text("value = 42\n")
    tmp_path.chmod(0o755)
    monkeypatch.setattr(broker, "packages", lambda: (str(tmp_path),))
    own = Pool(preload=("found_here",))
    code = b"import sys; print('found_here' in sys.modules); import found_here; print(found_here.value)"
    try:
        request = make_request(["script", "main.py"], Limits(), files={"main.py": code}, mode="fast")
        reply = own.request(request)
    finally:
        own.close()
    assert reply["stdout"] == b"True\n42\n", reply


TRACES = {
    "a file": ("open('left', 'w').write('x')", "import os; print(os.path.exists('left'))", "False\n"),
    "the folder's mode": (
        "import os; os.chmod('.', 0o500); os.utime('.', (1, 1))",
        "import os; s = os.stat('.'); print(oct(s.st_mode & 0o777), s.st_mtime > 1e9)",
        "0o700 True\n",
    ),
    "init's cores": (
        "import os; os.sched_setaffinity(1, [0])",
        "import os; print(len(os.sched_getaffinity(0)) == os.cpu_count())",
        "True\n",
    ),
    "init's niceness": (
        "import os; os.setpriority(os.PRIO_PROCESS, 1, 19)",
        "import os; print(os.getpriority(os.PRIO_PROCESS, 0))",
        "0\n",
    ),
    "a process": (
        "import os, time; os.fork() or (os.setsid(), time.sleep(60))",
        "import os; print(sorted(p for p in map(int, filter(str.isdigit, os.listdir('/proc'))) "
        "if p not in (1, os.getpid())))",
        "[]\n",
    ),
    "a socket's name": (
        "import socket; socket.socket(socket.AF_UNIX).bind('here')",
        "import os; print(os.path.exists('here'))",
        "False\n",
    ),
}


@pytest.mark.parametrize("what", TRACES)
def test_an_init_that_serves_again_hands_nothing_down(what, needs):
    needs("pid_ns", "mount_ns", "user_ns")
    leave, look, nothing = TRACES[what]
    for _ in range(4):  # two inits take turns
        assert run(leave, mode="fast").status == ("denied" if what.startswith("init") else "ok")
    for _ in range(4):
        assert run(look, mode="fast").stdout == nothing


def test_an_init_serves_one_clean_program_after_another(needs):
    needs("pid_ns", "mount_ns", "user_ns", "ipc_ns", "landlock", "seccomp")
    # an init's namespaces have names: a new one for each run would be seen here
    names = [run("import os; print(os.readlink('/proc/self/ns/pid'))", mode="fast").stdout for _ in range(20)]
    assert len(set(names)) <= 4
    run("import os; os.abort()", mode="fast")
